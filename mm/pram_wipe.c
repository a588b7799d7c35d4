// SPDX-License-Identifier: GPL-2.0
/*
 * Clearing memory that held secrets.
 */
#include "pram.h"

/**
 * DOC: Wiping
 *
 * The memory of a node with PRAM_NODE_WIPE is cleared before it becomes free: its
 * data, and its description with all names. This happens when the node is discarded
 * or has been loaded, and when a kexec is undone. When the next kernel drops the
 * node, it clears all pages that no node has claimed, as it cannot know which of them
 * were those of the node. A folio is cleared if PRAM drops the last reference; others
 * may still use it otherwise.
 *
 * If the next kernel gets a copy of a page, because the page had to move or a device
 * may write to it, the original is cleared right before the jump.
 */

/*
 * Runs of pages that the next kernel gets copies of. They belong to the one kexec
 * that is being prepared, under kexec_lock.
 */
static struct pram_chain pram_left;
static struct pram_link *pram_left_last;

/* Folios of which there are copies before it is known where these may be */
struct pram_left_folio {
	struct list_head list;
	struct folio *folio;
};

static LIST_HEAD(pram_left_folios);

static void pram_wipe_page(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);

	/* Broken memory is not touched, be it to write */
	if (!PageHWPoison(page))
		clear_highpage(page);
}

/**
 * pram_wipe - clear pages
 * @pfn: the first one
 * @end: behind the last
 *
 * Context: nobody else uses them; may sleep.
 */
void pram_wipe(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++) {
		pram_wipe_page(pfn);
		if (!(pfn % (SZ_2M / PAGE_SIZE)))
			cond_resched();
	}
}

/**
 * pram_wipe_moved - clear a folio right before the jump, if its node is to be wiped
 * @node: the node
 * @pfn: the first page of the folio, of which the next kernel gets a copy
 * @order: its order
 * @held: as for pram_alloc_outside()
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_wipe_moved(const struct pram_node *node, u64 pfn, unsigned int order,
		    struct folio **held)
{
	if (!pram_wipes(node->page))
		return 0;
	return pram_add_run(&pram_left, &pram_left_last,
			    pram_entry(pfn, order, 0, 1), 0, PRAM_KEXEC_GFP,
			    held);
}

/**
 * pram_wipe_copied - likewise, before the room for the next kernel has been chosen
 * @node: the node
 * @folio: the folio
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_wipe_copied(const struct pram_node *node, struct folio *folio)
{
	struct pram_left_folio *left;

	if (!pram_wipes(node->page))
		return 0;
	left = kmalloc(sizeof(*left), PRAM_KEXEC_GFP);
	if (!left)
		return -ENOMEM;
	/* It must not migrate, and its memory get another use */
	folio_get(folio);
	left->folio = folio;
	list_add(&left->list, &pram_left_folios);
	return 0;
}

/**
 * pram_wipe_undo_moved - what has been moved will be moved anew
 *
 * What pram_wipe_copied() was told of stays.
 *
 * Context: kexec_lock is held; may sleep.
 */
void pram_wipe_undo_moved(void)
{
	pram_free_links(pram_left.first, false);
	pram_left = (struct pram_chain){};
	pram_left_last = NULL;
}

/**
 * pram_wipe_undo - there will be no jump
 *
 * Context: kexec_lock is held; may sleep.
 */
void pram_wipe_undo(void)
{
	struct pram_left_folio *left, *next;

	list_for_each_entry_safe(left, next, &pram_left_folios, list) {
		list_del(&left->list);
		folio_put(left->folio);
		kfree(left);
	}
	pram_wipe_undo_moved();
}

/* Pages of this kernel */
static void pram_wipe_left(u64 pfn, u64 nr)
{
	for (; nr; nr--, pfn++)
		pram_wipe_page(pfn);
	touch_nmi_watchdog();
}

/**
 * pram_wipe_finish - clear what the next kernel has copies of
 *
 * Context: nobody else is running, and the copies are up to date; may not sleep.
 */
void pram_wipe_finish(void)
{
	struct pram_left_folio *left;
	struct pram_link *link;
	unsigned int i;
	u64 pfn;

	for (pfn = pram_left.first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++)
			pram_wipe_left(pram_entry_pfn(link->entry[i]),
				       pram_entry_pages(link->entry[i]));
	}
	list_for_each_entry(left, &pram_left_folios, list)
		pram_wipe_left(folio_pfn(left->folio),
			       folio_nr_pages(left->folio));
}
