/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of pages that are not there, of an owner that has no device.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define TEST_NAME	"pram-kunit-absent"
#define TEST_ORDER	4
#define TEST_PAGES	BIT(TEST_ORDER)
/* Those of a word in the set */
#define TEST_ALLOC	ilog2(BITS_PER_LONG)
#define TEST_SIZE	4711

/* Which of its pages the owner has: three runs */
#define TEST_HAS	(GENMASK(5, 2) | BIT(7) | GENMASK(15, 9))

/* Those of them that are in the way */
#define TEST_FORBIDDEN	(GENMASK(4, 3) | GENMASK(15, 14))

/**
 * struct absent_test - what a test has
 * @owner: the owner
 * @page: its pages are among these
 * @err: what freezing says
 * @frozen: how often it was frozen, less how often thawed
 * @claimed: pages that it does not want, as a kexec image will be copied there
 * @taken: pages that it has taken up
 */
struct absent_test {
	struct pram_absent owner;
	struct page *page;
	int err;
	int frozen;
	unsigned long claimed;
	unsigned long taken;
};

static struct absent_test *absent_test_of(struct pram_absent *owner)
{
	return container_of(owner, struct absent_test, owner);
}

static int absent_test_freeze(struct pram_absent *owner)
{
	struct absent_test *t = absent_test_of(owner);

	if (t->err)
		return t->err;
	t->frozen++;
	owner->size = TEST_SIZE;
	return 0;
}

static void absent_test_thaw(struct pram_absent *owner)
{
	absent_test_of(owner)->frozen--;
}

static unsigned long absent_test_nr(struct pram_absent *owner)
{
	return hweight_long(TEST_HAS);
}

static bool absent_test_has(struct pram_absent *owner, const struct page *page)
{
	struct absent_test *t = absent_test_of(owner);

	return page >= t->page && page < t->page + TEST_PAGES &&
	       TEST_HAS & BIT(page - t->page);
}

/* Nobody else has it, and nothing of what it was is left */
static bool absent_test_take(struct pram_absent *owner, struct page *page)
{
	struct absent_test *t = absent_test_of(owner);
	unsigned long start = page_to_pfn(page), end;

	if (t->claimed & BIT(page - t->page))
		return false;
	if (page_count(page) == 1 && !PageOffline(page) &&
	    !(pram_map_next(&start, &end) && start == page_to_pfn(page)))
		t->taken |= BIT(page - t->page);
	return true;
}

static int absent_test_init(struct kunit *test)
{
	struct absent_test *t;

	if (!pram_super || pram_frozen)
		kunit_skip(test, "PRAM is off, or a kexec has begun");
	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->owner = (struct pram_absent) {
		.name = TEST_NAME,
		.freeze = absent_test_freeze,
		.thaw = absent_test_thaw,
		.nr = absent_test_nr,
		.has = absent_test_has,
		.take = absent_test_take,
	};
	t->page = alloc_pages(GFP_KERNEL, TEST_ALLOC);
	if (!t->page)
		return -ENOMEM;
	test->priv = t;
	pram_absent_register(&t->owner);
	return 0;
}

static void absent_test_exit(struct kunit *test)
{
	static const struct pram_range none;
	struct absent_test *t = test->priv;

	if (!t)
		return;
	pram_forbid(&none, 0);
	scoped_guard(mutex, &pram_lock)
		pram_absent_undo();
	pram_absent_unregister(&t->owner);
	if (t->page)
		__free_pages(t->page, TEST_ALLOC);
}

static bool absent_test_collect(u32 node_flags)
{
	struct pram_image info = { .node_flags = node_flags };

	return pram_absent_collect(&info);
}

/* The pages of the chain, as bits */
static unsigned long absent_test_pages(struct absent_test *t,
				       const struct pram_chain *chain)
{
	u64 first = page_to_pfn(t->page), pfn;
	const struct pram_link *link;
	unsigned long bits = 0;
	unsigned int i;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			u64 start = pram_entry_pfn(link->entry[i]) - first;
			u64 nr = pram_entry_pages(link->entry[i]);

			bits |= GENMASK(start + nr - 1, start);
		}
	}
	return bits;
}

static unsigned long absent_test_in_set(struct absent_test *t)
{
	return pram_map_count(page_to_pfn(t->page), BITS_PER_LONG);
}

/* Which are in the node, with some of them where the next kernel will be */
static void absent_test_write(struct kunit *test)
{
	struct absent_test *t = test->priv;
	u64 pfn = page_to_pfn(t->page);
	const struct pram_range forbidden[] = {
		{ pfn + 3, pfn + 5 },
		{ pfn + 14, pfn + 20 },
	};
	unsigned long nr = pram_map_nr();
	struct pram_node_page *page;
	struct folio *held = NULL;

	guard(mutex)(&pram_lock);
	KUNIT_ASSERT_TRUE(test, absent_test_collect(PRAM_NODE_KNOWN));
	KUNIT_EXPECT_EQ(test, t->frozen, 1);
	KUNIT_EXPECT_EQ(test, absent_test_in_set(t), hweight_long(TEST_HAS));
	KUNIT_EXPECT_NULL(test, pram_absent_next(NULL));
	pram_forbid(forbidden, ARRAY_SIZE(forbidden));
	pram_absent_write(&held, true);
	pram_free_held(&held);
	page = pram_absent_next(NULL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_STREQ(test, page->name, TEST_NAME);
	KUNIT_EXPECT_EQ(test, page->flags, PRAM_NODE_ABSENT);
	KUNIT_EXPECT_EQ(test, page->absent_size, TEST_SIZE);
	KUNIT_EXPECT_EQ(test, absent_test_pages(t, &page->chain[PRAM_PAGES]),
			TEST_HAS & ~TEST_FORBIDDEN);
	KUNIT_EXPECT_EQ(test, page->chain[PRAM_PAGES].nr_pages,
			hweight_long(TEST_HAS & ~TEST_FORBIDDEN));
	KUNIT_EXPECT_NULL(test, pram_absent_next(page));
	KUNIT_EXPECT_TRUE(test, pram_absent_undo());
	KUNIT_EXPECT_EQ(test, t->frozen, 0);
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
	KUNIT_EXPECT_FALSE(test, pram_absent_undo());
}

/* An image that does not know of them; a host that does not answer */
static void absent_test_without(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned long nr = pram_map_nr();

	guard(mutex)(&pram_lock);
	KUNIT_EXPECT_FALSE(test, absent_test_collect(PRAM_NODE_WIPE));
	KUNIT_EXPECT_EQ(test, t->frozen, 0);
	t->err = -ETIMEDOUT;
	KUNIT_EXPECT_FALSE(test, absent_test_collect(PRAM_NODE_KNOWN));
	t->err = -ENODATA;
	KUNIT_EXPECT_FALSE(test, absent_test_collect(PRAM_NODE_KNOWN));
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
}

/* An owner that goes while it is frozen is not thawed, and nothing is left of it */
static void absent_test_gone(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned long nr = pram_map_nr();

	scoped_guard(mutex, &pram_lock)
		KUNIT_EXPECT_TRUE(test, absent_test_collect(PRAM_NODE_KNOWN));
	pram_absent_unregister(&t->owner);
	scoped_guard(mutex, &pram_lock)
		KUNIT_EXPECT_TRUE(test, pram_absent_undo());
	KUNIT_EXPECT_EQ(test, t->frozen, 1);
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
	pram_absent_register(&t->owner);
}

/* A node as adoption leaves it, with all pages of a block; NULL: no memory */
static struct pram_node *absent_test_adopted(struct absent_test *t)
{
	struct pram_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	struct page *page = pram_test_raw(TEST_ORDER);
	struct pram_link *last = NULL;

	if (node && page)
		node->page = pram_alloc_meta(PRAM_NODE_MAGIC, GFP_KERNEL, NULL);
	if (!node || !page || !node->page ||
	    pram_map_add(page_to_pfn(page), TEST_PAGES, GFP_KERNEL) ||
	    pram_add_run(&node->page->chain[PRAM_PAGES], &last,
			 pram_entry(page_to_pfn(page), 0, 0, TEST_PAGES), 0,
			 GFP_KERNEL, NULL))
		return NULL;
	strscpy(node->page->name, TEST_NAME);
	node->page->flags = PRAM_NODE_ABSENT;
	node->page->absent_size = TEST_SIZE;
	__free_pages(t->page, TEST_ALLOC);
	t->page = page;
	pram_absent_managed(node, -1);
	list_add_tail(&node->list, &pram_absent_found);
	return node;
}

static void absent_test_taken(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned long nr = pram_map_nr(), managed = pram_test_managed();
	unsigned int i;

	KUNIT_EXPECT_EQ(test, pram_absent_nr(), hweight_long(TEST_HAS));
	KUNIT_EXPECT_EQ(test, pram_absent_take(&t->owner), 0);
	KUNIT_ASSERT_NOT_NULL(test, absent_test_adopted(t));
	KUNIT_EXPECT_EQ(test, pram_test_managed(), managed - TEST_PAGES);
	KUNIT_EXPECT_EQ(test, pram_absent_waiting(), TEST_PAGES);
	t->owner.size = TEST_SIZE;
	KUNIT_EXPECT_EQ(test, pram_absent_take(&t->owner), TEST_PAGES);
	KUNIT_EXPECT_EQ(test, t->taken, GENMASK(TEST_PAGES - 1, 0));
	KUNIT_EXPECT_EQ(test, pram_test_managed(), managed);
	KUNIT_EXPECT_EQ(test, pram_absent_waiting(), 0);
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
	KUNIT_EXPECT_EQ(test, pram_absent_take(&t->owner), 0);
	for (i = 0; i < TEST_PAGES; i++)
		__free_page(t->page + i);
	t->page = NULL;
}

static void absent_take_claimed(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned int i;

	t->page = alloc_pages(GFP_KERNEL, TEST_ALLOC);
	KUNIT_ASSERT_NOT_NULL(test, t->page);
	KUNIT_ASSERT_NOT_NULL(test, absent_test_adopted(t));
	t->owner.size = TEST_SIZE;
	KUNIT_EXPECT_EQ(test, pram_absent_take(&t->owner),
			TEST_PAGES - hweight_long(t->claimed));
	KUNIT_EXPECT_EQ(test, t->taken, GENMASK(TEST_PAGES - 1, 0) & ~t->claimed);
	for (i = 0; i < TEST_PAGES; i++) {
		if (t->taken & BIT(i))
			__free_page(t->page + i);
	}
	t->page = NULL;
}

/* A page that the owner does not want is free memory: none is lost */
static void absent_test_claimed(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned long nr = pram_map_nr();

	__free_pages(t->page, TEST_ALLOC);
	t->claimed = TEST_FORBIDDEN;
	pram_test_leak(test, absent_take_claimed);
	KUNIT_EXPECT_EQ(test, pram_absent_waiting(), 0);
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
}

static void absent_free_adopted(struct kunit *test)
{
	struct absent_test *t = test->priv;

	t->page = alloc_pages(GFP_KERNEL, TEST_ALLOC);
	KUNIT_ASSERT_NOT_NULL(test, t->page);
	KUNIT_ASSERT_NOT_NULL(test, absent_test_adopted(t));
	t->page = NULL;
	t->owner.size = TEST_SIZE + 1;
	KUNIT_EXPECT_EQ(test, pram_absent_take(&t->owner), 0);
	KUNIT_EXPECT_EQ(test, t->taken, 0);
}

/* A device of another size: all becomes free memory */
static void absent_test_other_size(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned long nr = pram_map_nr();

	__free_pages(t->page, TEST_ALLOC);
	pram_test_leak(test, absent_free_adopted);
	KUNIT_EXPECT_EQ(test, pram_absent_waiting(), 0);
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
}

/* Nobody comes, and memory runs out: nobody is killed until all is freed */
static void absent_test_nobody(struct kunit *test)
{
	struct absent_test *t = test->priv;
	unsigned long nr = pram_map_nr(), freed = 0;

	KUNIT_ASSERT_NOT_NULL(test, absent_test_adopted(t));
	t->page = NULL;
	WRITE_ONCE(pram_absent_oom, PRAM_ABSENT_NO_OOM);
	pram_absent_oom_notify(NULL, 0, &freed);
	KUNIT_EXPECT_GE(test, freed, TEST_PAGES);
	flush_delayed_work(&pram_absent_work);
	KUNIT_EXPECT_EQ(test, pram_absent_waiting(), 0);
	KUNIT_EXPECT_EQ(test, pram_map_nr(), nr);
	freed = 0;
	pram_absent_oom_notify(NULL, 0, &freed);
	KUNIT_EXPECT_EQ(test, freed, 0);
	/* None is on the list, but not all is freed yet */
	WRITE_ONCE(pram_absent_oom, PRAM_ABSENT_FREEING);
	pram_absent_oom_notify(NULL, 0, &freed);
	KUNIT_EXPECT_NE(test, freed, 0);
	WRITE_ONCE(pram_absent_oom, PRAM_ABSENT_NO_OOM);
}

static struct kunit_case absent_cases[] = {
	KUNIT_CASE(absent_test_write),
	KUNIT_CASE(absent_test_without),
	KUNIT_CASE(absent_test_gone),
	KUNIT_CASE(absent_test_taken),
	KUNIT_CASE(absent_test_claimed),
	KUNIT_CASE(absent_test_other_size),
	KUNIT_CASE(absent_test_nobody),
	{}
};

static struct kunit_suite absent_suite = {
	.name = "pram_absent",
	.init = absent_test_init,
	.exit = absent_test_exit,
	.test_cases = absent_cases,
};

kunit_test_suite(absent_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
