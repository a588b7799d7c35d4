// SPDX-License-Identifier: GPL-2.0
/*
 * Checking what the previous kernel has left, and claiming the pages that it names.
 */
#include "pram_claim.h"

/**
 * DOC: Claiming
 *
 * Metadata that names a page claims it. The page must have been reserved by
 * pram_reserve(), and may be named once over all nodes, which also ends cycles. Good
 * metadata claims each page of the cover once at most. For damaged metadata there is a
 * limit that does not depend on its contents.
 */

/* How many more pages may be claimed */
static u64 pram_claims_left __initdata;

/**
 * pram_claim_limit - say how many pages may be claimed
 * @nr: how many
 *
 * Context: boot.
 */
void __init pram_claim_limit(u64 nr)
{
	pram_claims_left = nr;
}

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

/**
 * pram_claim_meta - claim a page of metadata
 * @pfn: the page
 *
 * It is read at its address, and written.
 *
 * Context: boot; may sleep.
 * Return: NULL, or what is wrong with it.
 */
const char *__init pram_claim_meta(u64 pfn)
{
	/* What is nowhere is not in high memory either */
	if (!pram_is_low(pfn) && pram_is_owned(pfn, 1))
		return "its description is in high memory, where only a 64-bit kernel finds it";
	return pram_claim(pfn, 1);
}

/**
 * pram_check_head - check what each page of metadata begins with
 * @page: the page, which has been claimed
 * @magic: what kind of page it has to be
 * @pfn: where it is
 *
 * Context: boot.
 * Return: NULL, or what is wrong with it.
 */
const char *__init pram_check_head(const void *page, u32 magic, u64 pfn)
{
	const struct pram_head *head = page;

	if (pram_has_poison(pfn, 0))
		return "a page of its description is broken";
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
	why = pram_claim_meta(pfn);
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

/**
 * pram_claim_chain - claim the links of a chain, and all pages that they name
 * @page: the page of the node
 * @which: which chain
 * @walk: all zero; how far it has come
 *
 * Context: boot; may sleep.
 * Return: NULL; or what is wrong, and pram_unclaim_chain() is left to the caller.
 */
const char *__init pram_claim_chain(const struct pram_node_page *page,
				    unsigned int which, struct pram_walk *walk)
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

/**
 * pram_unclaim_chain - give back what pram_claim_chain() has claimed
 * @chain: the chain
 * @walk: how far that had come
 *
 * Context: boot.
 */
void __init pram_unclaim_chain(const struct pram_chain *chain,
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

/**
 * pram_check_node - check what the page of a node says
 * @page: the page, with a good head
 *
 * Context: boot.
 * Return: NULL, or what is wrong with it.
 */
const char *__init pram_check_node(const struct pram_node_page *page)
{
	const char *name = page->name;

	if (page->flags & ~PRAM_NODE_KNOWN ||
	    page->csum_mode > PRAM_CSUM_DATA ||
	    memchr_inv(page->reserved, 0, sizeof(page->reserved)) ||
	    (page->absent_size && !(page->flags & PRAM_NODE_ABSENT)))
		return "it uses what this kernel does not know";
	if (page->flags & PRAM_NODE_ABSENT &&
	    (page->flags != PRAM_NODE_ABSENT || page->csum_mode ||
	     page->nr_bytes))
		return "its pages are not there, and it has data";
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

/**
 * pram_claim_list - claim a link of the directory, or of another list of pages
 * @pfn: the link
 * @magic: what list it has to be of
 * @pos: how many entries the links before it have
 *
 * Context: boot; may sleep.
 * Return: NULL, or what is wrong with it, and nothing is claimed.
 */
const char *__init pram_claim_list(u64 pfn, u32 magic, u64 pos)
{
	struct pram_link *link = pram_addr(pfn);
	const char *why;

	why = pram_claim_meta(pfn);
	if (why)
		return why;
	why = pram_check_head(link, magic, pfn);
	if (!why)
		why = pram_check_link(link, pos, 0);
	if (why)
		pram_map_del(pfn, 1);
	return why;
}
