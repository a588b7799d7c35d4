// SPDX-License-Identifier: GPL-2.0
/*
 * The mount options of a tmpfs tree.
 */
#include "pram_tree.h"

/**
 * DOC: Options
 *
 * The options belong to the tree. They are described when the kexec is requested, and
 * apply to the mount that restores the tree, unless it gives others itself. So a tree
 * whose size was half of RAM by default can be restored in a kernel with less memory.
 * They apply before files are restored.
 *
 * The UUID of the file system is preserved, too. f_fsid of statfs(2) is made from it, and
 * an index of overlayfs, or file handles, refer to the file system by it.
 *
 * mode=, uid= and gid= apply to a new root directory. A root directory is restored with
 * its last mode and owners, and the options are for /proc/mounts only.
 */

#ifdef CONFIG_NUMA
static void pram_mpol_str(const struct pram_node *node, struct mempolicy *mpol,
			  char *buf, int size)
{
	/* Cut short, it would be another one */
	mpol_to_str(buf, size, mpol);
	if (strlen(buf) >= size - 1) {
		pr_warn("tmpfs '%s' loses its mpol=, which is too long to be kept\n",
			node->page->name);
		*buf = '\0';
	}
}
#else
static void pram_mpol_str(const struct pram_node *node, struct mempolicy *mpol,
			  char *buf, int size)
{
}
#endif

/**
 * pram_save_options - describe the mount options of a tree
 * @ps: the stream
 * @sb: the file system, which is frozen
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_save_options(struct pram_stream *ps, const struct super_block *sb)
{
	const struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct pram_tmpfs_options opts = {
		.max_blocks = sbinfo->max_blocks,
		.max_inodes = sbinfo->max_inodes,
		.mode = sbinfo->mode,
		.uid = from_kuid(&init_user_ns, sbinfo->uid),
		.gid = from_kgid(&init_user_ns, sbinfo->gid),
		.flags = (sbinfo->noswap ? PRAM_TMPFS_NOSWAP : 0) |
			 (sbinfo->full_inums ? PRAM_TMPFS_INODE64 : 0),
		.huge = sbinfo->huge,
	};
	char *mpol __free(kfree) = kzalloc(PRAM_TMPFS_MPOL_MAX + 1, ps->gfp);

	if (!mpol)
		return -ENOMEM;
	export_uuid(opts.uuid, &sb->s_uuid);
	if (sbinfo->mpol)
		pram_mpol_str(ps->node, sbinfo->mpol, mpol,
			      PRAM_TMPFS_MPOL_MAX + 1);
	return pram_put_rec(ps, PRAM_TMPFS_OPTIONS, &opts, sizeof(opts), mpol,
			    strlen(mpol), NULL, 0);
}

static bool pram_options_valid(const struct pram_tmpfs_options *opts)
{
	return opts->max_blocks <= S64_MAX &&
	       opts->max_inodes <= U64_MAX / PRAM_INODE_SPACE &&
	       !(opts->mode & ~S_IALLUGO) &&
	       uid_valid(make_kuid(&init_user_ns, opts->uid)) &&
	       gid_valid(make_kgid(&init_user_ns, opts->gid)) &&
	       !(opts->flags & ~PRAM_TMPFS_FLAGS) &&
	       opts->huge <= PRAM_TMPFS_HUGE_ADVISE && !opts->reserved;
}

/* A kernel of 32 bits cannot have more than this, and it is as good as no limit */
static void pram_cap_options(struct pram_tmpfs_options *opts)
{
	opts->max_blocks = min_t(u64, opts->max_blocks, LONG_MAX);
	opts->max_inodes = min_t(u64, opts->max_inodes,
				 ULONG_MAX / PRAM_INODE_SPACE);
	if (!IS_ENABLED(CONFIG_64BIT))
		opts->flags &= ~PRAM_TMPFS_INODE64;
}

static int pram_get_options(struct pram_stream *ps,
			    struct pram_tmpfs_options *opts, char *mpol)
{
	struct pram_tmpfs_rec rec;
	size_t len;
	int err;

	err = pram_get(ps, &rec, sizeof(rec));
	if (err)
		return err;
	if (rec.type != PRAM_TMPFS_OPTIONS || rec.len < sizeof(*opts) ||
	    rec.len > sizeof(*opts) + PRAM_TMPFS_MPOL_MAX)
		return -EIO;
	len = rec.len - sizeof(*opts);
	err = pram_get(ps, opts, sizeof(*opts));
	if (!err && len)
		err = pram_get(ps, mpol, len);
	if (err)
		return err;
	if (!pram_options_valid(opts) || memchr(mpol, 0, len))
		return -EIO;
	pram_cap_options(opts);
	return 0;
}

static void pram_set_inodes(struct shmem_sb_info *sbinfo, u64 max)
{
	unsigned long used = sbinfo->max_inodes * PRAM_INODE_SPACE -
			     sbinfo->free_ispace;

	sbinfo->max_inodes = max;
	/* As it is where there is no limit */
	sbinfo->free_ispace = max * PRAM_INODE_SPACE - used;
}

/* It says where new pages should be, and is not worth a mount that fails */
static void pram_set_mpol(struct shmem_sb_info *sbinfo, char *mpol,
			  const char *name)
{
	if (sbinfo->mpol || !*mpol)
		return;
	if (mpol_parse_str(mpol, &sbinfo->mpol)) {
		sbinfo->mpol = NULL;
		pr_warn("tmpfs '%s' has lost its mpol=, which this kernel cannot have\n",
			name);
	}
}

static int pram_check_options(const struct pram_node *node,
			      const struct shmem_sb_info *sbinfo,
			      const struct pram_tmpfs_head *head,
			      unsigned int seen)
{
	u64 nr_pages = node->page->chain[PRAM_PAGES].nr_pages;
	const char *name = node->page->name;

	if (sbinfo->max_blocks && nr_pages > sbinfo->max_blocks) {
		pr_err("tmpfs '%s' has %llu KiB: size= is too small\n", name,
		       nr_pages << (PAGE_SHIFT - 10));
		return -ENOSPC;
	}
	if (sbinfo->max_inodes && head->nr_inodes > sbinfo->max_inodes) {
		pr_err("tmpfs '%s' has %llu inodes: nr_inodes= is too small\n",
		       name, head->nr_inodes);
		return -ENOSPC;
	}
	if (head->next_ino > ULONG_MAX) {
		pr_err("tmpfs '%s' has 64-bit inode numbers: only a 64-bit kernel can restore it\n",
		       name);
		return -EOVERFLOW;
	}
	if (seen & PRAM_SEEN_INUMS && !sbinfo->full_inums &&
	    head->next_ino > UINT_MAX) {
		pr_err("tmpfs '%s' has 64-bit inode numbers: inode32 is not for it\n",
		       name);
		return -EINVAL;
	}
	return 0;
}

/**
 * pram_restore_options - have the mount options of a tree
 * @ps: the stream, behind its head
 * @sb: the file system, with an empty root directory
 * @head: what was there
 * @seen: PRAM_SEEN_*, what the mount has said itself
 *
 * huge= is kept where there are no huge pages, too, for the kernel after this one.
 *
 * Context: mount, may sleep; nobody else has the file system.
 * Return: 0; or, with a line in the log,
 * -ENOSPC: the tree is larger than they allow;
 * -EINVAL: inode32, and there are larger numbers;
 * -EOVERFLOW: there are larger numbers than this kernel can have;
 * or, without,
 * -EIO: they are damaged;
 * -ENOMEM: out of memory.
 */
int pram_restore_options(struct pram_stream *ps, struct super_block *sb,
			 const struct pram_tmpfs_head *head, unsigned int seen)
{
	char *mpol __free(kfree) = kzalloc(PRAM_TMPFS_MPOL_MAX + 1, GFP_KERNEL);
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct pram_tmpfs_options opts;
	int err;

	if (!mpol)
		return -ENOMEM;
	err = pram_get_options(ps, &opts, mpol);
	if (err)
		return err;
	if (opts.flags & PRAM_TMPFS_NOSWAP)
		sbinfo->noswap = true;
	if (!(seen & PRAM_SEEN_BLOCKS))
		sbinfo->max_blocks = opts.max_blocks;
	if (!(seen & PRAM_SEEN_INODES))
		pram_set_inodes(sbinfo, opts.max_inodes);
	if (!(seen & PRAM_SEEN_HUGE))
		sbinfo->huge = opts.huge;
	if (!(seen & PRAM_SEEN_INUMS))
		sbinfo->full_inums = opts.flags & PRAM_TMPFS_INODE64;
	sbinfo->mode = opts.mode;
	sbinfo->uid = make_kuid(&init_user_ns, opts.uid);
	sbinfo->gid = make_kgid(&init_user_ns, opts.gid);
	pram_set_mpol(sbinfo, mpol, ps->node->page->name);
	super_set_uuid(sb, opts.uuid, sizeof(opts.uuid));
	return pram_check_options(ps->node, sbinfo, head, seen);
}
