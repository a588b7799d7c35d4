// SPDX-License-Identifier: GPL-2.0
/*
 * Describing a tmpfs tree: extended attributes, ACLs and labels.
 */
#include "pram_tree.h"

#include <linux/security.h>

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

static int pram_save_xattrs(struct pram_stream *ps, struct inode *inode)
{
	struct simple_xattr *xattr;
	int err = 0;

	/* IMA sets its own without asking whether the file system is frozen */
	inode_lock_shared(inode);
	pram_for_each_xattr(xattr, inode) {
		err = pram_put_xattr(ps, xattr->name, xattr->value,
				     xattr->size);
		if (err)
			break;
	}
	inode_unlock_shared(inode);
	return err;
}

static bool pram_has_xattr(struct inode *inode, const char *name)
{
	struct simple_xattr *xattr;
	bool found = false;

	inode_lock_shared(inode);
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

	if (pram_has_xattr(root, name))
		return 0;
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
