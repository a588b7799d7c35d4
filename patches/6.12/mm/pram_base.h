/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What PRAM needs and Linux 6.12 has by another name, or in another way.
 */
#ifndef _MM_PRAM_BASE_H
#define _MM_PRAM_BASE_H

/* Before their names change */
#include <linux/fs.h>
#include <linux/posix_acl_xattr.h>

#define crc32c(crc, p, len)	__crc32c_le(crc, (const u8 *)(p), len)

#define file_kattr		fileattr

#define freeze_super(sb, who, owner)	freeze_super(sb, who)
#define thaw_super(sb, who, owner)	thaw_super(sb, who)

#define init_pageblock_migratetype(page, type, isolate) \
	set_pageblock_migratetype(page, type)

#define inode_state_read(inode)		((inode)->i_state)

/* No segment of an image is loaded to its place */
#define kimage_segment_cma(image, nr)	\
	((void)(image), (void)(nr), (struct page *)NULL)
#define kimage_place_segment(image, nr, page)	\
	((void)(image), (void)(nr), (void)(page), false)

/* There is no KHO */
#define kho_is_enabled()		false
#define is_kho_boot()			false
#define kho_nr_retrieved()		0UL
#define kho_scratch_overlap(addr, size)	((void)(addr), false)
#define kho_walk_preserved(fn, arg)	((void)(fn), (void)(arg))

#define mapping_rmap_tree_foreach(vma, mapping, first, last) \
	vma_interval_tree_foreach(vma, &(mapping)->i_mmap, first, last)

#define name_is_dot_dotdot(name, len)	is_dot_dotdot(name, len)
#define try_lookup_noperm(name, dir)	d_hash_and_lookup(dir, name)

#define softleaf_is_poison_marker(entry)	is_poisoned_swp_entry(entry)

/* The one that there is here does not allocate */
#define posix_acl_to_xattr(ns, acl, sizep, gfp)				       \
({									       \
	size_t __size = posix_acl_xattr_size((acl)->a_count);		       \
	void *__buf = kmalloc(__size, gfp);				       \
	int __ret = 0;							       \
									       \
	if (__buf)							       \
		__ret = posix_acl_to_xattr(ns, acl, __buf, __size);	       \
	if (__ret < 0) {						       \
		kfree(__buf);						       \
		__buf = NULL;						       \
	}								       \
	*(sizep) = __ret;						       \
	__buf;								       \
})

#define system_dfl_wq			system_unbound_wq

/* Whether binary attributes are constant */
#define PRAM_BIN_CONST

#define pram_page_flags(page)	((page)->flags)

#define pram_xattr_entry(rb)	rb_entry_safe(rb, struct simple_xattr, rb_node)

/* Under the inode's lock */
#define pram_for_each_xattr(xattr, inode)				       \
	for (xattr = pram_xattr_entry(rb_first(&SHMEM_I(inode)->xattrs.rb_root)); \
	     xattr; xattr = pram_xattr_entry(rb_next(&xattr->rb_node)))

#endif /* _MM_PRAM_BASE_H */
