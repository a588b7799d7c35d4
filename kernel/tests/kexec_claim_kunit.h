/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of claims, with images that are not loaded. The ranges are far above
 * any memory, so that nobody else takes an interest in them.
 */
#ifdef CONFIG_KEXEC_CLAIM_KUNIT_TEST

#include <kunit/test.h>

#define TEST_PFN	((ULONG_MAX >> PAGE_SHIFT) - 1000)

/**
 * struct claim_test - what a test has
 * @image: two images
 * @nb: a notifier
 * @err: what the notifier says
 * @calls: how often it has been called
 * @in_force: whether the claim was in force each time
 */
struct claim_test {
	struct kimage *image[2];
	struct notifier_block nb;
	int err;
	int calls;
	bool in_force;
};

static int claim_test_notify(struct notifier_block *nb, unsigned long event,
			     void *data)
{
	struct claim_test *t = container_of(nb, struct claim_test, nb);
	const struct kexec_claim *claim = data;
	unsigned int i;

	t->calls++;
	for (i = 0; i < claim->nr; i++)
		t->in_force &= kexec_claimed(claim->range[i].start, 1);
	return notifier_from_errno(t->err);
}

static int claim_test_init(struct kunit *test)
{
	struct claim_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	if (!t)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(t->image); i++) {
		t->image[i] = kunit_kzalloc(test, sizeof(*t->image[i]),
					    GFP_KERNEL);
		if (!t->image[i])
			return -ENOMEM;
	}
	t->nb.notifier_call = claim_test_notify;
	t->in_force = true;
	test->priv = t;
	return register_kexec_claim_notifier(&t->nb);
}

static void claim_test_exit(struct kunit *test)
{
	struct claim_test *t = test->priv;
	unsigned int i;

	if (!t)
		return;
	for (i = 0; i < ARRAY_SIZE(t->image) && t->image[i]; i++)
		kexec_unclaim_image(t->image[i]);
	unregister_kexec_claim_notifier(&t->nb);
}

/* @nr pages at TEST_PFN + @pfn */
static void claim_test_add(struct kimage *image, unsigned long pfn,
			   unsigned long nr)
{
	struct kexec_segment *segment = &image->segment[image->nr_segments++];

	segment->mem = phys_to_boot_phys(PFN_PHYS(TEST_PFN + pfn));
	segment->memsz = PFN_PHYS(nr);
}

static bool claim_test_has(unsigned long pfn)
{
	return kexec_claimed(TEST_PFN + pfn, 1);
}

static void claim_test_ranges(struct kunit *test)
{
	struct claim_test *t = test->priv;

	KUNIT_EXPECT_FALSE(test, claim_test_has(7));
	claim_test_add(t->image[0], 7, 3);
	claim_test_add(t->image[0], 20, 1);
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[0]), 0);
	KUNIT_EXPECT_EQ(test, t->calls, 1);

	/* A range ends where it begins and its size, not at its size */
	KUNIT_EXPECT_FALSE(test, claim_test_has(6));
	KUNIT_EXPECT_TRUE(test, claim_test_has(7));
	KUNIT_EXPECT_TRUE(test, claim_test_has(9));
	KUNIT_EXPECT_FALSE(test, claim_test_has(10));
	KUNIT_EXPECT_FALSE(test, claim_test_has(19));
	KUNIT_EXPECT_TRUE(test, claim_test_has(20));
	KUNIT_EXPECT_FALSE(test, claim_test_has(21));
	/* Several at once */
	KUNIT_EXPECT_TRUE(test, kexec_claimed(TEST_PFN, 8));
	KUNIT_EXPECT_FALSE(test, kexec_claimed(TEST_PFN, 7));
	KUNIT_EXPECT_FALSE(test, kexec_claimed(TEST_PFN + 10, 10));
	KUNIT_EXPECT_TRUE(test, kexec_claimed(TEST_PFN + 10, 11));
}

static void claim_test_unload(struct kunit *test)
{
	struct claim_test *t = test->priv;
	bool before = static_key_enabled(&kexec_claim_any);

	claim_test_add(t->image[0], 7, 3);
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[0]), 0);
	KUNIT_EXPECT_TRUE(test, static_key_enabled(&kexec_claim_any));
	KUNIT_EXPECT_TRUE(test, claim_test_has(8));
	kexec_unclaim_image(t->image[0]);
	KUNIT_EXPECT_FALSE(test, claim_test_has(8));
	KUNIT_EXPECT_EQ(test, static_key_enabled(&kexec_claim_any), before);
	/* One that has no claim, or has none any more */
	kexec_unclaim_image(t->image[0]);
	kexec_unclaim_image(t->image[1]);
	KUNIT_EXPECT_EQ(test, static_key_enabled(&kexec_claim_any), before);
}

/* At no time is the one that is loaded without its claim */
static void claim_test_reload(struct kunit *test)
{
	struct claim_test *t = test->priv;

	claim_test_add(t->image[0], 7, 3);
	claim_test_add(t->image[1], 9, 3);
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[0]), 0);
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[1]), 0);
	KUNIT_EXPECT_EQ(test, t->calls, 2);
	KUNIT_EXPECT_TRUE(test, claim_test_has(7));
	KUNIT_EXPECT_TRUE(test, claim_test_has(11));
	kexec_unclaim_image(t->image[0]);
	KUNIT_EXPECT_FALSE(test, claim_test_has(7));
	KUNIT_EXPECT_TRUE(test, claim_test_has(9));
	KUNIT_EXPECT_TRUE(test, claim_test_has(11));
}

static void claim_test_refused(struct kunit *test)
{
	struct claim_test *t = test->priv;

	claim_test_add(t->image[0], 7, 3);
	claim_test_add(t->image[1], 17, 3);
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[0]), 0);
	t->err = -EIO;
	KUNIT_EXPECT_EQ(test, kexec_claim_image(t->image[1]), -EIO);
	KUNIT_EXPECT_EQ(test, t->calls, 2);
	KUNIT_EXPECT_FALSE(test, claim_test_has(17));
	/* The one before is as it was */
	KUNIT_EXPECT_TRUE(test, claim_test_has(7));
	KUNIT_EXPECT_TRUE(test, static_key_enabled(&kexec_claim_any));
	/* And may be tried again */
	t->err = 0;
	KUNIT_EXPECT_EQ(test, kexec_claim_image(t->image[1]), 0);
	KUNIT_EXPECT_TRUE(test, claim_test_has(17));
}

static void claim_test_in_force(struct kunit *test)
{
	struct claim_test *t = test->priv;

	claim_test_add(t->image[0], 7, 3);
	claim_test_add(t->image[0], 20, 1);
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[0]), 0);
	KUNIT_EXPECT_EQ(test, t->calls, 1);
	KUNIT_EXPECT_TRUE(test, t->in_force);
}

static void claim_test_crash(struct kunit *test)
{
	struct claim_test *t = test->priv;

	if (!IS_ENABLED(CONFIG_CRASH_DUMP))
		kunit_skip(test, "there are no crash kernels");
	claim_test_add(t->image[0], 7, 3);
	t->image[0]->type = KEXEC_TYPE_CRASH;
	KUNIT_ASSERT_EQ(test, kexec_claim_image(t->image[0]), 0);
	KUNIT_EXPECT_EQ(test, t->calls, 0);
	KUNIT_EXPECT_FALSE(test, claim_test_has(7));
}

static struct kunit_case claim_cases[] = {
	KUNIT_CASE(claim_test_ranges),
	KUNIT_CASE(claim_test_unload),
	KUNIT_CASE(claim_test_reload),
	KUNIT_CASE(claim_test_refused),
	KUNIT_CASE(claim_test_in_force),
	KUNIT_CASE(claim_test_crash),
	{}
};

static struct kunit_suite claim_suite = {
	.name = "kexec_claim",
	.init = claim_test_init,
	.exit = claim_test_exit,
	.test_cases = claim_cases,
};

kunit_test_suite(claim_suite);

#endif /* CONFIG_KEXEC_CLAIM_KUNIT_TEST */
