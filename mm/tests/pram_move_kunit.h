/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of moving a node, and of undoing it.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define TEST_NODE	"pram-kunit"
#define TEST_SMALL	700
#define TEST_BYTES	(3 * PAGE_SIZE + 100)
#define TEST_ORDERS	10

/* Single pages that cannot merge, so that there are links; one of each order */
static void move_make(struct kunit *test)
{
	struct pram_stream ps;
	unsigned int i;
	u8 *bytes;

	KUNIT_ASSERT_EQ(test, pram_open(TEST_NODE, PRAM_WRITE, GFP_KERNEL,
					&ps), 0);
	for (i = 0; i < TEST_SMALL + TEST_ORDERS; i++) {
		unsigned int order = i < TEST_SMALL ? 0 : i - TEST_SMALL;
		struct folio *folio = folio_alloc(GFP_KERNEL, order);

		KUNIT_ASSERT_NOT_NULL(test, folio);
		pram_test_fill(folio_page(folio, 0), 1UL << order, i);
		KUNIT_ASSERT_EQ(test, pram_save_folio(&ps, folio, i & 7), 0);
		folio_put(folio);
	}
	bytes = kunit_kmalloc(test, TEST_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	memset(bytes, 0x5a, TEST_BYTES);
	KUNIT_ASSERT_EQ(test, pram_write(&ps, bytes, TEST_BYTES), TEST_BYTES);
	kunit_kfree(test, bytes);
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
}

/* Verifies what move_make() made, and ends it */
static void move_load(struct kunit *test)
{
	struct pram_stream ps;
	unsigned int i, flags;
	u8 *bytes;

	KUNIT_ASSERT_EQ(test, pram_open(TEST_NODE, PRAM_READ, GFP_KERNEL, &ps),
			0);
	for (i = 0; i < TEST_SMALL + TEST_ORDERS; i++) {
		unsigned int order = i < TEST_SMALL ? 0 : i - TEST_SMALL;
		struct folio *folio = pram_load_folio(&ps, &flags);

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
		KUNIT_EXPECT_EQ(test, folio_order(folio), order);
		KUNIT_EXPECT_EQ(test, flags, i & 7);
		KUNIT_EXPECT_TRUE(test, pram_test_filled(folio_page(folio, 0),
							 1UL << order, i));
		folio_put(folio);
	}
	bytes = kunit_kmalloc(test, TEST_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	KUNIT_EXPECT_EQ(test, pram_read(&ps, bytes, TEST_BYTES), TEST_BYTES);
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes, 0x5a, TEST_BYTES));
	kunit_kfree(test, bytes);
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
}

static int move_test_init(struct kunit *test)
{
	if (!pram_super)
		kunit_skip(test, "PRAM is off");
	if (pram_frozen)
		kunit_skip(test, "a kexec has begun");
	move_make(test);
	return 0;
}

static void move_test_exit(struct kunit *test)
{
	static const struct pram_range none;

	pram_forbid(&none, 0);
	if (pram_super)
		pram_discard(TEST_NODE);
}

static struct pram_node *move_node(void)
{
	guard(mutex)(&pram_lock);
	return pram_find(TEST_NODE);
}

/* One page after the other of a chain */
struct move_walk {
	struct pram_link *link;
	unsigned int entry;
	u64 page;
};

static bool move_walk(struct move_walk *at, const struct pram_chain *chain,
		      u64 *pfn, unsigned int *flags)
{
	u64 entry;

	if (!at->link) {
		if (!chain->first)
			return false;
		at->link = pram_addr(chain->first);
	}
	if (at->page == pram_entry_pages(at->link->entry[at->entry])) {
		at->page = 0;
		at->entry++;
	}
	if (at->entry == at->link->nr_entries) {
		if (!at->link->next)
			return false;
		at->link = pram_addr(at->link->next);
		at->entry = 0;
	}
	entry = at->link->entry[at->entry];
	*pfn = pram_entry_pfn(entry) + at->page++;
	*flags = pram_entry_flags(entry);
	return true;
}

/* Copies may be in high memory */
static bool move_same(u64 was_pfn, u64 now_pfn)
{
	const void *was = kmap_local_page(pfn_to_page(was_pfn));
	const void *now = kmap_local_page(pfn_to_page(now_pfn));
	bool same = !memcmp(was, now, PAGE_SIZE);

	kunmap_local(now);
	kunmap_local(was);
	return same;
}

static void move_compare_chain(struct kunit *test,
			       const struct pram_chain *was,
			       const struct pram_chain *now)
{
	struct move_walk at_was = {}, at_now = {};
	unsigned int was_flags, now_flags;
	struct pram_mover mover = {};
	u64 was_pfn, now_pfn, nr = 0;

	while (move_walk(&at_was, was, &was_pfn, &was_flags)) {
		KUNIT_ASSERT_TRUE(test, move_walk(&at_now, now, &now_pfn,
						  &now_flags));
		KUNIT_ASSERT_EQ(test, was_flags, now_flags);
		KUNIT_ASSERT_EQ(test, pram_map_add(now_pfn, 1, GFP_KERNEL),
				-EEXIST);
		KUNIT_ASSERT_TRUE(test, move_same(was_pfn, now_pfn));
		nr++;
	}
	KUNIT_EXPECT_FALSE(test, move_walk(&at_now, now, &now_pfn,
					   &now_flags));
	KUNIT_EXPECT_EQ(test, nr, now->nr_pages);
	KUNIT_EXPECT_EQ(test, nr, was->nr_pages);
	KUNIT_EXPECT_NULL(test, pram_last_forbidden(&mover, now));
}

static void move_compare(struct kunit *test)
{
	struct pram_node *node = move_node();
	struct pram_node_page *was = node->page, *now = node->moved;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, now);
	KUNIT_EXPECT_PTR_NE(test, was, now);
	KUNIT_EXPECT_FALSE(test, pram_forbidden(now->head.pfn, 1));
	KUNIT_EXPECT_EQ(test, now->head.pfn, PHYS_PFN(__pa(now)));
	KUNIT_EXPECT_STREQ(test, now->name, TEST_NODE);
	KUNIT_EXPECT_EQ(test, now->nr_bytes, TEST_BYTES);
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		move_compare_chain(test, &was->chain[i], &now->chain[i]);
}

static int move_nodes(void)
{
	struct folio *held = NULL;
	int err;

	guard(mutex)(&pram_lock);
	err = pram_move_nodes(&held, false);
	pram_free_held(&held);
	return err;
}

static void move_expect_empty(struct kunit *test, const struct pram_log *log)
{
	KUNIT_EXPECT_EQ(test, log->chain.first, 0);
	KUNIT_EXPECT_EQ(test, log->chain.nr_pages, 0);
	KUNIT_EXPECT_NULL(test, log->last);
}

static void move_undo(struct kunit *test)
{
	scoped_guard(mutex, &pram_lock)
		pram_move_undo();
	KUNIT_EXPECT_NULL(test, move_node()->moved);
	move_expect_empty(test, &pram_log_meta);
	move_expect_empty(test, &pram_log_copies);
	move_expect_empty(test, &pram_log_origins);
}

static void move_and_undo(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, move_nodes(), 0);
	move_compare(test);
	move_undo(test);
}

static void move_range(struct kunit *test, u64 start, u64 nr)
{
	const struct pram_range range = { start, start + nr };

	pram_forbid(&range, 1);
	pram_test_leak(test, move_and_undo);
}

/* The nth page of the node's page stream */
static u64 move_nth(unsigned int nth)
{
	const struct pram_chain *chain = &move_node()->page->chain[PRAM_PAGES];
	struct move_walk at = {};
	unsigned int flags;
	u64 pfn = 0;

	do {
		move_walk(&at, chain, &pfn, &flags);
	} while (nth--);
	return pfn;
}

static void move_nothing_test(struct kunit *test)
{
	const struct pram_range first = { 0, PHYS_PFN(SZ_1M) };

	pram_forbid(&first, 1);
	KUNIT_EXPECT_EQ(test, move_nodes(), 0);
	KUNIT_EXPECT_NULL(test, move_node()->moved);
	move_expect_empty(test, &pram_log_meta);
	move_undo(test);
	move_load(test);
}

static void move_page_test(struct kunit *test)
{
	move_range(test, move_nth(0), 1);
	move_range(test, move_nth(TEST_SMALL / 2), 1);
	move_load(test);
}

/* A page of a large folio is forbidden, and the whole folio moves */
static void move_folio_test(struct kunit *test)
{
	move_range(test, move_nth(TEST_SMALL + 700), 1);
	move_load(test);
}

static void move_meta_test(struct kunit *test)
{
	struct pram_node_page *page = move_node()->page;
	struct pram_link *link;

	move_range(test, page->head.pfn, 1);
	KUNIT_ASSERT_GT(test, page->chain[PRAM_PAGES].nr_links, 1);
	link = pram_addr(page->chain[PRAM_PAGES].first);
	move_range(test, link->head.pfn, 1);
	move_range(test, link->next, 1);
	link = pram_addr(page->chain[PRAM_BYTES].first);
	move_range(test, link->head.pfn, 1);
	move_range(test, pram_entry_pfn(link->entry[0]), 1);
	move_load(test);
}

/*
 * What is written after the move is in the copies all the same, in the end, where
 * somebody had a reference when the pages were moved. Where not, nobody writes.
 */
static void move_again_test(struct kunit *test)
{
	struct pram_range ranges[2];
	struct folio *folio;
	unsigned int i;
	u8 *was;

	ranges[0].start = move_nth(5);
	ranges[0].end = ranges[0].start + 1;
	ranges[1].start = move_nth(TEST_SMALL + 600);
	ranges[1].end = ranges[1].start + 3;
	was = kunit_kmalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, was);
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		pram_forbid(&ranges[i], 1);
		folio = pfn_folio(ranges[i].start);
		folio_get(folio);
		KUNIT_EXPECT_EQ(test, move_nodes(), 0);
		move_compare(test);
		memcpy(was, pram_addr(ranges[i].start), PAGE_SIZE);
		memset(pram_addr(ranges[i].start), 0x11, PAGE_SIZE);
		/* It counts who had one then */
		folio_put(folio);
		scoped_guard(mutex, &pram_lock)
			pram_move_again();
		move_compare(test);
		move_undo(test);

		memcpy(pram_addr(ranges[i].start), was, PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, move_nodes(), 0);
		memset(pram_addr(ranges[i].start), 0x11, PAGE_SIZE);
		scoped_guard(mutex, &pram_lock)
			pram_move_again();
		memcpy(pram_addr(ranges[i].start), was, PAGE_SIZE);
		move_compare(test);
		move_undo(test);
	}
	move_load(test);
}

/* While a node is open, its folios can get into the hands of others */
static void move_open_test(struct kunit *test)
{
	struct pram_range range;
	struct pram_stream ps;

	range.start = move_nth(5);
	range.end = range.start + 1;
	pram_forbid(&range, 1);
	KUNIT_ASSERT_EQ(test, pram_open(TEST_NODE, PRAM_READ, GFP_KERNEL, &ps),
			0);
	KUNIT_EXPECT_EQ(test, move_nodes(), 0);
	memset(pram_addr(range.start), 0x11, PAGE_SIZE);
	scoped_guard(mutex, &pram_lock)
		pram_move_again();
	move_compare(test);
	move_undo(test);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_KEEP), 0);
}

/* Links behind the last that has to be new are in both descriptions */
static void move_links_test(struct kunit *test)
{
	const struct pram_chain *was, *now;
	struct pram_link *link, *moved;
	struct pram_range range;
	struct pram_node *node = move_node();

	was = &node->page->chain[PRAM_PAGES];
	KUNIT_ASSERT_EQ(test, was->nr_links, 2);
	link = pram_addr(was->first);

	range.start = move_nth(0);
	range.end = range.start + 1;
	pram_forbid(&range, 1);
	KUNIT_EXPECT_EQ(test, move_nodes(), 0);
	move_compare(test);
	now = &node->moved->chain[PRAM_PAGES];
	moved = pram_addr(now->first);
	KUNIT_EXPECT_NE(test, now->first, was->first);
	KUNIT_EXPECT_EQ(test, now->nr_links, 2);
	KUNIT_EXPECT_EQ(test, moved->next, link->next);
	/* One for the node, one for the link */
	KUNIT_EXPECT_EQ(test, pram_log_meta.chain.nr_pages, 2);
	KUNIT_EXPECT_EQ(test, node->moved->chain[PRAM_BYTES].first,
			node->page->chain[PRAM_BYTES].first);
	move_undo(test);

	range.start = link->next;
	range.end = range.start + 1;
	pram_forbid(&range, 1);
	KUNIT_EXPECT_EQ(test, move_nodes(), 0);
	move_compare(test);
	KUNIT_EXPECT_EQ(test, pram_log_meta.chain.nr_pages, 3);
	KUNIT_EXPECT_EQ(test, pram_log_copies.chain.nr_pages, 0);
	move_undo(test);
	move_load(test);
}

static void move_dry(struct kunit *test)
{
	struct folio *held = NULL;
	struct pram_moved moved;
	u64 pfn = move_nth(5);

	scoped_guard(mutex, &pram_lock) {
		KUNIT_EXPECT_EQ(test, pram_move_nodes(&held, true), 0);
		pram_free_held(&held);
		pram_move_count(&moved);
	}
	KUNIT_EXPECT_EQ(test, moved.pages, 1);
	KUNIT_EXPECT_EQ(test, moved.split, 0);
	KUNIT_EXPECT_NOT_NULL(test, move_node()->moved);
	KUNIT_EXPECT_EQ(test, pram_log_copies.chain.nr_pages, 1);
	KUNIT_EXPECT_TRUE(test, pram_forbidden(pfn, 1));
	move_undo(test);
	scoped_guard(mutex, &pram_lock)
		pram_move_count(&moved);
	KUNIT_EXPECT_EQ(test, moved.pages, 0);
}

/* All but the copying, and what would have been moved is counted */
static void move_dry_test(struct kunit *test)
{
	struct pram_range range;

	range.start = move_nth(5);
	range.end = range.start + 1;
	pram_forbid(&range, 1);
	pram_test_leak(test, move_dry);
	move_load(test);
}

/* Large parts of the node, metadata and all, wherever it happens to be */
static void move_stripes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, move_nodes(), 0);
	if (move_node()->moved)
		move_compare(test);
	move_undo(test);
}

static void move_stripes_test(struct kunit *test)
{
	pram_test_forbid_stripes(test);
	pram_test_leak(test, move_stripes);
	move_load(test);
}

static void move_poison(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, move_nodes(), -EHWPOISON);
	KUNIT_EXPECT_NE(test, pram_log_copies.chain.nr_pages, 0);
	move_undo(test);
}

/* It cannot be moved, what had been moved is freed, and what stays is good */
static void move_poison_test(struct kunit *test)
{
	struct pram_range ranges[2];
	struct page *page;

	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		kunit_skip(test, "no CONFIG_MEMORY_FAILURE");
	ranges[0].start = move_nth(3);
	ranges[0].end = ranges[0].start + 1;
	ranges[1].start = move_nth(TEST_SMALL + 300);
	ranges[1].end = ranges[1].start + 1;
	page = pfn_to_page(ranges[1].start);
	pram_forbid(ranges, ARRAY_SIZE(ranges));
	pram_test_break(page);
	pram_test_leak(test, move_poison);
	pram_test_mend(page);
	pram_test_leak(test, move_and_undo);
	move_load(test);
}

static struct kunit_case move_test_cases[] = {
	KUNIT_CASE(move_nothing_test),
	KUNIT_CASE(move_page_test),
	KUNIT_CASE(move_folio_test),
	KUNIT_CASE(move_meta_test),
	KUNIT_CASE(move_again_test),
	KUNIT_CASE(move_open_test),
	KUNIT_CASE(move_links_test),
	KUNIT_CASE(move_dry_test),
	KUNIT_CASE(move_stripes_test),
	KUNIT_CASE(move_poison_test),
	{}
};

static struct kunit_suite move_test_suite = {
	.name = "pram_move",
	.init = move_test_init,
	.exit = move_test_exit,
	.test_cases = move_test_cases,
};

kunit_test_suite(move_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
