/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of when hibernation is refused.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define HIBERNATE_TEST_NAME	"kunit hibernate"
#define HIBERNATE_TEST_PAGES	3

static int hibernate_ask(unsigned long action)
{
	return notifier_to_errno(pram_pm_notify(NULL, action, NULL));
}

/* A node of single pages; their first pfns */
static void hibernate_save(struct kunit *test, unsigned long *pfn)
{
	struct pram_stream ps;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, pram_open(HIBERNATE_TEST_NAME, PRAM_WRITE,
					GFP_KERNEL, &ps), 0);
	for (i = 0; i < HIBERNATE_TEST_PAGES; i++) {
		struct folio *folio = folio_alloc(GFP_KERNEL, 0);

		KUNIT_ASSERT_NOT_NULL(test, folio);
		KUNIT_EXPECT_EQ(test, pram_save_folio(&ps, folio, 0), 0);
		pfn[i] = folio_pfn(folio);
		folio_put(folio);
	}
	KUNIT_EXPECT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
}

static bool hibernate_raw(void)
{
	guard(mutex)(&pram_lock);
	return pram_node_raw(pram_find(HIBERNATE_TEST_NAME));
}

static void hibernate_refused(struct kunit *test)
{
	unsigned long pfn[HIBERNATE_TEST_PAGES];
	int before = hibernate_ask(PM_HIBERNATION_PREPARE);
	unsigned int i;

	hibernate_ask(PM_POST_HIBERNATION);
	hibernate_save(test, pfn);
	/* What this kernel has made is in the image, and lost by a resume */
	KUNIT_EXPECT_FALSE(test, hibernate_raw());
	KUNIT_EXPECT_EQ(test, hibernate_ask(PM_HIBERNATION_PREPARE), before);
	KUNIT_EXPECT_EQ(test, pram_is_hibernating(), !before);
	hibernate_ask(PM_POST_HIBERNATION);
	KUNIT_EXPECT_FALSE(test, pram_is_hibernating());
	KUNIT_EXPECT_EQ(test, hibernate_ask(PM_RESTORE_PREPARE), -EBUSY);

	/* One raw page is enough, whichever it is */
	for (i = 0; i < HIBERNATE_TEST_PAGES; i++) {
		pram_make_raw(pfn[i], pfn[i] + 1);
		KUNIT_EXPECT_TRUE(test, hibernate_raw());
		KUNIT_EXPECT_EQ(test, hibernate_ask(PM_HIBERNATION_PREPARE),
				-EBUSY);
		KUNIT_EXPECT_FALSE(test, pram_is_hibernating());
		pram_restore_folio(pfn[i], 0);
		KUNIT_EXPECT_FALSE(test, hibernate_raw());
	}
	/* Nothing to do with it */
	KUNIT_EXPECT_EQ(test, hibernate_ask(PM_SUSPEND_PREPARE), 0);
	KUNIT_EXPECT_EQ(test, hibernate_ask(PM_POST_RESTORE), 0);
	KUNIT_EXPECT_EQ(test, pram_discard(HIBERNATE_TEST_NAME), 0);
}

static void hibernate_refused_test(struct kunit *test)
{
	if (!pram_super)
		kunit_skip(test, "PRAM is off");
	pram_test_leak(test, hibernate_refused);
}

static struct kunit_case hibernate_test_cases[] = {
	KUNIT_CASE(hibernate_refused_test),
	{}
};

static struct kunit_suite hibernate_test_suite = {
	.name = "pram_hibernate",
	.test_cases = hibernate_test_cases,
};

kunit_test_suite(hibernate_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
