/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of what the next kernel is thought to need.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

/* Needs so much in windows, in a machine that has @nr_ram pages */
static int need_with(const struct pram_recorded *recorded,
		     const struct pram_image *info, u64 nr_image, u64 nr_ram,
		     u64 *need)
{
	static struct kimage image;
	struct pram_recorded was = pram_recorded;
	int err;

	pram_recorded = *recorded;
	err = pram_boot_need(&image, info, nr_image, nr_ram, need);
	pram_recorded = was;
	return err;
}

static int need_of(const struct pram_recorded *recorded, u64 nr_image,
		   u64 nr_ram, u64 *need)
{
	static const struct pram_image info;

	return need_with(recorded, &info, nr_image, nr_ram, need);
}

static void need_room_test(struct kunit *test)
{
	struct pram_recorded r = { .early = 8000 };
	u64 taken = pram_map_nr() + pram_crash_pages(), need;

	KUNIT_EXPECT_EQ(test, need_of(&r, 0, 0, &need), 0);
	KUNIT_EXPECT_EQ(test, need, 0);
	r.late = 16000;
	KUNIT_EXPECT_EQ(test, need_of(&r, 0, taken + 18000, &need), 0);
	KUNIT_EXPECT_EQ(test, need, 9000);
	KUNIT_EXPECT_EQ(test, need_of(&r, 2000, taken + 18000, &need), 0);
	KUNIT_EXPECT_EQ(test, need, 7000);
	KUNIT_EXPECT_EQ(test, need_of(&r, 20000, taken + 18000, &need), 0);
	KUNIT_EXPECT_EQ(test, need, 0);
	KUNIT_EXPECT_EQ(test, need_of(&r, 0, taken + 17999, &need), -ENOSPC);
}

static void need_apart_test(struct kunit *test)
{
	struct pram_image info = { .apart = 500, .apart_early = 200 };
	struct pram_recorded r = { .early = 8000, .late = 16000 };
	u64 taken = pram_map_nr() + pram_crash_pages(), need;

	KUNIT_EXPECT_EQ(test, need_with(&r, &info, 0, taken + 18500, &need), 0);
	KUNIT_EXPECT_EQ(test, need, 9200);
	KUNIT_EXPECT_EQ(test, need_with(&r, &info, 0, taken + 18499, &need),
			-ENOSPC);
	/* There is no room for one of them */
	info.giant = 4000;
	info.giant_size = 1000;
	KUNIT_EXPECT_EQ(test, need_with(&r, &info, 0, 19400, &need),
			taken > 900 ? -ENOSPC : 0);
	KUNIT_EXPECT_EQ(test, need, 9200);
	/* There would be for three or four, but for what is preserved */
	KUNIT_EXPECT_EQ(test, need_with(&r, &info, 0, taken + 22500, &need), 0);
	KUNIT_EXPECT_EQ(test, need, 13200);
	KUNIT_EXPECT_EQ(test, need_with(&r, &info, 0, taken + 22499, &need),
			taken ? -ENOSPC : 0);
}

static void need_ratio_test(struct kunit *test)
{
	struct pram_recorded r = { .files = 1000 };

	KUNIT_EXPECT_EQ(test, pram_initrd_ratio(&r), PRAM_INITRD_RATIO);
	r.initrd_size = 500 * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, pram_initrd_ratio(&r), PRAM_INITRD_RATIO);
	r.initrd_size = 120 * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, pram_initrd_ratio(&r), 9);
	r.initrd_size = 1;
	KUNIT_EXPECT_EQ(test, pram_initrd_ratio(&r), 1000);
}

/* This kernel has recorded something, and it is no more than there is */
static void need_recorded_test(struct kunit *test)
{
	if (!pram_super)
		kunit_skip(test, "PRAM is off");
	/* The suites run in an initcall: it may be still to come */
	if (!READ_ONCE(pram_recorded.late))
		pram_record_late(NULL, 0);
	kunit_info(test, "%llu pages early, %llu late, %llu of files, initrd of %llu KiB\n",
		   pram_recorded.early, pram_recorded.late,
		   pram_recorded.files, pram_recorded.initrd_size >> 10);
	KUNIT_EXPECT_GT(test, pram_recorded.early, PHYS_PFN(SZ_8M));
	KUNIT_EXPECT_GT(test, pram_recorded.late, PHYS_PFN(SZ_8M));
	KUNIT_EXPECT_LT(test, pram_recorded.late + pram_recorded.files,
			get_num_physpages());
}

static struct kunit_case need_test_cases[] = {
	KUNIT_CASE(need_room_test),
	KUNIT_CASE(need_apart_test),
	KUNIT_CASE(need_ratio_test),
	KUNIT_CASE(need_recorded_test),
	{}
};

static struct kunit_suite need_test_suite = {
	.name = "pram_need",
	.test_cases = need_test_cases,
};

kunit_test_suite(need_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
