/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checking what the previous kernel has left, and claiming the pages that it names.
 */
#ifndef _MM_PRAM_CLAIM_H
#define _MM_PRAM_CLAIM_H

#include "pram.h"

/**
 * struct pram_walk - what has been claimed of a chain, so that it can be given back
 * @nr_links: how many links
 * @nr_pages: how many pages their entries have
 * @nr_entries: how many entries of the last link
 * @pfn: what is being looked at, for the log
 */
struct pram_walk {
	u64 nr_links;
	u64 nr_pages;
	unsigned int nr_entries;
	u64 pfn;
};

void pram_claim_limit(u64 nr);
const char *pram_claim_meta(u64 pfn);
const char *pram_check_head(const void *page, u32 magic, u64 pfn);
const char *pram_check_node(const struct pram_node_page *page);
const char *pram_claim_chain(const struct pram_node_page *page,
			     unsigned int which, struct pram_walk *walk);
void pram_unclaim_chain(const struct pram_chain *chain,
			const struct pram_walk *walk);
const char *pram_claim_list(u64 pfn, u32 magic, u64 pos);

#endif /* _MM_PRAM_CLAIM_H */
