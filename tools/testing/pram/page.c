// SPDX-License-Identifier: GPL-2.0
/*
 * Zones and their buddy allocator. It takes a random block of those that would
 * do, so that what is saved is scattered, and follows each page through its
 * states, so that nothing is freed twice, freed with the wrong order, or used
 * when it is free.
 */
#include "sim.h"

#include <sanitizer/asan_interface.h>

/**
 * struct free_area - free blocks of one order in one zone
 * @pfn: where they are, in no order
 * @nr: how many
 * @max: room for so many
 */
struct free_area {
	u32 *pfn;
	unsigned int nr;
	unsigned int max;
};

static struct free_area area[MAX_NR_ZONES][MAX_PAGE_ORDER + 1];
static unsigned long nr_in_state[SIM_NR_STATES];
static unsigned long nr_raw;

pg_data_t sim_node;
bool sim_exhausted;

static const char * const state_name[] = {
	[SIM_HOLE]	= "no RAM",
	[SIM_BOOT]	= "memblock's",
	[SIM_RESERVED]	= "reserved",
	[SIM_LOOSE]	= "in no state",
	[SIM_OFFLINE]	= "offline",
	[SIM_FREE]	= "free",
	[SIM_ALLOCATED]	= "allocated",
	[SIM_BROKEN]	= "broken",
};

static void __noreturn bad_page(const struct page *page, const char *what)
{
	sim_fail("pfn %#lx: %s: it is %s, order %u, flags %#x, %u after the first, count %d",
		 page_to_pfn(page), what, state_name[page->state], page->order,
		 page->flags, page->head, page->refcount);
}

static void want_state(const struct page *page, enum sim_state state,
		       const char *what)
{
	if (page->state != state)
		bad_page(page, what);
}

static void set_state(struct page *page, enum sim_state state)
{
	nr_in_state[page->state]--;
	nr_in_state[state]++;
	page->state = state;
}

enum sim_state sim_page_state(u64 pfn)
{
	return pfn < max_pfn ? pfn_to_page(pfn)->state : SIM_HOLE;
}

unsigned long sim_nr_pages(enum sim_state state)
{
	return nr_in_state[state];
}

unsigned long sim_nr_used(void)
{
	return nr_in_state[SIM_ALLOCATED] + nr_raw;
}

static void poison(struct page *page, unsigned int order)
{
	ASAN_POISON_MEMORY_REGION(kmap_local_page(page), PAGE_SIZE << order);
}

static void unpoison(struct page *page, unsigned int order)
{
	ASAN_UNPOISON_MEMORY_REGION(kmap_local_page(page), PAGE_SIZE << order);
}

/*
 * Free lists
 */
static void list_block(struct page *page, unsigned int order)
{
	struct free_area *a = &area[page->zone][order];

	if (a->nr == a->max) {
		a->max = a->max ? 2 * a->max : 64;
		a->pfn = realloc(a->pfn, a->max * sizeof(*a->pfn));
		sim_assert(a->pfn);
	}
	page->order = order;
	page->pos = a->nr;
	a->pfn[a->nr++] = page_to_pfn(page);
	page_zone(page)->nr_free += 1L << order;
}

static void unlist_block(struct page *page)
{
	struct free_area *a = &area[page->zone][page->order];
	u32 last = a->pfn[--a->nr];

	sim_assert(a->pfn[page->pos] == page_to_pfn(page) ||
		   page->pos == a->nr);
	a->pfn[page->pos] = last;
	pfn_to_page(last)->pos = page->pos;
	page_zone(page)->nr_free -= 1L << page->order;
	page->pos = U32_MAX;
}

static bool is_free_block(unsigned long pfn, unsigned int order,
			  unsigned int zone)
{
	const struct page *page = pfn_to_page(pfn);

	if (pfn + (1UL << order) > max_pfn)
		return false;
	/* A neighbour of what is freed is looked at */
	if (page->state == SIM_BOOT && memblock_is_reserved(PFN_PHYS(pfn)))
		bad_page(page, "looked at before it is initialised");
	return page->state == SIM_FREE &&
	       page->order == order && page->pos != U32_MAX &&
	       page->zone == zone;
}

/* The pages of the block are in the same state, and not listed */
static void free_block(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page), i;

	if (pfn & ((1UL << order) - 1) || order > MAX_PAGE_ORDER)
		bad_page(page, "freed as a block that cannot be");
	for (i = 0; i < 1UL << order; i++) {
		if (page[i].zone != page->zone)
			bad_page(page, "freed as a block across zones");
		if (!(page[i].flags & BIT(PG_managed)))
			bad_page(page + i, "freed, and not counted as managed");
		page[i].flags &= BIT(PG_managed);
		page[i].refcount = 0;
		page[i].head = 0;
		page[i].pos = U32_MAX;
		set_state(page + i, SIM_FREE);
	}
	poison(page, order);

	while (order < MAX_PAGE_ORDER &&
	       is_free_block(pfn ^ (1UL << order), order, page->zone)) {
		unlist_block(pfn_to_page(pfn ^ (1UL << order)));
		pfn &= ~(1UL << order);
		order++;
		page = pfn_to_page(pfn);
	}
	list_block(page, order);
}

/*
 * Allocating
 */
static unsigned int last_zone(gfp_t gfp)
{
	if (gfp & __GFP_DMA32 ||
	    (IS_ENABLED(CONFIG_HIGHMEM) && !(gfp & __GFP_HIGHMEM)))
		return ZONE_DMA32;
	return ZONE_NORMAL;
}

static unsigned int pick_zone(gfp_t gfp)
{
	unsigned int zone, last;
	u64 sum = 0;

	if (gfp & __GFP_DMA)
		return ZONE_DMA;
	last = last_zone(gfp);
	for (zone = 0; zone <= last; zone++)
		sum += sim_node.node_zones[zone].nr_free;
	sum = sim_below(sum);
	for (zone = 0; zone < last; zone++) {
		if (sum < sim_node.node_zones[zone].nr_free)
			break;
		sum -= sim_node.node_zones[zone].nr_free;
	}
	return zone;
}

/* The order of the block to take from, or -1 */
static int pick_order(unsigned int zone, unsigned int order)
{
	unsigned int found[MAX_PAGE_ORDER + 1], nr = 0;

	for (; order <= MAX_PAGE_ORDER; order++) {
		if (area[zone][order].nr)
			found[nr++] = order;
	}
	if (!nr)
		return -1;
	return found[sim_chance(4) ? sim_below(nr) : 0];
}

static struct page *take_block(unsigned int zone, unsigned int from,
			       unsigned int order)
{
	struct free_area *a = &area[zone][from];
	struct page *page = pfn_to_page(a->pfn[sim_below(a->nr)]);

	unlist_block(page);
	while (from > order) {
		struct page *other;

		from--;
		other = page + (1UL << from);
		if (sim_chance(2))
			swap(page, other);
		other->order = from;
		list_block(other, from);
	}
	page->order = order;
	return page;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	unsigned int zone = pick_zone(gfp), tries;
	struct page *page = NULL;
	unsigned long i;
	int from;

	if (nr_in_state[SIM_BOOT])
		sim_fail("the page allocator is not up yet");
	if (order > MAX_PAGE_ORDER)
		sim_fail("allocation of order %u", order);
	if (sim_should_fail(gfp))
		return NULL;
	for (tries = 0; !page && tries < MAX_NR_ZONES; tries++) {
		from = pick_order(zone, order);
		if (from >= 0)
			page = take_block(zone, from, order);
		else if (gfp & __GFP_DMA)
			break;
		else if (zone)
			zone--;
		else
			zone = last_zone(gfp);
	}
	if (!page) {
		sim_exhausted = true;
		return NULL;
	}

	for (i = 0; i < 1UL << order; i++) {
		want_state(page + i, SIM_FREE, "allocated");
		set_state(page + i, SIM_ALLOCATED);
	}
	page->refcount = 1;
	unpoison(page, order);
	if (gfp & __GFP_ZERO)
		memset(kmap_local_page(page), 0, PAGE_SIZE << order);
	else
		memset(kmap_local_page(page), 0x5a, 64);
	if (gfp & __GFP_COMP)
		prep_compound_page(page, order);
	return page;
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp | __GFP_COMP, order);

	return page ? page_rmappable_folio(page) : NULL;
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned long nr = PFN_UP(size), i;
	unsigned int order = 0;
	struct page *page;

	while (1UL << order < nr)
		order++;
	page = alloc_pages(gfp, order);
	if (!page)
		return NULL;
	for (i = 0; i < 1UL << order; i++) {
		page[i].order = 0;
		page[i].refcount = 1;
	}
	for (i = nr; i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
}

void free_pages_exact(void *virt, size_t size)
{
	unsigned long i;

	for (i = 0; i < PFN_UP(size); i++)
		__free_page(virt_to_page(virt + (i << PAGE_SHIFT)));
}

/*
 * Freeing
 */
/*
 * Free what is not broken. The page allocator looks at pages that are freed
 * alone, so raw ones have to come alone. A folio is taken apart, which in the
 * kernel is for memory_failure() to see to.
 */
static void free_unbroken(struct page *page, unsigned int order)
{
	unsigned long i;

	if (order && page->state == SIM_LOOSE)
		bad_page(page, "freed with a broken page in it");
	for (i = 0; i < 1UL << order; i++) {
		page[i].flags &= ~(BIT(PG_head) | BIT(PG_tail));
		page[i].head = 0;
		if (page[i].flags & BIT(PG_hwpoison))
			set_state(page + i, SIM_BROKEN);
		else
			free_block(page + i, 0);
	}
}

static void put_block(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++) {
		if (page[i].state != page->state)
			bad_page(page + i, "freed in one with others");
		if (page[i].flags & BIT(PG_reserved))
			bad_page(page + i, "freed while reserved");
		if (page[i].flags & BIT(PG_locked))
			bad_page(page + i, "freed while locked");
		if (page[i].mapping)
			bad_page(page + i, "freed while a file has it");
		if (i && page[i].refcount)
			bad_page(page + i, "freed while in use");
	}
	if (sim_is_broken(page_to_pfn(page), order))
		free_unbroken(page, order);
	else
		free_block(page, order);
}

/* Whether a page that nobody has loaded is to be wiped before it is free */
bool (*sim_secret)(u64 pfn);

/* Whether a folio is, when it is PRAM that drops the last reference */
void sim_set_secret(struct folio *folio, bool secret)
{
	folio->page.flags &= ~BIT(PG_secret);
	if (secret)
		folio->page.flags |= BIT(PG_secret);
}

static void check_wiped(struct page *page, unsigned int order)
{
	unsigned long i, word;

	for (i = 0; i < 1UL << order; i++) {
		const u64 *data = kmap_local_page(page + i);

		if (sim_is_broken(page_to_pfn(page + i), 0))
			continue;
		for (word = 0; word < PAGE_SIZE / sizeof(*data); word++) {
			if (data[word])
				bad_page(page + i, "freed, and not wiped");
		}
	}
}

void __free_pages(struct page *page, unsigned int order)
{
	unsigned long i;

	if (page->state != SIM_LOOSE) {
		want_state(page, SIM_ALLOCATED, "freed");
		if (page->head)
			bad_page(page, "freed by a tail page");
		if (page->order != order)
			bad_page(page, "freed with another order");
	}
	if (page->refcount <= 0)
		bad_page(page, "freed once too often");
	for (i = 0; sim_secret && page->state == SIM_LOOSE && i < 1UL << order;
	     i++) {
		if (sim_secret(page_to_pfn(page + i)))
			check_wiped(page + i, 0);
	}
	if (!--page->refcount)
		put_block(page, order);
}

void folio_get(struct folio *folio)
{
	struct page *page = &folio->page;

	want_state(page, SIM_ALLOCATED, "taken a reference of");
	if (page->refcount <= 0)
		bad_page(page, "taken a reference of");
	page->refcount++;
}

bool folio_put_testzero(struct folio *folio)
{
	struct page *page = &folio->page;

	want_state(page, SIM_ALLOCATED, "given a reference back");
	if (page->refcount <= 0)
		bad_page(page, "given a reference back");
	return !--page->refcount;
}

void __folio_put(struct folio *folio)
{
	if (folio->page.flags & BIT(PG_secret))
		check_wiped(&folio->page, folio->page.order);
	put_block(&folio->page, folio->page.order);
}

void folio_put(struct folio *folio)
{
	if (folio_put_testzero(folio))
		put_block(&folio->page, folio->page.order);
}

void prep_compound_page(struct page *page, unsigned int order)
{
	unsigned long i;

	if (!order)
		return;
	if (page->flags & BIT(PG_head))
		bad_page(page, "made a compound page again");
	page->flags |= BIT(PG_head);
	page->order = order;
	for (i = 1; i < 1UL << order; i++) {
		page[i].flags |= BIT(PG_tail);
		page[i].head = i;
	}
}

struct folio *page_rmappable_folio(struct page *page)
{
	want_state(page, SIM_ALLOCATED, "made a folio");
	return (struct folio *)page;
}

atomic_long_t num_poisoned_pages;

/*
 * Broken memory: as memory_failure() marks it, and whoever reads it has failed
 */
void sim_break(u64 pfn)
{
	struct page *page = pfn_to_page(pfn);

	if (!(page->flags & BIT(PG_hwpoison)))
		num_poisoned_pages.counter++;
	page->flags |= BIT(PG_hwpoison) | BIT(PG_broken);
	if (PageCompound(page))
		page_folio(page)->page.flags |= BIT(PG_has_hwpoisoned);
	/* And in the next kernel there is something else */
	memset(kmap_local_page(page), 0xbb, PAGE_SIZE);
	poison(page, 0);
}

bool sim_is_broken(u64 pfn, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++) {
		if (pfn_to_page(pfn + i)->flags & BIT(PG_broken))
			return true;
	}
	return false;
}

/*
 * From memblock to the page allocator
 */
void ClearPageReserved(struct page *page)
{
	/* Who frees or restores pages does not look which they are */
	if (page->state == SIM_OFFLINE)
		return;
	want_state(page, SIM_RESERVED, "no longer reserved");
	nr_raw -= !!(page->flags & BIT(PG_managed));
	set_state(page, SIM_LOOSE);
	page->flags &= ~BIT(PG_reserved);
}

void __SetPageOffline(struct page *page)
{
	want_state(page, SIM_LOOSE, "given a type");
	if (page->refcount != 1)
		bad_page(page, "given a type");
	nr_raw += !!(page->flags & BIT(PG_managed));
	set_state(page, SIM_OFFLINE);
}

void __ClearPageOffline(struct page *page)
{
	if (page->state == SIM_LOOSE)
		return;
	want_state(page, SIM_OFFLINE, "no longer offline");
	nr_raw -= !!(page->flags & BIT(PG_managed));
	set_state(page, SIM_LOOSE);
}

void set_page_count(struct page *page, int count)
{
	want_state(page, SIM_LOOSE, "given a count");
	page->refcount = count;
}

/* The last step of making a folio from pages that were reserved */
void set_page_owner(struct page *page, unsigned short order, gfp_t gfp)
{
	unsigned long i;

	if (page_to_pfn(page) & ((1UL << order) - 1))
		bad_page(page, "made a folio that is not aligned");
	for (i = 0; i < 1UL << order; i++) {
		want_state(page + i, SIM_LOOSE, "made part of a folio");
		if (page[i].refcount != !i)
			bad_page(page + i, "made part of a folio");
		if (!(page[i].flags & BIT(PG_managed)))
			bad_page(page + i, "used, and not counted as managed");
		if (page[i].zone != page->zone)
			bad_page(page, "made a folio across zones");
		set_state(page + i, SIM_ALLOCATED);
	}
	page->order = order;
}

static void mark_managed(struct page *page, unsigned long nr)
{
	for (; nr; nr--, page++) {
		if (page->flags & BIT(PG_managed))
			bad_page(page, "counted as managed twice");
		page->flags |= BIT(PG_managed);
	}
}

static void manage(struct page *page, unsigned long nr)
{
	page_zone(page)->managed_pages.counter += nr;
	mark_managed(page, nr);
}

/* The zones have counted these before there were struct pages */
void sim_managed_early(unsigned long pfn, unsigned long end)
{
	nr_raw += end - pfn;
	for (; pfn < end; pfn++) {
		want_state(pfn_to_page(pfn), SIM_RESERVED, "counted as managed");
		mark_managed(pfn_to_page(pfn), 1);
	}
}

/* Raw pages, each in its zone */
static void adjust_offline(struct page *page, long count)
{
	const long sign = count < 0 ? -1 : 1;
	const bool managed = count < 0;

	for (; count; count -= sign, page++) {
		want_state(page, SIM_OFFLINE, "counted, or no longer");
		if (!(page->flags & BIT(PG_managed)) == managed)
			bad_page(page, "counted twice, or never");
		page->flags ^= BIT(PG_managed);
		page_zone(page)->managed_pages.counter += sign;
		nr_raw += sign;
	}
}

void adjust_managed_page_count(struct page *page, long count)
{
	long i;

	if (page->state == SIM_OFFLINE) {
		adjust_offline(page, count);
		return;
	}
	if (count == -1) {
		want_state(page, SIM_RESERVED, "no longer counted");
		if (!(page->flags & BIT(PG_managed)))
			bad_page(page, "no longer counted");
		page->flags &= ~BIT(PG_managed);
		page_zone(page)->managed_pages.counter--;
		nr_raw--;
		return;
	}
	for (i = 0; i < count; i++) {
		want_state(page + i, SIM_RESERVED, "counted as managed");
		if (page[i].zone != page->zone)
			bad_page(page, "counted in the wrong zone");
	}
	nr_raw += count;
	manage(page, count);
}

void init_pageblock_migratetype(struct page *page, int migratetype, bool isolate)
{
	page->migratetype = migratetype;
}

void sim_memblock_free_pages(unsigned long pfn, unsigned int order)
{
	struct page *page = pfn_to_page(pfn);
	unsigned long i;

	/* A block that memblock frees may lie across zones; real ones, too */
	for (i = 0; i < 1UL << order; i++) {
		want_state(page + i, SIM_BOOT, "freed by memblock");
		manage(page + i, 1);
	}
	if (page->zone == page[(1UL << order) - 1].zone) {
		free_block(page, order);
		return;
	}
	for (i = 0; i < 1UL << order; i++)
		free_block(page + i, 0);
}

void init_deferred_page(unsigned long pfn, int nid)
{
	struct page *page = pfn_to_page(pfn);

	if (page->state == SIM_BOOT)
		page->refcount = 1;
}

void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	unsigned long pfn;

	for_each_valid_pfn(pfn, PFN_DOWN(start), PFN_UP(end)) {
		init_deferred_page(pfn, nid);
		__SetPageReserved(pfn_to_page(pfn));
	}
}

void __init_single_page(struct page *page, unsigned long pfn,
			unsigned long zone, int nid)
{
	if (page->state != SIM_RESERVED)
		want_state(page, SIM_BOOT, "initialised");
	if (page_to_pfn(page) != pfn || page->zone != zone || nid)
		bad_page(page, "initialised as another one");
	page->flags = 0;
	page->refcount = 1;
}

void __SetPageReserved(struct page *page)
{
	if (page->refcount != 1)
		bad_page(page, "reserved before it is initialised");
	page->flags |= BIT(PG_reserved);
	if (page->state != SIM_RESERVED)
		want_state(page, SIM_BOOT, "reserved late");
	set_state(page, SIM_RESERVED);
}

/*
 * Checks
 */
static void check_page(struct page *page, unsigned long *nr, long *managed)
{
	nr[page->state]++;
	if (page->flags & BIT(PG_managed))
		managed[page->zone]++;
	switch (page->state) {
	case SIM_LOOSE:
		bad_page(page, "forgotten");
	case SIM_FREE:
	case SIM_OFFLINE:
	case SIM_ALLOCATED:
		if (!(page->flags & BIT(PG_managed)))
			bad_page(page, "not counted as managed");
		if (page->flags & BIT(PG_reserved))
			bad_page(page, "reserved");
		break;
	case SIM_RESERVED:
		if (!(page->flags & BIT(PG_reserved)))
			bad_page(page, "not marked as reserved");
		break;
	case SIM_BROKEN:
		if (!(page->flags & BIT(PG_broken)))
			bad_page(page, "kept from being used");
		break;
	default:
		break;
	}
}

void sim_check_pages(void)
{
	const struct sim_machine *m = sim_machine();
	unsigned long nr[SIM_NR_STATES] = {}, listed = 0;
	long managed[MAX_NR_ZONES] = {};
	unsigned int i, order, zone;
	u64 pfn;

	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++)
			check_page(pfn_to_page(pfn), nr, managed);
	}
	for (i = SIM_BOOT; i < SIM_NR_STATES; i++) {
		if (nr[i] != nr_in_state[i])
			sim_fail("%lu pages are %s, counted were %lu", nr[i],
				 state_name[i], nr_in_state[i]);
	}
	for (zone = 0; zone < MAX_NR_ZONES; zone++) {
		struct zone *z = &sim_node.node_zones[zone];

		if (managed[zone] != z->managed_pages.counter)
			sim_fail("zone %u manages %ld pages, and has %ld",
				 zone, z->managed_pages.counter, managed[zone]);
		for (order = 0; order <= MAX_PAGE_ORDER; order++)
			listed += (unsigned long)area[zone][order].nr << order;
	}
	if (listed != nr[SIM_FREE])
		sim_fail("%lu pages are free, listed are %lu", nr[SIM_FREE],
			 listed);
}

/* The memory of struct page is there, and zero */
void sim_pages_init(void)
{
	/* Of a kernel of 32 bits, the last one is high memory */
	static const unsigned long border[] = {
		0, PHYS_PFN(SZ_16M), IS_ENABLED(CONFIG_HIGHMEM) ? SIM_LOW_END :
		PHYS_PFN(SZ_4G), ULONG_MAX
	};
	const struct sim_machine *m = sim_machine();
	unsigned int i, zone;
	u64 pfn;

	for (zone = 0; zone < MAX_NR_ZONES; zone++) {
		sim_node.node_zones[zone].zone_start_pfn = min(border[zone],
							       max_pfn);
		sim_node.node_zones[zone].end_pfn = min(border[zone + 1],
							max_pfn);
	}
	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			for (zone = 0; pfn >= border[zone + 1]; zone++)
				;
			pfn_to_page(pfn)->zone = zone;
			pfn_to_page(pfn)->refcount =
				IS_ENABLED(CONFIG_HIGHMEM) ||
				zone_end_pfn(&sim_node.node_zones[zone]) != max_pfn;
			set_state(pfn_to_page(pfn), SIM_BOOT);
		}
	}
}

void sim_pages_reset(void)
{
	unsigned int zone, order;

	for (zone = 0; zone < MAX_NR_ZONES; zone++) {
		for (order = 0; order <= MAX_PAGE_ORDER; order++)
			area[zone][order].nr = 0;
	}
	memset(nr_in_state, 0, sizeof(nr_in_state));
	num_poisoned_pages.counter = 0;
	memset(&sim_node, 0, sizeof(sim_node));
	nr_raw = 0;
	sim_exhausted = false;
}
