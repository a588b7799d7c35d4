/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of what is done to pages: restoring and freeing raw ones, and
 * allocating outside of forbidden ranges.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

/* What is forbidden in the machine while a test has its own idea of that */
static struct pram_range page_test_range[PRAM_MAX_FORBIDDEN];
static unsigned int page_test_nr;

static int page_test_init(struct kunit *test)
{
	memcpy(page_test_range, pram_forbidden_range, sizeof(page_test_range));
	page_test_nr = pram_nr_forbidden;
	return 0;
}

static void page_test_exit(struct kunit *test)
{
	pram_forbid(page_test_range, page_test_nr);
}

/* Is it as folio_alloc() would have made it, but for its contents? */
static void page_expect_folio(struct kunit *test, struct folio *folio,
			      unsigned long pfn, unsigned int order)
{
	struct page *page = pfn_to_page(pfn);
	unsigned long i;

	KUNIT_ASSERT_PTR_EQ(test, folio_page(folio, 0), page);
	KUNIT_ASSERT_EQ(test, folio_order(folio), order);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 1);
	KUNIT_EXPECT_FALSE(test, folio_mapped(folio));
	KUNIT_EXPECT_EQ(test, folio_test_large(folio), order > 0);
	KUNIT_EXPECT_EQ(test, pram_page_flags(page) & PAGE_FLAGS_CHECK_AT_PREP &
			~BIT(PG_head), 0);
	KUNIT_EXPECT_NULL(test, folio->mapping);
	if (order)
		KUNIT_EXPECT_TRUE(test, folio_test_large_rmappable(folio));
	if (order > 1)
		KUNIT_EXPECT_TRUE(test, list_empty(&folio->_deferred_list));
	for (i = 0; i < 1UL << order; i++) {
		KUNIT_ASSERT_FALSE(test, PageReserved(page + i));
		KUNIT_ASSERT_FALSE(test, page_has_type(page + i));
		KUNIT_ASSERT_PTR_EQ(test, page_folio(page + i), folio);
		if (!i)
			continue;
		KUNIT_ASSERT_TRUE(test, PageTail(page + i));
		KUNIT_ASSERT_EQ(test, atomic_read(&page[i]._refcount), 0);
	}
}

/* Of a type that nobody takes for memory to use, and no longer memblock's */
static void page_raw(struct kunit *test)
{
	const unsigned int order = 3;
	struct page *page = pram_test_reserved(order);
	unsigned long pfn = page ? page_to_pfn(page) : 0, i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	/* All but the first and the last */
	pram_make_raw(pfn + 1, pfn + (1UL << order) - 1);
	for (i = 0; i < 1UL << order; i++) {
		bool raw = i && i != (1UL << order) - 1;

		KUNIT_EXPECT_EQ(test, pram_page_raw(pfn + i), raw);
		KUNIT_EXPECT_EQ(test, page_has_type(page + i), raw);
		KUNIT_EXPECT_EQ(test, PageReserved(page + i), !raw);
		KUNIT_EXPECT_EQ(test, page_ref_count(page + i), 1);
	}
	/* Nothing at all */
	pram_make_raw(pfn, pfn);
	KUNIT_EXPECT_FALSE(test, pram_page_raw(pfn));
	/* What is between raw pages has to become free just so */
	pram_free_raw(pfn, pfn + (1UL << order));
	for (i = 0; i < 1UL << order; i++) {
		KUNIT_EXPECT_FALSE(test, PageReserved(page + i));
		KUNIT_EXPECT_FALSE(test, PageOffline(page + i));
	}
}

static void page_raw_test(struct kunit *test)
{
	pram_test_leak(test, page_raw);
}

static void page_restore_one(struct kunit *test, unsigned int order)
{
	struct page *page = pram_test_raw(order);
	unsigned long pfn = page ? page_to_pfn(page) : 0;
	struct folio *folio;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pram_test_fill(page, 1UL << order, order);
	KUNIT_EXPECT_TRUE(test, pram_page_raw(pfn));
	folio = pram_restore_folio(pfn, order);
	KUNIT_EXPECT_FALSE(test, pram_page_raw(pfn));
	page_expect_folio(test, folio, pfn, order);
	KUNIT_EXPECT_TRUE(test, pram_test_filled(page, 1UL << order, order));
	folio_put(folio);
}

static void page_restore_all(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order <= MAX_PAGE_ORDER; order++)
		page_restore_one(test, order);
}

static void page_restore_test(struct kunit *test)
{
	pram_test_leak(test, page_restore_all);
}

/* A restored folio can be split like any other, into pages to free one by one */
static void page_split(struct kunit *test)
{
	const unsigned int order = 4;
	struct page *page = pram_test_raw(order);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	/* Restored page by page, as moved folios may be saved in pieces */
	for (i = 0; i < 1U << order; i++) {
		struct folio *folio;

		folio = pram_restore_folio(page_to_pfn(page + i), 0);
		page_expect_folio(test, folio, page_to_pfn(page + i), 0);
	}
	for (i = 0; i < 1U << order; i++)
		put_page(page + i);
}

static void page_split_test(struct kunit *test)
{
	pram_test_leak(test, page_split);
}

/* A block in three pieces, whose borders are at no power of two */
static void page_free_pieces(struct kunit *test)
{
	static const unsigned long cuts[][2] = {
		{ 1, 2 }, { 3, 1000 }, { 511, 513 }, { 512, 1023 }, { 5, 6 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		struct page *page = pram_test_raw(MAX_PAGE_ORDER);
		unsigned long pfn;

		KUNIT_ASSERT_NOT_NULL(test, page);
		pfn = page_to_pfn(page);
		pram_free_raw(pfn + cuts[i][0], pfn + cuts[i][1]);
		KUNIT_EXPECT_TRUE(test, pram_page_raw(pfn + cuts[i][0] - 1));
		KUNIT_EXPECT_TRUE(test, pram_page_raw(pfn + cuts[i][1]));
		pram_free_raw(pfn + cuts[i][1], pfn + MAX_ORDER_NR_PAGES);
		KUNIT_EXPECT_TRUE(test, pram_page_raw(pfn));
		pram_free_raw(pfn, pfn + cuts[i][0]);
		/* Nothing at all */
		pram_free_raw(pfn, pfn);
	}
}

static void page_free_test(struct kunit *test)
{
	pram_test_leak(test, page_free_pieces);
}

static void page_free_whole(struct kunit *test)
{
	struct page *page = pram_test_raw(MAX_PAGE_ORDER);
	unsigned long pfn;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	KUNIT_EXPECT_EQ(test, MAX_PAGE_ORDER,
			pram_block_order(pfn, pfn + MAX_ORDER_NR_PAGES));
	KUNIT_EXPECT_EQ(test, MAX_PAGE_ORDER,
			pram_block_order(pfn, pfn + 2 * MAX_ORDER_NR_PAGES));
	KUNIT_EXPECT_EQ(test, MAX_PAGE_ORDER - 1,
			pram_block_order(pfn, pfn + MAX_ORDER_NR_PAGES - 1));
	KUNIT_EXPECT_EQ(test, 0, pram_block_order(pfn + 1, pfn + 64));
	KUNIT_EXPECT_EQ(test, 3, pram_block_order(pfn + 8, pfn + 64));
	KUNIT_EXPECT_EQ(test, 2, pram_block_order(pfn + 8, pfn + 15));
	pram_free_raw(pfn, pfn + MAX_ORDER_NR_PAGES);
}

static void page_whole_test(struct kunit *test)
{
	pram_test_leak(test, page_free_whole);
}

/* A broken page does not reach the page allocator, and all others do */
static void page_free_poison(struct kunit *test)
{
	const unsigned int order = 5, bad = 11;
	struct page *page = pram_test_raw(order);
	unsigned long free = pram_test_free();
	unsigned long pfn;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	pram_test_break(page + bad);
	pram_free_raw(pfn, pfn + (1UL << order));
	/* Somebody may have taken a page or two */
	KUNIT_EXPECT_GE(test, pram_test_free(), free + (1UL << order) - 8);
	KUNIT_EXPECT_TRUE(test, PageHWPoison(page + bad));
	KUNIT_EXPECT_FALSE(test, PageBuddy(page + bad));
	KUNIT_EXPECT_EQ(test, page_ref_count(page + bad), 0);

	pram_test_mend(page + bad);
	set_page_count(page + bad, 1);
	__free_page(page + bad);
}

static void page_poison_test(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		kunit_skip(test, "no CONFIG_MEMORY_FAILURE");
	pram_test_leak(test, page_free_poison);
}

static void page_forbidden_test(struct kunit *test)
{
	/* RAM, in any machine that runs this */
	const u64 base = PHYS_PFN(SZ_16M);
	const struct pram_range ranges[] = {
		{ base + 100, base + 200 }, { base + 300, base + 301 },
	};
	static const struct {
		u64 pfn, nr;
		bool hit;
	} cases[] = {
		{ 0, 100, false },	{ 0, 101, true },
		{ 99, 1, false },	{ 99, 2, true },
		{ 100, 1, true },	{ 199, 1, true },
		{ 199, 1000, true },	{ 200, 1, false },
		{ 200, 100, false },	{ 200, 101, true },
		{ 300, 1, true },	{ 301, 1000, false },
		{ 150, 1, true },	{ 0, 1000, true },
	};
	unsigned int i;

	pram_forbid(ranges, ARRAY_SIZE(ranges));
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].hit,
				    pram_forbidden(base + cases[i].pfn,
						   cases[i].nr),
				    "%llu pages at %llu", cases[i].nr,
				    cases[i].pfn);
	/* The latest call counts, and nothing else */
	pram_forbid(&ranges[1], 1);
	KUNIT_EXPECT_FALSE(test, pram_forbidden(base + 150, 1));
	KUNIT_EXPECT_TRUE(test, pram_forbidden(base + 300, 1));
	pram_forbid(ranges, 0);
	KUNIT_EXPECT_FALSE(test, pram_forbidden(base, 1000));
}

static void page_outside(struct kunit *test)
{
	struct folio *held = NULL, *this;
	LIST_HEAD(folios);
	struct folio *folio, *next;
	unsigned int i;

	for (i = 0; i < 400; i++) {
		folio = pram_alloc_outside(i % 7, GFP_KERNEL | __GFP_NORETRY |
					   __GFP_NOWARN, &held);
		if (!folio)
			break;
		KUNIT_EXPECT_EQ(test, folio_order(folio), i % 7);
		KUNIT_EXPECT_FALSE(test, pram_forbidden(folio_pfn(folio),
							1UL << i % 7));
		list_add(&folio->lru, &folios);
	}
	KUNIT_EXPECT_GE(test, i, 100);
	for (this = held; this; this = this->private)
		KUNIT_EXPECT_TRUE(test, pram_forbidden(folio_pfn(this),
						       folio_nr_pages(this)));
	pram_free_held(&held);
	KUNIT_EXPECT_NULL(test, held);
	list_for_each_entry_safe(folio, next, &folios, lru) {
		list_del(&folio->lru);
		folio_put(folio);
	}
}

static void page_outside_test(struct kunit *test)
{
	pram_test_forbid_stripes(test);
	pram_test_leak(test, page_outside);
}

/* It would rather have a forbidden page than none */
static void page_nowhere(struct kunit *test)
{
	struct page *pages[40] = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = pram_alloc_page(GFP_KERNEL | __GFP_ZERO);
		KUNIT_EXPECT_NOT_NULL(test, pages[i]);
		if (!pages[i])
			break;
		KUNIT_EXPECT_EQ(test, page_ref_count(pages[i]), 1);
		KUNIT_EXPECT_NULL(test, memchr_inv(page_address(pages[i]), 0,
						   PAGE_SIZE));
		memset(page_address(pages[i]), 0xff, PAGE_SIZE);
	}
	while (i--)
		__free_page(pages[i]);
}

static void page_nowhere_test(struct kunit *test)
{
	static const struct pram_range all = { 0, PRAM_ENTRY_PFN_MASK };

	pram_forbid(&all, 1);
	pram_test_leak(test, page_nowhere);
}

/* Looking in vain, it leaves some memory to others, before they would be killed */
static void page_short(struct kunit *test)
{
	struct folio *held = NULL;
	long left;

	KUNIT_EXPECT_NULL(test, pram_alloc_outside(0, GFP_KERNEL |
						   __GFP_NORETRY | __GFP_NOWARN,
						   &held));
	left = si_mem_available();
	KUNIT_EXPECT_NOT_NULL(test, held);
	pram_free_held(&held);
	/* What it leaves is 1/64, and the test does some things, too */
	KUNIT_EXPECT_GE(test, left, (long)(totalram_pages() / 128));
	/* There may be high memory besides, of which none is taken */
	if (!IS_ENABLED(CONFIG_HIGHMEM))
		KUNIT_EXPECT_LE(test, left, (long)(totalram_pages() / 32));
}

static void page_short_test(struct kunit *test)
{
	static const struct pram_range all = { 0, PRAM_ENTRY_PFN_MASK };

	pram_forbid(&all, 1);
	pram_test_leak(test, page_short);
}

static void page_meta(struct kunit *test)
{
	struct pram_head *head = pram_alloc_meta(PRAM_LINK_MAGIC, GFP_KERNEL,
						 NULL);
	unsigned long start, end;

	KUNIT_ASSERT_NOT_NULL(test, head);
	KUNIT_EXPECT_EQ(test, head->magic, PRAM_LINK_MAGIC);
	KUNIT_EXPECT_EQ(test, head->pfn, PHYS_PFN(__pa(head)));
	KUNIT_EXPECT_NULL(test, memchr_inv(head + 1, 0,
					   PAGE_SIZE - sizeof(*head)));
	start = head->pfn;
	KUNIT_EXPECT_TRUE(test, pram_map_next(&start, &end));
	KUNIT_EXPECT_EQ(test, start, head->pfn);
	KUNIT_EXPECT_EQ(test, pram_map_add(head->pfn, 1, GFP_KERNEL), -EEXIST);
	pram_map_del(head->pfn, 1);
	__free_page(virt_to_page(head));
}

static void page_meta_test(struct kunit *test)
{
	pram_test_leak(test, page_meta);
}

static struct kunit_case page_test_cases[] = {
	KUNIT_CASE(page_raw_test),
	KUNIT_CASE(page_restore_test),
	KUNIT_CASE(page_split_test),
	KUNIT_CASE(page_free_test),
	KUNIT_CASE(page_whole_test),
	KUNIT_CASE(page_poison_test),
	KUNIT_CASE(page_forbidden_test),
	KUNIT_CASE(page_outside_test),
	KUNIT_CASE(page_nowhere_test),
	KUNIT_CASE(page_short_test),
	KUNIT_CASE(page_meta_test),
	{}
};

static struct kunit_suite page_test_suite = {
	.name = "pram_page",
	.init = page_test_init,
	.exit = page_test_exit,
	.test_cases = page_test_cases,
};

kunit_test_suite(page_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
