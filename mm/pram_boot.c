// SPDX-License-Identifier: GPL-2.0
/*
 * Taking over what has been reserved.
 */
#include "pram.h"

/* How many entries pram_owned has room for, when it is allocated */
static unsigned int pram_max_owned __initdata;

static int __init pram_add_ram(unsigned long pfn, unsigned long nr, void *unused)
{
	/* What is kept may lie across the border */
	if (pram_nr_owned && pram_owned[pram_nr_owned - 1].end == pfn) {
		pram_owned[pram_nr_owned - 1].end += nr;
		return 0;
	}
	if (pram_nr_owned == pram_max_owned)
		return -ENOSPC;
	pram_owned[pram_nr_owned].start = pfn;
	pram_owned[pram_nr_owned++].end = pfn + nr;
	return 0;
}

/* What is marked now will be owned. Of parts of pages nothing is. */
static void __init pram_add_marked(const struct memblock_region *r)
{
	u64 start = PFN_UP(r->base);
	u64 end = min_t(u64, PFN_DOWN(r->base + r->size), pram_ram_end());

	/* What firmware tables (ESRT, BGRT) have is not System RAM any more by now */
	if (start < end && walk_system_ram_range(start, end - start, NULL,
						 pram_add_ram) == -ENOSPC)
		pr_warn("memory is too scattered: not all that was reserved is used\n");
}

/* Others may have reserved parts of the cover, in as many pieces as they like */
static void __init pram_own_marked(void)
{
	const struct memblock_region *r;
	struct pram_range *owned;
	unsigned int nr = 0;

	pram_nr_owned = 0;
	for_each_reserved_mem_region(r)
		nr += !!(r->flags & MEMBLOCK_RSRV_PRAM);
	if (!nr) {
		if (pram_super_pfn)
			pr_err("others have reserved all that was preserved: all is lost\n");
		pram_super_pfn = 0;
		return;
	}
	/* One may become two where firmware's begin */
	nr = 2 * nr + 128;
	owned = memblock_alloc(PAGE_ALIGN(nr * sizeof(*owned)), PAGE_SIZE);
	if (!owned) {
		pr_err("no memory for the list of what is reserved: all is lost\n");
		pram_super_pfn = 0;
		return;
	}
	pram_owned = owned;
	pram_max_owned = PAGE_ALIGN(nr * sizeof(*owned)) / sizeof(*owned);
	for_each_reserved_mem_region(r) {
		if (r->flags & MEMBLOCK_RSRV_PRAM)
			pram_add_marked(r);
	}
	if (pram_is_owned(pram_super_pfn, 1))
		return;
	pr_err("the super block is where somebody else has reserved memory: all is lost\n");
	pram_super_pfn = 0;
}

static unsigned long __init pram_nr_below(u64 start, u64 end, u64 limit)
{
	return min(end, limit) - min(start, limit);
}

/**
 * pram_nr_covered - how much memory there is that memblock does not have free
 * @high: with high memory
 *
 * Tables and limits whose size goes by the memory that is free in early boot are to
 * be what they would be without nodes.
 *
 * Context: boot, after pram_reserve().
 * Return: the number of pages that are PRAM's.
 */
unsigned long __init pram_nr_covered(bool high)
{
	u64 limit = high || !IS_ENABLED(CONFIG_HIGHMEM) ? U64_MAX : max_low_pfn;
	const struct memblock_region *r;
	unsigned long nr = 0;
	unsigned int i;

	if (pram_marked) {
		for_each_reserved_mem_region(r) {
			if (r->flags & MEMBLOCK_RSRV_PRAM)
				nr += pram_nr_below(PHYS_PFN(r->base),
						    PHYS_PFN(r->base + r->size),
						    limit);
		}
		return nr;
	}
	for (i = 0; i < pram_nr_owned; i++)
		nr += pram_nr_below(pram_owned[i].start, pram_owned[i].end,
				    limit);
	return nr;
}

/* Count what of a range is in the zones of a node as managed */
static void __init pram_account_node(int nid, unsigned long start,
				     unsigned long end)
{
	struct zone *zone = NODE_DATA(nid)->node_zones;
	long nr;

	for (; zone < NODE_DATA(nid)->node_zones + MAX_NR_ZONES; zone++) {
		nr = (long)min(end, zone_end_pfn(zone)) -
		     (long)max(start, zone->zone_start_pfn);
		if (!populated_zone(zone) || nr <= 0)
			continue;
		atomic_long_add(nr, &zone->managed_pages);
		totalram_pages_add(nr);
	}
}

static void __init pram_account_owned(void)
{
	unsigned long start, end;
	unsigned int i;
	int j, nid;

	for (i = 0; i < pram_nr_owned; i++) {
		const struct pram_range *r = &pram_owned[i];

		for_each_mem_pfn_range(j, MAX_NUMNODES, &start, &end, &nid)
			pram_account_node(nid, max(start, r->start),
					  min(end, r->end));
	}
}

/**
 * pram_memmap_early - see to what is reserved before memblock hands over
 *
 * It counts as managed: it is in use like any other page, or will be free, and many
 * look at that before the initcall that takes the pages over.
 *
 * Context: boot, when memblock is about to hand over to the page allocator.
 */
void __init pram_memmap_early(void)
{
	pram_own_marked();
	pram_marked = false;
	pram_memmap_defer();
	pram_account_owned();
}

/* They stay reserved for good. memblock's own ranges may be gone by now. */
static void __init pram_account_none(void)
{
	unsigned long pfn;
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++) {
		for (pfn = pram_owned[i].start; pfn < pram_owned[i].end; pfn++)
			adjust_managed_page_count(pfn_to_page(pfn), -1);
	}
}

/* Deferred initialisation has passed over what was reserved */
static void __init pram_set_movable(const struct pram_range *range)
{
	unsigned long pfn = ALIGN(range->start, pageblock_nr_pages);

	for (; pfn + pageblock_nr_pages <= range->end; pfn += pageblock_nr_pages) {
		struct page *page = pfn_to_page(pfn);

		/* What has been set apart for something, such as CMA, stays that */
		if (get_pageblock_migratetype(page) == MIGRATE_UNMOVABLE)
			init_pageblock_migratetype(page, MIGRATE_MOVABLE, false);
	}
}

static void __init pram_restore_links(u64 pfn)
{
	while (pfn) {
		const struct pram_link *link = pram_addr(pfn);

		pram_restore_folio(pfn, 0);
		pfn = link->next;
		cond_resched();
	}
}

/*
 * All that is preserved has been made raw. This kernel uses the metadata from now on
 * like what it allocates itself.
 */
static void __init pram_restore_meta(const struct list_head *nodes)
{
	struct pram_node *node;
	unsigned int i;

	list_for_each_entry(node, nodes, list) {
		pram_restore_folio(node->page->head.pfn, 0);
		for (i = 0; i < PRAM_NR_CHAINS; i++)
			pram_restore_links(node->page->chain[i].first);
	}
}

/* Returns how many pages are owned */
static u64 __init pram_prepare_owned(void)
{
	unsigned int i;
	u64 nr = 0;

	for (i = 0; i < pram_nr_owned; i++) {
		trace_pram_reserve(pram_owned[i].start, pram_owned[i].end);
		pram_set_movable(&pram_owned[i]);
		nr += pram_owned[i].end - pram_owned[i].start;
	}
	return nr;
}

static void __init pram_take_pages(const struct pram_super *sb)
{
	u64 nr = pram_prepare_owned();
	bool wipe = pram_adopt(sb, nr);

	pram_memmap_free(wipe);
	pram_restore_folio(pram_super_pfn, 0);
	pram_restore_meta(&pram_nodes);
	pram_restore_meta(&pram_absent_found);
}

/* The list has served: give its memory to the page allocator */
static void __init pram_free_owned(void)
{
	size_t size = PAGE_ALIGN(pram_max_owned * sizeof(*pram_owned));
	unsigned long pfn = PHYS_PFN(virt_to_phys(pram_owned));

	if (!size)
		return;
	pram_nr_owned = 0;
	kmemleak_free_part_phys(PFN_PHYS(pfn), size);
	adjust_managed_page_count(pfn_to_page(pfn), PHYS_PFN(size));
	pram_free_raw(pfn, pfn + PHYS_PFN(size));
}

/*
 * At core_initcall, when the page allocator has all of its memory, and before
 * the watermarks of the zones are set.
 */
static int __init pram_init(void)
{
	int err;

	if (!pram_on)
		return 0;
	if (pram_super_pfn) {
		/* Before it can be claimed by a node */
		err = pram_map_add(pram_super_pfn, 1, GFP_KERNEL);
		if (err) {
			pram_account_none();
			pram_free_owned();
			pr_err("off: no memory for the super block, and %llu nodes dropped\n",
			       pram_nr_left);
			return err;
		}
		pram_take_pages(pram_addr(pram_super_pfn));
	} else {
		/* It may have been good, and yet of no use to this kernel */
		pram_dropped = pram_nr_left;
		/* Nobody knows which of the pages are to be cleared */
		if (pram_prepare_owned())
			pram_memmap_free(true);
	}
	pram_free_owned();
	err = pram_super_start(pram_super_pfn);
	if (err)
		return err;
	pram_memory_init();
	pram_kexec_init();
	return 0;
}
core_initcall(pram_init);
