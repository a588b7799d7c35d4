// SPDX-License-Identifier: GPL-2.0
/*
 * Pages: allocating them where the next kernel's image does not go, and making
 * those that came over a kexec ordinary again.
 */
#include "pram.h"

/**
 * DOC: Raw pages
 *
 * The pages in the streams of an adopted node are *raw* until they are loaded
 * or the node is discarded: as memblock left them, not compound and with a
 * count of one, but no longer reserved. They have the type of pages that are
 * logically offline (PageOffline()), which are not taken for memory of the
 * kernel or of a process:
 *
 * * makedumpfile leaves them out of crash dumps, /proc/kcore has zeros there, and
 *   /proc/kpageflags says what they are.
 * * Offlining memory would skip such pages if they had no references, but they
 *   have one, and the memory notifier refuses it before that.
 * * They are on no list and cannot be migrated, in any zone: compaction and
 *   alloc_contig_range() leave them where they are.
 * * memory_failure() marks them as broken, and leaves them to PRAM.
 * * ioremap() refuses them as RAM, which it would not do with reserved pages.
 * * An image for hibernation leaves them out, so that hibernation is refused.
 *
 * PRAM itself reads and copies them. They are always accessible, so those who
 * walk all memory need not be excluded while the type is set
 * (page_offline_begin()).
 *
 * The super block, nodes and links are used by this kernel, and are ordinary
 * pages from adoption on. Crash dumps have them, to show what was preserved.
 *
 * The type shares its field of struct page with the count of mappings. It is
 * cleared before anybody gets the page.
 */

/* Pages that pram_alloc_page() tries before it takes what it gets */
#define PRAM_ALLOC_TRIES	32

/* Where preserved pages must not be when the kexec comes */
static DEFINE_SPINLOCK(pram_forbidden_lock);
static struct pram_range pram_forbidden_range[PRAM_MAX_FORBIDDEN];
static unsigned int pram_nr_forbidden;

/* Metadata must be below this, too. Same lock. */
static u64 pram_meta_end = U64_MAX;

/**
 * pram_forbid - say where preserved pages must not be
 * @ranges: the ranges; they replace those of an earlier call
 * @nr: how many, at most PRAM_MAX_FORBIDDEN
 *
 * Context: kexec_lock is held.
 */
void pram_forbid(const struct pram_range *ranges, unsigned int nr)
{
	spin_lock(&pram_forbidden_lock);
	memcpy(pram_forbidden_range, ranges, nr * sizeof(*ranges));
	pram_nr_forbidden = nr;
	spin_unlock(&pram_forbidden_lock);
}

/**
 * pram_forbid_meta - say up to where the next kernel can read metadata
 * @end: the pfn behind the last page; it replaces that of an earlier call
 *
 * Context: kexec_lock is held.
 */
void pram_forbid_meta(u64 end)
{
	spin_lock(&pram_forbidden_lock);
	pram_meta_end = end;
	spin_unlock(&pram_forbidden_lock);
}

/**
 * pram_hotplugged - was any of this memory plugged in later?
 * @pfn: its first page
 * @nr: how many pages
 *
 * The next kernel does not boot with it: see arch_pram_boot_ram().
 *
 * Context: any.
 * Return: whether there is some that the next kernel does not boot with.
 */
bool pram_hotplugged(u64 pfn, u64 nr)
{
	u64 end = pfn + nr, next;

	/* It comes in larger pieces than this; neighbours may have been there */
	for (; pfn < end; pfn = next) {
		next = min(end, ALIGN(pfn + 1, MAX_ORDER_NR_PAGES));
		if (!arch_pram_boot_ram(pfn << PAGE_SHIFT, next << PAGE_SHIFT))
			return true;
	}
	return false;
}

/*
 * Preserved pages are on no list from which they could be migrated. Taking their
 * memory offline would try again for ever where the zone says that all can be.
 */
static int pram_memory_notify(struct notifier_block *nb, unsigned long action,
			      void *data)
{
	const struct memory_notify *mem = data;

	switch (action) {
	case MEM_GOING_OFFLINE:
		return notifier_from_errno(pram_map_leave(mem->start_pfn,
							  mem->nr_pages));
	case MEM_CANCEL_OFFLINE:
	case MEM_OFFLINE:
		pram_map_leave(0, 0);
		break;
	}
	return NOTIFY_OK;
}

/**
 * pram_memory_init - have a say when memory goes offline
 *
 * Context: boot; may sleep.
 */
void __init pram_memory_init(void)
{
	hotplug_memory_notifier(pram_memory_notify, DEFAULT_CALLBACK_PRI);
}

/**
 * pram_forbidden - is one of these pages where it must not be?
 * @pfn: the first
 * @nr: how many
 *
 * Context: process context.
 * Return: whether it is.
 */
bool pram_forbidden(u64 pfn, u64 nr)
{
	bool ret = false;
	unsigned int i;

	spin_lock(&pram_forbidden_lock);
	for (i = 0; i < pram_nr_forbidden && !ret; i++)
		ret = pfn < pram_forbidden_range[i].end &&
		      pram_forbidden_range[i].start < pfn + nr;
	spin_unlock(&pram_forbidden_lock);
	return ret || pram_hotplugged(pfn, nr);
}

/**
 * pram_forbidden_meta - must a page of metadata not be here?
 * @pfn: the page
 *
 * Context: process context.
 * Return: whether it must not.
 */
bool pram_forbidden_meta(u64 pfn)
{
	u64 end;

	spin_lock(&pram_forbidden_lock);
	end = pram_meta_end;
	spin_unlock(&pram_forbidden_lock);
	return pfn >= end || pram_forbidden(pfn, 1);
}

/* Pages around @pfn, which is not forbidden itself, that are not either */
static struct pram_range pram_allowed_around(u64 pfn)
{
	/* What is plugged in comes in larger pieces than this */
	struct pram_range allowed = {
		.start = round_down(pfn, MAX_ORDER_NR_PAGES),
		.end = round_down(pfn, MAX_ORDER_NR_PAGES) + MAX_ORDER_NR_PAGES,
	};
	unsigned int i;

	spin_lock(&pram_forbidden_lock);
	for (i = 0; i < pram_nr_forbidden; i++) {
		const struct pram_range *r = &pram_forbidden_range[i];

		if (r->end <= pfn)
			allowed.start = max(allowed.start, r->end);
		else
			allowed.end = min(allowed.end, r->start);
	}
	spin_unlock(&pram_forbidden_lock);
	return allowed;
}

/**
 * pram_forbidden_near - pram_forbidden() for those who ask about many pages
 * @pfn: the first
 * @nr: how many
 * @allowed: pages that are known not to be forbidden; empty at first
 *
 * Context: process context; what is forbidden does not change between calls with
 * the same @allowed.
 * Return: whether one of the pages is where it must not be.
 */
bool pram_forbidden_near(u64 pfn, u64 nr, struct pram_range *allowed)
{
	if (pfn >= allowed->start && pfn + nr <= allowed->end)
		return false;
	if (pram_forbidden(pfn, nr))
		return true;
	*allowed = pram_allowed_around(pfn);
	return false;
}

/* Returns the next one */
static struct folio *pram_unhold_folio(struct folio *folio)
{
	struct folio *next = folio->private;

	folio->private = NULL;
	return next;
}

/**
 * pram_free_held - free folios that are held
 * @held: the list, linked by their private fields
 *
 * A folio that was allocated where it must not be is held until a better one has
 * been found, lest it be allocated again.
 *
 * Context: process context, may sleep.
 */
void pram_free_held(struct folio **held)
{
	while (*held) {
		struct folio *folio = *held;

		*held = pram_unhold_folio(folio);
		folio_put(folio);
		cond_resched();
	}
}

/**
 * pram_hold_folio - hold a folio until a better one has been found
 * @folio: the folio
 * @held: the list it goes to
 *
 * Context: any.
 */
void pram_hold_folio(struct folio *folio, struct folio **held)
{
	folio->private = *held;
	*held = folio;
}

static struct folio *pram_alloc_on(unsigned int order, int nid, gfp_t gfp)
{
	if (nid == NUMA_NO_NODE)
		return folio_alloc(gfp, order);
	return __folio_alloc_node(gfp, order, nid);
}

#ifdef CONFIG_HIGHMEM
/* Likewise of the memory that the kernel itself can use, as far as can be told */
static bool pram_short_of_low(void)
{
	unsigned long available = 0, managed = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		if (is_highmem(zone))
			continue;
		managed += zone_managed_pages(zone);
		available += zone_page_state(zone, NR_FREE_PAGES) +
			     zone_page_state(zone, NR_ZONE_INACTIVE_FILE) +
			     zone_page_state(zone, NR_ZONE_ACTIVE_FILE);
	}
	return available < managed / 32;
}
#else
static bool pram_short_of_low(void)
{
	return false;
}
#endif

/*
 * Folios that are held in the wrong places are not what others may be killed for. What
 * is left to them is less than the next kernel needs to boot in.
 */
static bool pram_short_of_memory(void)
{
	return si_mem_available() < (long)(totalram_pages() / 64) ||
	       pram_short_of_low();
}

static struct folio *pram_alloc_avoiding(unsigned int order, int nid, gfp_t gfp,
					 struct folio **held,
					 unsigned long tries)
{
	struct folio *folio;

	while ((folio = pram_alloc_on(order, nid, gfp))) {
		if (!tries-- ||
		    !pram_forbidden(folio_pfn(folio), folio_nr_pages(folio)))
			break;
		pram_hold_folio(folio, held);
		if (pram_short_of_memory())
			return NULL;
		cond_resched();
	}
	return folio;
}

/**
 * pram_alloc_outside - allocate a folio that is not forbidden
 * @order: its order
 * @gfp: how
 * @held: where to put those that are, for the caller to free
 *
 * Context: as @gfp says.
 * Return: the folio, or NULL.
 */
struct folio *pram_alloc_outside(unsigned int order, gfp_t gfp,
				 struct folio **held)
{
	return pram_alloc_avoiding(order, NUMA_NO_NODE, gfp, held, ULONG_MAX);
}

/**
 * pram_alloc_near - allocate a folio that is not forbidden, on a node of NUMA
 * @order: its order
 * @nid: the node; if it has no such folio, another will do
 * @gfp: how; nothing is reclaimed to find one on that node
 * @held: where to put those that are forbidden, for the caller to free
 *
 * Context: as @gfp says.
 * Return: the folio, or NULL.
 */
struct folio *pram_alloc_near(unsigned int order, int nid, gfp_t gfp,
			      struct folio **held)
{
	struct folio *folio = NULL;

	if (nr_online_nodes > 1 && node_online(nid))
		folio = pram_alloc_avoiding(order, nid, (gfp & ~__GFP_RECLAIM) |
					    __GFP_THISNODE | __GFP_NOWARN,
					    held, ULONG_MAX);
	return folio ? folio : pram_alloc_outside(order, gfp, held);
}

/**
 * pram_alloc_page - allocate a page to preserve
 * @gfp: how
 *
 * Tries to stay out of forbidden ranges, so that there will be less to move.
 *
 * Context: as @gfp says.
 * Return: the page, or NULL.
 */
struct page *pram_alloc_page(gfp_t gfp)
{
	struct folio *held = NULL;
	struct folio *folio;

	folio = pram_alloc_avoiding(0, NUMA_NO_NODE, gfp, &held,
				    PRAM_ALLOC_TRIES);
	if (!folio && held) {
		folio = held;
		held = pram_unhold_folio(folio);
	}
	pram_free_held(&held);
	return folio ? folio_page(folio, 0) : NULL;
}

/*
 * A page that the next kernel can read as well. Where that is in the lower part of
 * this kernel's memory, there is a zone that has not much else.
 */
static struct folio *pram_alloc_readable(gfp_t gfp, struct folio **held)
{
	struct folio *folio;

	if (READ_ONCE(pram_meta_end) < PHYS_PFN(SZ_4G))
		gfp |= GFP_DMA32;
	for (;;) {
		folio = pram_alloc_outside(0, gfp, held);
		if (!folio || !pram_forbidden_meta(folio_pfn(folio)))
			return folio;
		pram_hold_folio(folio, held);
		if (pram_short_of_memory())
			return NULL;
		cond_resched();
	}
}

/**
 * pram_alloc_meta - allocate a metadata page
 * @magic: for its head
 * @gfp: how
 * @held: NULL, or as for pram_alloc_outside()
 *
 * The page is in the set of preserved pages, and zero but for its head.
 *
 * Context: may sleep.
 * Return: its virtual address, or NULL.
 */
void *pram_alloc_meta(u32 magic, gfp_t gfp, struct folio **held)
{
	struct pram_head *head;
	struct folio *folio;
	struct page *page;
	int err;

	gfp = (gfp & ~__GFP_HIGHMEM) | __GFP_ZERO;
	do {
		if (held) {
			folio = pram_alloc_readable(gfp, held);
			page = folio ? folio_page(folio, 0) : NULL;
		} else {
			page = pram_alloc_page(gfp);
		}
		if (!page)
			return NULL;
		err = pram_map_add(page_to_pfn(page), 1, gfp & ~__GFP_ZERO);
		if (err)
			__free_page(page);
	} while (pram_try_another(err));
	if (err) {
		/* A free page cannot be in the set */
		WARN_ON_ONCE(err == -EEXIST);
		return NULL;
	}
	head = page_address(page);
	head->magic = magic;
	head->pfn = page_to_pfn(page);
	return head;
}

/**
 * pram_make_raw - mark pages as raw
 * @pfn: the first
 * @end: the one after the last
 *
 * They are as memblock left them, reserved and with a count of one, which stays.
 *
 * Context: boot, before anybody else looks at them; may sleep.
 */
void pram_make_raw(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		__ClearPageReserved(page);
		__SetPageOffline(page);
		if (IS_ALIGNED(pfn, MAX_ORDER_NR_PAGES))
			cond_resched();
	}
}

/* Not raw, and nobody's, as the page allocator would have it */
static void pram_page_unraw(struct page *page)
{
	clear_page_tag_ref(page);
	__ClearPageOffline(page);
	set_page_count(page, 0);
}

/* The same for what may be reserved */
static void pram_page_reset(struct page *page)
{
	if (PageReserved(page))
		ClearPageReserved(page);
	pram_page_unraw(page);
}

/**
 * pram_restore_folio - make a raw folio an ordinary one
 * @pfn: its first page
 * @order: its order
 *
 * The zone counts raw pages of adopted nodes as managed already.
 *
 * Context: any.
 * Return: the folio, with one reference.
 */
struct folio *pram_restore_folio(unsigned long pfn, unsigned int order)
{
	struct page *page = pfn_to_page(pfn);
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		pram_page_unraw(page + i);
	set_page_count(page, 1);
	if (order)
		prep_compound_page(page, order);
	set_page_owner(page, order, GFP_KERNEL);
	return page_rmappable_folio(page);
}

/**
 * pram_has_poison - is the memory of a folio broken?
 * @pfn: its first page
 * @order: its order
 *
 * A page that is breaking may be missed, as if it broke after the call: it is marked
 * before it is counted, and where none is counted no page is looked at.
 *
 * Context: any.
 * Return: whether a page of it is.
 */
bool pram_has_poison(unsigned long pfn, unsigned int order)
{
	unsigned long i;

	if (!pram_nr_broken())
		return false;
	for (i = 0; i < 1UL << order; i++) {
		if (PageHWPoison(pfn_to_page(pfn + i)))
			return true;
	}
	return false;
}

/* The order of the largest block at @pfn that the page allocator may take */
static unsigned int pram_block_order(unsigned long pfn, unsigned long end)
{
	struct zone *zone = page_zone(pfn_to_page(pfn));
	unsigned int order;

	order = min_t(unsigned int, __ffs(pfn | 1UL << MAX_PAGE_ORDER),
		      ilog2(end - pfn));
	while (order &&
	       page_zone(pfn_to_page(pfn + (1UL << order) - 1)) != zone)
		order--;
	/* Broken pages are diverted when they are freed alone, and only then */
	while (order && pram_has_poison(pfn, order))
		order--;
	return order;
}

/**
 * pram_free_raw - give raw or reserved pages to the page allocator
 * @pfn: the first
 * @end: the one after the last
 *
 * In blocks as large as they come: freeing them page by page is an order of
 * magnitude slower.
 *
 * Context: may sleep.
 */
void pram_free_raw(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = pram_block_order(pfn, end);
		struct page *page = pfn_to_page(pfn);
		unsigned long i;

		for (i = 0; i < 1UL << order; i++)
			pram_page_reset(page + i);
		set_page_count(page, 1);
		/* No kernel has used a gap, and none may have accepted it */
		accept_memory(PFN_PHYS(pfn), PAGE_SIZE << order);
		__free_pages(page, order);
		pfn += 1UL << order;
		cond_resched();
	}
}

#include "tests/pram_page_kunit.h"
