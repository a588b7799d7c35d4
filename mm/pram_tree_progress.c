// SPDX-License-Identifier: GPL-2.0
/*
 * How far describing or restoring a tree is.
 */
#include "pram_tree.h"

/* How long it takes until there is a line in the log, and then until the next one */
#define PRAM_PROGRESS_TIME	(2 * HZ)

/**
 * pram_progress_start - a tree is going to be described or restored
 * @node: its node
 * @what: "describing" or "restoring"
 * @total: how many pages it has
 *
 * Context: any; nobody else describes or restores it.
 */
void pram_progress_start(struct pram_node *node, const char *what, u64 total)
{
	struct pram_progress *progress = &node->progress;

	progress->what = what;
	progress->next = jiffies + PRAM_PROGRESS_TIME;
	WRITE_ONCE(progress->done, 0);
	WRITE_ONCE(progress->total, total);
}

/**
 * pram_progress_add - some of its pages have been
 * @node: the node
 * @nr: how many
 *
 * Context: as pram_progress_start().
 */
void pram_progress_add(struct pram_node *node, u64 nr)
{
	struct pram_progress *progress = &node->progress;

	WRITE_ONCE(progress->done, progress->done + nr);
	if (time_before(jiffies, progress->next))
		return;
	progress->next = jiffies + PRAM_PROGRESS_TIME;
	pr_info("tmpfs '%s': %s, %llu of %llu pages\n", node->page->name,
		progress->what, progress->done, progress->total);
}

/**
 * pram_progress_end - all of them have been, or there was an error
 * @node: the node
 *
 * Context: as pram_progress_start().
 */
void pram_progress_end(struct pram_node *node)
{
	WRITE_ONCE(node->progress.total, 0);
	WRITE_ONCE(node->progress.done, 0);
}
