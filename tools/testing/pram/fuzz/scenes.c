// SPDX-License-Identifier: GPL-2.0
/*
 * Images to start from. All of PRAM's pages are within 4 MiB around the border
 * of two zones: the machine that saves has more memory, and is told that the
 * next kernel wants to have it. The machine that boots on the image can thus be
 * small, and be booted thousands of times a second.
 */
#include "image.h"

#include <unistd.h>

#include "../../../../mm/pram.h"

/* RAM, in pfns */
static const struct pram_range low = { 0, 0x9f };
static const struct pram_range home = { 0xe00, 0x1200 };	/* PRAM's */
static const struct pram_range spare = { 0x2000, 0x3000 };	/* to boot in */
static const struct pram_range window = { 0x8000, 0xc000 };	/* 64 MiB */

/*
 * Fill pages: each with something of its own, and the same from its first line
 * to its last, so that golden images are small.
 */
static void fill(void *to, u64 seed, size_t size)
{
	u64 *p = to;
	size_t i;

	for (i = 0; i < size / sizeof(*p); i++) {
		u64 page = i / 512, line = i % 512 / 2;

		p[i] = sim_mix(seed + page, (line > 0) + (line == 255) + 4 * (i % 2));
	}
}

/*
 * A folio where PRAM may keep it, or where it will have to be moved. What is
 * allocated elsewhere is held back until the right one has been found.
 */
static struct folio *get_folio(unsigned int order, bool move)
{
	struct folio *held[4096], *folio = NULL;
	unsigned int nr = 0;

	while (!folio) {
		sim_assert(nr < ARRAY_SIZE(held));
		folio = folio_alloc(GFP_KERNEL, order);
		sim_assert(folio);
		if ((folio_pfn(folio) < home.end) == !move)
			break;
		held[nr++] = folio;
		folio = NULL;
	}
	while (nr--)
		folio_put(held[nr]);
	return folio;
}

static void save(struct pram_stream *ps, unsigned int order, bool move,
		 unsigned int flags, bool filled)
{
	struct folio *folio = get_folio(order, move);

	memset(folio_address(folio), 0, PAGE_SIZE << order);
	if (filled)
		fill(folio_address(folio), sim_rand(), PAGE_SIZE << order);
	if (pram_save_folio(ps, folio, flags))
		sim_fail("cannot save");
	folio_put(folio);
}

static void put_bytes(struct pram_stream *ps, size_t size)
{
	u8 *data = malloc(ALIGN(size, 8));

	sim_assert(data);
	fill(data, sim_rand(), ALIGN(size, 8));
	if (pram_write(ps, data, size) != (ssize_t)size)
		sim_fail("cannot write");
	free(data);
}

static void begin(struct pram_stream *ps, const char *name, unsigned int mode)
{
	if (pram_open(name, PRAM_WRITE | mode, GFP_KERNEL, ps))
		sim_fail("cannot create %s", name);
}

static void end(struct pram_stream *ps)
{
	if (pram_close(ps, PRAM_COMMIT))
		sim_fail("cannot commit");
}

static void scene_none(void)
{
}

/* Of everything a little; @mode: PRAM_CSUM or 0 */
static void scene_mix(unsigned int mode)
{
	struct pram_stream ps;
	unsigned int i;

	begin(&ps, "pages", mode);
	for (i = 0; i < 6; i++)
		save(&ps, 0, i % 3 == 2, i & PRAM_FLAGS_MASK, true);
	end(&ps);
	begin(&ps, "bytes", mode);
	put_bytes(&ps, 9000);
	end(&ps);
	begin(&ps, "both", mode);
	for (i = 0; i < 5; i++)
		save(&ps, (i * 2) % 5, i == 3, 7 - i, i != 2);
	put_bytes(&ps, 4096);
	put_bytes(&ps, 1);
	end(&ps);
	begin(&ps, "empty", mode);
	end(&ps);
}

static void scene_plain(void)
{
	scene_mix(0);
}

static void scene_csum(void)
{
	scene_mix(PRAM_CSUM);
}

/* More than one link for each stream; no data, for it takes time to put */
static void scene_links(void)
{
	struct pram_stream ps;
	unsigned int i;

	begin(&ps, "first", 0);
	save(&ps, 0, false, 0, true);
	end(&ps);
	begin(&ps, "links", PRAM_CSUM);
	for (i = 0; i < PRAM_LINK_ENTRIES_CSUM + 2; i++)
		save(&ps, 0, false, 0, false);
	end(&ps);
	begin(&ps, "last", 0);
	put_bytes(&ps, 10);
	end(&ps);
}

/* A directory of two links */
static void scene_dirs(void)
{
	struct pram_stream ps;
	char name[16];
	unsigned int i;

	for (i = 0; i < PRAM_LINK_ENTRIES + 3; i++) {
		sprintf(name, "n%u", i);
		begin(&ps, name, 0);
		if (i % 256 == 7)
			put_bytes(&ps, 10);
		end(&ps);
	}
}

/* Long runs, and larger folios */
static void scene_large(void)
{
	struct pram_stream ps;

	/* For the report */
	begin(&ps, "gone", 0);
	end(&ps);
	if (pram_discard("gone"))
		sim_fail("cannot discard");
	begin(&ps, "large", 0);
	save(&ps, 7, false, 3, false);
	save(&ps, 3, false, 0, true);
	save(&ps, 6, true, 5, false);
	put_bytes(&ps, 100);
	end(&ps);
	begin(&ps, "run", 0);
	put_bytes(&ps, 20 * PAGE_SIZE);
	save(&ps, 1, false, 0, true);
	end(&ps);
}

/* Pages that have broken: of nodes with checksums and without, and of nobody */
static void scene_broken(void)
{
	struct pram_stream ps;
	struct folio *folio;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		begin(&ps, i ? "checked" : "unchecked", i ? PRAM_CSUM : 0);
		save(&ps, 0, false, 0, true);
		folio = get_folio(2, false);
		fill(folio_address(folio), sim_rand(), 4 * PAGE_SIZE);
		if (pram_save_folio(&ps, folio, 1))
			sim_fail("cannot save");
		sim_break(folio_pfn(folio) + 1);
		folio_put(folio);
		save(&ps, 0, false, 2, true);
		put_bytes(&ps, 5000);
		end(&ps);
	}
	folio = get_folio(0, false);
	sim_break(folio_pfn(folio));
	folio_put(folio);
}

/*
 * Trees as tmpfs saves them
 */
static void put_record(struct pram_stream *ps, u32 type, const void *data,
		       size_t size, const char *name)
{
	struct pram_tmpfs_rec rec = { type, size + strlen(name) };

	if (pram_write(ps, &rec, sizeof(rec)) != sizeof(rec) ||
	    pram_write(ps, data, size) != (ssize_t)size ||
	    pram_write(ps, name, strlen(name)) != (ssize_t)strlen(name))
		sim_fail("cannot write");
}

/* Of the tree that is being made: its inodes, and the place of the last name */
static u64 tree_inodes;
static u32 tree_cookie;

static void put_inode(struct pram_stream *ps, u64 ino, const char *name,
		      u32 mode, u64 size, u32 nlink, u32 flags, u32 rdev)
{
	struct pram_tmpfs_inode inode = {
		.mode = mode,
		.uid = 1000,
		.gid = 100,
		.rdev = rdev,
		.ino = ino,
		.size = size,
		.generation = ino * 7,
		.flags = flags,
		.nlink = nlink,
		.write_hint = ino % 6,
		.version = ino * 10,
		.fallocend = nlink > 1 && mode >> 12 == 8 ? 8 : 0,
		.cookie = tree_inodes++ ? ++tree_cookie : 0,
		.atime = { .sec = 1700000000, .nsec = 1 },
		.mtime = { .sec = -1, .nsec = 999999999 },
		.ctime = { .sec = 1700000002, .nsec = 3 },
		.btime = { .sec = 1600000000, .nsec = 4 },
	};

	put_record(ps, PRAM_TMPFS_INODE, &inode, sizeof(inode), name);
}

static void put_link(struct pram_stream *ps, u64 ino, const char *name)
{
	struct pram_tmpfs_link link = { ino, ++tree_cookie };

	put_record(ps, PRAM_TMPFS_LINK, &link, sizeof(link), name);
}

static void put_extent(struct pram_stream *ps, u64 index, unsigned int order,
		       bool move, unsigned int nr)
{
	struct pram_tmpfs_extent extent = { index, (u64)nr << order };

	put_record(ps, PRAM_TMPFS_EXTENT, &extent, sizeof(extent), "");
	while (nr--)
		save(ps, order, move, 0, true);
}

static void put_xattr(struct pram_stream *ps, const char *name,
		      const void *value, size_t size)
{
	struct pram_tmpfs_xattr xattr = { .name_len = strlen(name) };
	u8 data[256];

	memcpy(data, &xattr, sizeof(xattr));
	memcpy(data + sizeof(xattr), name, xattr.name_len);
	memcpy(data + sizeof(xattr) + xattr.name_len, value, size);
	put_record(ps, PRAM_TMPFS_XATTR, data,
		   sizeof(xattr) + xattr.name_len + size, "");
}

static void put_tree(struct pram_stream *ps, const char *name, u64 next_ino)
{
	struct pram_tmpfs_head head = {
		PRAM_TMPFS_MAGIC, PRAM_TMPFS_VERSION, next_ino
	};
	struct pram_tmpfs_options opts = {
		.max_blocks = 1000,
		.max_inodes = 100,
		.mode = 0700,
		.uid = 1000,
		.gid = 100,
		.flags = PRAM_TMPFS_NOSWAP | PRAM_TMPFS_INODE64,
		.huge = PRAM_TMPFS_HUGE_SIZE,
		.uuid = "fifteen letters",
	};

	begin(ps, name, 0);
	if (pram_write(ps, &head, sizeof(head)) != sizeof(head))
		sim_fail("cannot write");
	put_record(ps, PRAM_TMPFS_OPTIONS, &opts, sizeof(opts), "");
	tree_inodes = 0;
	tree_cookie = 2;
}

static void put_up(struct pram_stream *ps)
{
	struct pram_tmpfs_up up = { tree_cookie + 1 };

	put_record(ps, PRAM_TMPFS_UP, &up, sizeof(up), "");
}

static void end_tree(struct pram_stream *ps)
{
	const struct pram_link *link;
	struct pram_tmpfs_head *head;

	put_up(ps);
	put_record(ps, PRAM_TMPFS_END, NULL, 0, "");
	link = pram_addr(ps->node->page->chain[PRAM_BYTES].first);
	head = pram_addr(pram_entry_pfn(link->entry[0]));
	head->nr_inodes = tree_inodes;
	end(ps);
}

/*
 * A file with a hole and two names in a directory, and beside that an empty file
 * with an extended attribute, and a symbolic link
 */
static void scene_tree(void)
{
	struct pram_stream ps;

	put_tree(&ps, "tree", 6);
	put_inode(&ps, 1, "", 041777, 0, 1, 0, 0);
	put_inode(&ps, 2, "empty", 0100600, 0, 1, 0, 0);
	put_xattr(&ps, "user.colour", "blue", 4);
	put_inode(&ps, 3, "d", 040755, 0, 1, 0, 0);
	put_inode(&ps, 4, "file with a hole", 0100644, 26000, 2, 0, 0);
	put_extent(&ps, 0, 1, false, 1);
	put_extent(&ps, 4, 0, true, 1);
	put_extent(&ps, 6, 0, false, 1);
	put_up(&ps);
	put_link(&ps, 4, "other name");
	put_inode(&ps, 5, "symlink", 0120777, 0, 1, 0, 0);
	put_record(&ps, PRAM_TMPFS_TARGET, NULL, 0, "d/file with a hole");
	end_tree(&ps);
}

/* Every type of inode */
static void scene_types(void)
{
	char target[4096], name[256];
	struct pram_stream ps;

	memset(target, 't', 4095);
	target[4095] = 0;
	memset(name, 'n', 255);
	name[255] = 0;
	put_tree(&ps, "types", 100);
	put_inode(&ps, 1, "", 040750, 0, 1, 0, 0);
	put_inode(&ps, 2, "whiteout", 020000, 0, 1, 0, 0);
	put_inode(&ps, 3, "char", 020666, 0, 1, 0, 0x12345678);
	put_inode(&ps, 4, "block", 060640, 0, 1, 0, 0x0801);
	put_inode(&ps, 5, "fifo", 010600, 0, 1, 0, 0);
	put_inode(&ps, 6, "socket", 0140777, 0, 1, 0, 0);
	put_inode(&ps, 7, name, 0106711, 0, 1, 0, 0);
	put_inode(&ps, 8, "empty directory", 042770, 0, 1, 0, 0);
	put_up(&ps);
	put_inode(&ps, 9, "long", 0120777, 0, 2, 0, 0);
	put_record(&ps, PRAM_TMPFS_TARGET, NULL, 0, target);
	put_link(&ps, 9, "\xff\n\x01");
	put_inode(&ps, ~0ULL >> 1, "far", 0100644, 0x7fffffffffffffff, 1, 0, 0);
	put_extent(&ps, (1ULL << 51) - 1, 0, false, 1);
	end_tree(&ps);
}

/* Attributes, ACLs, and flags of chattr(1) */
static void scene_attributes(void)
{
	static const struct {
		u32 version;
		struct { u16 tag, perm; u32 id; } entry[6];
	} acl = { 2, {
		{ 1, 7, ~0U }, { 2, 6, 1001 }, { 4, 5, ~0U }, { 8, 4, 101 },
		{ 16, 7, ~0U }, { 32, 0, ~0U },
	} };
	struct pram_stream ps;

	put_tree(&ps, "attributes", 9);
	put_inode(&ps, 1, "", 041777, 0, 1, 0x40, 0);
	put_xattr(&ps, "trusted.overlay.opaque", "y", 1);
	put_xattr(&ps, "system.posix_acl_default", &acl, sizeof(acl));
	put_inode(&ps, 2, "acl", 0100670, 0, 1, 0x20, 0);
	put_xattr(&ps, "user.empty", "", 0);
	put_xattr(&ps, "security.capability", "\1\0\0\2\0\4\0\0\0\0\0\0"
		  "\0\0\0\0\0\0\0", 20);
	put_xattr(&ps, "system.posix_acl_access", &acl, sizeof(acl));
	put_inode(&ps, 3, "no acl", 0100644, 0, 1, 0xd0, 0);
	put_inode(&ps, 4, "inherited", 010600, 0, 1, 0x40, 0);
	put_inode(&ps, 5, "symlink", 0120777, 0, 1, 0x40, 0);
	put_record(&ps, PRAM_TMPFS_TARGET, NULL, 0, "acl");
	put_xattr(&ps, "trusted.t", "on a symbolic link", 18);
	end_tree(&ps);
}

/* Folios of several orders, in place and not, one after the other and alone */
static void scene_extents(void)
{
	struct pram_stream ps;

	put_tree(&ps, "extents", 4);
	put_inode(&ps, 1, "", 041777, 0, 1, 0, 0);
	put_inode(&ps, 2, "orders", 0100644, 1 << 20, 1, 0, 0);
	put_extent(&ps, 0, 3, false, 2);
	put_extent(&ps, 16, 0, false, 5);
	put_extent(&ps, 64, 6, false, 1);
	put_inode(&ps, 3, "moved", 0100644, 100000, 1, 0, 0);
	put_extent(&ps, 8, 2, true, 2);
	put_extent(&ps, 1, 0, true, 3);
	end_tree(&ps);
	put_tree(&ps, "empty", 2);
	put_inode(&ps, 1, "", 041777, 0, 1, 0, 0);
	end_tree(&ps);
}

/* What is kept of a tree besides its files, and a node that is to be wiped */
static void scene_properties(void)
{
	struct pram_tmpfs_extent extent = { 4, 6 };
	struct pram_stream ps;

	put_tree(&ps, "properties", 4);
	ps.node->page->flags |= PRAM_NODE_WIPE;
	put_inode(&ps, 1, "", 041777, 0, 1, 0, 0);
	/* Names that were removed before this one */
	tree_cookie = 1000;
	/* Reserved, and partly written to */
	put_inode(&ps, 2, "reserved", 0100600, 0, 2, 0, 0);
	put_extent(&ps, 0, 0, false, 2);
	put_record(&ps, PRAM_TMPFS_EXTENT, &extent, sizeof(extent), "");
	save(&ps, 2, false, PRAM_TMPFS_UNTOUCHED, false);
	save(&ps, 0, false, PRAM_TMPFS_UNTOUCHED, true);
	save(&ps, 0, true, 0, true);
	put_inode(&ps, 3, "d", 040700, 0, 1, 0, 0);
	put_up(&ps);
	tree_cookie = S32_MAX - 2;
	put_link(&ps, 2, "last place");
	end_tree(&ps);
}

/* Pages that this kernel has lost itself, and one that has broken since */
static void scene_lost(void)
{
	struct pram_tmpfs_extent extent = { 3, 2 }, broken = { 8, 4 };
	struct pram_stream ps;
	struct folio *folio;

	put_tree(&ps, "lost", 3);
	put_inode(&ps, 1, "", 041777, 0, 1, 0, 0);
	put_inode(&ps, 2, "file", 0100644, 30000, 1, 0, 0);
	put_extent(&ps, 2, 0, false, 1);
	put_record(&ps, PRAM_TMPFS_LOST, &extent, sizeof(extent), "");
	put_extent(&ps, 5, 0, false, 1);
	put_record(&ps, PRAM_TMPFS_EXTENT, &broken, sizeof(broken), "");
	folio = get_folio(2, false);
	fill(folio_address(folio), sim_rand(), 4 * PAGE_SIZE);
	if (pram_save_folio(&ps, folio, 0))
		sim_fail("cannot save");
	sim_break(folio_pfn(folio) + 2);
	folio_put(folio);
	end_tree(&ps);
}

/*
 * A balloon: pages here and there, some where the next kernel will be
 */
static struct folio *balloon_folio[12];

static int balloon_freeze(struct pram_absent *owner)
{
	owner->size = IMAGE_BALLOON_SIZE;
	return 0;
}

static void balloon_thaw(struct pram_absent *owner)
{
}

static unsigned long balloon_nr(struct pram_absent *owner)
{
	return ARRAY_SIZE(balloon_folio);
}

static bool balloon_has(struct pram_absent *owner, const struct page *page)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(balloon_folio); i++) {
		if (&balloon_folio[i]->page == page)
			return true;
	}
	return false;
}

static struct pram_absent balloon = {
	.list = LIST_HEAD_INIT(balloon.list),
	.name = "balloon",
	.freeze = balloon_freeze,
	.thaw = balloon_thaw,
	.nr = balloon_nr,
	.has = balloon_has,
};

/* What is in its pages is in no image: nobody may read it */
static void scene_absent(void)
{
	struct pram_stream ps;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(balloon_folio); i++) {
		balloon_folio[i] = get_folio(0, i > 8);
		memset(folio_address(balloon_folio[i]), 0, PAGE_SIZE);
		if (i % 3 == 2)
			get_folio(0, false);
	}
	pram_absent_register(&balloon);
	begin(&ps, "beside", 0);
	save(&ps, 2, false, 3, true);
	put_bytes(&ps, 5000);
	end(&ps);
}

static void (*const scenes[])(void) = {
	scene_plain, scene_csum, scene_links, scene_dirs, scene_large,
	scene_none, scene_tree, scene_types, scene_attributes, scene_extents,
	scene_broken, scene_lost, scene_properties, scene_absent,
};

const unsigned int image_nr_scenes = ARRAY_SIZE(scenes);

const char * const image_scene_name[] = {
	"plain", "csum", "links", "dirs", "large", "none", "tree", "types",
	"attributes", "extents", "broken", "lost", "properties",
	"absent",
};

static void jump(struct image *img)
{
	struct kimage image = {
		.params = true,
		.marker = true,
		.version = PRAM_VERSION,
		.nr_segments = 1,
		.segment[0] = {
			.mem = PFN_PHYS(spare.start),
			.memsz = PFN_PHYS(spare.end - spare.start),
		},
	};
	u64 super = sim_super_pfn(), ticket;

	scoped_guard(mutex, &pram_lock)
		ticket = pram_ticket();
	sprintf(image.line, "pram=%llx.%llx", super, ticket);
	if (pram_kexec_load(&image) || sim_shutdown(&image))
		sim_fail("kexec refused");
	image_take(img, super);
}

void image_make(struct image *img, unsigned int scene)
{
	struct sim_machine *m = &img->machine;
	int fd = sim_create_memory();

	memset(img, 0, sizeof(*img));
	m->ram[m->nr_ram++] = low;
	m->ram[m->nr_ram++] = home;
	m->ram[m->nr_ram++] = spare;
	m->ram[m->nr_ram++] = window;
	sim_srand(scene);
	sim_map(fd, m);
	if (sim_boot())
		sim_fail("cannot boot");
	sim_assert(sim_super_pfn() < home.end);
	scenes[scene]();
	jump(img);
	if (!list_empty(&balloon.list)) {
		pram_absent_unregister(&balloon);
		INIT_LIST_HEAD(&balloon.list);
	}

	m->nr_ram--;
	m->loader = 0xd;
	sprintf(m->cmdline, "pram=%llx.%llx", img->super, img->ticket);
	sim_reset();
	close(fd);
}
