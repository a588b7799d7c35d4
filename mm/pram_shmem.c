// SPDX-License-Identifier: GPL-2.0
/*
 * tmpfs trees: mount -t tmpfs -o pram=NAME
 */
#include "pram_tree.h"

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/quotaops.h>
#include <linux/seq_file.h>

/**
 * DOC: Mounting trees
 *
 * Mounts of the same name run one after the other; mounts of other names do not wait.
 * While a tree is restored, s_umount of its super block is not held, because those who
 * walk all super blocks, such as sync(2), would wait for it all that time. They see a
 * super block that is complete except for its files. Only the mount can access these.
 *
 * The node does not change until all has been restored, and no kexec is being prepared.
 * If the mount fails or is killed before that, the new files are freed, and the node can
 * be restored again, by this kernel or the next.
 */

/*
 * Mounts that look whether their tree is there, and make or restore it if not: one at
 * a time for each name. Waiters are in pram_written.
 */
static DEFINE_SPINLOCK(pram_mounts_lock);
static LIST_HEAD(pram_mounts);

/**
 * struct pram_mount - what a mount says of PRAM
 * @list: in pram_mounts
 * @must_exist: pram_must_exist
 * @wipe: pram_wipe
 * @lazy: pram_lazy
 * @name: pram=; empty: nothing
 */
struct pram_mount {
	struct list_head list;
	bool must_exist;
	bool wipe;
	bool lazy;
	char name[PRAM_NAME_MAX + 1];
};

/**
 * pram_tmpfs_param - take the mount options pram=, pram_must_exist, pram_wipe and
 * pram_lazy
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
		errorfc(fc, "pram= takes CAP_SYS_ADMIN in the initial user namespace");
		return -EPERM;
	}
	if (!*mount)
		*mount = kzalloc(sizeof(**mount), GFP_KERNEL);
	if (!*mount)
		return -ENOMEM;
	if (param->type == fs_value_is_flag) {
		if (!strcmp(param->key, "pram_wipe"))
			(*mount)->wipe = true;
		else if (!strcmp(param->key, "pram_lazy"))
			(*mount)->lazy = true;
		else
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
	return !mount || (node && !strcmp(node->page->name, mount->name) &&
			  (!mount->wipe || pram_wipes(node->page)));
}

static bool pram_has_zone_movable(void)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		if (zone_idx(zone) == ZONE_MOVABLE)
			return true;
	}
	return false;
}

/**
 * pram_tmpfs_file - a regular file has been made
 * @inode: its inode, which nobody else has yet
 *
 * The next kernel boots in KHO's scratch areas, which this one uses for movable pages.
 * Pages of trees would have to move out of there before a kexec, and where memory is
 * full they could not. So they are allocated elsewhere in the first place, but not where
 * that would leave out a ZONE_MOVABLE, too.
 *
 * Context: any.
 */
void pram_tmpfs_file(struct inode *inode)
{
	const struct shmem_sb_info *sbinfo = inode->i_sb->s_fs_info;

	if (sbinfo->pram && kho_is_enabled() && !pram_has_zone_movable())
		mapping_set_gfp_mask(inode->i_mapping, GFP_HIGHUSER);
}

/**
 * pram_tmpfs_show - show the mount option
 * @seq: where to
 * @node: of the tree that is mounted; NULL: none
 */
void pram_tmpfs_show(struct seq_file *seq, const struct pram_node *node)
{
	if (!node)
		return;
	seq_show_option(seq, "pram", node->page->name);
	if (pram_wipes(node->page))
		seq_puts(seq, ",pram_wipe");
}

static bool pram_tmpfs_try_lock(void *arg)
{
	struct pram_mount *mount = arg, *other;
	bool taken = false;

	scoped_guard(spinlock, &pram_mounts_lock) {
		list_for_each_entry(other, &pram_mounts, list)
			taken |= !strcmp(other->name, mount->name);
		if (!taken)
			list_add(&mount->list, &pram_mounts);
	}
	return !taken;
}

static void pram_tmpfs_unlock(struct pram_mount *mount)
{
	scoped_guard(spinlock, &pram_mounts_lock)
		list_del(&mount->list);
	wake_up_all(&pram_written);
}

/* Has kernel code the node open, or is it being discarded? */
static bool pram_tmpfs_in_use(const char *name)
{
	struct pram_node *node;

	guard(mutex)(&pram_lock);
	node = pram_find(name);
	return node && node->state != PRAM_READY && node->state != PRAM_ALIVE;
}

/* Take the node that the previous kernel has left, or a new one */
static int pram_tmpfs_open(struct pram_stream *ps,
			   const struct pram_mount *mount)
{
	int err;

	do {
		err = pram_open(mount->name, PRAM_READ, GFP_KERNEL, ps);
		if (err == -ENOENT && !mount->must_exist)
			err = pram_open(mount->name, PRAM_WRITE, GFP_KERNEL,
					ps);
		/* A kexec that is being prepared may yet be refused */
		if (err == -EBUSY && !pram_tmpfs_in_use(mount->name))
			err = pram_wait_kexec() ?: -EAGAIN;
	/* Somebody else may have been faster to make it */
	} while (err == -EAGAIN || err == -EEXIST);
	return err;
}

/*
 * Others may see the file system: sync(2), which goes through all of them, would wait
 * for one that is about to be mounted. It cannot go, as the mount has it.
 */
static void pram_tmpfs_show_sb(struct super_block *sb)
{
	/* As vfs_get_tree() does later: pairs with super_lock() */
	smp_store_release(&sb->s_flags, sb->s_flags | SB_BORN);
	/* Whoever begins to wait sees the flag, or is woken */
	smp_mb();
	wake_up_var(&sb->s_flags);
	up_write(&sb->s_umount);
}

static int pram_tmpfs_fill(struct pram_stream *ps, struct super_block *sb,
			   const struct pram_mount *mount, unsigned int seen)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct pram_node *node = ps->node;
	int err = 0;

	if (sb_any_quota_loaded(sb)) {
		pr_err("tmpfs '%s': quotas do not go with pram=: leave them out\n",
		       mount->name);
		return -EINVAL;
	}
	/* What is wiped is not swapped out: that would be copies that are not */
	if (mount->wipe || pram_wipes(node->page))
		sbinfo->noswap = true;
	sbinfo->pram = node;
	if (ps->mode == PRAM_READ && mount->lazy)
		err = pram_lazy_start(node);
	if (!err && ps->mode == PRAM_READ)
		err = pram_restore_tree(ps, sb, seen);
	if (!err)
		err = pram_tree_live(ps, sb, mount->wipe);
	/* Copies, as the node still has the rest */
	if (err && pram_wipes(node->page))
		pram_wipe_tree(sb);
	return err;
}

/* Make a super block for the node, with s_umount held and a root for the mount */
static int pram_tmpfs_make(struct fs_context *fc, struct pram_stream *ps,
			   const struct pram_mount *mount,
			   int (*fill)(struct super_block *sb,
				       struct fs_context *fc),
			   unsigned int seen)
{
	enum pram_how how = ps->mode == PRAM_READ ? PRAM_KEEP : PRAM_DISCARD;
	struct super_block *sb;
	int err;

	err = get_tree_nodev(fc, fill);
	if (!err) {
		sb = fc->root->d_sb;
		pram_tmpfs_show_sb(sb);
		err = pram_tmpfs_fill(ps, sb, mount, seen);
		if (!err) {
			down_write(&sb->s_umount);
			return 0;
		}
		dput(fc->root);
		fc->root = NULL;
		deactivate_super(sb);
		pram_lazy_free(ps->node);
		if (ps->mode == PRAM_READ)
			pram_unrestore_pages(ps);
	}
	pram_close(ps, how);
	return err;
}

/* Returns the super block of a tree that is alive; NULL: a new one has been made */
static struct super_block *
pram_tmpfs_find(struct fs_context *fc, const struct pram_mount *mount,
		int (*fill)(struct super_block *sb, struct fs_context *fc),
		unsigned int seen)
{
	struct super_block *sb = pram_tree_get(mount->name);
	struct pram_stream ps;
	int err;

	if (sb)
		return sb;
	err = pram_tmpfs_open(&ps, mount);
	if (!err)
		err = pram_tmpfs_make(fc, &ps, mount, fill, seen);
	if (err == -ENODEV)
		pr_err("tmpfs '%s' cannot be mounted: PRAM is off, by pram=off or an error at boot\n",
		       mount->name);
	else if (err)
		pr_err("tmpfs '%s' cannot be mounted: error %d\n", mount->name,
		       err);
	else
		pr_info("tmpfs '%s': %s\n", mount->name,
			ps.mode == PRAM_READ ? "restored" : "new and empty");
	return ERR_PTR(err);
}

/* Where nobody has it mounted, it is for the next mount to say whether it is read-only */
static void pram_tmpfs_unpark(struct fs_context *fc, struct super_block *sb)
{
	/* PRAM's reference, and that of this mount */
	if (atomic_read(&sb->s_active) == 2)
		sb->s_flags = (sb->s_flags & ~SB_RDONLY) |
			      (fc->sb_flags & SB_RDONLY);
}

/**
 * pram_tmpfs_get_tree - mount a tree: one that is alive, one that is restored, or
 * a new one
 * @fc: the mount
 * @mount: what the mount says
 * @fill: fills in a new super block
 * @same: whether the options of the mount are those of a super block
 * @seen: PRAM_SEEN_*, what the mount has said of other options
 *
 * If there is no such node, and it need not exist, the tree is new and empty. While
 * a kexec is being prepared this waits.
 *
 * Context: mount, may sleep.
 * Return: 0; or, with the node as it was,
 * -ENOENT: there is no such node, and it must exist;
 * -EBUSY: the tree is alive, and has other options, or must not be, or the node is
 * in use;
 * -EINVAL: it is not a tmpfs tree, or the mount has quotas;
 * -EIO, -EEXIST: it is damaged;
 * -EHWPOISON: a page of its description is broken;
 * -ENODEV: PRAM is off;
 * -ENOSPC: the tree is larger than the mount options allow;
 * -EOVERFLOW, -EFBIG: it has what a kernel of 32 bits cannot have;
 * -ENOMEM: out of memory, or the memory cgroup is full;
 * -EINTR: the task has been killed.
 */
int pram_tmpfs_get_tree(struct fs_context *fc, struct pram_mount *mount,
			int (*fill)(struct super_block *sb,
				    struct fs_context *fc),
			bool (*same)(struct fs_context *fc,
				     const struct super_block *sb),
			unsigned int seen)
{
	const struct shmem_sb_info *sbinfo;
	struct super_block *sb;
	bool fits;
	int err;

	if (!*mount->name)
		return invalfc(fc, "pram_must_exist, pram_wipe and pram_lazy take pram=");
	err = pram_wait(pram_tmpfs_try_lock, mount);
	if (err)
		return err;
	sb = pram_tmpfs_find(fc, mount, fill, seen);
	pram_tmpfs_unlock(mount);
	if (IS_ERR_OR_NULL(sb))
		return PTR_ERR(sb);
	sbinfo = sb->s_fs_info;
	down_write(&sb->s_umount);
	if (fc->exclusive) {
		errorfc(fc, "'%s' is alive, and the mount asks for a new file system",
			mount->name);
		deactivate_locked_super(sb);
		return -EBUSY;
	}
	fits = same(fc, sb) && pram_tmpfs_same(sbinfo->pram, mount);
	if (fits)
		pram_tmpfs_unpark(fc, sb);
	if (!fits || (fc->sb_flags ^ sb->s_flags) & SB_RDONLY) {
		errorfc(fc, "'%s' is alive with other options: mount it without them",
			mount->name);
		deactivate_locked_super(sb);
		return -EBUSY;
	}
	fc->root = dget(sb->s_root);
	return 0;
}
