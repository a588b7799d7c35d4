// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's crc32c.
 */
#include "pram_internal.h"

#include <sanitizer/asan_interface.h>

/* Nobody asks for them */
#define __alias(sym)
#define MODULE_AUTHOR(x)	extern int sim_exported
#define MODULE_DESCRIPTION(x)	extern int sim_exported
#define ____cacheline_aligned	__attribute__((__aligned__(64)))
/* As a header of the architecture would say: it chooses the tables' order */
#ifndef __LITTLE_ENDIAN
#define __LITTLE_ENDIAN		1234
#endif
/* Tables are made with them */
#undef cpu_to_le32
#undef cpu_to_be32
#define cpu_to_le32(x)		(x)
#define cpu_to_be32(x)		__builtin_bswap32(x)
#define __cpu_to_le32(x)	(x)
#define __le32_to_cpu(x)	(x)
#define __cpu_to_be32(x)	__builtin_bswap32(x)
#define __be32_to_cpu(x)	__builtin_bswap32(x)

/* Without the sanitizer, for speed; so who may read it is asked here */
#undef __crc32c_le
#define __crc32c_le		crc32c_unchecked
#define crc32c			crc32c_unchecked
#include CRC32_FILE
#undef crc32c

u32 crc32c(u32 crc, const void *p, size_t len)
{
	if (__asan_region_is_poisoned((void *)p, len))
		sim_bug("a checksum of memory that is not to be read", __FILE__,
			__LINE__);
	return crc32c_unchecked(crc, p, len);
}
