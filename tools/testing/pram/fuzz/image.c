// SPDX-License-Identifier: GPL-2.0
/*
 * Taking an image out of memory, by a plain reading of the format, and putting
 * it back.
 */
#include "image.h"

#include <unistd.h>

#include "rules.h"

static void *append(void *array, unsigned int *nr, size_t size)
{
	if (!(*nr & (*nr - 1)))
		array = realloc(array, (*nr ? 2 * *nr : 1) * size);
	if (!array)
		sim_fail("out of memory");
	memset(array + *nr * size, 0, size);
	++*nr;
	return array;
}

static void add_page(struct image *img, u64 pfn, enum image_what what)
{
	const u8 *data = sim_phys(pfn);
	struct image_page *page;

	/* The simulated kernel's crc32c is the same as everybody's */
	if (what != IMAGE_DATA)
		sim_assert(rules_get(data, 4, 4) ==
			   rules_crc32c(~0, data + 8, PAGE_SIZE - 8));
	/* Memory that is not in the image is zero */
	if (!memchr_inv(data, 0, PAGE_SIZE))
		return;
	img->page = append(img->page, &img->nr_pages, sizeof(*img->page));
	page = &img->page[img->nr_pages - 1];
	page->pfn = pfn;
	page->what = what;
	page->data = malloc(PAGE_SIZE);
	sim_assert(page->data);
	memcpy(page->data, data, PAGE_SIZE);
}

static void node_page(struct image_node *node, u64 pfn)
{
	node->pages = append(node->pages, &node->nr_pages,
			     sizeof(*node->pages));
	node->pages[node->nr_pages - 1] = pfn;
}

static void take_folio(struct image_node *node, u64 entry, u64 pfn)
{
	node->folio = append(node->folio, &node->nr_folios,
			     sizeof(*node->folio));
	node->folio[node->nr_folios - 1] =
		pfn | (entry & 0xff0000000000ULL) | 1ULL << 48;
}

static void take_links(struct image *img, struct image_node *node, u64 first)
{
	const struct pram_link *link;
	u64 pfn;

	for (pfn = first; pfn; pfn = link->next) {
		link = sim_phys(pfn);
		sim_assert(link->head.magic == PRAM_LINK_MAGIC);
		node_page(node, pfn);
		add_page(img, pfn, IMAGE_LINK);
	}
}

static void take_data(struct image *img, struct image_node *node, u64 first,
		      bool bytes)
{
	const struct pram_link *link;
	u64 pfn, at = 0, i, j, k;

	for (pfn = first; pfn; pfn = link->next) {
		link = sim_phys(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			u64 entry = link->entry[i], page = entry << 24 >> 24;
			unsigned int order = (entry >> 40) & 31;

			for (j = 0; j < entry >> 48; j++) {
				if (!bytes)
					take_folio(node, entry, page);
				for (k = 0; k < 1ULL << order; k++, page++) {
					node_page(node, page);
					/* Nobody may read it */
					if (!sim_is_broken(page, 0))
						add_page(img, page, IMAGE_DATA);
					if (!bytes)
						continue;
					memcpy(node->bytes + at, sim_phys(page),
					       min(PAGE_SIZE,
						   node->nr_bytes - at));
					at += PAGE_SIZE;
				}
			}
		}
	}
}

static void take_dir(struct image *img, u64 pfn, unsigned int nr)
{
	const struct pram_link *dir = sim_phys(pfn);
	unsigned int i;

	sim_assert(dir->head.magic == PRAM_DIR_MAGIC);
	add_page(img, pfn, IMAGE_DIR);
	for (i = 0; i < dir->nr_entries; i++) {
		struct image_node *node;

		img->node = append(img->node, &img->nr_nodes,
				   sizeof(*img->node));
		node = &img->node[img->nr_nodes - 1];
		node->pfn = dir->entry[i] << 24 >> 24;
		node->dir = nr;
	}
	if (dir->next)
		take_dir(img, dir->next, nr + 1);
}

static void take_node(struct image *img, struct image_node *node)
{
	const struct pram_node_page *page = sim_phys(node->pfn);
	unsigned int i;

	sim_assert(page->head.magic == PRAM_NODE_MAGIC);
	strcpy(node->name, page->name);
	node->csum = page->csum_mode;
	node->nr_bytes = page->nr_bytes;
	node->bytes = malloc(node->nr_bytes + 1);
	sim_assert(node->bytes);
	node_page(node, node->pfn);
	add_page(img, node->pfn, IMAGE_NODE);
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		take_links(img, node, page->chain[i].first);
	node->nr_meta = node->nr_pages;
}

static void take_broken(struct image *img, u64 first)
{
	const struct pram_link *link;
	u64 pfn, i, j;

	for (pfn = first; pfn; pfn = link->next) {
		link = sim_phys(pfn);
		sim_assert(link->head.magic == PRAM_BROKEN_MAGIC);
		add_page(img, pfn, IMAGE_LINK);
		for (i = 0; i < link->nr_entries; i++) {
			for (j = 0; j < link->entry[i] >> 48; j++) {
				img->broken = append(img->broken,
						     &img->nr_broken,
						     sizeof(*img->broken));
				img->broken[img->nr_broken - 1] =
					(link->entry[i] << 24 >> 24) + j;
			}
		}
	}
}

/* Take all that the sealed super block leads to */
void image_take(struct image *img, u64 super)
{
	const struct pram_super *sb = sim_phys(super);
	unsigned int i, j;

	sim_assert(sb->head.magic == PRAM_SUPER_MAGIC);
	sim_assert(sb->state == PRAM_SUPER_SEALED);
	img->super = super;
	img->ticket = sb->ticket;
	img->mark = sim_mark;
	add_page(img, super, IMAGE_SUPER);
	if (sb->dir)
		take_dir(img, sb->dir, 0);
	for (i = 0; i < img->nr_nodes; i++)
		take_node(img, &img->node[i]);
	take_broken(img, sb->broken);
	img->nr_meta = img->nr_pages;
	for (i = 0; i < img->nr_nodes; i++) {
		const struct pram_node_page *page = sim_phys(img->node[i].pfn);

		for (j = 0; j < PRAM_NR_CHAINS; j++)
			take_data(img, &img->node[i], page->chain[j].first,
				  j == PRAM_BYTES);
	}
	img->index = calloc(max_pfn, sizeof(*img->index));
	sim_assert(img->index);
	for (i = 0; i < img->nr_pages; i++)
		img->index[img->page[i].pfn] = i + 1;
}

void image_free(struct image *img)
{
	unsigned int i;

	for (i = 0; i < img->nr_pages; i++)
		free(img->page[i].data);
	for (i = 0; i < img->nr_nodes; i++) {
		free(img->node[i].folio);
		free(img->node[i].bytes);
		free(img->node[i].pages);
	}
	free(img->page);
	free(img->node);
	free(img->index);
	free(img->broken);
	memset(img, 0, sizeof(*img));
}

/* Start a machine that has the image in memory, and nothing else */
void image_put(const struct image *img, const struct sim_machine *machine,
	       int fd)
{
	unsigned int i;

	sim_reset();
	if (ftruncate(fd, 0))
		sim_fail("ftruncate: %m");
	sim_map(fd, machine);
	sim_mark = img->mark;
	for (i = 0; i < img->nr_pages; i++)
		memcpy(sim_phys(img->page[i].pfn), img->page[i].data,
		       PAGE_SIZE);
}

bool image_broken(const struct image *img, u64 pfn, unsigned int order)
{
	unsigned int i;

	for (i = 0; i < img->nr_broken; i++) {
		if (img->broken[i] >> order == pfn >> order)
			return true;
	}
	return false;
}

/* The page, or NULL if it is zero */
struct image_page *image_find(const struct image *img, u64 pfn)
{
	return img->index[pfn] ? &img->page[img->index[pfn] - 1] : NULL;
}
