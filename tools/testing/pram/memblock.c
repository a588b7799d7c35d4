// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's memblock.
 */
#include "pram_internal.h"

static inline struct pglist_data *first_online_pgdat(void)
{
	return NULL;
}

static inline struct pglist_data *next_online_pgdat(struct pglist_data *pgdat)
{
	return NULL;
}

#define for_each_online_pgdat(pgdat)					\
	for (pgdat = first_online_pgdat(); pgdat;			\
	     pgdat = next_online_pgdat(pgdat))

#define atomic_long_set(v, n)		((v)->counter = (n))
#define totalram_pages_inc()		do { } while (0)
#define early_pfn_to_nid(pfn)		((void)(pfn), 0)
#define movable_node_is_enabled()	false
#define kmemleak_alloc_phys(phys, size, gfp)	do { } while (0)

/* Nobody frees memory that is reserved */
#define deferred_pages_enabled()	false
#define free_reserved_page(page)	((void)(page))
#define kasan_reset_tag(addr)		(addr)
#define __is_kernel(addr)		((void)(addr), false)
#define __pa_symbol(addr)		__pa(addr)
#define K(pages)			((pages) << (PAGE_SHIFT - 10))

static const bool mirrored_kernelcore;

/* What walks through zones */
#undef CONFIG_DEFERRED_STRUCT_PAGE_INIT

#include "../../../mm/memblock.c"
