// SPDX-License-Identifier: GPL-2.0
/*
 * tmpfs trees: mount -t tmpfs -o pram=NAME
 */
#include "pram.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/maple_tree.h>
#include <linux/memcontrol.h>
#include <linux/pagemap.h>
#include <linux/quotaops.h>
#include <linux/seq_file.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>

/**
 * DOC: tmpfs
 *
 * A tree is restored when the file system is mounted, as the last step of
 * filling in its super block, and saved when it is torn down, as the first.
 * Nobody else sees the tree at either time. The folios themselves go into the
 * node and come out of it, off the LRU and out of their memory cgroup meanwhile.
 * A few are copied: when they are saved, those that are pinned or in memory that
 * is going offline; when they are loaded, those with other users, which is
 * possible where a tree is mounted again without a kexec between, and those that
 * are larger than any this kernel has in files.
 *
 * A tree that cannot be restored as a whole is not mounted, and its node stays.
 */

/**
 * struct pram_tree - a mounted tree
 * @list: in pram_trees
 * @name: of its node
 */
struct pram_tree {
	struct list_head list;
	char name[];
};

/* Protects the list. A name is in use by one file system at a time. */
static DEFINE_MUTEX(pram_trees_lock);
static LIST_HEAD(pram_trees);

/**
 * pram_tmpfs_param - take the mount option pram=
 * @fc: the mount
 * @param: the option
 * @name: where the name of the node goes
 *
 * Nodes belong to the machine: a mount in another user namespace gets none.
 *
 * Return: 0, -EPERM, or -EINVAL.
 */
int pram_tmpfs_param(struct fs_context *fc, struct fs_parameter *param,
		     char **name)
{
	if (fc->user_ns != &init_user_ns || !capable(CAP_SYS_ADMIN)) {
		errorf(fc, "tmpfs: pram= takes CAP_SYS_ADMIN in the initial user namespace");
		return -EPERM;
	}
	if (param->size > PRAM_NAME_MAX || !pram_name_valid(param->string))
		return invalfc(fc, "Bad value for 'pram'");
	kfree(*name);
	*name = param->string;
	param->string = NULL;
	return 0;
}

/**
 * pram_tmpfs_same - may a remount say this?
 * @tree: the tree that is mounted; NULL: none
 * @name: the name it says; NULL: nothing
 *
 * Return: whether it would change nothing.
 */
bool pram_tmpfs_same(const struct pram_tree *tree, const char *name)
{
	return !name || (tree && !strcmp(tree->name, name));
}

/**
 * pram_tmpfs_show - show the mount option
 * @seq: where to
 * @tree: the tree that is mounted; NULL: none
 */
void pram_tmpfs_show(struct seq_file *seq, const struct pram_tree *tree)
{
	if (tree)
		seq_show_option(seq, "pram", tree->name);
}

static struct pram_tree *pram_tree_get(const char *name)
{
	struct pram_tree *tree;
	size_t len = strlen(name) + 1;

	guard(mutex)(&pram_trees_lock);
	list_for_each_entry(tree, &pram_trees, list) {
		if (!strcmp(tree->name, name))
			return ERR_PTR(-EBUSY);
	}
	tree = kzalloc(struct_size(tree, name, len), GFP_KERNEL);
	if (!tree)
		return ERR_PTR(-ENOMEM);
	memcpy(tree->name, name, len);
	list_add(&tree->list, &pram_trees);
	return tree;
}

static void pram_tree_put(struct pram_tree *tree)
{
	scoped_guard(mutex, &pram_trees_lock)
		list_del(&tree->list);
	kfree(tree);
}

/*
 * Take a folio that is in no page cache off the LRU and out of its memcg, as it
 * would be if it had just been allocated. Returns false if it has other users
 * than the caller and PRAM, so that this cannot be said.
 */
static bool pram_settle_folio(struct folio *folio)
{
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

/* Saving */

struct pram_save_dir {
	struct list_head list;
	struct dentry *dentry;
	unsigned long index;
};

static int pram_put_rec(struct pram_stream *ps, u32 type, const void *data,
			size_t len, const struct qstr *name)
{
	struct pram_tmpfs_rec rec = {
		.type = type,
		.len = len + (name ? name->len : 0),
	};
	ssize_t ret;

	ret = pram_write(ps, &rec, sizeof(rec));
	if (ret >= 0)
		ret = pram_write(ps, data, len);
	if (ret >= 0 && name)
		ret = pram_write(ps, name->name, name->len);
	return ret < 0 ? ret : 0;
}

static struct pram_tmpfs_time pram_time(struct timespec64 ts)
{
	return (struct pram_tmpfs_time){ .sec = ts.tv_sec, .nsec = ts.tv_nsec };
}

static int pram_put_inode(struct pram_stream *ps, u32 type, struct inode *inode,
			  const struct qstr *name)
{
	struct pram_tmpfs_inode pi = {
		.mode = inode->i_mode,
		.uid = from_kuid(&init_user_ns, inode->i_uid),
		.gid = from_kgid(&init_user_ns, inode->i_gid),
		.size = S_ISREG(inode->i_mode) ? i_size_read(inode) : 0,
		.atime = pram_time(inode_get_atime(inode)),
		.mtime = pram_time(inode_get_mtime(inode)),
		.ctime = pram_time(inode_get_ctime(inode)),
		.btime = pram_time(SHMEM_I(inode)->i_crtime),
	};

	return pram_put_rec(ps, type, &pi, sizeof(pi), name);
}

/* What of it would be lost; NULL: nothing */
static const char *pram_inode_trouble(struct inode *inode)
{
	struct shmem_inode_info *info = SHMEM_I(inode);

	if (!S_ISDIR(inode->i_mode) && !S_ISREG(inode->i_mode))
		return "neither a file nor a directory";
	if (S_ISREG(inode->i_mode) && inode->i_nlink != 1)
		return "hard links";
	if (!RB_EMPTY_ROOT(&info->xattrs.rb_root))
		return "extended attributes";
#ifdef CONFIG_FS_POSIX_ACL
	if (inode->i_acl || inode->i_default_acl)
		return "an ACL";
#endif
	if (info->fsflags)
		return "inode flags (chattr)";
	return NULL;
}

/*
 * A folio that cannot be preserved itself, because a device may write to it or
 * its memory is going offline: preserve what it holds now, in single pages.
 */
static int pram_save_copy(struct pram_stream *ps, struct folio *folio)
{
	unsigned long i = 0;
	int err = 0;

	while (i < folio_nr_pages(folio) && !err) {
		struct page *copy = alloc_page(GFP_KERNEL);

		if (!copy)
			return -ENOMEM;
		copy_highpage(copy, folio_page(folio, i));
		err = pram_save_page(ps, copy, 0);
		put_page(copy);
		if (pram_try_another(err))
			err = 0;
		else
			i++;
	}
	return err;
}

/*
 * Save the folio at @index, bringing it in from swap, and take it out of the
 * page cache. Returns where it was in @index and its size, or an error.
 */
static long pram_save_cached(struct pram_stream *ps, struct inode *inode,
			     pgoff_t *index)
{
	struct folio *folio;
	long nr;
	int err;

	/* SGP_WRITE would have it activated */
	err = shmem_get_folio(inode, *index, 0, &folio, SGP_FALLOC);
	if (err)
		return err;
	/* Allocated by fallocate(), and never touched */
	if (!folio_test_uptodate(folio)) {
		folio_zero_range(folio, 0, folio_size(folio));
		folio_mark_uptodate(folio);
	}
	err = pram_save_folio(ps, folio, 0);
	if (err == -EBUSY)
		err = pram_save_copy(ps, folio);
	nr = folio_nr_pages(folio);
	*index = folio->index;
	if (!err)
		filemap_remove_folio(folio);
	folio_unlock(folio);
	/* If it does not settle now, it will be looked at again when loaded */
	if (!err)
		pram_settle_folio(folio);
	folio_put(folio);
	cond_resched();
	return err ? err : nr;
}

static int pram_put_extent(struct pram_stream *ps,
			   const struct pram_tmpfs_extent *extent)
{
	if (!extent->nr_pages)
		return 0;
	return pram_put_rec(ps, PRAM_TMPFS_EXTENT, extent, sizeof(*extent),
			    NULL);
}

static int pram_save_file(struct pram_stream *ps, struct inode *inode,
			  const struct qstr *name)
{
	unsigned long swapped = READ_ONCE(SHMEM_I(inode)->swapped);
	struct pram_tmpfs_extent extent = {};
	pgoff_t index = 0;
	int err;

	/*
	 * What is in swap has to be brought in, and cannot go out again. What is
	 * in memory takes no more of it, however little there is.
	 */
	if (swapped && swapped >= si_mem_available())
		return -ENOMEM;
	err = pram_put_inode(ps, PRAM_TMPFS_FILE, inode, name);
	if (err)
		return err;
	while (xa_find(&inode->i_mapping->i_pages, &index, ULONG_MAX,
		       XA_PRESENT)) {
		long nr = pram_save_cached(ps, inode, &index);

		if (nr < 0)
			return nr;
		if (index != extent.index + extent.nr_pages) {
			err = pram_put_extent(ps, &extent);
			if (err)
				return err;
			extent.index = index;
			extent.nr_pages = 0;
		}
		extent.nr_pages += nr;
		index += nr;
	}
	return pram_put_extent(ps, &extent);
}

static int pram_push_dir(struct list_head *stack, struct dentry *dentry)
{
	struct pram_save_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);

	if (!dir)
		return -ENOMEM;
	dir->dentry = dentry;
	list_add(&dir->list, stack);
	return 0;
}

static void pram_pop_dir(struct list_head *stack)
{
	struct pram_save_dir *dir;

	dir = list_first_entry(stack, struct pram_save_dir, list);
	list_del(&dir->list);
	kfree(dir);
}

/* A directory: its record, and it is what is walked next */
static int pram_save_enter(struct pram_stream *ps, struct list_head *stack,
			   struct dentry *dentry, const struct qstr *name)
{
	int err = pram_put_inode(ps, PRAM_TMPFS_DIR, d_inode(dentry), name);

	return err ? err : pram_push_dir(stack, dentry);
}

static int pram_save_dentry(struct pram_stream *ps, struct list_head *stack,
			    struct dentry *dentry, const struct qstr *name)
{
	struct inode *inode = d_inode(dentry);
	const char *trouble = pram_inode_trouble(inode);
	int err;

	if (trouble) {
		pr_err("tmpfs: cannot save '%pd4': %s\n", dentry, trouble);
		return -EOPNOTSUPP;
	}
	if (S_ISDIR(inode->i_mode))
		err = pram_save_enter(ps, stack, dentry, name);
	else
		err = pram_save_file(ps, inode, name);
	if (err)
		pr_err("tmpfs: cannot save '%pd4': error %d\n", dentry, err);
	return err;
}

/* Depth first, children in the order in which they were made */
static int pram_save_tree(struct pram_stream *ps, struct dentry *root)
{
	const struct pram_tmpfs_head head = {
		.magic = PRAM_TMPFS_MAGIC,
		.version = PRAM_TMPFS_VERSION,
	};
	LIST_HEAD(stack);
	ssize_t err;

	err = pram_write(ps, &head, sizeof(head));
	if (err >= 0)
		err = pram_save_dentry(ps, &stack, root, NULL);
	while (!err && !list_empty(&stack)) {
		struct pram_save_dir *dir = list_first_entry(&stack,
							     typeof(*dir), list);
		struct inode *inode = d_inode(dir->dentry);
		struct dentry *child;

		child = mt_find(&SHMEM_I(inode)->dir_offsets.mt, &dir->index,
				ULONG_MAX);
		if (child) {
			err = pram_save_dentry(ps, &stack, child,
					       &child->d_name);
		} else {
			pram_pop_dir(&stack);
			err = pram_put_rec(ps, PRAM_TMPFS_UP, NULL, 0, NULL);
		}
	}
	while (!list_empty(&stack))
		pram_pop_dir(&stack);
	return err ? err : pram_put_rec(ps, PRAM_TMPFS_END, NULL, 0, NULL);
}

static int pram_save_sb(struct super_block *sb, const char *name)
{
	struct pram_stream ps;
	int err;

	err = pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps);
	if (err)
		return err;
	/* Folios on their way to the LRU could not be taken off it */
	lru_add_drain_all();
	err = pram_save_tree(&ps, sb->s_root);
	if (!err)
		err = pram_close(&ps, PRAM_COMMIT);
	if (err)
		pram_close(&ps, PRAM_DISCARD);
	return err;
}

/**
 * pram_tmpfs_umount - save a tree that is about to be torn down
 * @sb: the super block; it need not have been filled in
 *
 * There is nobody who could be told of a failure but the log.
 *
 * Context: the last reference to the super block has gone; may sleep.
 */
void pram_tmpfs_umount(struct super_block *sb)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	int err;

	if (!sbinfo || !sbinfo->pram)
		return;
	err = pram_save_sb(sb, sbinfo->pram->name);
	if (err) {
		pr_err("tmpfs '%s' could not be saved, and is lost: error %d\n",
		       sbinfo->pram->name, err);
		pram_report_add(PRAM_REPORT_LOST, sbinfo->pram->name);
	}
	pram_tree_put(sbinfo->pram);
	sbinfo->pram = NULL;
}

/* Restoring */

static int pram_get(struct pram_stream *ps, void *buf, size_t len)
{
	ssize_t ret = pram_read(ps, buf, len);

	if (ret < 0)
		return ret;
	return ret == len ? 0 : -EIO;
}

static struct timespec64 pram_timespec(const struct pram_tmpfs_time *time)
{
	return (struct timespec64){ .tv_sec = time->sec,
				    .tv_nsec = time->nsec };
}

static int pram_check_inode(const struct super_block *sb,
			    const struct pram_tmpfs_inode *pi, umode_t type)
{
	if ((pi->mode & S_IFMT) != type || pi->mode & ~(S_IFMT | S_IALLUGO) ||
	    pi->size > sb->s_maxbytes || pi->reserved ||
	    pi->atime.nsec >= NSEC_PER_SEC || pi->mtime.nsec >= NSEC_PER_SEC ||
	    pi->ctime.nsec >= NSEC_PER_SEC || pi->btime.nsec >= NSEC_PER_SEC ||
	    !uid_valid(make_kuid(&init_user_ns, pi->uid)) ||
	    !gid_valid(make_kgid(&init_user_ns, pi->gid)))
		return -EIO;
	return 0;
}

static void pram_set_inode(struct inode *inode,
			   const struct pram_tmpfs_inode *pi)
{
	inode->i_mode = pi->mode;
	inode->i_uid = make_kuid(&init_user_ns, pi->uid);
	inode->i_gid = make_kgid(&init_user_ns, pi->gid);
	inode_set_atime_to_ts(inode, pram_timespec(&pi->atime));
	inode_set_mtime_to_ts(inode, pram_timespec(&pi->mtime));
	inode_set_ctime_to_ts(inode, pram_timespec(&pi->ctime));
	SHMEM_I(inode)->i_crtime = pram_timespec(&pi->btime);
	if (S_ISREG(inode->i_mode))
		i_size_write(inode, pi->size);
}

static bool pram_valid_component(const char *name, size_t len)
{
	return len && len <= NAME_MAX && !memchr(name, 0, len) &&
	       !memchr(name, '/', len) && !is_dot_dotdot(name, len);
}

/* Make an entry in a directory, whose own times stay as they are */
static struct dentry *pram_make(struct dentry *parent, const char *name,
				const struct pram_tmpfs_inode *pi)
{
	struct inode *dir = d_inode(parent);
	struct timespec64 mtime = inode_get_mtime(dir);
	struct timespec64 ctime = inode_get_ctime(dir);
	struct dentry *dentry;
	int err;

	dentry = d_alloc_name(parent, name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);

	inode_lock_nested(dir, I_MUTEX_PARENT);
	dir->i_op->lookup(dir, dentry, 0);
	if (S_ISDIR(pi->mode))
		err = dir->i_op->mkdir(&nop_mnt_idmap, dir, dentry, pi->mode);
	else
		err = dir->i_op->create(&nop_mnt_idmap, dir, dentry, pi->mode,
					true);
	inode_unlock(dir);
	inode_set_mtime_to_ts(dir, mtime);
	inode_set_ctime_to_ts(dir, ctime);

	/* tmpfs holds on to the dentry itself */
	dput(dentry);
	if (err)
		return ERR_PTR(err);
	pram_set_inode(d_inode(dentry), pi);
	return dentry;
}

/* Read the name that follows, and make the entry */
static noinline_for_stack struct dentry *
pram_restore_entry(struct pram_stream *ps, struct dentry *parent,
		   const struct pram_tmpfs_inode *pi, size_t len)
{
	char name[NAME_MAX + 1] = {};
	struct dentry *dentry;
	struct qstr qstr;
	int err;

	if (len > NAME_MAX)
		return ERR_PTR(-EIO);
	err = pram_get(ps, name, len);
	if (err)
		return ERR_PTR(err);
	if (!pram_valid_component(name, len))
		return ERR_PTR(-EIO);

	qstr = (struct qstr)QSTR_INIT(name, len);
	dentry = d_hash_and_lookup(parent, &qstr);
	if (!IS_ERR_OR_NULL(dentry)) {
		dput(dentry);
		return ERR_PTR(-EIO);
	}
	return pram_make(parent, name, pi);
}

static int pram_insert(struct inode *inode, pgoff_t index, struct folio *folio)
{
	gfp_t gfp = mapping_gfp_mask(inode->i_mapping);
	int err;

	folio_lock(folio);
	__folio_set_swapbacked(folio);
	folio_mark_uptodate(folio);
	err = mem_cgroup_charge(folio, NULL, gfp);
	if (!err)
		err = shmem_insert_folio(inode, index, folio, gfp);
	if (!err) {
		folio_mark_dirty(folio);
		folio_add_lru(folio);
	}
	folio_unlock(folio);
	return err;
}

/*
 * Copies in place of a folio which somebody else has, too, or which is larger
 * than those that this kernel has in files.
 */
static int pram_insert_copy(struct inode *inode, pgoff_t index,
			    struct folio *folio)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < folio_nr_pages(folio) && !err; i++) {
		struct folio *copy = folio_alloc(GFP_KERNEL, 0);

		if (!copy)
			return -ENOMEM;
		copy_highpage(&copy->page, folio_page(folio, i));
		err = pram_insert(inode, index + i, copy);
		folio_put(copy);
	}
	return err;
}

static int pram_restore_extent(struct pram_stream *ps, struct dentry *file)
{
	struct inode *inode = d_inode(file);
	unsigned int max_order = mapping_max_folio_order(inode->i_mapping);
	u64 max = inode->i_sb->s_maxbytes >> PAGE_SHIFT;
	struct pram_tmpfs_extent extent;
	int err;

	err = pram_get(ps, &extent, sizeof(extent));
	if (err)
		return err;
	if (!extent.nr_pages || extent.nr_pages > max ||
	    extent.index > max - extent.nr_pages)
		return -EIO;

	while (extent.nr_pages) {
		struct folio *folio = pram_load_folio(ps, NULL);
		unsigned long nr;

		if (IS_ERR_OR_NULL(folio)) {
			err = folio ? PTR_ERR(folio) : -EIO;
			pr_err("tmpfs: no page %llu of '%pd4': error %d\n",
			       extent.index, file, err);
			return err;
		}
		nr = folio_nr_pages(folio);
		if (nr > extent.nr_pages || !IS_ALIGNED(extent.index, nr))
			err = -EIO;
		else if (folio_order(folio) > max_order ||
			 !pram_settle_folio(folio))
			err = pram_insert_copy(inode, extent.index, folio);
		else
			err = pram_insert(inode, extent.index, folio);
		folio_put(folio);
		if (err)
			return err;
		extent.index += nr;
		extent.nr_pages -= nr;
		cond_resched();
	}
	return 0;
}

/* Where restoring is: in a directory, and perhaps in a file of it */
struct pram_restore {
	struct super_block *sb;
	struct dentry *dir;	/* NULL: before the root, or after it */
	struct dentry *file;
	bool rooted;
};

static int pram_restore_inode(struct pram_stream *ps, struct pram_restore *at,
			      const struct pram_tmpfs_rec *rec)
{
	umode_t type = rec->type == PRAM_TMPFS_DIR ? S_IFDIR : S_IFREG;
	struct pram_tmpfs_inode pi;
	struct dentry *dentry;
	int err;

	if (rec->len < sizeof(pi))
		return -EIO;
	err = pram_get(ps, &pi, sizeof(pi));
	if (!err)
		err = pram_check_inode(at->sb, &pi, type);
	if (err)
		return err;

	at->file = NULL;
	if (!at->rooted) {
		if (type != S_IFDIR || rec->len != sizeof(pi))
			return -EIO;
		at->rooted = true;
		at->dir = at->sb->s_root;
		pram_set_inode(d_inode(at->dir), &pi);
		return 0;
	}
	if (!at->dir)
		return -EIO;
	dentry = pram_restore_entry(ps, at->dir, &pi, rec->len - sizeof(pi));
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	if (type == S_IFDIR)
		at->dir = dentry;
	else
		at->file = dentry;
	return 0;
}

/* The end of the tree must be that of the pages, too */
static int pram_restore_end(struct pram_stream *ps)
{
	struct folio *folio = pram_load_folio(ps, NULL);

	if (!folio)
		return 1;
	if (!IS_ERR(folio))
		folio_put(folio);
	return -EIO;
}

/* Returns 1 at the end of the tree */
static int pram_restore_rec(struct pram_stream *ps, struct pram_restore *at)
{
	struct pram_tmpfs_rec rec;
	int err;

	err = pram_get(ps, &rec, sizeof(rec));
	if (err)
		return err;
	switch (rec.type) {
	case PRAM_TMPFS_DIR:
	case PRAM_TMPFS_FILE:
		return pram_restore_inode(ps, at, &rec);
	case PRAM_TMPFS_EXTENT:
		if (!at->file || rec.len != sizeof(struct pram_tmpfs_extent))
			return -EIO;
		return pram_restore_extent(ps, at->file);
	case PRAM_TMPFS_UP:
		if (!at->dir || rec.len)
			return -EIO;
		at->file = NULL;
		at->dir = IS_ROOT(at->dir) ? NULL : at->dir->d_parent;
		return 0;
	case PRAM_TMPFS_END:
		if (at->dir || !at->rooted || rec.len)
			return -EIO;
		return pram_restore_end(ps);
	default:
		return -EIO;
	}
}

static int pram_restore_tree(struct pram_stream *ps, struct super_block *sb)
{
	struct pram_restore at = { .sb = sb };
	struct pram_tmpfs_head head;
	int ret;

	ret = pram_get(ps, &head, sizeof(head));
	if (ret)
		return ret;
	if (head.magic != PRAM_TMPFS_MAGIC ||
	    head.version != PRAM_TMPFS_VERSION)
		return -EINVAL;
	/* What became of folios that had been restored once before */
	lru_add_drain_all();
	do {
		ret = pram_restore_rec(ps, &at);
	} while (!ret);
	return ret < 0 ? ret : 0;
}

static int pram_restore_sb(struct super_block *sb, const char *name,
			   bool must_exist)
{
	struct pram_stream ps;
	int err;

	err = pram_open(name, PRAM_READ, GFP_KERNEL, &ps);
	if (err == -ENOENT && !must_exist)
		return 0;
	if (err)
		return err;
	err = pram_restore_tree(&ps, sb);
	if (!err)
		err = pram_close(&ps, PRAM_COMMIT);
	if (err)
		pram_close(&ps, PRAM_KEEP);
	return err;
}

/**
 * pram_tmpfs_mounted - how many trees are mounted
 * @name: returns the name of one of them; at least PRAM_NAME_MAX + 1 bytes. May
 *	be NULL
 *
 * Context: may sleep.
 * Return: the number.
 */
unsigned int pram_tmpfs_mounted(char *name)
{
	struct pram_tree *tree;
	unsigned int nr = 0;

	guard(mutex)(&pram_trees_lock);
	list_for_each_entry(tree, &pram_trees, list) {
		if (!nr++ && name)
			strscpy(name, tree->name, PRAM_NAME_MAX + 1);
	}
	return nr;
}

/* How many lost trees are worth a line in the log */
#define PRAM_MAX_LOGGED		100

static int pram_tmpfs_reboot(struct notifier_block *nb, unsigned long action,
			     void *data)
{
	struct pram_tree *tree;
	unsigned int nr = 0;

	guard(mutex)(&pram_trees_lock);
	list_for_each_entry(tree, &pram_trees, list) {
		if (nr++ < PRAM_MAX_LOGGED)
			pr_warn("tmpfs '%s' is lost: it is still mounted\n",
				tree->name);
	}
	if (nr > PRAM_MAX_LOGGED)
		pr_warn("tmpfs: and %u more are lost\n", nr - PRAM_MAX_LOGGED);
	return NOTIFY_DONE;
}

static struct notifier_block pram_tmpfs_nb = {
	.notifier_call = pram_tmpfs_reboot,
};

static int __init pram_tmpfs_init(void)
{
	return register_reboot_notifier(&pram_tmpfs_nb);
}
fs_initcall(pram_tmpfs_init);

/**
 * pram_tmpfs_mount - restore a tree
 * @sb: the super block, with an empty root directory
 * @name: of the node; NULL: none is wanted
 * @must_exist: fail if there is no such node
 *
 * Without @must_exist, and if there is no such node, the tree is empty, and will
 * be saved all the same.
 *
 * Context: mount, may sleep.
 * Return: 0; or, with the node as it was,
 * -ENOENT: there is no such node, and @must_exist;
 * -EBUSY: the node is in use, or a kexec has begun;
 * -EINVAL: it is not a tmpfs tree, or the mount has quotas;
 * -EIO, -EEXIST: it is damaged;
 * -EHWPOISON: a page of it is broken;
 * -ENODEV: PRAM is off;
 * -ENOSPC: the tree is larger than the mount options allow;
 * -ENOMEM: out of memory.
 */
int pram_tmpfs_mount(struct super_block *sb, const char *name, bool must_exist)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct pram_tree *tree;
	int err;

	if (!name) {
		if (must_exist)
			pr_err("tmpfs: pram_must_exist takes pram=\n");
		return must_exist ? -EINVAL : 0;
	}
	tree = pram_tree_get(name);
	if (IS_ERR(tree)) {
		err = PTR_ERR(tree);
	} else {
		err = sb_any_quota_loaded(sb) ? -EINVAL :
						pram_restore_sb(sb, name,
								must_exist);
		if (err)
			pram_tree_put(tree);
	}
	if (err) {
		pr_err("tmpfs '%s' cannot be mounted: error %d\n", name, err);
		return err;
	}
	sbinfo->pram = tree;
	return 0;
}
