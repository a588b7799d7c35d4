// SPDX-License-Identifier: GPL-2.0
/*
 * tmpfs trees: mount -t tmpfs -o pram=NAME
 */
#include "pram_tree.h"

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/memcontrol.h>
#include <linux/quotaops.h>
#include <linux/seq_file.h>

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

/**
 * pram_settle_folio - take a folio that is in no page cache off the LRU and out of
 * its memcg
 * @folio: the folio, of which the caller has a reference besides that of PRAM
 *
 * It is as it would be if it had just been allocated.
 *
 * Return: whether that is so: not if it has other users than these two.
 */
bool pram_settle_folio(struct folio *folio)
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

static int pram_save_sb(struct super_block *sb, const char *name)
{
	struct pram_stream ps;
	int err;

	err = pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps);
	if (err)
		return err;
	/* Folios on their way to the LRU could not be taken off it */
	lru_add_drain_all();
	err = pram_save_tree(&ps, sb);
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
