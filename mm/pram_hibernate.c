// SPDX-License-Identifier: GPL-2.0
/*
 * Hibernation: what its image does not have, or would take the place of.
 */
#include "pram.h"

/**
 * DOC: Hibernation
 *
 * The image has all memory that this kernel uses. That includes trees, and
 * nodes that this kernel has made, but no raw pages: while there are any,
 * hibernation is refused.
 *
 * Resuming replaces the running kernel, and would lose the nodes of that: it is
 * refused while there is a node.
 */

/* Between the two there is an image, or is going to be */
static bool pram_hibernating;

/**
 * pram_is_hibernating - will this kernel go on after it has been switched off?
 *
 * Context: process context.
 * Return: whether the machine hibernates.
 */
bool pram_is_hibernating(void)
{
	return READ_ONCE(pram_hibernating);
}

static bool pram_entry_raw(u64 entry)
{
	u64 pfn = pram_entry_pfn(entry), end = pfn + pram_entry_pages(entry);
	u64 size = 1ULL << pram_entry_order(entry);

	/* Where a part of a folio has been loaded, it is the first part */
	for (; pfn < end; pfn += size) {
		if (pram_page_raw(pfn + size - 1))
			return true;
	}
	return false;
}

static bool pram_chain_raw(const struct pram_chain *chain)
{
	const struct pram_link *link;
	unsigned int i;
	u64 pfn;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			if (pram_entry_raw(link->entry[i]))
				return true;
		}
		cond_resched();
	}
	return false;
}

/* Does anything of the node wait to be loaded? If so, it does not change */
static bool pram_node_raw(const struct pram_node *node)
{
	unsigned int i;

	lockdep_assert_held(&pram_lock);
	if (node->state != PRAM_READY && node->state != PRAM_READING)
		return false;
	for (i = 0; i < PRAM_NR_CHAINS; i++) {
		if (pram_chain_raw(&node->page->chain[i]))
			return true;
	}
	return false;
}

static int pram_may_hibernate(void)
{
	struct pram_node *node;

	guard(mutex)(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list) {
		if (pram_tree_waits(node)) {
			pr_warn("hibernation refused: tmpfs '%s' is still being restored: try again later\n",
				node->page->name);
			return -EBUSY;
		}
		if (!pram_node_raw(node))
			continue;
		pr_warn("hibernation refused: node '%s' is as the previous kernel has left it: mount or discard it\n",
			node->page->name);
		return -EBUSY;
	}
	return 0;
}

static int pram_may_resume(void)
{
	unsigned int nr;

	guard(mutex)(&pram_lock);
	nr = pram_nr_kept();
	if (!nr)
		return 0;
	pr_warn("resume from hibernation refused: it would lose %u nodes\n", nr);
	return -EBUSY;
}

static int pram_pm_notify(struct notifier_block *nb, unsigned long action,
			  void *data)
{
	int err = 0;

	switch (action) {
	case PM_HIBERNATION_PREPARE:
		err = pram_may_hibernate();
		WRITE_ONCE(pram_hibernating, !err);
		break;
	case PM_POST_HIBERNATION:
		WRITE_ONCE(pram_hibernating, false);
		break;
	case PM_RESTORE_PREPARE:
		err = pram_may_resume();
		break;
	}
	return notifier_from_errno(err);
}

/**
 * pram_hibernate_init - have a say in hibernation
 *
 * Context: boot; may sleep.
 */
void __init pram_hibernate_init(void)
{
	pm_notifier(pram_pm_notify, 0);
}

#include "tests/pram_hibernate_kunit.h"
