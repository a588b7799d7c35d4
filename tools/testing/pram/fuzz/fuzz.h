/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzz targets share.
 */
#ifndef PRAM_FUZZ_H
#define PRAM_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The target; called by libFuzzer, or by replay.c */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has been logged; targets without the simulator have no log */
bool sim_logged(const char *text);
void sim_clear_log(void);

/* End the run: something is not as it has to be */
#define fuzz_fail(fmt, ...) do {					\
	fprintf(stderr, "%s:%d: " fmt "\n", __FILE__, __LINE__,		\
		##__VA_ARGS__);						\
	abort();							\
} while (0)

#define fuzz_expect(cond) do {						\
	if (!(cond))							\
		fuzz_fail("expected: %s", #cond);			\
} while (0)

/* An input that is taken apart from front to back; past its end are zeroes */
struct fuzz_input {
	const uint8_t	*next;
	size_t		left;
};

static inline uint64_t fuzz_take(struct fuzz_input *in, unsigned int bytes)
{
	uint64_t val = 0;
	unsigned int i;

	for (i = 0; i < bytes && in->left; i++, in->left--)
		val |= (uint64_t)*in->next++ << 8 * i;
	return val;
}

#endif /* PRAM_FUZZ_H */
