/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BOOT_COMPRESSED_PRAM_H
#define BOOT_COMPRESSED_PRAM_H

#include <linux/pram_format.h>

/* How many entries of mem_avoid[] pram_avoid() may fill in */
#ifdef CONFIG_PRAM_KASLR
#define MAX_PRAM_REGIONS	PRAM_MAX_COVER
void pram_avoid(struct mem_vector *avoid);
#else
#define MAX_PRAM_REGIONS	0
static inline void pram_avoid(struct mem_vector *avoid)
{ }
#endif

#endif /* BOOT_COMPRESSED_PRAM_H */
