// SPDX-License-Identifier: GPL-2.0
/*
 * tmpfs trees: mount -t tmpfs -o pram=NAME
 */
#include "pram_tree.h"

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/quotaops.h>
#include <linux/seq_file.h>

/* One mount at a time looks whether the tree is there, and makes it if not */
static DEFINE_MUTEX(pram_mount_lock);

/**
 * struct pram_mount - what a mount says of PRAM
 * @must_exist: pram_must_exist
 * @name: pram=; empty: nothing
 */
struct pram_mount {
	bool must_exist;
	char name[PRAM_NAME_MAX + 1];
};

/**
 * pram_tmpfs_param - take the mount options pram= and pram_must_exist
 * @fc: the mount
 * @param: the option
 * @mount: where what it says goes; NULL at first. To be freed by kfree()
 *
 * Nodes belong to the machine: a mount in another user namespace gets none.
 *
 * Return: 0, -EPERM, -EINVAL or -ENOMEM.
 */
int pram_tmpfs_param(struct fs_context *fc, struct fs_parameter *param,
		     struct pram_mount **mount)
{
	if (fc->user_ns != &init_user_ns || !capable(CAP_SYS_ADMIN)) {
		errorf(fc, "tmpfs: pram= takes CAP_SYS_ADMIN in the initial user namespace");
		return -EPERM;
	}
	if (!*mount)
		*mount = kzalloc(sizeof(**mount), GFP_KERNEL);
	if (!*mount)
		return -ENOMEM;
	if (param->type == fs_value_is_flag) {
		(*mount)->must_exist = true;
		return 0;
	}
	if (param->size > PRAM_NAME_MAX || !pram_name_valid(param->string))
		return invalfc(fc, "Bad value for 'pram'");
	strscpy((*mount)->name, param->string);
	return 0;
}

/**
 * pram_tmpfs_same - may a remount say this?
 * @node: of the tree that is mounted; NULL: none
 * @mount: what it says; NULL: nothing
 *
 * Return: whether it would change nothing.
 */
bool pram_tmpfs_same(const struct pram_node *node,
		     const struct pram_mount *mount)
{
	return !mount || (node && !strcmp(node->page->name, mount->name));
}

/**
 * pram_tmpfs_show - show the mount option
 * @seq: where to
 * @node: of the tree that is mounted; NULL: none
 */
void pram_tmpfs_show(struct seq_file *seq, const struct pram_node *node)
{
	if (node)
		seq_show_option(seq, "pram", node->page->name);
}

/**
 * pram_tmpfs_get_tree - mount a tree: one that is alive, or a new super block
 * @fc: the mount
 * @mount: what the mount says
 * @fill: fills in a new super block, and ends with pram_tmpfs_mount()
 * @same: whether the options of the mount are those of a super block
 *
 * Context: mount, may sleep.
 * Return: 0 or an error, as pram_tmpfs_mount(); also
 * -EBUSY: the tree is alive, and has other options;
 * -EINTR: the task has been killed while another mount was under way.
 */
int pram_tmpfs_get_tree(struct fs_context *fc, const struct pram_mount *mount,
			int (*fill)(struct super_block *sb,
				    struct fs_context *fc),
			bool (*same)(struct fs_context *fc,
				     const struct super_block *sb))
{
	struct super_block *sb;
	int err;

	if (!*mount->name)
		return invalfc(fc, "pram_must_exist takes pram=");
	err = mutex_lock_killable(&pram_mount_lock);
	if (err)
		return err;
	sb = pram_tree_get(mount->name);
	err = sb ? 0 : get_tree_nodev(fc, fill);
	mutex_unlock(&pram_mount_lock);
	if (!sb)
		return err;
	if (!same(fc, sb) || (fc->sb_flags ^ sb->s_flags) & SB_RDONLY) {
		errorf(fc, "tmpfs '%s' is alive with other options: use remount",
		       mount->name);
		deactivate_super(sb);
		return -EBUSY;
	}
	down_write(&sb->s_umount);
	fc->root = dget(sb->s_root);
	return 0;
}

static int pram_tmpfs_open(struct pram_stream *ps, struct super_block *sb,
			   const struct pram_mount *mount)
{
	int err = pram_open(mount->name, PRAM_READ, GFP_KERNEL, ps);

	if (err == -ENOENT && !mount->must_exist)
		return pram_open(mount->name, PRAM_WRITE, GFP_KERNEL, ps);
	if (err)
		return err;
	err = pram_restore_tree(ps, sb);
	if (err)
		pram_close(ps, PRAM_KEEP);
	return err;
}

/**
 * pram_tmpfs_mount - restore a tree
 * @sb: the super block, with an empty root directory
 * @mount: what the mount says; NULL: nothing
 *
 * If there is no such node, and it need not exist, the tree is new and empty.
 *
 * Context: mount, may sleep.
 * Return: 0; or, with the node as it was,
 * -ENOENT: there is no such node, and it must exist;
 * -EBUSY: the node is in use, or a kexec has begun;
 * -EINVAL: it is not a tmpfs tree, or the mount has quotas;
 * -EIO, -EEXIST: it is damaged;
 * -EHWPOISON: a page of it is broken;
 * -ENODEV: PRAM is off;
 * -ENOSPC: the tree is larger than the mount options allow;
 * -ENOMEM: out of memory.
 */
int pram_tmpfs_mount(struct super_block *sb, const struct pram_mount *mount)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct pram_stream ps;
	int err;

	if (!mount)
		return 0;
	err = sb_any_quota_loaded(sb) ? -EINVAL :
					pram_tmpfs_open(&ps, sb, mount);
	if (err) {
		pr_err("tmpfs '%s' cannot be mounted: error %d\n", mount->name,
		       err);
		return err;
	}
	sbinfo->pram = ps.node;
	pram_tree_live(&ps, sb);
	return 0;
}
