// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: the records of a tree.
 *
 * Input: choices, and then either records, most of them as they should be but for
 * what is poked into them, or random numbers by which a tree is made in memory.
 *
 * Records, whatever they are, must be taken or refused as records.c has it, and if
 * they are taken the tree must be what that says. What has been refused must be
 * there as it was: it is mounted once more. A tree that was made must be
 * described, as records.c reads it, without any change to it, and be the same when
 * it is restored, in this kernel or the next.
 *
 * Allocations may fail, the task may be killed, and the mount may have limits: then
 * it may fail, and must succeed afterwards.
 */
#include "../sim.h"
#include "../vfs.h"

#include <unistd.h>

#include "../../../../mm/pram.h"
#include "../../../../mm/pram_tree.h"

#include "fuzz.h"
#include "grow.h"
#include "rules.h"
#include "text.h"

/* The first byte of an input */
#define CHOICE_GROW	0x01	/* a tree; else records */
#define CHOICE_FAULT	0x02	/* an allocation fails: which one is next */
#define CHOICE_KILL	0x04	/* the task is killed: when is next */
#define CHOICE_SMALL	0x08	/* no large folios in files */
#define CHOICE_LIMITS	0x10	/* of blocks and inodes: next */
#define CHOICE_KEXEC	0x20	/* the tree goes to the next kernel */
#define CHOICE_ALIVE	0x40	/* it is restored beside the one that was described */
#define CHOICE_LATE	0x80	/* a write to it keeps a kexec waiting */

/* Those of a file may be described one page at a time */
#define MAX_FOLIOS	2048
#define MAX_MADE	256

static const struct sim_machine machine = {
	.ram = { { 0, 0x9f }, { 0x100, 0x1900 } },
	.nr_ram = 2,
};

/* With room for the next kernel to boot in, and its image */
static const struct sim_machine large = {
	.ram = {
		{ 0, 0x9f }, { 0x100, 0x1900 }, { 0x2000, 0x2200 },
		{ 0x4000, 0x8000 },
	},
	.nr_ram = 4,
};

/**
 * struct run - an input
 * @bytes: records that have been made
 * @folio: folios that have been made
 * @last: where the last record begins
 * @depth: directories that have been entered
 * @inodes: how many there are
 * @cookie: the place of the last name
 */
struct run {
	struct fuzz_input in;
	unsigned int choice;
	unsigned long fail_at;
	bool fail_all;
	unsigned long kill_at;
	unsigned int max_blocks, max_inodes;
	u8 *bytes;
	size_t size, last;
	struct text_folio folio[MAX_FOLIOS];
	unsigned int nr_folios;
	unsigned int depth;
	unsigned int inodes;
	u32 cookie;
};

static int fd = -1;

/*
 * Making records
 */
static void emit(struct run *run, const void *data, size_t size)
{
	run->bytes = realloc(run->bytes, run->size + size + 1);
	sim_assert(run->bytes);
	memcpy(run->bytes + run->size, data, size);
	run->size += size;
}

static void emit_rec(struct run *run, u32 type, size_t len)
{
	struct pram_tmpfs_rec rec = { type, len };

	run->last = run->size;
	emit(run, &rec, sizeof(rec));
}

/* A name by a number; most of them are good ones */
static const char *pick_name(struct run *run, size_t *len)
{
	static const char odd[][4] = {
		".", "..", "", "a/b", "a\0b", "\xff\n", "...", "/",
	};
	static char buf[300];
	unsigned int nr = fuzz_take(&run->in, 1);

	memset(buf, 'L', sizeof(buf));
	if (nr < 200) {
		sprintf(buf, "%u", nr % 40);
		*len = strlen(buf);
	} else if (nr < 240) {
		memcpy(buf, odd[nr % 8], 4);
		*len = nr % 8 == 4 ? 3 : strlen(odd[nr % 8]);
	} else {
		*len = 256 - nr % 4;
	}
	return buf;
}

static void emit_inode(struct run *run, bool root)
{
	static const u32 mode[] = {
		0100644, 0100600, 040755, 041777, 0120777, 020666, 060660,
		010644, 0140755,
	};
	static const u32 flags[] = { 0, 0, 0x10, 0x20, 0x40, 0x80, 0xf0, 0x100 };
	struct pram_tmpfs_inode pi = {
		.uid = 1,
		.ino = root ? 1 : 2 + fuzz_take(&run->in, 1) % 32,
		.generation = 7,
		.nlink = 1,
		.atime = { 1, 2 }, .mtime = { 3, 4 },
		.ctime = { -5, 6 }, .btime = { 7, 999999999 },
		.version = 9,
		.cookie = root ? 0 : ++run->cookie,
	};
	unsigned int how = fuzz_take(&run->in, 1);
	const char *name = "";
	size_t len = 0;

	pi.mode = root ? 041777 : mode[(how & 15) % ARRAY_SIZE(mode)];
	pi.flags = flags[how >> 4 & 7];
	if (!S_ISDIR(pi.mode) && how & 0x80)
		pi.nlink = 2;
	if (S_ISREG(pi.mode))
		pi.size = pi.ino * 5000;
	if (S_ISREG(pi.mode))
		pi.fallocend = pi.ino % 4;
	pi.write_hint = pi.ino % 6;
	run->inodes++;
	if (S_ISCHR(pi.mode) || S_ISBLK(pi.mode))
		pi.rdev = 0x12345678;
	if (!root)
		name = pick_name(run, &len);
	emit_rec(run, PRAM_TMPFS_INODE, sizeof(pi) + len);
	emit(run, &pi, sizeof(pi));
	emit(run, name, len);
	run->depth += S_ISDIR(pi.mode);
}

static void emit_link(struct run *run)
{
	struct pram_tmpfs_link link = {
		.ino = 2 + fuzz_take(&run->in, 1) % 32,
		.cookie = ++run->cookie,
	};
	size_t len;
	const char *name = pick_name(run, &len);

	emit_rec(run, PRAM_TMPFS_LINK, sizeof(link) + len);
	emit(run, &link, sizeof(link));
	emit(run, name, len);
}

static void emit_target(struct run *run)
{
	static const u16 length[] = { 1, 4, 127, 128, 300, 4095, 4096, 0 };
	char target[4096];
	size_t len = length[fuzz_take(&run->in, 1) % ARRAY_SIZE(length)];

	memset(target, '/', sizeof(target));
	emit_rec(run, PRAM_TMPFS_TARGET, len);
	emit(run, target, len);
}

static const struct {
	u32 version;
	struct { u16 tag, perm; u32 id; } entry[6];
} acls[] = {
	{ 2, { { 1, 7, ~0U }, { 4, 5, ~0U }, { 32, 0, ~0U } } },
	{ 2, { { 1, 7, 1 }, { 2, 6, 9 }, { 4, 5, 2 }, { 8, 4, 10 },
	       { 16, 7, 3 }, { 32, 0, 4 } } },
	{ 2, { { 1, 7, ~0U }, { 2, 6, 9 }, { 4, 5, ~0U }, { 32, 0, ~0U } } },
	{ 2, { { 1, 7, ~0U }, { 2, 6, ~0U }, { 4, 5, ~0U }, { 16, 7, ~0U },
	       { 32, 0, ~0U } } },
	{ 2, { { 4, 5, ~0U }, { 1, 7, ~0U }, { 32, 0, ~0U } } },
	{ 2, { { 1, 8, ~0U }, { 4, 5, ~0U }, { 32, 0, ~0U } } },
	{ 1, { { 1, 7, ~0U }, { 4, 5, ~0U }, { 32, 0, ~0U } } },
	{ 2, { { 1, 7, ~0U }, { 4, 5, ~0U }, { 16, 0, ~0U }, { 32, 0, ~0U } } },
};

static void emit_xattr(struct run *run)
{
	static const char * const names[] = {
		"user.a", "user.b", "trusted.c", "security.d", "user.", "other.",
		"system.posix_acl_access", "system.posix_acl_default", "user.a\0b",
	};
	static const u32 length[] = { 0, 1, 20, 4097, 65536, 65537 };
	unsigned int which = fuzz_take(&run->in, 1), i;
	unsigned int what = fuzz_take(&run->in, 1);
	const char *name = names[which % ARRAY_SIZE(names)];
	struct pram_tmpfs_xattr xattr = { .name_len = strlen(name) };
	static u8 value[65537];
	size_t size = length[what % ARRAY_SIZE(length)];
	char longest[256];

	memset(value, what, sizeof(value));
	if (which % ARRAY_SIZE(names) == 8)
		xattr.name_len = 8;
	if (which >= 250) {
		memset(longest, 'u', sizeof(longest));
		memcpy(longest, "user.", 5);
		name = longest;
		xattr.name_len = 251 + which - 250;
	} else if (name[1] == 'y' && what < 200) {
		what %= ARRAY_SIZE(acls);
		memcpy(value, &acls[what], sizeof(acls[0]));
		for (i = 0; i < 6 && acls[what].entry[i].tag; i++)
			;
		size = 4 + 8 * i;
	}
	emit_rec(run, PRAM_TMPFS_XATTR, sizeof(xattr) + xattr.name_len + size);
	emit(run, &xattr, sizeof(xattr));
	emit(run, name, xattr.name_len);
	emit(run, value, size);
}

static void add_folio(struct run *run, unsigned int order)
{
	if (run->nr_folios < MAX_MADE)
		run->folio[run->nr_folios++].order = order;
}

static void emit_extent(struct run *run, unsigned int what)
{
	unsigned int how = fuzz_take(&run->in, 1), order = how & 3;
	unsigned int nr = 1 + (how >> 2 & 3);
	struct pram_tmpfs_extent extent = { .nr_pages = nr << order };

	extent.index = fuzz_take(&run->in, 1) << order;
	if (how & 0x10)
		extent.index = (1ULL << 51) - (extent.index & 7);
	if (how & 0x20) {
		add_folio(run, 0);
		extent.nr_pages++;
	}
	emit_rec(run, what & 0x40 ? PRAM_TMPFS_LOST : PRAM_TMPFS_EXTENT,
		 sizeof(extent));
	emit(run, &extent, sizeof(extent));
	if (what & 0x40)
		return;
	while (nr--)
		add_folio(run, order);
	if (what & 0x10)
		run->folio[run->nr_folios - 1].flags = how & 0x80 ? 3 :
			PRAM_TMPFS_UNTOUCHED;
	if (what & 0x20)
		run->folio[run->nr_folios - 1].lost = 1 << (how & 1);
	if (how & 0x40)
		run->nr_folios--;
	if (how & 0x80)
		add_folio(run, order);
}

static void emit_up(struct run *run)
{
	struct pram_tmpfs_up up = { run->cookie + 1 };

	emit_rec(run, PRAM_TMPFS_UP, sizeof(up));
	emit(run, &up, sizeof(up));
	run->depth -= !!run->depth;
}

/* Somewhere in the last record, or anywhere */
static void poke(struct run *run)
{
	unsigned int how = fuzz_take(&run->in, 1);
	unsigned int len = 1 << (how & 3);
	size_t at = fuzz_take(&run->in, how & 4 ? 2 : 1);
	u8 val[8];

	rules_put(val, 0, 8, how & 8 ? ~0ULL : fuzz_take(&run->in, len));
	if (!(how & 4))
		at += run->last;
	if (at + len <= run->size)
		memcpy(run->bytes + at, val, len);
}

static void emit_any(struct run *run)
{
	unsigned int what = fuzz_take(&run->in, 1), type;

	switch (what & 15) {
	case 0 ... 4:
		emit_inode(run, false);
		break;
	case 5:
		emit_link(run);
		break;
	case 6:
	case 7:
		emit_target(run);
		break;
	case 8:
		emit_xattr(run);
		break;
	case 9:
	case 10:
		emit_extent(run, what);
		break;
	case 11:
	case 12:
		emit_up(run);
		break;
	case 13:
		poke(run);
		break;
	case 14:	/* a record with nothing in it */
		type = fuzz_take(&run->in, 1) % 10;
		emit_rec(run, type, fuzz_take(&run->in, what & 16 ? 4 : 1));
		break;
	case 15:	/* the end is somewhere else */
		if (what & 16)
			emit_rec(run, PRAM_TMPFS_END, 0);
		else
			run->size -= min(run->size, what >> 5);
		break;
	}
}

static void emit_options(struct run *run)
{
	struct pram_tmpfs_options opts = {
		.max_blocks = 1000, .max_inodes = 100, .mode = 0700,
		.uid = 5, .gid = 6, .huge = 2, .uuid = "0123456789abcde",
	};
	unsigned int how = fuzz_take(&run->in, 1);
	static const char policy[1025] = "interleave:0";
	size_t len = how & 8 ? strlen(policy) : 0;

	if (how & 1)
		opts.max_blocks = how >> 4;
	if (how & 2)
		opts.max_inodes = how >> 4;
	opts.flags = how >> 2 & 3;
	if (how == 0x8f)
		len = sizeof(policy);
	emit_rec(run, PRAM_TMPFS_OPTIONS, sizeof(opts) + len);
	emit(run, &opts, sizeof(opts));
	emit(run, policy, len);
	/* What is in them */
	if (how >= 0xf0)
		poke(run);
}

static void make_records(struct run *run)
{
	struct pram_tmpfs_head head = {
		PRAM_TMPFS_MAGIC, PRAM_TMPFS_VERSION, 40
	};
	unsigned int open = fuzz_take(&run->in, 1);

	run->cookie = 2;
	emit(run, &head, sizeof(head));
	emit_options(run);
	emit_inode(run, true);
	while (run->in.left)
		emit_any(run);
	/* Unless that is wrong, or is to be */
	if (run->size >= sizeof(head) && open % 8 != 7)
		rules_put(run->bytes, offsetof(struct pram_tmpfs_head, nr_inodes),
			  8, run->inodes);
	if (open < 250) {
		while (run->depth)
			emit_up(run);
		emit_rec(run, PRAM_TMPFS_END, 0);
	}
}

/*
 * What the node has
 */
static void save_folio(struct pram_stream *ps, struct text_folio *tf,
		       unsigned int nr)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, tf->order);
	unsigned int i;

	sim_assert(folio);
	memset(folio_address(folio), nr, folio_size(folio));
	for (i = 0; i < 1U << tf->order; i++) {
		u8 *data = folio_address(folio) + i * PAGE_SIZE;

		*(u64 *)data = 8 * nr + i;
		tf->sum[i] = text_sum(data, PAGE_SIZE);
	}
	fuzz_expect(!pram_save_folio(ps, folio, tf->flags));
	tf->lost &= (1ULL << (1 << tf->order)) - 1;
	if (tf->lost)
		sim_break(folio_pfn(folio) + ilog2(tf->lost));
	folio_put(folio);
}

static void save_records(struct run *run)
{
	struct pram_stream ps;
	unsigned int i;

	fuzz_expect(!pram_open("t", PRAM_WRITE, GFP_KERNEL, &ps));
	fuzz_expect(pram_write(&ps, run->bytes, run->size) ==
		    (ssize_t)run->size);
	for (i = 0; i < run->nr_folios; i++)
		save_folio(&ps, &run->folio[i], i);
	fuzz_expect(!pram_close(&ps, PRAM_COMMIT));
}

/* The streams of the node: how a tree was described */
static void load_records(struct run *run, const char *name)
{
	struct pram_stream ps;
	struct folio *folio;
	unsigned int i;

	fuzz_expect(!pram_open(name, PRAM_READ, GFP_KERNEL, &ps));
	run->size = ps.node->page->nr_bytes;
	run->bytes = realloc(run->bytes, run->size + 1);
	sim_assert(run->bytes);
	fuzz_expect(pram_read(&ps, run->bytes, run->size) ==
		    (ssize_t)run->size);
	for (;;) {
		struct text_folio *tf = &run->folio[run->nr_folios];

		folio = pram_load_folio(&ps, &tf->flags);
		if (!folio)
			break;
		run->nr_folios++;
		fuzz_expect(!IS_ERR(folio) && run->nr_folios < MAX_FOLIOS);
		tf->order = folio_order(folio);
		for (i = 0; i < 1U << tf->order; i++)
			tf->sum[i] = text_sum(folio_address(folio) +
					      i * PAGE_SIZE, PAGE_SIZE);
		folio_put(folio);
	}
	fuzz_expect(!pram_close(&ps, PRAM_KEEP));
}

/*
 * Mounting
 */
static void arm(const struct run *run)
{
	sim_fail_at = run->fail_at;
	sim_fail_all = run->fail_all;
	sim_kill_at = run->kill_at;
	sim_max_blocks = run->max_blocks;
	sim_max_inodes = run->max_inodes;
}

static void set_folio_order(const struct run *run)
{
	sim_max_folio_order = run->choice & CHOICE_SMALL ? 0 : 9;
}

static void disarm(void)
{
	sim_fail_at = 0;
	sim_fail_all = false;
	sim_kill_at = 0;
	sim_max_blocks = 0;
	sim_max_inodes = 0;
}

static bool excused(const struct run *run, int err)
{
	return (err == -ENOMEM && run->fail_at) ||
	       (err == -EINTR && run->kill_at) ||
	       (err == -ENOSPC && (run->fail_at || run->max_blocks ||
				   run->max_inodes));
}

/* A tree that is alive has all that there is of it */
static void check_node(const struct super_block *sb)
{
	const struct shmem_sb_info *sbinfo = sb->s_fs_info;
	const struct pram_node_page *page = sbinfo->pram->page;
	unsigned int i;

	fuzz_expect(!page->nr_bytes);
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		fuzz_expect(!page->chain[i].first && !page->chain[i].nr_pages);
}

/* What a mount has given up is nobody's */
static void check_given_up(void)
{
	u32 bad = BIT(PG_charged) | BIT(PG_lru) | BIT(PG_locked);
	struct pram_node *node;
	unsigned long start = 0, end;

	lru_add_drain();
	list_for_each_entry(node, &pram_nodes, list)
		fuzz_expect(node->state == PRAM_READY ||
			    node->state == PRAM_ALIVE);
	guard(mutex)(&pram_lock);
	for (; pram_map_next(&start, &end); start = end) {
		for (; start < end; start++) {
			const struct page *page = pfn_to_page(start);

			if (page->flags & bad && !page->mapping)
				fuzz_fail("page %#lx is still charged", start);
		}
	}
}

/* They are those of the tree, but for what the mount has said; NULL: nothing */
static void check_options(const struct run *said, const struct text *want,
			  const struct text *got)
{
	struct text_options opts = want->options;

	if (said && said->max_blocks)
		opts.blocks = said->max_blocks;
	if (said && said->max_inodes)
		opts.inodes = said->max_inodes;
	if (memcmp(&opts, &got->options, sizeof(opts)))
		fuzz_fail("other options: size %llu inodes %llu mode %o",
			  got->options.blocks, got->options.inodes,
			  got->options.mode);
}

/* Mount what is to be refused for the reason @why, or to be as @want */
static struct super_block *check_mount(const struct run *run, const char *name,
				       const char *why,
				       const struct text *want)
{
	const struct run *limits = run;
	struct super_block *sb;
	struct text got = {};

	arm(run);
	sb = sim_mount(name, true);
	disarm();
	if (IS_ERR(sb) && !why && !excused(run, PTR_ERR(sb)))
		fuzz_fail("refused by %ld, and nothing is wrong", PTR_ERR(sb));
	if (IS_ERR(sb)) {
		/* Those of a copy have been those of another file before */
		if (strcmp(name, "copy"))
			check_given_up();
		/* It must be there as it was */
		sb = sim_mount(name, true);
		limits = NULL;
	}
	if (IS_ERR(sb)) {
		if (!why)
			fuzz_fail("refused later by %ld", PTR_ERR(sb));
		return NULL;
	}
	/* The mount may have said that it is to be larger */
	if (why && limits && text_too_small(why) &&
	    (limits->max_blocks || limits->max_inodes))
		return sb;
	if (why)
		fuzz_fail("taken, with %s", why);
	check_node(sb);
	text_of_tree(&got, sb, true);
	check_options(limits, want, &got);
	if (!text_same(want, &got)) {
		text_differ(want, &got);
		fuzz_fail("another tree");
	}
	text_free(&got);
	return sb;
}

static void end_tree(const char *name, struct super_block *sb)
{
	if (sb) {
		fuzz_expect(pram_discard(name) == -EBUSY);
		sim_umount(sb);
	}
	fuzz_expect(!pram_discard(name));
}

static void go_records(struct run *run)
{
	struct text want = {};
	const char *why;

	make_records(run);
	save_records(run);
	why = text_of_records(&want, run->bytes, run->size, run->folio,
			      run->nr_folios, max_pfn);
	if (sim_loglevel)
		fprintf(stderr, "to be refused: %s\n", why ?: "no");
	end_tree("t", check_mount(run, "t", why, &want));
	text_free(&want);
}

/*
 * Trees that are made
 */
static u64 take_below(void *arg, u64 limit)
{
	struct run *run = arg;

	if (limit < 2 || !run->in.left)
		return limit < 2 ? 0 : sim_below(limit);
	return fuzz_take(&run->in, limit > 65536 ? 4 : limit > 256 ? 2 : 1) %
	       limit;
}

static void still_same(struct super_block *sb, const struct text *want)
{
	struct text got = {};

	text_of_tree(&got, sb, false);
	if (!text_same(want, &got) || !text_same_options(want, &got)) {
		text_differ(want, &got);
		fuzz_fail("the tree has been changed");
	}
	text_free(&got);
}

/* Describe it into a node of another name */
static int describe(const struct run *run, struct super_block *sb,
		    const char *name)
{
	struct pram_stream ps;
	int err;

	fuzz_expect(!pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps));
	if (run)
		arm(run);
	err = pram_save_tree(&ps, sb);
	disarm();
	fuzz_expect(!pram_close(&ps, err ? PRAM_DISCARD : PRAM_COMMIT));
	return err;
}

static void copy_tree(struct run *run, struct super_block *sb,
		      const struct text *want)
{
	struct text got = {};
	const char *why;
	int err;

	err = describe(run, sb, "copy");
	if (err && !excused(run, err))
		fuzz_fail("cannot be described: %d", err);
	still_same(sb, want);
	if (err)
		fuzz_expect(!describe(NULL, sb, "copy"));
	load_records(run, "copy");
	why = text_of_records(&got, run->bytes, run->size, run->folio,
			      run->nr_folios, max_pfn);
	if (why)
		fuzz_fail("described with %s", why);
	if (!text_same(want, &got) || !text_same_options(want, &got)) {
		text_differ(want, &got);
		fuzz_fail("another tree described");
	}
	text_free(&got);
	if (!(run->choice & CHOICE_ALIVE))
		end_tree("t", sb);
	end_tree("copy", check_mount(run, "copy", NULL, want));
	if (run->choice & CHOICE_ALIVE) {
		still_same(sb, want);
		end_tree("t", sb);
	}
}

static void load_image(struct kimage *image)
{
	guard(mutex)(&pram_lock);
	sprintf(image->line, "pram=%llx.%llx", sim_super_pfn(), pram_ticket());
}

static void next_kernel(struct run *run, struct super_block *sb,
			const struct text *want)
{
	struct kimage image = {
		.params = true,
		.marker = true,
		.version = PRAM_VERSION,
		.nr_segments = 1,
		.segment[0] = { .mem = PFN_PHYS(0x2000), .memsz = SZ_1M },
	};
	struct sim_machine next = large;
	int err;

	/* Parked, or mounted */
	if (!(run->choice & CHOICE_ALIVE))
		sim_umount(sb);
	load_image(&image);
	/* The super block may have made way for it */
	if (pram_kexec_load(&image)) {
		load_image(&image);
		fuzz_expect(!pram_kexec_load(&image));
	}
	strscpy(next.cmdline, image.line);
	next.loader = 0xd;
	arm(run);
	sim_work_late = run->choice & CHOICE_LATE;
	err = sim_shutdown(&image);
	disarm();
	if (sim_work_late) {
		/* It has been given up, and ends later: that thaws it */
		sim_work_late = false;
		fuzz_expect(err == -EBUSY || excused(run, err));
		if (run->kill_at & 1)
			sim_work();
		err = sim_shutdown(&image);
		fuzz_expect(!err);
	}
	if (err) {
		if (!excused(run, err))
			fuzz_fail("the kexec is refused: %d", err);
		fuzz_expect(!sb->frozen);
		still_same(sb, want);
		if (sim_shutdown(&image))
			fuzz_fail("the kexec is refused again");
	}
	fuzz_expect(sb->frozen);
	sim_reset();
	sim_map(fd, &next);
	fuzz_expect(!sim_boot());
	set_folio_order(run);
	end_tree("t", check_mount(run, "t", NULL, want));
}

static void go_grow(struct run *run)
{
	unsigned int nr = fuzz_take(&run->in, 1) % 64;
	struct super_block *sb = sim_mount("t", false);
	struct text want = {};

	fuzz_expect(!IS_ERR(sb));
	grow(sb, nr, take_below, run);
	text_of_tree(&want, sb, false);
	if (run->choice & CHOICE_KEXEC)
		next_kernel(run, sb, &want);
	else
		copy_tree(run, sb, &want);
	text_free(&want);
}

static void take_choices(struct run *run)
{
	run->choice = fuzz_take(&run->in, 1);
	if (run->choice & CHOICE_FAULT) {
		run->fail_at = fuzz_take(&run->in, 1);
		run->fail_all = run->fail_at & 1;
		run->fail_at = 1 + run->fail_at / 2;
	}
	if (run->choice & CHOICE_KILL)
		run->kill_at = fuzz_take(&run->in, 1);
	if (run->choice & CHOICE_LIMITS) {
		run->max_blocks = fuzz_take(&run->in, 1);
		run->max_inodes = fuzz_take(&run->in, 1);
	}
}

/* A kernel serves many inputs, as it takes longer to boot than most of them do */
static void start(const struct run *run)
{
	bool kexec = run->choice & CHOICE_GROW && run->choice & CHOICE_KEXEC;
	static unsigned int left;

	sim_srand(1);
	/* What has broken stays so until then */
	if (!kexec && left-- && !num_poisoned_pages.counter)
		return;
	left = kexec ? 0 : 100;
	sim_reset();
	if (ftruncate(fd, 0))
		sim_fail("ftruncate: %m");
	sim_map(fd, kexec ? &large : &machine);
	if (sim_boot())
		sim_fail("cannot boot");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run *run = calloc(1, sizeof(*run));

	fuzz_expect(run);
	if (fd < 0) {
		fd = sim_create_memory();
		/* For those who look into a finding */
		if (getenv("PRAM_LOGLEVEL"))
			sim_loglevel = atoi(getenv("PRAM_LOGLEVEL"));
	}
	run->in = (struct fuzz_input){ data, size };
	take_choices(run);
	start(run);
	set_folio_order(run);
	if (run->choice & CHOICE_GROW)
		go_grow(run);
	else
		go_records(run);
	fuzz_expect(!sim_work());
	lru_add_drain();
	sim_rcu_flush();
	sim_check_pages();
	fuzz_expect(sim_nr_used() == 1);
	fuzz_expect(sim_nr_kmalloc == 1);
	free(run->bytes);
	free(run);
	return 0;
}
