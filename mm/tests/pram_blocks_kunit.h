/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of memory in blocks.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

/* What mem= or memmap= takes away is no memory for the image, once */
static void blocks_no_ram_test(struct kunit *test)
{
	const u64 half = max_pfn / 2;
	struct pram_image info = {};
	struct pram_blocks all = {}, low = {}, high = {};

	pram_count_ram(&all, &info);
	KUNIT_EXPECT_GT(test, all.nr_ram, 0);
	info.no_ram[0] = (struct pram_range){ half, U64_MAX };
	info.nr_no_ram = 1;
	pram_count_ram(&low, &info);
	KUNIT_EXPECT_LT(test, low.nr_ram, all.nr_ram);
	info.no_ram[0] = (struct pram_range){ half / 2, half };
	info.no_ram[1] = (struct pram_range){ 0, half - half / 4 };
	info.nr_no_ram = 2;
	pram_count_ram(&high, &info);
	KUNIT_EXPECT_EQ(test, low.nr_ram + high.nr_ram, all.nr_ram);
}

/* A range may end where all numbers do */
static void blocks_take_test(struct kunit *test)
{
	u16 cost[8] = {};
	struct pram_blocks blocks = { .cost = cost, .nr = 8 };

	pram_blocks_take(&blocks, 6 * PRAM_BLOCK_PAGES - 1, U64_MAX);
	KUNIT_EXPECT_EQ(test, cost[4], 0);
	KUNIT_EXPECT_EQ(test, cost[5], PRAM_BLOCK_TAKEN);
	KUNIT_EXPECT_EQ(test, cost[7], PRAM_BLOCK_TAKEN);
	pram_blocks_take(&blocks, 100 * PRAM_BLOCK_PAGES, U64_MAX);
}

/* What KHO preserves takes the blocks that it fills, in whatever pieces */
static void blocks_kho_test(struct kunit *test)
{
	u16 cost[8] = {};
	struct pram_blocks blocks = { .cost = cost, .nr = 8 };
	struct pram_kho_run run = { .blocks = &blocks };
	const unsigned long half = PRAM_BLOCK_PAGES / 2;
	unsigned int i;

	pram_kho_add(half, half, &run);
	pram_kho_add(2 * half, half, &run);
	pram_kho_add(3 * half, 2 * half, &run);
	pram_kho_add(7 * half, half, &run);
	pram_kho_add(10 * half, 2 * half - 1, &run);
	pram_kho_take(&run);
	KUNIT_EXPECT_EQ(test, run.nr, 7 * half - 1);
	for (i = 0; i < blocks.nr; i++)
		KUNIT_EXPECT_EQ(test, cost[i],
				i == 1 ? PRAM_BLOCK_TAKEN : 0);
}

static struct kunit_case blocks_test_cases[] = {
	KUNIT_CASE(blocks_no_ram_test),
	KUNIT_CASE(blocks_take_test),
	KUNIT_CASE(blocks_kho_test),
	{}
};

static struct kunit_suite blocks_test_suite = {
	.name = "pram_blocks",
	.test_cases = blocks_test_cases,
};

kunit_test_suite(blocks_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
