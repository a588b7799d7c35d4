// SPDX-License-Identifier: GPL-2.0
/*
 * Random operations, each of them compared with the model.
 */
#include "oracle.h"
#include "ops.h"
#include "fuzz/rules.h"

#include "../../../mm/pram.h"

#include <sanitizer/asan_interface.h>

/* Pages that are PRAM's and a user's at most, as a part of what there is */
#define MAX_USED(total)	((total) / 3)

/**
 * struct user - a folio that somebody beside PRAM has a reference on
 * @folio: the folio
 * @content: what it holds, see o_fill()
 * @base: index of its first page in that
 * @saved: the same in the model, if a node has it, too
 */
struct user {
	struct folio *folio;
	u64 content;
	u32 base;
	u32 saved;
};

#define MAX_USERS	4096
static struct user user[MAX_USERS];
static unsigned int nr_users;
static u64 user_pages;		/* that are in no node */

/**
 * struct stream - an open node
 * @ps: the stream; closed if @ps.node is NULL
 * @node: in the model
 * @next: the folio that comes next
 * @pos: in the bytes
 */
struct stream {
	struct pram_stream ps;
	unsigned int node;
	u32 next;
	u64 pos;
};

#define MAX_STREAMS	6
static struct stream stream[MAX_STREAMS];

struct op_stats op_stats;

static unsigned int nr_names;	/* of this kernel */
static unsigned int max_order;
static bool csum_all;	/* pram.csum=data */
static u64 serial;		/* no two contents are the same */
static unsigned int weight_sum;

/* Errors that an operation may return because of what has been done to it */
static bool excused(int err)
{
	return err == -ENOMEM && (sim_nr_faults || sim_exhausted);
}

/* Checks that the operation ended as the model says; returns whether it did */
static bool expect(const char *what, long err, long want)
{
	if (err == want)
		return !err;
	if (excused(err))
		return false;
	sim_fail("%s: %ld, not %ld", what, err, want);
}

static void begin_op(void)
{
	sim_nr_faults = 0;
	sim_exhausted = false;
	sim_fail_at = op_stats.faults && sim_chance(50) ? 1 + sim_below(6) : 0;
	sim_fail_all = sim_chance(2);
}

static void end_op(void)
{
	sim_fail_at = 0;
	sim_fail_all = false;
}

static struct o_node *model(unsigned int node)
{
	return &ORACLE->node[node];
}

static struct o_folio *saved(u32 folio)
{
	return &ORACLE->folio[folio];
}

/*
 * Folios of a user
 */
static void add_user(struct folio *folio, u64 content, u32 base, u32 in_node)
{
	struct user *u = &user[nr_users++];

	u->folio = folio;
	u->content = content;
	u->base = base;
	u->saved = in_node;
	if (in_node)
		saved(in_node)->pool = nr_users;
	else
		user_pages += folio_nr_pages(folio);
}

/* Does not drop the reference */
static void del_user(unsigned int i)
{
	struct user *u = &user[i];

	if (u->saved)
		saved(u->saved)->pool = 0;
	else
		user_pages -= folio_nr_pages(u->folio);
	*u = user[--nr_users];
	if (i < nr_users && u->saved)
		saved(u->saved)->pool = i + 1;
}

static bool is_broken(const struct folio *folio)
{
	return sim_is_broken(folio_pfn(folio), folio_order(folio));
}

static void check_user(const struct user *u)
{
	if ((u->saved && saved(u->saved)->bad) || is_broken(u->folio))
		return;
	if (!o_filled(folio_pfn(u->folio), folio_nr_pages(u->folio),
		      u->content, u->base))
		sim_fail("pfn %#lx of a user has been overwritten",
			 folio_pfn(u->folio));
}

static unsigned int random_order(void)
{
	unsigned int order = 0;

	/* Half as many of each next order */
	while (order < max_order && sim_chance(3))
		order++;
	return order;
}

static bool room_for(u64 pages)
{
	return sim_nr_used() + pages < MAX_USED(sim_nr_used() +
						sim_nr_pages(SIM_FREE));
}

static void op_alloc(void)
{
	unsigned int order = random_order();
	struct folio *folio;

	if (nr_users == MAX_USERS || !room_for(1ULL << order))
		return;
	folio = folio_alloc(GFP_HIGHUSER, order);
	if (!folio)
		return;
	serial++;
	o_fill(folio_pfn(folio), 1UL << order, serial, 0);
	add_user(folio, serial, 0, 0);
}

static void op_free(void)
{
	unsigned int i = sim_below(nr_users);
	struct folio *folio;

	if (!nr_users)
		return;
	check_user(&user[i]);
	folio = user[i].folio;
	del_user(i);
	folio_put(folio);
}

/* What a user does to a folio that is saved counts until the kexec */
static void op_rewrite(void)
{
	struct user *u = &user[sim_below(nr_users)];

	if (!nr_users)
		return;
	check_user(u);
	if (is_broken(u->folio))
		return;
	u->content = ++serial;
	u->base = 0;
	o_fill(folio_pfn(u->folio), folio_nr_pages(u->folio), u->content, 0);
	if (u->saved) {
		saved(u->saved)->content = u->content;
		saved(u->saved)->base = 0;
		saved(u->saved)->bad = false;
	}
}

/*
 * Opening and closing
 */
static struct stream *free_stream(void)
{
	unsigned int i;

	for (i = 0; i < MAX_STREAMS; i++) {
		if (!stream[i].ps.node)
			return &stream[i];
	}
	return NULL;
}

/* One that is open with this mode, if there is any */
static struct stream *open_stream(unsigned int mode)
{
	unsigned int i, from = sim_below(MAX_STREAMS);

	for (i = 0; i < MAX_STREAMS; i++) {
		struct stream *s = &stream[(from + i) % MAX_STREAMS];

		if (s->ps.node && s->ps.mode == mode)
			return s;
	}
	return NULL;
}

static void op_bad_name(void)
{
	static const struct {
		const char *name;
		int err;
	} bad[] = {
		{ "", -EINVAL }, { ".", -EINVAL }, { "..", -EINVAL },
		{ "a/b", -EINVAL }, { "\n", -EINVAL }, { "a\x7f", -EINVAL },
		{ "\xc3\xa4", -EINVAL }, { NULL, -ENAMETOOLONG },
	};
	unsigned int i = sim_below(ARRAY_SIZE(bad));
	const char *name = bad[i].name;
	struct pram_stream ps;
	char too_long[257];

	if (!name) {
		memset(too_long, 'x', 256);
		too_long[256] = 0;
		name = too_long;
	}
	expect("open of a bad name", pram_open(name, sim_below(8), GFP_KERNEL,
					       &ps), bad[i].err);
	expect("discard of a bad name", pram_discard(name), bad[i].err);
}

static void op_create(void)
{
	unsigned int i = sim_below(nr_names);
	struct stream *s = free_stream();
	unsigned int mode = PRAM_WRITE | (sim_chance(4) ? PRAM_CSUM : 0);
	struct o_node *node = model(i);
	int want = 0;

	if (!s)
		return;
	if (sim_chance(100)) {
		op_bad_name();
		mode = sim_chance(2) ? 0 : 3 + sim_below(13);
		/* WRITE and CSUM is the only combination */
		if (mode != (PRAM_WRITE | PRAM_CSUM)) {
			expect("open with a bad mode",
			       pram_open("x", mode, GFP_KERNEL, &s->ps),
			       -EINVAL);
			s->ps.node = NULL;
			return;
		}
	}
	if (pram_frozen)
		want = -EBUSY;
	else if (node->state != O_NONE)
		want = -EEXIST;
	if (!expect("create", pram_open(o_name(i), mode, GFP_KERNEL, &s->ps),
		    want)) {
		s->ps.node = NULL;
		return;
	}
	o_clear_node(node);
	node->csum = csum_all || mode & PRAM_CSUM;
	node->state = O_WRITING;
	node->key = ++serial;
	node->wipe = !(node->key % 3);
	node->flags = 0;
	if (node->wipe)
		s->ps.node->page->flags |= PRAM_NODE_WIPE;
	node->generation = pram_generation;
	s->node = i;
	s->pos = 0;
}

static void op_open(void)
{
	unsigned int i = sim_below(nr_names);
	struct stream *s = free_stream();
	struct o_node *node = model(i);
	int want = 0;

	if (!s)
		return;
	if (node->state == O_NONE)
		want = -ENOENT;
	else if (pram_frozen || node->state != O_READY)
		want = -EBUSY;
	if (!expect("open", pram_open(o_name(i), PRAM_READ, GFP_KERNEL, &s->ps),
		    want)) {
		s->ps.node = NULL;
		return;
	}
	node->state = O_READING;
	s->node = i;
	s->next = node->first;
	s->pos = 0;
}

/* A node is gone: what users still have of it is theirs alone */
static void forget(struct o_node *node)
{
	u32 i;

	for (i = node->first; i; i = saved(i)->next) {
		struct o_folio *f = saved(i);

		if (!f->pool)
			continue;
		user[f->pool - 1].saved = 0;
		user_pages += 1ULL << f->order;
		if (f->bad) {
			/* Whatever it is now, that is what the user has */
			user[f->pool - 1].content = ++serial;
			user[f->pool - 1].base = 0;
			if (!sim_is_broken(f->pfn, f->order))
				o_fill(f->pfn, 1ULL << f->order, serial, 0);
		}
	}
	o_clear_node(node);
}

static void close_as(struct stream *s, enum pram_how how)
{
	struct o_node *node = model(s->node);
	bool write = s->ps.mode == PRAM_WRITE;
	int want = 0;

	if (how > PRAM_KEEP || (how == PRAM_DISCARD && !write) ||
	    (how == PRAM_KEEP && write))
		want = -EINVAL;
	else if (how == PRAM_COMMIT && pram_frozen)
		want = -EBUSY;
	if (!expect("close", pram_close(&s->ps, how), want))
		return;
	sim_assert(!s->ps.node);
	if (how == PRAM_KEEP || (how == PRAM_COMMIT && write))
		node->state = O_READY;
	else
		forget(node);
}

static void op_close(void)
{
	struct stream *s = &stream[sim_below(MAX_STREAMS)];

	if (!s->ps.node) {
		expect("close of what is not open",
		       pram_close(&s->ps, sim_below(3)), -EINVAL);
		return;
	}
	close_as(s, sim_chance(3) ? sim_below(4) :
		 s->ps.mode == PRAM_WRITE ? PRAM_COMMIT :
		 sim_chance(2) ? PRAM_KEEP : PRAM_COMMIT);
}

/* What has been discarded is reported to the next kernel */
int discard(const char *name)
{
	int err = pram_discard(name);

	op_stats.discarded += !err;
	return err;
}

/* Raw pages would not be in the image, and a resume loses all nodes */
static void op_hibernate(void)
{
	bool raw = sim_nr_pages(SIM_OFFLINE);
	struct pram_node *node;
	bool kept = false;

	list_for_each_entry(node, &pram_nodes, list)
		kept |= node->state != PRAM_WRITING;
	expect("hibernate", sim_notify_pm(PM_HIBERNATION_PREPARE),
	       raw ? -EBUSY : 0);
	sim_assert(pram_is_hibernating() == !raw);
	expect("hibernated", sim_notify_pm(PM_POST_HIBERNATION), 0);
	sim_assert(!pram_is_hibernating());
	expect("resume", sim_notify_pm(PM_RESTORE_PREPARE), kept ? -EBUSY : 0);
}

static void op_discard(void)
{
	unsigned int i = sim_below(nr_names);
	struct o_node *node = model(i);
	int want = 0;

	if (node->state == O_NONE)
		want = -ENOENT;
	else if (pram_frozen || node->state != O_READY)
		want = -EBUSY;
	if (expect("discard", discard(o_name(i)), want))
		forget(node);
}

static void op_discard_all(void)
{
	unsigned int i, left = 0;
	int err;

	if (!sim_chance(50))
		return;
	err = pram_discard_all();
	for (i = 0; i < O_MAX_NODES; i++) {
		if (model(i)->state == O_READY && !pram_frozen) {
			op_stats.discarded++;
			forget(model(i));
		}
		left += model(i)->state == O_READY ||
			model(i)->state == O_READING;
	}
	expect("discard of all", err, left ? -EBUSY : 0);
}

/*
 * Saving
 */
static int save(struct stream *s, struct folio *folio, unsigned int flags)
{
	int err;

	if (folio_order(folio) || sim_chance(2))
		err = pram_save_folio(&s->ps, folio, flags);
	else
		err = pram_save_page(&s->ps, folio_page(folio, 0), flags);
	/* It is PRAM that may have the last reference some day */
	if (!err)
		sim_set_secret(folio, model(s->node)->wipe);
	return err;
}

/* Folios that cannot be saved */
static void save_refused(struct stream *s, struct folio *folio)
{
	static const struct {
		enum pageflags flag;
		int err;
	} bad[] = {
		{ PG_pinned, -EBUSY },
		{ PG_typed, -EINVAL },
		{ PG_zone_device, -EINVAL },
		{ PG_hwpoison, -EHWPOISON },
		{ PG_reserved, -EINVAL },
	};
	unsigned int i = sim_below(ARRAY_SIZE(bad));

	folio->page.flags |= BIT(bad[i].flag);
	expect("save of a special folio", save(s, folio, 0), bad[i].err);
	folio->page.flags &= ~BIT(bad[i].flag);
	if (folio_order(folio)) {
		expect("save of a tail page",
		       pram_save_page(&s->ps, folio_page(folio, 1), 0),
		       -EINVAL);
		folio->page.flags |= BIT(PG_has_hwpoisoned);
		expect("save with a broken page",
		       pram_save_folio(&s->ps, folio, 0), -EHWPOISON);
		folio->page.flags &= ~BIT(PG_has_hwpoisoned);
	}
	expect("save with unknown flags", save(s, folio, 8), -EINVAL);
}

static void op_save(void)
{
	unsigned int i = sim_below(nr_users), flags = sim_below(8);
	struct stream *s = open_stream(PRAM_WRITE);
	struct user *u = &user[i];
	struct o_folio *f;
	u32 new;

	if (!nr_users)
		return;
	if (!s) {
		s = open_stream(PRAM_READ);
		if (s)
			expect("save to a stream for reading",
			       save(s, u->folio, 0), -EINVAL);
		return;
	}
	if (sim_chance(100) && !is_broken(u->folio))
		save_refused(s, u->folio);
	if (!expect("save", save(s, u->folio, flags), is_broken(u->folio) ?
		    -EHWPOISON : u->saved ? -EEXIST : 0))
		return;

	new = o_new_folio();
	f = saved(new);
	f->pfn = folio_pfn(u->folio);
	f->content = u->content;
	f->base = u->base;
	f->order = folio_order(u->folio);
	f->flags = flags;
	f->pool = i + 1;
	o_add_folio(model(s->node), new);
	u->saved = new;
	user_pages -= folio_nr_pages(u->folio);
	if (!sim_chance(8)) {
		struct folio *folio = u->folio;

		del_user(i);
		folio_put(folio);
	}
}

/* A fresh page after the other, as a fast path */
static void op_save_many(void)
{
	struct stream *s = open_stream(PRAM_WRITE);
	unsigned int nr = 1 + sim_below(40);
	struct folio *folio;
	struct o_folio *f;
	u32 new;

	while (s && nr-- && room_for(1)) {
		folio = folio_alloc(GFP_HIGHUSER, 0);
		if (!folio)
			return;
		if (!expect("save", pram_save_folio(&s->ps, folio, 0), 0)) {
			folio_put(folio);
			return;
		}
		new = o_new_folio();
		f = saved(new);
		f->pfn = folio_pfn(folio);
		f->content = ++serial;
		o_fill(f->pfn, 1, serial, 0);
		o_add_folio(model(s->node), new);
		folio_put(folio);
		op_stats.done++;
	}
}

static void op_write(void)
{
	struct stream *s = open_stream(PRAM_WRITE);
	size_t len = sim_below(sim_chance(20) ? 200000 : 300);
	struct o_node *node;
	ssize_t ret;
	u8 *buf;

	if (!s) {
		s = open_stream(PRAM_READ);
		if (s && pram_write(&s->ps, "", 1) != -EINVAL)
			sim_fail("write to a stream for reading");
		return;
	}
	node = model(s->node);
	if (!room_for(PFN_UP(len) + 1))
		return;
	if (sim_chance(100))
		expect("too large a write", pram_write(&s->ps, NULL,
						       (size_t)SSIZE_MAX + 1),
		       -EINVAL);
	buf = malloc(len);
	o_bytes(node->key, node->nr_bytes, buf, len);
	ret = pram_write(&s->ps, buf, len);
	free(buf);
	if (!excused(ret)) {
		sim_assert(ret == (ssize_t)len);
		node->nr_bytes += len;
	}
	sim_assert(s->ps.node->page->nr_bytes == node->nr_bytes);
}

/*
 * Loading
 */
static void got_folio(struct stream *s, struct folio *folio, unsigned int flags)
{
	struct o_node *node = model(s->node);
	u32 i = s->next;
	struct o_folio *f = saved(i);

	if (folio_pfn(folio) != f->pfn || folio_order(folio) != f->order)
		sim_fail("load: pfn %#lx of order %u, not %#llx of order %u",
			 folio_pfn(folio), folio_order(folio), f->pfn,
			 f->order);
	if (flags != f->flags)
		sim_fail("load: flags %#x, not %#x", flags, f->flags);
	if (!f->bad && !o_filled(f->pfn, 1UL << f->order, f->content, f->base))
		sim_fail("load: pfn %#llx does not hold what was saved",
			 f->pfn);
	if (folio_ref_count(folio) != 2 + !!f->pool)
		sim_fail("load: pfn %#llx has a count of %d", f->pfn,
			 folio_ref_count(folio));
	s->next = f->next;
	(void)node;
	if (f->pool || nr_users == MAX_USERS || f->bad || sim_chance(2))
		folio_put(folio);
	else
		add_user(folio, f->content, f->base, i);
}

static void op_load(void)
{
	struct stream *s = open_stream(PRAM_READ);
	unsigned int nr = 1 + sim_below(20), flags = ~0;
	struct folio *folio;
	struct page *page;
	bool raw;

	if (!s) {
		s = open_stream(PRAM_WRITE);
		if (s)
			expect("load from a stream for writing",
			       PTR_ERR(pram_load_folio(&s->ps, NULL)), -EINVAL);
		return;
	}
	while (nr--) {
		op_stats.done++;
		raw = s->next &&
		      sim_page_state(saved(s->next)->pfn) == SIM_OFFLINE;
		if (sim_chance(4)) {
			page = pram_load_page(&s->ps, &flags);
			if (s->next && saved(s->next)->order) {
				expect("load of a page of a folio",
				       PTR_ERR(page), -EINVAL);
				continue;
			}
			folio = (struct folio *)page;
		} else {
			folio = pram_load_folio(&s->ps, &flags);
		}
		if (s->next && sim_is_broken(saved(s->next)->pfn,
					     saved(s->next)->order)) {
			expect("load of a broken folio", PTR_ERR(folio),
			       -EHWPOISON);
			s->next = saved(s->next)->next;
			continue;
		}
		/* Its checksum would have to change, and may have moved */
		if (s->next && raw && pram_frozen && model(s->node)->csum &&
		    !saved(s->next)->bad) {
			expect("load, frozen", PTR_ERR(folio), -EBUSY);
			continue;
		}
		if (s->next && saved(s->next)->bad && model(s->node)->csum) {
			expect("load of a damaged folio", PTR_ERR(folio), -EIO);
			s->next = saved(s->next)->next;
			continue;
		}
		if (IS_ERR(folio))
			sim_fail("load: %ld", PTR_ERR(folio));
		if (!folio != !s->next)
			sim_fail("load: the stream ends in the wrong place");
		if (!folio)
			return;
		got_folio(s, folio, flags);
	}
}

/* Without a checksum, what was damaged reads as anything */
static void forget_bad_byte(const struct o_node *node, u64 pos, u8 *got,
			    const u8 *is, size_t len)
{
	u64 end = min(node->bad_byte << PAGE_SHIFT, pos + len);
	u64 start = max((node->bad_byte - 1) << PAGE_SHIFT, pos);

	if (!node->csum && start < end)
		memcpy(got + (start - pos), is + (start - pos), end - start);
}

static void op_read(void)
{
	struct stream *s = open_stream(PRAM_READ);
	size_t len = sim_below(sim_chance(20) ? 200000 : 300), want;
	struct o_node *node;
	u64 bad, bad_end;
	u8 *got, *is;
	ssize_t ret;

	if (!s) {
		s = open_stream(PRAM_WRITE);
		if (s && pram_read(&s->ps, &want, 1) != -EINVAL)
			sim_fail("read from a stream for writing");
		return;
	}
	got = malloc(len);
	is = malloc(len);
	node = model(s->node);
	bad = node->broken_byte ?: node->csum ? node->bad_byte : 0;
	bad_end = bad << PAGE_SHIFT;
	want = min_t(u64, len, model(s->node)->nr_bytes - s->pos);
	ret = pram_read(&s->ps, got, len);
	if (bad && want && s->pos < bad_end && s->pos + want > bad_end - PAGE_SIZE) {
		want = s->pos >= bad_end - PAGE_SIZE ? 0 :
		       bad_end - PAGE_SIZE - s->pos;
		if (!want) {
			expect("read of a damaged page", ret,
			       node->broken_byte ? -EHWPOISON : -EIO);
			s->pos = min(bad_end, model(s->node)->nr_bytes);
			goto out;
		}
	}
	if (ret != (ssize_t)want)
		sim_fail("read: %zd, not %zu", ret, want);
	o_bytes(node->key, s->pos, is, want);
	if (node->bad_byte)
		forget_bad_byte(node, s->pos, got, is, want);
	if (memcmp(got, is, want))
		sim_fail("read: bytes at %llu are not those written", s->pos);
	s->pos += want;
out:
	free(got);
	free(is);
}

/*
 * Images, and a kexec that does not come
 */

/*
 * With KHO, segments of an image that is loaded by file are in scratch areas; here one of
 * them is, if that fits
 */
static void use_scratch(struct kimage *image)
{
	u64 start = PFN_PHYS(sim_scratch.start), size = PFN_PHYS(sim_scratch.end) - start;
	struct kexec_segment *seg = &image->segment[0];
	unsigned int i;

	if (!image->file_mode || !image->nr_segments || seg->memsz > size)
		return;
	start += seg->mem % (PAGE_ALIGN_DOWN(size - seg->memsz) + PAGE_SIZE);
	for (i = 1; i < image->nr_segments; i++) {
		if (start < image->segment[i].mem + image->segment[i].memsz &&
		    image->segment[i].mem < start + seg->memsz)
			return;
	}
	seg->mem = start;
}

void random_image(struct kimage *image, u64 max_pages)
{
	const struct sim_machine *m = sim_machine();
	unsigned int nr = 1 + sim_below(sim_chance(4) ? KEXEC_SEGMENT_MAX : 4);
	unsigned int i, j;

	memset(image, 0, sizeof(*image));
	for (i = 0; i < nr; i++) {
		const struct pram_range *ram = &m->ram[sim_below(m->nr_ram)];
		u64 pages = sim_chance(8) ? 0 : 1 + sim_below(max_pages / nr);
		u64 size = ram->end - ram->start, pfn;

		pages = min(pages, size);
		pfn = ram->start + sim_below(size - pages + 1);
		/* As a vmlinux has them, with gaps */
		if (image->nr_segments && sim_chance(4)) {
			pfn = PFN_UP(image->segment[0].mem +
				     image->segment[0].memsz) + sim_below(700);
			if (pfn < ram->start || pfn + pages > ram->end)
				continue;
		}
		/* Segments do not overlap: kexec sees to that */
		for (j = 0; j < image->nr_segments; j++) {
			u64 start = PHYS_PFN(image->segment[j].mem);
			u64 end = start + PHYS_PFN(image->segment[j].memsz);

			if (pfn < end && start < pfn + pages)
				break;
		}
		if (j < image->nr_segments || !pfn)
			continue;
		/* A loader of 32 bits has no such addresses */
		if (!IS_ENABLED(CONFIG_64BIT) && pfn + pages > PHYS_PFN(SZ_4G))
			continue;
		image->segment[image->nr_segments].mem = PFN_PHYS(pfn);
		image->segment[image->nr_segments++].memsz = PFN_PHYS(pages);
	}
	/* Loaded by the other system call, whose command line is gone by now */
	image->file_mode = sim_chance(2);
	if (image->nr_segments && sim_chance(2))
		image->segment[0].memsz -= min_t(u64, image->segment[0].memsz,
						 sim_below(PAGE_SIZE));
	if (sim_scratch.end)
		use_scratch(image);
}

static const char *random_words(void)
{
	static const char * const words[] = {
		"", "quiet ", "pram=off ", "pram=xyz ", "pram ", "pram=0 ",
		"pram=12345678901234567890 ", "x=\"pram=1.1 y\" ", "pram=7.7 ",
		"memtest=4 ", "pram.csum=data ", "pram.csum=data ",
		"pram.boot_share=16 ", "pram=7 ",
	};

	return words[sim_below(ARRAY_SIZE(words))];
}

static u64 ticket(void)
{
	guard(mutex)(&pram_lock);
	return pram_ticket();
}

/* An image that takes over what is preserved */
void image_ours(struct kimage *image)
{
	static const char * const behind[] = {
		"", " quiet", " -- pram=off", " pram=", " pram=zz", " prams=1",
	};

	image->params = true;
	image->marker = true;
	image->version = PRAM_VERSION;
	snprintf(image->line, sizeof(image->line), "%s%spram=%llx.%llx%s",
		 random_words(), random_words(), sim_super_pfn(), ticket(),
		 behind[sim_below(ARRAY_SIZE(behind))]);
}

/* Another one, mostly that */
static void fill_image(struct kimage *image)
{
	image_ours(image);
	switch (sim_below(24)) {
	case 0:
		/* From a kernel before this one, or read before this was moved */
		snprintf(image->line, sizeof(image->line), "pram=%llx.%llx",
			 sim_super_pfn() + !sim_below(3),
			 sim_chance(2) ? ORACLE->ticket ?: 1 : sim_rand() | 1);
		break;
	case 1:
		strscpy(image->line, random_words());
		break;
	case 2:
		snprintf(image->line, sizeof(image->line), "%spram=off%s",
			 random_words(), sim_chance(2) ? " quiet" : "");
		/* Old kernels know of this, and some kernels take no line */
		image->marker = sim_chance(2);
		break;
	case 3:
		image->marker = false;
		break;
	case 4:
		image->version += sim_chance(2) ? 1 : -1;
		break;
	case 5:
		image->params = false;
		break;
	}
}

/*
 * The kernel sees to it that the next one is told, unless that is to have PRAM
 * off, or there is nothing to tell
 */
static void complete_line(struct kimage *image)
{
	struct rules_param before = rules_param(image->line), said;
	bool same;
	int err;

	image->cmdline_buf = kstrdup(image->line, GFP_KERNEL);
	if (!image->cmdline_buf)
		return;
	image->cmdline_buf_len = strlen(image->line) + 1;
	err = pram_kexec_cmdline(image);
	same = !strcmp(image->cmdline_buf, image->line);
	said = rules_param(image->cmdline_buf);
	if (!expect("completing a command line", err, 0))
		sim_assert(same);
	else if ((before.set && !before.pfn) || list_empty(&pram_nodes))
		sim_assert(same);
	else if (said.pfn != sim_super_pfn() ||
		 said.ticket != pram_super->ticket)
		sim_fail("'%s' has become '%s'", image->line,
			 image->cmdline_buf);
	sim_assert(image->cmdline_buf_len == strlen(image->cmdline_buf) + 1);
	strscpy(image->line, image->cmdline_buf);
	kfree(image->cmdline_buf);
	image->cmdline_buf = NULL;
}

/* 0: it takes over what is preserved, 1: it is to lose that, or an error */
static int image_verdict(const struct kimage *image)
{
	struct rules_param said = {};

	if (image->params)
		said = rules_param(image->line);
	if (said.set && !said.pfn)
		return 1;
	if (!image->marker || image->version != 2 || !image->params)
		return -ENOEXEC;
	return said.set && said.pfn == sim_super_pfn() &&
	       said.ticket == pram_super->ticket ? 0 : -EINVAL;
}

/* Is there nothing to be found in a page that has been freed? */
static __attribute__((no_sanitize("address")))
bool is_wiped(u64 pfn)
{
	const u64 *word = sim_phys(pfn);
	unsigned int i;

	for (i = 0; i < 512 && !word[i]; i++)
		;
	return i == 512;
}

/* Is it between two segments of what may be a vmlinux? */
static bool in_gap(const struct kimage *image, u64 super)
{
	u64 below = 0, above = super + SZ_4M;
	unsigned int i;

	for (i = 0; i < image->nr_segments && !image->file_mode; i++) {
		u64 start = image->segment[i].mem & PAGE_MASK;
		u64 end = PAGE_ALIGN(image->segment[i].mem +
				     image->segment[i].memsz);

		if (start == end)
			continue;
		if (end <= super)
			below = max(below, end);
		if (start > super)
			above = min(above, start);
	}
	return below && above - below < SZ_2M;
}

/* The image that was loaded before stays so until this one is */
static struct kimage loaded;

static bool meets_loaded(u64 pfn)
{
	unsigned int i;

	for (i = 0; kexec_image && i < kexec_image->nr_segments; i++) {
		const struct kexec_segment *seg = &kexec_image->segment[i];

		if (PFN_PHYS(pfn + 1) > seg->mem &&
		    PFN_PHYS(pfn) < seg->mem + seg->memsz)
			return true;
	}
	return false;
}

bool load_image(struct kimage *image)
{
	u64 old = sim_super_pfn(), super = PFN_PHYS(old);
	unsigned int i;
	int want = in_gap(image, super) ? -EADDRNOTAVAIL : 0, err;

	for (i = 0; i < image->nr_segments; i++) {
		u64 start = image->segment[i].mem;
		u64 end = start + image->segment[i].memsz;
		bool meets = super + PAGE_SIZE > start && super < end;

		if (meets)
			want = -EADDRNOTAVAIL;
		/* Broken memory is to be avoided, too */
		if (end > start && pram_kexec_meets(start, end - 1) != meets &&
		    (meets || !num_poisoned_pages.counter))
			sim_fail("wrong about meeting the super block");
	}
	err = pram_kexec_load(image);
	if (sim_super_pfn() != old) {
		sim_assert(want && (!err || err == -EADDRNOTAVAIL));
		if (!is_wiped(old))
			sim_fail("there is still something at pfn %#llx", old);
		if (meets_loaded(sim_super_pfn()))
			sim_fail("the super block is where the image will be");
		ORACLE->reached.super_moved++;
	}
	if (want && sim_super_pfn() == old && err != -ENOMEM)
		sim_assert(sim_nr_faults || sim_exhausted);
	/* What is to be preserved may have been told of the old place */
	if (list_empty(&pram_nodes))
		want = 0;
	if (!expect("load of an image", err, want))
		return false;
	/* With nothing to preserve it is loaded all the same. Another will do. */
	if (pram_super_meets(image)) {
		sim_assert(list_empty(&pram_nodes));
		return false;
	}
	loaded = *image;
	kexec_image = &loaded;
	fill_image(image);
	if (image->file_mode && sim_chance(3))
		complete_line(image);
	pram_kexec_loaded(image);
	return true;
}

static void one_segment(struct kimage *image, u64 start, u64 end)
{
	random_image(image, 1000);
	image->nr_segments = 1;
	image->segment[0].mem = PFN_PHYS(start);
	image->segment[0].memsz = PFN_PHYS(end - start);
}

/*
 * One image takes nearly all that is below the super block, and the next one takes
 * its place
 */
static void image_below_super(void)
{
	u64 super = sim_super_pfn(), start = PHYS_PFN(SZ_1M);
	struct kimage image;

	if (super < start + 2)
		return;
	one_segment(&image, start, super - 1);
	if (!load_image(&image))
		return;
	super = sim_super_pfn();
	one_segment(&image, super, super + 1);
	load_image(&image);
}

static void op_image(void)
{
	struct kimage image;

	if (sim_chance(8)) {
		image_below_super();
		return;
	}
	random_image(&image, sim_chance(2) ? 1000 : 10000);
	load_image(&image);
}

/*
 * Memory that breaks
 */
static bool is_forbidden(u64 pfn, u64 nr, const struct pram_range *ranges,
			 int nr_ranges)
{
	if (!ranges)
		return pram_forbidden(pfn, nr);
	for (; nr_ranges; nr_ranges--, ranges++) {
		if (pfn < ranges->end && ranges->start < pfn + nr)
			return true;
	}
	return pram_hotplugged(pfn, nr);
}

static bool is_kept(const struct o_node *node)
{
	return node->state == O_READY || node->state == O_READING;
}

/* Is something broken where nothing must be? @ranges: NULL: pram_forbidden() */
static bool broken_forbidden(const struct pram_range *ranges, int nr)
{
	unsigned int i;
	u32 f;

	for (i = 0; i < O_MAX_NODES; i++) {
		const struct o_node *node = model(i);

		if (!is_kept(node))
			continue;
		if (node->broken_byte &&
		    is_forbidden(node->broken_pfn, 1, ranges, nr))
			return true;
		for (f = node->first; f; f = saved(f)->next) {
			if (sim_is_broken(saved(f)->pfn, saved(f)->order) &&
			    is_forbidden(saved(f)->pfn, 1 << saved(f)->order,
					 ranges, nr))
				return true;
		}
	}
	return false;
}

/* What was refused has been undone: where would pages have had to go from? */
static void check_broken_refused(struct kimage *image)
{
	struct pram_range ranges[PRAM_MAX_FORBIDDEN] = {};
	struct pram_image info = {};
	int nr;

	end_op();
	scoped_guard(mutex, &pram_lock)
		nr = pram_choose_windows(image, list_empty(&pram_nodes) ?
					 NULL : &info, ranges);
	sim_assert(nr >= 0);
	if (!broken_forbidden(ranges, nr))
		sim_fail("a kexec is refused for a broken page that can stay");
	ORACLE->reached.broken_refused++;
}

/* The page of bytes with this index */
static u64 byte_page(const char *name, u64 index)
{
	const struct pram_link *link;
	struct pram_node *node;
	unsigned int i;
	u64 pfn;

	scoped_guard(mutex, &pram_lock)
		node = pram_find(name);
	for (pfn = node->page->chain[PRAM_BYTES].first; pfn; pfn = link->next) {
		link = sim_phys(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			if (index < pram_entry_count(link->entry[i]))
				return pram_entry_pfn(link->entry[i]) + index;
			index -= pram_entry_count(link->entry[i]);
		}
	}
	sim_fail("node '%s' is short of bytes", name);
}

/* A folio of the node; large ones are rare, and get another chance */
static u32 random_folio(const struct o_node *node)
{
	u32 f = node->first, large, nr;

	for (nr = sim_below(node->nr_folios); nr; nr--)
		f = saved(f)->next;
	for (large = f; large && !saved(large)->order;)
		large = saved(large)->next;
	return large && sim_chance(2) ? large : f;
}

/* A page of a node breaks, and whoever has lost it may have no use for the rest */
static void op_break(void)
{
	unsigned int i = sim_below(nr_names);
	struct o_node *node = model(i);
	u32 f;

	if (!op_stats.breaks || node->state == O_NONE || node->state == O_LOST)
		return;
	if (node->nr_bytes && sim_chance(3)) {
		/* One that is open has been looked at, perhaps, in part */
		if (node->state != O_READY || node->bad_byte ||
		    node->broken_byte)
			return;
		node->broken_byte = 1 + sim_below(PFN_UP(node->nr_bytes));
		node->broken_pfn = byte_page(o_name(i), node->broken_byte - 1);
		sim_break(node->broken_pfn);
	} else {
		if (!node->first)
			return;
		f = random_folio(node);
		if (sim_is_broken(saved(f)->pfn, saved(f)->order))
			return;
		sim_break(saved(f)->pfn + sim_below(1 << saved(f)->order));
	}
	op_stats.breaks--;
	ORACLE->reached.broken++;
	if (node->state == O_READY && !pram_frozen && sim_chance(2) &&
	    expect("discard", discard(o_name(i)), 0))
		forget(node);
}

/* What is to come of a kexec: 0, 1: nothing is taken along, or an error */
static int expect_kexec(const struct kimage *image)
{
	int want = image_verdict(image);
	unsigned int i;

	if (list_empty(&pram_nodes))
		return want ? 1 : 0;
	for (i = 0; !want && i < O_MAX_NODES; i++) {
		if (model(i)->state == O_WRITING)
			want = -EBUSY;
	}
	return want;
}

/* For want of room, of memory, or because of broken pages, 0 may become that */
static void check_outcome(struct kimage *image, int err, int want)
{
	if (excused(err))
		return;
	if (want)
		expect("kexec", err, min(want, 0));
	else if (err == -EHWPOISON)
		check_broken_refused(image);
	else if (err && err != -ENOSPC)
		sim_fail("a kexec is refused with %d", err);
}

/* Is the answer the same without the kexec? */
static int try_kexec(struct kimage *image, int want)
{
	int err = pram_kexec_check(image);

	check_outcome(image, err, want);
	if (pram_frozen)
		sim_fail("all is frozen after a check");
	scoped_guard(mutex, &pram_lock) {
		const char *verdict = pram_get_verdict();

		if (!err != !strncmp(verdict, "ok: ", 4) ||
		    (err && strncmp(verdict, "refused: ", 9)))
			sim_fail("a check ends with %d and '%s'", err, verdict);
	}
	walk_live();
	return err;
}

/* What goes along must not become the reader's alone */
static void commit_frozen(void)
{
	unsigned int i;

	for (i = 0; i < MAX_STREAMS; i++) {
		if (stream[i].ps.node && stream[i].ps.mode == PRAM_READ)
			close_as(&stream[i], PRAM_COMMIT);
	}
}

int prepare(struct kimage *image)
{
	int want = expect_kexec(image), err, tried = 0;
	bool try = sim_chance(8);

	op_stats.sealed = false;
	if (try)
		tried = try_kexec(image, want);
	err = pram_kexec_prepare(image);
	if (try && tried != err && !excused(tried) && !excused(err))
		sim_fail("a kexec ends with %d, and its check with %d", err,
			 tried);
	check_outcome(image, err, want);
	if (err && pram_frozen)
		sim_fail("a kexec was refused, and all is frozen");
	sim_assert(!pram_draining);
	if (err) {
		check_counts();
		ORACLE->reached.refused += err == want && err != -EBUSY;
		ORACLE->reached.writing += err == -EBUSY;
		return err;
	}
	sim_assert(pram_frozen);
	commit_frozen();
	if (want) {
		ORACLE->reached.off += !list_empty(&pram_nodes);
		return 0;
	}
	op_stats.sealed = true;
	if (broken_forbidden(NULL, 0))
		sim_fail("a broken page is where it must not be");
	return 0;
}

static void op_prepare(void)
{
	struct kimage image;
	int nr = sim_below(3);

	if (!sim_chance(20))
		return;
	do {
		random_image(&image, sim_chance(2) ? 1000 : 20000);
		if (load_image(&image) && !prepare(&image))
			op_stats.prepared++;
	} while (nr--);
	walk_live();
	/* Mostly go on: one that is refused for its size thaws all */
	if (sim_chance(4))
		return;
	thaw();
}

/* A kexec that is refused thaws what one that did not come has frozen */
void thaw(void)
{
	struct kimage image = { .nr_segments = 1, .file_mode = 1 };
	int err;

	end_op();
	if (!pram_super || !pram_frozen)
		return;
	image.segment[0].mem = IS_ENABLED(CONFIG_64BIT) ? SZ_4G : 0xb0000000;
	image.segment[0].memsz = IS_ENABLED(CONFIG_64BIT) ? 1ULL << 40 : SZ_1G;
	image_ours(&image);
	if (sim_chance(2)) {
		err = pram_kexec_prepare(&image);
		/* Without nodes there need not be room */
		if (err && err != -ENOSPC &&
		    (err != -EBUSY || expect_kexec(&image) != -EBUSY) &&
		    (err != -EADDRNOTAVAIL || !pram_super_meets(&image)))
			sim_fail("prepare for an image of a TiB: %d", err);
	}
	sim_fail_at = 1;
	sim_fail_all = true;
	/* With nothing to preserve it goes ahead without */
	if (pram_frozen && list_empty(&pram_nodes))
		pram_kexec_check(&image);
	else if (pram_frozen && pram_kexec_prepare(&image) != -ENOMEM)
		sim_fail("prepare without any memory");
	end_op();
	sim_assert(!pram_frozen);
}

/*
 * Checks that cost more
 */
void check_counts(void)
{
	struct pram_node *node;
	u64 used = 1 + user_pages;

	if (pram_frozen)
		return;
	list_for_each_entry(node, &pram_nodes, list)
		used += 1 + node->page->chain[0].nr_links +
			node->page->chain[1].nr_links +
			node->page->chain[0].nr_pages +
			node->page->chain[1].nr_pages;
	if (used != sim_nr_used())
		sim_fail("%lu pages are in use, it should be %llu",
			 sim_nr_used(), used);
}

void check_all(void)
{
	unsigned int i;

	check_counts();
	walk_live();
	for (i = 0; i < nr_users; i++)
		check_user(&user[i]);
	sim_check_pages();
}

static const struct {
	const char *name;
	void (*func)(void);
	unsigned int weight;
} op[] = {
	{ "alloc", op_alloc, 20 },
	{ "free", op_free, 8 },
	{ "rewrite", op_rewrite, 3 },
	{ "create", op_create, 4 },
	{ "open", op_open, 4 },
	{ "close", op_close, 3 },
	{ "discard", op_discard, 1 },
	{ "discard_all", op_discard_all, 1 },
	{ "hibernate", op_hibernate, 1 },
	{ "save", op_save, 20 },
	{ "save_many", op_save_many, 5 },
	{ "write", op_write, 6 },
	{ "load", op_load, 6 },
	{ "read", op_read, 6 },
	{ "image", op_image, 1 },
	{ "prepare", op_prepare, 1 },
	{ "break", op_break, 2 },
};

static unsigned int op_weight[ARRAY_SIZE(op)];

void ops_begin(void)
{
	struct oracle *o = ORACLE;
	unsigned int i;

	sim_secret = walk_secret;
	csum_all = strstr(sim_machine()->cmdline, "pram.csum=data");

	for (i = 1; i < o->nr_folios; i++)
		o->folio[i].pool = 0;
	/* No two kernels do the same things equally often */
	weight_sum = 0;
	for (i = 0; i < ARRAY_SIZE(op); i++) {
		op_weight[i] = op[i].weight *
			       (sim_chance(4) ? sim_below(8) : 2);
		weight_sum += op_weight[i];
	}
	op_weight[0] += 10;
	weight_sum += 10;
	nr_names = sim_chance(10) ? O_MAX_NODES : 1 + sim_below(60);
	max_order = sim_chance(2) ? 0 : sim_below(MAX_PAGE_ORDER + 1);
	serial = o->seed << 40 | o->boot << 32;
	op_stats.faults = !sim_chance(3);
}

void ops_run(u64 nr)
{
	u64 stop = op_stats.done + nr;
	unsigned int i, n;

	for (n = 1; op_stats.done < stop; n++) {
		u64 pick = sim_below(weight_sum);

		for (i = 0; pick >= op_weight[i]; i++)
			pick -= op_weight[i];
		begin_op();
		op[i].func();
		end_op();
		op_stats.done++;
		if (!(n & 255))
			check_counts();
	}
}

/*
 * When nothing has been loaded yet, and between the copies that are made for the
 * next kernel and the last ones
 */
void ops_break(void)
{
	unsigned int i = sim_chance(2) ? sim_below(200) : 0;

	/* And so many more in between */
	op_stats.breaks = sim_chance(2) ? 1 + sim_below(8) : 0;
	while (i--)
		op_break();
}

/* Until the jump users go on writing, and that counts */
void ops_scribble(void)
{
	unsigned int i = sim_below(20);

	while (i--)
		op_rewrite();
}

void ops_close_writers(void)
{
	unsigned int i;

	end_op();
	for (i = 0; i < MAX_STREAMS; i++) {
		if (stream[i].ps.node && stream[i].ps.mode == PRAM_WRITE &&
		    sim_chance(2))
			close_as(&stream[i], pram_frozen ? PRAM_DISCARD :
				 PRAM_COMMIT);
	}
}

/* Let go of all, and see that all is free then */
void ops_end(void)
{
	struct folio *folio;
	unsigned int i;

	end_op();
	thaw();
	for (i = 0; i < MAX_STREAMS; i++) {
		if (stream[i].ps.node)
			close_as(&stream[i], stream[i].ps.mode == PRAM_WRITE ?
				 PRAM_DISCARD : sim_chance(2) ? PRAM_KEEP :
				 PRAM_COMMIT);
	}
	for (i = 0; i < O_MAX_NODES; i++) {
		if (model(i)->state == O_NONE)
			continue;
		expect("discard", discard(o_name(i)), 0);
		forget(model(i));
	}
	while (nr_users) {
		check_user(&user[nr_users - 1]);
		folio = user[nr_users - 1].folio;
		del_user(nr_users - 1);
		folio_put(folio);
	}
	check_all();
	sim_rcu_flush();
	if (sim_nr_used() != 1)
		sim_fail("%lu pages have leaked", sim_nr_used() - 1);
	/* The leaf with the super block */
	if (sim_nr_kmalloc != 1)
		sim_fail("%lu objects have leaked", sim_nr_kmalloc - 1);
}
