// SPDX-License-Identifier: GPL-2.0
/*
 * Super blocks, names and inodes in memory, as tmpfs has them.
 */
#include "sim.h"
#include "vfs.h"

struct user_namespace init_user_ns;

/* There is nothing in it: only its address is of use */
struct mnt_idmap {
	int unused;
} nop_mnt_idmap;

unsigned long sim_kill_at;

bool sim_work_late;

static LIST_HEAD(supers);
static LIST_HEAD(works);

void sim_queue_work(struct work_struct *work)
{
	list_add_tail(&work->list, &works);
}

bool sim_cancel_work(struct work_struct *work)
{
	struct work_struct *other;

	list_for_each_entry(other, &works, list) {
		if (other != work)
			continue;
		list_del(&work->list);
		return true;
	}
	return false;
}

static void do_work(struct work_struct *work)
{
	list_del(&work->list);
	work->func(work);
}

unsigned int sim_work(void)
{
	unsigned int nr = 0;

	while (!list_empty(&works)) {
		do_work(list_first_entry(&works, struct work_struct, list));
		nr++;
	}
	return nr;
}

/* Every other time that a task looks whether it is killed, what was queued last is done */
static void work_meanwhile(void)
{
	static unsigned int times;

	if (!sim_work_late && !list_empty(&works) && ++times % 2)
		do_work(list_last_entry(&works, struct work_struct, list));
}

bool fatal_signal_pending(const void *task)
{
	work_meanwhile();
	return sim_kill_at && !--sim_kill_at;
}

/*
 * Names. One with an inode is held by tmpfs until the end of the file system.
 */
static struct dentry *new_dentry(struct super_block *sb, const char *name)
{
	struct dentry *dentry = kzalloc(sizeof(*dentry), GFP_KERNEL);
	char *copy = kstrdup(name, GFP_KERNEL);

	if (!dentry || !copy) {
		kfree(dentry);
		kfree(copy);
		return NULL;
	}
	dentry->d_name = (struct qstr)QSTR_INIT(copy, strlen(copy));
	dentry->refs = 1;
	dentry->d_sb = sb;
	list_add_tail(&dentry->list, &sb->dentries);
	return dentry;
}

static void free_dentry(struct dentry *dentry)
{
	list_del(&dentry->list);
	kfree(dentry->d_name.name);
	kfree(dentry);
}

struct dentry *d_alloc_name(struct dentry *parent, const char *name)
{
	struct dentry *dentry = new_dentry(parent->d_inode->i_sb, name);

	if (dentry) {
		dentry->d_parent = dget(parent);
		hlist_add_head(&dentry->d_sib, &parent->d_children);
	}
	return dentry;
}

struct dentry *d_make_root(struct inode *inode)
{
	struct dentry *dentry = new_dentry(inode->i_sb, "/");

	if (dentry) {
		dentry->d_parent = dentry;
		d_instantiate(dentry, inode);
	}
	return dentry;
}

void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	WARN_ON(dentry->d_inode);
	dentry->d_inode = inode;
	inode->names++;
}

struct dentry *dget(struct dentry *dentry)
{
	WARN_ON(dentry->refs <= 0);
	dentry->refs++;
	return dentry;
}

void dput(struct dentry *dentry)
{
	struct dentry *parent;

	if (!dentry)
		return;
	WARN_ON(dentry->refs <= 0);
	if (--dentry->refs)
		return;
	/* tmpfs has one of what there is: somebody has given it back */
	WARN_ON(dentry->d_inode);
	parent = dentry->d_parent;
	hlist_del(&dentry->d_sib);
	free_dentry(dentry);
	dput(parent);
}

struct dentry *try_lookup_noperm(struct qstr *name, struct dentry *dir)
{
	struct xarray *names = &SHMEM_I(dir->d_inode)->dir_offsets.mt.xa;
	struct dentry *child;
	unsigned long at;

	xa_for_each(names, at, child) {
		if (child->d_name.len == name->len &&
		    !memcmp(child->d_name.name, name->name, name->len))
			return dget(child);
	}
	return NULL;
}

char *dentry_path_raw(const struct dentry *dentry, char *buf, int len)
{
	char *p = buf + len;

	*--p = 0;
	for (; !IS_ROOT(dentry); dentry = dentry->d_parent) {
		len = dentry->d_name.len;
		if (p - buf < len + 1)
			return ERR_PTR(-ENAMETOOLONG);
		p -= len;
		memcpy(p, dentry->d_name.name, len);
		*--p = '/';
	}
	if (!*p)
		*--p = '/';
	return p;
}

/* Returns how many bytes it would take */
int string_escape_mem(const char *src, size_t len, char *dst, size_t size,
		      unsigned int flags, const char *only)
{
	char one[5];
	size_t at = 0, n;

	WARN_ON(flags != ESCAPE_OCTAL);
	for (; len--; src++, at += n) {
		n = *src && strchr(only, *src) ? 4 : 1;
		if (n == 4)
			sprintf(one, "\\%03o", (u8)*src);
		else
			one[0] = *src;
		if (at < size)
			memcpy(dst + at, one, min(n, size - at));
	}
	return at;
}

static void move_to(struct dentry *dentry, struct dentry *parent)
{
	hlist_del(&dentry->d_sib);
	hlist_add_head(&dentry->d_sib, &parent->d_children);
	dentry->d_parent = parent;
}

/* Each gets the name and the offset of the other, and comes first where it is now */
void sim_exchange(struct dentry *a, struct dentry *b)
{
	struct dentry *from = a->d_parent, *to = b->d_parent;

	WARN_ON(IS_ROOT(a) || IS_ROOT(b) || a->d_sb->frozen);
	WARN_ON(from != to && (S_ISDIR(a->d_inode->i_mode) ||
			       S_ISDIR(b->d_inode->i_mode)));
	swap(a->d_name, b->d_name);
	swap(a->offset, b->offset);
	/* Nothing is allocated: there is an entry */
	xa_store(&SHMEM_I(to->d_inode)->dir_offsets.mt.xa, a->offset, a,
		 GFP_KERNEL);
	xa_store(&SHMEM_I(from->d_inode)->dir_offsets.mt.xa, b->offset, b,
		 GFP_KERNEL);
	move_to(b, from);
	move_to(a, to);
}

/*
 * Inodes
 */
void inode_lock(struct inode *inode)
{
	might_sleep();
	WARN_ON(inode->locked);
	inode->locked = true;
}

void inode_unlock(struct inode *inode)
{
	WARN_ON(!inode->locked);
	inode->locked = false;
}

void inode_set_flags(struct inode *inode, unsigned int flags, unsigned int mask)
{
	WARN_ON(flags & ~mask);
	inode->i_flags = (inode->i_flags & ~mask) | flags;
}

static void put_acl(struct posix_acl *acl)
{
	if (!is_uncached_acl(acl))
		posix_acl_release(acl);
}

void set_cached_acl(struct inode *inode, int type, struct posix_acl *acl)
{
	struct posix_acl **p = type == ACL_TYPE_ACCESS ? &inode->i_acl :
							 &inode->i_default_acl;
	struct posix_acl *old = *p;

	*p = posix_acl_dup(acl);
	put_acl(old);
}

/* What is new in a directory has what that says */
int simple_acl_create(struct inode *dir, struct inode *inode)
{
	struct posix_acl *acl = dir->i_default_acl;

	cache_no_acl(inode);
	if (S_ISLNK(inode->i_mode) || is_uncached_acl(acl))
		return 0;
	set_cached_acl(inode, ACL_TYPE_ACCESS, acl);
	if (S_ISDIR(inode->i_mode))
		set_cached_acl(inode, ACL_TYPE_DEFAULT, acl);
	return 0;
}

/* The name that is left of an attribute that tmpfs can have, or NULL */
static const char *xattr_suffix(const char *name)
{
	static const char * const prefixes[] = {
		XATTR_SECURITY_PREFIX, XATTR_TRUSTED_PREFIX, XATTR_USER_PREFIX,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return name + strlen(prefixes[i]);
	}
	return NULL;
}

static struct simple_xattr_cache *xattr_cache(const struct inode *inode)
{
	struct shmem_sb_info *sbinfo = inode->i_sb->s_fs_info;

	return &sbinfo->xa_cache;
}

int __vfs_setxattr_noperm(struct mnt_idmap *idmap, struct dentry *dentry,
			  const char *name, const void *value, size_t size,
			  int flags)
{
	struct inode *inode = dentry->d_inode;
	const char *suffix = xattr_suffix(name);
	struct simple_xattr *old;

	WARN_ON(!inode->locked);
	if (!suffix)
		return -EOPNOTSUPP;
	if (!*suffix)
		return -EINVAL;
	old = sim_set_xattr(xattr_cache(inode), &SHMEM_I(inode)->xattrs, name,
			    size ? value : "", size, flags);
	if (IS_ERR(old))
		return PTR_ERR(old);
	simple_xattr_free(old);
	inode->ctime = (struct timespec64){ 1, 1 };
	inode->version++;
	return 0;
}

/*
 * Super blocks
 */
static struct super_block *new_super(void)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	if (!sb)
		return NULL;
	atomic_set(&sb->s_active, 1);
	INIT_LIST_HEAD(&sb->dentries);
	INIT_LIST_HEAD(&sb->s_inodes);
	list_add(&sb->list, &supers);
	return sb;
}

void sim_check_tree(const struct super_block *sb)
{
	const struct dentry *dentry;
	struct inode *inode;
	int want;

	list_for_each_entry(dentry, &sb->dentries, list) {
		struct dentry *child;

		inode = dentry->d_inode;
		if (!inode)
			sim_fail("'%s' is nothing", dentry->d_name.name);
		if (inode->locked)
			sim_fail("'%s' is locked", dentry->d_name.name);
		if (inode->refs)
			sim_fail("'%s' is still held", dentry->d_name.name);
		want = 1;
		hlist_for_each_entry(child, &dentry->d_children, d_sib)
			want++;
		if (dentry->refs != want)
			sim_fail("'%s' has %d references, not %d",
				 dentry->d_name.name, dentry->refs, want);
	}
}

static void kill_super(struct super_block *sb)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct dentry *dentry, *next;

	WARN_ON(sb->frozen);
	sim_check_tree(sb);
	list_for_each_entry_safe(dentry, next, &sb->dentries, list) {
		if (!--dentry->d_inode->names)
			shmem_evict_inode(dentry->d_inode);
		free_dentry(dentry);
	}
	WARN_ON(sbinfo && (sbinfo->used_blocks.count || sbinfo->shrinklist_len));
	if (sbinfo)
		simple_xattr_cache_cleanup(&sbinfo->xa_cache);
	kfree(sbinfo);
	list_del(&sb->list);
	kfree(sb);
}

void deactivate_super(struct super_block *sb)
{
	might_sleep();
	WARN_ON(atomic_read(&sb->s_active) <= 0);
	atomic_dec(&sb->s_active);
	if (!atomic_read(&sb->s_active))
		kill_super(sb);
}

int freeze_super(struct super_block *sb, int who, ...)
{
	if (sb->frozen)
		return -EBUSY;
	sb->frozen = true;
	return 0;
}

int thaw_super(struct super_block *sb, int who, ...)
{
	WARN_ON(!sb->frozen);
	sb->frozen = false;
	return 0;
}

int get_tree_nodev(struct fs_context *fc,
		   int (*fill)(struct super_block *sb, struct fs_context *fc))
{
	struct super_block *sb = new_super();
	int err;

	if (!sb)
		return -ENOMEM;
	down_write(&sb->s_umount);
	err = fill(sb, fc);
	if (err) {
		up_write(&sb->s_umount);
		deactivate_super(sb);
		return err;
	}
	fc->root = dget(sb->s_root);
	return 0;
}

void sim_vfs_reset(void)
{
	/* Their memory goes with all that the kernel has */
	INIT_LIST_HEAD(&supers);
	INIT_LIST_HEAD(&works);
	sim_work_late = false;
	sim_kill_at = 0;
	sim_shmem_reset();
}
