/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What PRAM needs, and kernels have in different ways.
 */
#ifndef _MM_PRAM_BASE_H
#define _MM_PRAM_BASE_H

#include <linux/kexec_handover.h>

#include "mm_init.h"
#include "page_alloc.h"

/* Where a segment of an image is if it was loaded to its place; NULL: it was not */
#define kimage_segment_cma(image, nr)	((image)->segment_cma[nr])
/* Say so, for a test; false: there is no such thing */
#define kimage_place_segment(image, nr, page)	\
	((image)->segment_cma[nr] = (page), true)

/* Whether binary attributes are constant */
#define PRAM_BIN_CONST		const

#define pram_page_flags(page)	((page)->flags.f)

/* Under the inode's lock */
#define pram_for_each_xattr(xattr, inode) \
	list_for_each_entry(xattr, &SHMEM_I(inode)->xattrs, node)

#endif /* _MM_PRAM_BASE_H */
