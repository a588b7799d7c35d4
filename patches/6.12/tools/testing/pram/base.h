/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the simulator has, and Linux 6.12 has by another name, or in another way:
 * mm/pram_base.h, memblock and tmpfs ask for it by that.
 */
#ifndef _SIM_BASE_H
#define _SIM_BASE_H

#define __crc32c_le(crc, p, len)	crc32c(crc, p, len)

#define memblock_free_pages(page, pfn, order) \
	sim_memblock_free_pages(pfn, order)

#define set_pageblock_migratetype(page, type) \
	init_pageblock_migratetype(page, type, false)

/* Not in tools/include */
static inline void bitmap_set(unsigned long *map, unsigned int start,
			      unsigned int nbits)
{
	for (; nbits; nbits--, start++)
		__set_bit(start, map);
}

#define file_kattr			fileattr
#define is_dot_dotdot(name, len)	name_is_dot_dotdot(name, len)
#define d_hash_and_lookup(dir, name)	try_lookup_noperm(name, dir)
#define is_poisoned_swp_entry(swp)	softleaf_is_poison_marker(swp)
#define vma_interval_tree_foreach(vma, root, start, last) \
	sim_no_mapping(vma)
#define system_unbound_wq		NULL

/* What an inode has them in, by name; there is no cache of a file system for them */
#define sim_xattrs			simple_xattrs
#define SIM_XATTRS_SORTED		true
struct simple_xattr_cache { };
#define simple_xattr_cache_cleanup(cache)	((void)(cache))
#define sim_set_xattr(cache, xattrs, name, value, size, flags) \
	simple_xattr_set(xattrs, name, value, size, flags)

/* Is there KHO? */
#define SIM_KHO				false

#endif /* _SIM_BASE_H */
