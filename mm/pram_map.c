// SPDX-License-Identifier: GPL-2.0
/*
 * The set of preserved pfns: data and metadata of all nodes, and the super
 * block.
 *
 * It decides whether a page is preserved already, and it is what the cover is
 * made from. It is an xarray of bitmaps rather than a tree of ranges: saving a
 * page costs the same however scattered the pages are, at 512 bytes for each
 * 16 MiB in which something is preserved.
 */
#include "pram.h"

#define LEAF_SHIFT	12
#define LEAF_PFNS	BIT(LEAF_SHIFT)

struct pram_leaf {
	DECLARE_BITMAP(bits, LEAF_PFNS);
};

/* Protects the set; taken inside pram_lock where both are needed */
static DEFINE_MUTEX(pram_map_lock);
static DEFINE_XARRAY(pram_map);

/* How many pfns are in it. Same lock. */
static unsigned long pram_map_size;

/* The leaf that was found last: the next lookup is often for the same. Same lock. */
static struct pram_leaf *pram_recent;
static unsigned long pram_recent_index;

/* Memory that is going offline: nothing there can be added. Same lock. */
static struct pram_range pram_leaving;

static struct pram_leaf *pram_leaf(unsigned long pfn)
{
	unsigned long index = pfn >> LEAF_SHIFT;

	if (!pram_recent || pram_recent_index != index) {
		pram_recent = xa_load(&pram_map, index);
		pram_recent_index = index;
	}
	return pram_recent;
}

/* Where the part of [pfn, end) that is in one leaf ends */
static unsigned long pram_leaf_stop(unsigned long pfn, unsigned long end)
{
	return min(end, ALIGN(pfn + 1, LEAF_PFNS));
}

static struct pram_leaf *pram_leaf_get(unsigned long pfn, gfp_t gfp)
{
	struct pram_leaf *leaf = pram_leaf(pfn);

	if (leaf)
		return leaf;
	leaf = kzalloc(sizeof(*leaf), gfp);
	if (leaf && xa_err(xa_store(&pram_map, pfn >> LEAF_SHIFT, leaf, gfp))) {
		kfree(leaf);
		leaf = NULL;
	}
	pram_recent = leaf;
	return leaf;
}

static void pram_leaf_put(unsigned long pfn, struct pram_leaf *leaf)
{
	unsigned long bit = pfn % LEAF_PFNS;

	/* Most often, there are some not far behind */
	if (find_next_bit(leaf->bits, LEAF_PFNS, bit) < LEAF_PFNS ||
	    find_next_bit(leaf->bits, bit, 0) < bit)
		return;
	xa_erase(&pram_map, pfn >> LEAF_SHIFT);
	kfree(leaf);
	pram_recent = NULL;
}

static void pram_map_clear(unsigned long pfn, unsigned long end)
{
	unsigned long stop;

	for (; pfn < end; pfn = stop) {
		struct pram_leaf *leaf = pram_leaf(pfn);

		stop = pram_leaf_stop(pfn, end);
		if (WARN_ON_ONCE(!leaf))
			continue;
		bitmap_clear(leaf->bits, pfn % LEAF_PFNS, stop - pfn);
		pram_map_size -= stop - pfn;
		pram_leaf_put(pfn, leaf);
	}
}

static int pram_map_add_locked(unsigned long pfn, unsigned long nr, gfp_t gfp)
{
	unsigned long first = pfn, end = pfn + nr, stop;

	if (pfn < pram_leaving.end && pram_leaving.start < end)
		return -EBUSY;
	for (; pfn < end; pfn = stop) {
		struct pram_leaf *leaf = pram_leaf_get(pfn, gfp);
		unsigned long bit = pfn % LEAF_PFNS, last;

		stop = pram_leaf_stop(pfn, end);
		last = bit + stop - pfn;
		if (leaf && find_next_bit(leaf->bits, last, bit) >= last) {
			bitmap_set(leaf->bits, bit, stop - pfn);
			pram_map_size += stop - pfn;
			continue;
		}
		pram_map_clear(first, pfn);
		return leaf ? -EEXIST : -ENOMEM;
	}
	return 0;
}

/**
 * pram_map_add - add pfns to the set
 * @pfn: the first
 * @nr: how many
 * @gfp: how to allocate; files that are evicted to reclaim memory may take pages out
 *	of the set, so that is not done
 *
 * Context: may sleep.
 * Return: 0; -EEXIST: some of them are in the set; -EBUSY: some of them are going
 * offline; -ENOMEM. After an error the set is as it was.
 */
int pram_map_add(unsigned long pfn, unsigned long nr, gfp_t gfp)
{
	guard(mutex)(&pram_map_lock);
	return pram_map_add_locked(pfn, nr, gfp & ~__GFP_FS);
}

/**
 * pram_map_add_runs - add pfns of several runs to the set
 * @runs: the runs
 * @nr: how many
 * @gfp: how to allocate
 *
 * Context: may sleep.
 * Return: how many runs, from the first on, have been added; or, if it is none, an
 * error, as pram_map_add().
 */
int pram_map_add_runs(const struct pram_run *runs, unsigned int nr, gfp_t gfp)
{
	unsigned int i;
	int err = 0;

	guard(mutex)(&pram_map_lock);
	for (i = 0; i < nr; i++) {
		err = pram_map_add_locked(runs[i].pfn, pram_run_pages(&runs[i]),
					  gfp & ~__GFP_FS);
		if (err)
			break;
	}
	return i ?: err;
}

/**
 * pram_map_del - take pfns out of the set
 * @pfn: the first
 * @nr: how many; all of them are in the set
 *
 * Context: may sleep.
 */
void pram_map_del(unsigned long pfn, unsigned long nr)
{
	guard(mutex)(&pram_map_lock);
	pram_map_clear(pfn, pfn + nr);
}

/**
 * pram_map_drop - take a pfn out of the set, if it is there
 * @pfn: the pfn
 *
 * Context: may sleep.
 */
void pram_map_drop(unsigned long pfn)
{
	struct pram_leaf *leaf;

	guard(mutex)(&pram_map_lock);
	leaf = pram_leaf(pfn);
	if (leaf && test_bit(pfn % LEAF_PFNS, leaf->bits))
		pram_map_clear(pfn, pfn + 1);
}

/* The leaf is that of @start, or NULL if there is none */
static bool pram_map_find(const struct pram_leaf *leaf, unsigned long *start,
			  unsigned long *end)
{
	unsigned long index = *start >> LEAF_SHIFT, bit = LEAF_PFNS;

	if (leaf)
		bit = find_next_bit(leaf->bits, LEAF_PFNS, *start % LEAF_PFNS);
	while (bit == LEAF_PFNS) {
		leaf = xa_find_after(&pram_map, &index, ULONG_MAX, XA_PRESENT);
		if (!leaf)
			return false;
		bit = find_next_bit(leaf->bits, LEAF_PFNS, 0);
	}

	*start = (index << LEAF_SHIFT) + bit;
	do {
		bit = find_next_zero_bit(leaf->bits, LEAF_PFNS, bit);
		*end = (index << LEAF_SHIFT) + bit;
		if (bit < LEAF_PFNS)
			break;
		leaf = xa_load(&pram_map, ++index);
		bit = 0;
	} while (leaf);
	return true;
}

static bool pram_map_next_locked(unsigned long *start, unsigned long *end)
{
	return pram_map_find(pram_leaf(*start), start, end);
}

/**
 * pram_map_next - find the next run of pfns in the set
 * @start: where to look from; returns the first pfn of the run
 * @end: returns the pfn after the run
 *
 * Context: may sleep.
 * Return: whether there is one.
 */
bool pram_map_next(unsigned long *start, unsigned long *end)
{
	guard(mutex)(&pram_map_lock);
	return pram_map_next_locked(start, end);
}

/**
 * pram_map_next_broken - find the next preserved page that has broken memory
 * @pfn: where to look from; returns the page
 * @end: where to stop, exclusive
 *
 * Where no memory of this machine is known to be broken, nothing is done.
 *
 * Context: may sleep.
 * Return: whether there is one.
 */
bool pram_map_next_broken(unsigned long *pfn, unsigned long end)
{
	unsigned long start = *pfn, stop;

	if (!pram_nr_broken())
		return false;
	while (start < end && pram_map_next(&start, &stop)) {
		for (stop = min(stop, end); start < stop; start++) {
			if (PageHWPoison(pfn_to_page(start))) {
				*pfn = start;
				return true;
			}
		}
		cond_resched();
	}
	return false;
}

/**
 * pram_map_next_unlocked - pram_map_next() where nobody changes the set
 * @start: as there
 * @end: as there
 *
 * Whoever has the lock has been stopped, or the set does not change: those who only
 * look at it need not wait for each other.
 *
 * Context: between machine_shutdown() and the jump; in boot, when all has been adopted.
 * Return: as there.
 */
bool pram_map_next_unlocked(unsigned long *start, unsigned long *end)
{
	return pram_map_find(xa_load(&pram_map, *start >> LEAF_SHIFT), start,
			     end);
}

/**
 * pram_map_nr - how many pfns are in the set?
 *
 * Context: any.
 * Return: as many.
 */
unsigned long pram_map_nr(void)
{
	return READ_ONCE(pram_map_size);
}

/**
 * pram_map_count - how many pfns of a range are in the set?
 * @pfn: the first
 * @nr: how many there are; this and @pfn are multiples of BITS_PER_LONG
 *
 * Context: may sleep.
 * Return: as many.
 */
unsigned long pram_map_count(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr, count = 0, stop;

	guard(mutex)(&pram_map_lock);
	for (; pfn < end; pfn = stop) {
		const struct pram_leaf *leaf = pram_leaf(pfn);

		stop = pram_leaf_stop(pfn, end);
		if (leaf)
			count += bitmap_weight(leaf->bits +
					       BIT_WORD(pfn % LEAF_PFNS),
					       stop - pfn);
	}
	return count;
}

/**
 * pram_map_leave - let memory go offline, if nothing is preserved there
 * @pfn: its first page
 * @nr: how many pages; 0: none any more
 *
 * Until the next call, pram_map_add() takes nothing there. Memory goes offline in
 * one place at a time.
 *
 * Context: may sleep.
 * Return: 0; -EBUSY: some of the pages are in the set.
 */
int pram_map_leave(unsigned long pfn, unsigned long nr)
{
	unsigned long start = pfn, end;

	guard(mutex)(&pram_map_lock);
	if (nr && pram_map_next_locked(&start, &end) && start < pfn + nr)
		return -EBUSY;
	pram_leaving.start = pfn;
	pram_leaving.end = pfn + nr;
	return 0;
}

/* A gap between two runs; the heap keeps those with the most weight */
struct pram_gap {
	unsigned long start;
	unsigned long end;
	unsigned long weight;
};

DEFINE_MIN_HEAP(struct pram_gap, pram_gap_heap);

static bool pram_gap_less(const void *l, const void *r, void *args)
{
	return ((const struct pram_gap *)l)->weight <
	       ((const struct pram_gap *)r)->weight;
}

static void pram_gap_swap(void *l, void *r, void *args)
{
	swap(*(struct pram_gap *)l, *(struct pram_gap *)r);
}

static int pram_gap_order(const void *l, const void *r)
{
	const struct pram_gap *a = l, *b = r;

	return a->start < b->start ? -1 : a->start > b->start;
}

/**
 * struct pram_holes - ranges that stay uncovered
 * @hole: the ranges, in ascending order
 * @nr: how many
 * @next: the first that is not behind where the search is
 */
struct pram_holes {
	const struct pram_range *hole;
	unsigned int nr;
	unsigned int next;
};

/* The first hole that ends behind @pfn, which is not less than before; or NULL */
static const struct pram_range *pram_next_hole(struct pram_holes *holes,
					       unsigned long pfn)
{
	while (holes->next < holes->nr && holes->hole[holes->next].end <= pfn)
		holes->next++;
	return holes->next < holes->nr ? &holes->hole[holes->next] : NULL;
}

/*
 * The size of a gap; one that meets a hole that must stay open weighs more
 * than any that does not.
 */
static unsigned long pram_gap_weight(unsigned long start, unsigned long end,
				     struct pram_holes *holes)
{
	const struct pram_range *hole = pram_next_hole(holes, start);

	return hole && hole->start < end ? ULONG_MAX : end - start;
}

/* As pram_map_next_locked(), but as if nothing were in the holes */
static bool pram_map_next_outside(unsigned long *start, unsigned long *end,
				  struct pram_holes *holes)
{
	while (pram_map_next_locked(start, end)) {
		const struct pram_range *hole = pram_next_hole(holes, *start);

		if (!hole || hole->start >= *end)
			return true;
		if (hole->start > *start) {
			*end = hole->start;
			return true;
		}
		/* One up to the end of all memory ends behind the last pfn of 32 bits */
		*start = min_t(u64, hole->end, ULONG_MAX);
	}
	return false;
}

/**
 * pram_map_cover - contain the set in few ranges
 * @holes: ranges that stay uncovered, whatever is in them: fewer than
 *	PRAM_MAX_COVER, in ascending order
 * @nr_holes: how many
 * @cover: returns the ranges, up to PRAM_MAX_COVER of them
 *
 * What is left out are the largest gaps in the set, and those with holes.
 *
 * Context: may sleep.
 * Return: the number of ranges, 0 if the set is empty; -ENOMEM.
 */
int pram_map_cover(const struct pram_range *holes, unsigned int nr_holes,
		   struct pram_range *cover)
{
	static const struct min_heap_callbacks ops = {
		.less = pram_gap_less,
		.swp = pram_gap_swap,
	};
	struct pram_holes at = { .hole = holes, .nr = nr_holes }, behind = at;
	struct pram_gap *gaps __free(kfree) = NULL;
	unsigned long start = 0, end = 0, prev = 0;
	struct pram_gap_heap heap;
	int i;

	gaps = kmalloc_array(PRAM_MAX_COVER - 1, sizeof(*gaps), GFP_KERNEL);
	if (!gaps)
		return -ENOMEM;
	min_heap_init(&heap, gaps, PRAM_MAX_COVER - 1);

	guard(mutex)(&pram_map_lock);
	if (!pram_map_next_outside(&start, &end, &at))
		return 0;
	cover[0].start = start;
	for (;;) {
		struct pram_gap gap;

		prev = end;
		start = end;
		if (!pram_map_next_outside(&start, &end, &at))
			break;
		gap.start = prev;
		gap.end = start;
		gap.weight = pram_gap_weight(prev, start, &behind);
		if (!min_heap_full(&heap))
			min_heap_push(&heap, &gap, &ops, NULL);
		else if (pram_gap_less(min_heap_peek(&heap), &gap, NULL))
			min_heap_pop_push(&heap, &gap, &ops, NULL);
		cond_resched();
	}

	sort(gaps, heap.nr, sizeof(*gaps), pram_gap_order, NULL);
	for (i = 0; i < heap.nr; i++) {
		cover[i].end = gaps[i].start;
		cover[i + 1].start = gaps[i].end;
	}
	cover[i].end = prev;
	return heap.nr + 1;
}

#include "tests/pram_map_kunit.h"
