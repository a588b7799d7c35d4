// SPDX-License-Identifier: GPL-2.0
/*
 * Where preserved pages must not be: the room that the next kernel needs.
 */
#include "pram.h"

/**
 * DOC: Windows
 *
 * The next kernel has to boot in what is not covered. Besides the places to
 * which its image is copied it gets windows: ranges that will be free, because
 * preserved pages are moved out of them. The first is one contiguous range of
 * 64 MiB, or twice what the image takes if that is more, below 4 GiB where it
 * can be had; it is for the kernel's own early allocations and for devices that
 * reach no further. As many others follow as it takes to give the next kernel
 * 1/16 of RAM in all (pram.boot_share).
 *
 * Of all ranges that would do, the one with the fewest preserved pages is
 * taken, and of several such the highest. Memory that is free anyway costs
 * nothing, so where there is enough of it nothing moves.
 */

/* Windows are made of blocks of this order: the pages of a large mapping */
#define PRAM_BLOCK_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define PRAM_BLOCK_PAGES	BIT(PRAM_BLOCK_ORDER)

/* Cost of a block that cannot be part of a window */
#define PRAM_BLOCK_TAKEN	U16_MAX

#define PRAM_MAX_WINDOWS	32

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"pram."

static unsigned int pram_boot_share = 16;
module_param_named(boot_share, pram_boot_share, uint, 0644);
MODULE_PARM_DESC(boot_share,
		 "Keep 1/N of RAM free for the next kernel to boot in; 0: one piece for its image only");

/**
 * struct pram_blocks - memory, in blocks
 * @cost: preserved pages in each, or PRAM_BLOCK_TAKEN
 * @nr: how many
 * @nr_ram: pages of RAM
 */
struct pram_blocks {
	u16 *cost;
	unsigned long nr;
	unsigned long nr_ram;
};

static int pram_blocks_ram(unsigned long pfn, unsigned long nr, void *arg)
{
	struct pram_blocks *blocks = arg;
	unsigned long i;

	if (pram_hotplugged(pfn, nr))
		return 0;
	blocks->nr_ram += nr;
	for (i = DIV_ROUND_UP(pfn, PRAM_BLOCK_PAGES);
	     i < (pfn + nr) / PRAM_BLOCK_PAGES && i < blocks->nr; i++)
		blocks->cost[i] = 0;
	return 0;
}

static void pram_blocks_take(struct pram_blocks *blocks, u64 start, u64 end)
{
	u64 i;

	for (i = start / PRAM_BLOCK_PAGES;
	     i < DIV_ROUND_UP_ULL(end, PRAM_BLOCK_PAGES) && i < blocks->nr; i++)
		blocks->cost[i] = PRAM_BLOCK_TAKEN;
}

static void pram_blocks_count(struct pram_blocks *blocks)
{
	unsigned long start = 0, end, pfn, stop;

	for (; pram_map_next(&start, &end); start = end) {
		/* There may be more memory than a moment ago */
		for (pfn = start;
		     pfn < end && pfn / PRAM_BLOCK_PAGES < blocks->nr;
		     pfn = stop) {
			u16 *cost = &blocks->cost[pfn / PRAM_BLOCK_PAGES];

			stop = min(end, ALIGN(pfn + 1, PRAM_BLOCK_PAGES));
			if (*cost != PRAM_BLOCK_TAKEN)
				*cost += stop - pfn;
		}
		cond_resched();
	}
}

/*
 * The cheapest window of @size blocks below block @limit; the highest of
 * several. Returns its last block, or 0.
 */
static unsigned long pram_find_window(const struct pram_blocks *blocks,
				      unsigned long size, unsigned long limit)
{
	unsigned long i, run = 0, sum = 0, best = 0, best_sum = ULONG_MAX;

	for (i = 0; i < limit && i < blocks->nr; i++) {
		if (blocks->cost[i] == PRAM_BLOCK_TAKEN) {
			run = 0;
			sum = 0;
			continue;
		}
		sum += blocks->cost[i];
		if (run == size)
			sum -= blocks->cost[i - size];
		else
			run++;
		if (run == size && sum <= best_sum) {
			best_sum = sum;
			best = i;
		}
	}
	return best;
}

/* The longest run of blocks that can be had, up to @max */
static unsigned long pram_longest_window(const struct pram_blocks *blocks,
					 unsigned long max)
{
	unsigned long i, run = 0, longest = 0;

	for (i = 0; i < blocks->nr; i++) {
		run = blocks->cost[i] == PRAM_BLOCK_TAKEN ? 0 : run + 1;
		longest = max(longest, run);
	}
	return min(longest, max);
}

static bool pram_add_window(struct pram_blocks *blocks, unsigned long size,
			    unsigned long limit, struct pram_range *window)
{
	unsigned long last = pram_find_window(blocks, size, limit);

	if (!last)
		return false;
	window->end = (last + 1) * PRAM_BLOCK_PAGES;
	window->start = window->end - size * PRAM_BLOCK_PAGES;
	pram_blocks_take(blocks, window->start, window->end);
	return true;
}

/* Returns the number of windows, or an error */
static int pram_add_windows(struct pram_blocks *blocks, u64 image_pages,
			    struct pram_range *windows)
{
	unsigned long first, want, have, size;
	unsigned int share = READ_ONCE(pram_boot_share), nr = 0;

	first = max_t(u64, PHYS_PFN(SZ_64M), 2 * image_pages);
	first = DIV_ROUND_UP(first, PRAM_BLOCK_PAGES);
	if (!pram_add_window(blocks, first, PHYS_PFN(SZ_4G) / PRAM_BLOCK_PAGES,
			     windows) &&
	    !pram_add_window(blocks, first, ULONG_MAX, windows)) {
		pram_refuse("there is no range of %lu MiB for the next kernel to boot in: use a smaller image, or load it elsewhere",
		       first * PRAM_BLOCK_PAGES >> (20 - PAGE_SHIFT));
		return -ENOSPC;
	}
	nr++;

	want = share ? DIV_ROUND_UP(blocks->nr_ram, share * PRAM_BLOCK_PAGES) :
		       0;
	for (have = first; have < want; have += size) {
		size = pram_longest_window(blocks, want - have);
		if (nr == PRAM_MAX_WINDOWS || !size ||
		    !pram_add_window(blocks, size, ULONG_MAX, &windows[nr])) {
			pram_refuse("the next kernel is to have %lu MiB to boot in, and can have only %lu MiB: discard a node, or see pram.boot_share",
			       want * PRAM_BLOCK_PAGES >> (20 - PAGE_SHIFT),
			       have * PRAM_BLOCK_PAGES >> (20 - PAGE_SHIFT));
			return -ENOSPC;
		}
		nr++;
	}
	return nr;
}

static int pram_range_order(const void *l, const void *r)
{
	const struct pram_range *a = l, *b = r;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* Sort ranges, and make one of those that overlap or adjoin */
static unsigned int pram_tidy_ranges(struct pram_range *ranges, unsigned int nr)
{
	unsigned int i, to = 0;

	sort(ranges, nr, sizeof(*ranges), pram_range_order, NULL);
	for (i = 1; i < nr; i++) {
		if (ranges[i].start <= ranges[to].end)
			ranges[to].end = max(ranges[to].end, ranges[i].end);
		else
			ranges[++to] = ranges[i];
	}
	return to + 1;
}

static int pram_make_windows(const struct pram_range *taken, unsigned int nr,
			     u64 image_pages, struct pram_range *windows)
{
	struct pram_blocks blocks = {
		.nr = DIV_ROUND_UP(max_pfn, PRAM_BLOCK_PAGES),
	};
	unsigned int i;
	int ret;

	blocks.cost = kvmalloc_array(blocks.nr, sizeof(*blocks.cost),
				     GFP_KERNEL);
	if (!blocks.cost) {
		pram_refuse("no memory to look for room: free some");
		return -ENOMEM;
	}
	memset16(blocks.cost, PRAM_BLOCK_TAKEN, blocks.nr);
	walk_system_ram_range(0, max_pfn, &blocks, pram_blocks_ram);
	for (i = 0; i < nr; i++)
		pram_blocks_take(&blocks, taken[i].start, taken[i].end);
	/* The super block cannot move */
	pram_blocks_take(&blocks, pram_super->head.pfn,
			 pram_super->head.pfn + 1);
	pram_blocks_count(&blocks);
	ret = pram_add_windows(&blocks, image_pages, windows);
	kvfree(blocks.cost);
	return ret;
}

/**
 * pram_choose_windows - find out where preserved pages must not be
 * @image: the image
 * @window: what is known of the image, if there has to be a window as well; NULL:
 *	not, as there are no nodes
 * @forbidden: returns the ranges, in ascending order: the first MiB, where the
 *	image will be copied to, and the windows. PRAM_MAX_FORBIDDEN of them.
 *
 * Context: kexec_lock is held, and pram_lock if there has to be a window; may
 * sleep.
 * Return: the number of ranges; or, with a line in the log, -ENOSPC: the next
 * kernel cannot have room enough, or -ENOMEM.
 */
int pram_choose_windows(const struct kimage *image,
			const struct pram_image *window,
			struct pram_range *forbidden)
{
	unsigned int i, nr = 0;
	u64 pages = 0;
	int ret = 0;

	static_assert(1 + KEXEC_SEGMENT_MAX + PRAM_MAX_WINDOWS <=
		      PRAM_MAX_FORBIDDEN);

	forbidden[nr].start = 0;
	forbidden[nr++].end = PHYS_PFN(SZ_1M);
	for (i = 0; i < image->nr_segments; i++) {
		unsigned long start = image->segment[i].mem;

		forbidden[nr].start = PHYS_PFN(start);
		forbidden[nr].end = PFN_UP(start + image->segment[i].memsz);
		pages += forbidden[nr].end - forbidden[nr].start;
		/* An empty range would tear a run of the cover in two */
		if (forbidden[nr].start < forbidden[nr].end)
			nr++;
	}
	if (window)
		ret = pram_make_windows(forbidden, nr, pages, &forbidden[nr]);
	return ret < 0 ? ret : pram_tidy_ranges(forbidden, nr + ret);
}
