// SPDX-License-Identifier: GPL-2.0
/*
 * Where preserved pages must not be: the room that the next kernel needs.
 */
#include "pram_window.h"

/**
 * DOC: Windows
 *
 * The next kernel has to boot in memory that is not covered. It has the places
 * to which its image is copied, the place where a bzImage unpacks itself and runs,
 * which may be another, what is between segments of a vmlinux, and at
 * most 32 windows: ranges that preserved pages are moved out of.
 *
 * The first is one contiguous range of 64 MiB, or twice what the image takes if
 * that is more, below 4 GiB where it can be had; it is for the kernel's own
 * early allocations and for devices that reach no further. As many others follow
 * as it takes to give the next kernel what it needs: 1/16 of RAM
 * (pram.boot_share), or what this kernel needed, if that is more (see "Need").
 *
 * An image of 32 bits says in its marker up to where it has low memory, which the
 * kernel itself can use, and what it can address at all. Windows are in the former,
 * and metadata moves there. Of much high memory no more than a quarter of the low
 * memory is asked for by the share.
 *
 * Memory that the command line of the image takes away (mem=, memmap=) is used
 * neither for windows nor for preserved pages, and is no memory that it could need.
 *
 * If this kernel has memory for a crash kernel, the next one gets as much in
 * addition, in one piece, below 4 GiB if it is there now. KASLR may put the
 * next kernel into the middle of any window. So for each such area there is one
 * range with room for it on either side of the image, or there are two ranges.
 *
 * If KHO is on, the image has it, and was loaded by kexec_file_load(), the next kernel
 * boots in KHO's scratch areas. They are windows that need not be chosen. This
 * kernel uses them for movable pages. Pages of trees are allocated elsewhere. Others
 * that are preserved there have to move, also those next to the image, which is in a
 * scratch area itself. What the next kernel needs in addition is smaller by their size.
 * A crash kernel's area will be in them, too, and is KHO's to provide for. What KHO
 * preserves (LUO) is no memory that the next kernel could use, nor are blocks which
 * that fills.
 *
 * Windows are chosen by cost, which is the number of preserved pages that would
 * have to move. Free memory costs nothing, in one piece or in many. Only the
 * first window and those for a crash kernel have a given size. The others are
 * the largest ranges in which nothing is preserved. If these are not enough,
 * some or all windows are the cheapest ranges of equal size: of the size that
 * is missing, of a half of it, a quarter, and so on. The cheapest of these
 * choices is taken, and of equal ones that with the highest addresses.
 *
 * Choosing takes two bytes for each 2 MiB of memory. It takes one pass over
 * them, if what is free suffices, and at most 300 if not.
 */

/* How many of the windows scratch areas may be: each may be several, as the image is there */
#define PRAM_MAX_SCRATCH	16

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"pram."

static unsigned int pram_boot_share = 16;
module_param_named(boot_share, pram_boot_share, uint, 0644);
MODULE_PARM_DESC(boot_share,
		 "Keep 1/N of RAM free for the next kernel to boot in; 0: one piece for its image only");

#define PRAM_BLOCKS_4G	(PHYS_PFN(SZ_4G) / PRAM_BLOCK_PAGES)

static unsigned long pram_blocks_mib(unsigned long nr)
{
	return nr * PRAM_BLOCK_PAGES >> (20 - PAGE_SHIFT);
}

/* In blocks, with what is lost to alignment and to small early allocations */
static unsigned long pram_crash_blocks(const struct resource *res)
{
	return pram_to_blocks(PFN_UP(resource_size(res) + 2 * SZ_16M));
}

static int pram_add_crash_areas(struct pram_plan plan[PRAM_NR_PLANS], u64 image_pages)
{
	const struct resource *res[] = { &crashk_res, &crashk_low_res };
	unsigned long image = pram_to_blocks(image_pages);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(res); i++) {
		unsigned long size = pram_crash_blocks(res[i]);

		if (!res[i]->end)
			continue;
		/* Without enough above 4 GiB, the next kernel looks below */
		if (res[i]->start >= SZ_4G &&
		    pram_add_crash(plan, size, image, PRAM_BLOCKS_4G,
				   ULONG_MAX))
			continue;
		if (pram_add_crash(plan, size, image, 0, PRAM_BLOCKS_4G))
			continue;
		pram_refuse("there is no range of %lu MiB for the crash kernel of the next kernel: free memory, discard a node, or reduce /sys/kernel/kexec_crash_size",
			    pram_blocks_mib(size));
		return -ENOSPC;
	}
	return 0;
}

/*
 * Add KHO's scratch areas, in which the next kernel boots. Returns the size of the
 * largest piece of them, in blocks.
 */
static unsigned long pram_add_scratch(struct pram_plan *plan)
{
	const struct pram_blocks *blocks = plan->blocks;
	unsigned long i, start, largest = 0;

	for (i = 0; i < blocks->nr && plan->nr < PRAM_MAX_SCRATCH; i++) {
		for (start = i; i < blocks->nr &&
		     blocks->cost[i] != PRAM_BLOCK_TAKEN &&
		     kho_scratch_overlap(PFN_PHYS(i * PRAM_BLOCK_PAGES),
					 PMD_SIZE); i++)
			;
		if (start < i)
			pram_plan_add(plan, start, i);
		largest = max(largest, i - start);
		cond_resched();
	}
	return largest;
}

/* Choose the windows. Returns how many there are, or an error. */
static int pram_make_plan(struct pram_plan plan[PRAM_NR_PLANS], u64 image_pages,
			  u64 need, bool kho)
{
	unsigned long first, want, crash, scratch = 0;
	int err = 0;

	if (kho)
		scratch = pram_add_scratch(plan);
	crash = plan->size;
	/* The largest pieces first */
	if (IS_ENABLED(CONFIG_CRASH_RESERVE) && !kho)
		err = pram_add_crash_areas(plan, image_pages);
	if (err)
		return err;
	crash = plan->size - crash;
	first = pram_to_blocks(max_t(u64, PHYS_PFN(SZ_64M), 2 * image_pages));
	if (scratch < first &&
	    pram_add_cheapest(plan, first, 0, PRAM_BLOCKS_4G) < first &&
	    pram_add_cheapest(plan, first, 0, ULONG_MAX) < first) {
		pram_refuse("there is no range of %lu MiB for the next kernel to boot in: use a smaller image, load it elsewhere, or leave out mem=",
			    pram_blocks_mib(first));
		return -ENOSPC;
	}
	want = max(first, pram_to_blocks(need));
	pram_add_windows(plan, crash + want);
	pram_checked.room = (u64)plan->size * PRAM_BLOCK_PAGES;
	if (plan->size - crash < want) {
		pram_refuse("the next kernel needs %lu MiB to boot in, and can have only %lu MiB: free memory, discard a node, use a smaller initramfs, or see pram.boot_share",
			    pram_blocks_mib(want),
			    pram_blocks_mib(plan->size - crash));
		return -ENOSPC;
	}
	return plan->nr;
}

/* Is the block from this page on in a scratch area, with nothing in it that cannot move? */
static bool pram_block_in_scratch(u64 first)
{
	unsigned long pfn = round_down(first, MAX_ORDER_NR_PAGES);
	unsigned long end = round_up(first + PRAM_BLOCK_PAGES, MAX_ORDER_NR_PAGES);

	return kho_scratch_overlap(PFN_PHYS(first), PMD_SIZE) &&
	       round_down(pram_super->head.pfn, PRAM_BLOCK_PAGES) != first &&
	       !pram_map_next_broken(&pfn, end);
}

/*
 * The image is in scratch areas, and no block of which it has a part can be one of a window.
 * But the next kernel boots in what is left of them, too. So the image takes them whole.
 */
static void pram_round_in_scratch(struct pram_range *range)
{
	u64 first = round_down(range->start, PRAM_BLOCK_PAGES);
	u64 last = round_down(range->end - 1, PRAM_BLOCK_PAGES);

	if (pram_block_in_scratch(first))
		range->start = first;
	if (pram_block_in_scratch(last))
		range->end = last + PRAM_BLOCK_PAGES;
}

static int pram_range_order(const void *l, const void *r)
{
	const struct pram_range *a = l, *b = r;

	return a->start < b->start ? -1 : a->start > b->start;
}

/**
 * pram_tidy_ranges - sort ranges, and make one of those that overlap
 * @ranges: the ranges; all of them end behind their start
 * @nr: how many
 * @gap: those that have less than this between them are made one, too
 *
 * Context: any.
 * Return: how many there are then.
 */
unsigned int pram_tidy_ranges(struct pram_range *ranges, unsigned int nr, u64 gap)
{
	unsigned int i, to = 0;

	sort(ranges, nr, sizeof(*ranges), pram_range_order, NULL);
	for (i = 1; i < nr; i++) {
		if (ranges[i].start - min(ranges[i].start, gap) < ranges[to].end)
			ranges[to].end = max(ranges[to].end, ranges[i].end);
		else
			ranges[++to] = ranges[i];
	}
	return to + 1;
}

/* What the next kernel needs, in pages, besides room for a crash kernel */
static int pram_need(struct kimage *image, const struct pram_image *info,
		     u64 nr_image, const struct pram_blocks *blocks, u64 *need)
{
	unsigned int share = READ_ONCE(pram_boot_share);
	u64 nr;
	int err;

	*need = 0;
	if (!share)
		return 0;
	err = pram_boot_need(image, info, nr_image, blocks->nr_ram, need);
	nr = DIV_ROUND_UP_ULL(blocks->nr_ram, share);
	/* Of much high memory there may be more than that of low memory */
	if (info->low_end)
		nr = min_t(u64, nr, blocks->nr * PRAM_BLOCK_PAGES / 4);
	*need = max(*need, nr);
	return err;
}

static int pram_make_windows(struct kimage *image,
			     const struct pram_image *info,
			     const struct pram_range *taken, unsigned int nr,
			     u64 image_pages, struct pram_range *windows)
{
	struct pram_plan *plan __free(kfree) = NULL;
	bool kho = pram_boots_in_scratch(image, info);
	struct pram_blocks blocks = {};
	u64 need;
	int ret, i;

	plan = kcalloc(PRAM_NR_PLANS, sizeof(*plan), GFP_KERNEL);
	if (!plan || pram_blocks_fill(&blocks, info, taken, nr, kho)) {
		pram_refuse("no memory to look for room: free some");
		return -ENOMEM;
	}
	plan->blocks = &blocks;
	ret = pram_need(image, info, image_pages, &blocks, &need);
	if (!ret)
		ret = pram_make_plan(plan, image_pages, need, kho);
	kvfree(blocks.cost);
	for (i = 0; i < ret; i++) {
		windows[i].start = plan->window[i].start * PRAM_BLOCK_PAGES;
		windows[i].end = plan->window[i].end * PRAM_BLOCK_PAGES;
	}
	return ret;
}

/**
 * pram_choose_windows - find out where preserved pages must not be
 * @image: the image
 * @window: what is known of the image, if there have to be windows as well; NULL:
 *	not, as there are no nodes
 * @forbidden: returns the ranges, in ascending order: the first MiB, where the
 *	image will be copied to (in scratch areas, whole blocks), what is no RAM for
 *	it, and the windows. There is room for PRAM_MAX_FORBIDDEN of them.
 *
 * Context: kexec_lock is held, and pram_lock if there has to be a window; may
 * sleep.
 * Return: the number of ranges; or, with a line in the log, -ENOSPC: the next
 * kernel cannot have room enough, or -ENOMEM.
 */
int pram_choose_windows(struct kimage *image, const struct pram_image *window,
			struct pram_range *forbidden)
{
	unsigned int i, nr = 0;
	u64 pages = 0;
	int ret = 0;

	static_assert(1 + KEXEC_SEGMENT_MAX + 1 + PRAM_MAX_NO_RAM + 1 +
		      PRAM_MAX_WINDOWS <= PRAM_MAX_FORBIDDEN);

	forbidden[nr].start = 0;
	forbidden[nr++].end = PHYS_PFN(SZ_1M);
	for (i = 0; i < image->nr_segments; i++) {
		u64 start = image->segment[i].mem;

		forbidden[nr].start = PHYS_PFN(start);
		forbidden[nr].end = PFN_UP(start + image->segment[i].memsz);
		pages += forbidden[nr].end - forbidden[nr].start;
		/* An empty range would tear a run of the cover in two */
		if (forbidden[nr].start < forbidden[nr].end)
			nr++;
	}
	if (nr > 1 && !image->file_mode)
		nr = 1 + pram_tidy_ranges(&forbidden[1], nr - 1, PRAM_IMAGE_GAP);
	if (window && window->run.start < window->run.end)
		forbidden[nr++] = window->run;
	for (i = 0; window && pram_boots_in_scratch(image, window) && i < nr; i++)
		pram_round_in_scratch(&forbidden[i]);
	for (i = 0; window && i < window->nr_no_ram; i++)
		forbidden[nr++] = window->no_ram[i];
	if (window)
		ret = pram_make_windows(image, window, forbidden, nr, pages,
					&forbidden[nr]);
	return ret < 0 ? ret : pram_tidy_ranges(forbidden, nr + ret, 1);
}

