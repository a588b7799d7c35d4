/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of PRAM know of each other.
 */
#ifndef _MM_PRAM_H
#define _MM_PRAM_H

#undef pr_fmt
#define pr_fmt(fmt) "pram: " fmt

#include "pram_internal.h"

#include <linux/memblock.h>
#include <linux/pram.h>
#include <linux/pram_format.h>
#include <linux/pram_super.h>

/**
 * enum pram_state - what is going on with a node
 * @PRAM_WRITING: open for PRAM_WRITE; not preserved yet
 * @PRAM_READY: complete, and nobody has it open
 * @PRAM_READING: open for PRAM_READ; complete until it is committed
 * @PRAM_ALIVE: a tmpfs tree which can be mounted; it is described when a kexec
 *	is requested
 * @PRAM_DYING: on its way out
 */
enum pram_state {
	PRAM_WRITING,
	PRAM_READY,
	PRAM_READING,
	PRAM_ALIVE,
	PRAM_DYING,
};

/**
 * struct pram_progress - how far describing or restoring a tree is
 * @what: which of these
 * @done: pages so far
 * @total: of so many; 0: neither is going on
 * @next: when to say so, in jiffies
 */
struct pram_progress {
	const char	*what;
	u64		done;
	u64		total;
	unsigned long	next;
};

/**
 * struct pram_node - a node, as long as this kernel runs
 * @list: in pram_nodes
 * @rb: by name
 * @state: enum pram_state; written under pram_lock
 * @page: the metadata page, which holds all that goes over the kexec; it
 *	changes only through the stream that has the node open
 * @moved: what the next kernel gets instead of @page, when something of the
 *	node had to be moved out of its way; NULL: nothing had to
 * @sb: the file system, if it is PRAM_ALIVE; PRAM has an active reference
 * @sb_frozen: PRAM has frozen it
 * @freeze: PRAM is about to; NULL: it is not
 * @progress: of describing or restoring it, if it is a tree
 * @nr_copies: pages of its page stream that are copies of those of a tree
 * @nr_copied: pages of the folios that these are copies of, or that are lost
 * @lazy: pages of a tree that are still to be restored; NULL: none
 * @loaded: something of its page stream has been loaded: not all of it is raw
 * @nr_lost: pages that could not be read when it was restored; protected by
 *	pram_lock, as is @lost_names
 * @lost_names: files that have some of these, each in a line; NULL: none
 * @last: the last link of each stream; NULL when the stream is empty. Not kept
 *	up to date in nodes that were adopted: those are never written.
 * @kobj: the directory in sysfs; NULL: there is none
 */
struct pram_node {
	struct list_head	list;
	struct rb_node		rb;
	enum pram_state		state;
	struct pram_node_page	*page;
	struct pram_node_page	*moved;
	struct super_block	*sb;
	bool			sb_frozen;
	struct pram_freeze	*freeze;
	struct pram_progress	progress;
	u64			nr_copies;
	u64			nr_copied;
	struct pram_lazy	*lazy;
	bool			loaded;
	u64			nr_lost;
	char			*lost_names;
	struct pram_link	*last[PRAM_NR_CHAINS];
	struct kobject		*kobj;
};

struct dentry;
struct pram_freeze;
struct pram_lazy;

/* pram.c */
/* How many nodes of which the same is said are worth a line in the log each */
#define PRAM_MAX_LOGGED	100

extern struct mutex pram_lock;
extern struct list_head pram_nodes;
extern u64 pram_generation;
extern bool pram_frozen;
extern bool pram_draining;
extern wait_queue_head_t pram_written;

bool pram_name_valid(const char *name);
struct pram_node *pram_find(const char *name);
int pram_add_node(struct pram_node *node);
bool pram_kept(const struct pram_node *node);
struct pram_node *pram_unfinished(void);
unsigned int pram_nr_kept(void);
bool pram_alive(void);
int pram_discard_all(void);

/*
 * Can this kernel always access the page? Metadata has to be there; data may be
 * anywhere, and is mapped where it is read or written.
 */
static inline bool pram_is_low(u64 pfn)
{
	return IS_ENABLED(CONFIG_64BIT) || pfn < max_low_pfn;
}

/* Kernels of 32 bits may leave RAM unused that is too high for them */
static inline u64 pram_ram_end(void)
{
	return IS_ENABLED(CONFIG_64BIT) ? U64_MAX : max_pfn;
}

/* The virtual address of a metadata page */
static inline void *pram_addr(u64 pfn)
{
	return pfn_to_kaddr(pfn);
}

static inline u64 pram_entry(u64 pfn, unsigned int order, unsigned int flags,
			     u64 count)
{
	return pfn | (u64)order << PRAM_ENTRY_ORDER_SHIFT |
	       (u64)flags << PRAM_ENTRY_FLAGS_SHIFT |
	       count << PRAM_ENTRY_COUNT_SHIFT;
}

static inline u64 pram_entry_pfn(u64 entry)
{
	return entry & PRAM_ENTRY_PFN_MASK;
}

static inline unsigned int pram_entry_order(u64 entry)
{
	return (entry >> PRAM_ENTRY_ORDER_SHIFT) & PRAM_ENTRY_ORDER_MASK;
}

static inline unsigned int pram_entry_flags(u64 entry)
{
	return (entry >> PRAM_ENTRY_FLAGS_SHIFT) & PRAM_ENTRY_FLAGS_MASK;
}

static inline u64 pram_entry_count(u64 entry)
{
	return entry >> PRAM_ENTRY_COUNT_SHIFT;
}

/* Pages that the entry stands for; they follow each other */
static inline u64 pram_entry_pages(u64 entry)
{
	return pram_entry_count(entry) << pram_entry_order(entry);
}

/* How many entries a link with these flags has room for */
static inline unsigned int pram_link_max(u32 flags)
{
	return flags & PRAM_LINK_CSUM ? PRAM_LINK_ENTRIES_CSUM :
					PRAM_LINK_ENTRIES;
}

/* The checksum that belongs into the head of the metadata page at @page */
static inline u32 pram_csum(const void *page)
{
	size_t skip = offsetof(struct pram_head, pfn);

	return crc32c(~0, page + skip, PRAM_PAGE_SIZE - skip);
}

/* pram_chain.c */
void pram_put_range(unsigned long pfn, unsigned long end, bool wipe);
void pram_free_links(u64 pfn, bool wipe);
void pram_free_chain(const struct pram_chain *chain, bool wipe);
ssize_t pram_peek_bytes(const struct pram_node *node, void *buf, u64 pos,
			size_t count);
int pram_add_run(struct pram_chain *chain, struct pram_link **last, u64 entry,
		 u32 flags, gfp_t gfp, struct folio **held);

/* Drop PRAM's hold on a page */
static inline void pram_put_page(u64 pfn)
{
	pram_put_range(pfn, pfn + 1, false);
}

/* pram_wipe.c */
void pram_wipe(unsigned long pfn, unsigned long end);
int pram_wipe_moved(const struct pram_node *node, u64 pfn, unsigned int order,
		    struct folio **held);
int pram_wipe_copied(const struct pram_node *node, struct folio *folio);
void pram_wipe_undo(void);
void pram_wipe_undo_moved(void);
void pram_wipe_finish(void);

/* Is the memory of the node cleared before it becomes free? */
static inline bool pram_wipes(const struct pram_node_page *page)
{
	return page->flags & PRAM_NODE_WIPE;
}

/* pram_stream.c */
int pram_append(struct pram_stream *ps, unsigned int which, u64 pfn,
		unsigned int order, unsigned int flags);
u64 pram_cursor_entry(struct pram_stream *ps, unsigned int which);
int pram_check_data(const struct pram_cursor *cursor, u64 pfn, unsigned int order);
unsigned int pram_load_run(struct pram_stream *ps, unsigned int max_order,
			   unsigned long max_pages, struct folio **folio,
			   unsigned int nr, unsigned int *flags);
struct folio *pram_load_part(struct pram_stream *ps, unsigned int max_order,
			     unsigned int *flags, unsigned long *nr);

struct pram_run;

unsigned long pram_skip_folios(struct pram_stream *ps, unsigned int *folios,
			       unsigned long max_pages);
bool pram_load_raw(struct pram_stream *ps, unsigned int max_order,
		   unsigned long max_pages, struct pram_run *run);

int pram_save_runs(struct pram_stream *ps, const struct pram_run *runs,
		   unsigned int nr);

/*
 * May a device be writing to the folio? A small one that has many references is thought
 * to be pinned. Mappings are no pins, and it may have as many.
 */
static inline bool pram_maybe_pinned(struct folio *folio)
{
	if (!folio_maybe_dma_pinned(folio))
		return false;
	return folio_test_large(folio) ||
	       folio_ref_count(folio) - folio_mapcount(folio) >=
	       GUP_PIN_COUNTING_BIAS;
}

/* pram_csum.c */
extern const char * const pram_csum_names[];

u32 pram_csum_mode(unsigned int mode);
u32 *pram_link_csum(struct pram_link *link, unsigned int entry);
u32 pram_csum_folio(u64 pfn, unsigned int order);
void pram_csum_link(struct pram_link *link);

/* What the links of a node have for flags */
static inline u32 pram_link_flags(const struct pram_node_page *page)
{
	return page->csum_mode == PRAM_CSUM_DATA ? PRAM_LINK_CSUM : 0;
}

/* pram_super.c */
extern struct pram_super *pram_super;

u64 pram_ticket(void);
int __init pram_super_start(unsigned long pfn);
bool pram_super_meets(const struct kimage *image);
int pram_super_move(const struct kimage *image);

/* pram_report.c */
/**
 * enum pram_refuse_how - what happens to a reason to refuse a kexec
 * @PRAM_REFUSE: it is an error, and the kexec is refused
 * @PRAM_WARN: it is a warning, when an image is loaded
 * @PRAM_CHECK: it is what the check was asked for
 * @PRAM_RETRY: there is another attempt, without what a balloon has
 */
enum pram_refuse_how {
	PRAM_REFUSE,
	PRAM_WARN,
	PRAM_CHECK,
	PRAM_RETRY,
};

/**
 * struct pram_checked - what the last check has found, besides its verdict
 * @moved: pages of data that would move
 * @room: pages of the windows, in which the next kernel would boot
 */
struct pram_checked {
	u64 moved;
	u64 room;
};

extern enum pram_refuse_how pram_refuse_how;
extern struct pram_checked pram_checked;
extern struct pram_report pram_previous;
extern u64 pram_dropped;

const char *pram_refuse_path(const struct dentry *dentry);
__printf(1, 2) void pram_refuse(const char *fmt, ...);
__printf(1, 2) void pram_set_verdict(const char *fmt, ...);
bool pram_has_verdict(void);
const char *pram_get_verdict(void);
void pram_clear_verdict(void);
ssize_t pram_show_reasons(char *buf);
void pram_report_add(char what, const char *name);
void pram_report_fill(struct pram_report *report);
void __init pram_report_take(const struct pram_report *report);
const char *pram_report_next(char what, const char *name);

/* pram_tree.c */
#ifdef CONFIG_PRAM_TMPFS
bool pram_tree_busy(const struct pram_node *node);
bool pram_tree_mounted(const struct pram_node *node);
void pram_tree_end(struct pram_node *node);
int pram_trees_describe(bool all);
int pram_trees_check(void);
void pram_trees_undo(void);
bool pram_tree_waits(const struct pram_node *node);
u64 pram_tree_pages(const struct pram_node *node);
u64 pram_tree_inodes(const struct pram_node *node);
u64 pram_tree_swapped(const struct pram_node *node);
#else
static inline bool pram_tree_busy(const struct pram_node *node)
{
	return false;
}

static inline bool pram_tree_mounted(const struct pram_node *node)
{
	return false;
}

static inline void pram_tree_end(struct pram_node *node)
{
}

static inline int pram_trees_describe(bool all)
{
	return 0;
}

static inline int pram_trees_check(void)
{
	return 0;
}

static inline void pram_trees_undo(void)
{
}

static inline bool pram_tree_waits(const struct pram_node *node)
{
	return false;
}

static inline u64 pram_tree_pages(const struct pram_node *node)
{
	return 0;
}

static inline u64 pram_tree_inodes(const struct pram_node *node)
{
	return 0;
}

static inline u64 pram_tree_swapped(const struct pram_node *node)
{
	return 0;
}
#endif

/* pram_map.c */
/* How many pages have broken memory, preserved or not */
static inline long pram_nr_broken(void)
{
	return IS_ENABLED(CONFIG_MEMORY_FAILURE) ?
	       atomic_long_read(&num_poisoned_pages) : 0;
}

/**
 * struct pram_run - folios of one order, each in memory behind the one before
 * @pfn: where the first one begins
 * @nr: how many
 * @order: of each
 */
struct pram_run {
	unsigned long pfn;
	unsigned int nr;
	unsigned int order;
};

static inline unsigned long pram_run_pages(const struct pram_run *run)
{
	return (unsigned long)run->nr << run->order;
}

int pram_map_add(unsigned long pfn, unsigned long nr, gfp_t gfp);
int pram_map_add_runs(const struct pram_run *runs, unsigned int nr, gfp_t gfp);
void pram_map_del(unsigned long pfn, unsigned long nr);
void pram_map_drop(unsigned long pfn);
bool pram_map_next(unsigned long *start, unsigned long *end);
bool pram_map_next_broken(unsigned long *pfn, unsigned long end);
bool pram_map_next_unlocked(unsigned long *start, unsigned long *end);
unsigned long pram_map_nr(void);
unsigned long pram_map_count(unsigned long pfn, unsigned long nr);
int pram_map_leave(unsigned long pfn, unsigned long nr);
int pram_map_cover(const struct pram_range *holes, unsigned int nr_holes,
		   struct pram_range *cover);

/*
 * Has pram_map_add() refused what was just allocated, as its memory has begun to
 * go offline? Such memory is isolated: what is freed there is not had again.
 */
static inline bool pram_try_another(int err)
{
	if (err != -EBUSY)
		return false;
	cond_resched();
	return true;
}

/* pram_page.c */
#define PRAM_MAX_FORBIDDEN	(PRAM_MAX_COVER - 1)

/* At a kexec: do without rather than kill somebody, or wait for ever */
#define PRAM_KEXEC_GFP		(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)
/* The same for data */
#define PRAM_KEXEC_DATA_GFP	(PRAM_KEXEC_GFP | __GFP_HIGHMEM)

void pram_forbid(const struct pram_range *ranges, unsigned int nr);
void pram_forbid_meta(u64 end);
bool pram_hotplugged(u64 pfn, u64 nr);
void __init pram_memory_init(void);
bool pram_forbidden(u64 pfn, u64 nr);
bool pram_forbidden_meta(u64 pfn);
bool pram_forbidden_near(u64 pfn, u64 nr, struct pram_range *allowed);
struct folio *pram_alloc_outside(unsigned int order, gfp_t gfp,
				 struct folio **held);
struct folio *pram_alloc_near(unsigned int order, int nid, gfp_t gfp,
			      struct folio **held);
void pram_hold_folio(struct folio *folio, struct folio **held);
void pram_free_held(struct folio **held);
struct page *pram_alloc_page(gfp_t gfp);
void *pram_alloc_meta(u32 magic, gfp_t gfp, struct folio **held);
struct folio *pram_restore_folio(unsigned long pfn, unsigned int order);
bool pram_has_poison(unsigned long pfn, unsigned int order);
void pram_free_raw(unsigned long pfn, unsigned long end);
void pram_make_raw(unsigned long pfn, unsigned long end);

/*
 * What the streams of adopted nodes consist of stays "raw" until somebody wants
 * it, a whole folio at a time: see Documentation/mm/pram.rst, "Raw pages".
 */
static inline bool pram_page_raw(unsigned long pfn)
{
	return PageOffline(pfn_to_page(pfn));
}

/* pram_window.c */
/*
 * A vmlinux reserves for itself what lies between its segments, too: less than this,
 * in pages. kexec_file_load() takes none.
 */
#define PRAM_IMAGE_GAP		BIT(PMD_SHIFT - PAGE_SHIFT)

/* Does the next kernel boot in KHO's scratch areas? */
static inline bool pram_boots_in_scratch(const struct kimage *image,
					 const struct pram_image *info)
{
	return image->file_mode && kho_is_enabled() &&
	       info->node_flags & PRAM_KNOWS_KHO;
}

int pram_choose_windows(struct kimage *image, const struct pram_image *window,
			struct pram_range *forbidden);

/* pram_initrd.c */
/* How much of an initramfs is read at a time, in bytes */
#define PRAM_PEEK_SIZE		SZ_1M

/**
 * struct pram_initrd - an initramfs that is being looked into
 * @read: copies @len bytes at @pos, and returns how many there were
 * @arg: for @read
 * @size: how large it is, in bytes
 * @buf: PRAM_PEEK_SIZE bytes, the part that was read last
 * @start: where that begins
 * @len: how many bytes it has
 */
struct pram_initrd {
	size_t (*read)(void *arg, u64 pos, void *buf, size_t len);
	void *arg;
	u64 size;
	u8 *buf;
	u64 start;
	size_t len;
};

u64 pram_unpacked_size(struct pram_initrd *initrd, unsigned int ratio);

/* pram_need.c */
int pram_boot_need(struct kimage *image, const struct pram_image *info,
		   u64 nr_image, u64 nr_ram, u64 *need);

/* pram_move.c */
/**
 * struct pram_moved - what has been moved for the next kernel
 * @pages: pages of data
 * @split: folios that were moved in pieces
 * @remote: pages whose copies are on another NUMA node
 */
struct pram_moved {
	u64 pages;
	u64 split;
	u64 remote;
};

int pram_move_nodes(struct folio **held, bool dry_run);
void pram_move_undo(void);
void pram_move_count(struct pram_moved *moved);
void pram_move_again(void);

/* pram_image.c */
int pram_image_look(struct kimage *image, bool marker, struct pram_image *info);

/* The pfn behind the memory that it can always access */
static inline u64 pram_image_low(const struct pram_image *info)
{
	return info->low_end ? info->low_end : U64_MAX;
}

bool pram_image_ours(const struct pram_image *info);
bool pram_image_off(const struct pram_image *info);
int pram_image_knows(const struct pram_image *info);
int pram_image_check(const struct pram_image *info);

/* pram_cmdline.c */
/**
 * struct pram_said - what a command line says
 * @set: whether it has a valid pram=
 * @param: the last one
 * @image: where memory goes that it takes away or sets apart; NULL: nobody asks
 * @huge_size: of the huge pages of the next hugepages=, in bytes; 0: the default
 * @default_size: the default, in bytes; 0: that of the architecture
 * @nr_default: huge pages of that size
 */
struct pram_said {
	bool set;
	struct pram_param param;
	struct pram_image *image;
	u64 huge_size;
	u64 default_size;
	u64 nr_default;
};

ssize_t pram_parse_line(const char *line, struct pram_said *said);

/* pram_reserve.c */
extern struct pram_range *pram_owned;
extern unsigned int pram_nr_owned;
extern bool pram_marked;
extern bool pram_on;
extern unsigned long pram_super_pfn;
extern u64 pram_nr_left;

bool pram_is_owned(u64 pfn, u64 nr);

/* pram_memmap.c */
void pram_memmap_defer(void);
void pram_memmap_free(bool wipe);

/* pram_absent.c */
bool pram_absent_collect(const struct pram_image *info);
void pram_absent_write(struct folio **held, bool dry_run);
struct pram_node_page *pram_absent_next(const struct pram_node_page *page);
bool pram_absent_undo(void);
unsigned long pram_absent_nr(void);

/* pram_absent_take.c */
extern struct list_head pram_absent_found;

void pram_absent_release_all(const char *why);
u64 pram_absent_waiting(void);

/* pram_adopt.c */
bool pram_adopt(const struct pram_super *sb, u64 nr_owned);

/* pram_broken.c */
int pram_broken_prepare(const struct pram_image *info, struct folio **held);
void pram_broken_undo(void);
u64 pram_broken_finish(void);

/* pram_seal.c */
extern u64 pram_dir;
extern bool pram_sealing;

int pram_dir_alloc(unsigned int nr_nodes, struct folio **held);
void pram_seal_prepare(void);
void pram_seal_undo(void);

/* pram_kexec.c */
void __init pram_kexec_init(void);
int pram_kexec_check(struct kimage *image);

/* pram_hibernate.c */
bool pram_is_hibernating(void);
void __init pram_hibernate_init(void);

/* pram_sysfs.c */
#ifdef CONFIG_PRAM_SYSFS
void pram_sysfs_add_node(struct pram_node *node);
void pram_sysfs_del_node(struct pram_node *node);
#else
static inline void pram_sysfs_add_node(struct pram_node *node)
{
}

static inline void pram_sysfs_del_node(struct pram_node *node)
{
}
#endif

#endif /* _MM_PRAM_H */
