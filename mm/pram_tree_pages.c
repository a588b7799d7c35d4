// SPDX-License-Identifier: GPL-2.0
/*
 * Describing a tmpfs tree: the pages of its files.
 */
#include "pram_tree.h"

#include <linux/sched/mm.h>
#include <linux/swapops.h>

/**
 * struct pram_extents - pages of a file that are being described
 * @ps: where to
 * @type: of those that follow each other, PRAM_TMPFS_EXTENT or PRAM_TMPFS_LOST
 * @extent: which; none: no pages
 */
struct pram_extents {
	struct pram_stream *ps;
	u32 type;
	struct pram_tmpfs_extent extent;
};

static int pram_put_extent(struct pram_extents *ext)
{
	if (!ext->extent.nr_pages)
		return 0;
	return pram_put_rec(ext->ps, ext->type, &ext->extent,
			    sizeof(ext->extent), NULL, 0, NULL, 0);
}

static int pram_add_extent(struct pram_extents *ext, u32 type, u64 index,
			   u64 nr)
{
	struct pram_tmpfs_extent *extent = &ext->extent;
	int err;

	if (type != ext->type || index != extent->index + extent->nr_pages) {
		err = pram_put_extent(ext);
		if (err)
			return err;
		ext->type = type;
		extent->index = index;
		extent->nr_pages = 0;
	}
	extent->nr_pages += nr;
	return 0;
}

/* Returns 0, -EHWPOISON: it cannot be read; or another error */
static int pram_save_page_copy(struct pram_stream *ps, struct page *page,
			       unsigned int flags)
{
	struct page *copy;
	int err;

	if (PageHWPoison(page))
		return -EHWPOISON;
	do {
		copy = alloc_page(ps->gfp | __GFP_HIGHMEM);
		if (!copy)
			return -ENOMEM;
		err = -EHWPOISON;
		if (!copy_mc_highpage(copy, page))
			err = pram_save_page(ps, copy, flags);
		if (!err)
			ps->node->nr_copies++;
		else
			clear_highpage(copy);
		put_page(copy);
	} while (pram_try_another(err));
	return err;
}

/*
 * A folio that cannot be preserved itself, because a device may write to it, its
 * memory is going offline, or some of it is broken: preserve what it holds now, in
 * single pages.
 */
static int pram_save_copy(struct pram_extents *ext, struct folio *folio,
			  unsigned int flags)
{
	unsigned long i;
	int err;

	ext->ps->node->nr_copied += folio_nr_pages(folio);
	err = pram_wipe_copied(ext->ps->node, folio);
	for (i = 0; i < folio_nr_pages(folio) && !err; i++) {
		u32 type = PRAM_TMPFS_EXTENT;

		err = pram_save_page_copy(ext->ps, folio_page(folio, i),
					  flags);
		if (err == -EHWPOISON) {
			type = PRAM_TMPFS_LOST;
			err = 0;
		}
		if (!err)
			err = pram_add_extent(ext, type, folio->index + i, 1);
	}
	return err;
}

/* Is there what shmem has for a page that it could not read from swap? */
static bool pram_is_lost(struct inode *inode, pgoff_t index)
{
	void *entry = xa_load(&inode->i_mapping->i_pages, index);

	return xa_is_value(entry) &&
	       softleaf_is_poison_marker(radix_to_swp_entry(entry));
}

static int pram_save_locked(struct pram_extents *ext, struct folio *folio)
{
	unsigned int flags = 0;
	int err;

	/* Allocated by fallocate(), and a hole for all but the accounting */
	if (!folio_test_uptodate(folio))
		flags = PRAM_TMPFS_UNTOUCHED;
	err = pram_save_folio(ext->ps, folio, flags);
	if (err == -EBUSY || err == -EHWPOISON)
		return pram_save_copy(ext, folio, flags);
	if (err)
		return err;
	return pram_add_extent(ext, PRAM_TMPFS_EXTENT, folio->index,
			       folio_nr_pages(folio));
}

/*
 * Take the folio at @index, bringing it in from swap; NULL: there is none any more,
 * as clean pages that were only read come and go. It is locked.
 */
static struct folio *pram_get_cached(struct inode *inode, pgoff_t index)
{
	struct address_space *mapping = inode->i_mapping;
	struct folio *folio;
	unsigned int flags;
	int err;

	/* shmem_get_folio() would clear one that nobody has written to */
	folio = filemap_lock_folio(mapping, index);
	if (!IS_ERR(folio))
		return folio;
	if (!xa_is_value(xa_load(&mapping->i_pages, index)))
		return NULL;
	/*
	 * Without reclaim, a memory cgroup that is full is charged all the same. This is
	 * no reason to refuse the kexec: its pages are not new. SGP_WRITE would have the
	 * folio activated.
	 */
	flags = memalloc_noreclaim_save();
	err = shmem_get_folio(inode, index, 0, &folio, SGP_FALLOC);
	memalloc_noreclaim_restore(flags);
	if (err == -ENOMEM)
		err = shmem_get_folio(inode, index, 0, &folio, SGP_FALLOC);
	return err ? ERR_PTR(err) : folio;
}

/* Save the folio at @index, bringing it in from swap; and go on behind it */
static int pram_save_cached(struct pram_extents *ext, struct inode *inode,
			    pgoff_t *pos)
{
	pgoff_t index = *pos;
	struct folio *folio;
	int err;

	*pos = index + 1;

	if (pram_is_lost(inode, index))
		folio = ERR_PTR(-EIO);
	else
		folio = pram_get_cached(inode, index);
	if (!folio)
		return 0;
	err = PTR_ERR_OR_ZERO(folio);
	/* The swap device may have an error of its own */
	if (err == -EIO && pram_is_lost(inode, index))
		return pram_add_extent(ext, PRAM_TMPFS_LOST, index, 1);
	if (err)
		return err;
	/* Pages that have been described may be part of it now */
	err = folio->index < index ? -EAGAIN : pram_save_locked(ext, folio);
	*pos = folio_next_index(folio);
	folio_unlock(folio);
	folio_put(folio);
	cond_resched();
	return err;
}

static int pram_save_extents(struct pram_stream *ps, struct inode *inode,
			     struct pram_runs *runs)
{
	struct pram_extents ext = {
		.ps = ps,
		.type = PRAM_TMPFS_EXTENT,
	};
	pgoff_t index = 0;

	while (xa_find(&inode->i_mapping->i_pages, &index, ULONG_MAX,
		       XA_PRESENT)) {
		pgoff_t first = index;
		int err;

		index = pram_save_resident(ext.ps, inode, first, runs);
		if (index > first) {
			err = pram_add_extent(&ext, PRAM_TMPFS_EXTENT, first,
					      index - first);
			if (err)
				return err;
			pram_progress_add(ext.ps->node, index - first);
			continue;
		}
		err = pram_save_cached(&ext, inode, &index);
		if (err)
			return err;
		pram_progress_add(ext.ps->node, index - first);
	}
	return pram_put_extent(&ext);
}

/*
 * Is there memory for the pages that are in swap? Other memory may be swapped out for
 * that. Simply trying could invoke the OOM killer.
 */
static bool pram_swap_fits(struct inode *inode)
{
	/* A lost page that was truncated is counted twice: it may be negative */
	long swapped = READ_ONCE(SHMEM_I(inode)->swapped);
	unsigned long anon;

	if (swapped <= 0)
		return true;
	anon = global_node_page_state(NR_ANON_MAPPED);
	return swapped < si_mem_available() +
			 min_t(unsigned long, anon, get_nr_swap_pages());
}

/**
 * pram_save_pages - describe the pages of a file
 * @ps: the stream, open for PRAM_WRITE
 * @inode: the file
 * @runs: for pram_save_resident()
 *
 * What is in swap is brought in, if that is possible without killing anybody.
 *
 * Context: may sleep.
 * Return: 0; -EBUSY: user space fills in its pages; -ENOMEM; or another error.
 */
int pram_save_pages(struct pram_stream *ps, struct inode *inode,
		    struct pram_runs *runs)
{
	struct address_space *mapping = inode->i_mapping;
	gfp_t gfp = mapping_gfp_mask(mapping);
	int err;

	if (pram_tree_armed(inode))
		return -EBUSY;
	if (!pram_swap_fits(inode))
		return -ENOMEM;
	mapping_set_gfp_mask(mapping, gfp | __GFP_RETRY_MAYFAIL | __GFP_NOWARN |
				      __GFP_NOMEMALLOC);
	err = pram_save_extents(ps, inode, runs);
	mapping_set_gfp_mask(mapping, gfp);
	return err;
}
