// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that are not there, in golden images: an owner of their name and size has to get
 * them, each once and in order.
 */
#include "absent.h"

#include "../../../../mm/pram.h"

#include "../fuzz/rules.h"

/**
 * struct taker - an owner that frees what it takes up
 * @owner: the owner
 * @crc: of the pfns so far
 */
struct taker {
	struct pram_absent owner;
	u32 crc;
};

/* False: it is a node of another kind */
bool write_absent(FILE *file, const struct image *img,
		  const struct image_node *node)
{
	const struct pram_node_page *page =
		(const void *)image_find(img, node->pfn)->data;
	u32 crc = ~0;
	unsigned int i;

	if (!(page->flags & PRAM_NODE_ABSENT))
		return false;
	for (i = node->nr_meta; i < node->nr_pages; i++)
		crc = rules_crc32c(crc, &node->pages[i], sizeof(u64));
	fprintf(file, "absent %llx %x %08x %s\n", page->absent_size,
		node->nr_pages - node->nr_meta, crc, node->name);
	return true;
}

static bool take(struct pram_absent *owner, struct page *page)
{
	struct taker *taker = container_of(owner, struct taker, owner);
	u64 pfn = page_to_pfn(page);

	taker->crc = rules_crc32c(taker->crc, &pfn, sizeof(pfn));
	__free_page(page);
	return true;
}

/* False: the line is none of those that write_absent() writes */
bool check_absent(const char *line)
{
	char name[PRAM_NAME_MAX + 1];
	struct taker taker = {
		.owner = { .name = name, .take = take },
		.crc = ~0,
	};
	u64 nr, nr_taken;
	u32 crc;

	if (sscanf(line, "absent %llx %llx %x %255[^\n]", &taker.owner.size, &nr,
		   &crc, name) != 4)
		return false;
	nr_taken = pram_absent_take(&taker.owner);
	if (nr_taken != nr || taker.crc != crc)
		sim_fail("%s: %llu pages that are not there, and not %llu, or other ones",
			 name, nr_taken, nr);
	return true;
}
