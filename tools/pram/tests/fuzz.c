// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz SEED ROUNDS GOLDEN...: decode nodes of images that have been damaged. There
 * are no checksums to be mended: dump shows what is there, right or not. The
 * sanitizers say if it goes wrong, and a time limit if it goes on for ever.
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "golden.h"
#include "pramctl.h"

/* Of one node: damage makes none of them longer than this */
#define SECONDS		20

static uint64_t state;

static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1dULL;
}

static uint64_t below(uint64_t n)
{
	return (next() >> 16) % n;
}

/* Another value for a field of 4 or 8 bytes: random ones are mostly none */
static uint64_t value(const struct golden *golden, uint64_t old)
{
	static const uint64_t edges[] = {
		0, 1, 2, 507, 508, 338, 339, 4095, 4096, 65535, 65536, 0x7fffffff,
		0xffffffff, 1ULL << 40, 1ULL << 63, ~0ULL,
	};

	switch (below(5)) {
	case 0:
		return edges[below(sizeof(edges) / sizeof(*edges))];
	case 1:
		return golden->page[below(golden->nr)].pfn;
	case 2:
		return old + below(5) - 2;
	case 3:
		return old ^ 1ULL << below(64);
	default:
		return next();
	}
}

/* Most fields are at the start of a page */
static void damage(struct golden *golden)
{
	struct golden_page *page = &golden->page[below(golden->nr)];
	size_t size = below(2) ? 8 : 4;
	size_t at = below(below(2) ? 512 : PRAM_PAGE_SIZE) & ~(size - 1);
	uint64_t old = 0;

	if (!below(20)) {
		*page = golden->page[below(golden->nr)];
		return;
	}
	memcpy(&old, page->data + at, size);
	old = value(golden, old);
	memcpy(page->data + at, &old, size);
}

static void decode_all(const struct golden *original,
		       const struct golden *damaged, FILE *out)
{
	struct memory mem = {
		.read = golden_read,
		.arg = (void *)damaged,
		.stream = -1,
	};
	const char *name;
	size_t i;

	for (i = 0; i < original->nr; i++) {
		if (!golden_is_node(&original->page[i], &name))
			continue;
		alarm(SECONDS);
		decode_node(out, &mem, original->page[i].pfn, name, below(2));
		alarm(0);
	}
}

static void fuzz(const char *path, unsigned long rounds, FILE *out)
{
	struct golden golden, copy;
	unsigned int nr;

	golden_load(&golden, path);
	copy = golden;
	copy.page = xrealloc(NULL, golden.nr * sizeof(*copy.page));
	while (rounds-- && golden.nr) {
		memcpy(copy.page, golden.page, golden.nr * sizeof(*copy.page));
		for (nr = 1 + below(4); nr; nr--)
			damage(&copy);
		decode_all(&golden, &copy, out);
	}
	free(copy.page);
	golden_free(&golden);
}

int main(int argc, char **argv)
{
	FILE *out = fopen("/dev/null", "we");
	int i;

	if (argc < 4 || !out)
		errx(2, "usage: fuzz SEED ROUNDS GOLDEN...");
	/* What it complains about is of no interest */
	if (!freopen("/dev/null", "we", stderr))
		err(1, "/dev/null");
	state = strtoull(argv[1], NULL, 0) | 1;
	for (i = 3; i < argc; i++)
		fuzz(argv[i], strtoul(argv[2], NULL, 0), out);
	fclose(out);
	return 0;
}
