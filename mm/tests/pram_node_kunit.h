/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of nodes: with real folios, with raw pages as adopted nodes have
 * them, and with pages that are refused. test_pram.ko has more of the interface.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define TEST_NODE	"pram-kunit"

static int node_test_init(struct kunit *test)
{
	if (!pram_super)
		kunit_skip(test, "PRAM is off");
	return 0;
}

static void node_test_exit(struct kunit *test)
{
	pram_discard(TEST_NODE);
}

static void node_open(struct kunit *test, unsigned int mode,
		      struct pram_stream *ps)
{
	KUNIT_ASSERT_EQ(test, pram_open(TEST_NODE, mode, GFP_KERNEL, ps), 0);
}

static void node_load(struct kunit *test, struct pram_stream *ps,
		      unsigned int order, unsigned int flags,
		      unsigned long seed)
{
	struct folio *folio;
	unsigned int got;

	folio = pram_load_folio(ps, &got);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, folio_order(folio), order);
	KUNIT_EXPECT_EQ(test, got, flags);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_TRUE(test, pram_test_filled(folio_page(folio, 0),
						 1UL << order, seed));
	folio_put(folio);
}

static void node_orders(struct kunit *test)
{
	struct folio *folios[NR_PAGE_ORDERS];
	struct pram_stream ps;
	unsigned int order;

	node_open(test, PRAM_WRITE, &ps);
	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		struct folio *folio = folio_alloc(GFP_HIGHUSER, order);

		KUNIT_ASSERT_NOT_NULL(test, folio);
		pram_test_fill(folio_page(folio, 0), 1UL << order, order);
		KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, order & 7),
				0);
		KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, order & 7),
				-EEXIST);
		KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
		folio_put(folio);
		folios[order] = folio;
	}
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);

	node_open(test, PRAM_READ, &ps);
	for (order = 0; order <= MAX_PAGE_ORDER; order++)
		node_load(test, &ps, order, order & 7, order);
	KUNIT_EXPECT_NULL(test, pram_load_folio(&ps, NULL));
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_KEEP), 0);

	/* It is the same memory, and ours in the end */
	node_open(test, PRAM_READ, &ps);
	for (order = 0; order <= MAX_PAGE_ORDER; order++)
		KUNIT_EXPECT_PTR_EQ(test, pram_load_folio(&ps, NULL),
				    folios[order]);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		KUNIT_EXPECT_EQ(test, folio_ref_count(folios[order]), 1);
		folio_put(folios[order]);
	}
}

static void node_orders_test(struct kunit *test)
{
	pram_test_leak(test, node_orders);
}

/* Four raw folios of each order in a row; flags and seed are the order */
#define TEST_RAW_ORDERS		(MAX_PAGE_ORDER - 1)

static void node_make_raw(struct kunit *test)
{
	struct pram_stream ps;
	unsigned int order, i;

	node_open(test, PRAM_WRITE, &ps);
	for (order = 0; order < TEST_RAW_ORDERS; order++) {
		struct page *page = pram_test_raw(order + 2);
		struct pram_chain *chain = &ps.node->page->chain[PRAM_PAGES];

		KUNIT_ASSERT_NOT_NULL(test, page);
		for (i = 0; i < 4; i++, page += 1UL << order) {
			pram_test_fill(page, 1UL << order, order);
			KUNIT_ASSERT_EQ(test,
					pram_append(&ps, PRAM_PAGES,
						    page_to_pfn(page), order,
						    order & 7), 0);
		}
		/* They are one entry */
		KUNIT_EXPECT_EQ(test, chain->nr_links, 1);
		KUNIT_EXPECT_EQ(test, ps.node->last[PRAM_PAGES]->nr_entries,
				order + 1);
	}
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
}

static void node_load_raw(struct kunit *test, unsigned int nr,
			  enum pram_how how)
{
	struct pram_stream ps;
	unsigned int i;

	node_open(test, PRAM_READ, &ps);
	for (i = 0; i < nr; i++)
		node_load(test, &ps, i / 4, i / 4 & 7, i / 4);
	if (nr == 4 * TEST_RAW_ORDERS)
		KUNIT_EXPECT_NULL(test, pram_load_folio(&ps, NULL));
	KUNIT_ASSERT_EQ(test, pram_close(&ps, how), 0);
}

static void node_raw(struct kunit *test)
{
	node_make_raw(test);
	/* To the middle of an entry, twice; what is restored stays so */
	node_load_raw(test, 6, PRAM_KEEP);
	node_load_raw(test, 6, PRAM_KEEP);
	node_load_raw(test, 4 * TEST_RAW_ORDERS, PRAM_KEEP);
	node_load_raw(test, 4 * TEST_RAW_ORDERS, PRAM_COMMIT);
}

static void node_raw_test(struct kunit *test)
{
	pram_test_leak(test, node_raw);
}

static void node_raw_discard(struct kunit *test)
{
	node_make_raw(test);
	KUNIT_EXPECT_EQ(test, pram_discard(TEST_NODE), 0);
}

static void node_raw_discard_test(struct kunit *test)
{
	pram_test_leak(test, node_raw_discard);
}

/* Raw and restored folios side by side, in one entry */
static void node_raw_mixed(struct kunit *test)
{
	node_make_raw(test);
	node_load_raw(test, 4 * TEST_RAW_ORDERS - 3, PRAM_KEEP);
	KUNIT_EXPECT_EQ(test, pram_discard(TEST_NODE), 0);
	node_make_raw(test);
	node_load_raw(test, 9, PRAM_COMMIT);
}

static void node_raw_mixed_test(struct kunit *test)
{
	pram_test_leak(test, node_raw_mixed);
}

/* A raw page that broke is an error of that page alone, each time */
static void node_raw_poison(struct kunit *test)
{
	struct page *page = pram_test_raw(2);
	struct pram_stream ps;
	unsigned int i, round;

	KUNIT_ASSERT_NOT_NULL(test, page);
	node_open(test, PRAM_WRITE, &ps);
	for (i = 0; i < 4; i++) {
		pram_test_fill(page + i, 1, i);
		KUNIT_ASSERT_EQ(test, pram_append(&ps, PRAM_PAGES,
						  page_to_pfn(page + i), 0, 0),
				0);
	}
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
	pram_test_break(page + 1);
	for (round = 0; round < 2; round++) {
		node_open(test, PRAM_READ, &ps);
		node_load(test, &ps, 0, 0, 0);
		KUNIT_EXPECT_EQ(test, PTR_ERR(pram_load_folio(&ps, NULL)),
				-EHWPOISON);
		node_load(test, &ps, 0, 0, 2);
		node_load(test, &ps, 0, 0, 3);
		KUNIT_EXPECT_NULL(test, pram_load_folio(&ps, NULL));
		KUNIT_EXPECT_EQ(test, pram_close(&ps, round ? PRAM_COMMIT :
						 PRAM_KEEP), 0);
	}
	KUNIT_EXPECT_FALSE(test, PageReserved(page + 1));
	KUNIT_EXPECT_EQ(test, page_ref_count(page + 1), 0);
	pram_test_mend(page + 1);
	set_page_count(page + 1, 1);
	__free_page(page + 1);
}

static void node_raw_poison_test(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		kunit_skip(test, "no CONFIG_MEMORY_FAILURE");
	pram_test_leak(test, node_raw_poison);
}

/* Two raw folios of eight pages in a row, each page with its number as seed */
static struct page *node_make_parts(struct kunit *test)
{
	struct page *page = pram_test_raw(4);
	struct pram_stream ps;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (i = 0; i < 16; i++)
		pram_test_fill(page + i, 1, i);
	node_open(test, PRAM_WRITE, &ps);
	for (i = 0; i < 16; i += 8)
		KUNIT_ASSERT_EQ(test, pram_append(&ps, PRAM_PAGES,
						  page_to_pfn(page + i), 3, 5),
				0);
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
	return page;
}

static void node_load_part(struct kunit *test, struct pram_stream *ps,
			   unsigned int max_order, unsigned int want,
			   unsigned int seed)
{
	struct folio *folio;
	unsigned int flags;
	unsigned long nr;

	folio = pram_load_part(ps, max_order, &flags, &nr);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, nr, want);
	KUNIT_EXPECT_EQ(test, flags, 5);
	KUNIT_EXPECT_EQ(test, folio_nr_pages(folio), want);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_TRUE(test, pram_test_filled(folio_page(folio, 0), 1,
						 seed));
	folio_put(folio);
}

/* A broken page in a folio costs that page; the others come alone, each time */
static void node_parts_poison(struct kunit *test)
{
	struct page *page = node_make_parts(test);
	struct pram_stream ps;
	unsigned int i, flags, round;
	unsigned long nr;

	pram_test_break(page + 3);
	for (round = 0; round < 2; round++) {
		node_open(test, PRAM_READ, &ps);
		for (i = 0; i < 3; i++)
			node_load_part(test, &ps, MAX_PAGE_ORDER, 1, i);
		KUNIT_EXPECT_EQ(test, PTR_ERR(pram_load_part(&ps, MAX_PAGE_ORDER,
							     &flags, &nr)),
				-EHWPOISON);
		KUNIT_EXPECT_EQ(test, nr, 1);
		for (i = 4; i < 8; i++)
			node_load_part(test, &ps, MAX_PAGE_ORDER, 1, i);
		node_load_part(test, &ps, MAX_PAGE_ORDER, 8, 8);
		KUNIT_EXPECT_NULL(test, pram_load_part(&ps, MAX_PAGE_ORDER,
						       &flags, &nr));
		KUNIT_EXPECT_EQ(test, pram_close(&ps, round ? PRAM_COMMIT :
						 PRAM_KEEP), 0);
	}
	KUNIT_EXPECT_EQ(test, page_ref_count(page + 3), 0);
	pram_test_mend(page + 3);
	set_page_count(page + 3, 1);
	__free_page(page + 3);
}

static void node_parts_poison_test(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		kunit_skip(test, "no CONFIG_MEMORY_FAILURE");
	pram_test_leak(test, node_parts_poison);
}

/* Too large a raw folio comes as single pages, which it remains */
static void node_parts_small(struct kunit *test)
{
	struct pram_stream ps;
	unsigned int i;

	node_make_parts(test);
	node_open(test, PRAM_READ, &ps);
	for (i = 0; i < 5; i++)
		node_load_part(test, &ps, 2, 1, i);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_KEEP), 0);
	/* What was not reached is still raw, and part of what has been split */
	node_open(test, PRAM_READ, &ps);
	for (i = 0; i < 8; i++)
		node_load(test, &ps, 0, 5, i);
	node_load_part(test, &ps, 3, 8, 8);
	KUNIT_EXPECT_NULL(test, pram_load_folio(&ps, NULL));
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_KEEP), 0);
	/* Once it has been loaded it is for the caller to split */
	node_open(test, PRAM_READ, &ps);
	for (i = 0; i < 8; i++)
		node_load_part(test, &ps, 0, 1, i);
	node_load_part(test, &ps, 0, 8, 8);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
}

static void node_parts_small_test(struct kunit *test)
{
	pram_test_leak(test, node_parts_small);
}

/* Refused now, and as good as any other when the reason has gone */
static void node_refused(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 3);
	struct page *page, *pair = alloc_pages(GFP_KERNEL, 1);
	struct pram_stream ps;

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_ASSERT_NOT_NULL(test, pair);
	page = folio_page(folio, 5);
	node_open(test, PRAM_WRITE, &ps);

	/* Nobody has a reference on the second page of these */
	KUNIT_EXPECT_EQ(test, pram_save_page(&ps, pair + 1, 0), -EINVAL);
	__free_pages(pair, 1);

	folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
	atomic_inc(&folio->_pincount);
	KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, 0), -EBUSY);
	atomic_dec(&folio->_pincount);
	folio_put_refs(folio, GUP_PIN_COUNTING_BIAS);

	if (IS_ENABLED(CONFIG_MEMORY_FAILURE)) {
		pram_test_break(page);
		folio_set_has_hwpoisoned(folio);
		KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, 0),
				-EHWPOISON);
		folio_clear_has_hwpoisoned(folio);
		pram_test_mend(page);
	}
	KUNIT_EXPECT_EQ(test, pram_save_page(&ps, page, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, 8), -EINVAL);
	KUNIT_EXPECT_EQ(test, ps.node->page->chain[PRAM_PAGES].nr_pages, 0);
	KUNIT_EXPECT_EQ(test, ps.node->page->chain[PRAM_PAGES].first, 0);

	KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, 0), 0);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_DISCARD), 0);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 1);
	folio_put(folio);
}

static void node_refused_test(struct kunit *test)
{
	pram_test_leak(test, node_refused);
}

/* When the kexec has begun, nodes neither come, nor change, nor go */
static void node_frozen(struct kunit *test)
{
	struct pram_stream ps, other;

	node_open(test, PRAM_WRITE, &ps);
	scoped_guard(mutex, &pram_lock)
		pram_frozen = true;
	KUNIT_EXPECT_EQ(test, pram_open("pram-kunit2", PRAM_WRITE, GFP_KERNEL,
					&other), -EBUSY);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), -EBUSY);
	scoped_guard(mutex, &pram_lock)
		pram_frozen = false;
	KUNIT_EXPECT_EQ(test, pram_write(&ps, "abc", 3), 3);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);

	scoped_guard(mutex, &pram_lock)
		pram_frozen = true;
	KUNIT_EXPECT_EQ(test, pram_open(TEST_NODE, PRAM_READ, GFP_KERNEL, &ps),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, pram_discard(TEST_NODE), -EBUSY);
	scoped_guard(mutex, &pram_lock)
		pram_frozen = false;

	node_open(test, PRAM_READ, &ps);
	scoped_guard(mutex, &pram_lock)
		pram_frozen = true;
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), -EBUSY);
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_KEEP), 0);
	scoped_guard(mutex, &pram_lock)
		pram_frozen = false;
	KUNIT_EXPECT_EQ(test, pram_discard(TEST_NODE), 0);
}

static void node_frozen_test(struct kunit *test)
{
	if (pram_frozen)
		kunit_skip(test, "a kexec has begun");
	pram_test_leak(test, node_frozen);
}

/* Entries stand for pfns that no memory has: they are only counted here */
static void node_runs(struct kunit *test)
{
	const u64 base = 1ULL << (PRAM_ENTRY_PFN_BITS - 1);
	const u64 others[] = {
		pram_entry(base + 0x80010, 2, 5, 1),
		pram_entry(base + 0x80014, 2, 4, 1),
		pram_entry(base + 0x8001c, 2, 4, 1),
		pram_entry(base + 0x80018, 2, 4, 1),
	};
	struct pram_chain chain = {};
	struct pram_link *last = NULL;
	unsigned int i;

	/* Neighbours merge, up to what an entry can count */
	for (i = 0; i < PRAM_ENTRY_COUNT_MAX + 2; i++)
		KUNIT_ASSERT_EQ(test,
				pram_add_run(&chain, &last,
					     pram_entry(base + 8 * i, 3, 5, 1),
					     0, GFP_KERNEL, NULL), 0);
	KUNIT_ASSERT_EQ(test, last->nr_entries, 2);
	KUNIT_EXPECT_EQ(test, last->entry[0],
			pram_entry(base, 3, 5, PRAM_ENTRY_COUNT_MAX));
	KUNIT_EXPECT_EQ(test, pram_entry_count(last->entry[1]), 2);
	/* Not with another order, other flags, a gap, or from above */
	for (i = 0; i < ARRAY_SIZE(others); i++)
		pram_add_run(&chain, &last, others[i], 0, GFP_KERNEL, NULL);
	KUNIT_EXPECT_EQ(test, last->nr_entries, 2 + ARRAY_SIZE(others));
	KUNIT_EXPECT_EQ(test, chain.nr_links, 1);
	KUNIT_EXPECT_EQ(test, chain.nr_pages, 8 * (PRAM_ENTRY_COUNT_MAX + 2) +
			4 * ARRAY_SIZE(others));
	/* A link that is full is followed by another */
	for (i = last->nr_entries; i < PRAM_LINK_ENTRIES + 1; i++)
		pram_add_run(&chain, &last, pram_entry(base + 2 * i, 0, 0, 1),
			     0, GFP_KERNEL, NULL);
	KUNIT_EXPECT_EQ(test, chain.nr_links, 2);
	KUNIT_EXPECT_EQ(test, last->nr_entries, 1);
	KUNIT_EXPECT_EQ(test, last->pos, chain.nr_pages - 1);
	KUNIT_EXPECT_EQ(test, last->next, 0);
	KUNIT_EXPECT_NE(test, chain.first, last->head.pfn);
	pram_free_links(chain.first, false);
}

/* With a checksum each, entries are of one folio, and a link has fewer */
static void node_csum_runs(struct kunit *test)
{
	const u64 base = 1ULL << (PRAM_ENTRY_PFN_BITS - 1);
	struct pram_chain chain = {};
	struct pram_link *last = NULL;
	unsigned int i;

	for (i = 0; i < PRAM_LINK_ENTRIES_CSUM + 1; i++)
		pram_add_run(&chain, &last, pram_entry(base + i, 0, 0, 1),
			     PRAM_LINK_CSUM, GFP_KERNEL, NULL);
	KUNIT_EXPECT_EQ(test, chain.nr_links, 2);
	KUNIT_EXPECT_EQ(test, chain.nr_pages, PRAM_LINK_ENTRIES_CSUM + 1);
	KUNIT_EXPECT_EQ(test, last->nr_entries, 1);
	KUNIT_EXPECT_EQ(test, last->pos, PRAM_LINK_ENTRIES_CSUM);
	KUNIT_EXPECT_EQ(test, last->flags, PRAM_LINK_CSUM);
	KUNIT_EXPECT_EQ(test, last->entry[0],
			pram_entry(base + PRAM_LINK_ENTRIES_CSUM, 0, 0, 1));
	pram_free_links(chain.first, false);
}

static void node_csum_runs_test(struct kunit *test)
{
	pram_test_leak(test, node_csum_runs);
}

static void node_runs_test(struct kunit *test)
{
	pram_test_leak(test, node_runs);
}

static struct kunit_case node_test_cases[] = {
	KUNIT_CASE(node_orders_test),
	KUNIT_CASE(node_raw_test),
	KUNIT_CASE(node_raw_discard_test),
	KUNIT_CASE(node_raw_mixed_test),
	KUNIT_CASE(node_raw_poison_test),
	KUNIT_CASE(node_parts_poison_test),
	KUNIT_CASE(node_parts_small_test),
	KUNIT_CASE(node_refused_test),
	KUNIT_CASE(node_frozen_test),
	KUNIT_CASE(node_runs_test),
	KUNIT_CASE(node_csum_runs_test),
	{}
};

static struct kunit_suite node_test_suite = {
	.name = "pram_node",
	.init = node_test_init,
	.exit = node_test_exit,
	.test_cases = node_test_cases,
};

kunit_test_suite(node_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
