/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What arch/x86/boot/compressed/pram.c takes from misc.h. The guard is that of
 * the real one, so that this stands in for it; error.h and string.h likewise.
 */
#ifndef BOOT_COMPRESSED_MISC_H
#define BOOT_COMPRESSED_MISC_H

#include <limits.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/types.h>
#include <uapi/asm/bootparam.h>

#define CONFIG_PRAM_KASLR 1

extern struct boot_params *boot_params_ptr;

struct mem_vector {
	u64 start;
	u64 size;
};

/* Those of the C library: the sanitizer watches what they return */
void *malloc(size_t size);
void free(void *where);

#endif /* BOOT_COMPRESSED_MISC_H */
