/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of taking pages out of a balloon that has no device.
 */
#ifdef CONFIG_KEXEC_CLAIM_KUNIT_TEST

#include <kunit/test.h>
#include <linux/workqueue.h>

#include "balloon_base.h"

#define TEST_ORDER	4
#define TEST_PAGES	BIT(TEST_ORDER)
#define TEST_MAX	4

/**
 * struct balloon_test - what a test has
 * @b_dev_info: the balloon
 * @page: pages that are neighbours, all in the balloon at first
 * @claim: a claim of two ranges
 * @calls: how often pages were given back
 * @fail_at: the call that fails, counted from 1; 0: none
 * @churn: whether the list of the balloon changes while pages are given back
 * @given: pages that were given back
 * @work: lets go of @held
 * @held: a page that somebody has locked
 */
struct balloon_test {
	struct balloon_dev_info b_dev_info;
	struct page *page[TEST_PAGES];
	struct kexec_claim *claim;
	int calls;
	int fail_at;
	bool churn;
	struct list_head given;
	struct delayed_work work;
	struct page *held;
};

static int balloon_test_give_back(struct balloon_dev_info *b_dev_info,
				  struct list_head *pages)
{
	struct balloon_test *t = container_of(b_dev_info, struct balloon_test,
					      b_dev_info);
	struct page *page;

	t->calls++;
	if (t->calls == t->fail_at)
		return -EIO;
	list_splice_tail_init(pages, &t->given);
	if (t->churn) {
		/* Another one leaves it and comes back, to the head of the list */
		page = balloon_page_dequeue(b_dev_info);
		balloon_page_enqueue(b_dev_info, page);
	}
	return 0;
}

static void balloon_test_let_go(struct work_struct *work)
{
	struct balloon_test *t = container_of(to_delayed_work(work),
					      struct balloon_test, work);

	unlock_page(t->held);
}

static int balloon_test_init(struct kunit *test)
{
	struct balloon_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct page *page;
	unsigned int i;

	if (!t)
		return -ENOMEM;
	balloon_devinfo_init(&t->b_dev_info);
	INIT_LIST_HEAD(&t->given);
	INIT_DELAYED_WORK(&t->work, balloon_test_let_go);
	t->claim = kunit_kzalloc(test, struct_size(t->claim, range, 2),
				 GFP_KERNEL);
	page = alloc_pages(GFP_KERNEL, TEST_ORDER);
	if (!t->claim || !page) {
		if (page)
			__free_pages(page, TEST_ORDER);
		return -ENOMEM;
	}
	t->claim->nr = 2;
	split_page(page, TEST_ORDER);
	for (i = 0; i < TEST_PAGES; i++) {
		t->page[i] = page + i;
		balloon_page_enqueue(&t->b_dev_info, t->page[i]);
	}
	test->priv = t;
	return 0;
}

static unsigned int balloon_test_len(struct list_head *list)
{
	return list_count_nodes(list);
}

static void balloon_test_exit(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	struct page *page;

	if (!t)
		return;
	cancel_delayed_work_sync(&t->work);
	while (!list_empty(&t->b_dev_info.pages)) {
		page = balloon_page_dequeue(&t->b_dev_info);
		if (!page)
			break;
		__free_page(page);
	}
	while ((page = list_first_entry_or_null(&t->given, struct page, lru))) {
		list_del(&page->lru);
		__free_page(page);
	}
}

/* Pages @from up to, but not including, @to */
static void balloon_test_claim(struct balloon_test *t, unsigned int range,
			       unsigned int from, unsigned int to)
{
	t->claim->range[range].start = page_to_pfn(t->page[0]) + from;
	t->claim->range[range].end = page_to_pfn(t->page[0]) + to;
}

static int balloon_test_run(struct balloon_test *t)
{
	return balloon_claim(&t->b_dev_info, t->claim, TEST_MAX,
			     balloon_test_give_back);
}

/* Is it in the balloon, and nothing that can tell wrong about that? */
static bool balloon_test_in(struct balloon_test *t, unsigned int i)
{
	struct page *page;
	bool found = false;

	list_for_each_entry(page, &t->b_dev_info.pages, lru)
		found |= page == t->page[i];
	return found && PageOffline(t->page[i]) && page_count(t->page[i]) == 1;
}

static bool balloon_test_out(struct balloon_test *t, unsigned int i)
{
	return !balloon_has_page(&t->b_dev_info, t->page[i]) &&
	       !page_private(t->page[i]) && !PageLocked(t->page[i]) &&
	       page_count(t->page[i]) == 1;
}

static void balloon_test_ranges(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	unsigned int i;

	balloon_test_claim(t, 0, 2, 8);
	balloon_test_claim(t, 1, 11, 12);
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), 0);
	/* Six of them, and then one, four at most at a time */
	KUNIT_EXPECT_EQ(test, t->calls, 2);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), 7);
	for (i = 0; i < TEST_PAGES; i++) {
		if ((i >= 2 && i < 8) || i == 11)
			KUNIT_EXPECT_TRUE_MSG(test, balloon_test_out(t, i),
					      "page %u", i);
		else
			KUNIT_EXPECT_TRUE_MSG(test, balloon_test_in(t, i),
					      "page %u", i);
	}
	/* There is nothing left to give back */
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), 0);
	KUNIT_EXPECT_EQ(test, t->calls, 2);
}

/* A host that gives nothing is asked once, and all is as before */
static void balloon_test_nothing(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	unsigned int i;

	balloon_test_claim(t, 0, 0, TEST_PAGES);
	t->fail_at = 1;
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), -EIO);
	KUNIT_EXPECT_EQ(test, t->calls, 1);
	for (i = 0; i < TEST_PAGES; i++)
		KUNIT_EXPECT_TRUE_MSG(test, balloon_test_in(t, i), "page %u", i);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->b_dev_info.pages),
			TEST_PAGES);
}

/* One that gives some: no page is lost, and none is in two places */
static void balloon_test_some(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	unsigned int i;

	balloon_test_claim(t, 0, 0, TEST_PAGES);
	t->fail_at = 3;
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), -EIO);
	KUNIT_EXPECT_EQ(test, t->calls, 3);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), 2 * TEST_MAX);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->b_dev_info.pages),
			TEST_PAGES - 2 * TEST_MAX);
	for (i = 0; i < TEST_PAGES; i++)
		KUNIT_EXPECT_TRUE_MSG(test, balloon_test_in(t, i) ||
				      balloon_test_out(t, i), "page %u", i);
}

/* The list of the balloon may change while its pages are given back */
static void balloon_test_churn(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	unsigned int i;

	balloon_test_claim(t, 0, 1, TEST_PAGES - 1);
	t->churn = true;
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), 0);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), TEST_PAGES - 2);
	for (i = 1; i < TEST_PAGES - 1; i++)
		KUNIT_EXPECT_TRUE_MSG(test, balloon_test_out(t, i),
				      "page %u", i);
	KUNIT_EXPECT_TRUE(test, balloon_test_in(t, 0));
	KUNIT_EXPECT_TRUE(test, balloon_test_in(t, TEST_PAGES - 1));
}

/* A page that somebody holds for a while is had when it is let go */
static void balloon_test_locked(struct kunit *test)
{
	struct balloon_test *t = test->priv;

	balloon_test_claim(t, 0, 0, TEST_PAGES);
	t->held = t->page[5];
	lock_page(t->held);
	schedule_delayed_work(&t->work, msecs_to_jiffies(200));
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), 0);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), TEST_PAGES);
}

/* Of another balloon, and of none */
static void balloon_test_foreign(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	struct balloon_dev_info *other;
	struct page *page[2];

	other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	balloon_devinfo_init(other);
	page[0] = balloon_page_dequeue(&t->b_dev_info);
	page[1] = balloon_page_dequeue(&t->b_dev_info);
	KUNIT_ASSERT_NOT_NULL(test, page[0]);
	KUNIT_ASSERT_NOT_NULL(test, page[1]);
	balloon_page_enqueue(other, page[0]);
	balloon_test_claim(t, 0, 0, TEST_PAGES);
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), 0);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), TEST_PAGES - 2);
	KUNIT_EXPECT_TRUE(test, PageOffline(page[0]));
	KUNIT_EXPECT_EQ(test, balloon_test_len(&other->pages), 1);
	KUNIT_EXPECT_EQ(test, page_count(page[1]), 1);
	__free_page(balloon_page_dequeue(other));
	__free_page(page[1]);
}

#ifdef balloon_test_isolate
/* A page that is being migrated is waited for, and not for ever */
static void balloon_test_isolated(struct kunit *test)
{
	struct balloon_test *t = test->priv;
	struct page *page = t->page[5];
	LIST_HEAD(isolated);

	balloon_test_claim(t, 0, 0, TEST_PAGES);
	KUNIT_ASSERT_TRUE(test, balloon_test_isolate(page));
	list_add(&page->lru, &isolated);
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), -EBUSY);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), TEST_PAGES - 1);
	KUNIT_EXPECT_EQ(test, t->b_dev_info.isolated_pages, 1);
	putback_movable_pages(&isolated);
	KUNIT_EXPECT_TRUE(test, balloon_test_in(t, 5));
	KUNIT_EXPECT_EQ(test, balloon_test_run(t), 0);
	KUNIT_EXPECT_EQ(test, balloon_test_len(&t->given), TEST_PAGES);
}
#else
static void balloon_test_isolated(struct kunit *test)
{
	kunit_skip(test, "pages of balloons are not migrated");
}
#endif

static struct kunit_case balloon_cases[] = {
	KUNIT_CASE(balloon_test_ranges),
	KUNIT_CASE(balloon_test_nothing),
	KUNIT_CASE(balloon_test_some),
	KUNIT_CASE(balloon_test_churn),
	KUNIT_CASE(balloon_test_locked),
	KUNIT_CASE(balloon_test_foreign),
	KUNIT_CASE(balloon_test_isolated),
	{}
};

static struct kunit_suite balloon_suite = {
	.name = "balloon_claim",
	.init = balloon_test_init,
	.exit = balloon_test_exit,
	.test_cases = balloon_cases,
};

kunit_test_suite(balloon_suite);

#endif /* CONFIG_KEXEC_CLAIM_KUNIT_TEST */
