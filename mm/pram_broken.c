// SPDX-License-Identifier: GPL-2.0
/*
 * Telling the next kernel which preserved pages have broken memory.
 */
#include "pram.h"

/**
 * DOC: Broken pages
 *
 * A page whose memory breaks after it was saved is not moved. The next kernel is
 * told of all broken pages that are known: it must not read them, but can use the
 * rest of their nodes. The list is allocated when the kexec is requested, and
 * filled in right before the jump.
 */

/* The list: links, and how many entries they have room for in all */
static u64 pram_broken_first;
static u64 pram_broken_room;

/* Pages that broke between prepare and the jump have entries to go to */
#define PRAM_BROKEN_SPARE	(PRAM_LINK_ENTRIES / 2)

/* Where the next broken page goes */
struct pram_broken_pos {
	struct pram_link *link;
	u64 nr;
};

/* Append a page to the list; without room, what is left of it is counted only */
static void pram_broken_put(struct pram_broken_pos *at, u64 pfn)
{
	if (at->nr++ >= pram_broken_room)
		return;
	if (at->link->nr_entries == PRAM_LINK_ENTRIES) {
		at->link = pram_addr(at->link->next);
		at->link->pos = at->nr - 1;
	}
	at->link->entry[at->link->nr_entries++] = pram_entry(pfn, 0, 0, 1);
}

/*
 * Look at all that is preserved, and put what is broken on the list, if there is
 * one. Returns how many pages are.
 */
static u64 pram_broken_walk(struct pram_broken_pos *at)
{
	unsigned long start = 0, end, pfn;
	u64 nr = 0;

	while (at ? pram_map_next_unlocked(&start, &end) :
		    pram_map_next(&start, &end)) {
		for (pfn = start; pfn < end; pfn++) {
			if (!PageHWPoison(pfn_to_page(pfn)))
				continue;
			nr++;
			if (at)
				pram_broken_put(at, pfn);
		}
		if (at)
			touch_nmi_watchdog();
		else
			cond_resched();
		start = end;
	}
	return nr;
}

/**
 * pram_broken_prepare - make the list, or room for it
 * @info: what is known of the image
 * @held: as for pram_alloc_outside()
 *
 * Where no memory of this machine is known to be broken, next to nothing is done.
 *
 * Context: pram_lock is held, all that has to move has been moved; may sleep.
 * Return: 0; or, after pram_refuse(), -ENOMEM, or -ENOEXEC: the image would read them.
 * pram_broken_undo() is left to the caller.
 */
int pram_broken_prepare(const struct pram_image *info, struct folio **held)
{
	u64 want = PRAM_BROKEN_SPARE;
	u64 nr = 0;

	lockdep_assert_held(&pram_lock);
	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		return 0;
	if (pram_nr_broken())
		nr = pram_broken_walk(NULL);
	if (nr && !(info->node_flags & PRAM_KNOWS_BROKEN)) {
		pram_refuse("%llu preserved pages are broken, and the image has no CONFIG_MEMORY_FAILURE: load another, or discard their nodes",
			    nr);
		return -ENOEXEC;
	}
	want += nr;
	while (pram_broken_room < want) {
		struct pram_link *link = pram_alloc_meta(PRAM_BROKEN_MAGIC,
							 PRAM_KEXEC_GFP, held);

		if (!link) {
			pram_refuse("no memory to list broken pages: free some");
			return -ENOMEM;
		}
		link->next = pram_broken_first;
		pram_broken_first = link->head.pfn;
		pram_broken_room += PRAM_LINK_ENTRIES;
	}
	return 0;
}

/**
 * pram_broken_undo - free the list
 *
 * Context: pram_lock is held; may sleep.
 */
void pram_broken_undo(void)
{
	pram_free_links(pram_broken_first, false);
	pram_broken_first = 0;
	pram_broken_room = 0;
}

/**
 * pram_broken_finish - fill in the list, and take its checksums
 *
 * Context: nobody else is running; may not sleep.
 * Return: the pfn of its first link; 0: no page is broken.
 */
u64 pram_broken_finish(void)
{
	struct pram_broken_pos at = {};
	struct pram_link *link;
	u64 pfn;

	if (!pram_broken_room || !pram_nr_broken())
		return 0;
	at.link = pram_addr(pram_broken_first);
	pram_broken_walk(&at);
	if (!at.nr)
		return 0;
	/* The links behind have nothing in them */
	at.link->next = 0;
	for (pfn = pram_broken_first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		link->head.csum = pram_csum(link);
	}
	return pram_broken_first;
}
