// SPDX-License-Identifier: GPL-2.0
/*
 * Describing a tmpfs tree: its records, and the folios of its files.
 */
#include "pram_tree.h"

#include <linux/swapops.h>

/**
 * struct pram_saver - a tree that is being described
 * @ps: where it goes
 * @runs: for pram_save_resident()
 * @dirs: directories that have been entered, the innermost first
 * @links: by number, inodes with several names of which one has been seen
 * @nr_inodes: how many have been described
 */
struct pram_saver {
	struct pram_stream *ps;
	struct pram_runs *runs;
	struct list_head dirs;
	struct xarray links;
	u64 nr_inodes;
};

/**
 * struct pram_save_dir - a directory that is being described
 * @list: in the saver's
 * @dentry: its name
 * @child: what of it has been described last; NULL: nothing yet
 */
struct pram_save_dir {
	struct list_head list;
	struct dentry *dentry;
	struct dentry *child;
};

static int pram_put(struct pram_stream *ps, const void *data, size_t len)
{
	ssize_t ret = pram_write(ps, data, len);

	return ret < 0 ? ret : 0;
}

/**
 * pram_put_rec - describe something
 * @ps: the stream
 * @type: PRAM_TMPFS_*
 * @data: the record, the first part of it
 * @len: how long that is
 * @more: the second part
 * @more_len: how long that is
 * @last: the third part
 * @last_len: how long that is
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_put_rec(struct pram_stream *ps, u32 type, const void *data,
		 size_t len, const void *more, size_t more_len,
		 const void *last, size_t last_len)
{
	struct pram_tmpfs_rec rec = {
		.type = type,
		.len = len + more_len + last_len,
	};
	int err;

	err = pram_put(ps, &rec, sizeof(rec));
	if (!err)
		err = pram_put(ps, data, len);
	if (!err)
		err = pram_put(ps, more, more_len);
	if (!err)
		err = pram_put(ps, last, last_len);
	return err;
}

static struct pram_tmpfs_time pram_time(struct timespec64 ts)
{
	return (struct pram_tmpfs_time){ .sec = ts.tv_sec, .nsec = ts.tv_nsec };
}

static u32 pram_cookie(const struct dentry *dentry)
{
	/* This is where simple_offset_add() has it */
	return IS_ROOT(dentry) ? 0 : (unsigned long)dentry->d_fsdata;
}

static int pram_put_inode(struct pram_saver *saver, struct dentry *dentry,
			  const struct qstr *name)
{
	struct inode *inode = d_inode(dentry);
	struct shmem_inode_info *info = SHMEM_I(inode);
	struct pram_tmpfs_inode pi = {
		.mode = inode->i_mode,
		.uid = from_kuid(&init_user_ns, inode->i_uid),
		.gid = from_kgid(&init_user_ns, inode->i_gid),
		.rdev = new_encode_dev(inode->i_rdev),
		.ino = inode->i_ino,
		.size = S_ISREG(inode->i_mode) ? i_size_read(inode) : 0,
		.generation = inode->i_generation,
		.flags = info->fsflags,
		.nlink = S_ISDIR(inode->i_mode) ? 1 : inode->i_nlink,
		.write_hint = inode->i_write_hint,
		.version = inode_peek_iversion_raw(inode),
		.fallocend = S_ISREG(inode->i_mode) ? info->fallocend : 0,
		.cookie = pram_cookie(dentry),
		.atime = pram_time(inode_get_atime(inode)),
		.mtime = pram_time(inode_get_mtime(inode)),
		.ctime = pram_time(inode_get_ctime(inode)),
		.btime = pram_time(info->i_crtime),
	};

	saver->nr_inodes++;
	return pram_put_rec(saver->ps, PRAM_TMPFS_INODE, &pi, sizeof(pi),
			    name ? name->name : NULL, name ? name->len : 0,
			    NULL, 0);
}

static int pram_save_target(struct pram_saver *saver, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	const char *target = inode->i_link;
	DEFINE_DELAYED_CALL(done);
	int err;

	if (!target)
		target = inode->i_op->get_link(dentry, inode, &done);
	if (IS_ERR(target))
		return PTR_ERR(target);
	err = pram_put_rec(saver->ps, PRAM_TMPFS_TARGET, target, strlen(target),
			   NULL, 0, NULL, 0);
	do_delayed_call(&done);
	return err;
}

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
	int err;

	/* shmem_get_folio() would clear one that nobody has written to */
	folio = filemap_lock_folio(mapping, index);
	if (!IS_ERR(folio))
		return folio;
	if (!xa_is_value(xa_load(&mapping->i_pages, index)))
		return NULL;
	/* SGP_WRITE would have it activated */
	err = shmem_get_folio(inode, index, 0, &folio, SGP_FALLOC);
	return err ? ERR_PTR(err) : folio;
}

/*
 * Save the folio at @index, bringing it in from swap. Returns where to go on, or an
 * error.
 */
static long pram_save_cached(struct pram_extents *ext, struct inode *inode,
			     pgoff_t index)
{
	struct folio *folio;
	long next;
	int err;

	if (pram_is_lost(inode, index))
		folio = ERR_PTR(-EIO);
	else
		folio = pram_get_cached(inode, index);
	if (!folio)
		return index + 1;
	err = PTR_ERR_OR_ZERO(folio);
	/* The swap device may have an error of its own */
	if (err == -EIO && pram_is_lost(inode, index))
		return pram_add_extent(ext, PRAM_TMPFS_LOST, index, 1) ?:
		       index + 1;
	if (err)
		return err;
	/* Pages that have been described may be part of it now */
	err = folio->index < index ? -EAGAIN : pram_save_locked(ext, folio);
	next = folio_next_index(folio);
	folio_unlock(folio);
	folio_put(folio);
	cond_resched();
	return err ? err : next;
}

static int pram_save_extents(struct pram_saver *saver, struct inode *inode)
{
	struct pram_extents ext = {
		.ps = saver->ps,
		.type = PRAM_TMPFS_EXTENT,
	};
	pgoff_t index = 0;

	while (xa_find(&inode->i_mapping->i_pages, &index, ULONG_MAX,
		       XA_PRESENT)) {
		pgoff_t first = index;
		long next;

		index = pram_save_resident(ext.ps, inode, first, saver->runs);
		if (index > first) {
			int err = pram_add_extent(&ext, PRAM_TMPFS_EXTENT,
						  first, index - first);

			if (err)
				return err;
			pram_progress_add(ext.ps->node, index - first);
			continue;
		}
		next = pram_save_cached(&ext, inode, index);
		if (next < 0)
			return next;
		pram_progress_add(ext.ps->node, next - index);
		index = next;
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

/* What is in swap is brought in, if that is possible without killing anybody */
static int pram_save_pages(struct pram_saver *saver, struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;
	gfp_t gfp = mapping_gfp_mask(mapping);
	int err;

	if (pram_tree_armed(inode))
		return -EBUSY;
	if (!pram_swap_fits(inode))
		return -ENOMEM;
	mapping_set_gfp_mask(mapping, gfp | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	err = pram_save_extents(saver, inode);
	mapping_set_gfp_mask(mapping, gfp);
	return err;
}

static int pram_push_dir(struct pram_saver *saver, struct dentry *dentry)
{
	struct pram_save_dir *dir = kzalloc(sizeof(*dir), saver->ps->gfp);

	if (!dir)
		return -ENOMEM;
	dir->dentry = dentry;
	list_add(&dir->list, &saver->dirs);
	return 0;
}

static void pram_pop_dir(struct pram_saver *saver)
{
	struct pram_save_dir *dir;

	dir = list_first_entry(&saver->dirs, struct pram_save_dir, list);
	list_del(&dir->list);
	kfree(dir);
}

/*
 * One more name of an inode that has been described? Returns 1 if so, and that has
 * been written; 0 if it is the first one; or an error.
 */
static int pram_save_link(struct pram_saver *saver, struct dentry *dentry,
			  const struct qstr *name)
{
	struct inode *inode = d_inode(dentry);
	struct pram_tmpfs_link link = {
		.ino = inode->i_ino,
		.cookie = pram_cookie(dentry),
	};
	const struct inode *seen;
	int err;

	if (S_ISDIR(inode->i_mode) || inode->i_nlink == 1)
		return 0;
	seen = xa_load(&saver->links, inode->i_ino);
	if (!seen)
		return xa_err(xa_store(&saver->links, inode->i_ino, inode,
				       saver->ps->gfp));
	if (seen != inode)
		return -EOVERFLOW;
	err = pram_put_rec(saver->ps, PRAM_TMPFS_LINK, &link, sizeof(link),
			   name->name, name->len, NULL, 0);
	return err ? err : 1;
}

static int pram_save_dentry(struct pram_saver *saver, struct dentry *dentry,
			    const struct qstr *name)
{
	struct inode *inode = d_inode(dentry);
	int err;

	err = pram_save_link(saver, dentry, name);
	if (err)
		return min(err, 0);
	err = pram_put_inode(saver, dentry, name);
	if (!err && S_ISLNK(inode->i_mode))
		err = pram_save_target(saver, dentry);
	if (!err)
		err = pram_save_attrs(saver->ps, inode, !name);
	if (!err && S_ISREG(inode->i_mode))
		err = pram_save_pages(saver, inode);
	if (!err && S_ISDIR(inode->i_mode))
		err = pram_push_dir(saver, dentry);
	return err;
}

/* Say why the kexec is refused */
static int pram_save_failed(const struct pram_saver *saver,
			    struct dentry *dentry, int err)
{
	const char *tree = saver->ps->node->page->name;
	const char *path;

	guard(mutex)(&pram_lock);
	path = pram_refuse_path(dentry);
	if (err == -ENOMEM)
		pram_refuse("no memory to describe tmpfs '%s', or to bring in what is in swap, at '%s': free some, or add swap",
			    tree, path);
	else if (err == -EBUSY)
		pram_refuse("'%s' in tmpfs '%s' is registered with userfaultfd: end the process",
			    path, tree);
	else if (err == -EOVERFLOW)
		pram_refuse("'%s' in tmpfs '%s' has the inode number of another file: copy the tree to one with inode64",
			    path, tree);
	else
		pram_refuse("'%s' in tmpfs '%s' cannot be described: error %d",
			    path, tree, err);
	return err;
}

static int pram_save_named(struct pram_saver *saver, struct dentry *dentry,
			   const struct qstr *name)
{
	int err = pram_save_dentry(saver, dentry, name);

	return err ? pram_save_failed(saver, dentry, err) : 0;
}

static int pram_save_up(struct pram_saver *saver, struct inode *dir)
{
	struct pram_tmpfs_up up = {
		.next_cookie = SHMEM_I(dir)->dir_offsets.next_offset,
	};

	return pram_put_rec(saver->ps, PRAM_TMPFS_UP, &up, sizeof(up), NULL, 0,
			    NULL, 0);
}

/* What is before @node in @head; a list of hashes has no other way back */
static struct hlist_node *pram_hlist_prev(const struct hlist_head *head,
					  struct hlist_node *node)
{
	if (node->pprev == &head->first)
		return NULL;
	return container_of(node->pprev, struct hlist_node, next);
}

/*
 * New names come first in the list of a directory. readdir() uses that list, not the
 * offsets: rename() over another name, or an exchange, takes over its offset. So go from
 * the last one to the first, and restoring them makes the same list. Names of the frozen
 * file system do not change, but negative dentries come and go.
 */
static struct dentry *pram_next_child(struct pram_save_dir *dir)
{
	struct hlist_head *children = &dir->dentry->d_children;
	struct dentry *child, *found = NULL;
	struct hlist_node *node = NULL;

	spin_lock(&dir->dentry->d_lock);
	if (dir->child) {
		node = pram_hlist_prev(children, &dir->child->d_sib);
	} else {
		hlist_for_each_entry(child, children, d_sib)
			node = &child->d_sib;
	}
	for (; node && !found; node = pram_hlist_prev(children, node)) {
		child = hlist_entry(node, struct dentry, d_sib);
		/* Not what is only open */
		if (simple_positive(child))
			found = child;
	}
	spin_unlock(&dir->dentry->d_lock);
	return found;
}

/* Depth first, children in the reverse of the order of readdir() */
static int pram_save_inside(struct pram_saver *saver)
{
	int err = 0;

	while (!err && !list_empty(&saver->dirs)) {
		struct pram_save_dir *dir = list_first_entry(&saver->dirs,
							     typeof(*dir), list);
		struct dentry *child = pram_next_child(dir);

		if (child) {
			dir->child = child;
			err = pram_save_named(saver, child, &child->d_name);
		} else {
			struct dentry *dentry = dir->dentry;

			pram_pop_dir(saver);
			err = pram_save_up(saver, d_inode(dentry));
			if (err)
				pram_save_failed(saver, dentry, err);
		}
		cond_resched();
	}
	return err;
}

/**
 * pram_save_tree - describe a tree
 * @ps: the stream, open for PRAM_WRITE
 * @sb: the file system, which is frozen
 *
 * Context: may sleep; pram_lock is not held.
 * Return: 0 or an error, after pram_refuse(). The tree is as it was.
 */
int pram_save_tree(struct pram_stream *ps, struct super_block *sb)
{
	const struct shmem_sb_info *sbinfo = sb->s_fs_info;
	const struct pram_tmpfs_head head = {
		.magic = PRAM_TMPFS_MAGIC,
		.version = PRAM_TMPFS_VERSION,
		.next_ino = sbinfo->next_ino,
	};
	struct pram_saver saver = {
		.ps = ps,
		.dirs = LIST_HEAD_INIT(saver.dirs),
	};
	int err;

	saver.runs = pram_runs_alloc(ps);
	if (!saver.runs)
		return pram_save_failed(&saver, sb->s_root, -ENOMEM);
	xa_init(&saver.links);
	err = pram_put(ps, &head, sizeof(head));
	if (!err)
		err = pram_save_options(ps, sb);
	if (err) {
		pram_save_failed(&saver, sb->s_root, err);
		goto out;
	}
	err = pram_save_named(&saver, sb->s_root, NULL);
	if (!err)
		err = pram_save_inside(&saver);
	if (err)
		goto out;
	err = pram_put_rec(ps, PRAM_TMPFS_END, NULL, 0, NULL, 0, NULL, 0);
	if (err)
		pram_save_failed(&saver, sb->s_root, err);
	else
		memcpy_to_page(pram_tree_head(ps->node),
			       offsetof(struct pram_tmpfs_head, nr_inodes),
			       (const char *)&saver.nr_inodes,
			       sizeof(saver.nr_inodes));
out:
	while (!list_empty(&saver.dirs))
		pram_pop_dir(&saver);
	xa_destroy(&saver.links);
	kfree(saver.runs);
	return err;
}
