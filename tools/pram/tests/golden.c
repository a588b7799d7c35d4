// SPDX-License-Identifier: GPL-2.0
/*
 * Read an image. Of its lines these are of interest:
 *
 *	ram START END		pfns, in hex
 *	super PFN TICKET
 *	page PFN
 *	+OFFSET COUNT BYTES	so many times these 16 bytes
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "pramctl.h"

static void fill(struct golden_page *page, const char *line, const char *path)
{
	unsigned long at, count;
	unsigned char bytes[16];
	unsigned int i, value;
	char hex[33];

	if (sscanf(line, "+%lx %lx %32s", &at, &count, hex) != 3 ||
	    strlen(hex) != 32 || count * 16 > PRAM_PAGE_SIZE ||
	    at > PRAM_PAGE_SIZE - count * 16)
		errx(1, "%s: bad line: %s", path, line);
	for (i = 0; i < 16; i++) {
		if (sscanf(hex + 2 * i, "%2x", &value) != 1)
			errx(1, "%s: bad line: %s", path, line);
		bytes[i] = value;
	}
	for (; count; count--, at += 16)
		memcpy(page->data + at, bytes, 16);
}

void golden_load(struct golden *golden, const char *path)
{
	uint64_t start, end;
	char *line = NULL;
	size_t room = 0;
	FILE *in = fopen(path, "re");

	if (!in)
		err(1, "%s", path);
	memset(golden, 0, sizeof(*golden));
	while (getline(&line, &room, in) > 0) {
		if (sscanf(line, "ram %" SCNx64 " %" SCNx64, &start, &end) == 2) {
			if (golden->nr_ram == GOLDEN_RAM)
				errx(1, "%s: too much RAM", path);
			golden->ram[golden->nr_ram].start = start;
			golden->ram[golden->nr_ram++].end = end;
		} else if (sscanf(line, "super %" SCNx64, &start) == 1) {
			golden->super = start;
		} else if (sscanf(line, "page %" SCNx64, &start) == 1) {
			golden->page = grow(golden->page, golden->nr,
					    sizeof(*golden->page));
			memset(&golden->page[golden->nr], 0,
			       sizeof(*golden->page));
			golden->page[golden->nr++].pfn = start;
		} else if (*line == '+' && golden->nr) {
			fill(&golden->page[golden->nr - 1], line, path);
		}
	}
	free(line);
	fclose(in);
}

void golden_free(struct golden *golden)
{
	free(golden->page);
	golden->page = NULL;
}

int golden_read(void *arg, uint64_t pfn, void *page)
{
	const struct golden *golden = arg;
	size_t i;

	for (i = 0; i < golden->nr; i++) {
		if (golden->page[i].pfn == pfn) {
			memcpy(page, golden->page[i].data, PRAM_PAGE_SIZE);
			return 0;
		}
	}
	return EFAULT;
}

bool golden_is_node(const struct golden_page *page, const char **name)
{
	const struct pram_node_page *node = (const void *)page->data;

	*name = node->name;
	return node->head.magic == PRAM_NODE_MAGIC &&
	       node->head.pfn == page->pfn && name_valid(node->name);
}
