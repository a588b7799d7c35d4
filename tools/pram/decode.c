// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of metadata, and walking over streams.
 */
#include <stddef.h>
#include <string.h>

#include "decode.h"

#define CRC32C_POLY	0x82f63b78

/* Of a head: crc32c, seed ~0, of what is behind it */
uint32_t page_csum(const void *page)
{
	const unsigned char *p = page;
	uint32_t crc = ~0U;
	unsigned int i, bit;

	for (i = offsetof(struct pram_head, pfn); i < PRAM_PAGE_SIZE; i++) {
		crc ^= p[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC32C_POLY : 0);
	}
	return crc;
}

/* Returns what is wrong with it, or NULL. The checksum is for the caller. */
const char *read_meta(const struct memory *mem, uint64_t pfn, uint32_t magic,
		      void *page)
{
	struct pram_head head;

	if (!pfn || pfn > PRAM_ENTRY_PFN_MASK)
		return "a pfn is none";
	if (mem->read(mem->arg, pfn, page))
		return "a page cannot be read";
	memcpy(&head, page, sizeof(head));
	if (head.magic != magic)
		return "a page has the wrong magic";
	if (head.pfn != pfn)
		return "a page belongs elsewhere";
	return NULL;
}

void walk_start(struct walk *walk, const struct memory *mem,
		const struct pram_node_page *node, unsigned int chain)
{
	memset(walk, 0, sizeof(*walk));
	walk->mem = mem;
	walk->csums = node->csum_mode == PRAM_CSUM_DATA;
	walk->next = node->chain[chain].first;
	walk->left = node->chain[chain].nr_links;
}

/*
 * The position of a link says how many pages are before it, so links that go round
 * in circles are out of place at the latest where one comes again.
 */
static const char *next_link(struct walk *walk)
{
	const struct pram_link *link = &walk->link;
	unsigned int max = walk->csums ? PRAM_LINK_ENTRIES_CSUM :
					 PRAM_LINK_ENTRIES;
	const char *why;

	if (!walk->left)
		return "there are more links than the node counts";
	why = read_meta(walk->mem, walk->next, PRAM_LINK_MAGIC, &walk->link);
	if (why)
		return why;
	if (link->flags != (walk->csums ? PRAM_LINK_CSUM : 0))
		return "a link has other flags than its node knows of";
	if (!link->nr_entries || link->nr_entries > max)
		return "a link has a bad number of entries";
	if (link->pos != walk->pos)
		return "a link is out of place";
	walk->stale += link->head.csum != page_csum(link);
	walk->left--;
	walk->next = link->next;
	walk->entry = 0;
	return NULL;
}

/* Returns whether there is one more entry; if not, walk->why may have the reason */
bool walk_next(struct walk *walk, uint64_t *entry)
{
	uint64_t pages;

	if (walk->why)
		return false;
	if (walk->entry == walk->link.nr_entries) {
		if (!walk->next) {
			if (walk->left)
				walk->why = "the node counts more links than there are";
			return false;
		}
		walk->why = next_link(walk);
		if (walk->why)
			return false;
	}
	*entry = walk->link.entry[walk->entry++];
	pages = entry_pages(*entry);
	if (!pages || entry_pfn(*entry) + pages > PRAM_ENTRY_PFN_MASK ||
	    entry_pfn(*entry) & ((1ULL << entry_order(*entry)) - 1)) {
		walk->why = "a link has a bad entry";
		return false;
	}
	walk->pos += pages;
	return true;
}
