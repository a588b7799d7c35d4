// SPDX-License-Identifier: GPL-2.0
/*
 * A random tree, as programs could make it. Whatever it is, it must be described,
 * and be the same when it is restored.
 */
#include "grow.h"

#define MAX_ENTRIES	200

struct grower {
	struct super_block *sb;
	u64 (*random)(void *arg, u64 limit);
	void *arg;
	struct dentry *all[MAX_ENTRIES];
	unsigned int nr;
};

static u64 below(struct grower *g, u64 limit)
{
	return g->random(g->arg, limit);
}

static struct dentry *pick_dir(struct grower *g)
{
	unsigned int i = below(g, g->nr);

	while (!S_ISDIR(g->all[i]->d_inode->i_mode))
		i--;
	return g->all[i];
}

/* Any bytes but two, as many as can be or few */
static void pick_name(struct grower *g, char *name)
{
	static const u8 length[] = { 1, 1, 1, 2, 3, 8, 254, 255 };
	unsigned int len = length[below(g, ARRAY_SIZE(length))], i;
	u8 c = below(g, 256);

	for (i = 0; i < len; i++) {
		name[i] = i % 7 ? 'n' : c + i;
		if (!name[i] || name[i] == '/')
			name[i] = '_';
	}
	name[len] = 0;
	if (name[0] == '.')
		name[0] = 'x';
}

static struct timespec64 pick_time(struct grower *g)
{
	static const s64 sec[] = { 0, -1, 1700000000, S64_MAX, -S64_MAX - 1 };

	struct timespec64 ts;

	ts.tv_sec = sec[below(g, ARRAY_SIZE(sec))];
	ts.tv_nsec = below(g, 2) ? 999999999 : below(g, 256);
	return ts;
}

static void set_times(struct grower *g, struct inode *inode)
{
	inode->atime = pick_time(g);
	inode->mtime = pick_time(g);
	inode->ctime = pick_time(g);
	SHMEM_I(inode)->i_crtime = pick_time(g);
}

static void add_xattr(struct grower *g, struct dentry *dentry)
{
	static const char * const prefix[] = { "user.", "trusted.", "security." };
	static const u32 length[] = { 0, 1, 3, 100, 5000, XATTR_SIZE_MAX };
	u32 size = length[below(g, ARRAY_SIZE(length))];
	char name[XATTR_NAME_MAX + 1], *value;
	unsigned int which = below(g, 3), len;

	memset(name, 'a' + below(g, 4), sizeof(name));
	len = strlen(prefix[which]);
	memcpy(name, prefix[which], len);
	name[below(g, 8) ? len + 1 + below(g, 3) : XATTR_NAME_MAX] = 0;
	value = malloc(size + 1);
	sim_assert(value);
	memset(value, below(g, 256), size);
	inode_lock(dentry->d_inode);
	if (__vfs_setxattr_noperm(&nop_mnt_idmap, dentry, name, value, size, 0))
		sim_fail("no attribute");
	inode_unlock(dentry->d_inode);
	free(value);
}

static void add_acl(struct grower *g, struct inode *inode)
{
	struct posix_acl_entry *e;
	bool named = below(g, 2);
	unsigned int perm = below(g, 64), id = below(g, 65536);
	struct posix_acl *acl = posix_acl_alloc(named ? 6 : 3, GFP_KERNEL);

	sim_assert(acl);
	e = acl->a_entries;
	*e++ = (struct posix_acl_entry){ .e_tag = ACL_USER_OBJ, .e_perm = 7 };
	if (named)
		*e++ = (struct posix_acl_entry){
			.e_tag = ACL_USER, .e_perm = perm & 7,
			.e_uid = { id },
		};
	*e++ = (struct posix_acl_entry){ .e_tag = ACL_GROUP_OBJ, .e_perm = 5 };
	if (named) {
		*e++ = (struct posix_acl_entry){
			.e_tag = ACL_GROUP, .e_perm = 4,
			.e_gid = { id % 256 },
		};
		*e++ = (struct posix_acl_entry){
			.e_tag = ACL_MASK, .e_perm = perm >> 3,
		};
	}
	*e = (struct posix_acl_entry){ .e_tag = ACL_OTHER };
	set_cached_acl(inode, S_ISDIR(inode->i_mode) && below(g, 2) ?
		       ACL_TYPE_DEFAULT : ACL_TYPE_ACCESS, acl);
	posix_acl_release(acl);
}

static void set_flags(struct grower *g, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;
	struct file_kattr fa;

	fileattr_fill_flags(&fa, below(g, 16) << 4);
	inode_lock(inode);
	if (inode->i_op->fileattr_set(&nop_mnt_idmap, dentry, &fa))
		sim_fail("no flags");
	inode_unlock(inode);
}

static void add_folio(struct grower *g, struct inode *inode)
{
	static const u64 far[] = {
		1, 511, 512, 1ULL << 40, (1ULL << 51) - 8,
	};
	unsigned int order = below(g, 4);
	u64 index = below(g, 32), nr;
	struct folio *folio;
	bool out = false;

	if (!below(g, 4))
		index += far[below(g, ARRAY_SIZE(far))];
	index = ALIGN_DOWN(min(index, (1ULL << 51) - 1), 1ULL << order);
	/* A page that could not be read from swap */
	if (!below(g, 16)) {
		shmem_insert_folio(inode, index, NULL, GFP_KERNEL);
		return;
	}
	folio = folio_alloc(GFP_KERNEL, order);
	sim_assert(folio);
	memset(folio_address(folio), below(g, 256), folio_size(folio));
	*(u64 *)folio_address(folio) = index;
	folio_lock(folio);
	__folio_set_swapbacked(folio);
	/* If not, it is from fallocate(), and reads as zeroes */
	if (below(g, 8))
		folio_mark_uptodate(folio);
	if (!mem_cgroup_charge(folio, NULL, GFP_KERNEL) &&
	    !shmem_insert_folio(inode, index, folio, GFP_KERNEL))
		folios_add_lru(&folio, 1);
	folio_unlock(folio);
	nr = folio_nr_pages(folio);
	if (folio->mapping && folio_test_uptodate(folio) && !below(g, 16))
		sim_break(folio_pfn(folio) + below(g, nr));
	else if (!below(g, 8))
		out = true;
	folio_put(folio);
	if (out)
		sim_swap_out(inode, index);
}

static void fill(struct grower *g, struct inode *inode)
{
	unsigned int nr = below(g, 6);

	while (nr--)
		add_folio(g, inode);
	inode->i_size = below(g, 4) ? below(g, 200000) : S64_MAX;
	if (!below(g, 4))
		SHMEM_I(inode)->fallocend = below(g, 65536);
}

static void set_inode(struct grower *g, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	inode->i_mode = (inode->i_mode & S_IFMT) | below(g, 010000);
	inode->i_uid.val = below(g, 65536);
	inode->i_gid.val = below(g, 2) ? 0 : ~1U;
	inode->i_generation = below(g, 65536) << 16;
	inode->i_write_hint = below(g, 6);
	if (!below(g, 3))
		add_xattr(g, dentry);
	if (!below(g, 6))
		add_xattr(g, dentry);
	if (!S_ISLNK(inode->i_mode) && !below(g, 5))
		add_acl(g, inode);
	if (inode->i_op->fileattr_set && !below(g, 5))
		set_flags(g, dentry);
	if (S_ISREG(inode->i_mode))
		fill(g, inode);
	set_times(g, inode);
	inode->version = below(g, 2) ? below(g, 256) : U64_MAX;
}

static int make_link(struct grower *g, struct inode *dir, struct dentry *dentry)
{
	static const u16 length[] = { 1, 40, 127, 128, 4095 };
	char target[4096];
	unsigned int len = length[below(g, ARRAY_SIZE(length))];

	memset(target, 't', len);
	target[len] = 0;
	return dir->i_op->symlink(&nop_mnt_idmap, dir, dentry, target);
}

static int make_inode(struct grower *g, struct inode *dir,
		      struct dentry *dentry)
{
	static const umode_t special[] = { S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK };
	const struct inode_operations *op = dir->i_op;
	unsigned int kind = below(g, 8), dev, i;
	int err;

	switch (kind) {
	case 0:
	case 1:
		err = op->mknod(&nop_mnt_idmap, dir, dentry, S_IFDIR | 0755, 0);
		if (!err)
			inc_nlink(dir);
		return err;
	case 2:
		return make_link(g, dir, dentry);
	case 3:
		kind = below(g, 4);
		dev = below(g, 1 << 20);
		return op->mknod(&nop_mnt_idmap, dir, dentry, special[kind],
				 MKDEV(dev % 4096, dev));
	case 4:
		for (i = below(g, g->nr); i; i--) {
			if (!S_ISDIR(g->all[i]->d_inode->i_mode))
				return op->link(g->all[i], dir, dentry);
		}
		fallthrough;
	default:
		return op->mknod(&nop_mnt_idmap, dir, dentry, S_IFREG | 0644, 0);
	}
}

static void make(struct grower *g)
{
	struct dentry *parent = pick_dir(g), *dentry;
	struct inode *dir = parent->d_inode;
	char name[256];
	struct qstr qstr;
	int err;

	pick_name(g, name);
	qstr = (struct qstr)QSTR_INIT(name, strlen(name));
	dentry = try_lookup_noperm(&qstr, parent);
	if (dentry) {
		dput(dentry);
		return;
	}
	dentry = d_alloc_name(parent, name);
	sim_assert(dentry);
	/* As if there had been others */
	if (!below(g, 4))
		SHMEM_I(dir)->dir_offsets.next_offset += below(g, 65536);
	inode_lock(dir);
	err = make_inode(g, dir, dentry);
	inode_unlock(dir);
	if (!err) {
		if (dentry->d_inode->names == 1)
			set_inode(g, dentry);
		g->all[g->nr++] = dentry;
	}
	dput(dentry);
}

/* Those of a mount, or a remount */
static void set_options(struct grower *g)
{
	struct shmem_sb_info *sbinfo = g->sb->s_fs_info;

	if (below(g, 2))
		sbinfo->max_blocks = below(g, 4) ? 1UL << 30 : 0;
	if (below(g, 2)) {
		sbinfo->free_ispace -= sbinfo->max_inodes * 1024;
		sbinfo->max_inodes = below(g, 4) ? 100000 : 0;
		sbinfo->free_ispace += sbinfo->max_inodes * 1024;
	}
	sbinfo->mode = below(g, 010000);
	sbinfo->uid.val = below(g, 65536);
	sbinfo->gid.val = below(g, 65536);
	sbinfo->noswap = below(g, 2);
	sbinfo->full_inums = below(g, 2);
	sbinfo->huge = below(g, 4);
}

/* Names change their places */
static void exchange(struct grower *g)
{
	struct dentry *a = g->all[below(g, g->nr)];
	struct dentry *b = g->all[below(g, g->nr)];

	if (a == b || IS_ROOT(a) || IS_ROOT(b))
		return;
	if (a->d_parent == b->d_parent || (!S_ISDIR(a->d_inode->i_mode) &&
					   !S_ISDIR(b->d_inode->i_mode)))
		sim_exchange(a, b);
}

void grow(struct super_block *sb, unsigned int nr,
	  u64 (*random)(void *arg, u64 limit), void *arg)
{
	struct grower g = {
		.sb = sb,
		.random = random,
		.arg = arg,
		.all = { sb->s_root },
		.nr = 1,
	};

	while (nr-- && g.nr < MAX_ENTRIES) {
		make(&g);
		if (!below(&g, 4))
			exchange(&g);
		if (!below(&g, 16))
			sim_tmpfile(pick_dir(&g));
	}
	set_inode(&g, sb->s_root);
	set_options(&g);
}
