// SPDX-License-Identifier: GPL-2.0
/*
 * Describing the folios of a file that are in memory, many at a time.
 */
#include "pram_tree.h"

/**
 * DOC: Runs
 *
 * Most folios of a file only need a reference. They are looked up under RCU, and folios
 * that follow each other in memory are collected into a run. A run is added to the set of
 * preserved pages, and to the chain of links, at once. Folios that are in swap, locked,
 * not written to yet, broken, or pinned are described one by one.
 */

/* Looked up in one go. RCU is held for so long. */
#define PRAM_RUNS		64
#define PRAM_RUNS_FOLIOS	1024

/**
 * struct pram_runs - folios that have been found, with a reference to each
 * @run: the runs
 * @last: the one that was begun last, or NULL
 * @next: where the last one ends in the file, in pages
 * @end: where it ends in memory, a pfn
 * @nr: how many there are
 * @max: how many folios a run may have
 */
struct pram_runs {
	struct pram_run run[PRAM_RUNS];
	struct pram_run *last;
	pgoff_t next;
	unsigned long end;
	unsigned int nr;
	unsigned int max;
};

/* Note a folio that has been found and referenced; false: there is no room */
static bool pram_runs_add(struct pram_runs *runs, struct folio *folio)
{
	struct pram_run *run = runs->last;
	unsigned int order = folio_order(folio);
	unsigned long pfn = folio_pfn(folio);

	if (!run || pfn != runs->end || order != run->order ||
	    run->nr == runs->max) {
		if (runs->nr == PRAM_RUNS)
			return false;
		run = &runs->run[runs->nr++];
		runs->last = run;
		*run = (struct pram_run){ .pfn = pfn, .order = order };
	}
	run->nr++;
	runs->end = pfn + (1UL << order);
	runs->next += 1UL << order;
	return true;
}

/* Nothing else can be wrong with a folio of the page cache */
static bool pram_is_sound(struct folio *folio)
{
	return !folio_test_hwpoison(folio) &&
	       !(folio_test_large(folio) && folio_test_has_hwpoisoned(folio)) &&
	       !pram_maybe_pinned(folio);
}

/*
 * A reference keeps a folio in its file, but for one that has just been taken out of
 * it, or is about to be by somebody who has counted the references before ours. Who
 * does that has it locked.
 */
static bool pram_runs_take(struct pram_runs *runs, struct folio *folio,
			   const struct address_space *mapping)
{
	if (!folio_try_get(folio))
		return false;
	/* Read after the reference is there for all to see */
	smp_mb__after_atomic();
	if (!folio_test_locked(folio) && folio_test_uptodate(folio) &&
	    folio->mapping == mapping && folio->index == runs->next &&
	    pram_is_sound(folio) && pram_runs_add(runs, folio))
		return true;
	folio_put(folio);
	return false;
}

/* Find what is in the file from @index on without a hole */
static void pram_runs_find(struct pram_runs *runs, struct address_space *mapping,
			   pgoff_t index)
{
	XA_STATE(xas, &mapping->i_pages, index);
	unsigned int left = PRAM_RUNS_FOLIOS;
	struct folio *folio;

	runs->last = NULL;
	runs->nr = 0;
	runs->next = index;
	rcu_read_lock();
	xas_for_each(&xas, folio, ULONG_MAX) {
		if (xas_retry(&xas, folio))
			continue;
		if (xa_is_value(folio) || !left-- ||
		    !pram_runs_take(runs, folio, mapping))
			break;
	}
	rcu_read_unlock();
}

static void pram_runs_put(const struct pram_run *run)
{
	unsigned long pfn = run->pfn;
	unsigned int i;

	for (i = 0; i < run->nr; i++, pfn += 1UL << run->order)
		folio_put(pfn_folio(pfn));
}

/**
 * pram_runs_alloc - get ready for pram_save_resident()
 * @ps: the stream that it will be called with
 *
 * Context: may sleep.
 * Return: what is to be freed by kfree(), or NULL.
 */
struct pram_runs *pram_runs_alloc(const struct pram_stream *ps)
{
	struct pram_runs *runs = kmalloc(sizeof(*runs), ps->gfp);

	/* Each entry has one checksum */
	if (runs)
		runs->max = pram_link_flags(ps->node->page) & PRAM_LINK_CSUM ?
			    1 : PRAM_RUNS_FOLIOS;
	return runs;
}

/**
 * pram_save_resident - save folios of a file that need nothing but a reference
 * @ps: the stream, open for PRAM_WRITE
 * @inode: the file
 * @index: where to begin, in pages
 * @runs: as made by pram_runs_alloc()
 *
 * Context: may sleep.
 * Return: where to go on, which is @index if the folio there needs more.
 */
pgoff_t pram_save_resident(struct pram_stream *ps, struct inode *inode,
			   pgoff_t index, struct pram_runs *runs)
{
	int saved, i;

	pram_runs_find(runs, inode->i_mapping, index);
	if (!runs->nr)
		return index;
	saved = max(pram_save_runs(ps, runs->run, runs->nr), 0);
	for (i = 0; i < saved; i++)
		index += pram_run_pages(&runs->run[i]);
	for (; i < runs->nr; i++)
		pram_runs_put(&runs->run[i]);
	cond_resched();
	return index;
}
