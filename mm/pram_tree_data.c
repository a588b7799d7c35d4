// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring a tmpfs tree: folios into the page cache.
 */
#include "pram_tree.h"

#include <linux/memcontrol.h>

/**
 * DOC: Data of trees
 *
 * The folios of a tree that is restored become those of its files, without being copied.
 * A raw folio that is larger than this kernel supports in files becomes single pages.
 * Only folios to which somebody else has a reference are copied.
 *
 * If a page cannot be read, because its memory is broken or its checksum is wrong, only
 * that page is lost. It is replaced by the entry that shmem uses for a page that it could
 * not read from swap: read(2) and write(2) fail with EIO there, and accesses to a mapping
 * get SIGBUS, until it is truncated. When the tree is described again, the page is
 * described as lost.
 *
 * Restoring does not invoke the OOM killer. When it fails, the folios are removed from
 * the files, from the LRU and from the memory cgroup, as if they had not been loaded.
 */

/* Rather fail than have somebody killed */
static gfp_t pram_restore_gfp(const struct inode *inode)
{
	return mapping_gfp_mask(inode->i_mapping) | __GFP_RETRY_MAYFAIL |
	       __GFP_NOWARN;
}

/**
 * pram_may_charge - is there room in the memory cgroup for one more inode?
 * @spare: a folio that is nobody's, as large as what slabs are made of; NULL: there
 *	has been none
 *
 * Inodes and dentries are charged where somebody is killed if there is none.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_may_charge(struct folio *spare)
{
	int err;

	if (!spare)
		return 0;
	err = mem_cgroup_charge(spare, NULL, GFP_KERNEL |
				__GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	if (!err)
		mem_cgroup_uncharge(spare);
	return err;
}

/*
 * Take a folio that is in no page cache off the LRU and out of its memcg, as it
 * would be if it had just been allocated. Returns false if it has other users
 * than the caller and PRAM, so that this cannot be said.
 */
static bool pram_isolate_folio(struct folio *folio)
{
	if (folio->mapping)
		return false;
	/* It may be in a batch of this CPU, which has a reference, too */
	if (folio_ref_count(folio) > 2)
		lru_add_drain();
	if (folio_test_lru(folio) && folio_isolate_lru(folio)) {
		folio_clear_active(folio);
		folio_clear_unevictable(folio);
		folio_put(folio);
	}
	if (folio_test_lru(folio) || folio_ref_count(folio) != 2)
		return false;
	mem_cgroup_uncharge(folio);
	return true;
}

/**
 * pram_mark_loaded - make a folio what the page cache of tmpfs has
 * @folio: the folio, which is in no file
 * @flags: the flags it was saved with
 *
 * Context: any.
 */
void pram_mark_loaded(struct folio *folio, unsigned int flags)
{
	__folio_set_swapbacked(folio);
	/* It is in no file yet, so nobody is to be told */
	folio_set_dirty(folio);
	/* What nobody has written to is cleared when somebody does */
	if (!(flags & PRAM_TMPFS_UNTOUCHED))
		folio_mark_uptodate(folio);
}

/* Put one folio into a file, which has a reference of its own then */
static int pram_insert(struct inode *inode, pgoff_t index, struct folio *folio,
		       unsigned int flags)
{
	folio_lock(folio);
	pram_mark_loaded(folio, flags);
	return pram_fill(inode, index, &folio, 1, pram_restore_gfp(inode));
}

static int pram_insert_lost(struct inode *inode, pgoff_t index, u64 nr,
			    struct pram_lost *lost, int why)
{
	int err = pram_fill_lost(inode, index, nr, pram_restore_gfp(inode));

	if (!err)
		pram_lost_add(lost, index, nr, why);
	return err;
}

/* Copies in place of a folio which somebody else has, too, or which is too large */
static int pram_insert_copy(struct inode *inode, pgoff_t index,
			    struct folio *folio, unsigned int flags,
			    struct pram_lost *lost)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < folio_nr_pages(folio) && !err; i++) {
		struct folio *copy = folio_alloc(pram_restore_gfp(inode), 0);
		struct page *page = folio_page(folio, i);

		if (!copy)
			return -ENOMEM;
		if (PageHWPoison(page) || copy_mc_highpage(&copy->page, page))
			err = pram_insert_lost(inode, index + i, 1, lost,
					       -EHWPOISON);
		else
			err = pram_insert(inode, index + i, copy, flags);
		if (err)
			clear_highpage(&copy->page);
		folio_put(copy);
	}
	return err;
}

static int pram_insert_loaded(struct inode *inode, pgoff_t index,
			      struct folio *folio, unsigned int flags,
			      struct pram_lost *lost)
{
	if (folio_order(folio) > mapping_max_folio_order(inode->i_mapping) ||
	    pram_has_poison(folio_pfn(folio), folio_order(folio)) ||
	    !pram_isolate_folio(folio))
		return pram_insert_copy(inode, index, folio, flags, lost);
	return pram_insert(inode, index, folio, flags);
}

/* The next folio, or what is lost in its place; returns how many pages, or an error */
static long pram_restore_next(struct pram_stream *ps, struct inode *inode,
			      const struct pram_tmpfs_extent *extent,
			      struct pram_lost *lost)
{
	unsigned int max = mapping_max_folio_order(inode->i_mapping);
	struct folio *folio;
	unsigned int flags;
	unsigned long nr;
	int err;

	folio = pram_load_part(ps, max, &flags, &nr);
	if (!folio)
		return -EIO;
	err = PTR_ERR_OR_ZERO(folio);
	if (err && err != -EHWPOISON && err != -EIO)
		return err;
	if (nr > extent->nr_pages || !IS_ALIGNED(extent->index, nr) ||
	    (!err && flags & ~PRAM_TMPFS_UNTOUCHED))
		err = -EINVAL;
	else if (err)
		err = pram_insert_lost(inode, extent->index, nr, lost, err);
	else
		err = pram_insert_loaded(inode, extent->index, folio, flags,
					 lost);
	if (!IS_ERR(folio))
		folio_put(folio);
	return err ? err : nr;
}

/* Folios that are put into a file in one go */
#define PRAM_FILL_MAX	32

/* Runs that are put into a file in one go, as lazy entries */
#define PRAM_LAZY_RUNS	16

/*
 * Entries that stand for folios, many at a time. Returns how many pages; 0: the next
 * folio is to be restored itself; or an error.
 */
static long pram_restore_lazily(struct pram_stream *ps, struct inode *inode,
				const struct pram_tmpfs_extent *extent)
{
	struct pram_run run[PRAM_LAZY_RUNS];
	unsigned long pages = 0;
	unsigned int nr;
	int err;

	if (!ps->node->lazy)
		return 0;
	for (nr = 0; nr < PRAM_LAZY_RUNS && pages < extent->nr_pages; nr++) {
		pgoff_t index = extent->index + pages;

		if (!pram_load_raw(ps, index ? __ffs(index) : MAX_PAGE_ORDER,
				   extent->nr_pages - pages, &run[nr]))
			break;
		pages += pram_run_pages(&run[nr]);
	}
	if (!nr)
		return 0;
	err = pram_lazy_add(inode, extent->index, run, nr,
			    pram_restore_gfp(inode));
	return err ? err : pages;
}

/*
 * Folios that nobody has had before, and that are not to be compared with a checksum,
 * many at a time. Returns how many pages; 0: there is no such folio next; or an error.
 */
static long pram_restore_many(struct pram_stream *ps, struct inode *inode,
			      const struct pram_tmpfs_extent *extent)
{
	unsigned int max = mapping_max_folio_order(inode->i_mapping);
	struct folio *folio[PRAM_FILL_MAX];
	pgoff_t index = extent->index;
	unsigned int flags, nr, i;
	unsigned long size;
	int err;

	if (index)
		max = min_t(unsigned int, max, __ffs(index));
	nr = pram_load_run(ps, max, extent->nr_pages, folio, PRAM_FILL_MAX,
			   &flags);
	if (!nr)
		return 0;
	if (flags & ~PRAM_TMPFS_UNTOUCHED)
		return -EINVAL;
	size = folio_nr_pages(folio[0]);
	for (i = 0; i < nr; i++) {
		__folio_set_locked(folio[i]);
		pram_mark_loaded(folio[i], flags);
	}
	err = pram_fill(inode, index, folio, nr, pram_restore_gfp(inode));
	return err ? err : nr * size;
}

/**
 * pram_no_page - log that a page cannot be put into a file
 * @dentry: the file
 * @index: where in it, in pages
 * @err: why; nothing is logged if the task has been killed
 *
 * Context: any.
 */
void pram_no_page(struct dentry *dentry, u64 index, int err)
{
	if (err != -EINTR)
		pr_err("tmpfs: no page %llu of '%pd4': error %d\n", index,
		       dentry, err);
}

/**
 * pram_restore_some - put some of the next folios of the page stream into a file
 * @ps: the stream, open for PRAM_READ
 * @inode: the file, whose size is set
 * @extent: where in it, and how many pages at most; used up by as many
 * @lost: takes note of those that cannot be read
 *
 * Context: may sleep.
 * Return: how many pages; or an error, as pram_restore_pages(); -EBUSY: they have a
 * checksum, and a kexec is being prepared.
 */
long pram_restore_some(struct pram_stream *ps, struct inode *inode,
		       struct pram_tmpfs_extent *extent, struct pram_lost *lost)
{
	long nr = pram_restore_lazily(ps, inode, extent);

	if (!nr)
		nr = pram_restore_many(ps, inode, extent);
	if (!nr)
		nr = pram_restore_next(ps, inode, extent, lost);
	if (nr < 0)
		return nr;
	extent->index += nr;
	extent->nr_pages -= nr;
	return nr;
}

/* What the mount could not read itself comes after what others could not, in order */
static int pram_note_lost(struct pram_stream *ps, struct dentry *dentry,
			  const struct pram_lost *more, struct pram_jobs *jobs,
			  struct pram_lost *lost)
{
	int err;

	if (!more->nr)
		return 0;
	err = pram_jobs_wait(jobs, lost);
	pram_lost_merge(lost, ps->node, dentry, more);
	return err;
}

/* The same as pram_restore_some(), for the mount, which waits for a kexec */
static long pram_restore_here(struct pram_stream *ps, struct dentry *dentry,
			      struct pram_tmpfs_extent *extent,
			      struct pram_jobs *jobs, struct pram_lost *lost)
{
	struct pram_lost more = {};
	long nr;
	int err;

	nr = pram_restore_some(ps, d_inode(dentry), extent, &more);
	/* What has a checksum is not loaded while a kexec is prepared */
	if (nr == -EBUSY)
		nr = pram_wait_kexec();
	if (nr < 0) {
		pram_no_page(dentry, extent->index, nr);
		return nr;
	}
	pram_progress_add(ps->node, nr);
	err = pram_note_lost(ps, dentry, &more, jobs, lost);
	return err ? err : nr;
}

/**
 * pram_restore_pages - put the next folios of the page stream into a file
 * @ps: the stream, open for PRAM_READ
 * @dentry: the file, whose size is set
 * @extent: where in it, and how many pages; used up
 * @jobs: who restores some of them, or NULL
 * @lost: takes note of those that cannot be read
 *
 * An error has been logged. It may be that of another file, and this may return 0 while
 * pages of this one are still to come, see pram_jobs_wait().
 *
 * Context: may sleep.
 * Return: 0 or
 * -EIO: the stream ends before;
 * -EINVAL: the folios are not those of the extent;
 * -EEXIST: the file has some of these pages;
 * -ENOSPC: the file system is full;
 * -ENOMEM: out of memory, or the memory cgroup is full;
 * -EINTR: the task has been killed.
 */
int pram_restore_pages(struct pram_stream *ps, struct dentry *dentry,
		       struct pram_tmpfs_extent *extent, struct pram_jobs *jobs,
		       struct pram_lost *lost)
{
	while (extent->nr_pages) {
		long nr = pram_jobs_start(jobs, ps, dentry, extent, lost);

		if (!nr)
			nr = pram_restore_here(ps, dentry, extent, jobs, lost);
		if (nr >= 0 && fatal_signal_pending(current))
			nr = -EINTR;
		if (nr < 0)
			return nr;
		cond_resched();
	}
	return 0;
}

/**
 * pram_restore_lost - have pages in a file that cannot be read
 * @ps: the stream
 * @dentry: the file
 * @extent: which
 * @jobs: as for pram_restore_pages()
 * @lost: takes note of them
 *
 * Context: may sleep.
 * Return: 0 or an error, as pram_restore_pages().
 */
int pram_restore_lost(struct pram_stream *ps, struct dentry *dentry,
		      const struct pram_tmpfs_extent *extent,
		      struct pram_jobs *jobs, struct pram_lost *lost)
{
	struct pram_lost more = {};
	u64 max = totalram_pages();
	int err = -EIO;

	/* Each has been a page of memory */
	if (extent->nr_pages <= max && lost->known <= max - extent->nr_pages) {
		lost->known += extent->nr_pages;
		err = pram_insert_lost(d_inode(dentry), extent->index,
				       extent->nr_pages, &more, -EHWPOISON);
	}
	if (!err)
		return pram_note_lost(ps, dentry, &more, jobs, lost);
	pram_no_page(dentry, extent->index, err);
	return err;
}

static void pram_isolate_range(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		struct folio *folio;

		cond_resched();
		if (pram_page_raw(pfn)) {
			pfn++;
			continue;
		}
		folio = pfn_folio(pfn);
		folio_get(folio);
		pram_isolate_folio(folio);
		pfn += folio_nr_pages(folio);
		folio_put(folio);
	}
}

/**
 * pram_unrestore_pages - have loaded folios charged to nobody
 * @ps: the stream, open for PRAM_READ
 *
 * The file system that they had been restored to is gone.
 *
 * Context: may sleep.
 */
void pram_unrestore_pages(struct pram_stream *ps)
{
	const struct pram_link *last = ps->cursor[PRAM_PAGES].link;
	const struct pram_link *link;
	unsigned int i;
	u64 pfn;

	if (!last)
		return;
	/* What is in a batch of another CPU is not on the LRU yet */
	lru_add_drain_all();
	for (pfn = ps->node->page->chain[PRAM_PAGES].first; pfn;
	     pfn = link == last ? 0 : link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			u64 start = pram_entry_pfn(link->entry[i]);

			pram_isolate_range(start, start +
					  pram_entry_pages(link->entry[i]));
		}
	}
}
