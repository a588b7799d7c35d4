/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of the set of preserved pfns, against a bitmap.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

/*
 * The tests have pfns to themselves that no memory has. What is in the set
 * because it is preserved lies below.
 */
#define TEST_PFNS	(4 * LEAF_PFNS)
#define TEST_BASE	BIT(MIN(PRAM_ENTRY_PFN_BITS - 1, BITS_PER_LONG - 2))

/* Fewer are in the way of a test whose node was there at boot */
#define TEST_RUNS	2048

struct map_test {
	DECLARE_BITMAP(bits, TEST_PFNS);
	struct rnd_state rnd;
	struct pram_range runs[TEST_RUNS];
	unsigned long gaps[TEST_RUNS];
	struct pram_range cover[PRAM_MAX_COVER];
	struct pram_range holes[PRAM_MAX_COVER - 1];
};

static int map_test_init(struct kunit *test)
{
	struct map_test *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	prandom_seed_state(&m->rnd, 42);
	test->priv = m;
	return 0;
}

/* Whatever a test leaves, its leaves included */
static void map_test_exit(struct kunit *test)
{
	unsigned long start = TEST_BASE, end;

	for (; pram_map_next(&start, &end); start = end)
		pram_map_del(start, end - start);
	KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE));
	KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE + TEST_PFNS - 1));
}

static unsigned long map_random(struct map_test *m, unsigned long below)
{
	return prandom_u32_state(&m->rnd) % below;
}

static int map_add(struct map_test *m, unsigned long pfn, unsigned long nr)
{
	int err = pram_map_add(TEST_BASE + pfn, nr, GFP_KERNEL);

	if (!err)
		bitmap_set(m->bits, pfn, nr);
	return err;
}

static void map_del(struct map_test *m, unsigned long pfn, unsigned long nr)
{
	pram_map_del(TEST_BASE + pfn, nr);
	bitmap_clear(m->bits, pfn, nr);
}

/* Does the set have the runs of the model, and no others? */
static void map_compare(struct kunit *test)
{
	unsigned long start = TEST_BASE, end, from, to;
	struct map_test *m = test->priv;

	for_each_set_bitrange(from, to, m->bits, TEST_PFNS) {
		KUNIT_ASSERT_TRUE(test, pram_map_next(&start, &end));
		KUNIT_ASSERT_EQ(test, start, TEST_BASE + from);
		KUNIT_ASSERT_EQ(test, end, TEST_BASE + to);
		start = end;
	}
	KUNIT_ASSERT_FALSE(test, pram_map_next(&start, &end));
}

static void map_borders_test(struct kunit *test)
{
	static const unsigned long where[][2] = {
		{ 0, 1 },
		{ LEAF_PFNS - 1, 1 },
		{ LEAF_PFNS, 1 },
		{ LEAF_PFNS - 1, 2 },
		{ 0, LEAF_PFNS },
		{ 0, LEAF_PFNS + 1 },
		{ LEAF_PFNS - 1, LEAF_PFNS },
		{ LEAF_PFNS - 1, LEAF_PFNS + 2 },
		{ 0, TEST_PFNS },
		{ TEST_PFNS - 1, 1 },
		{ BITS_PER_LONG - 1, 2 },
	};
	struct map_test *m = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(where); i++) {
		unsigned long pfn = where[i][0], nr = where[i][1];

		KUNIT_EXPECT_EQ(test, map_add(m, pfn, nr), 0);
		map_compare(test);
		KUNIT_EXPECT_EQ(test, map_add(m, pfn, 1), -EEXIST);
		KUNIT_EXPECT_EQ(test, map_add(m, pfn + nr - 1, 1), -EEXIST);
		map_compare(test);
		map_del(m, pfn, nr);
		map_compare(test);
		KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE + pfn));
		KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE + pfn + nr - 1));
	}
}

/* One pfn that is taken refuses a range over three leaves, and nothing stays */
static void map_exist_test(struct kunit *test)
{
	static const unsigned long taken[] = {
		1, LEAF_PFNS - 1, LEAF_PFNS, LEAF_PFNS + 7, 2 * LEAF_PFNS - 1,
		2 * LEAF_PFNS, 3 * LEAF_PFNS - 2,
	};
	struct map_test *m = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(taken); i++) {
		KUNIT_EXPECT_EQ(test, map_add(m, taken[i], 1), 0);
		KUNIT_EXPECT_EQ(test, map_add(m, 1, 3 * LEAF_PFNS - 2),
				-EEXIST);
		map_compare(test);
		map_del(m, taken[i], 1);
		KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE));
		KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE + LEAF_PFNS));
		KUNIT_EXPECT_NULL(test, pram_leaf(TEST_BASE + 2 * LEAF_PFNS));
	}
}

/* A range of the length that is wanted most: short, or about that of a leaf */
static unsigned long map_random_nr(struct map_test *m, unsigned long max)
{
	unsigned long nr = 1 + map_random(m, 1UL << map_random(m, 14));

	return min(nr, max);
}

static void map_random_test(struct kunit *test)
{
	struct map_test *m = test->priv;
	unsigned long pfn, end, nr;
	int i, want;

	for (i = 0; i < 3000; i++) {
		pfn = map_random(m, TEST_PFNS);
		if (map_random(m, 4) == 0)
			pfn = ALIGN_DOWN(pfn, LEAF_PFNS);
		if (test_bit(pfn, m->bits) && map_random(m, 4)) {
			end = find_next_zero_bit(m->bits, TEST_PFNS, pfn);
			map_del(m, pfn, map_random_nr(m, end - pfn));
		} else {
			nr = map_random_nr(m, TEST_PFNS - pfn);
			want = find_next_bit(m->bits, pfn + nr, pfn) < pfn + nr ?
			       -EEXIST : 0;
			KUNIT_ASSERT_EQ(test, map_add(m, pfn, nr), want);
		}
		if (i % 10 == 0)
			map_compare(test);
	}
	map_compare(test);
}

/* The runs of the whole set, less what is in the holes */
static unsigned int map_runs(struct kunit *test, const struct pram_range *holes,
			     unsigned int nr_holes)
{
	struct map_test *m = test->priv;
	unsigned long start = 0, end;
	unsigned int nr = 0, i;

	for (; pram_map_next(&start, &end); start = end) {
		for (i = 0; i < nr_holes && start < end; i++) {
			if (holes[i].end <= start || holes[i].start >= end)
				continue;
			KUNIT_ASSERT_LT(test, nr, TEST_RUNS - 1);
			if (start < holes[i].start) {
				m->runs[nr].start = start;
				m->runs[nr++].end = holes[i].start;
			}
			start = min_t(u64, end, holes[i].end);
		}
		if (start == end)
			continue;
		KUNIT_ASSERT_LT(test, nr, TEST_RUNS - 1);
		m->runs[nr].start = start;
		m->runs[nr++].end = end;
	}
	return nr;
}

static int map_longer_first(const void *l, const void *r)
{
	unsigned long a = *(const unsigned long *)l;
	unsigned long b = *(const unsigned long *)r;

	return a < b ? 1 : -(a > b);
}

static bool map_gap_has_hole(const struct pram_range *gap,
			     const struct pram_range *holes, unsigned int nr)
{
	while (nr--) {
		if (holes[nr].start < gap->end && gap->start < holes[nr].end)
			return true;
	}
	return false;
}

/* How many pfns the best cover of the runs has: all but 63 gaps */
static unsigned long map_best(struct map_test *m, unsigned int nr_runs,
			      const struct pram_range *holes,
			      unsigned int nr_holes)
{
	unsigned long sum = m->runs[nr_runs - 1].end - m->runs[0].start;
	unsigned int left = PRAM_MAX_COVER - 1, nr = 0, i;

	for (i = 1; i < nr_runs; i++) {
		struct pram_range gap = {
			.start = m->runs[i - 1].end,
			.end = m->runs[i].start,
		};

		if (map_gap_has_hole(&gap, holes, nr_holes)) {
			sum -= gap.end - gap.start;
			left--;
		} else {
			m->gaps[nr++] = gap.end - gap.start;
		}
	}
	sort(m->gaps, nr, sizeof(m->gaps[0]), map_longer_first, NULL);
	for (i = 0; i < min(nr, left); i++)
		sum -= m->gaps[i];
	return sum;
}

/* Every run is in a range of the cover, and each range has a use */
static void map_check_cover(struct kunit *test, const struct pram_range *holes,
			    unsigned int nr_holes)
{
	struct map_test *m = test->priv;
	unsigned int nr_runs = map_runs(test, holes, nr_holes), run = 0;
	unsigned long sum = 0;
	int nr, i;

	nr = pram_map_cover(holes, nr_holes, m->cover);
	KUNIT_ASSERT_GT(test, nr, 0);
	KUNIT_ASSERT_LE(test, nr, PRAM_MAX_COVER);
	for (i = 0; i < nr; i++) {
		const struct pram_range *range = &m->cover[i];

		KUNIT_ASSERT_LT(test, range->start, range->end);
		KUNIT_ASSERT_TRUE(test, !i || range[-1].end < range->start);
		KUNIT_ASSERT_FALSE(test, map_gap_has_hole(range, holes,
							  nr_holes));
		KUNIT_ASSERT_LT(test, run, nr_runs);
		KUNIT_ASSERT_EQ(test, range->start, m->runs[run].start);
		while (run < nr_runs && m->runs[run].end <= range->end)
			run++;
		KUNIT_ASSERT_EQ(test, range->end, m->runs[run - 1].end);
		sum += range->end - range->start;
	}
	KUNIT_EXPECT_EQ(test, run, nr_runs);
	KUNIT_EXPECT_EQ(test, sum, map_best(m, nr_runs, holes, nr_holes));
}

static void map_fill(struct kunit *test, unsigned long every,
		     unsigned long longest)
{
	struct map_test *m = test->priv;
	unsigned long pfn, nr;

	for (pfn = 0; pfn < TEST_PFNS; pfn += nr + 1 + map_random(m, every)) {
		nr = min(1 + map_random(m, longest), TEST_PFNS - pfn);
		KUNIT_ASSERT_EQ(test, map_add(m, pfn, nr), 0);
	}
}

static void map_cover_test(struct kunit *test)
{
	static const unsigned long every[] = { 1000, 300, 200, 100, 25 };
	struct map_test *m = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(every); i++) {
		map_fill(test, every[i], every[i] / 2);
		map_check_cover(test, NULL, 0);
		map_test_exit(test);
		bitmap_zero(m->bits, TEST_PFNS);
	}
}

static void map_holes_test(struct kunit *test)
{
	static const unsigned int nrs[] = { 1, 5, 40, PRAM_MAX_COVER - 1 };
	struct map_test *m = test->priv;
	struct pram_range *holes = m->holes;
	unsigned int i, n;

	for (i = 0; i < 4 * ARRAY_SIZE(nrs); i++) {
		unsigned int nr = nrs[i % ARRAY_SIZE(nrs)];
		unsigned long pfn = 0, step = TEST_PFNS / nr;

		map_fill(test, 60 * (1 + i % 3), 40);
		/* In a run, in a gap, over borders of both, to the last pfn */
		for (n = 0; n < nr; n++, pfn += step) {
			holes[n].start = TEST_BASE + pfn +
					 map_random(m, step / 2);
			holes[n].end = holes[n].start + 1 +
				       map_random(m, step / 2 - 1);
		}
		map_check_cover(test, holes, nr);
		map_test_exit(test);
		bitmap_zero(m->bits, TEST_PFNS);
	}
}

/* A hole that takes all of a run, at either end of it, and the last run */
static void map_hole_all_test(struct kunit *test)
{
	struct map_test *m = test->priv;
	struct pram_range holes[] = {
		{ TEST_BASE + 10, TEST_BASE + 20 },
		{ TEST_BASE + 50, TEST_BASE + 60 },
		{ TEST_BASE + 90, TEST_BASE + TEST_PFNS },
	};

	KUNIT_ASSERT_EQ(test, map_add(m, 10, 10), 0);
	KUNIT_ASSERT_EQ(test, map_add(m, 40, 20), 0);
	KUNIT_ASSERT_EQ(test, map_add(m, 70, 20), 0);
	KUNIT_ASSERT_EQ(test, map_add(m, 100, 1), 0);
	map_check_cover(test, holes, ARRAY_SIZE(holes));
	holes[0].start--;
	holes[1].end += 10;
	map_check_cover(test, holes, ARRAY_SIZE(holes));
}

/* A hole up to the end of all memory: 32 bits have no pfn for that */
static void map_hole_end_test(struct kunit *test)
{
	struct map_test *m = test->priv;
	struct pram_range hole = { TEST_BASE + 100, BIT_ULL(64 - PAGE_SHIFT) };

	KUNIT_ASSERT_EQ(test, map_add(m, 10, 10), 0);
	KUNIT_ASSERT_EQ(test, map_add(m, 90, 20), 0);
	KUNIT_ASSERT_EQ(test, map_add(m, 200, 1), 0);
	map_check_cover(test, &hole, 1);
}

/* What is in the set keeps memory from leaving; where it leaves, nothing comes */
static void map_leave_test(struct kunit *test)
{
	struct map_test *m = test->priv;

	KUNIT_ASSERT_EQ(test, map_add(m, 100, 10), 0);
	KUNIT_EXPECT_EQ(test, pram_map_leave(TEST_BASE + 50, 51), -EBUSY);
	KUNIT_EXPECT_EQ(test, pram_map_leave(TEST_BASE + 109, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, map_add(m, 109, 1), -EEXIST);
	KUNIT_EXPECT_EQ(test, map_add(m, 60, 1), 0);
	KUNIT_ASSERT_EQ(test, pram_map_leave(TEST_BASE + 110, 50), 0);
	KUNIT_EXPECT_EQ(test, map_add(m, 110, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, map_add(m, 150, 20), -EBUSY);
	KUNIT_EXPECT_EQ(test, map_add(m, 160, 1), 0);
	KUNIT_EXPECT_EQ(test, pram_map_leave(0, 0), 0);
	KUNIT_EXPECT_EQ(test, map_add(m, 110, 50), 0);
}

static struct kunit_case map_test_cases[] = {
	KUNIT_CASE(map_borders_test),
	KUNIT_CASE(map_exist_test),
	KUNIT_CASE(map_random_test),
	KUNIT_CASE(map_cover_test),
	KUNIT_CASE(map_holes_test),
	KUNIT_CASE(map_hole_all_test),
	KUNIT_CASE(map_hole_end_test),
	KUNIT_CASE(map_leave_test),
	{}
};

static struct kunit_suite map_test_suite = {
	.name = "pram_map",
	.init = map_test_init,
	.exit = map_test_exit,
	.test_cases = map_test_cases,
};

kunit_test_suite(map_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
