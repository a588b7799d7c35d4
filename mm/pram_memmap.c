// SPDX-License-Identifier: GPL-2.0
/*
 * The struct pages of what has been reserved, by all CPUs.
 */
#include "pram.h"

/**
 * DOC: The memory map
 *
 * memblock has the struct pages of all that is reserved initialised by the boot
 * CPU, one by one. Where the initialisation of struct pages is deferred, that is
 * left out for what PRAM has reserved, and done when all CPUs run, right after that
 * of free memory. Gaps are freed by all CPUs as well.
 *
 * A struct page must not be read before it is initialised. The page allocator reads
 * those of the neighbours of what it frees, within a block of the highest order. So
 * initialisation is deferred for blocks only that are in the cover as a whole,
 * without memory of firmware.
 */

/* How much a CPU does at a time: a multiple of MAX_ORDER_NR_PAGES */
#ifdef PAGES_PER_SECTION
#define PRAM_CHUNK	PAGES_PER_SECTION
#else
#define PRAM_CHUNK	PHYS_PFN(SZ_128M)
#endif

/* Whether anything has been left out */
static bool pram_left_out __initdata;

/* Are there struct pages that are initialised when all CPUs run? */
static bool __init pram_deferred(void)
{
#ifdef CONFIG_DEFERRED_STRUCT_PAGE_INIT
	int nid;

	for_each_online_node(nid) {
		if (NODE_DATA(nid)->first_deferred_pfn != ULONG_MAX)
			return true;
	}
#endif
	return false;
}

/* The whole blocks of the page allocator in a range; there may be none */
static struct pram_range __init pram_blocks(const struct pram_range *range)
{
	struct pram_range blocks = {
		.start = ALIGN(range->start, MAX_ORDER_NR_PAGES),
		.end = ALIGN_DOWN(range->end, MAX_ORDER_NR_PAGES),
	};

	blocks.end = max(blocks.start, blocks.end);
	return blocks;
}

/**
 * pram_memmap_defer - have memblock initialise as little as possible
 *
 * What it initialises nevertheless, for it has no memory to note a range, may be
 * initialised once more.
 *
 * Context: boot, before memblock initialises what is reserved, and when it is known
 * what is owned.
 */
void __init pram_memmap_defer(void)
{
	unsigned int i;

	if (!pram_deferred())
		return;
	for (i = 0; i < pram_nr_owned; i++) {
		struct pram_range r = pram_blocks(&pram_owned[i]);

		if (r.start < r.end)
			memblock_reserved_mark_noinit(PFN_PHYS(r.start),
						      PFN_PHYS(r.end - r.start));
	}
	pram_left_out = true;
}

/* Let all CPUs do something with what is owned, a chunk at a time */
static void __init pram_on_all_cpus(void (*fn)(unsigned long start,
					       unsigned long end, void *arg),
				    void *arg)
{
	struct padata_mt_job job = {
		.thread_fn = fn,
		.fn_arg = arg,
		.align = PRAM_CHUNK,
		.min_chunk = PRAM_CHUNK,
		.max_threads = num_online_cpus(),
	};

	if (!pram_nr_owned)
		return;
	job.start = pram_owned[0].start;
	job.size = pram_owned[pram_nr_owned - 1].end - job.start;
	padata_do_multithreaded(&job);
}

/* All of it is in the zone. Only that of the last zone of a node is deferred. */
static void __init pram_init_pages(struct zone *zone, int nid, unsigned long pfn,
				   unsigned long end)
{
	bool deferred = zone_end_pfn(zone) == pgdat_end_pfn(NODE_DATA(nid));

	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		if (deferred)
			__init_single_page(page, pfn, zone_idx(zone), nid);
		__SetPageReserved(page);
	}
}

/* Each page is in the first zone that spans it */
static void __init pram_init_node(int nid, unsigned long start,
				  unsigned long end)
{
	struct zone *zone = NODE_DATA(nid)->node_zones;

	for (; zone < NODE_DATA(nid)->node_zones + MAX_NR_ZONES; zone++) {
		unsigned long from = max(start, zone->zone_start_pfn);
		unsigned long to = min(end, zone_end_pfn(zone));

		if (!populated_zone(zone) || from >= to)
			continue;
		pram_init_pages(zone, nid, from, to);
		start = to;
	}
}

static void __init pram_init_block(unsigned long pfn)
{
	unsigned long end = pfn + MAX_ORDER_NR_PAGES, from, to;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &from, &to, &nid) {
		if (from < end && pfn < to)
			pram_init_node(nid, max(from, pfn), min(to, end));
	}
}

static void __init pram_init_chunk(unsigned long start, unsigned long end,
				   void *unused)
{
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++) {
		struct pram_range r = pram_blocks(&pram_owned[i]);
		unsigned long pfn = max(start, r.start);

		/* Chunks end where blocks do, but the first need not begin there */
		for (; pfn < min(end, r.end); pfn += MAX_ORDER_NR_PAGES) {
			pram_init_block(pfn);
			cond_resched();
		}
	}
}

/**
 * pram_memmap_late - initialise the struct pages that memblock has left out
 *
 * After that they are as memblock would have left them.
 *
 * Context: boot, when all CPUs run, and before anybody looks at the struct pages of
 * all memory; may sleep.
 */
void __init pram_memmap_late(void)
{
	if (pram_left_out)
		pram_on_all_cpus(pram_init_chunk, NULL);
}

static void __init pram_free_gap(unsigned long pfn, unsigned long end, bool wipe)
{
	if (wipe && pfn < end) {
		accept_memory(PFN_PHYS(pfn), PFN_PHYS(end - pfn));
		pram_wipe(pfn, end);
	}
	pram_free_raw(pfn, end);
}

/* Free the pages in the range that no node has claimed; the others are raw */
static void __init pram_free_gaps(unsigned long pfn, unsigned long last, bool wipe)
{
	unsigned long start, end;

	while (pfn < last) {
		start = pfn;
		/* Nothing is added to the set, or taken out, in the meantime */
		if (!pram_map_next_unlocked(&start, &end)) {
			start = last;
			end = last;
		}
		pram_free_gap(pfn, min(start, last), wipe);
		pram_make_raw(start, min(end, last));
		pfn = end;
	}
}

static void __init pram_free_chunk(unsigned long start, unsigned long end,
				   void *arg)
{
	const bool *wipe = arg;
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++)
		pram_free_gaps(max_t(u64, start, pram_owned[i].start),
			       min_t(u64, end, pram_owned[i].end), *wipe);
}

/**
 * pram_memmap_free - free what is owned, and make the set of preserved pages raw
 * @wipe: clear what is freed
 *
 * Context: boot; may sleep. The set does not change meanwhile.
 */
void __init pram_memmap_free(bool wipe)
{
	pram_on_all_cpus(pram_free_chunk, &wipe);
}
