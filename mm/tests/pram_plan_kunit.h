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

struct plan_test {
	struct pram_blocks blocks;
	struct pram_plan plan[PRAM_NR_PLANS];
};

static struct plan_test *plan_make(struct kunit *test, unsigned long nr)
{
	struct plan_test *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->blocks.cost = kvcalloc(nr, sizeof(u16), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, w->blocks.cost);
	w->blocks.nr = nr;
	w->plan[0].blocks = &w->blocks;
	test->priv = w;
	return w;
}

static void plan_forget(struct plan_test *w)
{
	memset(w->plan, 0, sizeof(w->plan));
	w->plan[0].blocks = &w->blocks;
}

static void plan_test_exit(struct kunit *test)
{
	struct plan_test *w = test->priv;

	if (w)
		kvfree(w->blocks.cost);
}

/* Are the windows in order, of what can be had, and counted right? */
static void plan_check(struct kunit *test)
{
	struct plan_test *w = test->priv;
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

static void plan_choose(struct kunit *test, unsigned long want)
{
	struct plan_test *w = test->priv;

	KUNIT_ASSERT_GE(test, pram_add_cheapest(w->plan, TEST_FIRST, 0,
						w->blocks.nr), TEST_FIRST);
	pram_add_windows(w->plan, want);
	plan_check(test);
}

/* Pieces of 32 MiB in turn: full, free, full, ... */
static void plan_pieces_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_BLOCKS);
	unsigned int i;

	for (i = 0; i < TEST_BLOCKS; i++)
		w->blocks.cost[i] = i / 16 % 2 ? 0 : PRAM_BLOCK_PAGES;
	/* Room for the first one, which has to be in one piece */
	memset16(w->blocks.cost + 320, 0, TEST_FIRST);
	plan_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 0);
	/* Of several the highest */
	KUNIT_EXPECT_EQ(test, w->plan->window[w->plan->nr - 1].end,
			TEST_BLOCKS);
}

/* All is free: two windows, at the top */
static void plan_free_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_BLOCKS);

	plan_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->nr, 2);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 0);
	KUNIT_EXPECT_EQ(test, w->plan->window[0].start,
			TEST_BLOCKS - TEST_WANT);
}

/* The same everywhere: no choice is better, and any will do */
static void plan_even_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_BLOCKS);

	memset16(w->blocks.cost, 100, TEST_BLOCKS);
	plan_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 100 * TEST_WANT);
}

/* Part of it free, in pieces, and the rest of it cheap, in pieces of 20 blocks */
static void plan_mixed_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_BLOCKS);

	memset16(w->blocks.cost, 500, TEST_BLOCKS);
	memset16(w->blocks.cost + 100, 0, TEST_FIRST);
	memset16(w->blocks.cost + 200, 0, 30);
	memset16(w->blocks.cost + 300, 0, 58);
	memset16(w->blocks.cost + 1001, 1, 20);
	memset16(w->blocks.cost + 2001, 1, 20);
	plan_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->cost, 40);
}

/* More pieces that are free than there can be windows */
static void plan_limit_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_BLOCKS);
	unsigned int i;

	for (i = 0; i < TEST_BLOCKS; i++)
		w->blocks.cost[i] = i % 2 ? PRAM_BLOCK_TAKEN : 0;
	memset16(w->blocks.cost, 0, TEST_FIRST);
	plan_choose(test, TEST_WANT);
	KUNIT_EXPECT_EQ(test, w->plan->nr, PRAM_MAX_WINDOWS);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_FIRST + PRAM_MAX_WINDOWS - 1);
}

/* Never more than what one window of all that is wanted would cost */
static void plan_random_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_BLOCKS);
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
		plan_forget(w);
		plan_choose(test, TEST_WANT);
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
static void plan_crash_test(struct kunit *test)
{
	const unsigned long size = 128 + 16, image = 40;
	struct plan_test *w = plan_make(test, TEST_BLOCKS);
	struct pram_plan *plan = w->plan;

	memset16(w->blocks.cost, 10, TEST_BLOCKS);
	memset16(w->blocks.cost + 100, 0, 2 * size + image);
	KUNIT_EXPECT_TRUE(test, pram_add_crash(plan, size, image, 0, 2048));
	KUNIT_EXPECT_EQ(test, plan->nr, 1);
	KUNIT_EXPECT_EQ(test, plan->size, 2 * size + image);
	KUNIT_EXPECT_EQ(test, plan->cost, 0);
	plan_check(test);

	/* A block too few for that */
	w->blocks.cost[100] = 10;
	memset16(w->blocks.cost + 600, 0, size);
	plan_forget(w);
	KUNIT_EXPECT_TRUE(test, pram_add_crash(plan, size, image, 0, 2048));
	KUNIT_EXPECT_EQ(test, plan->nr, 2);
	KUNIT_EXPECT_EQ(test, plan->size, 2 * size);
	KUNIT_EXPECT_EQ(test, plan->cost, 0);
	plan_check(test);

	/* Only where it may be */
	plan_forget(w);
	KUNIT_EXPECT_TRUE(test, pram_add_crash(plan, size, image, 2048,
					       ULONG_MAX));
	KUNIT_EXPECT_GE(test, plan->window[0].start, 2048);
	KUNIT_EXPECT_FALSE(test, pram_add_crash(plan, size, image, 2048,
						ULONG_MAX));
	plan_check(test);
}

/* How long it takes where there is much memory */
static void plan_time_test(struct kunit *test)
{
	struct plan_test *w = plan_make(test, TEST_TIB);
	struct rnd_state rnd;
	unsigned long i;
	ktime_t start;

	prandom_seed_state(&rnd, 2);
	for (i = 0; i < TEST_TIB; i++)
		w->blocks.cost[i] = prandom_u32_state(&rnd) % 512;
	start = ktime_get();
	plan_choose(test, TEST_TIB / 16);
	kunit_info(test, "1 TiB: %lld ms, %llu of %lu pages move\n",
		   ktime_ms_delta(ktime_get(), start), w->plan->cost,
		   SZ_1T_PAGES / 16);
	KUNIT_EXPECT_EQ(test, w->plan->size, TEST_TIB / 16);
}

static struct kunit_case plan_test_cases[] = {
	KUNIT_CASE(plan_pieces_test),
	KUNIT_CASE(plan_free_test),
	KUNIT_CASE(plan_even_test),
	KUNIT_CASE(plan_mixed_test),
	KUNIT_CASE(plan_limit_test),
	KUNIT_CASE(plan_random_test),
	KUNIT_CASE(plan_crash_test),
	KUNIT_CASE(plan_time_test),
	{}
};

static struct kunit_suite plan_test_suite = {
	.name = "pram_plan",
	.exit = plan_test_exit,
	.test_cases = plan_test_cases,
};

kunit_test_suite(plan_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
