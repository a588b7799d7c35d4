/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the KUnit tests of PRAM share. Each mm/pram_*.c includes its own tests as
 * its last line, so that they see what is static in it.
 */
#ifndef _MM_PRAM_KUNIT_H
#define _MM_PRAM_KUNIT_H

#include <kunit/test.h>
#include <linux/initrd.h>
#include <linux/prandom.h>
#include <linux/vmstat.h>

/* Free pages of the machine, those in the lists of the CPUs included */
static inline unsigned long pram_test_free(void)
{
	unsigned long nr = 0;
	struct zone *zone;

	lru_add_drain_all();
	drain_all_pages(NULL);
	for_each_populated_zone(zone)
		nr += zone_page_state_snapshot(zone, NR_FREE_PAGES);
	return nr;
}

static inline unsigned long pram_test_managed(void)
{
	unsigned long nr = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		nr += zone_managed_pages(zone);
	return nr;
}

/*
 * KASAN keeps slab objects that have been freed for a while, and the pages they
 * are in. Where that is so, this test is a coarse one.
 */
#define PRAM_TEST_NOISE		(IS_ENABLED(CONFIG_KASAN) ? 256 : 0)

/*
 * Expect that @fn leaves as many pages free as there were. Somebody else may
 * take or free pages meanwhile; but not each time, as a leak does.
 */
static inline void pram_test_leak(struct kunit *test,
				  void (*fn)(struct kunit *test))
{
	unsigned long managed, before, after;
	int tries = 20;

	/* What the boot loader had it in is freed by then */
	wait_for_initramfs();
	/* Caches of the allocators fill up in the first run */
	fn(test);
	managed = pram_test_managed();
	do {
		before = pram_test_free();
		fn(test);
		after = pram_test_free();
	} while (abs_diff(before, after) > PRAM_TEST_NOISE && --tries);
	KUNIT_EXPECT_LE_MSG(test, abs_diff(before, after), PRAM_TEST_NOISE,
			    "%lu pages were free, and %lu now are", before,
			    after);
	KUNIT_EXPECT_EQ_MSG(test, managed, pram_test_managed(),
			    "managed pages");
}

static inline u64 pram_test_word(unsigned long seed, unsigned long i)
{
	return (seed + 1) * 0x9e3779b97f4a7c15ULL ^ i;
}

static inline void pram_test_fill(struct page *page, unsigned long nr,
				  unsigned long seed)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		u64 *word = kmap_local_page(page + i);

		memset64(word, pram_test_word(seed, i),
			 PAGE_SIZE / sizeof(u64));
		kunmap_local(word);
	}
}

/* Is it all as pram_test_fill() left it? */
static inline bool pram_test_filled(struct page *page, unsigned long nr,
				    unsigned long seed)
{
	unsigned long i, n;

	for (i = 0; i < nr; i++) {
		u64 *word = kmap_local_page(page + i);

		for (n = 0; n < PAGE_SIZE / sizeof(u64); n++)
			if (word[n] != pram_test_word(seed, i))
				break;
		kunmap_local(word);
		if (n < PAGE_SIZE / sizeof(u64))
			return false;
	}
	return true;
}

/* Forbid every other stripe of all memory */
static inline void pram_test_forbid_stripes(struct kunit *test)
{
	unsigned long size = ALIGN(max_pfn / (2 * PRAM_MAX_FORBIDDEN) + 1,
				   MAX_ORDER_NR_PAGES);
	struct pram_range *ranges;
	unsigned int i;

	ranges = kunit_kcalloc(test, PRAM_MAX_FORBIDDEN, sizeof(*ranges),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ranges);
	for (i = 0; i < PRAM_MAX_FORBIDDEN; i++) {
		ranges[i].start = 2 * i * size;
		ranges[i].end = ranges[i].start + size;
	}
	pram_forbid(ranges, PRAM_MAX_FORBIDDEN);
}

/* A block as memblock leaves those that it has reserved; NULL: no memory */
static inline struct page *pram_test_reserved(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_NOWARN, order);
	unsigned long i;

	if (!page)
		return NULL;
	reset_page_owner(page, order);
	for (i = 0; i < 1UL << order; i++) {
		SetPageReserved(page + i);
		set_page_count(page + i, 1);
	}
	return page;
}

/* A block of raw pages; NULL: no memory */
static inline struct page *pram_test_raw(unsigned int order)
{
	struct page *page = pram_test_reserved(order);

	if (page)
		pram_make_raw(page_to_pfn(page),
			      page_to_pfn(page) + (1UL << order));
	return page;
}

/* An image of three pages: boot parameters, command line, marker */
#define PRAM_TEST_IMAGE_PAGES	3
#define PRAM_TEST_IMAGE_AT	SZ_1M

/* Broken memory is counted, and nobody looks for it where there is none */
static inline void pram_test_break(struct page *page)
{
	SetPageHWPoison(page);
	num_poisoned_pages_inc(page_to_pfn(page));
}

static inline void pram_test_mend(struct page *page)
{
	ClearPageHWPoison(page);
	num_poisoned_pages_sub(page_to_pfn(page), 1);
}

/**
 * struct pram_test_image - an image that pram_image_look() can look into
 * @kimage: it has a segment for the pages below, and room for more
 * @params: the boot parameters: zeros but for what is looked at
 * @cmdline: the command line, empty
 * @marker: that of this kernel
 * @list: where kexec has the addresses of the pages
 */
struct pram_test_image {
	struct kimage kimage;
	void *params;
	char *cmdline;
	struct pram_marker *marker;
	kimage_entry_t *list;
};

/* Slab objects of this size are aligned to it */
static inline void *pram_test_page(struct kunit *test)
{
	void *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

static inline struct pram_test_image *pram_test_image(struct kunit *test)
{
	static const struct pram_marker marker =
		PRAM_MARKER(COMMAND_LINE_SIZE, 0, 0);
	struct pram_test_image *image;

	image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, image);
	image->params = pram_test_page(test);
	image->cmdline = pram_test_page(test);
	image->marker = pram_test_page(test);
	image->list = pram_test_page(test);

	/* Documentation/arch/x86/boot.rst has these offsets */
	*(u32 *)(image->params + 0x202) = 0x53726448;
	*(u32 *)(image->params + 0x228) = PRAM_TEST_IMAGE_AT + PAGE_SIZE;
	*image->marker = marker;
	image->list[0] = PRAM_TEST_IMAGE_AT | IND_DESTINATION;
	image->list[1] = __pa(image->params) | IND_SOURCE;
	image->list[2] = __pa(image->cmdline) | IND_SOURCE;
	image->list[3] = __pa(image->marker) | IND_SOURCE;
	image->list[4] = IND_DONE;
	image->kimage.head = __pa(image->list) | IND_INDIRECTION;
	image->kimage.nr_segments = 1;
	image->kimage.segment[0].mem = PRAM_TEST_IMAGE_AT;
	image->kimage.segment[0].memsz = PRAM_TEST_IMAGE_PAGES * PAGE_SIZE;
	return image;
}

/* Say that page @nr of the image is its initrd */
static inline void pram_test_initrd(struct pram_test_image *image,
				    unsigned int nr)
{
	*(u32 *)(image->params + 0x218) = PRAM_TEST_IMAGE_AT + nr * PAGE_SIZE;
	*(u32 *)(image->params + 0x21c) = PAGE_SIZE;
}

#endif /* _MM_PRAM_KUNIT_H */
