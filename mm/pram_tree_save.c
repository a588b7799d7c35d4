// SPDX-License-Identifier: GPL-2.0
/*
 * Describing a tmpfs tree: its directories, names and inodes.
 */
#include "pram_tree.h"

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
		err = pram_save_pages(saver->ps, inode, saver->runs);
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
	else if (err == -ETIMEDOUT)
		pram_refuse("'%s' in tmpfs '%s' has been locked for long by a process that waits for other memory: end it",
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
