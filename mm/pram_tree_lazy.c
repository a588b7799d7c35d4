// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring a tmpfs tree: pages that come when they are first used.
 */
#include "pram_tree_lazy.h"

#include <linux/hash.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/swapops.h>

/**
 * DOC: Lazy restoring
 *
 * A mount with pram_lazy returns when names and sizes are restored. Data stays raw, and
 * the page cache has *lazy entries* in its place: values, like swap entries, which say
 * where the data is. shmem finds them where it finds swap entries, and PRAM restores the
 * pages then. A worker at low priority restores the rest.
 *
 * An entry holds the difference between a pfn and the index in the file, so pages that
 * follow each other in memory and in the file have the same one. It stands for up to
 * 8 MiB: one entry of that order, which takes no longer to store than one for a page.
 * A bit says whether it was one large folio, which it will be again, or single pages.
 * Those are restored 32 at a time. An entry that is too large is split, as the page
 * cache splits those of huge folios, and the parts have the same value.
 *
 * What a lazy entry means to others:
 *
 * ============================  =====================================================
 * read, write, fault, splice,   restores the pages (shmem_swapin_folio())
 * fallocate, khugepaged
 * truncate, hole punching       frees raw pages (shmem_free_swap()); an entry across
 *                               the border is restored first, and that cannot fail
 * SEEK_DATA, SEEK_HOLE          data
 * mincore                       not resident
 * blocks of files and of the    counted since the mount
 * file system
 * memory cgroup                 charged when restored: to who uses the page, or, if
 *                               that is the worker, to who has mounted the tree
 * swapoff, MADV_WILLNEED        not a page in swap: passed over
 * smaps, i.e. "Swap:"           counted, by entries
 * a broken page                 found when restored; it is lost, and nothing else
 * kexec, hibernation            a kexec restores all that is left before the tree is
 *                               described; hibernation is refused
 * ============================  =====================================================
 *
 * Until the tree is alive its node has the pages, and entries only refer to them. From
 * then on each raw page belongs to the entry that stands for it.
 *
 * Data with checksums are not restored lazily, as there is one checksum for many pages;
 * nor a node of which something has been loaded before, so that which of its pages are
 * raw need not be looked at; nor anything on 32-bit kernels, where a value is too small.
 */

/* A value of the kind that swap has for markers, which are its lowest bits */
#define PRAM_LAZY_ENTRY		BIT(3)
#define PRAM_LAZY_FOLIO		BIT(4)
#define PRAM_LAZY_SHIFT		5
#define PRAM_LAZY_BITS		44

/* The largest entry: what is more, xas_split_alloc() cannot split into single pages */
#define PRAM_LAZY_MAX_ORDER	(2 * XA_CHUNK_SHIFT - 1)

/* Single pages that are restored in one go. They are in one node of the page cache. */
#define PRAM_LAZY_ORDER		(XA_CHUNK_SHIFT > 5 ? 5 : XA_CHUNK_SHIFT - 1)
#define PRAM_LAZY_PAGES		BIT(PRAM_LAZY_ORDER)

/**
 * struct pram_lazy_part - an entry
 * @entry: its value
 * @index: where the pages are in the file
 * @order: how many they are
 */
struct pram_lazy_part {
	void *entry;
	pgoff_t index;
	unsigned int order;
};

static struct pram_lazy *pram_lazy_of(const struct inode *inode)
{
	const struct shmem_sb_info *sbinfo = inode->i_sb->s_fs_info;

	return sbinfo->pram->lazy;
}

/**
 * pram_lazy_lock - the lock for the entries of a file
 * @lazy: of its tree
 * @inode: the file; others may have the same
 *
 * Return: it.
 */
struct mutex *pram_lazy_lock(struct pram_lazy *lazy, const struct inode *inode)
{
	return &lazy->lock[hash_ptr(inode, PRAM_LAZY_LOCK_BITS)];
}

static void *pram_lazy_entry(pgoff_t index, u64 pfn, bool folio)
{
	u64 offset = (pfn - index) & GENMASK_ULL(PRAM_LAZY_BITS - 1, 0);

	offset = offset << PRAM_LAZY_SHIFT | PRAM_LAZY_ENTRY;
	if (folio)
		offset |= PRAM_LAZY_FOLIO;
	return swp_to_radix_entry(swp_entry(SWP_PTE_MARKER, offset));
}

static u64 pram_lazy_offset(const void *entry)
{
	return swp_offset(radix_to_swp_entry((void *)entry));
}

static bool pram_lazy_folio(const struct pram_lazy_part *part)
{
	return pram_lazy_offset(part->entry) & PRAM_LAZY_FOLIO;
}

static unsigned long pram_lazy_pfn(const struct pram_lazy_part *part)
{
	return ((pram_lazy_offset(part->entry) >> PRAM_LAZY_SHIFT) +
		part->index) & GENMASK_ULL(PRAM_LAZY_BITS - 1, 0);
}

/* The same pages, and what they were is forgotten */
static void *pram_lazy_single(const void *entry)
{
	return swp_to_radix_entry(swp_entry(SWP_PTE_MARKER,
					    pram_lazy_offset(entry) &
					    ~PRAM_LAZY_FOLIO));
}

/**
 * pram_tmpfs_lazy - does an entry of the page cache stand for pages not yet restored?
 * @entry: the entry
 *
 * Context: any.
 * Return: whether it does.
 */
bool pram_tmpfs_lazy(const void *entry)
{
	swp_entry_t swap;

	if (!IS_ENABLED(CONFIG_64BIT) || !xa_is_value(entry))
		return false;
	swap = radix_to_swp_entry((void *)entry);
	return swp_type(swap) == SWP_PTE_MARKER &&
	       swp_offset(swap) & PRAM_LAZY_ENTRY;
}

/* Find the entry that stands for a page. It stays while the lock is held. */
static bool pram_lazy_find(struct address_space *mapping, pgoff_t index,
			   struct pram_lazy_part *part)
{
	XA_STATE(xas, &mapping->i_pages, index);

	guard(rcu)();
	do {
		part->entry = xas_load(&xas);
	} while (xas_retry(&xas, part->entry));
	if (!pram_tmpfs_lazy(part->entry))
		return false;
	part->order = xas_get_order(&xas);
	part->index = round_down(index, 1UL << part->order);
	return true;
}

/* Make the entry one of a lower order, with the page at @index in it */
static int pram_lazy_split(struct address_space *mapping, pgoff_t index,
			   struct pram_lazy_part *part, unsigned int order,
			   gfp_t gfp)
{
	XA_STATE_ORDER(xas, &mapping->i_pages, index, order);
	void *entry = pram_lazy_single(part->entry);

	if (order == part->order && entry == part->entry)
		return 0;
	if (order < part->order)
		xas_split_alloc(&xas, entry, part->order,
				gfp & GFP_RECLAIM_MASK);
	if (xas_error(&xas))
		return xas_error(&xas);
	xas_lock_irq(&xas);
	if (order < part->order)
		xas_split(&xas, entry, part->order);
	else
		xas_store(&xas, entry);
	xas_unlock_irq(&xas);
	part->entry = entry;
	part->order = order;
	part->index = round_down(index, 1UL << order);
	return 0;
}

/* A page that is broken: it is nobody's then, and its memory may go offline */
static void pram_lazy_lose(struct inode *inode, const struct pram_lazy_part *part)
{
	void *lost = swp_to_radix_entry(make_poisoned_swp_entry());
	struct pram_node *node = pram_lazy_of(inode)->node;
	struct dentry *dentry = d_find_alias(inode);
	struct pram_lost note = { .dentry = dentry };

	xa_store_irq(&inode->i_mapping->i_pages, part->index, lost, 0);
	pram_map_drop(pram_lazy_pfn(part));
	atomic64_dec(&pram_lazy_of(inode)->left);
	/* As pram_fill_lost() has it: a block, which is not counted here */
	shmem_recalc_inode(inode, -1, -1);
	/* If it has no name, it will be gone soon */
	if (!dentry)
		return;
	pram_lost_add(&note, part->index, 1, -EHWPOISON);
	pram_lost_file(&note, node);
	dput(dentry);
}

/* Folios of an entry, all of which are sound */
static int pram_lazy_fill(struct inode *inode, const struct pram_lazy_part *part,
			  gfp_t gfp)
{
	unsigned int order = pram_lazy_folio(part) ? part->order : 0, nr, i;
	unsigned long pfn = pram_lazy_pfn(part), size = 1UL << part->order;
	struct pram_lazy *lazy = pram_lazy_of(inode);
	struct folio *folio[PRAM_LAZY_PAGES];
	int err;

	nr = size >> order;
	for (i = 0; i < nr; i++) {
		unsigned long at = pfn + ((unsigned long)i << order);

		/* There may not have been the room before */
		if (pram_page_raw(at))
			folio[i] = pram_restore_folio(at, order);
		else
			folio[i] = pfn_folio(at);
		folio_lock(folio[i]);
		pram_mark_loaded(folio[i], 0);
	}
	err = pram_fill_entry(inode, part->index, part->entry, part->order,
			      folio, nr, gfp);
	if (err)
		return err;
	pram_put_range(pfn, pfn + size, false);
	atomic64_sub(size, &lazy->left);
	return 0;
}

/* Make the entry at @index one of what is restored in one go */
static int pram_lazy_cut(struct inode *inode, pgoff_t index,
			 struct pram_lazy_part *part, bool alone, gfp_t gfp)
{
	unsigned long pfn = pram_lazy_pfn(part);
	bool broken = pram_has_poison(pfn, part->order);
	unsigned int order = min(part->order, PRAM_LAZY_ORDER);
	int err;

	if (pram_lazy_folio(part)) {
		/* Files can have folios with broken pages, if they are one already */
		if (broken && !pram_page_raw(pfn))
			folio_set_has_hwpoisoned(pfn_folio(pfn));
		if (!broken || !pram_page_raw(pfn))
			return 0;
	}
	err = pram_lazy_split(inode->i_mapping, index, part, order, gfp);
	if (err || !(broken || alone))
		return err;
	return pram_lazy_split(inode->i_mapping, index, part, 0, gfp);
}

/**
 * pram_lazy_load_locked - restore a page of a file, if it has not been
 * @inode: the file
 * @index: the page in it
 * @alone: whether to do without those that go with it
 * @gfp: how to allocate
 *
 * Context: may sleep; pram_lazy_lock() is held.
 * Return: 0 or -ENOMEM.
 */
int pram_lazy_load_locked(struct inode *inode, pgoff_t index, bool alone,
			  gfp_t gfp)
{
	struct pram_lazy_part part;
	int err;

	lockdep_assert_held(pram_lazy_lock(pram_lazy_of(inode), inode));
	if (!pram_lazy_find(inode->i_mapping, index, &part))
		return 0;
	err = pram_lazy_cut(inode, index, &part, alone, gfp);
	if (err)
		return err;
	if (part.order || !pram_has_poison(pram_lazy_pfn(&part), 0))
		return pram_lazy_fill(inode, &part, gfp);
	pram_lazy_lose(inode, &part);
	return 0;
}

static int pram_lazy_load(struct inode *inode, pgoff_t index, bool alone,
			  gfp_t gfp)
{
	guard(mutex)(pram_lazy_lock(pram_lazy_of(inode), inode));
	return pram_lazy_load_locked(inode, index, alone, gfp);
}

/**
 * pram_tmpfs_load - restore a page that is used for the first time
 * @inode: the file
 * @index: the page in it
 * @foliop: the lazy entry that has been found; returns NULL
 * @gfp: how to allocate
 *
 * Nobody is killed for want of room for pages that come along only.
 *
 * Context: as shmem_swapin_folio().
 * Return: -EEXIST: the page has to be looked up anew; or -ENOMEM.
 */
int pram_tmpfs_load(struct inode *inode, pgoff_t index, struct folio **foliop,
		    gfp_t gfp)
{
	int err;

	*foliop = NULL;
	err = pram_lazy_load(inode, index, false,
			     gfp | __GFP_NORETRY | __GFP_NOWARN);
	if (err == -ENOMEM)
		err = pram_lazy_load(inode, index, true, gfp);
	return err ?: -EEXIST;
}

/* What is not within the border, or only in part, is restored */
static void pram_lazy_border(struct inode *inode, loff_t pos)
{
	pgoff_t index = pos >> PAGE_SHIFT;
	struct pram_lazy_part part;

	if (pram_lazy_find(inode->i_mapping, index, &part) &&
	    (part.index != index || offset_in_page(pos)))
		pram_lazy_load(inode, index, true,
			       mapping_gfp_mask(inode->i_mapping) | __GFP_NOFAIL);
}

/**
 * pram_tmpfs_borders - a range is about to be truncated
 * @inode: the file
 * @start: first byte
 * @end: last byte; -1: all that is behind @start
 *
 * Context: may sleep.
 */
void pram_tmpfs_borders(struct inode *inode, loff_t start, loff_t end)
{
	const struct shmem_sb_info *sbinfo = inode->i_sb->s_fs_info;

	/* All of it goes */
	if (!sbinfo->pram || mapping_exiting(inode->i_mapping))
		return;
	pram_lazy_border(inode, start);
	if (end != -1)
		pram_lazy_border(inode, end + 1);
}

/* Take an entry out that is within the range */
static unsigned long pram_lazy_remove(struct address_space *mapping,
				      pgoff_t index, pgoff_t end,
				      struct pram_lazy_part *part)
{
	XA_STATE(xas, &mapping->i_pages, index);
	unsigned long nr = 0;

	xas_lock_irq(&xas);
	if (xas_load(&xas) == part->entry) {
		part->order = xas_get_order(&xas);
		part->index = round_down(index, 1UL << part->order);
		if (part->index >= index &&
		    part->index + (1UL << part->order) - 1 <= end) {
			nr = 1UL << part->order;
			xas_store(&xas, NULL);
		}
	}
	xas_unlock_irq(&xas);
	return nr;
}

/* Free pages that no entry stands for any more. What is broken is nobody's. */
static void pram_lazy_put(struct pram_lazy *lazy, unsigned long pfn,
			  unsigned long nr)
{
	bool wipe = pram_wipes(lazy->node->page);
	unsigned long end = pfn + nr;

	/* The node has them still */
	if (!lazy->node->sb)
		return;
	/* Asked once: pages may break, or be found sound, meanwhile */
	if (!pram_nr_broken()) {
		pram_put_range(pfn, end, wipe);
		return;
	}
	for (; pfn < end; pfn += nr) {
		nr = pram_page_raw(pfn) ? 1 : folio_nr_pages(pfn_folio(pfn));
		if (pram_page_raw(pfn) && PageHWPoison(pfn_to_page(pfn)))
			pram_map_drop(pfn);
		else
			pram_put_range(pfn, pfn + nr, wipe);
	}
}

/**
 * pram_tmpfs_free - truncate pages that have not been restored
 * @mapping: of the file
 * @index: the first
 * @end: the last that is truncated
 * @entry: the lazy entry that has been found at @index
 *
 * If it has been split since then, the parts have the same value.
 *
 * Context: may sleep.
 * Return: how many pages; 0: there is another entry by now, or it goes beyond @end.
 */
long pram_tmpfs_free(struct address_space *mapping, pgoff_t index, pgoff_t end,
		     void *entry)
{
	struct pram_lazy *lazy = pram_lazy_of(mapping->host);
	struct pram_lazy_part part = { .entry = entry };
	struct mutex *lock = NULL;
	unsigned long nr;
	long freed = 0;

	/* Who evicts an inode may be reclaiming for one who has the lock */
	if (!mapping_exiting(mapping))
		lock = pram_lazy_lock(lazy, mapping->host);
	if (lock)
		mutex_lock(lock);
	while (index <= end) {
		nr = pram_lazy_remove(mapping, index, end, &part);
		if (!nr)
			break;
		freed += nr;
		atomic64_sub(nr, &lazy->left);
		pram_lazy_put(lazy, pram_lazy_pfn(&part), nr);
		index = part.index + nr;
	}
	if (lock)
		mutex_unlock(lock);
	return freed;
}

/* The order of an entry at @index that is not larger than up to @end */
static unsigned int pram_lazy_order(pgoff_t index, pgoff_t end)
{
	unsigned int order = min_t(unsigned int, ilog2(end - index),
				   PRAM_LAZY_MAX_ORDER);

	return index ? min_t(unsigned int, order, __ffs(index)) : order;
}

/* Where entries for runs are stored */
struct pram_lazy_place {
	const struct pram_run *run;	/* the next one */
	unsigned int nr;		/* how many are left */
	unsigned long done;		/* pages of it */
	pgoff_t index;
	bool next;			/* it is a page behind what was stored last */
};

/* Store the next entry */
static void pram_lazy_store(struct xa_state *xas, struct address_space *mapping,
			    struct pram_lazy_place *place)
{
	/* What is larger than files have here comes as single pages */
	const unsigned int max = min_t(unsigned int, PRAM_LAZY_MAX_ORDER,
				       mapping_max_folio_order(mapping));
	const struct pram_run *run = place->run;
	bool whole = run->order && run->order <= max;
	unsigned long left = pram_run_pages(run) - place->done;
	unsigned int order = whole ? run->order :
			     pram_lazy_order(place->index, place->index + left);

	if (pram_in_the_way(xas, place->index, order, place->next))
		xas_set_err(xas, -EEXIST);
	else
		xas_store(xas, pram_lazy_entry(place->index,
					       run->pfn + place->done, whole));
	place->next = !xas_error(xas) && !order;
	if (xas_error(xas))
		return;
	place->index += 1UL << order;
	place->done += 1UL << order;
	if (left > 1UL << order)
		return;
	place->done = 0;
	place->run++;
	place->nr--;
}

/**
 * pram_lazy_add - have pages of a file restored when they are used
 * @inode: the file
 * @index: where the first one goes
 * @runs: raw folios, none of which is broken; they follow each other in the file
 * @nr: how many runs
 * @gfp: how to allocate
 *
 * Context: may sleep.
 * Return: 0 or an error, as pram_restore_pages(), and some may have got into the file.
 */
int pram_lazy_add(struct inode *inode, pgoff_t index, const struct pram_run *runs,
		  unsigned int nr, gfp_t gfp)
{
	struct pram_lazy_place place = { .run = runs, .nr = nr, .index = index };
	struct address_space *mapping = inode->i_mapping;
	struct shmem_inode_info *info = SHMEM_I(inode);
	XA_STATE(xas, &mapping->i_pages, index);
	unsigned long pages = 0, stored;
	unsigned int i;
	int err;

	for (i = 0; i < nr; i++)
		pages += pram_run_pages(&runs[i]);
	err = shmem_inode_acct_blocks(inode, pages);
	if (err)
		return err;
	do {
		xas_lock_irq(&xas);
		while (place.nr && !xas_error(&xas))
			pram_lazy_store(&xas, mapping, &place);
		xas_unlock_irq(&xas);
	} while (xas_nomem(&xas, gfp & GFP_RECLAIM_MASK));
	stored = place.index - index;
	if (stored < pages)
		shmem_inode_unacct_blocks(inode, pages - stored);
	/* shmem_recalc_inode() is for pages that were in memory before */
	spin_lock(&info->lock);
	info->alloced += stored;
	info->swapped += stored;
	spin_unlock(&info->lock);
	atomic64_add(stored, &pram_lazy_of(inode)->left);
	return xas_error(&xas);
}
