/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the simulator needs, and kernels have in different ways.
 */
#ifndef _SIM_BASE_H
#define _SIM_BASE_H

#define memblock_free_pages(pfn, order) \
	sim_memblock_free_pages(pfn, order)

#define mapping_rmap_tree_foreach(vma, mapping, first, last) \
	sim_no_mapping(vma)
#define system_dfl_wq			NULL

/* What an inode has them in, as they were made */
#define sim_xattrs			list_head
#define SIM_XATTRS_SORTED		false
#define simple_xattrs_init(xattrs)	INIT_LIST_HEAD(xattrs)
#define sim_set_xattr(cache, xattrs, name, value, size, flags) \
	simple_xattr_set(cache, xattrs, name, value, size, flags)

/* Is there KHO? */
#define SIM_KHO				IS_ENABLED(CONFIG_64BIT)
#ifdef CONFIG_64BIT
#define CONFIG_KEXEC_HANDOVER		1
#endif

#endif /* _SIM_BASE_H */
