// SPDX-License-Identifier: GPL-2.0
/*
 * Memory in blocks, and what it costs to have each of them for a window.
 */
#include "pram_window.h"

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

/**
 * pram_blocks_take - let blocks be part of no window
 * @blocks: the memory
 * @start: a page of the first block
 * @end: the page after the last; may be behind all memory
 *
 * Context: any.
 */
void pram_blocks_take(struct pram_blocks *blocks, u64 start, u64 end)
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

/**
 * pram_blocks_fill - count the memory of the next kernel, and what is preserved in it
 * @blocks: the memory; whoever calls frees @cost by kvfree()
 * @info: what is known of the image
 * @taken: ranges of pages that no window can be in
 * @nr: how many
 * @kho: the next kernel boots in KHO's scratch areas
 *
 * Context: pram_lock is held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_blocks_fill(struct pram_blocks *blocks, const struct pram_image *info,
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

#include "tests/pram_blocks_kunit.h"
