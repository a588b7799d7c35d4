// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring a tmpfs tree from its records.
 */
#include "pram_tree.h"

#include <linux/fileattr.h>
#include <linux/namei.h>

/**
 * struct pram_restore - where restoring is
 * @sb: the file system
 * @dir: the directory; NULL: before the root, or after it
 * @at: what was made last, which records that follow are about; NULL: nothing that
 *	there can be more about
 * @pi: its inode, if that is to be made with the next record (symbolic links)
 * @name: its name then
 * @links: by number, what has further names
 * @max_ino: the highest number so far
 * @nr_inodes: how many there are so far
 * @cookie: the place of @name in @dir
 * @rooted: there is a root
 * @jobs: who restores large files with the mount, or NULL
 * @lost: what cannot be read
 * @spare: for pram_may_charge()
 * @targetless: the next record must be the target of a symbolic link
 */
struct pram_restore {
	struct super_block *sb;
	struct dentry *dir;
	struct dentry *at;
	struct pram_tmpfs_inode pi;
	char name[NAME_MAX + 1];
	struct xarray links;
	u64 max_ino;
	u64 nr_inodes;
	u32 cookie;
	bool rooted;
	struct pram_jobs *jobs;
	struct pram_lost lost;
	struct folio *spare;
	bool targetless;
};

/**
 * pram_get - take bytes of the description
 * @ps: the stream
 * @buf: where to
 * @len: how many
 *
 * Return: 0; -EIO, also if there are not so many; or -EHWPOISON.
 */
int pram_get(struct pram_stream *ps, void *buf, size_t len)
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

static bool pram_valid_time(const struct pram_tmpfs_time *time)
{
	return time->nsec < NSEC_PER_SEC && !time->reserved;
}

/* The last byte that a file can have is in the last of these pages */
static u64 pram_max_pages(const struct super_block *sb)
{
	return (sb->s_maxbytes >> PAGE_SHIFT) + 1;
}

static int pram_check_inode(const struct super_block *sb,
			    const struct pram_tmpfs_inode *pi)
{
	if (pi->mode & ~(S_IFMT | S_IALLUGO) || pi->reserved || !pi->nlink ||
	    pi->write_hint > WRITE_LIFE_EXTREME ||
	    (pi->fallocend && !S_ISREG(pi->mode)) ||
	    !pram_valid_time(&pi->atime) || !pram_valid_time(&pi->mtime) ||
	    !pram_valid_time(&pi->ctime) || !pram_valid_time(&pi->btime) ||
	    !uid_valid(make_kuid(&init_user_ns, pi->uid)) ||
	    !gid_valid(make_kgid(&init_user_ns, pi->gid)))
		return -EIO;
	if (pi->ino > ULONG_MAX) {
		pr_err("tmpfs: there is an inode number of more than 32 bits: only a 64-bit kernel can restore it\n");
		return -EOVERFLOW;
	}
	switch (pi->mode & S_IFMT) {
	case S_IFREG:
		if (pi->size <= sb->s_maxbytes &&
		    pi->fallocend <= pram_max_pages(sb))
			return 0;
		if (IS_ENABLED(CONFIG_64BIT))
			return -EIO;
		pr_err("tmpfs: there is a file of more than %lld bytes: only a 64-bit kernel can restore it\n",
		       (long long)sb->s_maxbytes);
		return -EFBIG;
	case S_IFDIR:
		return pi->size || pi->nlink != 1 ? -EIO : 0;
	case S_IFLNK:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return pi->size ? -EIO : 0;
	default:
		return -EIO;
	}
}

static void pram_set_times(struct inode *inode,
			   const struct pram_tmpfs_inode *pi)
{
	inode_set_atime_to_ts(inode, pram_timespec(&pi->atime));
	inode_set_mtime_to_ts(inode, pram_timespec(&pi->mtime));
	inode_set_ctime_to_ts(inode, pram_timespec(&pi->ctime));
	SHMEM_I(inode)->i_crtime = pram_timespec(&pi->btime);
}

/* Symbolic links and special files have what they inherit, and nothing else */
static int pram_set_inherited(struct inode *inode, u32 flags)
{
	if (flags & ~SHMEM_FL_INHERITED)
		return -EIO;
	SHMEM_I(inode)->fsflags = flags;
	inode_set_flags(inode, flags & FS_NOATIME_FL ? S_NOATIME : 0,
			S_NOATIME);
	return 0;
}

static int pram_set_flags(struct dentry *dentry, u32 flags)
{
	struct inode *inode = d_inode(dentry);
	struct file_kattr fa;
	int err;

	if (flags == SHMEM_I(inode)->fsflags)
		return 0;
	if (!inode->i_op->fileattr_set)
		return pram_set_inherited(inode, flags);
	fileattr_fill_flags(&fa, flags);
	inode_lock(inode);
	err = inode->i_op->fileattr_set(&nop_mnt_idmap, dentry, &fa);
	inode_unlock(inode);
	return err;
}

static void pram_no_acl(struct inode *inode)
{
	/* What it has inherited */
	if (IS_ENABLED(CONFIG_TMPFS_POSIX_ACL) && !S_ISLNK(inode->i_mode)) {
		set_cached_acl(inode, ACL_TYPE_ACCESS, NULL);
		set_cached_acl(inode, ACL_TYPE_DEFAULT, NULL);
	}
}

static int pram_set_inode(struct pram_restore *r, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	const struct pram_tmpfs_inode *pi = &r->pi;
	int err;

	pram_no_acl(inode);
	inode->i_mode = pi->mode;
	inode->i_uid = make_kuid(&init_user_ns, pi->uid);
	inode->i_gid = make_kgid(&init_user_ns, pi->gid);
	inode->i_ino = pi->ino;
	inode->i_generation = pi->generation;
	/* shmem does so when it makes a file handle. There may be one already. */
	__insert_inode_hash(inode, inode->i_ino + inode->i_generation);
	inode->i_write_hint = pi->write_hint;
	if (S_ISREG(inode->i_mode)) {
		i_size_write(inode, pi->size);
		SHMEM_I(inode)->fallocend = pi->fallocend;
	}
	r->max_ino = max(r->max_ino, pi->ino);
	r->nr_inodes++;
	err = pram_set_flags(dentry, pi->flags);
	pram_set_times(inode, pi);
	inode_set_iversion_raw(inode, pi->version);
	if (!err && pi->nlink > 1)
		err = xa_err(xa_store(&r->links, pi->ino, dentry, GFP_KERNEL));
	return err;
}

static bool pram_valid_component(const char *name, size_t len)
{
	return len && len <= NAME_MAX && !memchr(name, 0, len) &&
	       !memchr(name, '/', len) && !name_is_dot_dotdot(name, len);
}

/*
 * The name that ends a record, and has @cookie for its place; it must be new in the
 * directory
 */
static int pram_get_name(struct pram_stream *ps, struct pram_restore *r,
			 size_t len, u32 cookie)
{
	struct dentry *dentry;
	struct qstr qstr;
	int err;

	if (!r->dir || len > NAME_MAX)
		return -EIO;
	r->cookie = cookie;
	memset(r->name, 0, sizeof(r->name));
	err = pram_get(ps, r->name, len);
	if (err)
		return err;
	if (!pram_valid_component(r->name, len))
		return -EIO;
	qstr = (struct qstr)QSTR_INIT(r->name, len);
	dentry = try_lookup_noperm(&qstr, r->dir);
	if (IS_ERR_OR_NULL(dentry))
		return 0;
	dput(dentry);
	return -EIO;
}

static int pram_make_inode(struct inode *dir, struct dentry *dentry,
			   const struct pram_tmpfs_inode *pi,
			   const char *target, struct dentry *other)
{
	const struct inode_operations *op = dir->i_op;
	struct mnt_idmap *idmap = &nop_mnt_idmap;
	int err;

	if (other)
		return op->link(other, dir, dentry);
	if (S_ISLNK(pi->mode))
		return op->symlink(idmap, dir, dentry, target);
	err = op->mknod(idmap, dir, dentry, pi->mode, new_decode_dev(pi->rdev));
	/* As shmem_mkdir() does */
	if (!err && S_ISDIR(pi->mode))
		inc_nlink(dir);
	return err;
}

/*
 * Make the entry r->name in r->dir, whose own times and version stay as they are: a
 * name of @other, or a new inode, which is a link to @target if it is a symbolic one.
 */
static struct dentry *pram_make(struct pram_restore *r, const char *target,
				struct dentry *other)
{
	struct inode *dir = d_inode(r->dir);
	struct timespec64 mtime = inode_get_mtime(dir);
	struct timespec64 ctime = inode_get_ctime(dir);
	u64 version = inode_peek_iversion_raw(dir);
	struct dentry *dentry;
	int err;

	err = pram_may_charge(r->spare);
	if (err)
		return ERR_PTR(err);
	dentry = d_alloc_name(r->dir, r->name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);

	inode_lock_nested(dir, I_MUTEX_PARENT);
	dir->i_op->lookup(dir, dentry, 0);
	/* What simple_offset_add() takes, if it is free */
	SHMEM_I(dir)->dir_offsets.next_offset = r->cookie;
	err = pram_make_inode(dir, dentry, &r->pi, target, other);
	inode_unlock(dir);
	inode_set_mtime_to_ts(dir, mtime);
	inode_set_ctime_to_ts(dir, ctime);
	inode_set_iversion_raw(dir, version);
	if (!err && (unsigned long)dentry->d_fsdata != r->cookie)
		err = -EIO;

	/* tmpfs holds on to the dentry itself */
	dput(dentry);
	return err ? ERR_PTR(err) : dentry;
}

static int pram_restore_made(struct pram_restore *r, const char *target)
{
	struct dentry *dentry = pram_make(r, target, NULL);
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	err = pram_set_inode(r, dentry);
	r->at = dentry;
	if (S_ISDIR(r->pi.mode))
		r->dir = dentry;
	return err;
}

static int pram_restore_inode(struct pram_stream *ps, struct pram_restore *r,
			      size_t len)
{
	struct pram_tmpfs_inode *pi = &r->pi;
	int err;

	r->at = NULL;
	if (len < sizeof(*pi))
		return -EIO;
	err = pram_get(ps, pi, sizeof(*pi));
	if (!err)
		err = pram_check_inode(r->sb, pi);
	if (err)
		return err;
	if (!r->rooted) {
		if (!S_ISDIR(pi->mode) || len != sizeof(*pi) || pi->cookie)
			return -EIO;
		r->rooted = true;
		r->dir = r->sb->s_root;
		r->at = r->dir;
		return pram_set_inode(r, r->dir);
	}
	err = pram_get_name(ps, r, len - sizeof(*pi), pi->cookie);
	/* A symbolic link is made when its target is known */
	r->targetless = S_ISLNK(pi->mode);
	if (err || r->targetless)
		return err;
	return pram_restore_made(r, NULL);
}

static int pram_restore_target(struct pram_stream *ps, struct pram_restore *r,
			       size_t len)
{
	char *target __free(kfree) = NULL;
	int err;

	if (!r->targetless || !len || len >= PATH_MAX)
		return -EIO;
	r->targetless = false;
	target = kzalloc(len + 1, GFP_KERNEL);
	if (!target)
		return -ENOMEM;
	err = pram_get(ps, target, len);
	if (err)
		return err;
	if (memchr(target, 0, len))
		return -EIO;
	return pram_restore_made(r, target);
}

/* One more name, and the times and version of the inode stay as they are */
static int pram_restore_link(struct pram_stream *ps, struct pram_restore *r,
			     size_t len)
{
	struct pram_tmpfs_link link;
	struct dentry *other, *dentry;
	struct timespec64 ctime;
	u64 version;
	int err;

	r->at = NULL;
	if (len < sizeof(link))
		return -EIO;
	err = pram_get(ps, &link, sizeof(link));
	if (!err && link.reserved)
		err = -EIO;
	if (!err)
		err = pram_get_name(ps, r, len - sizeof(link), link.cookie);
	if (err)
		return err;
	other = xa_load(&r->links, link.ino);
	if (!other)
		return -EIO;
	ctime = inode_get_ctime(d_inode(other));
	version = inode_peek_iversion_raw(d_inode(other));
	dentry = pram_make(r, NULL, other);
	inode_set_ctime_to_ts(d_inode(other), ctime);
	inode_set_iversion_raw(d_inode(other), version);
	return PTR_ERR_OR_ZERO(dentry);
}

static int pram_restore_extent(struct pram_stream *ps, struct pram_restore *r,
			       const struct pram_tmpfs_rec *rec)
{
	u64 max = pram_max_pages(r->sb);
	struct pram_tmpfs_extent extent;
	int err;

	if (!r->at || !S_ISREG(d_inode(r->at)->i_mode) ||
	    rec->len != sizeof(extent))
		return -EIO;
	err = pram_get(ps, &extent, sizeof(extent));
	if (err)
		return err;
	if (!extent.nr_pages || extent.nr_pages > max ||
	    extent.index > max - extent.nr_pages)
		return -EIO;
	if (rec->type == PRAM_TMPFS_LOST)
		return pram_restore_lost(ps, r->at, &extent, r->jobs, &r->lost);
	return pram_restore_pages(ps, r->at, &extent, r->jobs, &r->lost);
}

static int pram_restore_up(struct pram_stream *ps, struct pram_restore *r,
			   size_t len)
{
	struct pram_tmpfs_up up;
	int err;

	if (!r->dir || len != sizeof(up))
		return -EIO;
	err = pram_get(ps, &up, sizeof(up));
	if (err)
		return err;
	if (up.reserved || up.next_cookie > S32_MAX)
		return -EIO;
	SHMEM_I(d_inode(r->dir))->dir_offsets.next_offset = up.next_cookie;
	r->at = NULL;
	r->dir = IS_ROOT(r->dir) ? NULL : r->dir->d_parent;
	return 0;
}

/* The end of the tree must be that of the streams, too */
static int pram_restore_end(struct pram_stream *ps)
{
	struct folio *folio;
	char byte;

	if (pram_read(ps, &byte, 1))
		return -EIO;
	folio = pram_load_folio(ps, NULL);
	if (!folio)
		return 1;
	if (!IS_ERR(folio))
		folio_put(folio);
	return -EIO;
}

/* Returns 1 at the end of the tree */
static int pram_restore_rec(struct pram_stream *ps, struct pram_restore *r)
{
	struct pram_tmpfs_rec rec;
	int err;

	err = pram_get(ps, &rec, sizeof(rec));
	if (err)
		return err;
	if (r->targetless && rec.type != PRAM_TMPFS_TARGET)
		return -EIO;
	switch (rec.type) {
	case PRAM_TMPFS_INODE:
		return pram_restore_inode(ps, r, rec.len);
	case PRAM_TMPFS_LINK:
		return pram_restore_link(ps, r, rec.len);
	case PRAM_TMPFS_TARGET:
		return pram_restore_target(ps, r, rec.len);
	case PRAM_TMPFS_XATTR:
		return pram_restore_attr(ps, r->at, rec.len);
	case PRAM_TMPFS_EXTENT:
	case PRAM_TMPFS_LOST:
		return pram_restore_extent(ps, r, &rec);
	case PRAM_TMPFS_UP:
		return pram_restore_up(ps, r, rec.len);
	case PRAM_TMPFS_END:
		if (r->dir || !r->rooted || rec.len)
			return -EIO;
		return pram_restore_end(ps);
	default:
		return -EIO;
	}
}

/* All records have been read, or @ret is an error. Returns what is to be made of it. */
static int pram_restore_last(struct pram_restore *r, int ret)
{
	int err;

	if (ret < 0)
		pram_jobs_stop(r->jobs);
	err = pram_jobs_wait(r->jobs, &r->lost);
	pram_jobs_free(r->jobs);
	return ret < 0 || !err ? ret : err;
}

/**
 * pram_restore_tree - make a tree by its description
 * @ps: the stream, open for PRAM_READ
 * @sb: the file system, with an empty root directory
 * @seen: PRAM_SEEN_*, the options that the mount has said itself
 *
 * Context: may sleep.
 * Return: 0 or an error, as pram_tmpfs_get_tree(); -EINTR: the task has been killed.
 */
int pram_restore_tree(struct pram_stream *ps, struct super_block *sb,
		      unsigned int seen)
{
	struct pram_restore *r __free(kfree) = NULL;
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct pram_tmpfs_head head;
	int ret;

	ret = pram_get(ps, &head, sizeof(head));
	if (ret)
		return ret;
	if (head.magic != PRAM_TMPFS_MAGIC ||
	    head.version != PRAM_TMPFS_VERSION)
		return -EINVAL;
	ret = pram_restore_options(ps, sb, &head, seen);
	if (ret)
		return ret;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->sb = sb;
	r->spare = folio_alloc(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN,
			       PAGE_ALLOC_COSTLY_ORDER);
	xa_init(&r->links);
	pram_lost_start(ps->node);
	pram_progress_start(ps->node, "restoring",
			    ps->node->page->chain[PRAM_PAGES].nr_pages);
	/* What became of folios that had been restored once before */
	lru_add_drain_all();
	r->jobs = pram_jobs_alloc();
	do {
		ret = pram_restore_rec(ps, r);
		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
	} while (!ret);
	ret = pram_restore_last(r, ret);
	pram_lost_file(&r->lost, ps->node);
	pram_progress_end(ps->node);
	xa_destroy(&r->links);
	if (r->spare)
		folio_put(r->spare);
	if (ret > 0 && r->nr_inodes != head.nr_inodes)
		ret = -EIO;
	/* A number that has been used is not used again */
	sbinfo->next_ino = max_t(u64, head.next_ino, r->max_ino + 1);
	return ret < 0 ? ret : 0;
}
