/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel as PRAM sees it, in user space. Takes the place of
 * mm/pram_internal.h: has the same guard, and is included first. The few other
 * files of the kernel that are compiled here see it, too.
 *
 * What exists elsewhere is taken from there: tools/include, and headers of the
 * kernel that are simple enough. The rest is declared here and implemented in
 * page.c (pages and zones), slab.c (small allocations), memory.c (physical
 * memory) and kernel.c (everything else).
 */
#ifndef _MM_PRAM_INTERNAL_H
#define _MM_PRAM_INTERNAL_H

/* Nor are these of mm/ included */
#define __MM_INTERNAL_H
#define __MM_MM_INIT_H
#define __MM_PAGE_ALLOC_H

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* linux/args.h has one of its own */
#undef __CONCAT
#define auto			__auto_type

#include <linux/types.h>

typedef int (*cmp_func_t)(const void *l, const void *r);
typedef int (*cmp_r_func_t)(const void *l, const void *r, const void *priv);
typedef void (*swap_func_t)(void *l, void *r, int size);
typedef void (*swap_r_func_t)(void *l, void *r, int size, const void *priv);

#include <linux/compiler.h>

#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#undef __used
#define __used			__attribute__((__used__))
#define __cleanup(func)		__attribute__((__cleanup__(func)))
#undef __printf
#undef __aligned
#define __printf(a, b)		__attribute__((__format__(__printf__, a, b)))
#define __aligned(n)		__attribute__((__aligned__(n)))
#define __counted_by(member)
#define __nonnull_args(...)	__attribute__((__nonnull__(__VA_ARGS__)))
#define fallthrough		__attribute__((__fallthrough__))
#define __UNIQUE_ID(prefix)	__PASTE(__PASTE(prefix, _), __COUNTER__)

#define PAGE_SHIFT		12
#define PAGE_SIZE		BIT(PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define PMD_SHIFT		21
#define PMD_SIZE		BIT(PMD_SHIFT)
#define MAX_PAGE_ORDER		10
#define MAX_ORDER_NR_PAGES	BIT(MAX_PAGE_ORDER)
#define COMMAND_LINE_SIZE	2048
#define PHYS_ADDR_MAX		(~(phys_addr_t)0)

#define U8_MAX			((u8)~0U)
#define U16_MAX			((u16)~0U)
#define U32_MAX			((u32)~0U)
#define S32_MAX			((s32)(U32_MAX >> 1))
#define U64_MAX			((u64)~0ULL)
#define S64_MAX			((s64)(U64_MAX >> 1))

#include <linux/build_bug.h>
#include <linux/align.h>
#include <linux/init.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>

#define is_signed_type(type)	(((type)(-1)) < (type)1)
#define statically_true(x)	(__builtin_constant_p(x) && (x))

#undef min
#undef max
#undef min_t
#undef max_t
#undef clamp
#undef swap
#include <linux/minmax.h>

#undef __init
#define __init
#undef __initdata
#define __initdata
#define __ro_after_init
#undef __section
#define __section(name)		__attribute__((__section__(name)))

#undef BUG_ON
#define BUG_ON(cond)		do { if (cond) sim_bug(#cond, __FILE__, __LINE__); } while (0)
#define BUG()			BUG_ON(1)

#include <linux/bitops.h>
#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/gfp_types.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/pfn.h>
#include <linux/poison.h>
#include <linux/sizes.h>
#include <linux/stringify.h>

#include "base.h"

/* A warning of the kernel ends the run: nothing here may cause one */
void __noreturn sim_bug(const char *what, const char *file, int line);

#define WARN_ON(cond) ({						\
	bool __ret_warn_on = !!(cond);					\
	if (__ret_warn_on)						\
		sim_bug(#cond, __FILE__, __LINE__);			\
	__ret_warn_on;							\
})
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN_ONCE(cond, ...)	WARN_ON(cond)
#define WARN(cond, ...)		WARN_ON(cond)

/* kernel.c: the log */
__printf(2, 3) void sim_printk(int level, const char *fmt, ...);

#ifndef pr_fmt
#define pr_fmt(fmt)		fmt
#endif
#define pr_err(fmt, ...)	sim_printk(3, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	sim_printk(4, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_ratelimited	pr_warn
#define pr_err_ratelimited	pr_err
#define pr_notice(fmt, ...)	sim_printk(5, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	sim_printk(6, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	do { } while (0)
#define printk(fmt, ...)	sim_printk(6, fmt, ##__VA_ARGS__)
#define dump_stack()		do { } while (0)

#define EXPORT_SYMBOL(sym)	extern int sim_exported
#define EXPORT_SYMBOL_GPL(sym)	extern int sim_exported
#define THIS_MODULE		((struct module *)NULL)
#define MODULE_LICENSE(x)	extern int sim_exported

#undef SSIZE_MAX
#define SSIZE_MAX		((ssize_t)(SIZE_MAX >> 1))

#define DIV_ROUND_UP_ULL(ll, d)	DIV_ROUND_UP((unsigned long long)(ll), (d))
#define div_u64(n, d)		((u64)(n) / (u32)(d))
#define copy_from_user(to, from, n)	(memcpy(to, from, n), 0)
#define panic(...)		sim_bug("panic", __FILE__, __LINE__)
#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr)	ALIGN_DOWN(addr, PAGE_SIZE)
#define SMP_CACHE_BYTES		64
#define VERIFY_OCTAL_PERMISSIONS(perm)	(perm)

static inline void *memset16(u16 *s, u16 v, size_t count)
{
	while (count--)
		s[count] = v;
	return s;
}

ssize_t sim_strscpy(char *dest, const char *src, size_t count);
#undef strscpy
#define __strscpy2(d, s)	sim_strscpy(d, s, sizeof(d))
#define __strscpy3(d, s, n)	sim_strscpy(d, s, n)
#define __strscpy_pick(a, b, c, name, ...)	name
#define strscpy(...)	\
	__strscpy_pick(__VA_ARGS__, __strscpy3, __strscpy2)(__VA_ARGS__)

void *memchr_inv(const void *start, int c, size_t bytes);
char *skip_spaces(const char *str);
u64 int_pow(u64 base, unsigned int exp);
u32 crc32c(u32 crc, const void *p, size_t len);
unsigned long long memparse(const char *ptr, char **retp);
char *next_arg(char *args, char **param, char **val);
char *kstrdup(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
__printf(2, 3) char *kasprintf(gfp_t gfp, const char *fmt, ...);
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
#include <linux/kstrtox.h>
#include <linux/sort.h>

/*
 * Locks. There is one thread; what is checked is that nobody takes a lock twice
 * or in the wrong order, or sleeps where that is not allowed.
 */
struct mutex {
	const char *name;
	bool locked;
};

typedef struct {
	bool locked;
} spinlock_t;

#define DEFINE_MUTEX(m)		struct mutex m = { .name = #m }
#define DEFINE_SPINLOCK(s)	spinlock_t s = {}
#define __SPIN_LOCK_UNLOCKED(s)	((spinlock_t) {})
#define spin_lock_init(s)	((void)((s)->locked = false))

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void might_sleep(void);
#define spin_lock_irq(s)		spin_lock(s)
#define spin_unlock_irq(s)		spin_unlock(s)
#define spin_lock_bh(s)			spin_lock(s)
#define spin_unlock_bh(s)		spin_unlock(s)
#define spin_lock_irqsave(s, f)		((void)(f), spin_lock(s))
#define spin_unlock_irqrestore(s, f)	((void)(f), spin_unlock(s))
#define irqs_disabled()			0
#define mutex_is_locked(m)		((m)->locked)
#define lockdep_is_held(l)		((l)->locked)
#define lockdep_assert_held(l)		WARN_ON(!(l)->locked)
DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD(spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))

#define cond_resched()		might_sleep()
#define might_alloc(gfp)	\
	do { if ((gfp) & __GFP_DIRECT_RECLAIM) might_sleep(); } while (0)

#define rcu_read_lock()		do { } while (0)
#define rcu_read_unlock()	do { } while (0)
#define __rcu
#define rcu_dereference_raw(p)			(p)
#define rcu_dereference_check(p, c)		(p)
#define rcu_dereference_protected(p, c)		(p)
#define rcu_assign_pointer(p, v)		((p) = (v))
#define RCU_INIT_POINTER(p, v)			((p) = (v))
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));

/* slab.c */
#define GFP_RECLAIM_MASK	(__GFP_RECLAIM | __GFP_HIGH | __GFP_IO | \
				 __GFP_FS | __GFP_NOWARN | \
				 __GFP_RETRY_MAYFAIL | __GFP_NOFAIL | \
				 __GFP_NORETRY | __GFP_MEMALLOC | \
				 __GFP_NOMEMALLOC | __GFP_NOLOCKDEP)
#define SLAB_RECLAIM_ACCOUNT	0x00020000UL
#define SLAB_PANIC		2
#define ZERO_SIZE_PTR		((void *)16)
#define gfpflags_allow_blocking(gfp)	(!!((gfp) & __GFP_DIRECT_RECLAIM))

struct kmem_cache;
struct list_lru;

void *kmalloc(size_t size, gfp_t gfp);
void kfree(const void *p);
bool slab_is_available(void);
void *kmem_cache_alloc_lru(struct kmem_cache *cache, struct list_lru *lru,
			   gfp_t gfp);
#define kzalloc(size, gfp)		kmalloc(size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp)	kmalloc((size_t)(n) * (size), gfp)
#define kzalloc_node(size, gfp, node)	kzalloc(size, gfp)
#define kcalloc(n, size, gfp)		kzalloc((size_t)(n) * (size), gfp)
#define kvmalloc(size, gfp)		kmalloc(size, gfp)
#define kvzalloc(size, gfp)		kzalloc(size, gfp)
#define kvmalloc_array(n, size, gfp)	kmalloc_array(n, size, gfp)
#define kvcalloc(n, size, gfp)		kcalloc(n, size, gfp)
#define kvfree(p)			kfree(p)
#define kzalloc_obj(obj)		kzalloc(sizeof(obj), GFP_KERNEL)
#define kmalloc_flex(obj, m, nr, gfp)	kmalloc(struct_size(&(obj), m, nr), gfp)
DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

#include <linux/rbtree.h>

#define CONFIG_XARRAY_MULTI	1
#include <linux/xarray.h>

/* Waiting. Nobody else runs: what is waited for has come, or does not come. */
typedef struct {
	int unused;
} wait_queue_head_t;

#define HZ				250
/* Time does not go on */
#define jiffies				0UL
#define time_before(a, b)		((a) < (b))
#define DECLARE_WAIT_QUEUE_HEAD(q)	wait_queue_head_t q
#define wake_up_all(q)			((void)(q))
/* Whoever waits does so in vain: nobody else is there to end it */
#define TASK_UNINTERRUPTIBLE		0x2
#define DEFINE_WAIT_FUNC(name, func)	int name = 0
#define add_wait_queue(q, wait)		((void)(q), (void)(wait))
#define remove_wait_queue(q, wait)	((void)(q), (void)(wait))
#define wait_woken(wait, mode, timeout)					\
	(might_sleep(), (void)(wait), (void)(timeout), 0L)

/* Pages: page.c. There are no others that want memory. */
#define si_mem_available()	100000L
#define totalram_pages()	max_pfn
#ifdef CONFIG_64BIT
#define SIM_PAGE_OFFSET		0x200000000000UL
#define SIM_VMEMMAP		0x300000000000UL
#else
#define SIM_PAGE_OFFSET		0x80000000UL
#define SIM_VMEMMAP		0x60000000UL
#endif
/* What of RAM a kernel of 32 bits has addresses for */
#define SIM_LOW_END		PHYS_PFN(0x70000000ULL)

enum zone_type {
	ZONE_DMA,
	ZONE_DMA32,
	ZONE_NORMAL,
	__MAX_NR_ZONES
};

#define MAX_NR_ZONES		__MAX_NR_ZONES
#define pageblock_order		9
#define pageblock_nr_pages	BIT(pageblock_order)
#define pageblock_align(pfn)	ALIGN((pfn), pageblock_nr_pages)
#define pageblock_start_pfn(pfn)	ALIGN_DOWN((pfn), pageblock_nr_pages)
#define pageblock_end_pfn(pfn)	ALIGN((pfn) + 1, pageblock_nr_pages)

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
};

/* What happens to a page, as the page allocator sees it */
enum sim_state {
	SIM_HOLE,	/* no RAM */
	SIM_BOOT,	/* memblock's */
	SIM_RESERVED,	/* reserved by memblock for good */
	SIM_LOOSE,	/* no longer reserved, and not yet anything else */
	SIM_OFFLINE,	/* of the type that raw pages are of */
	SIM_FREE,
	SIM_ALLOCATED,
	SIM_BROKEN,	/* freed, and kept from being used again */
	SIM_NR_STATES
};

enum pageflags {
	PG_reserved,
	PG_head,
	PG_tail,
	PG_secret,
	PG_typed,	/* slab and the like */
	PG_hwpoison,
	PG_has_hwpoisoned,
	PG_zone_device,
	PG_pinned,
	PG_managed,	/* counted in the zone */
	PG_broken,	/* no access; copies that PRAM marks are not */
	/* Of folios in files */
	PG_locked,
	PG_lru,
	PG_swapbacked,
	PG_uptodate,
	PG_dirty,
	PG_charged,	/* to a memory cgroup */
};

/**
 * struct page - a page
 * @flags: enum pageflags
 * @refcount: references; of the first page of a folio only
 * @state: enum sim_state
 * @order: of the block, in its first page, when allocated or free
 * @zone: index
 * @head: of a tail page: how many pages before it the first one is
 * @pos: of the first page of a free block: its place in the free list
 * @mapping: of a folio: which file has it
 * @index: and where in that, in pages
 * @private: of the first page of a folio: for whoever has it
 */
struct page {
	u32	flags;
	int	refcount;
	u8	state;
	u8	order;
	u8	zone;
	u8	migratetype;
	u32	head;
	u32	pos;
	struct address_space *mapping;
	unsigned long	index;
	void		*private;
};

struct folio {
	union {
		struct page page;
		struct {
			u8 __pad[offsetof(struct page, mapping)];
			struct address_space *mapping;
			unsigned long index;
			void *private;
		};
	};
};

struct zone {
	atomic_long_t	managed_pages;
	long		nr_free;
	unsigned long	zone_start_pfn;
	unsigned long	end_pfn;
};

#define zone_end_pfn(zone)	((zone)->end_pfn)
/* There is none */
#define ZONE_MOVABLE		MAX_NR_ZONES
#define zone_idx(zone)		((zone) - sim_node.node_zones)
#define populated_zone(zone)	((zone)->zone_start_pfn < (zone)->end_pfn)
#define is_highmem(zone)	\
	(IS_ENABLED(CONFIG_HIGHMEM) && zone_idx(zone) == ZONE_NORMAL)
#define for_each_populated_zone(zone)					\
	for ((zone) = sim_node.node_zones;				\
	     (zone) < sim_node.node_zones + MAX_NR_ZONES; (zone)++)	\
		if (populated_zone(zone))
/* As for si_mem_available(), there are no others that want memory */
#define zone_managed_pages(zone)	((void)(zone), 0UL)
#define zone_page_state(zone, item)	((void)(zone), 0UL)
#define NODE_DATA(nid)		((void)(nid), &sim_node)
#define atomic_long_add(n, a)	((void)((a)->counter += (n)))
#define totalram_pages_add(n)	((void)(n))

typedef struct pglist_data {
	struct zone	node_zones[MAX_NR_ZONES];
	unsigned long	first_deferred_pfn;
} pg_data_t;

extern pg_data_t sim_node;
extern unsigned long max_pfn;	/* memblock.c has it */

#define pgdat_end_pfn(pgdat)	((void)(pgdat), max_pfn)
#define for_each_online_node(nid)	for ((nid) = 0; (nid) < 1; (nid)++)
#define PAGES_PER_SECTION	MAX_ORDER_NR_PAGES

#define pfn_to_page(pfn)	((struct page *)SIM_VMEMMAP + (pfn))
#define page_to_pfn(p)		((unsigned long)((p) - (struct page *)SIM_VMEMMAP))

/*
 * In a process of 32 bits, there is an address for each of three pieces of physical
 * memory, in which all RAM is. What the kernel has no address for is in the others,
 * which only kmap_local_page() returns.
 */
static inline void *__va(u64 phys)
{
#ifndef CONFIG_64BIT
	if (phys >= SZ_4G)
		phys = phys - SZ_4G + 0x30000000;
	else if (phys >= 0x70000000)
		phys = phys - 0x70000000 + 0x18000000;
#endif
	return (void *)(SIM_PAGE_OFFSET + (unsigned long)phys);
}

static inline u64 __pa(const void *virt)
{
	u64 phys = (unsigned long)virt - SIM_PAGE_OFFSET;

#ifndef CONFIG_64BIT
	if (phys >= 0x30000000)
		return phys - 0x30000000 + SZ_4G;
	if (phys >= 0x18000000)
		return phys - 0x18000000 + 0x70000000;
#endif
	return phys;
}

static inline bool sim_is_low(u64 pfn)
{
	return IS_ENABLED(CONFIG_64BIT) || pfn < SIM_LOW_END;
}

static inline void *sim_low(u64 pfn)
{
	if (!sim_is_low(pfn))
		return NULL;
	return __va(PFN_PHYS(pfn));
}

#define phys_to_virt(phys)	__va(phys)
#define virt_to_phys(virt)	__pa(virt)
#define pfn_to_kaddr(pfn)	sim_low(pfn)
#define page_address(page)	pfn_to_kaddr(page_to_pfn(page))
#define virt_to_page(virt)	pfn_to_page(PHYS_PFN(__pa(virt)))
#define offset_in_page(x)	((unsigned long)(x) & (PAGE_SIZE - 1))
#define pfn_valid(pfn)		((pfn) < max_pfn)
#define for_each_valid_pfn(pfn, start, end) \
	for ((pfn) = (start); (pfn) < min_t(unsigned long, end, max_pfn); (pfn)++) \
		if (pfn_to_page(pfn)->state != SIM_HOLE)
#define pfn_to_online_page(pfn)	(pfn_valid(pfn) ? pfn_to_page(pfn) : NULL)

#define page_zone(page)		(&sim_node.node_zones[(page)->zone])

#define page_folio(p)		((struct folio *)((p) - (p)->head))
#define pfn_folio(pfn)		page_folio(pfn_to_page(pfn))
#define virt_to_folio(virt)	page_folio(virt_to_page(virt))
#define folio_page(folio, n)	(&(folio)->page + (n))
#define folio_pfn(folio)	page_to_pfn(&(folio)->page)
#define folio_address(folio)	page_address(&(folio)->page)

/* Memory that memblock has is not the page allocator's: nobody looks at it */
#define SIM_PAGEFLAG(name, flag)					\
static inline bool Page##name(const struct page *page)			\
{									\
	BUG_ON(page->state == SIM_BOOT);				\
	return page->flags & BIT(PG_##flag);				\
}									\
static inline bool folio_test_##flag(const struct folio *folio)		\
{									\
	return Page##name(&folio->page);				\
}

SIM_PAGEFLAG(Reserved, reserved)
SIM_PAGEFLAG(HWPoison, hwpoison)
SIM_PAGEFLAG(HasHWPoisoned, has_hwpoisoned)
SIM_PAGEFLAG(Head, head)
SIM_PAGEFLAG(Locked, locked)
SIM_PAGEFLAG(LRU, lru)
SIM_PAGEFLAG(SwapBacked, swapbacked)
SIM_PAGEFLAG(Uptodate, uptodate)

/* Pages that are known to be broken */
extern atomic_long_t num_poisoned_pages;
#define num_poisoned_pages_inc(pfn)	((void)num_poisoned_pages.counter++)
#define atomic_long_read(v)	((v)->counter)

extern bool sim_stopped;

static inline void SetPageHWPoison(struct page *page)
{
	/* At boot it is said of memory that is broken, and later of copies of it */
	page->flags |= BIT(PG_hwpoison) | (sim_stopped ? 0 : BIT(PG_broken));
}

static inline bool PageOffline(const struct page *page)
{
	return page->state == SIM_OFFLINE;
}

static inline bool PageCompound(const struct page *page)
{
	return page->flags & (BIT(PG_head) | BIT(PG_tail));
}

#define folio_test_large(folio)		folio_test_head(folio)
#define page_has_type(page)		(!!((page)->flags & BIT(PG_typed)))
#define folio_is_zone_device(folio)	\
	(!!((folio)->page.flags & BIT(PG_zone_device)))
#define folio_maybe_dma_pinned(folio)	\
	(!!((folio)->page.flags & BIT(PG_pinned)))

/* So that each of these has references enough */
#define GUP_PIN_COUNTING_BIAS		0
#define folio_mapcount(folio)		((void)(folio), 0)

static inline unsigned int folio_order(const struct folio *folio)
{
	return folio_test_large(folio) ? folio->page.order : 0;
}

static inline long folio_nr_pages(const struct folio *folio)
{
	return 1L << folio_order(folio);
}

static inline int page_count(const struct page *page)
{
	return page_folio(page)->page.refcount;
}

#define folio_ref_count(folio)	((folio)->page.refcount)

struct page *alloc_pages(gfp_t gfp, unsigned int order);
struct folio *folio_alloc(gfp_t gfp, unsigned int order);
void __free_pages(struct page *page, unsigned int order);
void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *virt, size_t size);
void folio_get(struct folio *folio);
#define folio_ref_add(folio, nr)	((folio)->page.refcount += (nr))
#define folio_ref_sub(folio, nr)	((folio)->page.refcount -= (nr))
#define folio_try_get(folio)	(folio_get(folio), true)
bool folio_put_testzero(struct folio *folio);
void __folio_put(struct folio *folio);
void folio_put(struct folio *folio);
#define alloc_page(gfp)		alloc_pages(gfp, 0)
#define __free_page(page)	__free_pages(page, 0)
#define get_page(page)		folio_get(page_folio(page))
#define put_page(page)		folio_put(page_folio(page))

/* From memblock to the page allocator */
void __init_single_page(struct page *page, unsigned long pfn,
			unsigned long zone, int nid);
void __SetPageReserved(struct page *page);
void ClearPageReserved(struct page *page);
#define PageReserved(page)		((page)->flags & BIT(PG_reserved))
#define __ClearPageReserved(page)	ClearPageReserved(page)
void __SetPageOffline(struct page *page);
void __ClearPageOffline(struct page *page);
void set_page_count(struct page *page, int count);
void prep_compound_page(struct page *page, unsigned int order);
struct folio *page_rmappable_folio(struct page *page);
void set_page_owner(struct page *page, unsigned short order, gfp_t gfp);
void adjust_managed_page_count(struct page *page, long count);
void init_pageblock_migratetype(struct page *page, int migratetype, bool isolate);
#define get_pageblock_migratetype(page)	((page)->migratetype)
#define kmemleak_free_part_phys(phys, size)	((void)(phys), (void)(size))
#define clear_page_tag_ref(page)	((void)(page))
#define accept_memory(start, size)	((void)(start))

#define kmap_local_page(page)						\
	((unsigned long)(page) < SIM_VMEMMAP ? (void *)(page) :		\
					__va(PFN_PHYS(page_to_pfn(page))))
#define kmap_local_folio(folio, ofs)	(kmap_local_page(&(folio)->page) + (ofs))
#define kunmap_local(addr)		((void)(addr))

static inline int copy_mc_highpage(struct page *to, struct page *from)
{
	memcpy(kmap_local_page(to), kmap_local_page(from), PAGE_SIZE);
	return 0;
}

#define memzero_explicit(p, n)		memset(p, 0, n)
#define copy_mc_to_kernel(to, from, n)	(memcpy(to, from, n), 0UL)
#define copy_page(to, from)	memcpy(to, from, PAGE_SIZE)
#define clear_page(page)	memset(page, 0, PAGE_SIZE)
#define clear_highpage(page)	((void)memset(kmap_local_page(page), 0, PAGE_SIZE))

static inline void memcpy_from_page(char *to, struct page *page, size_t offset,
				    size_t len)
{
	BUG_ON(offset + len > PAGE_SIZE);
	memcpy(to, kmap_local_page(page) + offset, len);
}

static inline void memcpy_to_page(struct page *page, size_t offset,
				  const char *from, size_t len)
{
	BUG_ON(offset + len > PAGE_SIZE);
	memcpy(kmap_local_page(page) + offset, from, len);
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	copy_mc_highpage(to, from);
}

/* Physical memory: memory.c */
#define NUMA_NO_NODE		(-1)
#define MAX_NUMNODES		1
#define nr_online_nodes		1
#define node_online(nid)	true
#define page_to_nid(page)	((void)(page), 0)
#define __folio_alloc_node(gfp, order, nid)	folio_alloc(gfp, order)
#define numa_valid_node(nid)	((nid) == 0)
struct seq_file;
#include <linux/memblock.h>

void *early_memremap(resource_size_t phys, unsigned long size);
void early_memunmap(void *addr, unsigned long size);
int walk_system_ram_range(unsigned long pfn, unsigned long nr, void *arg,
			  int (*func)(unsigned long, unsigned long, void *));
void sim_memblock_free_pages(unsigned long pfn, unsigned int order);
void memblock_free_all(void);
void init_deferred_page(unsigned long pfn, int nid);
void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid);

/* The rest: kernel.c */
#define __initcall_in(level, fn)					\
	int (*const sim_initcall_##fn)(void)				\
	__used __section("sim_initcalls_" #level) = (fn)
#define core_initcall(fn)	__initcall_in(core, fn)
#define subsys_initcall(fn)	__initcall_in(subsys, fn)
#define late_initcall(fn)	__initcall_in(late, fn)

/* Addressable by name: there is no end of a section to look for */
#undef __setup_param
#define __setup_param(str, unique_id, fn, early)			\
	const struct obs_kernel_param sim_setup_##unique_id		\
	__used __section("sim_setup")					\
	__aligned(__alignof__(struct obs_kernel_param)) =		\
		{ str, fn, early }

#define KBUILD_MODNAME	"sim"
#include <linux/moduleparam.h>
#undef __MODULE_PARM_TYPE
#define __MODULE_PARM_TYPE(name, type)	extern int sim_exported
#undef MODULE_PARM_DESC
#define MODULE_PARM_DESC(name, desc)	extern int sim_exported

bool is_kdump_kernel(void);
int __sysfs_match_string(const char * const *array, size_t n, const char *s);
#define sysfs_emit(buf, ...)	scnprintf(buf, PAGE_SIZE, __VA_ARGS__)
#define sysfs_emit_at(buf, at, ...)	\
	scnprintf((buf) + (at), PAGE_SIZE - (at), __VA_ARGS__)

static inline size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) ? 0 : len;
}

/* There is one thread */
#define smp_rmb()		do { } while (0)
#define touch_nmi_watchdog()	do { } while (0)
#define local_irq_disable()	do { } while (0)

u64 get_random_u64(void);

/* Where there is KHO, which mm/pram_base.h knows, it is on if it has a scratch area */
bool kho_is_enabled(void);
bool kho_scratch_overlap(phys_addr_t phys, size_t size);
int kho_walk_preserved(int (*fn)(unsigned long pfn, unsigned long nr, void *arg),
		       void *arg);

int reserve_mem_find_by_name(const char *name, phys_addr_t *start, phys_addr_t *size);

#define LOCKDOWN_KEXEC			1
#define security_locked_down(what)	0

/* For x86, in memory.c and kernel.c */
#define PRAM_CMDLINE_SIZE	2048
#define PRAM_LOW_END		0
#define PRAM_RAM_END		0
#define arch_pram_mark_bits()	PRAM_MARK_BITS
struct kimage;
struct pram_image;

bool arch_pram_boot_ram(u64 start, u64 end);
bool arch_pram_kexeced(void);
void arch_pram_set_mark(u64 mark);
u64 arch_pram_mark(void);
#define arch_pram_saw_low(param, val, info)	do { } while (0)
#define arch_pram_limit(info)			do { } while (0)
#define arch_pram_find_run(image, info)	do { } while (0)
int arch_pram_find_params(struct kimage *image, struct pram_image *info);
char *arch_pram_no_ram(const char *param, char *val, u64 *start, u64 *end);

struct new_utsname {
	char release[65];
};

struct new_utsname *init_utsname(void);

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action,
			     void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;
};

#define NOTIFY_DONE	0
#define NOTIFY_OK	1
#define SYS_RESTART	1
#define SYS_HALT	2
#define SYS_POWER_OFF	3

int register_reboot_notifier(struct notifier_block *nb);

/* Memory does not run out in a way that anybody is told of */
#define register_oom_notifier(nb)	((void)(nb))
#define cmpxchg(p, old, new)						\
({									\
	typeof(*(p)) __was = *(p);					\
									\
	if (__was == (old))						\
		*(p) = (new);						\
	__was;								\
})

struct work_struct;

/* Nobody waits so long */
struct delayed_work {
	void (*fn)(struct work_struct *work);
};

#define DECLARE_DELAYED_WORK(name, f)	struct delayed_work name = { .fn = (f) }
#define schedule_delayed_work(w, t)	((void)(w), (void)(t))
#define mod_delayed_work(wq, w, t)	((void)(w))
#define schedule_timeout_uninterruptible(t)	might_sleep()

#define PM_HIBERNATION_PREPARE	1
#define PM_POST_HIBERNATION	2
#define PM_RESTORE_PREPARE	5

extern notifier_fn_t sim_pm_notifier;
#define pm_notifier(fn, pri)	((void)(sim_pm_notifier = (fn)))

struct memory_notify {
	unsigned long start_pfn;
	unsigned long nr_pages;
};

#define MEM_OFFLINE			4
#define MEM_GOING_OFFLINE		2
#define MEM_CANCEL_OFFLINE		32
#define hotplug_memory_notifier(fn, pri)	((void)(fn))
#define notifier_from_errno(err)	(0x8000 - (err))

#define KEXEC_SEGMENT_MAX	16
#define KEXEC_TYPE_DEFAULT	0
#define KEXEC_TYPE_CRASH	1

struct kexec_segment {
	void *buf;
	size_t bufsz;
	unsigned long mem;
	size_t memsz;
};

/**
 * struct kimage - an image
 * @segment_cma: no segment is loaded to its place
 * @params: it has boot parameters
 * @marker: it has a marker
 * @version: the version of the super block that it reads
 * @line: its command line
 */
struct kimage {
	unsigned long nr_segments;
	struct kexec_segment segment[KEXEC_SEGMENT_MAX];
	struct page *segment_cma[KEXEC_SEGMENT_MAX];
	unsigned int type : 1;
	unsigned int file_mode : 1;
	unsigned int preserve_context : 1;
	char *cmdline_buf;
	unsigned long cmdline_buf_len;
	bool params;
	bool marker;
	u32 version;
	char line[PRAM_CMDLINE_SIZE];
};

/* Where the pages of an image are: as virtual addresses, and in one list */
typedef unsigned long kimage_entry_t;

#define IND_DESTINATION		0x1
#define IND_INDIRECTION		0x2
#define IND_DONE		0x4
#define IND_SOURCE		0x8
#define boot_phys_to_virt(entry)	((void *)(entry))
/* They have no struct page: see kmap_local_page() */
#define boot_pfn_to_page(pfn)		((struct page *)((pfn) << PAGE_SHIFT))

kimage_entry_t *sim_image_entries(const struct kimage *image);

#define for_each_kimage_entry(image, ptr, entry)			\
	for (ptr = sim_image_entries(image);				\
	     (entry = *ptr) && !(entry & IND_DONE); ptr++)

extern struct kimage *kexec_image;

struct resource {
	resource_size_t start;
	resource_size_t end;
};

extern struct resource crashk_res, crashk_low_res;

static inline resource_size_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

struct kobject;

/* Work for all CPUs, in chunks */
struct padata_mt_job {
	void (*thread_fn)(unsigned long start, unsigned long end, void *arg);
	void *fn_arg;
	unsigned long start;
	unsigned long size;
	unsigned long align;
	unsigned long min_chunk;
	int max_threads;
};

#define num_online_cpus()	8
void padata_do_multithreaded(struct padata_mt_job *job);

#include <trace/events/pram.h>

#endif /* _MM_PRAM_INTERNAL_H */
