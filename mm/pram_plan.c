// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of least cost: as many blocks as are wanted, in as few ranges as there
 * may be.
 */
#include "pram_window.h"

/**
 * pram_plan_add - add a window
 * @plan: the windows; there are less than PRAM_MAX_WINDOWS
 * @start: its first block
 * @end: the one after its last
 *
 * Context: any.
 */
void pram_plan_add(struct pram_plan *plan, unsigned long start, unsigned long end)
{
	unsigned int i = plan->nr++;

	for (; i && plan->window[i - 1].start > start; i--)
		plan->window[i] = plan->window[i - 1];
	plan->window[i] = (struct pram_range){ start, end };
	plan->size += end - start;
	for (; start < end; start++)
		plan->cost += plan->blocks->cost[start];
}

/*
 * The first run of blocks at or behind @from, and before @to, that can be part of
 * a window; false: there is none.
 */
static bool pram_next_run(const struct pram_plan *plan, unsigned long from,
			  unsigned long to, struct pram_range *run)
{
	const u16 *cost = plan->blocks->cost;
	unsigned int i;
	bool moved;

	do {
		while (from < to && cost[from] == PRAM_BLOCK_TAKEN)
			from++;
		moved = false;
		for (i = 0; i < plan->nr; i++) {
			if (from >= plan->window[i].start &&
			    from < plan->window[i].end) {
				from = plan->window[i].end;
				moved = true;
			}
		}
	} while (moved);
	if (from >= to)
		return false;
	for (i = 0; i < plan->nr; i++) {
		if (plan->window[i].start > from)
			to = min_t(u64, to, plan->window[i].start);
	}
	run->start = from;
	while (from < to && cost[from] != PRAM_BLOCK_TAKEN)
		from++;
	run->end = from;
	return true;
}

/**
 * pram_add_cheapest - add the cheapest window of a size, the highest of several
 * @plan: the windows; there are less than PRAM_MAX_WINDOWS
 * @size: blocks
 * @from: the first block that may be in it
 * @to: the one after the last; may be behind all memory
 *
 * Context: may sleep.
 * Return: how many blocks the longest run there has. If that is less than @size,
 * nothing has been added.
 */
unsigned long pram_add_cheapest(struct pram_plan *plan, unsigned long size,
				unsigned long from, unsigned long to)
{
	const u16 *cost = plan->blocks->cost;
	unsigned long longest = 0, best = 0;
	u64 best_sum = U64_MAX, sum, i;
	struct pram_range run;

	to = min(to, plan->blocks->nr);
	for (; pram_next_run(plan, from, to, &run); from = run.end) {
		longest = max_t(unsigned long, longest, run.end - run.start);
		for (i = run.start, sum = 0; i < run.end; i++) {
			sum += cost[i];
			if (i < run.start + size - 1)
				continue;
			if (sum <= best_sum) {
				best_sum = sum;
				best = i;
			}
			sum -= cost[i - (size - 1)];
		}
		cond_resched();
	}
	if (longest >= size)
		pram_plan_add(plan, best + 1 - size, best + 1);
	return longest;
}

/*
 * Add the largest runs that cost nothing: at most @max of them, and until the
 * windows have @want blocks. @found is for as many.
 */
static void pram_add_free(struct pram_plan *plan, struct pram_range *found,
			  unsigned int max, unsigned long want)
{
	unsigned long from = 0, to = plan->blocks->nr, size, i;
	const u16 *cost = plan->blocks->cost;
	struct pram_range run;
	unsigned int nr = 0, at;

	for (; max && pram_next_run(plan, from, to, &run); from = run.end) {
		for (i = run.start; i < run.end; i++) {
			if (cost[i])
				continue;
			for (size = 1; i + size < run.end && !cost[i + size];)
				size++;
			i += size;
			if (nr < max)
				nr++;
			else if (size < found[nr - 1].end - found[nr - 1].start)
				continue;
			/* The largest first, and of several the highest */
			for (at = nr - 1; at && size >= found[at - 1].end -
							found[at - 1].start; at--)
				found[at] = found[at - 1];
			found[at] = (struct pram_range){ i - size, i };
		}
		cond_resched();
	}
	for (at = 0; at < nr && plan->size < want; at++) {
		size = min_t(u64, found[at].end - found[at].start,
			     want - plan->size);
		pram_plan_add(plan, found[at].end - size, found[at].end);
	}
}

/* Windows of up to @size blocks, until there are @want blocks, as far as it goes */
static void pram_add_equal(struct pram_plan *plan, unsigned long size,
			   unsigned long want)
{
	unsigned long nr, longest;

	while (plan->nr < PRAM_MAX_WINDOWS && plan->size < want) {
		nr = min(size, want - plan->size);
		longest = pram_add_cheapest(plan, nr, 0, ULONG_MAX);
		if (!longest)
			break;
		if (longest < nr)
			pram_add_cheapest(plan, longest, 0, ULONG_MAX);
	}
}

/* Is the first plan better, when @want blocks are wanted? */
static bool pram_plan_better(const struct pram_plan *plan,
			     const struct pram_plan *other, unsigned long want)
{
	unsigned long size = min(plan->size, want);
	unsigned long other_size = min(other->size, want);

	if (size != other_size)
		return size > other_size;
	return plan->cost < other->cost;
}

/**
 * pram_add_windows - add the cheapest windows of any size
 * @plan: the first has the windows; the others are for comparing
 * @want: how many blocks all windows are to have
 *
 * Context: may sleep.
 */
void pram_add_windows(struct pram_plan plan[PRAM_NR_PLANS], unsigned long want)
{
	unsigned int nr_free = PRAM_MAX_WINDOWS - plan->nr, shift;
	u64 cost = plan->cost;
	unsigned long missing;

	plan[2] = plan[0];
	for (;;) {
		for (shift = 0; shift < 5; shift++) {
			plan[1] = plan[2];
			pram_add_free(&plan[1], plan[3].window, nr_free, want);
			missing = max(plan[1].size, want) - plan[1].size;
			pram_add_equal(&plan[1],
				       DIV_ROUND_UP(missing, 1UL << shift),
				       want);
			if (pram_plan_better(&plan[1], &plan[0], want))
				plan[0] = plan[1];
			/* Nothing has to move: there is nothing better */
			if (plan[0].size >= want && plan[0].cost == cost)
				return;
			/* What is free suffices, of whatever size the rest */
			if (!missing)
				break;
		}
		if (!nr_free)
			return;
		nr_free = nr_free > 8 ? nr_free / 2 : 0;
	}
}

/**
 * pram_add_crash - add room for the memory of a crash kernel, whatever KASLR does
 * @plan: the first has the windows; the others are for comparing
 * @size: blocks that the crash kernel is to have
 * @image: blocks that the image may take, anywhere
 * @from: the first block that may be used
 * @to: the one after the last; may be behind all memory
 *
 * That is twice @size blocks and the image, in one piece, or @size in each of two.
 *
 * Context: may sleep.
 * Return: whether there was room.
 */
bool pram_add_crash(struct pram_plan plan[PRAM_NR_PLANS], unsigned long size,
		    unsigned long image, unsigned long from, unsigned long to)
{
	bool one, two;

	plan[1] = plan[0];
	plan[2] = plan[0];
	one = pram_add_cheapest(&plan[1], 2 * size + image, from, to) >=
	      2 * size + image;
	two = pram_add_cheapest(&plan[2], size, from, to) >= size &&
	      pram_add_cheapest(&plan[2], size, from, to) >= size;
	if (!one && !two)
		return false;
	plan[0] = !two || (one && plan[1].cost <= plan[2].cost) ? plan[1] :
								   plan[2];
	return true;
}

#include "tests/pram_plan_kunit.h"
