/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File systems as those files of PRAM see them that describe and restore trees:
 * in the place of linux/fs.h, linux/dcache.h, linux/shmem_fs.h and others.
 *
 *	vfs.c		super blocks, names, inodes, mounting. ACLs and extended
 *			attributes are those of fs/
 *	shmem.c		tmpfs: its operations, the page cache, and swap
 *
 * They do what the kernel's do, as far as PRAM can see it. There is one thread.
 */
#ifndef _SIM_VFS_H
#define _SIM_VFS_H

#include "pram_internal.h"

#include <sys/stat.h>
#include <sys/types.h>

#undef MAJOR
#undef MINOR
#undef MKDEV
#include <linux/kdev_t.h>
#include <uapi/linux/fs.h>

typedef unsigned short umode_t;
typedef struct { uid_t val; } kuid_t;
typedef struct { gid_t val; } kgid_t;

#define atomic_read(a)			((a)->counter)
#define atomic_set(a, n)		((a)->counter = (n))
#define atomic_inc(a)			((void)(a)->counter++)
#define atomic_dec(a)			((void)(a)->counter--)

typedef atomic_t refcount_t;

#define refcount_set(r, n)		((r)->counter = (n))
#define refcount_inc(r)			((void)(r)->counter++)
#define refcount_dec_and_test(r)	(!--(r)->counter)

struct user_namespace {
	int unused;
};

struct mnt_idmap;
struct delegated_inode;
struct dentry;
struct file;
struct inode;

extern struct user_namespace init_user_ns;
extern struct mnt_idmap nop_mnt_idmap;

#define make_kuid(ns, id)	((void)(ns), (kuid_t){ id })
#define make_kgid(ns, id)	((void)(ns), (kgid_t){ id })
#define from_kuid(ns, id)	((void)(ns), (id).val)
#define from_kgid(ns, id)	((void)(ns), (id).val)
#define uid_valid(id)		((id).val != (uid_t)-1)
#define gid_valid(id)		((id).val != (gid_t)-1)
#define kuid_has_mapping(ns, id)	((void)(ns), uid_valid(id))
#define kgid_has_mapping(ns, id)	((void)(ns), gid_valid(id))
#define CAP_SYS_ADMIN		21
#define capable(cap)		true

#define S_IALLUGO		07777
#define NSEC_PER_SEC		1000000000L

struct timespec64 {
	s64	tv_sec;
	long	tv_nsec;
};

#define kmemdup(p, len, gfp) ({						\
	size_t __len = (len);						\
	void *__to = kmalloc(__len, gfp);				\
	__to ? memcpy(__to, p, __len) : NULL;				\
})
/* Nobody else looks */
#define kfree_rcu(p, head)	kfree(p)

typedef struct {
	bool locked;
} rwlock_t;

#define rwlock_init(l)		((l)->locked = false)
#define write_lock(l)		((l)->locked = true)
#define write_unlock(l)		((l)->locked = false)

struct rw_semaphore {
	bool locked;
};

#define down_write(s)		((s)->locked = true)
#define up_write(s)		((s)->locked = false)

/* Nobody reads meanwhile */
#define list_add_tail_rcu	list_add_tail
#define list_del_rcu		list_del
#define list_replace_rcu	list_replace
#define cmpxchg_release		cmpxchg

#define current			((struct sim_task *)NULL)
#define TASK_KILLABLE		0x102
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX
/* One thread: nothing needs an order */
#define smp_mb()		do { } while (0)
/* likewise */
#define smp_mb__after_atomic()	do { } while (0)
/* likewise */
#define smp_store_release(p, v)	((void)(*(p) = (v)))
/* likewise */
#define smp_load_acquire(p)	(*(p))
#define wake_up_var(p)		((void)(p))

/* There is no security module */
static inline int security_inode_getsecurity(struct mnt_idmap *idmap,
					     struct inode *inode,
					     const char *name, void **buffer,
					     bool alloc)
{
	return -EOPNOTSUPP;
}

/* The task is killed when it has been asked for so often; 0: it is not */
extern unsigned long sim_kill_at;
bool fatal_signal_pending(const void *task);

struct sim_task {
	struct mm_struct	*mm;
};

/*
 * Work: it is done when somebody waits for it, or, if that takes too long, later; and
 * some of it while the task goes on
 */
struct work_struct {
	void			(*func)(struct work_struct *work);
	struct list_head	list;
};

struct completion {
	bool			done;
};

#define INIT_WORK(w, fn)	((w)->func = (fn))
#define init_completion(c)	((c)->done = false)
#define complete(c)		((void)((c)->done = true))
#define completion_done(c)	((c)->done)
#define wait_for_completion_timeout(c, t)	\
	((void)(t), sim_work_late ? 0 : sim_work(), (c)->done)
#define flush_work(w)		((void)(w))
#define queue_work(wq, w)	((void)(wq), sim_queue_work(w))
#define cancel_work(w)		sim_cancel_work(w)

/* There is no reclaim */
#define memalloc_noreclaim_save()		0
#define memalloc_noreclaim_restore(flags)	((void)(flags))

static inline struct mem_cgroup *set_active_memcg(struct mem_cgroup *memcg)
{
	return NULL;
}

#define get_mem_cgroup_from_mm(mm)	NULL
#define mem_cgroup_put(m)	((void)(m))

/* Not in tools/include */
#define list_is_first(l, head)	((l)->prev == (head))

/* Whoever waits does so for too long */
extern bool sim_work_late;
void sim_queue_work(struct work_struct *work);
bool sim_cancel_work(struct work_struct *work);
/* Do what there is; returns how much */
unsigned int sim_work(void);

/*
 * Names
 */
struct qstr {
	u32			len;
	const unsigned char	*name;
};

#define QSTR_INIT(n, l)		\
	{ .len = (l), .name = (const unsigned char *)(n) }

static inline bool name_is_dot_dotdot(const char *name, size_t len)
{
	return name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'));
}

/**
 * struct dentry - a name
 * @d_name: what it is
 * @d_inode: NULL: none
 * @d_parent: itself, if it is the root
 * @d_sb: the file system
 * @refs: references: those of its children, of tmpfs if it has an inode, and of
 *	whoever looks
 * @offset: its offset in its directory
 * @unhashed: it is no name, but open
 * @d_children: those with this parent, the one that came there last first
 * @d_sib: in its parent's
 * @d_lock: protects @d_children
 * @list: in the super block's
 */
struct dentry {
	struct qstr		d_name;
	struct inode		*d_inode;
	struct dentry		*d_parent;
	struct super_block	*d_sb;
	int			refs;
	unsigned long		offset;
	bool			unhashed;
	struct hlist_head	d_children;
	struct hlist_node	d_sib;
	spinlock_t		d_lock;		/* of d_children */
	struct list_head	list;
};

/* Where a tmpfs of the kernel has it */
#define d_fsdata		offset

#define d_inode(dentry)		((dentry)->d_inode)
#define IS_ROOT(dentry)		((dentry) == (dentry)->d_parent)
#define simple_positive(dentry)	((dentry)->d_inode && !(dentry)->unhashed)

struct dentry *d_alloc_name(struct dentry *parent, const char *name);
#define inc_nlink(inode)	((void)(inode)->i_nlink++)

struct dentry *try_lookup_noperm(struct qstr *name, struct dentry *dir);
struct dentry *d_make_root(struct inode *inode);
void d_instantiate(struct dentry *dentry, struct inode *inode);
struct dentry *dget(struct dentry *dentry);
void dput(struct dentry *dentry);
char *dentry_path_raw(const struct dentry *dentry, char *buf, int len);

#define ESCAPE_OCTAL		0x8
int string_escape_mem(const char *src, size_t len, char *dst, size_t size,
		      unsigned int flags, const char *only);

/*
 * Inodes
 */
struct file_kattr;

struct delayed_call {
	int unused;
};

#define DEFINE_DELAYED_CALL(name)	struct delayed_call name = {}
#define do_delayed_call(call)		((void)(call))

struct inode_operations {
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry,
				 unsigned int flags);
	const char *(*get_link)(struct dentry *dentry, struct inode *inode,
				struct delayed_call *done);
	int (*link)(struct dentry *old, struct inode *dir,
		    struct dentry *dentry);
	int (*symlink)(struct mnt_idmap *idmap, struct inode *dir,
		       struct dentry *dentry, const char *target);
	int (*mknod)(struct mnt_idmap *idmap, struct inode *dir,
		     struct dentry *dentry, umode_t mode, dev_t dev);
	int (*fileattr_set)(struct mnt_idmap *idmap, struct dentry *dentry,
			    struct file_kattr *fa);
};

/**
 * struct address_space - the pages of a file
 * @host: the file
 * @i_pages: folios, and what is in swap as values
 * @nrpages: pages of folios in it
 * @gfp_mask: to allocate with
 */
struct address_space {
	struct inode		*host;
	struct xarray		i_pages;
	unsigned long		nrpages;
	gfp_t			gfp_mask;
};

/* Nobody has a mapping */
struct vm_area_struct;

#define mapping_mapped(m)		((void)(m), false)
#define i_mmap_lock_read(m)		((void)(m))
#define i_mmap_unlock_read(m)		((void)(m))
#define userfaultfd_armed(vma)		((void)(vma), false)
#define sim_no_mapping(vma)		for ((vma) = NULL; (vma); )

/* What is in the place of a page that cannot be read */
typedef struct {
	unsigned long val;
} swp_entry_t;

#define SIM_POISONED			1UL
#define radix_to_swp_entry(entry)	((swp_entry_t){ xa_to_value(entry) })
#define make_poisoned_swp_entry()	((swp_entry_t){ SIM_POISONED })
#define swp_to_radix_entry(swp)		xa_mk_value((swp).val)

static inline bool softleaf_is_poison_marker(swp_entry_t swp)
{
	return swp.val == SIM_POISONED;
}

#define mapping_gfp_mask(m)		((m)->gfp_mask)
#define mapping_set_gfp_mask(m, mask)	((m)->gfp_mask = (mask))

/* The largest folios that files of this kernel have */
extern unsigned int sim_max_folio_order;
#define mapping_max_folio_order(m)	((void)(m), sim_max_folio_order)

struct inode {
	umode_t			i_mode;
	kuid_t			i_uid;
	kgid_t			i_gid;
	unsigned int		i_flags;
	u32			i_generation;
	struct posix_acl	*i_acl;
	struct posix_acl	*i_default_acl;
	const struct inode_operations *i_op;
	struct super_block	*i_sb;
	struct address_space	*i_mapping;
	unsigned long		i_ino;
	unsigned int		i_nlink;
	dev_t			i_rdev;
	loff_t			i_size;
	struct timespec64	atime, mtime, ctime;
	const char		*i_link;
	u8			i_write_hint;
	u64			version;
	unsigned int		i_state;
	/* Protects i_state */
	spinlock_t		i_lock;
	struct list_head	i_sb_list;
	unsigned int		refs;	/* by those who go through all of them */
	unsigned int		names;	/* dentries */
	bool			locked;
	struct address_space	i_data;
};

#define S_NOATIME		2
#define I_FREEING		BIT(0)
#define I_WILL_FREE		BIT(1)
#define I_NEW			BIT(2)
#define WRITE_LIFE_EXTREME	5
#define I_MUTEX_PARENT		1
#define ACL_NOT_CACHED		((void *)-1)
#define is_uncached_acl(acl)	((unsigned long)(acl) & 1)

#define inode_lock_nested(inode, class)	inode_lock(inode)
#define inode_lock_shared(inode)	inode_lock(inode)
#define inode_trylock_shared(inode)	(inode_lock(inode), true)
#define inode_unlock_shared(inode)	inode_unlock(inode)
#define i_size_read(inode)		((inode)->i_size)
#define i_size_write(inode, size)	((inode)->i_size = (size))
#define inode_peek_iversion_raw(inode)	((inode)->version)
#define inode_set_iversion_raw(inode, v)	((void)((inode)->version = (v)))
#define __iget(inode)			((void)(inode)->refs++)
#define __insert_inode_hash(inode, hash)	((void)(inode), (void)(hash))

static inline unsigned int inode_state_read(struct inode *inode)
{
	return inode->i_state;
}

static inline void iput(struct inode *inode)
{
	if (inode)
		inode->refs--;
}

#define SIM_INODE_TIME(which)						\
static inline struct timespec64						\
inode_get_##which(const struct inode *inode)				\
{									\
	return inode->which;						\
}									\
static inline struct timespec64						\
inode_set_##which##_to_ts(struct inode *inode, struct timespec64 ts)	\
{									\
	return inode->which = ts;					\
}

SIM_INODE_TIME(atime)
SIM_INODE_TIME(mtime)
SIM_INODE_TIME(ctime)

void inode_lock(struct inode *inode);
void inode_unlock(struct inode *inode);
void inode_set_flags(struct inode *inode, unsigned int flags,
		     unsigned int mask);
void set_cached_acl(struct inode *inode, int type, struct posix_acl *acl);
int simple_acl_create(struct inode *dir, struct inode *inode);

#include <linux/fileattr.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <linux/xattr.h>

/*
 * Super blocks, and mounting
 */
typedef struct {
	u8 b[16];
} uuid_t;

#define export_uuid(to, uuid)	((void)memcpy(to, uuid, sizeof(uuid_t)))
#define super_set_uuid(sb, from, len)	((void)memcpy(&(sb)->s_uuid, from, len))

/**
 * struct super_block - a file system
 * @s_maxbytes: the largest that a file can be
 * @frozen: nothing may change
 * @dentries: all there are
 * @s_inodes: likewise
 * @list: in that of all
 */
struct super_block {
	loff_t			s_maxbytes;
	unsigned long		s_flags;
	struct dentry		*s_root;
	atomic_t		s_active;
	struct rw_semaphore	s_umount;
	void			*s_fs_info;
	uuid_t			s_uuid;
	bool			frozen;
	struct list_head	dentries;
	struct list_head	s_inodes;
	/* Protects the list above */
	spinlock_t		s_inode_list_lock;
	struct list_head	list;
};

#define SB_RDONLY		1
#define SB_BORN			BIT(29)
#define FREEZE_HOLDER_KERNEL	1
#define sb_any_quota_loaded(sb)	((void)(sb), 0)

int freeze_super(struct super_block *sb, int who, ...);
int thaw_super(struct super_block *sb, int who, ...);
void deactivate_super(struct super_block *sb);
#define deactivate_locked_super(sb)	(up_write(&(sb)->s_umount), deactivate_super(sb))

enum fs_value_type {
	fs_value_is_flag,
	fs_value_is_string,
};

struct fs_parameter {
	const char		*key;
	enum fs_value_type	type;
	const char		*string;
	size_t			size;
};

struct fs_context {
	struct user_namespace	*user_ns;
	struct dentry		*root;
	unsigned int		sb_flags;
	void			*fs_private;
	bool			exclusive;
};

#define errorfc(fc, fmt, ...)	((void)(fc), pr_err("tmpfs: " fmt "\n", ##__VA_ARGS__))
#define invalfc(fc, fmt, ...)	(errorfc(fc, fmt, ##__VA_ARGS__), -EINVAL)
#define seq_show_option(seq, name, value)	\
	((void)(seq), (void)(name), (void)(value))
#define seq_puts(seq, s)	((void)(seq), (void)(s))

int get_tree_nodev(struct fs_context *fc,
		   int (*fill)(struct super_block *sb, struct fs_context *fc));

/*
 * Page cache, and memory cgroups
 */
void folio_lock(struct folio *folio);
void folio_unlock(struct folio *folio);
/* Nobody else has it, which is what makes the difference */
#define __folio_set_locked(folio)	folio_lock(folio)
void __folio_set_swapbacked(struct folio *folio);
void folio_mark_uptodate(struct folio *folio);
void folio_set_dirty(struct folio *folio);
void folios_add_lru(struct folio **folios, unsigned int nr);
bool folio_isolate_lru(struct folio *folio);
void folio_clear_active(struct folio *folio);
void folio_clear_unevictable(struct folio *folio);
void lru_add_drain(void);
#define lru_add_drain_all()	lru_add_drain()
struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index);

struct folio_batch {
	unsigned int nr;
	struct folio *folios[15];
};

#define folio_batch_init(b)	((void)((b)->nr = 0))
#define folio_batch_count(b)	((b)->nr)
unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start,
				pgoff_t end, struct folio_batch *batch);
void folio_batch_release(struct folio_batch *batch);
#define msleep(ms)		((void)(ms))
#define folio_size(folio)	(PAGE_SIZE << folio_order(folio))
#define folio_next_index(folio)	((folio)->index + folio_nr_pages(folio))
#define PAGE_ALLOC_COSTLY_ORDER	3

struct mm_struct;
int mem_cgroup_charge(struct folio *folio, struct mm_struct *mm, gfp_t gfp);
void mem_cgroup_uncharge(struct folio *folio);

/* Nobody looks at statistics, and there is one memory cgroup */
#define lruvec_stat_mod_folio(folio, item, nr)	((void)(folio), (void)(nr))
#define folio_nid(folio)		((void)(folio), 0)
#define folio_memcg(folio)		((void)(folio), NULL)
#define folio_throttle_swaprate(folio, gfp)	((void)(folio), (void)(gfp))
#define folio_test_pmd_mappable(folio)	(folio_order(folio) >= PMD_SHIFT - PAGE_SHIFT)

#define NR_ANON_MAPPED			0
#define global_node_page_state(item)	1000UL
#define get_nr_swap_pages()		1000L

/*
 * tmpfs
 */
/* The offsets in a directory. For them an XArray does as well as a maple tree. */
struct maple_tree {
	struct xarray xa;
};

struct offset_ctx {
	struct maple_tree	mt;
	unsigned long		next_offset;
};

struct percpu_counter {
	s64 count;
};

#define percpu_counter_sum_positive(c)	max_t(s64, (c)->count, 0)

/**
 * struct shmem_inode_info - what tmpfs knows of an inode
 * @swapped: pages in swap
 * @target: of a symbolic link that is too long for i_link
 */
struct shmem_inode_info {
	unsigned long		flags;
	unsigned long		swapped;
	struct offset_ctx	dir_offsets;
	struct timespec64	i_crtime;
	struct sim_xattrs	xattrs;
	struct list_head	shrinklist;
	pgoff_t			fallocend;
	unsigned int		fsflags;
	char			*target;
	struct inode		vfs_inode;
};

/* There is one node: no policy is any good */
struct mempolicy;
#define mpol_parse_str(str, mpol)	((void)(str), (void)(mpol), 1)

struct shmem_sb_info {
	unsigned long		max_blocks;
	struct percpu_counter	used_blocks;
	unsigned long		max_inodes;
	unsigned long		free_ispace;
	ino_t			next_ino;
	umode_t			mode;
	kuid_t			uid;
	kgid_t			gid;
	struct mempolicy	*mpol;
	unsigned char		huge;
	bool			full_inums;
	bool			noswap;
	/* Protects the list below */
	spinlock_t		shrinklist_lock;
	struct list_head	shrinklist;
	unsigned long		shrinklist_len;
	struct simple_xattr_cache xa_cache;
	struct pram_node	*pram;
};

#define SHMEM_FL_USER_VISIBLE		FS_FL_USER_VISIBLE
#define SHMEM_FL_USER_MODIFIABLE	\
	(FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL)
#define SHMEM_FL_INHERITED		(FS_NODUMP_FL | FS_NOATIME_FL)

#define SHMEM_I(inode)		\
	container_of(inode, struct shmem_inode_info, vfs_inode)

enum sgp_type {
	SGP_WRITE,
	SGP_FALLOC,
};

int shmem_get_folio(struct inode *inode, pgoff_t index, loff_t write_end,
		    struct folio **foliop, enum sgp_type sgp);
int shmem_inode_acct_blocks(struct inode *inode, long pages);
void shmem_inode_unacct_blocks(struct inode *inode, long pages);
#define shmem_recalc_inode(inode, alloced, swapped)	\
	((void)(inode), (void)(alloced))
int shmem_insert_folio(struct inode *inode, pgoff_t index, struct folio *folio,
		       gfp_t gfp);

/* What vfs.c wants of shmem.c */
int shmem_fill_super(struct super_block *sb, struct fs_context *fc);
void shmem_evict_inode(struct inode *inode);
void sim_shmem_reset(void);

/*
 * For those who use it
 */
/* Mount with pram=@name, and perhaps pram_must_exist; the super block, or an error */
struct super_block *sim_mount(const char *name, bool must_exist);
void sim_umount(struct super_block *sb);
/* What a mount says of size= and nr_inodes=; 0: nothing */
extern unsigned long sim_max_blocks, sim_max_inodes;
/* What it has if it does not */
#define SIM_MAX_BLOCKS		BIT(20)
#define SIM_MAX_INODES		BIT(16)
/* RENAME_EXCHANGE; if they are in two directories, none of them is one */
void sim_exchange(struct dentry *a, struct dentry *b);
/* O_TMPFILE */
void sim_tmpfile(struct dentry *dir);
/* Send a page of a file to swap, if it is a folio by itself */
void sim_swap_out(struct inode *inode, pgoff_t index);
/* Nobody has more references, or fewer, than tmpfs and children */
void sim_check_tree(const struct super_block *sb);
/* A kernel is no more */
void sim_vfs_reset(void);

#endif /* _SIM_VFS_H */
