// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring a tmpfs tree: folios into the page cache, many at a time.
 */
#include "pram_tree.h"

#include <linux/memcontrol.h>
#include <linux/swapops.h>

/**
 * DOC: Filling files
 *
 * Folios that follow each other in a file are accounted for, and added to the page cache
 * and to the LRU lists, together. The charge to a memory cgroup is done for each folio.
 */

/* As shmem does with folios that reach beyond the end of their file */
static void pram_may_shrink(struct inode *inode, struct folio *folio)
{
	struct shmem_sb_info *sbinfo = inode->i_sb->s_fs_info;
	struct shmem_inode_info *info = SHMEM_I(inode);

	if (!folio_test_large(folio) ||
	    DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE) >=
	    folio_next_index(folio))
		return;
	spin_lock(&sbinfo->shrinklist_lock);
	if (list_empty(&info->shrinklist)) {
		list_add_tail(&info->shrinklist, &sbinfo->shrinklist);
		sbinfo->shrinklist_len++;
	}
	spin_unlock(&sbinfo->shrinklist_lock);
}

/* Count folios that have the same node and memory cgroup as the first */
static void pram_count_stored(struct folio **folio, unsigned int nr)
{
	long pages;

	if (!nr)
		return;
	pages = nr * folio_nr_pages(folio[0]);
	if (folio_test_pmd_mappable(folio[0]))
		lruvec_stat_mod_folio(folio[0], NR_SHMEM_THPS, pages);
	lruvec_stat_mod_folio(folio[0], NR_FILE_PAGES, pages);
	lruvec_stat_mod_folio(folio[0], NR_SHMEM, pages);
}

static bool pram_counts_with(struct folio *folio, struct folio *other)
{
	return folio_nid(folio) == folio_nid(other) &&
	       folio_memcg(folio) == folio_memcg(other);
}

/**
 * pram_in_the_way - what is there where something is to be stored?
 * @xas: the state, which goes there
 * @index: where
 * @order: how large it is
 * @next: it was one page before, where something has been stored
 *
 * Context: the lock of the array is held.
 * Return: an entry, or NULL.
 */
void *pram_in_the_way(struct xa_state *xas, pgoff_t index, unsigned int order,
		      bool next)
{
	if (next && !order)
		return xas_next(xas);
	xas_set_order(xas, index, order);
	return xas_find_conflict(xas);
}

static void pram_store(struct xa_state *xas, struct address_space *mapping,
		       struct folio *folio, pgoff_t index)
{
	long nr = folio_nr_pages(folio);

	folio_ref_add(folio, nr);
	folio->mapping = mapping;
	folio->index = index;
	xas_store(xas, folio);
	if (!xas_error(xas)) {
		mapping->nrpages += nr;
		return;
	}
	folio->mapping = NULL;
	folio_ref_sub(folio, nr);
}

/* Store folios where there is nothing. Returns how many; and why not all. */
static unsigned int pram_store_all(struct address_space *mapping, pgoff_t index,
				   struct folio **folio, unsigned int nr,
				   gfp_t gfp, int *err)
{
	unsigned int order = folio_order(folio[0]), first, counted, i = 0;
	XA_STATE(xas, &mapping->i_pages, index);

	do {
		xas_lock_irq(&xas);
		for (first = i, counted = i; i < nr; i++) {
			pgoff_t at = index + ((pgoff_t)i << order);

			if (pram_in_the_way(&xas, at, order, i > first))
				xas_set_err(&xas, -EEXIST);
			else
				pram_store(&xas, mapping, folio[i], at);
			if (xas_error(&xas))
				break;
			if (pram_counts_with(folio[i], folio[counted]))
				continue;
			pram_count_stored(folio + counted, i - counted);
			counted = i;
		}
		pram_count_stored(folio + counted, i - counted);
		xas_unlock_irq(&xas);
	} while (xas_nomem(&xas, gfp & GFP_RECLAIM_MASK));
	if (xas_error(&xas))
		*err = xas_error(&xas);
	return i;
}

/* Store folios where a lazy entry has been that stands for all of them */
static int pram_store_over(struct address_space *mapping, pgoff_t index,
			   void *entry, unsigned int order,
			   struct folio **folio, unsigned int nr)
{
	unsigned int size = folio_order(folio[0]), counted = 0, i;
	XA_STATE_ORDER(xas, &mapping->i_pages, index, size);
	int err = 0;

	xas_lock_irq(&xas);
	if (WARN_ON_ONCE(xas_load(&xas) != entry)) {
		err = -EEXIST;
		nr = 0;
	} else if (order > size) {
		xas_split(&xas, entry, order);
	}
	for (i = 0; i < nr; i++) {
		if (i)
			xas_next(&xas);
		pram_store(&xas, mapping, folio[i], index + ((pgoff_t)i << size));
		if (pram_counts_with(folio[i], folio[counted]))
			continue;
		pram_count_stored(folio + counted, i - counted);
		counted = i;
	}
	pram_count_stored(folio + counted, i - counted);
	xas_unlock_irq(&xas);
	return err;
}

/* Charge folios to the memory cgroup of the task. Returns how many; and why not all. */
static unsigned int pram_charge_all(struct folio **folio, unsigned int nr,
				    gfp_t gfp, int *err)
{
	unsigned int i;

	*err = 0;
	for (i = 0; i < nr; i++) {
		*err = mem_cgroup_charge(folio[i], NULL, gfp);
		if (*err)
			break;
	}
	return i;
}

/* They are in the file now */
static void pram_filled(struct inode *inode, struct folio **folio,
			unsigned int nr)
{
	unsigned int i;

	folios_add_lru(folio, nr);
	for (i = 0; i < nr; i++) {
		pram_may_shrink(inode, folio[i]);
		folio_unlock(folio[i]);
	}
}

/* They are not; the first ones have been charged */
static void pram_unfilled(struct folio **folio, unsigned int nr,
			  unsigned int charged)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (i < charged)
			mem_cgroup_uncharge(folio[i]);
		folio_unlock(folio[i]);
	}
}

/**
 * pram_fill - put folios that hold data into a file
 * @inode: the file
 * @index: where the first one goes, in pages
 * @folio: folios of the same order, which nobody else has; locked, dirty, and marked
 *	as backed by swap. They are unlocked by this.
 * @nr: how many, at least one
 * @gfp: how to allocate
 *
 * The file has references of its own to those that have been put into it.
 *
 * Context: may sleep.
 * Return: 0; or an error, as pram_restore_pages(), and some may have been put into
 * the file.
 */
int pram_fill(struct inode *inode, pgoff_t index, struct folio **folio,
	      unsigned int nr, gfp_t gfp)
{
	long size = folio_nr_pages(folio[0]);
	unsigned int charged = 0, stored = 0;
	int err = shmem_inode_acct_blocks(inode, nr * size);

	if (!err) {
		folio_throttle_swaprate(folio[0], gfp);
		charged = pram_charge_all(folio, nr, gfp, &err);
		if (charged)
			stored = pram_store_all(inode->i_mapping, index, folio,
						charged, gfp, &err);
		if (stored < nr)
			shmem_inode_unacct_blocks(inode, (nr - stored) * size);
	}
	if (stored)
		shmem_recalc_inode(inode, stored * size, 0);
	pram_filled(inode, folio, stored);
	pram_unfilled(folio + stored, nr - stored, charged - stored);
	return err;
}

/**
 * pram_fill_entry - put folios into a file in the place of a lazy entry
 * @inode: the file, which counts these pages as its own, and as in swap
 * @index: where the first one goes, in pages
 * @entry: the entry, which nobody else changes
 * @order: how many pages it stands for
 * @folio: as for pram_fill(); if there is more than one, they are single pages
 * @nr: how many there are; they are all that the entry stands for
 * @gfp: how to allocate
 *
 * Context: may sleep.
 * Return: 0; or -ENOMEM, and all is as it was.
 */
int pram_fill_entry(struct inode *inode, pgoff_t index, void *entry,
		    unsigned int order, struct folio **folio, unsigned int nr,
		    gfp_t gfp)
{
	unsigned int charged;
	int err;

	folio_throttle_swaprate(folio[0], gfp);
	charged = pram_charge_all(folio, nr, gfp, &err);
	if (!err)
		err = pram_store_over(inode->i_mapping, index, entry, order,
				      folio, nr);
	if (err) {
		pram_unfilled(folio, nr, charged);
		return err;
	}
	shmem_recalc_inode(inode, 0, -(1L << order));
	pram_filled(inode, folio, nr);
	return 0;
}

/**
 * pram_fill_lost - have pages in a file that cannot be read
 * @inode: the file
 * @index: the first
 * @nr: how many
 * @gfp: how to allocate
 *
 * They are what shmem has for pages that it could not read from swap.
 *
 * Context: may sleep.
 * Return: 0 or an error, as pram_restore_pages().
 */
int pram_fill_lost(struct inode *inode, pgoff_t index, u64 nr, gfp_t gfp)
{
	void *lost = swp_to_radix_entry(make_poisoned_swp_entry());
	u64 i;

	for (i = 0; i < nr; i++) {
		int err = shmem_inode_acct_blocks(inode, 1);

		if (err)
			return err;
		err = xa_insert_irq(&inode->i_mapping->i_pages, index + i, lost,
				    gfp & GFP_RECLAIM_MASK);
		if (err)
			shmem_inode_unacct_blocks(inode, 1);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		if (err)
			return err == -EBUSY ? -EEXIST : err;
		cond_resched();
	}
	return 0;
}
