// SPDX-License-Identifier: GPL-2.0
/*
 * Test of the interface of PRAM, and of what it keeps over kexec.
 *
 * Each insertion of the module does one thing, the op, reports it in KTAP, and
 * fails if a check failed. What a node made here contains is derived from its
 * seed, and its byte stream starts with a header, so that another kernel needs
 * to know no more than name and seed in order to verify all of it:
 *
 *	insmod test_pram.ko op=save name=a seed=42
 *	rmmod test_pram
 *	(kexec)
 *	insmod test_pram.ko op=load name=a seed=42
 */
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kexec_claim.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/pram.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/string.h>

#define TEST_MAGIC	0x7473657452504d41ULL
#define TEST_BYTES	(100 * SZ_1K + 77)
#define TEST_CHUNK	(2 * PAGE_SIZE)
#define TEST_ORDERS	10
#define WORDS_PER_PAGE	(PAGE_SIZE / sizeof(u64))

static char *param_op = "api";
module_param_named(op, param_op, charp, 0400);
MODULE_PARM_DESC(op, "What to do; see the table at the end of the source");

static char *param_name = "test";
module_param_named(name, param_name, charp, 0400);
MODULE_PARM_DESC(name, "Name of the node");

static unsigned long param_seed = 1;
module_param_named(seed, param_seed, ulong, 0400);
MODULE_PARM_DESC(seed, "What the contents are derived from");

static unsigned int param_pages = 4092;
module_param_named(pages, param_pages, uint, 0400);
MODULE_PARM_DESC(pages, "How many pages to save, at least");

static unsigned int param_step = 2;
module_param_named(step, param_step, uint, 0400);
MODULE_PARM_DESC(step, "One page of how many op=scatter saves");

static unsigned int param_piece = 1;
module_param_named(piece, param_piece, uint, 0400);
MODULE_PARM_DESC(piece, "How many neighbours op=scatter saves, and leaves out");

static bool param_pieces;
module_param_named(pieces, param_pieces, bool, 0400);
MODULE_PARM_DESC(pieces, "Folios may have been moved in pieces");

static unsigned int param_order = MAX_PAGE_ORDER;
module_param_named(order, param_order, uint, 0400);
MODULE_PARM_DESC(order, "Order of the folios that op=contig saves");

static bool param_movable;
module_param_named(movable, param_movable, bool, 0400);
MODULE_PARM_DESC(movable, "Save folios that may be in ZONE_MOVABLE");

static int param_bad = -1;
module_param_named(bad, param_bad, int, 0400);
MODULE_PARM_DESC(bad, "The folio that op=damaged finds damaged; -1: none");

static int param_bad_bytes = -1;
module_param_named(bad_bytes, param_bad_bytes, int, 0400);
MODULE_PARM_DESC(bad_bytes, "Where op=damaged finds bytes damaged; -1: nowhere");

static bool param_broken;
module_param_named(broken, param_broken, bool, 0400);
MODULE_PARM_DESC(broken, "The memory of that folio is broken");

static bool param_commit;
module_param_named(commit, param_commit, bool, 0400);
MODULE_PARM_DESC(commit, "What op=leave_open makes is kept when the module goes");

static unsigned long param_first_pfn;
module_param_named(first_pfn, param_first_pfn, ulong, 0400);
MODULE_PARM_DESC(first_pfn, "Out: the first page that was saved or loaded");

/* How the folios of a node were chosen */
enum test_kind {
	TEST_MIXED,	/* all orders and flags in turn */
	TEST_SCATTER,	/* single pages, no two of them neighbours */
	TEST_CONTIG,	/* all of one order, neighbours where possible */
	TEST_SINGLE,	/* single pages with all flags in turn */
	TEST_NR_KINDS,
};

/* The start of the byte stream. nr_bytes more follow. */
struct test_header {
	u64	magic;
	u64	seed;
	u64	kind;
	u64	order;
	u64	nr_folios;
	u64	nr_pages;
	u64	nr_bytes;
};

struct test_case {
	const char	*what;
	void		(*run)(void);
};

static bool test_failed;

static bool check(bool good, int line, const char *what)
{
	if (!good) {
		pr_info("# line %d: not so: %s\n", line, what);
		test_failed = true;
	}

	return good;
}

static bool check_eq(s64 got, s64 want, int line, const char *what)
{
	if (got != want) {
		pr_info("# line %d: %lld instead of %lld: %s\n", line, got,
			want, what);
		test_failed = true;
	}

	return got == want;
}

#define expect(cond)		check(cond, __LINE__, #cond)
#define expect_eq(expr, want)	check_eq(expr, want, __LINE__, #expr)

/*
 * Contents
 */

static u64 word_at(u64 seed, u64 pos)
{
	u64 x = (seed * 0x9e3779b97f4a7c15ULL + pos) * 0xbf58476d1ce4e5b9ULL;

	x ^= x >> 29;
	x *= 0x94d049bb133111ebULL;

	return x ^ (x >> 32);
}

static u8 byte_at(u64 seed, u64 pos)
{
	return word_at(~seed, pos / 8) >> (pos % 8 * 8);
}

static void fill_bytes(u8 *buf, size_t count, u64 seed, u64 pos)
{
	size_t i;

	for (i = 0; i < count; i++)
		buf[i] = byte_at(seed, pos + i);
}

static bool bytes_good(const u8 *buf, size_t count, u64 seed, u64 pos)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (buf[i] != byte_at(seed, pos + i)) {
			pr_info("# byte %llu is wrong\n", pos + i);
			return false;
		}
	}

	return true;
}

/* @pos is where the folio is in the page stream, in pages. */
static void fill_folio(struct folio *folio, u64 seed, u64 pos)
{
	size_t i, n;
	u64 *addr;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		addr = kmap_local_folio(folio, i * PAGE_SIZE);
		for (n = 0; n < WORDS_PER_PAGE; n++)
			addr[n] = word_at(seed, (pos + i) * WORDS_PER_PAGE + n);
		kunmap_local(addr);
		cond_resched();
	}
}

/* Returns the first wrong word, or how many there are when all are right. */
static size_t first_bad(struct folio *folio, u64 seed, u64 pos)
{
	size_t i, n;
	u64 *addr;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		addr = kmap_local_folio(folio, i * PAGE_SIZE);
		for (n = 0; n < WORDS_PER_PAGE; n++)
			if (addr[n] !=
			    word_at(seed, (pos + i) * WORDS_PER_PAGE + n))
				break;
		kunmap_local(addr);
		if (n < WORDS_PER_PAGE)
			return i * WORDS_PER_PAGE + n;
		cond_resched();
	}

	return i * WORDS_PER_PAGE;
}

static bool folio_good(struct folio *folio, u64 seed, u64 pos)
{
	size_t bad = first_bad(folio, seed, pos);

	if (bad == folio_nr_pages(folio) * WORDS_PER_PAGE)
		return true;

	pr_info("# word %lu of page %llu, pfn %#lx, is wrong\n",
		(unsigned long)(bad % WORDS_PER_PAGE), pos + bad / WORDS_PER_PAGE,
		folio_pfn(folio) + (unsigned long)(bad / WORDS_PER_PAGE));

	return false;
}

static gfp_t folio_gfp(void)
{
	return param_movable ? GFP_HIGHUSER_MOVABLE : GFP_HIGHUSER;
}

static struct folio *new_folio(unsigned int order, u64 seed, u64 pos)
{
	struct folio *folio = folio_alloc(folio_gfp(), order);

	if (folio)
		fill_folio(folio, seed, pos);

	return folio;
}

/* 7 and 10 have no common divisor, so that every order has its turn. */
static unsigned int nth_order(const struct test_header *head, u32 n)
{
	if (head->kind != TEST_MIXED)
		return head->order;

	return (n * 7 + (u32)head->seed % TEST_ORDERS) % TEST_ORDERS;
}

static unsigned int nth_flags(const struct test_header *head, u32 n)
{
	if (head->kind != TEST_MIXED && head->kind != TEST_SINGLE)
		return 0;

	return (n * 3 + (u32)head->seed) & PRAM_FLAGS_MASK;
}

/*
 * Saving and loading
 *
 * A saved folio is put at once: that it stays is up to PRAM.
 */

static int save_folio(struct pram_stream *ps, struct test_header *head,
		      struct folio *folio)
{
	unsigned int flags = nth_flags(head, head->nr_folios);
	int err;

	err = pram_save_folio(ps, folio, flags);
	if (!head->nr_folios)
		param_first_pfn = folio_pfn(folio);
	head->nr_folios++;
	head->nr_pages += folio_nr_pages(folio);
	folio_put(folio);

	return err;
}

static int save_folios(struct pram_stream *ps, struct test_header *head)
{
	struct folio *folio;
	int err;

	while (head->nr_pages < param_pages) {
		folio = new_folio(nth_order(head, head->nr_folios), head->seed,
				  head->nr_pages);
		if (!folio)
			return -ENOMEM;
		err = save_folio(ps, head, folio);
		if (err)
			return err;
	}

	return 0;
}

/* Single pages that are neighbours: the allocator's largest blocks, split */
static int save_split(struct pram_stream *ps, struct test_header *head)
{
	struct page *page;
	int err = 0;
	size_t i;

	while (!err && head->nr_pages < param_pages) {
		page = alloc_pages(folio_gfp(), MAX_PAGE_ORDER);
		if (!page)
			return -ENOMEM;
		split_page(page, MAX_PAGE_ORDER);
		for (i = 0; i < MAX_ORDER_NR_PAGES; i++) {
			struct folio *folio = page_folio(page + i);

			if (err) {
				folio_put(folio);
				continue;
			}
			fill_folio(folio, head->seed, head->nr_pages);
			err = save_folio(ps, head, folio);
		}
	}

	return err;
}

/*
 * One page of so many ("step"), or neighbours of that number ("piece"), of as much
 * memory as that takes or as there is, but for a 64th that is left to the others; the
 * rest is freed.
 */
static int save_scattered(struct pram_stream *ps, struct test_header *head)
{
	const gfp_t gfp = GFP_HIGHUSER | __GFP_NORETRY | __GFP_NOWARN;
	size_t i, nr = (size_t)param_step * param_pages;
	struct folio **folios;
	int err = 0;

	folios = kvcalloc(nr, sizeof(*folios), GFP_KERNEL);
	if (!folios)
		return -ENOMEM;

	for (i = 0; i < nr; i++) {
		if (global_zone_page_state(NR_FREE_PAGES) < totalram_pages() / 64)
			break;
		folios[i] = folio_alloc(gfp, 0);
		if (!folios[i])
			break;
	}
	nr = i;
	/* There is memory for metadata again, between what is to be saved */
	for (i = 0; i < nr; i++) {
		if (folio_pfn(folios[i]) / param_piece % param_step) {
			folio_put(folios[i]);
			folios[i] = NULL;
		}
	}
	for (i = 0; i < nr; i++) {
		if (!folios[i])
			continue;
		if (err || head->nr_pages == param_pages) {
			folio_put(folios[i]);
			continue;
		}
		fill_folio(folios[i], head->seed, head->nr_pages);
		err = save_folio(ps, head, folios[i]);
	}
	kvfree(folios);
	pr_info("# %llu scattered pages\n", head->nr_pages);

	return err;
}

/* Sizes of chunks: derived from the seed, odd, 1 byte to about two pages */
static size_t nth_chunk(u64 seed, u64 n, u64 left)
{
	return min_t(u64, left, (word_at(seed, n) % TEST_CHUNK) | 1);
}

static int write_bytes(struct pram_stream *ps, const struct test_header *head)
{
	u64 n, pos;
	size_t len;
	u8 *buf;
	int err;

	if (pram_write(ps, head, sizeof(*head)) != sizeof(*head))
		return -EIO;

	buf = kmalloc(TEST_CHUNK, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	for (pos = 0, n = 0, err = 0; pos < head->nr_bytes; pos += len, n++) {
		len = nth_chunk(head->seed, n, head->nr_bytes - pos);
		fill_bytes(buf, len, head->seed, pos);
		if (pram_write(ps, buf, len) != len) {
			err = -EIO;
			break;
		}
	}
	kfree(buf);

	return err;
}

/* The chunks are not those which were written. */
static int read_bytes(struct pram_stream *ps, const struct test_header *head)
{
	u64 n, pos;
	size_t len;
	u8 *buf;
	int err;

	buf = kmalloc(TEST_CHUNK, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	for (pos = 0, n = 0, err = 0; pos < head->nr_bytes; pos += len, n++) {
		len = nth_chunk(head->seed + 1, n, head->nr_bytes - pos);
		if (pram_read(ps, buf, len) != len ||
		    !bytes_good(buf, len, head->seed, pos)) {
			err = -EIO;
			break;
		}
	}
	kfree(buf);

	return err;
}

static void fill_node(struct pram_stream *ps, enum test_kind kind)
{
	struct test_header head = {
		.magic		= TEST_MAGIC,
		.seed		= param_seed,
		.kind		= kind,
		.nr_bytes	= TEST_BYTES,
	};

	if (kind == TEST_CONTIG)
		head.order = param_order;

	if (kind == TEST_SCATTER)
		expect_eq(save_scattered(ps, &head), 0);
	else if (kind == TEST_CONTIG && !param_order)
		expect_eq(save_split(ps, &head), 0);
	else
		expect_eq(save_folios(ps, &head), 0);
	expect_eq(write_bytes(ps, &head), 0);
	pr_info("# %llu folios, %llu pages, %zu bytes\n", head.nr_folios,
		head.nr_pages, sizeof(head) + (size_t)head.nr_bytes);
}

static void save_node(enum test_kind kind)
{
	struct pram_stream ps;

	if (!expect_eq(pram_open(param_name, PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return;

	fill_node(&ps, kind);
	expect_eq(pram_close(&ps, test_failed ? PRAM_DISCARD : PRAM_COMMIT), 0);
}

static void save_mixed_case(void)
{
	save_node(TEST_MIXED);
}

static void save_scatter_case(void)
{
	if (expect(param_step > 1 && param_piece))
		save_node(TEST_SCATTER);
}

static void save_contig_case(void)
{
	if (expect(param_order <= MAX_PAGE_ORDER))
		save_node(TEST_CONTIG);
}

static void save_single_case(void)
{
	save_node(TEST_SINGLE);
}

/* As many nodes with nothing in them: NAME0, NAME1, ... */
static void save_many_case(void)
{
	struct pram_stream ps;
	char name[32];
	unsigned int i;

	for (i = 0; i < param_pages && !test_failed; i++) {
		snprintf(name, sizeof(name), "%s%u", param_name, i);
		if (expect_eq(pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps), 0))
			expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	}
}

/* Those of them that are there */
static void discard_many_case(void)
{
	unsigned int i, nr = 0;
	char name[32];

	for (i = 0; i < param_pages; i++) {
		snprintf(name, sizeof(name), "%s%u", param_name, i);
		nr += !pram_discard(name);
	}
	pr_info("# %u nodes are discarded\n", nr);
}

/*
 * Loading is a series of cases which share the stream. One folio of each order
 * is held until the stream is closed.
 */
static struct pram_stream load_ps;
static bool load_open;	/* left so by some ops until the module goes */
static struct test_header load_head;
static struct folio *load_held[NR_PAGE_ORDERS];
static u64 load_pos[NR_PAGE_ORDERS];

static void load_open_case(void)
{
	int err = pram_open(param_name, PRAM_READ, GFP_KERNEL, &load_ps);

	load_open = !err;
	expect_eq(err, 0);
}

static void load_header_case(void)
{
	struct test_header *head = &load_head;

	memset(head, 0, sizeof(*head));
	if (!expect(load_open))
		return;

	expect_eq(pram_read(&load_ps, head, sizeof(*head)), sizeof(*head));
	expect_eq(head->magic, TEST_MAGIC);
	expect_eq(head->seed, param_seed);
	expect(head->kind < TEST_NR_KINDS);
	expect(head->order <= MAX_PAGE_ORDER);
	expect(head->nr_folios > 0);
	if (test_failed)
		memset(head, 0, sizeof(*head));
}

/* Loads folio @n, or a piece of it, which has to be that at @pos. */
static struct folio *load_nth(u64 n, u64 pos)
{
	struct test_header *head = &load_head;
	unsigned int flags = ~0U;
	struct folio *folio;

	folio = pram_load_folio(&load_ps, &flags);
	if (!expect(!IS_ERR_OR_NULL(folio)))
		return NULL;

	if (!pos)
		param_first_pfn = folio_pfn(folio);
	if (param_pieces)
		expect(folio_order(folio) <= nth_order(head, n));
	else
		expect_eq(folio_order(folio), nth_order(head, n));
	expect_eq(flags, nth_flags(head, n));
	expect(folio_ref_count(folio) >= 1);
	expect(!folio_test_reserved(folio));
	expect(!page_has_type(&folio->page));
	expect(folio_good(folio, head->seed, pos));
	/* It is not everything that would do. */
	expect_eq(first_bad(folio, head->seed + 1, pos), 0);
	expect_eq(first_bad(folio, head->seed, pos + 1), 0);
	if (test_failed) {
		pr_info("# folio %llu of order %u, flags %u\n", n,
			folio_order(folio), flags);
		folio_put(folio);
		return NULL;
	}

	return folio;
}

static void load_folios(u64 nr)
{
	u64 n, pos, end = 0;
	struct folio *folio;

	for (n = 0, pos = 0; n < nr; n += pos == end) {
		if (pos == end)
			end += 1ULL << nth_order(&load_head, n);
		folio = load_nth(n, pos);
		if (!folio)
			return;
		if (load_held[folio_order(folio)]) {
			pos += folio_nr_pages(folio);
			folio_put(folio);
		} else {
			load_held[folio_order(folio)] = folio;
			load_pos[folio_order(folio)] = pos;
			pos += folio_nr_pages(folio);
		}
	}

	if (nr == load_head.nr_folios)
		expect_eq(pos, load_head.nr_pages);
}

static void load_folios_case(void)
{
	if (expect(load_head.nr_folios))
		load_folios(load_head.nr_folios);
}

/* All are right but one, which cannot be loaded */
static void damaged_folios_case(void)
{
	struct test_header *head = &load_head;
	struct folio *folio;
	u64 n, pos = 0;

	for (n = 0; n < head->nr_folios && !test_failed; n++) {
		if (n != param_bad) {
			folio = load_nth(n, pos);
			if (folio)
				folio_put(folio);
		} else {
			folio = pram_load_folio(&load_ps, NULL);
			expect_eq(PTR_ERR_OR_ZERO(folio),
				  param_broken ? -EHWPOISON : -EIO);
		}
		pos += 1ULL << nth_order(head, n);
	}
	expect_eq(pos, head->nr_pages);
}

/* All can be read but those from one place to the end of its page */
static void damaged_bytes_case(void)
{
	u64 pos = sizeof(load_head), end = pos + load_head.nr_bytes;
	bool met = param_bad_bytes < 0;
	u8 buf[100];

	while (load_head.nr_folios && pos < end && !test_failed) {
		ssize_t len = pram_read(&load_ps, buf, sizeof(buf));

		if (len == -EIO) {
			expect(!met);
			expect_eq(pos, param_bad_bytes);
			met = true;
			pos = round_up(pos + 1, PAGE_SIZE);
			continue;
		}
		if (!expect(len > 0))
			break;
		expect(bytes_good(buf, len, load_head.seed,
				  pos - sizeof(load_head)));
		pos += len;
	}
	expect(met);
	expect_eq(pos, end);
}

static void load_half_case(void)
{
	if (expect(load_head.nr_folios))
		load_folios(load_head.nr_folios / 2);
}

static void load_last_folio_case(void)
{
	unsigned int flags;

	if (!expect(load_head.nr_folios))
		return;

	expect(!pram_load_folio(&load_ps, &flags));
	expect(!pram_load_page(&load_ps, &flags));
	expect(!pram_load_folio(&load_ps, &flags));
}

static void load_bytes_case(void)
{
	if (expect(load_head.nr_folios))
		expect_eq(read_bytes(&load_ps, &load_head), 0);
}

static void load_last_byte_case(void)
{
	u8 byte;

	if (!expect(load_head.nr_folios))
		return;

	expect_eq(pram_read(&load_ps, &byte, 1), 0);
	expect_eq(pram_read(&load_ps, &byte, 0), 0);
	expect_eq(pram_read(&load_ps, &byte, 1), 0);
}

static void load_commit_case(void)
{
	struct pram_stream ps;

	/* What is not as it should be is kept. */
	if (!expect(load_head.nr_folios))
		return;

	load_open = false;
	expect_eq(pram_close(&load_ps, PRAM_COMMIT), 0);
	expect_eq(pram_open(param_name, PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
}

static void load_keep_case(void)
{
	struct pram_stream ps;

	if (!expect(load_open))
		return;

	load_open = false;
	expect_eq(pram_close(&load_ps, PRAM_KEEP), 0);
	if (expect_eq(pram_open(param_name, PRAM_READ, GFP_KERNEL, &ps), 0))
		expect_eq(pram_close(&ps, PRAM_KEEP), 0);
}

/* @refs: how many references each has, ours included */
static void load_put(int refs)
{
	struct folio *folio;
	unsigned int i;

	for (i = 0; i < NR_PAGE_ORDERS; i++) {
		folio = load_held[i];
		load_held[i] = NULL;
		if (!folio)
			continue;
		expect_eq(folio_order(folio), i);
		expect_eq(folio_ref_count(folio), refs);
		expect(folio_good(folio, load_head.seed, load_pos[i]));
		/* A folio that is ours may be written to. */
		if (refs == 1)
			fill_folio(folio, 0, 0);
		folio_put(folio);
	}
}

static void load_owned_case(void)
{
	if (expect(load_head.nr_folios))
		load_put(1);
}

static void load_shared_case(void)
{
	if (expect(load_head.nr_folios))
		load_put(2);
}

/* The module stays for these, with the stream open. */
static void leave_open_case(void)
{
	int err = pram_open(param_name, PRAM_WRITE, GFP_KERNEL, &load_ps);

	load_open = !err;
	if (expect_eq(err, 0))
		fill_node(&load_ps, TEST_MIXED);
}

static void leave_read_case(void)
{
	load_half_case();
	load_put(2);
}

/*
 * Pages that are written to, one after the other and round after round, until
 * the machine stops. The first word of each is the round, the last one says
 * which page it is. In the next kernel all are of the same round, but for those
 * at the end, which may be of the round before.
 */
static struct folio **busy_folios;
static struct task_struct *busy_task;
static unsigned int busy_nr;

static int busy_write(void *unused)
{
	unsigned int i;
	u64 round;

	for (round = 1; !kthread_should_stop(); round++) {
		for (i = 0; i < busy_nr; i++)
			WRITE_ONCE(*(u64 *)folio_address(busy_folios[i]), round);
		cond_resched();
	}

	return 0;
}

static void busy_stop(void)
{
	if (busy_task)
		kthread_stop(busy_task);
	busy_task = NULL;
	while (busy_nr)
		folio_put(busy_folios[--busy_nr]);
	kvfree(busy_folios);
	busy_folios = NULL;
}

/* Blocks may begin and end with pages that are left out */
#define BUSY_SPARE	256

/* Every other page of as much memory as that takes: wherever room is wanted */
static void busy_alloc(void)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NORETRY | __GFP_NOWARN;
	unsigned int nr, i;

	for (nr = 0; nr < 2 * param_pages + BUSY_SPARE; nr++) {
		busy_folios[nr] = folio_alloc(gfp, 0);
		if (!busy_folios[nr])
			break;
	}
	for (i = 0; i < nr; i++) {
		if (busy_nr < param_pages && folio_pfn(busy_folios[i]) % 2)
			busy_folios[busy_nr++] = busy_folios[i];
		else
			folio_put(busy_folios[i]);
	}
}

static int busy_save(struct pram_stream *ps)
{
	unsigned int i;
	u64 *words;
	int err;

	busy_folios = kvcalloc(2 * param_pages + BUSY_SPARE,
			       sizeof(*busy_folios), GFP_KERNEL);
	if (!busy_folios)
		return -ENOMEM;
	busy_alloc();
	for (i = 0, err = 0; i < busy_nr && !err; i++) {
		words = folio_address(busy_folios[i]);
		words[WORDS_PER_PAGE - 1] = word_at(param_seed, i);
		err = pram_save_folio(ps, busy_folios[i], 0);
	}
	expect_eq(busy_nr, param_pages);

	return err;
}

static void busy_case(void)
{
	struct pram_stream ps;

	if (!expect_eq(pram_open(param_name, PRAM_WRITE | PRAM_CSUM, GFP_KERNEL,
				 &ps), 0))
		return;
	expect_eq(busy_save(&ps), 0);
	expect_eq(pram_close(&ps, test_failed ? PRAM_DISCARD : PRAM_COMMIT), 0);
	if (test_failed)
		return;

	busy_task = kthread_run(busy_write, NULL, "test_pram");
	if (!expect(!IS_ERR(busy_task)))
		busy_task = NULL;
}

static void busy_load_case(void)
{
	u64 round = 0, nr = 0, nr_before = 0;
	struct pram_stream ps;
	struct folio *folio;
	u64 *words;

	if (!expect_eq(pram_open(param_name, PRAM_READ, GFP_KERNEL, &ps), 0))
		return;
	while ((folio = pram_load_folio(&ps, NULL))) {
		if (!expect(!IS_ERR(folio))) {
			pr_info("# page %llu: %ld\n", nr, PTR_ERR(folio));
			break;
		}
		words = folio_address(folio);
		if (!nr)
			round = words[0];
		nr_before += words[0] == round - 1;
		expect(words[0] == round - !!nr_before);
		expect(words[WORDS_PER_PAGE - 1] == word_at(param_seed, nr));
		nr++;
		folio_put(folio);
	}
	expect_eq(nr, param_pages);
	expect(round > 1);
	pr_info("# round %llu, %llu pages of the one before\n", round,
		nr_before);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* As that of a watchdog that cannot be stopped */
static int veto_reboot(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	return NOTIFY_BAD;
}

static struct notifier_block veto_nb = {
	.notifier_call = veto_reboot,
	.priority = INT_MAX,
};

static bool veto_registered;

static void veto_case(void)
{
	veto_registered = expect_eq(register_reboot_notifier(&veto_nb), 0);
}

static int refuse_load_call(struct notifier_block *nb, unsigned long event,
			    void *data)
{
	return notifier_from_errno(-EPERM);
}

static struct notifier_block refuse_load_nb = {
	.notifier_call	= refuse_load_call,
};

static bool refuse_load_registered;

static void refuse_load_case(void)
{
	refuse_load_registered =
		expect_eq(register_kexec_claim_notifier(&refuse_load_nb), 0);
}

static void leave_nothing(void)
{
	enum pram_how how = PRAM_KEEP;
	int err;

	busy_stop();
	if (veto_registered)
		unregister_reboot_notifier(&veto_nb);
	if (refuse_load_registered)
		unregister_kexec_claim_notifier(&refuse_load_nb);
	if (!load_open)
		return;

	load_open = false;
	if (load_ps.mode == PRAM_WRITE)
		how = param_commit ? PRAM_COMMIT : PRAM_DISCARD;
	err = pram_close(&load_ps, how);
	if (err)
		pr_err("test_pram: pram_close() failed: %d\n", err);
}

static void discard_case(void)
{
	expect_eq(pram_discard(param_name), 0);
	expect_eq(pram_discard(param_name), -ENOENT);
}

static void off_case(void)
{
	struct pram_stream ps;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), -ENODEV);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENODEV);
	expect_eq(pram_discard("a"), -ENODEV);
}

/*
 * The interface, in one kernel. What a case leaves behind because it failed is
 * discarded after it.
 */

static struct folio *api_folio(unsigned int order)
{
	struct folio *folio = new_folio(order, param_seed, 0);

	expect(folio);

	return folio;
}

/* Makes a node of one folio that nobody but PRAM has, and a few bytes. */
static bool api_make(const char *name)
{
	struct pram_stream ps;
	struct folio *folio;

	if (!expect_eq(pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return false;

	folio = api_folio(2);
	if (folio) {
		expect_eq(pram_save_folio(&ps, folio, 5), 0);
		folio_put(folio);
	}
	expect_eq(pram_write(&ps, name, strlen(name)), strlen(name));
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	return !test_failed;
}

/* Verifies what api_make() made. */
static void api_verify(struct pram_stream *ps, const char *name)
{
	struct folio *folio;
	unsigned int flags;
	char buf[16] = "";

	folio = pram_load_folio(ps, &flags);
	if (expect(!IS_ERR_OR_NULL(folio))) {
		expect_eq(folio_order(folio), 2);
		expect_eq(flags, 5);
		expect(folio_good(folio, param_seed, 0));
		folio_put(folio);
	}
	expect(!pram_load_folio(ps, &flags));
	expect_eq(pram_read(ps, buf, sizeof(buf)), strlen(name));
	expect(!strcmp(buf, name));
	expect_eq(pram_read(ps, buf, sizeof(buf)), 0);
}

static void api_keep_case(void)
{
	struct pram_stream ps;
	int i;

	if (!api_make("a"))
		return;

	for (i = 0; i < 4; i++) {
		if (!expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0))
			return;
		/* One of them says KEEP before it has seen anything. */
		if (i != 2)
			api_verify(&ps, "a");
		expect_eq(pram_close(&ps, i < 3 ? PRAM_KEEP : PRAM_COMMIT), 0);
	}
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
}

static void api_empty_case(void)
{
	struct pram_stream ps;
	unsigned int flags;
	char c;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect(!pram_load_folio(&ps, &flags));
	expect_eq(pram_read(&ps, &c, 1), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_discard("a"), -ENOENT);
}

static void api_enoent_case(void)
{
	struct pram_stream ps;

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
	expect_eq(pram_discard("a"), -ENOENT);
	if (!api_make("a"))
		return;
	expect_eq(pram_open("ab", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
	expect_eq(pram_open("A", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
	expect_eq(pram_discard("b"), -ENOENT);
	expect_eq(pram_discard("a"), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
}

static void api_eexist_case(void)
{
	struct pram_stream ps, other;

	if (!expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &other), -EEXIST);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &other), -EEXIST);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &other), -EEXIST);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

static void api_ebusy_case(void)
{
	struct pram_stream ps, other;

	if (!expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return;
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &other), -EBUSY);
	expect_eq(pram_discard("a"), -EBUSY);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &other), -EBUSY);
	expect_eq(pram_discard("a"), -EBUSY);
	/* Another node is another matter. */
	if (api_make("b"))
		expect_eq(pram_discard("b"), 0);
	expect_eq(pram_close(&ps, PRAM_KEEP), 0);
	expect_eq(pram_discard("a"), 0);
}

static bool api_name(const char *name, int want)
{
	struct pram_stream ps;
	int err;

	err = pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps);
	if (!err)
		expect_eq(pram_close(&ps, PRAM_DISCARD), 0);
	if (!expect_eq(err, want))
		return false;

	/* The others have the same idea of a name. */
	if (!want)
		want = -ENOENT;
	err = pram_open(name, PRAM_READ, GFP_KERNEL, &ps);
	if (!err)
		pram_close(&ps, PRAM_KEEP);

	return expect_eq(err, want) && expect_eq(pram_discard(name), want);
}

static void api_names_case(void)
{
	static const char * const bad[] = {
		"", ".", "..", "/", "a/b", "/a", "a/", "a\n", "\n", "\ta",
		"a\x1f", "a\x7f", "\x80", "n\xc3\xa9", "\xff",
	};
	static const char * const good[] = {
		"...", ".a", "a.", "a b", " ", "!\"#$%&'()*+,-.:;<=>?@", "~",
		"[\\]^_`{|}",
	};
	char *name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!api_name(bad[i], -EINVAL))
			pr_info("# bad name %zu\n", i);
	for (i = 0; i < ARRAY_SIZE(good); i++)
		if (!api_name(good[i], 0))
			pr_info("# good name %zu\n", i);

	name = kmalloc(SZ_8K, GFP_KERNEL);
	if (!expect(name))
		return;
	memset(name, 'x', SZ_8K);
	name[SZ_8K - 1] = '\0';
	api_name(name, -ENAMETOOLONG);
	name[256] = '\0';
	api_name(name, -ENAMETOOLONG);
	name[255] = '\0';
	api_name(name, 0);
	kfree(name);
}

/* Names that agree in 254 of 255 bytes are two names. */
static void api_long_names_case(void)
{
	struct pram_stream ps;
	char *name;

	name = kmalloc(256, GFP_KERNEL);
	if (!expect(name))
		return;
	memset(name, 'x', 255);
	name[255] = '\0';
	expect_eq(pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	name[254] = 'y';
	expect_eq(pram_discard(name), -ENOENT);
	name[254] = '\0';
	expect_eq(pram_discard(name), -ENOENT);
	name[254] = 'x';
	expect_eq(pram_discard(name), 0);
	kfree(name);
}

static void api_flags_case(void)
{
	static const unsigned int bad[] = { 8, 9, 15, 1U << 31, ~0U };
	struct folio *folio = api_folio(0);
	struct pram_stream ps;
	unsigned int flags;
	size_t i;

	if (!folio)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		expect_eq(pram_save_folio(&ps, folio, bad[i]), -EINVAL);
		expect_eq(pram_save_page(&ps, &folio->page, bad[i]), -EINVAL);
		expect_eq(folio_ref_count(folio), 1);
	}
	expect_eq(pram_save_page(&ps, &folio->page, 7), 0);
	folio_put(folio);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	folio = pram_load_folio(&ps, &flags);
	if (expect(!IS_ERR_OR_NULL(folio))) {
		expect_eq(flags, 7);
		folio_put(folio);
	}
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* A page belongs to one node, once, and a refused call changes nothing. */
static void api_twice_case(void)
{
	struct folio *folio = api_folio(2);
	struct pram_stream ps, other;

	if (!folio)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_open("b", PRAM_WRITE, GFP_KERNEL, &other), 0);
	expect_eq(pram_save_folio(&ps, folio, 5), 0);
	expect_eq(folio_ref_count(folio), 2);
	expect_eq(pram_save_folio(&ps, folio, 5), -EEXIST);
	expect_eq(pram_save_folio(&ps, folio, 0), -EEXIST);
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);
	expect_eq(folio_ref_count(folio), 2);
	expect_eq(pram_write(&ps, "a", 1), 1);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);
	api_verify(&ps, "a");
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	/* Now it is free to go elsewhere, and again after that. */
	expect_eq(folio_ref_count(folio), 1);
	expect_eq(pram_save_folio(&other, folio, 5), 0);
	expect_eq(pram_close(&other, PRAM_DISCARD), 0);
	expect_eq(folio_ref_count(folio), 1);
	expect_eq(pram_open("b", PRAM_WRITE, GFP_KERNEL, &other), 0);
	expect_eq(pram_save_folio(&other, folio, 5), 0);
	expect_eq(pram_write(&other, "b", 1), 1);
	expect_eq(pram_close(&other, PRAM_COMMIT), 0);
	expect_eq(pram_open("b", PRAM_READ, GFP_KERNEL, &other), 0);
	api_verify(&other, "b");
	expect_eq(pram_close(&other, PRAM_COMMIT), 0);
	expect_eq(folio_ref_count(folio), 1);
	folio_put(folio);
}

static void api_mode_case(void)
{
	struct folio *folio = api_folio(0);
	struct pram_stream ps;
	unsigned int flags;
	char c = 'c';

	if (!folio)
		return;
	expect_eq(pram_open("a", 0, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", PRAM_CSUM, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", PRAM_WRITE | PRAM_READ, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", PRAM_READ | PRAM_CSUM, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", -1, GFP_KERNEL, &ps), -EINVAL);

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(PTR_ERR(pram_load_folio(&ps, &flags)), -EINVAL);
	expect_eq(PTR_ERR(pram_load_page(&ps, &flags)), -EINVAL);
	expect_eq(pram_read(&ps, &c, 1), -EINVAL);
	expect_eq(pram_close(&ps, PRAM_KEEP), -EINVAL);
	expect_eq(pram_close(&ps, 3), -EINVAL);
	expect_eq(pram_write(&ps, &c, 1), 1);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, folio, 0), -EINVAL);
	expect_eq(pram_save_page(&ps, &folio->page, 0), -EINVAL);
	expect_eq(folio_ref_count(folio), 1);
	expect_eq(pram_write(&ps, &c, 1), -EINVAL);
	expect_eq(pram_close(&ps, PRAM_DISCARD), -EINVAL);
	expect_eq(pram_close(&ps, 3), -EINVAL);
	expect_eq(pram_read(&ps, &c, 1), 1);
	expect(c == 'c');
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	folio_put(folio);
}

/* Only folios of one page pass for pages. */
static void api_page_case(void)
{
	struct folio *large = api_folio(2), *small = api_folio(0);
	struct pram_stream ps;
	unsigned int flags;

	if (!large || !small)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_page(&ps, folio_page(large, 0), 0), -EINVAL);
	expect_eq(pram_save_page(&ps, folio_page(large, 1), 0), -EINVAL);
	expect_eq(pram_save_page(&ps, folio_page(large, 3), 0), -EINVAL);
	expect_eq(folio_ref_count(large), 1);
	expect_eq(pram_save_folio(&ps, large, 1), 0);
	expect_eq(pram_save_page(&ps, folio_page(small, 0), 2), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(PTR_ERR(pram_load_page(&ps, &flags)), -EINVAL);
	expect_eq(PTR_ERR(pram_load_page(&ps, &flags)), -EINVAL);
	expect_eq(folio_ref_count(large), 2);
	expect(pram_load_folio(&ps, &flags) == large);
	expect_eq(flags, 1);
	expect(pram_load_page(&ps, &flags) == folio_page(small, 0));
	expect_eq(flags, 2);
	expect(!pram_load_page(&ps, &flags));
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(folio_ref_count(large), 2);
	expect_eq(folio_ref_count(small), 2);
	folio_put_refs(large, 2);
	folio_put_refs(small, 2);
}

/* What is not ordinary memory of its own is refused, not lost. */
static void api_refused_case(void)
{
	struct pram_stream ps;
	void *slab;

	slab = kmalloc(64, GFP_KERNEL);
	if (!expect(slab))
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, virt_to_folio(slab), 0), -EINVAL);
	expect_eq(pram_save_page(&ps, ZERO_PAGE(0), 0), -EINVAL);
	expect_eq(pram_save_folio(&ps, page_folio(ZERO_PAGE(0)), 0), -EINVAL);
	expect_eq(pram_close(&ps, PRAM_DISCARD), 0);
	kfree(slab);
}

static void api_write_bytes(size_t size, size_t piece, u8 *buf)
{
	struct pram_stream ps;
	size_t pos, len;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_write(&ps, buf, 0), 0);
	for (pos = 0; pos < size; pos += len) {
		len = min(piece, size - pos);
		fill_bytes(buf, len, param_seed, pos);
		if (!expect_eq(pram_write(&ps, buf, len), len))
			break;
		expect_eq(pram_write(&ps, buf, 0), 0);
	}
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

static void api_read_bytes(size_t size, size_t piece, u8 *buf)
{
	struct pram_stream ps;
	size_t pos, len;

	/* All there is, and more, at once */
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_read(&ps, buf, 0), 0);
	expect_eq(pram_read(&ps, buf, size + 10), size);
	expect(bytes_good(buf, size, param_seed, 0));
	expect_eq(pram_read(&ps, buf, 10), 0);
	expect_eq(pram_close(&ps, PRAM_KEEP), 0);

	/* And in pieces */
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	for (pos = 0; pos < size; pos += len) {
		len = min(piece, size - pos);
		expect_eq(pram_read(&ps, buf, 0), 0);
		if (!expect_eq(pram_read(&ps, buf, piece), len) ||
		    !expect(bytes_good(buf, len, param_seed, pos)))
			break;
	}
	expect_eq(pram_read(&ps, buf, 10), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* The pieces that are read do not end where those that were written did. */
static void api_bytes_case(void)
{
	static const size_t sizes[] = {
		0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE,
		5 * PAGE_SIZE + 7,
	};
	static const size_t pieces[] = {
		1, 1000, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, SZ_32K,
	};
	size_t i, j;
	u8 *buf;

	buf = kmalloc(SZ_64K, GFP_KERNEL);
	if (!expect(buf))
		return;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (j = 0; j < ARRAY_SIZE(pieces); j++) {
			api_write_bytes(sizes[i], pieces[j], buf);
			api_read_bytes(sizes[i], pieces[j] + 3, buf);
			if (test_failed) {
				pr_info("# %zu bytes, %zu at once\n", sizes[i],
					pieces[j]);
				goto free;
			}
		}
	}
free:
	kfree(buf);
}

/* More entries than a few links hold: the flags keep them from merging. */
static void api_links_case(void)
{
	const unsigned int nr = 2500;
	struct pram_stream ps;
	unsigned int flags, i;
	struct folio *folio;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	for (i = 0; i < nr && !test_failed; i++) {
		folio = new_folio(0, param_seed, i);
		if (!expect(folio))
			break;
		expect_eq(pram_save_folio(&ps, folio, i & 7), 0);
		folio_put(folio);
	}
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	for (i = 0; i < nr && !test_failed; i++) {
		folio = pram_load_folio(&ps, &flags);
		if (!expect(!IS_ERR_OR_NULL(folio)))
			break;
		expect_eq(flags, i & 7);
		expect(folio_good(folio, param_seed, i));
		folio_put(folio);
	}
	expect(!pram_load_folio(&ps, &flags));
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* PRAM has one reference, each load gives one, and COMMIT takes PRAM's. */
static void api_refs_case(void)
{
	struct folio *folio = api_folio(3);
	struct pram_stream ps;
	unsigned int flags;

	if (!folio)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, folio, 0), 0);
	expect_eq(folio_ref_count(folio), 2);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(folio_ref_count(folio), 2);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(folio_ref_count(folio), 2);
	expect(pram_load_folio(&ps, &flags) == folio);
	expect_eq(folio_ref_count(folio), 3);
	folio_put(folio);
	expect_eq(pram_close(&ps, PRAM_KEEP), 0);
	expect_eq(folio_ref_count(folio), 2);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect(pram_load_folio(&ps, &flags) == folio);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(folio_ref_count(folio), 2);
	folio_put(folio);
	expect(folio_good(folio, param_seed, 0));

	/* A node that goes unread, too, gives back what it held. */
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, folio, 0), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_discard("a"), 0);
	expect_eq(folio_ref_count(folio), 1);
	folio_put(folio);
}

static unsigned long nr_free(void)
{
	struct sysinfo info;

	si_meminfo(&info);

	return info.freeram;
}

/* 4 MiB are given up 16 times; per-CPU lists may account for 8 MiB. */
static void api_discard_case(void)
{
	const size_t size = SZ_1M;
	unsigned long before, after;
	struct pram_stream ps;
	struct folio *folio;
	u8 *buf;
	int i;

	buf = kvzalloc(size, GFP_KERNEL);
	if (!expect(buf))
		return;
	before = nr_free();
	for (i = 0; i < 16 && !test_failed; i++) {
		expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
		expect_eq(pram_write(&ps, buf, size), size);
		expect_eq(pram_write(&ps, buf, size), size);
		folio = api_folio(9);
		if (folio) {
			expect_eq(pram_save_folio(&ps, folio, 0), 0);
			folio_put(folio);
		}
		expect_eq(pram_close(&ps, PRAM_DISCARD), 0);
		expect_eq(pram_discard("a"), -ENOENT);
	}
	after = nr_free();
	pr_info("# free pages: %lu before, %lu after\n", before, after);
	expect(after + SZ_8M / PAGE_SIZE > before);
	kvfree(buf);
}

/*
 * What to do
 */

static const struct test_case api_cases[] = {
	{ "a node can be loaded again after KEEP, not after COMMIT",
	  api_keep_case },
	{ "an empty node is a node", api_empty_case },
	{ "what there is not is ENOENT", api_enoent_case },
	{ "a name that is taken is EEXIST", api_eexist_case },
	{ "a node that is open is EBUSY", api_ebusy_case },
	{ "names are checked", api_names_case },
	{ "names are told apart to the last byte", api_long_names_case },
	{ "flags are checked, and come back", api_flags_case },
	{ "a page that is saved twice is EEXIST", api_twice_case },
	{ "modes are checked", api_mode_case },
	{ "pages and large folios are not mixed up", api_page_case },
	{ "slab and reserved pages are refused", api_refused_case },
	{ "bytes of any number in any pieces", api_bytes_case },
	{ "streams of many links", api_links_case },
	{ "references are given back", api_refs_case },
	{ "DISCARD leaves nothing", api_discard_case },
};

static const struct test_case save_cases[] = {
	{ "save folios of all orders, and bytes", save_mixed_case },
};

static const struct test_case scatter_cases[] = {
	{ "save scattered pages", save_scatter_case },
};

static const struct test_case contig_cases[] = {
	{ "save neighbours", save_contig_case },
};

static const struct test_case single_cases[] = {
	{ "save single pages", save_single_case },
};

static const struct test_case many_cases[] = {
	{ "save many nodes", save_many_case },
};

static const struct test_case no_more_cases[] = {
	{ "discard them", discard_many_case },
};

static const struct test_case load_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "folios", load_folios_case },
	{ "end of folios", load_last_folio_case },
	{ "bytes", load_bytes_case },
	{ "end of bytes", load_last_byte_case },
	{ "the node is gone after COMMIT", load_commit_case },
	{ "the folios are ours after COMMIT", load_owned_case },
};

static const struct test_case peek_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "folios", load_folios_case },
	{ "end of folios", load_last_folio_case },
	{ "bytes", load_bytes_case },
	{ "end of bytes", load_last_byte_case },
	{ "the node is there after KEEP", load_keep_case },
	{ "the folios are shared after KEEP", load_shared_case },
};

static const struct test_case damaged_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "folios, but one", damaged_folios_case },
	{ "end of folios", load_last_folio_case },
	{ "bytes, but some", damaged_bytes_case },
	{ "end of bytes", load_last_byte_case },
	{ "the node is there after KEEP", load_keep_case },
};

static const struct test_case part_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "half of the folios", load_half_case },
	{ "the node is gone after COMMIT", load_commit_case },
	{ "the folios are ours after COMMIT", load_owned_case },
};

static const struct test_case leave_open_cases[] = {
	{ "write, and leave it at that", leave_open_case },
};

static const struct test_case leave_read_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "load half, and leave it at that", leave_read_case },
};

static const struct test_case busy_cases[] = {
	{ "save, and go on writing to it", busy_case },
};

static const struct test_case busy_load_cases[] = {
	{ "what was written last is there", busy_load_case },
};

static const struct test_case discard_cases[] = {
	{ "discard", discard_case },
};

static const struct test_case off_cases[] = {
	{ "PRAM is off", off_case },
};

static const struct test_case refuse_load_cases[] = {
	{ "a notifier of claims that refuses", refuse_load_case },
};

static const struct test_case veto_cases[] = {
	{ "a reboot notifier that ends the chain", veto_case },
};

#define TEST_OP(op)	{ #op, op##_cases, ARRAY_SIZE(op##_cases) }

static const struct test_op {
	const char		*name;
	const struct test_case	*cases;
	unsigned int		nr;
} test_ops[] = {
	TEST_OP(api),		/* the interface, in one kernel */
	TEST_OP(save),		/* make a node of all orders */
	TEST_OP(scatter),	/* make one of single pages, no neighbours */
	TEST_OP(contig),	/* make one of neighbours of one order */
	TEST_OP(single),	/* make one of single pages that are told apart */
	TEST_OP(load),		/* verify any of these, and COMMIT */
	TEST_OP(peek),		/* verify, and KEEP */
	TEST_OP(damaged),	/* as peek, where something is damaged */
	TEST_OP(part),		/* load half, and COMMIT */
	TEST_OP(leave_open),	/* make one, and leave the stream open */
	TEST_OP(leave_read),	/* load half, and leave the stream open */
	TEST_OP(busy),		/* make one, and go on writing to its pages */
	TEST_OP(busy_load),	/* verify that, and COMMIT */
	TEST_OP(discard),	/* discard a node */
	TEST_OP(many),		/* make as many empty nodes as "pages" says */
	TEST_OP(no_more),	/* discard those of them that there are */
	TEST_OP(off),		/* PRAM is off */
	TEST_OP(veto),		/* have a reboot notifier that fails */
	TEST_OP(refuse_load),	/* have images refused when they are loaded */
};

static int run_cases(const struct test_op *op)
{
	unsigned int i, nr_failed = 0;

	pr_info("KTAP version 1\n");
	pr_info("# test_pram: %s, node %s, seed %lu\n", op->name, param_name,
		param_seed);
	pr_info("1..%u\n", op->nr);
	for (i = 0; i < op->nr; i++) {
		test_failed = false;
		op->cases[i].run();
		nr_failed += test_failed;
		pr_info("%sok %u - %s\n", test_failed ? "not " : "", i + 1,
			op->cases[i].what);
		if (op->cases == api_cases) {
			pram_discard("a");
			pram_discard("b");
		}
	}

	return nr_failed ? -EIO : 0;
}

static int __init test_pram_init(void)
{
	int err = -EINVAL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test_ops); i++)
		if (!strcmp(param_op, test_ops[i].name))
			err = run_cases(&test_ops[i]);
	if (err == -EINVAL)
		pr_err("test_pram: no such op: %s\n", param_op);
	/* After an error nobody calls the exit function. */
	if (err)
		leave_nothing();

	return err;
}
module_init(test_pram_init);

static void __exit test_pram_exit(void)
{
	leave_nothing();
}
module_exit(test_pram_exit);

MODULE_DESCRIPTION("Test of memory that is kept over kexec");
MODULE_LICENSE("GPL");
