/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel leaves in memory for the next one: made once, by the real code,
 * and from then on put into memory as often as somebody wants to boot on it.
 */
#ifndef PRAM_FUZZ_IMAGE_H
#define PRAM_FUZZ_IMAGE_H

#include "../sim.h"

/* struct image_page.what */
enum image_what {
	IMAGE_SUPER,
	IMAGE_DIR,
	IMAGE_NODE,
	IMAGE_LINK,
	IMAGE_DATA,
};

/**
 * struct image_page - a page that is not zero
 * @pfn: where it is
 * @what: enum image_what
 * @data: what is in it
 */
struct image_page {
	u64 pfn;
	enum image_what what;
	u8 *data;
};

/**
 * struct image_node - a node that a kernel has to find
 * @name: its name
 * @pfn: where its page is
 * @dir: index of the directory page that lists it
 * @csum: it has checksums of its data
 * @folio: its page stream: entries as links have them, each with a count of 1
 * @nr_folios: length of that
 * @bytes: its byte stream
 * @nr_bytes: length of that
 * @pages: pfns of all its pages, metadata first
 * @nr_pages: how many
 * @nr_meta: how many are metadata
 */
struct image_node {
	char name[PRAM_NAME_MAX + 1];
	u64 pfn;
	unsigned int dir;
	bool csum;
	u64 *folio;
	unsigned int nr_folios;
	u8 *bytes;
	u64 nr_bytes;
	u64 *pages;
	unsigned int nr_pages;
	unsigned int nr_meta;
};

/**
 * struct image - what was left
 * @machine: the machine to boot on it
 * @super: pfn of the super block
 * @ticket: its ticket
 * @mark: what is in the register
 * @page: pages that are not zero; the super block, then the directory, then
 *	all other metadata, then data
 * @nr_pages: how many
 * @nr_meta: how many are metadata
 * @node: nodes, in the order of the directory
 * @nr_nodes: how many
 * @index: by pfn: index in @page, counted from 1
 * @broken: pfns of pages that are known to be broken
 * @nr_broken: how many
 */
struct image {
	struct sim_machine machine;
	u64 super;
	u64 ticket;
	u64 mark;
	struct image_page *page;
	unsigned int nr_pages;
	unsigned int nr_meta;
	struct image_node *node;
	unsigned int nr_nodes;
	u32 *index;
	u64 *broken;
	unsigned int nr_broken;
};

/* scenes.c */
#define IMAGE_BALLOON_SIZE	4711
extern const unsigned int image_nr_scenes;
extern const char * const image_scene_name[];
void image_make(struct image *img, unsigned int scene);

/* image.c */
void image_take(struct image *img, u64 super);
void image_free(struct image *img);
void image_put(const struct image *img, const struct sim_machine *machine,
	       int fd);
bool image_broken(const struct image *img, u64 pfn, unsigned int order);
struct image_page *image_find(const struct image *img, u64 pfn);

#endif /* PRAM_FUZZ_IMAGE_H */
