/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: what the files that choose them know of each other.
 */
#ifndef _MM_PRAM_WINDOW_H
#define _MM_PRAM_WINDOW_H

#include "pram.h"

/* Windows are made of blocks of this order: the pages of a large mapping */
#define PRAM_BLOCK_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define PRAM_BLOCK_PAGES	BIT(PRAM_BLOCK_ORDER)

/* Cost of a block that cannot be part of a window */
#define PRAM_BLOCK_TAKEN	U16_MAX

/* How many there may be */
#define PRAM_MAX_WINDOWS	32

/* pram_blocks.c */
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

void pram_blocks_take(struct pram_blocks *blocks, u64 start, u64 end);
int pram_blocks_fill(struct pram_blocks *blocks, const struct pram_image *info,
		     const struct pram_range *taken, unsigned int nr, bool kho);

static inline unsigned long pram_to_blocks(u64 pages)
{
	return DIV_ROUND_UP_ULL(pages, PRAM_BLOCK_PAGES);
}

/* pram_plan.c */
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

void pram_plan_add(struct pram_plan *plan, unsigned long start, unsigned long end);
unsigned long pram_add_cheapest(struct pram_plan *plan, unsigned long size,
				unsigned long from, unsigned long to);
void pram_add_windows(struct pram_plan plan[PRAM_NR_PLANS], unsigned long want);
bool pram_add_crash(struct pram_plan plan[PRAM_NR_PLANS], unsigned long size,
		    unsigned long image, unsigned long from, unsigned long to);

/* pram_window.c */
unsigned int pram_tidy_ranges(struct pram_range *ranges, unsigned int nr, u64 gap);

#endif /* _MM_PRAM_WINDOW_H */
