// SPDX-License-Identifier: GPL-2.0
/*
 * After the jump: reserving what the previous kernel left, and taking it over.
 */
#include "pram.h"

/**
 * DOC: After the jump
 *
 * pram_reserve() runs in setup_arch(), as soon as memblock knows the memory
 * and before anything is allocated from it. It reads the super block, and only
 * that, and reserves the cover.
 *
 * pram_adopt() runs as an initcall. It believes nothing: each page that the
 * metadata names must be one that pram_reserve() has reserved, and may be named
 * once over all nodes, which also ends every cycle. A node that is not right is
 * dropped alone. What no node claims then goes to the page allocator.
 */

/* No kernel boots in less; a cover that leaves less is not believed */
#define PRAM_MIN_FREE		SZ_16M

/* How many dropped nodes are worth a line in the log */
#define PRAM_MAX_LOGGED		100

/*
 * The parts of the cover that are PRAM's: not those which are no RAM in this
 * kernel, or had been reserved by somebody else before. Nodes with a page in
 * those are lost, and PRAM does not free them.
 */
#define PRAM_MAX_OWNED		128

static struct pram_range pram_owned[PRAM_MAX_OWNED] __initdata;
static unsigned int pram_nr_owned __initdata;

/*
 * How many pages may yet be claimed. Metadata that is right claims each page of
 * the cover once at most; how often damaged metadata may try must not depend on
 * what is in it.
 */
static u64 pram_claims_left __initdata;

static unsigned int pram_nr_ram __initdata;

static bool pram_on __initdata;

/* The super block to take over; 0: none */
static unsigned long pram_super_pfn __initdata;

/* How many nodes were dropped because something was wrong with them */
u64 pram_dropped __ro_after_init;

/* What pram= says */
static bool pram_given __initdata;
static struct pram_param pram_param __initdata;

static int __init pram_setup(char *str)
{
	if (pram_parse(str, &pram_param))
		pr_warn("'pram=%.32s' ignored: neither \"off\" nor <pfn>.<ticket> in hex\n",
			str ? str : "");
	else
		pram_given = true;
	return 0;
}
early_param("pram", pram_setup);

static bool __init pram_is_owned(u64 pfn, u64 nr)
{
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++) {
		if (pfn >= pram_owned[i].start && pfn < pram_owned[i].end)
			return nr <= pram_owned[i].end - pfn;
	}
	return false;
}

/* Note which parts of the cover are free RAM now. Returns how much else is. */
static u64 __init pram_own(const struct pram_super *sb)
{
	phys_addr_t start, end;
	unsigned int i;
	bool full = false;
	u64 j, left = 0;

	for_each_free_mem_range(j, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end,
				NULL) {
		left += end - start;
		for (i = 0; i < sb->nr_cover; i++) {
			struct pram_range r = {
				.start = max(PFN_UP(start), sb->cover[i].start),
				.end = min(PFN_DOWN(end), sb->cover[i].end),
			};

			if (r.start >= r.end)
				continue;
			left -= PFN_PHYS(r.end - r.start);
			if (pram_nr_owned == PRAM_MAX_OWNED) {
				if (!full)
					pr_warn("memory is too scattered: all from %#llx on is lost\n",
						PFN_PHYS(r.start));
				full = true;
				continue;
			}
			pram_owned[pram_nr_owned++] = r;
		}
	}
	return left;
}

/* Forget what is owned of [start, end) */
static void __init pram_cut(u64 start, u64 end)
{
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++) {
		struct pram_range *r = &pram_owned[i];

		if (r->start >= end || r->end <= start)
			continue;
		/* Two are left */
		if (r->start < start && r->end > end) {
			if (pram_nr_owned == PRAM_MAX_OWNED) {
				pr_warn("memory is too scattered: not all that was reserved is used\n");
				r->end = start;
				continue;
			}
			memmove(r + 1, r, (pram_nr_owned++ - i) * sizeof(*r));
			r[1].start = end;
		}
		if (r->start < start)
			r->end = start;
		else
			r->start = min(r->end, end);
	}
}

/* The range could not be reserved: it is nobody's, and will be anybody's */
static void __init pram_disown(const struct pram_range *range)
{
	pr_err("no memory to reserve %#llx-%#llx: what it held is lost\n",
	       PFN_PHYS(range->start), PFN_PHYS(range->end) - 1);
	pram_cut(range->start, range->end);
}

/*
 * Reserve the cover. memblock may have to move its array for that, and must not
 * move it onto preserved pages: until init_mem_mapping() it allocates below
 * ISA_END_ADDRESS only, where nothing is preserved.
 */
static const char *__init pram_take_over(const struct pram_super *sb, u64 pfn)
{
	u64 owned = 0, covered = 0, left;
	const char *why = NULL;
	unsigned int i;

	left = pram_own(sb);
	if (!pram_is_owned(pfn, 1))
		why = "the super block is outside of its ranges";
	else if (left < PRAM_MIN_FREE)
		why = "its ranges leave no memory to boot in";
	if (why) {
		pram_nr_owned = 0;
		return why;
	}
	for (i = 0; i < pram_nr_owned; i++)
		owned += pram_owned[i].end - pram_owned[i].start;
	for (i = 0; i < sb->nr_cover; i++) {
		struct pram_range r = sb->cover[i];

		covered += r.end - r.start;
		/* There may be less RAM than there was (mem=) */
		r.end = min(r.end, PFN_UP(memblock_end_of_DRAM()));
		if (r.start < r.end &&
		    memblock_reserve(PFN_PHYS(r.start),
				     PFN_PHYS(r.end - r.start)))
			pram_disown(&r);
	}
	if (!pram_is_owned(pfn, 1)) {
		for (i = 0; i < pram_nr_owned; i++)
			memblock_phys_free(PFN_PHYS(pram_owned[i].start),
					   PFN_PHYS(pram_owned[i].end -
						    pram_owned[i].start));
		pram_nr_owned = 0;
		return "its page could not be reserved";
	}
	pram_generation = sb->generation + 1;
	pr_info("reserved %u ranges, %llu pages, for %llu nodes of %llu pages left by %s, generation %llu\n",
		sb->nr_cover, covered, sb->nr_nodes, sb->nr_pages, sb->release,
		pram_generation);
	/* Of firmware, and between what is preserved; else nodes are dropped */
	if (covered != owned)
		pr_info("%llu of these pages are not RAM, or in use\n",
			covered - owned);
	return NULL;
}

static const char *__init pram_find_super(const struct pram_param *param)
{
	phys_addr_t addr = PFN_PHYS(param->pfn);
	struct pram_super *sb;
	const char *why;

	if (!memblock_is_memory(addr) || memblock_is_reserved(addr))
		return "the page is not RAM, or in use";
	sb = early_memremap(addr, PAGE_SIZE);
	if (!sb)
		return "the page cannot be mapped";
	why = pram_check_super(sb, param, arch_pram_mark(), pram_csum(sb));
	if (!why)
		why = pram_take_over(sb, param->pfn);
	if (!why)
		pram_report_take(&sb->report);
	early_memunmap(sb, PAGE_SIZE);
	return why;
}

/**
 * pram_reserve - reserve what the previous kernel has preserved
 *
 * Context: early boot, when memblock is complete and still untouched.
 */
void __init pram_reserve(void)
{
	const char *why;

	/* A crash kernel lives in a corner of memory that is not its own */
	if (is_kdump_kernel())
		return;
	if (pram_given && !pram_param.pfn) {
		pr_info("off, by pram=off\n");
		return;
	}
	pram_on = true;
	if (!pram_given) {
		if (arch_pram_kexeced())
			pr_info("nothing is taken over from the previous kernel: there is no pram= on the command line\n");
		return;
	}
	why = pram_find_super(&pram_param);
	if (why)
		pr_warn("'pram=%llx.%llx' ignored: %s\n", pram_param.pfn,
			pram_param.ticket, why);
	else
		pram_super_pfn = pram_param.pfn;
}

/**
 * pram_keep_off - leave memory alone that firmware has put something into
 * @start: physical address of the first byte
 * @size: in bytes
 *
 * For those who find things in RAM by their address, and reserve them, after
 * pram_reserve(). They may be in the middle of a gap in what is preserved, which
 * the page allocator would get: the previous kernel did not use that memory
 * either.
 *
 * Context: boot, before initcalls.
 */
void __init pram_keep_off(phys_addr_t start, phys_addr_t size)
{
	pram_cut(PFN_DOWN(start), PFN_UP(start + size));
}

static int __init pram_add_ram(unsigned long pfn, unsigned long nr, void *arg)
{
	struct pram_range *ram = arg;

	/* What is kept may lie across the border */
	if (pram_nr_ram && ram[pram_nr_ram - 1].end == pfn) {
		ram[pram_nr_ram - 1].end += nr;
		return 0;
	}
	if (pram_nr_ram == PRAM_MAX_OWNED)
		return -ENOSPC;
	ram[pram_nr_ram].start = pfn;
	ram[pram_nr_ram++].end = pfn + nr;
	return 0;
}

/* What firmware tables (ESRT, BGRT) have is not System RAM any more by now */
static void __init pram_disown_firmware(void)
{
	static struct pram_range ram[PRAM_MAX_OWNED] __initdata;
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++) {
		if (pram_owned[i].start < pram_owned[i].end &&
		    walk_system_ram_range(pram_owned[i].start,
					  pram_owned[i].end -
					  pram_owned[i].start, ram,
					  pram_add_ram) == -ENOSPC)
			pr_warn("memory is too scattered: not all that was reserved is used\n");
	}
	memcpy(pram_owned, ram, sizeof(pram_owned));
	pram_nr_owned = pram_nr_ram;
}

/*
 * Raw pages count as managed from now on: they are in use like any other
 * page, and what becomes of them need not be counted one by one.
 */
static void __init pram_account(const struct pram_range *range)
{
	unsigned long pfn, next;

	trace_pram_reserve(range->start, range->end);
	for (pfn = range->start; pfn < range->end; pfn = next) {
		next = min_t(u64, pageblock_end_pfn(pfn), range->end);
		adjust_managed_page_count(pfn_to_page(pfn), next - pfn);
		/* Deferred initialisation has passed over what was reserved */
		if (next - pfn == pageblock_nr_pages)
			set_pageblock_migratetype(pfn_to_page(pfn),
						  MIGRATE_MOVABLE);
	}
}

/* What has been claimed of a chain so far, so that it can be given back */
struct pram_walk {
	u64 nr_links;
	u64 nr_pages;
	unsigned int nr_entries;	/* of the last link */
	u64 pfn;			/* being looked at, for the log */
};

static const char *__init pram_claim(u64 pfn, u64 nr)
{
	if (!pram_is_owned(pfn, nr))
		return "a page is outside of what could be reserved";
	if (nr > pram_claims_left)
		return "there is too much damaged metadata";
	pram_claims_left -= nr;
	switch (pram_map_add(pfn, nr, GFP_KERNEL)) {
	case 0:
		return NULL;
	case -EEXIST:
		return "a page is named twice";
	default:
		return "out of memory";
	}
}

static const char *__init pram_check_head(const void *page, u32 magic, u64 pfn)
{
	const struct pram_head *head = page;

	if (head->magic != magic)
		return "a page has the wrong magic";
	if (head->pfn != pfn)
		return "a page belongs elsewhere";
	if (head->csum != pram_csum(page))
		return "a page fails its checksum";
	return NULL;
}

static const char *__init pram_check_link(const struct pram_link *link,
					  u64 pos, u32 flags)
{
	size_t csums = 0;

	if (link->flags != flags)
		return "a link has other flags than its node knows of";
	if (!link->nr_entries || link->nr_entries > pram_link_max(flags))
		return "a link has a bad number of entries";
	if (flags & PRAM_LINK_CSUM)
		csums = link->nr_entries * sizeof(u32);
	if (memchr_inv(&link->entry[link->nr_entries], 0,
		       (PRAM_LINK_ENTRIES - link->nr_entries) *
		       sizeof(link->entry[0]) - csums))
		return "a link has entries past its end";
	if (link->pos != pos)
		return "a link is out of place";
	return NULL;
}

static const char *__init pram_check_csums(struct pram_link *link)
{
	unsigned int i;

	for (i = 0; i < link->nr_entries; i++) {
		if (!*pram_link_csum(link, i))
			return "an entry has no checksum";
	}
	return NULL;
}

/* Is each folio of the entry within one zone, as the page allocator has them? */
static bool __init pram_one_zone(u64 entry)
{
	unsigned long nr = 1UL << pram_entry_order(entry), i;
	unsigned long pfn = pram_entry_pfn(entry);

	for (i = 0; i < pram_entry_count(entry); i++, pfn += nr) {
		if (page_zone(pfn_to_page(pfn)) !=
		    page_zone(pfn_to_page(pfn + nr - 1)))
			return false;
	}
	return true;
}

/* The byte stream consists of pages without flags */
static bool __init pram_entry_valid(u64 entry, unsigned int which, u32 flags)
{
	u64 pfn = pram_entry_pfn(entry), count = pram_entry_count(entry);
	unsigned int order = pram_entry_order(entry);

	if (which == PRAM_BYTES && (order || pram_entry_flags(entry)))
		return false;
	if (flags & PRAM_LINK_CSUM && count > 1)
		return false;
	return count && order <= MAX_PAGE_ORDER && IS_ALIGNED(pfn, 1ULL << order);
}

static const char *__init pram_claim_entry(u64 entry)
{
	u64 pfn = pram_entry_pfn(entry);
	unsigned int order = pram_entry_order(entry);
	const char *why;

	why = pram_claim(pfn, pram_entry_pages(entry));
	if (!why && order && !pram_one_zone(entry)) {
		pram_map_del(pfn, pram_entry_pages(entry));
		why = "a folio crosses zones";
	}
	return why;
}

static const char *__init pram_claim_link(u64 pfn, unsigned int which,
					  u32 flags, struct pram_walk *walk)
{
	struct pram_link *link = pram_addr(pfn);
	const char *why;

	walk->pfn = pfn;
	why = pram_claim(pfn, 1);
	if (why)
		return why;
	walk->nr_links++;
	walk->nr_entries = 0;
	why = pram_check_head(link, PRAM_LINK_MAGIC, pfn);
	if (!why)
		why = pram_check_link(link, walk->nr_pages, flags);
	if (!why && flags & PRAM_LINK_CSUM)
		why = pram_check_csums(link);
	while (!why && walk->nr_entries < link->nr_entries) {
		u64 entry = link->entry[walk->nr_entries];

		if (pram_entry_valid(entry, which, flags))
			why = pram_claim_entry(entry);
		else
			why = "a link has a bad entry";
		if (why)
			break;
		walk->nr_entries++;
		walk->nr_pages += pram_entry_pages(entry);
	}
	cond_resched();
	return why;
}

static const char *__init pram_claim_chain(const struct pram_node_page *page,
					   unsigned int which,
					   struct pram_walk *walk)
{
	const struct pram_chain *chain = &page->chain[which];
	u32 flags = pram_link_flags(page);
	const char *why;
	u64 pfn;

	/* One link too many is enough to know */
	for (pfn = chain->first; pfn && walk->nr_links <= chain->nr_links;
	     pfn = ((struct pram_link *)pram_addr(pfn))->next) {
		why = pram_claim_link(pfn, which, flags, walk);
		if (why)
			return why;
	}
	walk->pfn = page->head.pfn;
	if (walk->nr_links != chain->nr_links ||
	    walk->nr_pages != chain->nr_pages)
		return "the node counts other pages than it has";
	return NULL;
}

/* Give back what pram_claim_chain() had claimed */
static void __init pram_unclaim_chain(const struct pram_chain *chain,
				      const struct pram_walk *walk)
{
	u64 pfn = chain->first, left;

	for (left = walk->nr_links; left; left--) {
		struct pram_link *link = pram_addr(pfn);
		unsigned int i, nr = left > 1 ? link->nr_entries :
						walk->nr_entries;

		for (i = 0; i < nr; i++)
			pram_map_del(pram_entry_pfn(link->entry[i]),
				     pram_entry_pages(link->entry[i]));
		pram_map_del(pfn, 1);
		pfn = link->next;
	}
}

static const char *__init pram_check_node(const struct pram_node_page *page)
{
	const char *name = page->name;

	if (page->flags & ~PRAM_NODE_KNOWN ||
	    page->csum_mode > PRAM_CSUM_DATA ||
	    memchr_inv(page->reserved, 0, sizeof(page->reserved)))
		return "it uses what this kernel does not know";
	if (!memchr(name, 0, sizeof(page->name)) || !pram_name_valid(name) ||
	    memchr_inv(name + strlen(name), 0,
		       sizeof(page->name) - strlen(name)))
		return "it has no valid name";
	/* A length near 2^64 must not wrap to no pages at all */
	if (page->chain[PRAM_BYTES].nr_pages != page->nr_bytes / PAGE_SIZE +
	    !!(page->nr_bytes % PAGE_SIZE))
		return "its length is not that of its pages";
	return NULL;
}

/* The node page has been claimed and has a good head */
static const char *__init pram_adopt_chains(struct pram_node_page *page,
					    u64 *pfn)
{
	struct pram_walk walk[PRAM_NR_CHAINS] = {};
	const char *why = NULL;
	unsigned int i;

	for (i = 0; i < PRAM_NR_CHAINS && !why; i++) {
		why = pram_claim_chain(page, i, &walk[i]);
		if (why)
			*pfn = walk[i].pfn;
	}
	if (!why) {
		*pfn = page->head.pfn;
		switch (pram_add_node(page)) {
		case 0:
			return NULL;
		case -EEXIST:
			why = "there is another of that name";
			break;
		default:
			why = "out of memory";
		}
	}
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		pram_unclaim_chain(&page->chain[i], &walk[i]);
	return why;
}

static void __init pram_drop(const char *name, const char *why, u64 pfn)
{
	pram_report_add(PRAM_REPORT_DROPPED, name);
	/* A serial console takes its time for a million lines */
	if (pram_dropped++ < PRAM_MAX_LOGGED)
		pr_err("node '%s' dropped: %s (page %#llx)\n", name, why, pfn);
	trace_pram_drop(name, why);
}

struct pram_found {
	u64 nr_dirs;
	u64 nr_nodes;
	u64 nr_adopted;
};

/* Claim a link of the directory */
static const char *__init pram_claim_dir(u64 pfn, struct pram_found *found)
{
	struct pram_link *dir = pram_addr(pfn);
	const char *why;

	why = pram_claim(pfn, 1);
	if (why)
		return why;
	why = pram_check_head(dir, PRAM_DIR_MAGIC, pfn);
	if (!why)
		why = pram_check_link(dir, found->nr_nodes, 0);
	if (why) {
		pram_map_del(pfn, 1);
		return why;
	}
	found->nr_dirs++;
	found->nr_nodes += dir->nr_entries;
	return NULL;
}

static const char *__init pram_claim_node(u64 pfn)
{
	struct pram_node_page *page = pram_addr(pfn);
	const char *why;

	why = pram_claim(pfn, 1);
	if (why)
		return why;
	why = pram_check_head(page, PRAM_NODE_MAGIC, pfn);
	if (!why)
		why = pram_check_node(page);
	if (why)
		pram_map_del(pfn, 1);
	return why;
}

/* Claim the pages of nodes. 0 takes the place of an entry that is no good. */
static void __init pram_claim_nodes(struct pram_link *dir)
{
	unsigned int i;

	for (i = 0; i < dir->nr_entries; i++) {
		u64 entry = dir->entry[i], pfn = pram_entry_pfn(entry);
		const char *why;

		if (entry == pram_entry(pfn, 0, 0, 1)) {
			why = pram_claim_node(pfn);
		} else {
			why = "the directory has a bad entry";
			pfn = dir->head.pfn;
		}
		if (!why)
			continue;
		pram_drop("?", why, pfn);
		dir->entry[i] = 0;
	}
	cond_resched();
}

static bool __init pram_adopt_node(u64 pfn)
{
	struct pram_node_page *page = pram_addr(pfn);
	const char *why;
	u64 where;

	why = pram_adopt_chains(page, &where);
	if (why) {
		pram_drop(page->name, why, where);
		pram_map_del(pfn, 1);
		return false;
	}
	trace_pram_adopt(page->name, page->chain[PRAM_PAGES].nr_pages,
			 page->nr_bytes);
	return true;
}

static unsigned int __init pram_adopt_nodes(const struct pram_link *dir)
{
	unsigned int i, nr = 0;

	for (i = 0; i < dir->nr_entries; i++) {
		if (dir->entry[i])
			nr += pram_adopt_node(pram_entry_pfn(dir->entry[i]));
	}
	return nr;
}

/* The super block's counts are good for a comparison, and for nothing else */
static void __init pram_check_counts(const struct pram_super *sb,
				     const struct pram_found *found)
{
	u64 nr_pages = 0, nr_meta = found->nr_dirs;
	struct pram_node *node;

	if (sb->nr_nodes != found->nr_nodes)
		pr_warn("the super block counts %llu nodes, the directory has %llu\n",
			sb->nr_nodes, found->nr_nodes);
	if (sb->nr_nodes != found->nr_nodes || pram_dropped)
		return;
	list_for_each_entry(node, &pram_nodes, list) {
		nr_pages += node->page->chain[PRAM_PAGES].nr_pages +
			    node->page->chain[PRAM_BYTES].nr_pages;
		nr_meta += 1 + node->page->chain[PRAM_PAGES].nr_links +
			   node->page->chain[PRAM_BYTES].nr_links;
	}
	if (sb->nr_pages != nr_pages || sb->nr_meta != nr_meta)
		pr_warn("the super block counts %llu pages and %llu of metadata, the nodes have %llu and %llu\n",
			sb->nr_pages, sb->nr_meta, nr_pages, nr_meta);
}

static void __init pram_adopt(const struct pram_super *sb)
{
	struct pram_found found = {};
	const char *why = NULL;
	struct pram_link *dir;
	u64 pfn, nr;

	for (pfn = sb->dir; pfn; pfn = dir->next) {
		dir = pram_addr(pfn);
		why = pram_claim_dir(pfn, &found);
		if (why)
			break;
	}
	if (why)
		pr_err("the rest of the directory is lost: %s (page %#llx)\n",
		       why, pfn);

	/* Node for node, but their pages first: no node shall take another's */
	for (pfn = sb->dir, nr = found.nr_dirs; nr; nr--, pfn = dir->next) {
		dir = pram_addr(pfn);
		pram_claim_nodes(dir);
	}
	/* The directory has served when its nodes are adopted */
	for (pfn = sb->dir, nr = found.nr_dirs; nr; nr--, pfn = dir->next) {
		dir = pram_addr(pfn);
		found.nr_adopted += pram_adopt_nodes(dir);
		pram_map_del(pfn, 1);
	}

	if (pram_dropped > PRAM_MAX_LOGGED)
		pr_err("and %llu more nodes dropped\n",
		       pram_dropped - PRAM_MAX_LOGGED);
	pram_check_counts(sb, &found);
	if (why && sb->nr_nodes > found.nr_nodes)
		pram_dropped += sb->nr_nodes - found.nr_nodes;
	pr_info("adopted %llu of %llu nodes\n", found.nr_adopted,
		max(found.nr_nodes, sb->nr_nodes));
}

/* Free the pages in the range that no node has claimed */
static void __init pram_free_gaps(const struct pram_range *range)
{
	unsigned long pfn = range->start, start, end;

	while (pfn < range->end) {
		start = pfn;
		if (!pram_map_next(&start, &end)) {
			start = range->end;
			end = range->end;
		}
		pram_free_raw(pfn, min_t(u64, start, range->end));
		pfn = end;
	}
}

static void __init pram_take_pages(const struct pram_super *sb)
{
	unsigned int i;

	pram_disown_firmware();
	for (i = 0; i < pram_nr_owned; i++) {
		pram_account(&pram_owned[i]);
		pram_claims_left += 4 * (pram_owned[i].end -
					 pram_owned[i].start);
	}
	pram_adopt(sb);
	for (i = 0; i < pram_nr_owned; i++)
		pram_free_gaps(&pram_owned[i]);
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
		if (pram_map_add(pram_super_pfn, 1, GFP_KERNEL))
			return -ENOMEM;
		pram_take_pages(pram_addr(pram_super_pfn));
	}
	err = pram_super_start(pram_super_pfn);
	if (err)
		return err;
	pram_memory_init();
	pram_kexec_init();
	return 0;
}
core_initcall(pram_init);

#include "tests/pram_super_kunit.h"
