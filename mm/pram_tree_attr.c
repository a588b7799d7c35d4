// SPDX-License-Identifier: GPL-2.0
/*
 * Describing and restoring a tmpfs tree: extended attributes, ACLs and labels.
 */
#include "pram_tree.h"

#include <linux/security.h>

/* How long to wait for who has a file locked */
#define PRAM_LOCK_TIME		(5 * HZ)

static int pram_put_xattr(struct pram_stream *ps, const char *name,
			  const void *value, size_t size)
{
	struct pram_tmpfs_xattr xattr = { .name_len = strlen(name) };

	return pram_put_rec(ps, PRAM_TMPFS_XATTR, &xattr, sizeof(xattr),
			    name, xattr.name_len, value, size);
}

static int pram_save_acl(struct pram_stream *ps, const char *name,
			 const struct posix_acl *acl)
{
	void *buf __free(kfree) = NULL;
	size_t size;

	if (IS_ERR_OR_NULL(acl) || is_uncached_acl((void *)acl))
		return 0;
	buf = posix_acl_to_xattr(&init_user_ns, acl, &size, ps->gfp);
	/* The set of nodes is frozen, and the tree, too */
	ps->node->page->flags |= PRAM_NODE_ACL;
	return buf ? pram_put_xattr(ps, name, buf, size) : -ENOMEM;
}

/* ACLs are where the VFS caches those of others */
static int pram_save_acls(struct pram_stream *ps, struct inode *inode)
{
	int err = 0;

#ifdef CONFIG_FS_POSIX_ACL
	err = pram_save_acl(ps, XATTR_NAME_POSIX_ACL_ACCESS, inode->i_acl);
	if (!err)
		err = pram_save_acl(ps, XATTR_NAME_POSIX_ACL_DEFAULT,
				    inode->i_default_acl);
#endif
	return err;
}

/*
 * IMA sets its own without asking whether the file system is frozen. Others may have the
 * lock for as long as they like: a directory may be read into memory that is not there.
 */
static int pram_lock_attrs(struct inode *inode)
{
	unsigned long deadline = jiffies + PRAM_LOCK_TIME;

	while (!inode_trylock_shared(inode)) {
		if (!time_before(jiffies, deadline))
			return -ETIMEDOUT;
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

static int pram_save_xattrs(struct pram_stream *ps, struct inode *inode)
{
	struct simple_xattr *xattr;
	int err = 0;

	err = pram_lock_attrs(inode);
	if (err)
		return err;
	pram_for_each_xattr(xattr, inode) {
		ps->node->page->flags |= PRAM_NODE_XATTR;
		err = pram_put_xattr(ps, xattr->name, xattr->value,
				     xattr->size);
		if (err)
			break;
	}
	inode_unlock_shared(inode);
	return err;
}

static int pram_has_xattr(struct inode *inode, const char *name)
{
	struct simple_xattr *xattr;
	bool found = false;
	int err;

	err = pram_lock_attrs(inode);
	if (err)
		return err;
	pram_for_each_xattr(xattr, inode)
		found |= !strcmp(xattr->name, name);
	inode_unlock_shared(inode);
	return found;
}

/*
 * The label of the root is no attribute if a mount option has given it, as rootcontext=
 * does. It is one in the next kernel, which may be without that option.
 */
static int pram_save_label(struct pram_stream *ps, struct inode *root,
			   const char *name)
{
	void *label = NULL;
	int len, err;

	err = pram_has_xattr(root, name);
	if (err)
		return min(err, 0);
	len = security_inode_getsecurity(&nop_mnt_idmap, root,
					 name + XATTR_SECURITY_PREFIX_LEN,
					 &label, true);
	if (len < 0)
		return len == -ENOMEM ? len : 0;
	err = pram_put_xattr(ps, name, label, len);
	kfree(label);
	return err;
}

static int pram_save_labels(struct pram_stream *ps, struct inode *root)
{
	int err = pram_save_label(ps, root, XATTR_NAME_SELINUX);

	return err ? err : pram_save_label(ps, root, XATTR_NAME_SMACK);
}

/**
 * pram_save_attrs - describe the extended attributes of an inode
 * @ps: the stream, open for PRAM_WRITE
 * @inode: the inode
 * @root: whether it is that of the root
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_save_attrs(struct pram_stream *ps, struct inode *inode, bool root)
{
	int err = pram_save_xattrs(ps, inode);

	if (!err)
		err = pram_save_acls(ps, inode);
	if (!err && root)
		err = pram_save_labels(ps, inode);
	return err;
}

static int pram_set_acl(struct inode *inode, int type, const void *value,
			size_t size)
{
	struct posix_acl *acl;
	int err;

	if (!IS_ENABLED(CONFIG_TMPFS_POSIX_ACL))
		return -EOPNOTSUPP;
	if (S_ISLNK(inode->i_mode) ||
	    (type == ACL_TYPE_DEFAULT && !S_ISDIR(inode->i_mode)))
		return -EIO;
	acl = posix_acl_from_xattr(&init_user_ns, value, size);
	if (IS_ERR_OR_NULL(acl))
		return acl ? PTR_ERR(acl) : -EIO;
	err = posix_acl_valid(&init_user_ns, acl);
	if (!err)
		set_cached_acl(inode, type, acl);
	posix_acl_release(acl);
	return err;
}

static int pram_set_xattr(struct dentry *dentry, const char *name,
			  const void *value, size_t size)
{
	struct inode *inode = d_inode(dentry);
	struct timespec64 ctime = inode_get_ctime(inode);
	u64 version = inode_peek_iversion_raw(inode);
	int err;

	if (!strcmp(name, XATTR_NAME_POSIX_ACL_ACCESS))
		return pram_set_acl(inode, ACL_TYPE_ACCESS, value, size);
	if (!strcmp(name, XATTR_NAME_POSIX_ACL_DEFAULT))
		return pram_set_acl(inode, ACL_TYPE_DEFAULT, value, size);
	/* A security module learns of its label by this, too */
	inode_lock(inode);
	err = __vfs_setxattr_noperm(&nop_mnt_idmap, dentry, name, value, size,
				    0);
	inode_unlock(inode);
	inode_set_ctime_to_ts(inode, ctime);
	inode_set_iversion_raw(inode, version);
	return err;
}

/**
 * pram_restore_attr - restore an extended attribute
 * @ps: the stream, open for PRAM_READ
 * @dentry: whose it is; NULL: the record before was of nothing that can have any
 * @len: how many bytes of the stream it has
 *
 * Context: may sleep.
 * Return: 0; -EIO: it is not valid; -ENOMEM, or what the security module says.
 */
int pram_restore_attr(struct pram_stream *ps, struct dentry *dentry, size_t len)
{
	char name[XATTR_NAME_MAX + 1] = {};
	void *value __free(kvfree) = NULL;
	struct pram_tmpfs_xattr xattr;
	int err;

	if (!dentry || len < sizeof(xattr))
		return -EIO;
	err = pram_get(ps, &xattr, sizeof(xattr));
	if (err)
		return err;
	len -= sizeof(xattr);
	if (!xattr.name_len || xattr.name_len > XATTR_NAME_MAX ||
	    xattr.reserved || xattr.name_len > len ||
	    len - xattr.name_len > XATTR_SIZE_MAX)
		return -EIO;
	len -= xattr.name_len;
	value = kvmalloc(len + 1, GFP_KERNEL);
	if (!value)
		return -ENOMEM;
	err = pram_get(ps, name, xattr.name_len);
	if (!err && len)
		err = pram_get(ps, value, len);
	if (!err && memchr(name, 0, xattr.name_len))
		err = -EIO;
	if (!err)
		err = pram_set_xattr(dentry, name, value, len);
	if (err)
		pr_err("tmpfs: attribute '%s' of '%pd4': error %d\n", name,
		       dentry, err);
	return err;
}
