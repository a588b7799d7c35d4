/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules by which a kernel finds its super block, once more and plainly: by
 * what include/linux/pram_format.h and Documentation/ say, and with nothing of
 * the code that is tested.
 */
#ifndef PRAM_FUZZ_RULES_H
#define PRAM_FUZZ_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct rules_param - what pram= says
 * @set: whether it says anything
 * @pfn: of the super block; 0: off
 * @ticket: which one it has to be
 */
struct rules_param {
	bool		set;
	uint64_t	pfn;
	uint64_t	ticket;
};

struct rules_param rules_param(const char *line);
bool rules_super(const uint8_t *page, const struct rules_param *param,
		 uint64_t mark);
uint32_t rules_crc32c(uint32_t crc, const void *data, size_t size);

static inline uint64_t rules_get(const uint8_t *page, unsigned int offset,
				 unsigned int bytes)
{
	uint64_t val = 0;

	while (bytes--)
		val = val << 8 | page[offset + bytes];
	return val;
}

static inline void rules_put(uint8_t *page, unsigned int offset,
			     unsigned int bytes, uint64_t val)
{
	for (; bytes--; val >>= 8)
		page[offset++] = val;
}

/* Make the checksum of a metadata page right */
static inline void rules_mend(uint8_t *page)
{
	rules_put(page, 4, 4, rules_crc32c(~0, page + 8, 4096 - 8));
}

#endif /* PRAM_FUZZ_RULES_H */
