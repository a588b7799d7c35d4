// SPDX-License-Identifier: GPL-2.0
/*
 * The directory for the next kernel, and the seal.
 */
#include "pram.h"

#include <trace/events/pram.h>

/*
 * The directory for the next kernel: enough links for all nodes; 0: none.
 * Protected by pram_lock.
 */
u64 pram_dir;

/* Whether the super block will be sealed for the image; protected by pram_lock */
bool pram_sealing;

/**
 * pram_seal_undo - there will be no seal: free the directory
 *
 * Context: pram_lock is held; may sleep.
 */
void pram_seal_undo(void)
{
	lockdep_assert_held(&pram_lock);
	pram_sealing = false;
	pram_free_links(pram_dir, false);
	pram_dir = 0;
}

/**
 * pram_dir_alloc - make an empty directory
 * @nr_nodes: how many nodes it is to have room for
 * @held: as for pram_alloc_outside()
 *
 * Context: pram_lock is held; may sleep.
 * Return: 0, or -ENOMEM after pram_refuse(). pram_seal_undo() is left to the caller.
 */
int pram_dir_alloc(unsigned int nr_nodes, struct folio **held)
{
	unsigned int nr;

	for (nr = 0; nr < nr_nodes; nr += PRAM_LINK_ENTRIES) {
		struct pram_link *link = pram_alloc_meta(PRAM_DIR_MAGIC,
							 PRAM_KEXEC_GFP, held);

		if (!link) {
			pram_refuse("no memory for the directory of %u nodes: free some",
				    nr_nodes);
			return -ENOMEM;
		}
		link->next = pram_dir;
		pram_dir = link->head.pfn;
	}
	return 0;
}

/* What the next kernel will be told of a node */
static struct pram_node_page *pram_node_to_seal(const struct pram_node *node)
{
	return node->moved ? node->moved : node->page;
}

/* The end of the directory, as far as it has been filled in */
struct pram_dir_pos {
	struct pram_link *dir;
	struct pram_node_page *prev;
};

static void pram_dir_add(struct pram_super *sb, struct pram_dir_pos *at,
			 struct pram_node_page *page)
{
	page->next = 0;
	if (at->prev)
		at->prev->next = page->head.pfn;
	else
		sb->first = page->head.pfn;
	at->prev = page;
	if (at->dir->nr_entries == PRAM_LINK_ENTRIES) {
		at->dir = pram_addr(at->dir->next);
		at->dir->pos = sb->nr_nodes;
	}
	at->dir->entry[at->dir->nr_entries++] =
		pram_entry(page->head.pfn, 0, 0, 1);
	sb->nr_nodes++;
	sb->nr_wipe += pram_wipes(page);
	sb->nr_pages += page->chain[PRAM_PAGES].nr_pages +
			page->chain[PRAM_BYTES].nr_pages;
	sb->nr_meta += 1 + page->chain[PRAM_PAGES].nr_links +
		       page->chain[PRAM_BYTES].nr_links;
}

/* List the nodes that are complete */
static void pram_fill_dir(void)
{
	struct pram_dir_pos at = { .dir = pram_dir ? pram_addr(pram_dir) : NULL };
	struct pram_node_page *absent = NULL;
	struct pram_super *sb = pram_super;
	struct pram_moved moved;
	struct pram_node *node;

	sb->nr_nodes = 0;
	sb->nr_pages = 0;
	sb->nr_meta = 0;
	sb->nr_wipe = 0;
	sb->first = 0;
	list_for_each_entry(node, &pram_nodes, list) {
		if (pram_kept(node))
			pram_dir_add(sb, &at, pram_node_to_seal(node));
	}
	while ((absent = pram_absent_next(absent)))
		pram_dir_add(sb, &at, absent);
	sb->dir = pram_dir;
	pram_report_fill(&sb->report);
	pram_move_count(&moved);
	sb->report.nr_moved = moved.pages;
	sb->report.nr_split = moved.split;
	sb->report.nr_remote = moved.remote;
	sb->nr_meta += DIV_ROUND_UP_ULL(sb->nr_nodes, PRAM_LINK_ENTRIES);
	sb->generation = pram_generation;
	pr_info("leaving %llu nodes, %llu pages, %llu metadata pages, in %u ranges\n",
		sb->nr_nodes, sb->nr_pages, sb->nr_meta, sb->nr_cover);
}

/* A number that nobody else can have left in the register */
static u64 pram_new_mark(void)
{
	u64 mark;

	do {
		mark = get_random_u64() &
		       GENMASK_ULL(arch_pram_mark_bits() - 1, 0);
	} while (mark < PAGE_SIZE);
	return mark;
}

/**
 * pram_seal_prepare - fill in all that is known before the machine stops
 *
 * From then on pram_kexec_finish() seals the super block.
 *
 * Context: pram_lock is held, pram_frozen is set, and there is a directory.
 */
void pram_seal_prepare(void)
{
	lockdep_assert_held(&pram_lock);
	pram_super->mark = pram_new_mark();
	pram_fill_dir();
	pram_sealing = true;
}

static void pram_seal_node(struct pram_node_page *page)
{
	unsigned int i;
	u64 pfn;

	for (i = 0; i < PRAM_NR_CHAINS; i++) {
		for (pfn = page->chain[i].first; pfn; ) {
			struct pram_link *link = pram_addr(pfn);

			pram_csum_link(link);
			link->head.csum = pram_csum(link);
			pfn = link->next;
			touch_nmi_watchdog();
		}
	}
	page->head.csum = pram_csum(page);
}

/**
 * pram_kexec_finish - seal what the next kernel is to find
 *
 * Nobody can write to preserved pages any more, or undo anything.
 *
 * Context: machine_shutdown() is done: one CPU. Returns with interrupts off.
 */
void pram_kexec_finish(void)
{
	u64 pfn;

	if (!pram_sealing)
		return;
	/* machine_shutdown() does so where there is more than one CPU */
	local_irq_disable();
	pram_move_again();
	for (pfn = pram_super->dir; pfn; ) {
		struct pram_link *dir = pram_addr(pfn);
		unsigned int i;

		for (i = 0; i < dir->nr_entries; i++)
			pram_seal_node(pram_addr(pram_entry_pfn(dir->entry[i])));
		dir->head.csum = pram_csum(dir);
		pfn = dir->next;
	}
	pram_super->broken = pram_broken_finish();
	pram_wipe_finish();
	pram_super->state = PRAM_SUPER_SEALED;
	pram_super->head.csum = pram_csum(pram_super);
	arch_pram_set_mark(pram_super->mark);
	trace_pram_seal(pram_super);
}
