// SPDX-License-Identifier: GPL-2.0
/*
 * Chains of links: what a node has for a description.
 */
#include "pram.h"

static void pram_put_folio(struct folio *folio, bool wipe)
{
	unsigned long pfn = folio_pfn(folio);

	if (!folio_put_testzero(folio))
		return;
	if (wipe)
		pram_wipe(pfn, pfn + folio_nr_pages(folio));
	__folio_put(folio);
}

/**
 * pram_put_range - drop PRAM's hold on pages
 * @pfn: the first one
 * @end: behind the last; they are whole folios
 * @wipe: whether to clear those that nobody else has
 *
 * Context: may sleep.
 */
void pram_put_range(unsigned long pfn, unsigned long end, bool wipe)
{
	pram_map_del(pfn, end - pfn);
	while (pfn < end) {
		struct folio *folio;
		unsigned long raw;

		for (raw = pfn; raw < end && pram_page_raw(raw); raw++)
			;
		if (raw > pfn) {
			if (wipe)
				pram_wipe(pfn, raw);
			pram_free_raw(pfn, raw);
			pfn = raw;
			continue;
		}
		folio = pfn_folio(pfn);
		pfn += folio_nr_pages(folio);
		pram_put_folio(folio, wipe);
		cond_resched();
	}
}

/**
 * pram_free_links - free the links of a chain, but not what they stand for
 * @pfn: of the first link; 0: there is none
 * @wipe: whether to clear them
 *
 * Context: may sleep.
 */
void pram_free_links(u64 pfn, bool wipe)
{
	while (pfn) {
		struct pram_link *link = pram_addr(pfn);
		u64 next = link->next;

		pram_put_range(pfn, pfn + 1, wipe);
		pfn = next;
	}
}

/**
 * pram_free_chain - free the links of a chain, and drop PRAM's hold on the pages
 * @chain: the chain
 * @wipe: whether to clear all that, as far as nobody else has it
 *
 * Context: may sleep.
 */
void pram_free_chain(const struct pram_chain *chain, bool wipe)
{
	u64 pfn;

	for (pfn = chain->first; pfn; ) {
		struct pram_link *link = pram_addr(pfn);
		unsigned int i;

		for (i = 0; i < link->nr_entries; i++) {
			u64 start = pram_entry_pfn(link->entry[i]);

			pram_put_range(start, start +
				       pram_entry_pages(link->entry[i]), wipe);
		}
		pfn = link->next;
	}
	pram_free_links(chain->first, wipe);
}

/* Make the last entry of the link stand for those of @entry as well */
static bool pram_merge(struct pram_link *link, u64 entry)
{
	u64 *last = &link->entry[link->nr_entries - 1];
	u64 count = pram_entry_count(*last) + pram_entry_count(entry);

	if (link->flags & PRAM_LINK_CSUM || count > PRAM_ENTRY_COUNT_MAX ||
	    pram_entry_order(*last) != pram_entry_order(entry) ||
	    pram_entry_flags(*last) != pram_entry_flags(entry) ||
	    pram_entry_pfn(*last) + pram_entry_pages(*last) !=
	    pram_entry_pfn(entry))
		return false;
	*last = pram_entry(pram_entry_pfn(*last), pram_entry_order(entry),
			   pram_entry_flags(entry), count);
	return true;
}

/**
 * pram_add_run - append an entry to a chain
 * @chain: the chain
 * @last: its last link; NULL: it is empty
 * @entry: the entry; what it stands for is in the set of preserved pages
 * @flags: PRAM_LINK_*, the same for all links of the chain
 * @gfp: how to allocate a link
 * @held: NULL, or as for pram_alloc_outside()
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_add_run(struct pram_chain *chain, struct pram_link **last, u64 entry,
		 u32 flags, gfp_t gfp, struct folio **held)
{
	struct pram_link *link = *last;

	if (link && pram_merge(link, entry))
		goto count;
	if (!link || link->nr_entries == pram_link_max(flags)) {
		link = pram_alloc_meta(PRAM_LINK_MAGIC, gfp, held);
		if (!link)
			return -ENOMEM;
		link->pos = chain->nr_pages;
		link->flags = flags;
		if (*last)
			(*last)->next = link->head.pfn;
		else
			chain->first = link->head.pfn;
		chain->nr_links++;
		*last = link;
	}
	link->entry[link->nr_entries++] = entry;
count:
	chain->nr_pages += pram_entry_pages(entry);
	return 0;
}

/* The page of a stream; 0: it has none such */
static u64 pram_chain_page(const struct pram_chain *chain, u64 page)
{
	const struct pram_link *link;
	unsigned int i;
	u64 pfn;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			u64 nr = pram_entry_pages(link->entry[i]);

			if (page < nr)
				return pram_entry_pfn(link->entry[i]) + page;
			page -= nr;
		}
	}
	return 0;
}

/**
 * pram_peek_bytes - look into the byte stream of a node that is kept
 * @node: the node
 * @buf: where to
 * @pos: the first byte
 * @count: how many
 *
 * Data is as it is: checksums are not looked at.
 *
 * Context: may sleep; pram_lock is held.
 * Return: the number of bytes, not beyond the end of a page; or -EBUSY: somebody has
 * the node open; -EHWPOISON: the memory is broken; -EIO: the stream is too short.
 */
ssize_t pram_peek_bytes(const struct pram_node *node, void *buf, u64 pos,
			size_t count)
{
	u64 size = node->page->nr_bytes, pfn;

	lockdep_assert_held(&pram_lock);
	if (node->state != PRAM_READY)
		return -EBUSY;
	if (pos >= size)
		return 0;
	count = min3((u64)count, size - pos, PAGE_SIZE - offset_in_page(pos));
	pfn = pram_chain_page(&node->page->chain[PRAM_BYTES], PHYS_PFN(pos));
	if (!pfn)
		return -EIO;
	if (pram_has_poison(pfn, 0))
		return -EHWPOISON;
	memcpy_from_page(buf, pfn_to_page(pfn), offset_in_page(pos), count);
	return count;
}
