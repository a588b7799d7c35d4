/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PRAM: named sets of pages that survive a kexec. See Documentation/mm/pram.rst.
 */
#ifndef _LINUX_PRAM_H
#define _LINUX_PRAM_H

#include <linux/err.h>
#include <linux/gfp_types.h>
#include <linux/pram_format.h>
#include <linux/types.h>

struct address_space;
struct folio;
struct fs_context;
struct fs_parameter;
struct inode;
struct kimage;
struct page;
struct pram_link;
struct pram_mount;
struct pram_node;
struct seq_file;
struct super_block;

/* How pram_open() opens a node: one of these */
#define PRAM_WRITE		0x1	/* create it and fill it */
#define PRAM_READ		0x2	/* take an existing one for oneself */
/* With PRAM_WRITE: with checksums of the data, whatever pram.csum says */
#define PRAM_CSUM		0x4

/* How pram_close() ends a stream */
enum pram_how {
	PRAM_COMMIT,	/* WRITE: the node is complete; READ: the node is gone */
	PRAM_DISCARD,	/* WRITE: the node never was */
	PRAM_KEEP,	/* READ: the node stays as it was */
};

/* Flags of a saved folio: three bits that belong to the user */
#define PRAM_FLAGS_MASK		0x7U

/**
 * struct pram_cursor - a place in one of the streams of a node
 * @link: the link; NULL: before the first
 * @entry: entry in the link
 * @folio: folio in the entry; past its end: the next entry
 * @page: page in the folio, where that comes in single pages
 */
struct pram_cursor {
	struct pram_link	*link;
	unsigned int		entry;
	unsigned int		folio;
	unsigned int		page;
};

/**
 * struct pram_stream - an open node
 * @node: the node; NULL when the stream is closed
 * @gfp: how to allocate
 * @mode: PRAM_WRITE or PRAM_READ
 * @cursor: the next folio of the page stream, and the page with @pos
 * @pos: place in the byte stream, in bytes
 * @good: up to where the byte stream has been found intact, in bytes
 *
 * For pram_open() to fill in; callers have no business with the fields. A
 * stream is used by one caller at a time.
 */
struct pram_stream {
	struct pram_node	*node;
	gfp_t			gfp;
	unsigned int		mode;
	struct pram_cursor	cursor[2];
	u64			pos;
	u64			good;
};

/* How many ranges of memory a command line can take away */
#define PRAM_MAX_NO_RAM		8

/**
 * struct pram_image - what can be told of an image that has been loaded
 * @params: physical address of its boot parameters; 0: it has none
 * @marker: of the page that has its marker; 0: it has none
 * @run: where it will unpack itself, and run; pfns; empty: it is not known
 * @cmdline: of its command line; 0: it has none
 * @initrd: of its initrd; 0: it has none
 * @initrd_size: of that, in bytes
 * @cmdline_size: how many bytes of its command line it will read; 0: none
 * @version: it keeps PRAM, and reads this version of the super block; 0: it has
 *	no marker
 * @node_flags: the flags of nodes that it can do something with, and PRAM_KNOWS_*
 * @low_end: metadata must be below this pfn, and room to boot; 0: anywhere
 * @ram_end: what is not below this pfn will not be RAM for it; 0: it is not limited
 * @vmalloc: what vmalloc= on its command line says, in bytes; 0: nothing
 * @highmem_set: whether it has highmem=
 * @highmem: what that says, in pages
 * @set: whether it has pram= on its command line
 * @pfn: what that says; 0: off
 * @ticket: likewise
 * @no_ram: memory that will not be RAM for it, by its command line or because it
 *	cannot address it; pfns
 * @nr_no_ram: how many ranges there are
 * @apart: pages that the command line has nobody use
 * @reserved: those by reserve_mem=
 * @revived: those of them that this kernel has, and KHO hands over
 * @apart_early: pages that are set apart before there is a page allocator, areas of
 *	CMA among them
 * @giant: pages that are both, in huge pages which are too large for the page
 *	allocator, as far as there is room for whole ones
 * @giant_size: pages of one of these
 */
struct pram_image {
	u64		params;
	u64		marker;
	struct pram_range run;
	u64		cmdline;
	u64		initrd;
	u64		initrd_size;
	unsigned int	cmdline_size;
	unsigned int	version;
	u32		node_flags;
	u32		low_end;
	u32		ram_end;
	u64		vmalloc;
	bool		highmem_set;
	u64		highmem;
	bool		set;
	u64		pfn;
	u64		ticket;
	struct pram_range no_ram[PRAM_MAX_NO_RAM + 1];
	unsigned int	nr_no_ram;
	u64		apart;
	u64		reserved;
	u64		revived;
	u64		apart_early;
	u64		giant;
	u64		giant_size;
};

/**
 * struct pram_absent - who has pages that are not backed: a balloon
 * @list: PRAM's
 * @name: of the node: it finds those that it had in the previous kernel by that
 * @size: how large the balloon is, in what the device counts it in: set by @freeze, and
 *	before pram_absent_take()
 * @freeze: have no page come or go until @thaw; -ENODATA: there is none; any other
 *	error: the host does not answer. Then @thaw is not called.
 * @thaw: go on: the kexec has not come about
 * @nr: how many pages there are, at this moment
 * @has: is the page one of those? It is called for any page while they are frozen.
 * @take: takes up a page that it had in the previous kernel, and the only reference to it;
 *	false: it does not, and the page becomes free memory
 *
 * All but @has may sleep. All but @take are called with a lock of PRAM's held, which
 * pram_absent_register() and pram_absent_unregister() take.
 */
struct pram_absent {
	struct list_head list;
	const char *name;
	u64 size;
	int (*freeze)(struct pram_absent *owner);
	void (*thaw)(struct pram_absent *owner);
	unsigned long (*nr)(struct pram_absent *owner);
	bool (*has)(struct pram_absent *owner, const struct page *page);
	bool (*take)(struct pram_absent *owner, struct page *page);
};

#ifdef CONFIG_PRAM

void pram_absent_register(struct pram_absent *owner);
void pram_absent_unregister(struct pram_absent *owner);
u64 pram_absent_take(struct pram_absent *owner);

size_t kimage_read(struct kimage *image, unsigned long addr, void *buf,
		   size_t len);

int pram_open(const char *name, unsigned int mode, gfp_t gfp,
	      struct pram_stream *ps);
int pram_close(struct pram_stream *ps, enum pram_how how);
int pram_discard(const char *name);

int pram_save_folio(struct pram_stream *ps, struct folio *folio,
		    unsigned int flags);
int pram_save_page(struct pram_stream *ps, struct page *page,
		   unsigned int flags);
struct folio *pram_load_folio(struct pram_stream *ps, unsigned int *flags);
struct page *pram_load_page(struct pram_stream *ps, unsigned int *flags);

ssize_t pram_write(struct pram_stream *ps, const void *buf, size_t count);
ssize_t pram_read(struct pram_stream *ps, void *buf, size_t count);

void pram_reserve(void);
bool pram_kexec_meets(unsigned long start, unsigned long end);
int pram_kexec_load(struct kimage *image);
void pram_kexec_loaded(struct kimage *image);
int pram_kexec_prepare(struct kimage *image);
void pram_kexec_cancel(struct kimage *image);
void pram_kexec_finish(void);

#else /* !CONFIG_PRAM */

static inline void pram_absent_register(struct pram_absent *owner)
{
}

static inline void pram_absent_unregister(struct pram_absent *owner)
{
}

static inline u64 pram_absent_take(struct pram_absent *owner)
{
	return 0;
}

static inline int pram_open(const char *name, unsigned int mode, gfp_t gfp,
			    struct pram_stream *ps)
{
	return -ENODEV;
}

static inline int pram_close(struct pram_stream *ps, enum pram_how how)
{
	return -ENODEV;
}

static inline int pram_discard(const char *name)
{
	return -ENODEV;
}

static inline int pram_save_folio(struct pram_stream *ps, struct folio *folio,
				  unsigned int flags)
{
	return -ENODEV;
}

static inline int pram_save_page(struct pram_stream *ps, struct page *page,
				 unsigned int flags)
{
	return -ENODEV;
}

static inline struct folio *pram_load_folio(struct pram_stream *ps,
					    unsigned int *flags)
{
	return ERR_PTR(-ENODEV);
}

static inline struct page *pram_load_page(struct pram_stream *ps,
					  unsigned int *flags)
{
	return ERR_PTR(-ENODEV);
}

static inline ssize_t pram_write(struct pram_stream *ps, const void *buf,
				 size_t count)
{
	return -ENODEV;
}

static inline ssize_t pram_read(struct pram_stream *ps, void *buf, size_t count)
{
	return -ENODEV;
}

static inline void pram_reserve(void)
{
}

static inline bool pram_kexec_meets(unsigned long start, unsigned long end)
{
	return false;
}

static inline int pram_kexec_load(struct kimage *image)
{
	return 0;
}

static inline void pram_kexec_loaded(struct kimage *image)
{
}

static inline int pram_kexec_prepare(struct kimage *image)
{
	return 0;
}

static inline void pram_kexec_cancel(struct kimage *image)
{
}

static inline void pram_kexec_finish(void)
{
}

#endif /* CONFIG_PRAM */

#if defined(CONFIG_PRAM) && defined(CONFIG_KEXEC_FILE)
int pram_kexec_cmdline(struct kimage *image);
#else
static inline int pram_kexec_cmdline(struct kimage *image)
{
	return 0;
}
#endif

/* SHMEM_SEEN_* of mm/shmem.c: what a mount has said */
#define PRAM_SEEN_BLOCKS	1
#define PRAM_SEEN_INODES	2
#define PRAM_SEEN_HUGE		4
#define PRAM_SEEN_INUMS		8

/* BOGO_INODE_SIZE of mm/shmem.c: what an inode takes of nr_inodes=, in bytes */
#define PRAM_INODE_SPACE	1024

/* To be used in mm/shmem.c, which has these to itself */
#define PRAM_CHECK_SHMEM()						\
	static_assert((SHMEM_SEEN_BLOCKS == PRAM_SEEN_BLOCKS) &&	\
		      (SHMEM_SEEN_INODES == PRAM_SEEN_INODES) &&	\
		      (SHMEM_SEEN_HUGE == PRAM_SEEN_HUGE) &&		\
		      (SHMEM_SEEN_INUMS == PRAM_SEEN_INUMS) &&		\
		      (BOGO_INODE_SIZE == PRAM_INODE_SPACE) &&		\
		      SHMEM_HUGE_ADVISE == 3)

#ifdef CONFIG_PRAM_TMPFS

int pram_tmpfs_param(struct fs_context *fc, struct fs_parameter *param,
		     struct pram_mount **mount);
bool pram_tmpfs_same(const struct pram_node *node,
		     const struct pram_mount *mount);
int pram_tmpfs_get_tree(struct fs_context *fc, struct pram_mount *mount,
			int (*fill)(struct super_block *sb,
				    struct fs_context *fc),
			bool (*same)(struct fs_context *fc,
				     const struct super_block *sb),
			unsigned int seen);
void pram_tmpfs_show(struct seq_file *seq, const struct pram_node *node);
void pram_tmpfs_file(struct inode *inode);
bool pram_tmpfs_lazy(const void *entry);
int pram_tmpfs_load(struct inode *inode, pgoff_t index, struct folio **foliop,
		    gfp_t gfp);
long pram_tmpfs_free(struct address_space *mapping, pgoff_t index, pgoff_t end,
		     void *entry);
void pram_tmpfs_borders(struct inode *inode, loff_t start, loff_t end);

#else /* !CONFIG_PRAM_TMPFS */

static inline int pram_tmpfs_param(struct fs_context *fc,
				   struct fs_parameter *param,
				   struct pram_mount **mount)
{
	return -EINVAL;
}

static inline bool pram_tmpfs_same(const struct pram_node *node,
				   const struct pram_mount *mount)
{
	return true;
}

static inline int pram_tmpfs_get_tree(struct fs_context *fc,
				      struct pram_mount *mount,
				      int (*fill)(struct super_block *sb,
						  struct fs_context *fc),
				      bool (*same)(struct fs_context *fc,
						   const struct super_block *sb),
				      unsigned int seen)
{
	return -EINVAL;
}

static inline void pram_tmpfs_show(struct seq_file *seq,
				   const struct pram_node *node)
{
}

static inline void pram_tmpfs_file(struct inode *inode)
{
}

static inline bool pram_tmpfs_lazy(const void *entry)
{
	return false;
}

static inline int pram_tmpfs_load(struct inode *inode, pgoff_t index,
				  struct folio **foliop, gfp_t gfp)
{
	return -EIO;
}

static inline long pram_tmpfs_free(struct address_space *mapping, pgoff_t index,
				   pgoff_t end, void *entry)
{
	return 0;
}

static inline void pram_tmpfs_borders(struct inode *inode, loff_t start,
				      loff_t end)
{
}

#endif /* CONFIG_PRAM_TMPFS */
#endif /* _LINUX_PRAM_H */
