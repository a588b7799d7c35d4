/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of choosing windows, in memory that is made up.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define TEST_BLOCKS	2560		/* 5 GiB */
#define TEST_WANT	(TEST_BLOCKS / 16)
#define TEST_FIRST	32		/* 64 MiB */
#define TEST_TIB	(SZ_1T_PAGES / PRAM_BLOCK_PAGES)
#define SZ_1T_PAGES	(1UL << (40 - PAGE_SHIFT))

struct window_test {
	struct pram_blocks blocks;
	struct pram_plan plan[PRAM_NR_PLANS];
};

static struct window_test *window_make(struct kunit *test, unsigned long nr)
{
	struct window_test *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->blocks.cost = kvcalloc(nr, sizeof(u16), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, w->blocks.cost);
	w->blocks.nr = nr;
	w->plan[0].blocks = &w->blocks;
	test->priv = w;
	return w;
}

static void window_forget(struct window_test *w)
{
	memset(w->plan, 0, sizeof(w->plan));
	w->plan[0].blocks = &w->blocks;
}

static void window_test_exit(struct kunit *test)
{
	struct window_test *w = test->priv;

	if (w)
		kvfree(w->blocks.cost);
}

/* Are the windows in order, of what can be had, and counted right? */
static void window_check(struct kunit *test)
{
	struct window_test *w = test->priv;
	const struct pram_plan *plan = w->plan;
	u64 cost = 0, size = 0, end = 0, b;
	unsigned int i;

	KUNIT_ASSERT_LE(test, plan->nr, PRAM_MAX_WINDOWS);
	for (i = 0; i < plan->nr; i++) {
		KUNIT_EXPECT_GE(test, plan->window[i].start, end);
		KUNIT_ASSERT_LT(test, plan->window[i].start,
				plan->window[i].end);
		end = plan->window[i].end;
		KUNIT_ASSERT_LE(test, end, w->blocks.nr);
		for (b = plan->window[i].start; b < end; b++) {
			KUNIT_ASSERT_NE(test, w->blocks.cost[b],
					PRAM_BLOCK_TAKEN);
			cost += w->blocks.cost[b];
			size++;
		}
	}
	KUNIT_EXPECT_EQ(test, plan->cost, cost);
	KUNIT_EXPECT_EQ(test, plan->size, size);
}

static void window_choose(struct kunit *test, unsigned long want)
{
	struct window_test *w = test->priv;

	KUNIT_ASSERT_GE(test, pram_add_cheapest(w->plan, TEST_FIRST, 0,
						w->blocks.nr), TEST_FIRST);
	pram_add_windows(w->plan, want);
	window_check(test);
}

/* Pieces of 32 MiB in turn: full, free, full, ... */
static void window_pieces_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_BLOCKS);
	unsigned int i;

	for (i = 0; i < TEST_BLOCKS; i++)
		w->blocks.cost[i] = i / 16 % 2 ? 0 : PRAM_BLOCK_PAGES;
	/* Room for the first one, which has to be in one piece */
	memset16(w->blocks.cost + 320, 0, TEST_FIRST);
	window_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 0);
	/* Of several the highest */
	KUNIT_EXPECT_EQ(test, w->plan->window[w->plan->nr - 1].end,
			TEST_BLOCKS);
}

/* All is free: two windows, at the top */
static void window_free_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_BLOCKS);

	window_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->nr, 2);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 0);
	KUNIT_EXPECT_EQ(test, w->plan->window[0].start,
			TEST_BLOCKS - TEST_WANT);
}

/* The same everywhere: no choice is better, and any will do */
static void window_even_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_BLOCKS);

	memset16(w->blocks.cost, 100, TEST_BLOCKS);
	window_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 100 * TEST_WANT);
}

/* Part of it free, in pieces, and the rest of it cheap, in pieces of 20 blocks */
static void window_mixed_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_BLOCKS);

	memset16(w->blocks.cost, 500, TEST_BLOCKS);
	memset16(w->blocks.cost + 100, 0, TEST_FIRST);
	memset16(w->blocks.cost + 200, 0, 30);
	memset16(w->blocks.cost + 300, 0, 58);
	memset16(w->blocks.cost + 1001, 1, 20);
	memset16(w->blocks.cost + 2001, 1, 20);
	window_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 40);
}

/* More pieces that are free than there can be windows */
static void window_limit_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_BLOCKS);
	unsigned int i;

	for (i = 0; i < TEST_BLOCKS; i++)
		w->blocks.cost[i] = i % 2 ? PRAM_BLOCK_TAKEN : 0;
	memset16(w->blocks.cost, 0, TEST_FIRST);
	window_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->nr, PRAM_MAX_WINDOWS);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_FIRST + PRAM_MAX_WINDOWS - 1);
}

/* Never more than what one window of all that is wanted would cost */
static void window_random_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_BLOCKS);
	struct rnd_state rnd;
	unsigned int n, i;

	prandom_seed_state(&rnd, 1);
	for (n = 0; n < 50; n++) {
		unsigned int full = prandom_u32_state(&rnd) % 100, run = 0;

		for (i = 0; i < TEST_BLOCKS; i++, run--) {
			if (!run)
				run = 1 + prandom_u32_state(&rnd) % 100;
			w->blocks.cost[i] = run == 1 && n % 2 ?
				PRAM_BLOCK_TAKEN :
				prandom_u32_state(&rnd) % 100 < full ?
				prandom_u32_state(&rnd) % 512 : 0;
		}
		memset16(w->blocks.cost + 64 * n, 1, TEST_FIRST + 1);
		window_forget(w);
		window_choose(test, TEST_WANT);
		KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);

		w->plan[1].blocks = &w->blocks;
		w->plan[1].nr = 0;
		w->plan[1].size = 0;
		w->plan[1].cost = 0;
		pram_add_cheapest(&w->plan[1], TEST_FIRST, 0, ULONG_MAX);
		if (pram_add_cheapest(&w->plan[1], TEST_WANT - TEST_FIRST, 0,
				      ULONG_MAX) >= TEST_WANT - TEST_FIRST)
			KUNIT_EXPECT_LE(test, w->plan[0].cost,
					w->plan[1].cost);
	}
}

/* One piece with the image in it, or two, whatever moves less */
static void window_crash_test(struct kunit *test)
{
	const unsigned long size = 128 + 16, image = 40;
	struct window_test *w = window_make(test, TEST_BLOCKS);
	struct pram_plan *plan = w->plan;

	memset16(w->blocks.cost, 10, TEST_BLOCKS);
	memset16(w->blocks.cost + 100, 0, 2 * size + image);
	KUNIT_EXPECT_TRUE(test, pram_add_crash(plan, size, image, 0, 2048));
	KUNIT_EXPECT_EQ(test, plan->nr, 1);
	KUNIT_EXPECT_EQ(test, plan->size, 2 * size + image);
	KUNIT_EXPECT_EQ(test, plan->cost, 0);
	window_check(test);

	/* A block too few for that */
	w->blocks.cost[100] = 10;
	memset16(w->blocks.cost + 600, 0, size);
	window_forget(w);
	KUNIT_EXPECT_TRUE(test, pram_add_crash(plan, size, image, 0, 2048));
	KUNIT_EXPECT_EQ(test, plan->nr, 2);
	KUNIT_EXPECT_EQ(test, plan->size, 2 * size);
	KUNIT_EXPECT_EQ(test, plan->cost, 0);
	window_check(test);

	/* Only where it may be */
	window_forget(w);
	KUNIT_EXPECT_TRUE(test, pram_add_crash(plan, size, image, 2048,
					       ULONG_MAX));
	KUNIT_EXPECT_GE(test, plan->window[0].start, 2048);
	KUNIT_EXPECT_FALSE(test, pram_add_crash(plan, size, image, 2048,
						ULONG_MAX));
	window_check(test);
}

/* How long it takes where there is much memory */
static void window_time_test(struct kunit *test)
{
	struct window_test *w = window_make(test, TEST_TIB);
	struct rnd_state rnd;
	unsigned long i;
	ktime_t start;

	prandom_seed_state(&rnd, 2);
	for (i = 0; i < TEST_TIB; i++)
		w->blocks.cost[i] = prandom_u32_state(&rnd) % 512;
	start = ktime_get();
	window_choose(test, TEST_TIB / 16);
	kunit_info(test, "1 TiB: %lld ms, %llu of %lu pages move\n",
		   ktime_ms_delta(ktime_get(), start), w->plan->cost,
		   SZ_1T_PAGES / 16);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_TIB / 16);
}

/* What mem= or memmap= takes away is no memory for the image, once */
static void window_no_ram_test(struct kunit *test)
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
static void window_take_test(struct kunit *test)
{
	struct window_test *w = window_make(test, 8);

	pram_blocks_take(&w->blocks, 6 * PRAM_BLOCK_PAGES - 1, U64_MAX);
	KUNIT_EXPECT_EQ(test, w->blocks.cost[4], 0);
	KUNIT_EXPECT_EQ(test, w->blocks.cost[5], PRAM_BLOCK_TAKEN);
	KUNIT_EXPECT_EQ(test, w->blocks.cost[7], PRAM_BLOCK_TAKEN);
	pram_blocks_take(&w->blocks, 100 * PRAM_BLOCK_PAGES, U64_MAX);
}

/* What KHO preserves takes the blocks that it fills, in whatever pieces */
static void window_kho_test(struct kunit *test)
{
	struct window_test *w = window_make(test, 8);
	struct pram_kho_run run = { .blocks = &w->blocks };
	const unsigned long half = PRAM_BLOCK_PAGES / 2;
	unsigned int i;

	pram_kho_add(half, half, &run);
	pram_kho_add(2 * half, half, &run);
	pram_kho_add(3 * half, 2 * half, &run);
	pram_kho_add(7 * half, half, &run);
	pram_kho_add(10 * half, 2 * half - 1, &run);
	pram_kho_take(&run);
	KUNIT_EXPECT_EQ(test, run.nr, 7 * half - 1);
	for (i = 0; i < w->blocks.nr; i++)
		KUNIT_EXPECT_EQ(test, w->blocks.cost[i],
				i == 1 ? PRAM_BLOCK_TAKEN : 0);
}

static struct kunit_case window_test_cases[] = {
	KUNIT_CASE(window_pieces_test),
	KUNIT_CASE(window_free_test),
	KUNIT_CASE(window_even_test),
	KUNIT_CASE(window_mixed_test),
	KUNIT_CASE(window_limit_test),
	KUNIT_CASE(window_random_test),
	KUNIT_CASE(window_crash_test),
	KUNIT_CASE(window_time_test),
	KUNIT_CASE(window_no_ram_test),
	KUNIT_CASE(window_take_test),
	KUNIT_CASE(window_kho_test),
	{}
};

static struct kunit_suite window_test_suite = {
	.name = "pram_window",
	.exit = window_test_exit,
	.test_cases = window_test_cases,
};

kunit_test_suite(window_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
