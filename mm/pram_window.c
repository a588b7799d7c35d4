// SPDX-License-Identifier: GPL-2.0
/*
 * Where preserved pages must not be: the room that the next kernel needs.
 */
#include "pram.h"

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
 * If KHO is on, and the image was loaded by kexec_file_load(), the next kernel
 * boots in KHO's scratch areas. They are windows that need not be chosen. This
 * kernel uses them for movable pages, so preserved pages there have to move, also
 * those next to the image, which is in a scratch area itself. What the next kernel
 * needs in addition is smaller by their size. A crash kernel's area will be in them,
 * too, and is KHO's to provide for. What KHO preserves (LUO) is no memory that the next
 * kernel could use, nor are blocks which that fills.
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

/* Windows are made of blocks of this order: the pages of a large mapping */
#define PRAM_BLOCK_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define PRAM_BLOCK_PAGES	BIT(PRAM_BLOCK_ORDER)

/* Cost of a block that cannot be part of a window */
#define PRAM_BLOCK_TAKEN	U16_MAX

#define PRAM_MAX_WINDOWS	32

/* How many of them scratch areas may be: each may be several, as the image is there */
#define PRAM_MAX_SCRATCH	16

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
 * @nr_ram: pages of RAM that the image can use
 * @no_ram: what is no RAM for it, as long as it is being counted; tidy
 * @nr_no_ram: how many ranges that are
 */
struct pram_blocks {
	u16 *cost;
	unsigned long nr;
	unsigned long nr_ram;
	const struct pram_range *no_ram;
	unsigned int nr_no_ram;
};

/* How much of a range is no RAM for the image */
static u64 pram_nr_no_ram(const struct pram_blocks *blocks, u64 start, u64 end)
{
	unsigned int i;
	u64 nr = 0;

	for (i = 0; i < blocks->nr_no_ram; i++) {
		u64 from = max(start, blocks->no_ram[i].start);
		u64 to = min(end, blocks->no_ram[i].end);

		if (from < to)
			nr += to - from;
	}
	return nr;
}

static int pram_blocks_ram(unsigned long pfn, unsigned long nr, void *arg)
{
	struct pram_blocks *blocks = arg;
	unsigned long i;

	if (pram_hotplugged(pfn, nr))
		return 0;
	blocks->nr_ram += nr - pram_nr_no_ram(blocks, pfn, pfn + nr);
	for (i = DIV_ROUND_UP(pfn, PRAM_BLOCK_PAGES);
	     i < (pfn + nr) / PRAM_BLOCK_PAGES && i < blocks->nr; i++)
		blocks->cost[i] = 0;
	return 0;
}

static void pram_blocks_take(struct pram_blocks *blocks, u64 start, u64 end)
{
	u64 i;

	end = min(end, (u64)blocks->nr * PRAM_BLOCK_PAGES);
	for (i = start / PRAM_BLOCK_PAGES;
	     i < DIV_ROUND_UP_ULL(end, PRAM_BLOCK_PAGES); i++)
		blocks->cost[i] = PRAM_BLOCK_TAKEN;
}

/* What has broken memory cannot be moved, nor can the folio it is part of */
static void pram_blocks_take_broken(struct pram_blocks *blocks)
{
	unsigned long pfn;

	for (pfn = 0; pram_map_next_broken(&pfn, ULONG_MAX);
	     pfn += MAX_ORDER_NR_PAGES) {
		pfn = round_down(pfn, MAX_ORDER_NR_PAGES);
		pram_blocks_take(blocks, pfn, pfn + MAX_ORDER_NR_PAGES);
	}
}

static void pram_blocks_count(struct pram_blocks *blocks)
{
	unsigned long i;

	static_assert(IS_ALIGNED(PRAM_BLOCK_PAGES, BITS_PER_LONG));
	for (i = 0; i < blocks->nr; i++) {
		if (blocks->cost[i] != PRAM_BLOCK_TAKEN)
			blocks->cost[i] += pram_map_count(i * PRAM_BLOCK_PAGES,
							  PRAM_BLOCK_PAGES);
		cond_resched();
	}
}

/**
 * struct pram_plan - windows, as far as they have been chosen
 * @blocks: the memory
 * @window: the windows, in blocks, in ascending order
 * @nr: how many
 * @size: blocks in all of them
 * @cost: preserved pages in all of them
 */
struct pram_plan {
	const struct pram_blocks *blocks;
	struct pram_range window[PRAM_MAX_WINDOWS];
	unsigned int nr;
	unsigned long size;
	u64 cost;
};

/* One that is being made, and others to compare it with, and to make notes in */
#define PRAM_NR_PLANS	4

static void pram_plan_add(struct pram_plan *plan, unsigned long start,
			  unsigned long end)
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

/*
 * Add the cheapest window of @size blocks in [@from, @to), the highest of several.
 * Returns how long the longest run there is: if that is less than @size, nothing
 * has changed.
 */
static unsigned long pram_add_cheapest(struct pram_plan *plan,
				       unsigned long size, unsigned long from,
				       unsigned long to)
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

/*
 * Complete the first plan to @want blocks, as far as that is possible. The others
 * are for comparing.
 */
static void pram_add_windows(struct pram_plan plan[PRAM_NR_PLANS], unsigned long want)
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

#define PRAM_BLOCKS_4G	(PHYS_PFN(SZ_4G) / PRAM_BLOCK_PAGES)

static unsigned long pram_to_blocks(u64 pages)
{
	return DIV_ROUND_UP_ULL(pages, PRAM_BLOCK_PAGES);
}

static unsigned long pram_blocks_mib(unsigned long nr)
{
	return nr * PRAM_BLOCK_PAGES >> (20 - PAGE_SHIFT);
}

/*
 * Add room for a crash kernel's area in [@from, @to), whatever KASLR does: twice
 * @size blocks and the image, in one piece, or @size in each of two.
 */
static bool pram_add_crash(struct pram_plan plan[PRAM_NR_PLANS], unsigned long size,
			   unsigned long image, unsigned long from,
			   unsigned long to)
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

/* Sort ranges, and make one of those that overlap, or have less than @gap between */
static unsigned int pram_tidy_ranges(struct pram_range *ranges, unsigned int nr,
				     u64 gap)
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

/**
 * struct pram_kho_run - what KHO preserves
 * @blocks: the memory
 * @start: where a run of pages begins
 * @end: and ends, as far as is known
 * @nr: pages in all runs
 */
struct pram_kho_run {
	struct pram_blocks *blocks;
	u64 start;
	u64 end;
	u64 nr;
};

/* Blocks that have nothing else */
static void pram_kho_take(const struct pram_kho_run *run)
{
	u64 start = round_up(run->start, PRAM_BLOCK_PAGES);
	u64 end = round_down(run->end, PRAM_BLOCK_PAGES);

	if (start < end)
		pram_blocks_take(run->blocks, start, end);
}

static int pram_kho_add(unsigned long pfn, unsigned long nr, void *arg)
{
	struct pram_kho_run *run = arg;

	run->nr += nr;
	if (pfn != run->end) {
		pram_kho_take(run);
		run->start = pfn;
		cond_resched();
	}
	run->end = pfn + nr;
	return 0;
}

/* The next kernel reserves that, as it does what is preserved here */
static void pram_blocks_take_kho(struct pram_blocks *blocks)
{
	struct pram_kho_run run = { .blocks = blocks };

	kho_walk_preserved(pram_kho_add, &run);
	pram_kho_take(&run);
	blocks->nr_ram -= min(blocks->nr_ram, run.nr);
}

static void pram_count_ram(struct pram_blocks *blocks, const struct pram_image *info)
{
	struct pram_range no_ram[ARRAY_SIZE(info->no_ram)];

	memcpy(no_ram, info->no_ram, sizeof(no_ram));
	blocks->no_ram = no_ram;
	if (info->nr_no_ram)
		blocks->nr_no_ram = pram_tidy_ranges(no_ram, info->nr_no_ram, 0);
	walk_system_ram_range(0, max_pfn, blocks, pram_blocks_ram);
	blocks->no_ram = NULL;
	blocks->nr_no_ram = 0;
}

static int pram_fill_blocks(struct pram_blocks *blocks, const struct pram_image *info,
			    const struct pram_range *taken, unsigned int nr, bool kho)
{
	unsigned int i;

	blocks->nr = min_t(u64, DIV_ROUND_UP(max_pfn, PRAM_BLOCK_PAGES),
			   pram_image_low(info) >> PRAM_BLOCK_ORDER);
	blocks->cost = kvmalloc_array(blocks->nr, sizeof(*blocks->cost),
				      GFP_KERNEL);
	if (!blocks->cost)
		return -ENOMEM;
	memset16(blocks->cost, PRAM_BLOCK_TAKEN, blocks->nr);
	pram_count_ram(blocks, info);
	for (i = 0; i < nr; i++)
		pram_blocks_take(blocks, taken[i].start, taken[i].end);
	/* The super block has its place by now */
	pram_blocks_take(blocks, pram_super->head.pfn,
			 pram_super->head.pfn + 1);
	pram_blocks_take_broken(blocks);
	if (kho)
		pram_blocks_take_kho(blocks);
	pram_blocks_count(blocks);
	return 0;
}

static int pram_make_windows(struct kimage *image,
			     const struct pram_image *info,
			     const struct pram_range *taken, unsigned int nr,
			     u64 image_pages, struct pram_range *windows)
{
	struct pram_plan *plan __free(kfree) = NULL;
	bool kho = pram_boots_in_scratch(image);
	struct pram_blocks blocks = {};
	u64 need;
	int ret, i;

	plan = kcalloc(PRAM_NR_PLANS, sizeof(*plan), GFP_KERNEL);
	if (!plan || pram_fill_blocks(&blocks, info, taken, nr, kho)) {
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
	for (i = 0; window && pram_boots_in_scratch(image) && i < nr; i++)
		pram_round_in_scratch(&forbidden[i]);
	for (i = 0; window && i < window->nr_no_ram; i++)
		forbidden[nr++] = window->no_ram[i];
	if (window)
		ret = pram_make_windows(image, window, forbidden, nr, pages,
					&forbidden[nr]);
	return ret < 0 ? ret : pram_tidy_ranges(forbidden, nr + ret, 1);
}

#include "tests/pram_window_kunit.h"
