/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of the format, as tools/testing/pram/golden has them.
 */
#ifndef PRAMCTL_GOLDEN_H
#define PRAMCTL_GOLDEN_H

#include "decode.h"

#define GOLDEN_RAM	8

struct golden_page {
	uint64_t pfn;
	unsigned char data[PRAM_PAGE_SIZE];
};

struct golden {
	struct pram_range ram[GOLDEN_RAM];
	unsigned int nr_ram;
	uint64_t super;
	struct golden_page *page;
	size_t nr;
};

void golden_load(struct golden *golden, const char *path);
void golden_free(struct golden *golden);
int golden_read(void *golden, uint64_t pfn, void *page);
bool golden_is_node(const struct golden_page *page, const char **name);

#endif /* PRAMCTL_GOLDEN_H */
