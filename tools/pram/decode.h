/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decoding of what a kernel leaves in memory for the next one. All of it may be
 * damaged, or made by somebody who means harm.
 */
#ifndef PRAMCTL_DECODE_H
#define PRAMCTL_DECODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../../include/linux/pram_format.h"

/**
 * struct memory - pages of physical memory
 * @read: reads one into a buffer of PRAM_PAGE_SIZE; returns 0 or an errno
 * @arg: for it
 * @stream: a file with the byte stream of the node; -1: it is in the memory
 */
struct memory {
	int (*read)(void *arg, uint64_t pfn, void *page);
	void *arg;
	int stream;
};

/**
 * struct walk - where a reader of a stream is
 * @mem: where it is read from
 * @link: the link
 * @csums: whether links have to have PRAM_LINK_CSUM
 * @next: the next link; 0: this is the last
 * @left: links that have not been read yet
 * @pos: pages before the next entry
 * @entry: the next entry in @link
 * @why: what is wrong; NULL: nothing so far
 * @stale: how many links do not have the checksum that they say
 */
struct walk {
	const struct memory *mem;
	struct pram_link link;
	bool csums;
	uint64_t next;
	uint64_t left;
	uint64_t pos;
	unsigned int entry;
	const char *why;
	uint64_t stale;
};

/* decode.c */
uint32_t page_csum(const void *page);
const char *read_meta(const struct memory *mem, uint64_t pfn, uint32_t magic,
		      void *page);
void walk_start(struct walk *walk, const struct memory *mem,
		const struct pram_node_page *node, unsigned int chain);
bool walk_next(struct walk *walk, uint64_t *entry);

/* decode_tree.c */
const char *decode_tree(FILE *out, const struct memory *mem,
			const struct pram_node_page *node);

/* decode_node.c */
int decode_node(FILE *out, const struct memory *mem, uint64_t pfn,
		const char *name, bool entries);

static inline uint64_t entry_pfn(uint64_t entry)
{
	return entry & PRAM_ENTRY_PFN_MASK;
}

static inline unsigned int entry_order(uint64_t entry)
{
	return entry >> PRAM_ENTRY_ORDER_SHIFT & PRAM_ENTRY_ORDER_MASK;
}

static inline unsigned int entry_flags(uint64_t entry)
{
	return entry >> PRAM_ENTRY_FLAGS_SHIFT & PRAM_ENTRY_FLAGS_MASK;
}

static inline uint64_t entry_count(uint64_t entry)
{
	return entry >> PRAM_ENTRY_COUNT_SHIFT;
}

/* It fits: a count has 16 bits, and an order 5 */
static inline uint64_t entry_pages(uint64_t entry)
{
	return entry_count(entry) << entry_order(entry);
}

#endif /* PRAMCTL_DECODE_H */
