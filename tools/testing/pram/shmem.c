// SPDX-License-Identifier: GPL-2.0
/*
 * tmpfs, as PRAM sees it: what it has for inodes, where the pages are, and what a
 * mount says.
 */
#include "sim.h"
#include "vfs.h"

#include "../../../mm/pram_base.h"

unsigned long sim_max_blocks, sim_max_inodes;
unsigned int sim_max_folio_order = 9;

/* Folios that are on their way to the LRU: as the kernel, with a reference */
static struct folio *batch[15];
static unsigned int nr_batch;

/*
 * Folios
 */
static void set_flag(struct folio *folio, unsigned int flag)
{
	folio->page.flags |= BIT(flag);
}

static bool clear_flag(struct folio *folio, unsigned int flag)
{
	bool was = folio->page.flags & BIT(flag);

	folio->page.flags &= ~BIT(flag);
	return was;
}

void folio_lock(struct folio *folio)
{
	might_sleep();
	WARN_ON(folio_test_locked(folio));
	set_flag(folio, PG_locked);
}

void folio_unlock(struct folio *folio)
{
	WARN_ON(!clear_flag(folio, PG_locked));
}

void __folio_set_swapbacked(struct folio *folio)
{
	set_flag(folio, PG_swapbacked);
}

void folio_mark_uptodate(struct folio *folio)
{
	set_flag(folio, PG_uptodate);
}

void folio_set_dirty(struct folio *folio)
{
	set_flag(folio, PG_dirty);
}

void folio_clear_active(struct folio *folio)
{
	WARN_ON(folio_test_lru(folio));
}

void folio_clear_unevictable(struct folio *folio)
{
	WARN_ON(folio_test_lru(folio));
}

void lru_add_drain(void)
{
	while (nr_batch) {
		struct folio *folio = batch[--nr_batch];

		set_flag(folio, PG_lru);
		folio_put(folio);
	}
}

/* By way of a batch, as folios are there in the kernel when they are activated */
void folios_add_lru(struct folio **folios, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		WARN_ON(folio_test_lru(folios[i]));
		if (nr_batch == ARRAY_SIZE(batch))
			lru_add_drain();
		folio_get(folios[i]);
		batch[nr_batch++] = folios[i];
	}
}

bool folio_isolate_lru(struct folio *folio)
{
	if (!clear_flag(folio, PG_lru))
		return false;
	folio_get(folio);
	return true;
}

int mem_cgroup_charge(struct folio *folio, struct mm_struct *mm, gfp_t gfp)
{
	WARN_ON(folio->page.flags & BIT(PG_charged));
	if (sim_should_fail(gfp))
		return -ENOMEM;
	set_flag(folio, PG_charged);
	return 0;
}

void mem_cgroup_uncharge(struct folio *folio)
{
	WARN_ON(folio_test_lru(folio));
	clear_flag(folio, PG_charged);
}

/*
 * Pages of files
 */
struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = xa_load(&mapping->i_pages, index);

	if (!folio || xa_is_value(folio))
		return ERR_PTR(-ENOENT);
	folio_lock(folio);
	folio_get(folio);
	return folio;
}

unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start,
				pgoff_t end, struct folio_batch *batch)
{
	void *entry;

	while (batch->nr < ARRAY_SIZE(batch->folios)) {
		entry = xa_find(&mapping->i_pages, start, end, XA_PRESENT);
		if (!entry)
			break;
		if (xa_is_value(entry)) {
			++*start;
			continue;
		}
		folio_get(entry);
		batch->folios[batch->nr++] = entry;
		*start = folio_next_index((struct folio *)entry);
	}
	return batch->nr;
}

void folio_batch_release(struct folio_batch *batch)
{
	while (batch->nr)
		folio_put(batch->folios[--batch->nr]);
}

static struct shmem_sb_info *info_of(const struct inode *inode)
{
	return inode->i_sb->s_fs_info;
}

static int add_to_page_cache(struct folio *folio, struct address_space *mapping,
			     pgoff_t index, void *expected, gfp_t gfp)
{
	XA_STATE_ORDER(xas, &mapping->i_pages, index, folio_order(folio));
	unsigned long nr = folio_nr_pages(folio), i;
	void *entry;

	WARN_ON(!IS_ALIGNED(index, nr));
	WARN_ON(!folio_test_locked(folio));
	WARN_ON(!folio_test_swapbacked(folio));
	WARN_ON(folio->mapping || folio_test_lru(folio));
	do {
		xas_lock_irq(&xas);
		xas_for_each_conflict(&xas, entry) {
			if (entry != expected)
				xas_set_err(&xas, -EEXIST);
		}
		xas_store(&xas, folio);
		xas_unlock_irq(&xas);
	} while (xas_nomem(&xas, gfp & GFP_RECLAIM_MASK));
	if (xas_error(&xas))
		return xas_error(&xas);
	folio->mapping = mapping;
	folio->index = index;
	mapping->nrpages += nr;
	for (i = 0; i < nr; i++)
		folio_get(folio);
	return 0;
}

int shmem_inode_acct_blocks(struct inode *inode, long pages)
{
	struct shmem_sb_info *sbinfo = info_of(inode);

	if (sbinfo->max_blocks &&
	    sbinfo->used_blocks.count + pages > (s64)sbinfo->max_blocks)
		return -ENOSPC;
	sbinfo->used_blocks.count += pages;
	return 0;
}

void shmem_inode_unacct_blocks(struct inode *inode, long pages)
{
	info_of(inode)->used_blocks.count -= pages;
}

int shmem_insert_folio(struct inode *inode, pgoff_t index, struct folio *folio,
		       gfp_t gfp)
{
	long nr = folio ? folio_nr_pages(folio) : 1;
	int err = shmem_inode_acct_blocks(inode, nr);

	if (err)
		return err;
	if (folio)
		err = add_to_page_cache(folio, inode->i_mapping, index, NULL,
					gfp);
	else
		err = xa_insert(&inode->i_mapping->i_pages, index,
				xa_mk_value(SIM_POISONED),
				gfp & GFP_RECLAIM_MASK);
	if (err)
		shmem_inode_unacct_blocks(inode, nr);
	return err == -EBUSY ? -EEXIST : err;
}

static int bring_in(struct inode *inode, pgoff_t index, void *entry,
		    struct folio **foliop)
{
	gfp_t gfp = mapping_gfp_mask(inode->i_mapping);
	struct folio *folio = folio_alloc(gfp, 0);
	void *copy = (void *)xa_to_value(entry);
	int err;

	if (!folio)
		return -ENOMEM;
	memcpy(kmap_local_folio(folio, 0), copy, PAGE_SIZE);
	folio_lock(folio);
	__folio_set_swapbacked(folio);
	folio_mark_uptodate(folio);
	err = mem_cgroup_charge(folio, NULL, gfp);
	if (!err)
		err = add_to_page_cache(folio, inode->i_mapping, index, entry,
					gfp);
	if (err) {
		folio_unlock(folio);
		folio_put(folio);
		return err;
	}
	kfree(copy);
	SHMEM_I(inode)->swapped--;
	folio_set_dirty(folio);
	folios_add_lru(&folio, 1);
	*foliop = folio;
	return 0;
}

/* Nobody here wants a page that is not in swap */
int shmem_get_folio(struct inode *inode, pgoff_t index, loff_t write_end,
		    struct folio **foliop, enum sgp_type sgp)
{
	void *entry = xa_load(&inode->i_mapping->i_pages, index);

	WARN_ON(!xa_is_value(entry) || sgp != SGP_FALLOC);
	if (entry == xa_mk_value(SIM_POISONED))
		return -EIO;
	return bring_in(inode, index, entry, foliop);
}

static void remove_folio(struct folio *folio)
{
	long nr = folio_nr_pages(folio);

	folio->mapping->nrpages -= nr;
	folio->mapping = NULL;
	folio->index = 0;
	while (nr--)
		folio_put(folio);
}

void sim_swap_out(struct inode *inode, pgoff_t index)
{
	struct xarray *pages = &inode->i_mapping->i_pages;
	struct folio *folio;
	void *copy;

	lru_add_drain();
	folio = xa_load(pages, index);
	if (!folio || xa_is_value(folio) || folio_order(folio) ||
	    folio_test_hwpoison(folio) || folio_ref_count(folio) > 1)
		return;
	copy = kmemdup(kmap_local_folio(folio, 0), PAGE_SIZE, GFP_KERNEL);
	sim_assert(copy);
	xa_store(pages, index, xa_mk_value((unsigned long)copy), GFP_KERNEL);
	SHMEM_I(inode)->swapped++;
	remove_folio(folio);
}

static void truncate(struct inode *inode)
{
	s64 *used = &info_of(inode)->used_blocks.count;
	unsigned long index;
	void *entry;

	/* Each is found once, large or not */
	xa_for_each(&inode->i_mapping->i_pages, index, entry) {
		*used -= xa_is_value(entry) ? 1 : folio_nr_pages(entry);
		if (!xa_is_value(entry))
			remove_folio(entry);
		else if (entry != xa_mk_value(SIM_POISONED))
			kfree((void *)xa_to_value(entry));
	}
	xa_destroy(&inode->i_mapping->i_pages);
}

/*
 * Inodes. Those that are made have other times than those that were.
 */
static const struct inode_operations file_operations, dir_operations;
static const struct inode_operations short_link_operations, link_operations;
static const struct inode_operations special_operations;

static const struct timespec64 now = { 4242, 42 };

static void set_inode_flags(struct inode *inode, unsigned int fsflags)
{
	SHMEM_I(inode)->fsflags = fsflags;
	inode_set_flags(inode, fsflags & FS_NOATIME_FL ? S_NOATIME : 0,
			S_NOATIME);
}

/* What an inode takes of nr_inodes= */
#define INODE_SPACE	1024

/* Each name takes as much as an inode */
static bool reserve_inode(struct shmem_sb_info *sbinfo)
{
	if (sbinfo->max_inodes && sbinfo->free_ispace < INODE_SPACE)
		return false;
	sbinfo->free_ispace -= INODE_SPACE;
	return true;
}

static struct inode *get_inode(struct super_block *sb, struct inode *dir,
			       umode_t mode, dev_t dev)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct shmem_inode_info *info;
	struct inode *inode;

	if (!reserve_inode(sbinfo))
		return ERR_PTR(-ENOSPC);
	info = kzalloc(sizeof(*info), GFP_KERNEL);
	if (!info) {
		sbinfo->free_ispace += INODE_SPACE;
		return ERR_PTR(-ENOSPC);
	}
	inode = &info->vfs_inode;
	inode->i_sb = sb;
	list_add(&inode->i_sb_list, &sb->s_inodes);
	inode->i_mode = mode;
	inode->i_rdev = dev;
	inode->i_ino = sbinfo->next_ino++;
	inode->i_generation = 0xabcd;
	inode->i_nlink = S_ISDIR(mode) ? 2 : 1;
	inode->atime = now;
	inode->mtime = now;
	inode->ctime = now;
	info->i_crtime = now;
	inode->version = 1;
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	inode->i_data.gfp_mask = GFP_HIGHUSER_MOVABLE;
	xa_init(&inode->i_data.i_pages);
	INIT_LIST_HEAD(&info->shrinklist);
	simple_xattrs_init(&info->xattrs);
	xa_init(&info->dir_offsets.mt.xa);
	info->dir_offsets.next_offset = 3;
	cache_no_acl(inode);
	set_inode_flags(inode, dir ? SHMEM_I(dir)->fsflags &
				     SHMEM_FL_INHERITED : 0);
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &dir_operations;
		break;
	case S_IFLNK:
		break;
	default:
		WARN_ON(!S_ISCHR(mode) && !S_ISBLK(mode) && !S_ISFIFO(mode) &&
			!S_ISSOCK(mode));
		inode->i_op = &special_operations;
	}
	return inode;
}

static struct simple_xattr *first_xattr(struct inode *inode)
{
	struct simple_xattr *xattr;

	pram_for_each_xattr(xattr, inode)
		return xattr;
	return NULL;
}

void shmem_evict_inode(struct inode *inode)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	struct simple_xattr *xattr;

	truncate(inode);
	if (!list_empty(&info->shrinklist)) {
		list_del(&info->shrinklist);
		info_of(inode)->shrinklist_len--;
	}
	while ((xattr = first_xattr(inode))) {
		sim_set_xattr(&info_of(inode)->xa_cache, &info->xattrs,
			      xattr->name, NULL, 0, XATTR_REPLACE);
		simple_xattr_free(xattr);
	}
	set_cached_acl(inode, ACL_TYPE_ACCESS, NULL);
	set_cached_acl(inode, ACL_TYPE_DEFAULT, NULL);
	xa_destroy(&info->dir_offsets.mt.xa);
	kfree(inode->i_link);
	kfree(info->target);
	info_of(inode)->free_ispace += INODE_SPACE;
	list_del(&inode->i_sb_list);
	kfree(info);
}

/* The first place in a directory that is free, from the next one on */
static unsigned long free_place(struct offset_ctx *order)
{
	unsigned long at = max(order->next_offset, 3UL);

	while (at < S32_MAX && xa_load(&order->mt.xa, at))
		at++;
	for (at = at >= S32_MAX ? 3 : at; xa_load(&order->mt.xa, at); at++)
		;
	return at;
}

/* One more name in a directory; tmpfs holds on to it */
static int add_name(struct inode *dir, struct dentry *dentry,
		    struct inode *inode)
{
	struct offset_ctx *order = &SHMEM_I(dir)->dir_offsets;
	int err;

	WARN_ON(!dir->locked || inode->i_sb->frozen);
	order->next_offset = free_place(order);
	err = xa_err(xa_store(&order->mt.xa, order->next_offset, dentry,
			      GFP_KERNEL));
	if (err)
		return err;
	dentry->offset = order->next_offset++;
	dir->mtime = now;
	dir->ctime = now;
	dir->version++;
	d_instantiate(dentry, inode);
	dget(dentry);
	return 0;
}

static int make(struct inode *dir, struct dentry *dentry, struct inode *inode)
{
	int err = simple_acl_create(dir, inode);

	if (!err)
		err = add_name(dir, dentry, inode);
	if (err)
		shmem_evict_inode(inode);
	return err;
}

void sim_tmpfile(struct dentry *dir)
{
	struct dentry *dentry = d_alloc_name(dir, "/");
	struct inode *inode;

	sim_assert(dentry);
	inode = get_inode(dir->d_sb, dir->d_inode, S_IFREG, 0);
	if (IS_ERR(inode)) {
		dput(dentry);
		return;
	}
	inode->i_nlink = 0;
	dentry->unhashed = true;
	d_instantiate(dentry, inode);
}

static struct dentry *op_lookup(struct inode *dir, struct dentry *dentry,
				unsigned int flags)
{
	return NULL;
}

static int op_mknod(struct mnt_idmap *idmap, struct inode *dir,
		    struct dentry *dentry, umode_t mode, dev_t dev)
{
	struct inode *inode = get_inode(dir->i_sb, dir, mode, dev);

	return IS_ERR(inode) ? PTR_ERR(inode) : make(dir, dentry, inode);
}

static int op_link(struct dentry *old, struct inode *dir,
		   struct dentry *dentry)
{
	struct inode *inode = old->d_inode;
	int err;

	if (!reserve_inode(info_of(inode)))
		return -ENOSPC;
	err = add_name(dir, dentry, inode);
	if (err) {
		info_of(inode)->free_ispace += INODE_SPACE;
		return err;
	}
	inode->ctime = now;
	inode->version++;
	inode->i_nlink++;
	return 0;
}

static int op_symlink(struct mnt_idmap *idmap, struct inode *dir,
		      struct dentry *dentry, const char *target)
{
	struct inode *inode;
	char *copy;

	if (strlen(target) >= PAGE_SIZE)
		return -ENAMETOOLONG;
	inode = get_inode(dir->i_sb, dir, S_IFLNK | 0777, 0);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	copy = kstrdup(target, GFP_KERNEL);
	if (strlen(target) < 128) {
		inode->i_link = copy;
		inode->i_op = &short_link_operations;
	} else {
		SHMEM_I(inode)->target = copy;
		inode->i_op = &link_operations;
	}
	if (!copy) {
		shmem_evict_inode(inode);
		return -ENOMEM;
	}
	inode->i_size = strlen(target);
	return make(dir, dentry, inode);
}

static const char *op_get_link(struct dentry *dentry, struct inode *inode,
			       struct delayed_call *done)
{
	return SHMEM_I(inode)->target;
}

static int op_fileattr_set(struct mnt_idmap *idmap, struct dentry *dentry,
			   struct file_kattr *fa)
{
	struct inode *inode = dentry->d_inode;
	unsigned int old = SHMEM_I(inode)->fsflags;

	WARN_ON(!inode->locked);
	if (fa->flags & ~SHMEM_FL_USER_MODIFIABLE)
		return -EOPNOTSUPP;
	set_inode_flags(inode, (old & ~SHMEM_FL_USER_MODIFIABLE) | fa->flags);
	inode->ctime = now;
	return 0;
}

static const struct inode_operations file_operations = {
	.fileattr_set = op_fileattr_set,
};

static const struct inode_operations dir_operations = {
	.lookup = op_lookup,
	.link = op_link,
	.symlink = op_symlink,
	.mknod = op_mknod,
	.fileattr_set = op_fileattr_set,
};

static const struct inode_operations link_operations = {
	.get_link = op_get_link,
};

/*
 * Mounting
 */
/* Each has another UUID */
static u8 nr_mounts;

int shmem_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct shmem_sb_info *sbinfo = kzalloc(sizeof(*sbinfo), GFP_KERNEL);
	struct inode *inode;

	if (!sbinfo)
		return -ENOMEM;
	sb->s_fs_info = sbinfo;
	sb->s_maxbytes = IS_ENABLED(CONFIG_64BIT) ? S64_MAX :
				(loff_t)ULONG_MAX << PAGE_SHIFT;
	sbinfo->max_blocks = sim_max_blocks ?: SIM_MAX_BLOCKS;
	sbinfo->max_inodes = sim_max_inodes ?: SIM_MAX_INODES;
	sbinfo->free_ispace = sbinfo->max_inodes * INODE_SPACE;
	sbinfo->mode = 01777;
	sbinfo->full_inums = true;
	sbinfo->next_ino = 1;
	INIT_LIST_HEAD(&sbinfo->shrinklist);
	memset(&sb->s_uuid, ++nr_mounts, sizeof(sb->s_uuid));
	inode = get_inode(sb, NULL, S_IFDIR | sbinfo->mode, 0);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	sb->s_root = d_make_root(inode);
	if (!sb->s_root) {
		shmem_evict_inode(inode);
		return -ENOMEM;
	}
	return 0;
}

static bool same_options(struct fs_context *fc, const struct super_block *sb)
{
	return true;
}

static unsigned int what_is_said(void)
{
	return (sim_max_blocks ? PRAM_SEEN_BLOCKS : 0) |
	       (sim_max_inodes ? PRAM_SEEN_INODES : 0);
}

struct super_block *sim_mount(const char *name, bool must_exist)
{
	struct fs_parameter param = {
		.key = "pram",
		.type = fs_value_is_string,
		.string = name,
		.size = strlen(name),
	};
	struct fs_context fc = { .user_ns = &init_user_ns };
	struct pram_mount *mount = NULL;
	struct super_block *sb;
	int err;

	err = pram_tmpfs_param(&fc, &param, &mount);
	param.type = fs_value_is_flag;
	if (!err && must_exist)
		err = pram_tmpfs_param(&fc, &param, &mount);
	fc.fs_private = mount;
	if (!err)
		err = pram_tmpfs_get_tree(&fc, mount, shmem_fill_super,
					  same_options, what_is_said());
	kfree(mount);
	if (err)
		return ERR_PTR(err);
	sb = fc.root->d_inode->i_sb;
	up_write(&sb->s_umount);
	/* The root stays as long as the super block */
	dput(fc.root);
	return sb;
}

void sim_umount(struct super_block *sb)
{
	deactivate_super(sb);
}

void sim_shmem_reset(void)
{
	nr_batch = 0;
	sim_max_blocks = 0;
	sim_max_inodes = 0;
	sim_max_folio_order = 9;
}

struct pram_run;

/* No page waits to be used: all are restored by the mount */
int pram_lazy_start(struct pram_node *node)
{
	return 0;
}

int pram_lazy_add(struct inode *inode, pgoff_t index, const struct pram_run *runs,
		  unsigned int nr, gfp_t gfp)
{
	return -EINVAL;
}

void pram_lazy_commit(struct pram_node *node)
{
}

void pram_lazy_live(struct pram_node *node)
{
}

int pram_lazy_finish(struct pram_node *node)
{
	return 0;
}

u64 pram_lazy_left(const struct pram_node *node)
{
	return 0;
}

void pram_lazy_cancel(struct pram_node *node)
{
}

void pram_lazy_free(struct pram_node *node)
{
}
