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

/* From this pfn on, which no image has, there is something everywhere */
#define ANYTHING	0x100000000ULL

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

static void damage_field(struct golden *golden, struct golden_page *page,
			 size_t at, size_t size)
{
	uint64_t old = 0;

	memcpy(&old, page->data + at, size);
	old = value(golden, old);
	memcpy(page->data + at, &old, size);
}

static struct golden_page *find_page(struct golden *golden, uint64_t pfn)
{
	size_t i;

	for (i = 0; i < golden->nr; i++) {
		if (golden->page[i].pfn == pfn)
			return &golden->page[i];
	}
	return NULL;
}

static struct pram_node_page *some_node(struct golden *golden)
{
	size_t at = below(golden->nr), i;

	for (i = 0; i < golden->nr; i++) {
		struct pram_node_page *node =
			(void *)golden->page[(at + i) % golden->nr].data;

		if (node->head.magic == PRAM_NODE_MAGIC)
			return node;
	}
	return NULL;
}

static struct pram_link *first_link(struct golden *golden,
				    const struct pram_node_page *node)
{
	struct golden_page *page;

	page = find_page(golden, node->chain[PRAM_BYTES].first);
	return page ? (void *)page->data : NULL;
}

/* The first page of the byte stream of some node; records begin anywhere in it */
static void damage_records(struct golden *golden)
{
	struct pram_node_page *node = some_node(golden);
	struct pram_link *link = node ? first_link(golden, node) : NULL;
	struct golden_page *page;

	page = link ? find_page(golden, entry_pfn(link->entry[0])) : NULL;
	if (page && node->nr_bytes)
		damage_field(golden, page, below(node->nr_bytes < 4088 ?
						 node->nr_bytes : 4088), 4);
}

/* A record that is longer than any, in a byte stream that has as much */
static void make_long(struct golden *golden)
{
	struct pram_node_page *node = some_node(golden);
	struct pram_link *link = node ? first_link(golden, node) : NULL;
	struct pram_tmpfs_rec rec = { .type = 1 + below(8), .len = 1 << 20 };
	struct golden_page *page;

	page = link ? find_page(golden, entry_pfn(link->entry[0])) : NULL;
	if (!page)
		return;
	memcpy(page->data + sizeof(struct pram_tmpfs_head), &rec, sizeof(rec));
	link->entry[1] = ANYTHING | 60000ULL << PRAM_ENTRY_COUNT_SHIFT;
	link->nr_entries = 2;
	link->next = 0;
	node->chain[PRAM_BYTES].nr_links = 1;
	node->chain[PRAM_BYTES].nr_pages = 60001;
	node->nr_bytes = 60001ULL * PRAM_PAGE_SIZE;
}

/* Links that go round in circles, in nodes that have as many as anybody likes */
static void make_circles(struct golden *golden)
{
	size_t i, j;

	for (i = 0; i < golden->nr; i++) {
		struct pram_node_page *node = (void *)golden->page[i].data;
		struct pram_link *link = (void *)golden->page[i].data;

		if (node->head.magic == PRAM_NODE_MAGIC) {
			for (j = 0; j < PRAM_NR_CHAINS; j++)
				node->chain[j].nr_links = ~0ULL;
		} else if (link->head.magic == PRAM_LINK_MAGIC) {
			link->next = link->head.pfn;
		}
	}
}

/* Most fields are at the start of a page */
static void damage(struct golden *golden)
{
	struct golden_page *page = &golden->page[below(golden->nr)];
	size_t size = below(2) ? 8 : 4;
	uint64_t what = below(20);

	if (what == 0)
		*page = golden->page[below(golden->nr)];
	else if (what == 1)
		make_circles(golden);
	else if (what == 2)
		make_long(golden);
	else if (what < 12)
		damage_records(golden);
	else
		damage_field(golden, page,
			     below(below(2) ? 512 : PRAM_PAGE_SIZE) &
			     ~(size - 1), size);
}

static int read_page(void *golden, uint64_t pfn, void *page)
{
	if (pfn < ANYTHING)
		return golden_read(golden, pfn, page);
	memset(page, below(256), PRAM_PAGE_SIZE);
	return 0;
}

static void decode_all(const struct golden *original,
		       const struct golden *damaged, FILE *out)
{
	struct memory mem = {
		.read = read_page,
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
