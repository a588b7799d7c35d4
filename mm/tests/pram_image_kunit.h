/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of what can be told of an image.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

/* What the image has, and what is to come of it */
struct image_case {
	const char *what;
	/* '@' stands for the right pram= */
	const char *cmdline;
	int version;
	bool no_params;
	bool in_initrd;
	int err;
};

static const struct image_case image_cases[] = {
	{ "the right one", "quiet @ x=1", PRAM_VERSION },
	{ "nothing else", "@", PRAM_VERSION },
	{ "the last one counts", "pram=off pram=1.2 @", PRAM_VERSION },
	{ "what is none does not", "@ pram=xyz pram=", PRAM_VERSION },
	{ "what is for init does not", "@ -- pram=off", PRAM_VERSION },
	{ "no marker", "@", 0, .err = -ENOEXEC },
	{ "another version", "@", PRAM_VERSION + 1, .err = -ENOEXEC },
	{ "an earlier version", "@", PRAM_VERSION - 1, .err = -ENOEXEC },
	{ "a marker in the initrd only", "@", PRAM_VERSION, .in_initrd = true,
	  .err = -ENOEXEC },
	{ "no boot parameters", "@", PRAM_VERSION, .no_params = true,
	  .err = -ENOEXEC },
	{ "no pram=", "quiet", PRAM_VERSION, .err = -EINVAL },
	{ "an empty command line", "", PRAM_VERSION, .err = -EINVAL },
	{ "an earlier pram=", "pram=1234.5678", PRAM_VERSION, .err = -EINVAL },
	{ "it is followed by another", "@ pram=1234.5678", PRAM_VERSION,
	  .err = -EINVAL },
	{ "for init only", "-- @", PRAM_VERSION, .err = -EINVAL },
};

static void image_one(struct kunit *test, const struct image_case *c)
{
	struct pram_test_image *image = pram_test_image(test);
	struct pram_image info;
	const char *at = strchr(c->cmdline, '@');
	char right[64];

	guard(mutex)(&pram_lock);
	snprintf(right, sizeof(right), "pram=%llx.%llx", pram_super->head.pfn,
		 pram_ticket());
	if (at)
		snprintf(image->cmdline, PAGE_SIZE, "%.*s%s%s",
			 (int)(at - c->cmdline), c->cmdline, right, at + 1);
	else
		snprintf(image->cmdline, PAGE_SIZE, "%s", c->cmdline);
	if (!c->version) {
		memset(image->marker, 0, sizeof(*image->marker));
	} else {
		image->marker->min_version = c->version;
		image->marker->max_version = c->version;
		image->marker->inverse[0] = ~c->version;
		image->marker->inverse[1] = ~c->version;
	}
	if (c->no_params)
		memset(image->params, 0, PAGE_SIZE);
	if (c->in_initrd)
		pram_test_initrd(image, 2);

	KUNIT_EXPECT_EQ_MSG(test, pram_image_look(&image->kimage, true, &info), 0,
			    "%s", c->what);
	KUNIT_EXPECT_FALSE_MSG(test, pram_image_off(&info), "%s", c->what);
	pram_refuse_how = PRAM_CHECK;
	KUNIT_EXPECT_EQ_MSG(test, pram_image_check(&info), c->err, "%s",
			    c->what);
	pram_refuse_how = PRAM_REFUSE;
	KUNIT_EXPECT_EQ_MSG(test, pram_image_ours(&info), !c->err, "%s",
			    c->what);
}

static void image_check_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(image_cases); i++)
		image_one(test, &image_cases[i]);
}

/* A node that has a flag which the image does not know */
static void image_flags_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	struct pram_node *node = kunit_kzalloc(test, sizeof(*node), GFP_KERNEL);
	struct pram_node_page *page = pram_test_page(test);
	struct pram_image info;

	KUNIT_ASSERT_NOT_NULL(test, node);
	node->state = PRAM_READY;
	node->page = page;
	page->flags = PRAM_NODE_WIPE;
	guard(mutex)(&pram_lock);
	snprintf(image->cmdline, PAGE_SIZE, "pram=%llx.%llx",
		 pram_super->head.pfn, pram_ticket());
	list_add(&node->list, &pram_nodes);
	pram_refuse_how = PRAM_CHECK;
	image->marker->node_flags = PRAM_NODE_WIPE;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, pram_image_check(&info), 0);
	image->marker->node_flags = ~PRAM_NODE_WIPE;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, pram_image_check(&info), -ENOEXEC);
	/* One that is being discarded does not go along */
	node->state = PRAM_DYING;
	KUNIT_EXPECT_EQ(test, pram_image_check(&info), 0);
	pram_refuse_how = PRAM_REFUSE;
	list_del(&node->list);
}

/* Who does not know which pages are broken would read them */
static void image_broken_test(struct kunit *test)
{
	struct pram_image info = { .node_flags = PRAM_NODE_KNOWN };
	struct folio *held = NULL;
	struct page *page;

	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		kunit_skip(test, "no CONFIG_MEMORY_FAILURE");
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, pram_map_add(page_to_pfn(page), 1, GFP_KERNEL), 0);
	guard(mutex)(&pram_lock);
	pram_refuse_how = PRAM_CHECK;
	KUNIT_EXPECT_EQ(test, pram_broken_prepare(&info, &held), 0);
	pram_broken_undo();
	pram_test_break(page);
	KUNIT_EXPECT_EQ(test, pram_broken_prepare(&info, &held), -ENOEXEC);
	pram_broken_undo();
	info.node_flags |= PRAM_KNOWS_BROKEN;
	KUNIT_EXPECT_EQ(test, pram_broken_prepare(&info, &held), 0);
	pram_broken_undo();
	pram_refuse_how = PRAM_REFUSE;
	pram_test_mend(page);
	pram_free_held(&held);
	pram_map_del(page_to_pfn(page), 1);
	__free_page(page);
}

static void image_off_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	struct pram_image info;

	strscpy(image->cmdline, "pram=1.2 pram=off quiet", PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_TRUE(test, pram_image_off(&info));
	strscpy(image->cmdline, "pram=off pram=1.2 quiet", PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_FALSE(test, pram_image_off(&info));
}

/* A segment that was loaded to its place is in no list, where there are such */
static void image_placed_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	void *place = kunit_kzalloc(test, 4 * PAGE_SIZE, GFP_KERNEL);
	struct pram_image info;

	KUNIT_ASSERT_NOT_NULL(test, place);
	strscpy(image->cmdline, "quiet pram=1.2", PAGE_SIZE);
	memcpy(place, image->params, PAGE_SIZE);
	memcpy(place + PAGE_SIZE, image->cmdline, PAGE_SIZE);
	memcpy(place + 2 * PAGE_SIZE, image->marker, PAGE_SIZE);
	if (kimage_place_segment(&image->kimage, 0, virt_to_page(place)))
		image->kimage.head = IND_DONE;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.version, PRAM_VERSION);
	KUNIT_EXPECT_EQ(test, info.marker, PRAM_TEST_IMAGE_AT + 2 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, info.set);
	KUNIT_EXPECT_EQ(test, info.pfn, 1);
	KUNIT_EXPECT_EQ(test, info.ticket, 2);
}

/* What the image cuts off is not read */
static void image_cut_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	struct pram_image info;

	memset(image->cmdline, ' ', PAGE_SIZE);
	strscpy(image->cmdline + 100, "pram=off", 9);
	image->marker->cmdline_size = 109;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_TRUE(test, pram_image_off(&info));
	image->marker->cmdline_size = 108;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_FALSE(test, info.set);
	image->marker->cmdline_size = 0;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_FALSE(test, info.set);
}

/* What can be told of an image with that command line */
static void image_look_line(struct kunit *test, struct pram_test_image *image,
			    const char *cmdline, struct pram_image *info)
{
	strscpy(image->cmdline, cmdline, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, info), 0);
}

struct image_memory_case {
	const char *cmdline;
	/* In MiB; 0: nothing is taken away, U32_MAX: all behind */
	u32 start;
	u32 end;
};

static const struct image_memory_case image_memory_cases[] = {
	{ "quiet mem mem= memmap memmap=", 0, 0 },
	{ "mem=nopentium", 0, 0 },
	{ "mem=1G", 1024, U32_MAX },
	{ "-- mem=1G", 0, 0 },
	{ "memmap=16M@32M", 0, 0 },
	{ "memmap=16M$32M", 32, 48 },
	{ "memmap=16M#32M", 32, 48 },
	{ "memmap=16M!32M", 32, 48 },
	{ "memmap=16M%32M-1+2", 32, 48 },
	{ "memmap=1M@0,16M$32M", 32, 48 },
	{ "memmap=2G", 2048, U32_MAX },
	{ "memmap=0xffffffffffffffff$32M", 32, U32_MAX },
	{ "memmap=exactmap", 0, U32_MAX },
};

/* Memory that the image's own command line takes away */
static void image_memory_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(image_memory_cases); i++) {
		const struct image_memory_case *c = &image_memory_cases[i];
		struct pram_image info;

		image_look_line(test, image, c->cmdline, &info);
		KUNIT_EXPECT_EQ_MSG(test, info.nr_no_ram, !!c->end, "%s",
				    c->cmdline);
		if (!info.nr_no_ram)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, info.no_ram[0].start,
				    PHYS_PFN((u64)c->start * SZ_1M), "%s",
				    c->cmdline);
		KUNIT_EXPECT_EQ_MSG(test, info.no_ram[0].end,
				    c->end == U32_MAX ?
				    (U64_MAX >> PAGE_SHIFT) + 1 :
				    PHYS_PFN((u64)c->end * SZ_1M), "%s",
				    c->cmdline);
	}
}

struct image_low_case {
	const char *cmdline;
	/* Of the marker, in MiB */
	u32 low_end;
	u32 ram_end;
	/* What is left of these; 0: it is not limited */
	u32 want_low;
	u32 want_ram;
};

static const struct image_low_case image_low_cases[] = {
	{ "quiet", 100, 65536, 100, 65536 },
	{ "vmalloc highmem vmalloc=", 100, 65536, 100, 65536 },
	/* There are 8 MiB more, and 128 MiB are of the kernel's own accord */
	{ "vmalloc=120M", 100, 65536, 100, 65536 },
	{ "vmalloc=160M", 100, 65536, 60, 65536 },
	{ "vmalloc=160M vmalloc=130M", 100, 65536, 90, 65536 },
	{ "-- vmalloc=160M", 100, 65536, 100, 65536 },
	{ "vmalloc=160M", 0, 0, 0, 0 },
	/* Without high memory, all that is not low is lost */
	{ "vmalloc=160M", 100, 100, 60, 60 },
	{ "highmem=10M", 100, 100, 100, 100 },
	{ "highmem=0", 100, 65536, 100, 100 },
	{ "highmem=10M", 100, 65536, 100, 110 },
	{ "highmem=64G", 100, 4096, 0, 4096 },
	{ "vmalloc=160M highmem=10M", 100, 65536, 60, 70 },
	{ "highmem=10M vmalloc=160M", 100, 65536, 60, 70 },
	{ "highmem=10M", 0, 0, 0, 0 },
	{ "mem=80M highmem=10M", 100, 65536, 70, 110 },
	{ "highmem=10M memmap=30M$50M mem=80M", 100, 65536, 40, 110 },
};

/* Less low memory, or less high memory, than the image has of its own accord */
static void image_low_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(image_low_cases); i++) {
		const struct image_low_case *c = &image_low_cases[i];
		u64 low = PHYS_PFN((u64)c->want_low * SZ_1M);
		struct pram_image info;

		image->marker->low_end = PHYS_PFN((u64)c->low_end * SZ_1M);
		image->marker->ram_end = PHYS_PFN((u64)c->ram_end * SZ_1M);
		image_look_line(test, image, c->cmdline, &info);
		/* None at all is not the same as no limit */
		if (c->low_end && !c->want_low)
			low = 1;
		KUNIT_EXPECT_EQ_MSG(test, info.low_end, low, "%s", c->cmdline);
		KUNIT_EXPECT_EQ_MSG(test, info.ram_end,
				    PHYS_PFN((u64)c->want_ram * SZ_1M), "%s",
				    c->cmdline);
		if (!c->low_end)
			continue;
		KUNIT_ASSERT_GT(test, info.nr_no_ram, 0);
		KUNIT_EXPECT_EQ_MSG(test, info.no_ram[info.nr_no_ram - 1].start,
				    info.ram_end, "%s", c->cmdline);
	}
}

struct image_apart_case {
	const char *cmdline;
	/* In pages */
	u64 early;
	u64 apart;
	u64 giant;
};

#define HUGE_PAGES	(PMD_SIZE / PAGE_SIZE)
#define GIGA_PAGES	(SZ_1G / PAGE_SIZE)
#define APART_MAX	BIT_ULL(51)

static const struct image_apart_case image_apart_cases[] = {
	{ "quiet hugepages hugepages= cma cma= hugepagesz=", 0, 0 },
	{ "-- hugepages=1", 0, 0 },
	{ "hugepages=3", 0, 3 * HUGE_PAGES },
	{ "hugepages=0:1,1:2", 0, 3 * HUGE_PAGES },
	{ "hugepages=0:1,", 0, HUGE_PAGES },
	{ "hugepagesz=1G hugepages=2", 0, 0, 2 * GIGA_PAGES },
	{ "hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=1", 0,
	  4 * SZ_2M / PAGE_SIZE, GIGA_PAGES },
	{ "hugepages=2 default_hugepagesz=1G", 0, 0, 2 * GIGA_PAGES },
	{ "hugepagesz=2M default_hugepagesz=1G hugepages=1", 0, 0, GIGA_PAGES },
	{ "cma=64M@1G hugetlb_cma=0:1G,1:1G", 2 * GIGA_PAGES + SZ_64M / PAGE_SIZE,
	  0 },
	{ "reserve_mem=4K:1M:oops", 1, 1 },
	{ "hugepages=18446744073709551615", 0, APART_MAX },
	{ "hugepagesz=16E hugepages=18446744073709551615", 0, APART_MAX },
	{ "hugepagesz=8E hugepages=18446744073709551615", 0, 0, APART_MAX },
	{ "cma=18446744073709551615 cma=1M", APART_MAX, 0 },
};

/* Memory that the image's own command line sets apart */
static void image_apart_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(image_apart_cases); i++) {
		const struct image_apart_case *c = &image_apart_cases[i];
		struct pram_image info;

		image_look_line(test, image, c->cmdline, &info);
		KUNIT_EXPECT_EQ_MSG(test, info.apart_early, c->early, "%s",
				    c->cmdline);
		KUNIT_EXPECT_EQ_MSG(test, info.apart, c->apart, "%s",
				    c->cmdline);
		KUNIT_EXPECT_EQ_MSG(test, info.giant, c->giant, "%s",
				    c->cmdline);
	}
}

static void image_check_memory(struct kunit *test, bool taken,
			       const char *cmdline)
{
	struct pram_test_image *image = pram_test_image(test);
	struct pram_image info;

	guard(mutex)(&pram_lock);
	snprintf(image->cmdline, PAGE_SIZE, "pram=%llx.%llx %s",
		 pram_super->head.pfn, pram_ticket(), cmdline);
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	pram_refuse_how = PRAM_CHECK;
	KUNIT_EXPECT_EQ_MSG(test, pram_image_check(&info),
			    taken ? -EINVAL : 0, "%s", cmdline);
	pram_refuse_how = PRAM_REFUSE;
}

static void image_check_memory_test(struct kunit *test)
{
	u64 addr = PFN_PHYS(pram_super->head.pfn);
	char line[256];

	image_check_memory(test, false, "quiet");
	image_check_memory(test, true, "mem=1");
	image_check_memory(test, true, "memmap=exactmap");
	scnprintf(line, sizeof(line), "mem=%#llx", (u64)max_pfn << PAGE_SHIFT);
	image_check_memory(test, false, line);
	scnprintf(line, sizeof(line), "memmap=4K$%#llx", addr);
	image_check_memory(test, true, line);
	scnprintf(line, sizeof(line), "memmap=1$%#llx", addr + PAGE_SIZE - 1);
	image_check_memory(test, true, line);
	scnprintf(line, sizeof(line), "memmap=1$%#llx", addr + PAGE_SIZE);
	image_check_memory(test, false, line);
	/* More of them than there is room for, the page in the last one */
	scnprintf(line, sizeof(line), "memmap=1$1 memmap=1$2,1$3,1$4,1$5,1$6,1$7,1$8,1$9,4K$%#llx",
		  addr);
	image_check_memory(test, true, line);
}

/* More of the image: what it will have at @dest */
static void image_add_page(struct pram_test_image *image, u64 dest, void *page)
{
	struct kimage *kimage = &image->kimage;
	unsigned int i = 0;

	while (image->list[i] != IND_DONE)
		i++;
	image->list[i++] = dest | IND_DESTINATION;
	image->list[i++] = __pa(page) | IND_SOURCE;
	image->list[i] = IND_DONE;
	kimage->segment[kimage->nr_segments].mem = dest;
	kimage->segment[kimage->nr_segments++].memsz = PAGE_SIZE;
}

static void image_set32(struct pram_test_image *image, unsigned int offset,
			u32 value)
{
	*(u32 *)(image->params + offset) = value;
}

/* It may claim to read any number of bytes */
static void image_long_cmdline_test(struct kunit *test)
{
	static const u32 sizes[] = { SZ_4K, SZ_4K + 1, SZ_1M, U32_MAX };
	struct pram_test_image *image = pram_test_image(test);
	struct pram_image info;
	unsigned int i;

	memset(image->cmdline, ' ', PAGE_SIZE);
	memcpy(image->cmdline + PAGE_SIZE - 9, "pram=off", 9);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		image->marker->cmdline_size = sizes[i];
		KUNIT_EXPECT_EQ(test,
				pram_image_look(&image->kimage, true, &info), 0);
		KUNIT_EXPECT_EQ(test, info.cmdline_size, sizes[i]);
		KUNIT_EXPECT_TRUE(test, pram_image_off(&info));
	}
	/* The last byte that is read at most is the NUL's */
	memcpy(image->cmdline + PAGE_SIZE - 8, "pram=off", 8);
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_FALSE(test, pram_image_off(&info));
}

/* Both the command line and the initrd are above 4 GiB */
static void image_high_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	const u64 high = 3 * SZ_4G + SZ_1M;
	char *cmdline = pram_test_page(test);
	struct pram_image info;

	/* It has no segments there */
	if (!IS_ENABLED(CONFIG_64BIT))
		return;
	image_add_page(image, high, cmdline);
	strscpy(cmdline, "pram=off", PAGE_SIZE);
	strscpy(image->cmdline, "pram=1.2", PAGE_SIZE);
	image_set32(image, 0x228, lower_32_bits(high));
	image_set32(image, 0x0c8, upper_32_bits(high));
	image_set32(image, 0x218, 0x1000);
	image_set32(image, 0x0c0, 5);
	image_set32(image, 0x21c, 0x2000);
	image_set32(image, 0x0c4, 6);
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.cmdline, high);
	KUNIT_EXPECT_TRUE(test, pram_image_off(&info));
	KUNIT_EXPECT_EQ(test, info.initrd, 5 * SZ_4G + 0x1000);
	KUNIT_EXPECT_EQ(test, info.initrd_size, 6 * SZ_4G + 0x2000);
	/* The marker is somewhere else */
	KUNIT_EXPECT_EQ(test, info.version, PRAM_VERSION);
}

/* Where the initrd is said to be: not a byte of it is searched */
static void image_initrd_test(struct kunit *test)
{
	enum { marker = PRAM_TEST_IMAGE_AT + 2 * PAGE_SIZE };
	static const struct {
		u64 start, size;
		bool found;
	} cases[] = {
		{ marker, PAGE_SIZE, false },
		{ marker - PAGE_SIZE, PAGE_SIZE, true },
		{ marker + PAGE_SIZE, PAGE_SIZE, true },
		/* The page is shared with the end of the initrd, or its start */
		{ marker - PAGE_SIZE, PAGE_SIZE + 1, false },
		{ marker + PAGE_SIZE - 1, 1, false },
		/* Its size is anything */
		{ marker - PAGE_SIZE, U64_MAX, false },
		{ marker, -(u64)marker, false },
		{ marker + PAGE_SIZE, U64_MAX, true },
	};
	struct pram_test_image *image = pram_test_image(test);
	struct pram_image info;
	unsigned int i, want;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		image_set32(image, 0x218, cases[i].start);
		image_set32(image, 0x21c, lower_32_bits(cases[i].size));
		image_set32(image, 0x0c4, upper_32_bits(cases[i].size));
		want = 0;
		if (cases[i].found)
			want = PRAM_VERSION;
		KUNIT_EXPECT_EQ(test,
				pram_image_look(&image->kimage, true, &info), 0);
		KUNIT_EXPECT_EQ_MSG(test, info.version, want, "case %u", i);
	}
}

/* Segments that begin like boot parameters and are none */
static void image_decoy_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	void *page = pram_test_page(test);
	struct kimage *kimage = &image->kimage;
	struct pram_image info;

	/* The file of another kernel, in front of all */
	*(u32 *)(page + 0x202) = 0x53726448;
	strscpy(image->cmdline, "pram=off", PAGE_SIZE);
	image_add_page(image, SZ_512K, page);
	swap(kimage->segment[0], kimage->segment[1]);
	KUNIT_EXPECT_EQ(test, pram_image_look(kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.params, PRAM_TEST_IMAGE_AT);
	KUNIT_EXPECT_TRUE(test, pram_image_off(&info));
	/* It has whatever there is in front of its header */
	*(u32 *)(page + 0x0c8) = 7;
	*(u32 *)(page + 0x228) = SZ_512K - 1;
	KUNIT_EXPECT_EQ(test, pram_image_look(kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.params, PRAM_TEST_IMAGE_AT);
	*(u32 *)(page + 0x0c8) = 0;
	KUNIT_EXPECT_EQ(test, pram_image_look(kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.params, PRAM_TEST_IMAGE_AT);

	/* With nothing else there are no boot parameters */
	memset(image->params, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_image_look(kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.params, 0);
	KUNIT_EXPECT_FALSE(test, info.set);
}

/* A marker is all of it, at a multiple of its size */
static void image_marker_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	const struct pram_marker good = *image->marker;
	struct pram_image info;
	unsigned int i;

	for (i = 0; i < sizeof(good.magic); i++) {
		image->marker->magic[i] ^= 1;
		KUNIT_EXPECT_EQ(test,
				pram_image_look(&image->kimage, true, &info), 0);
		KUNIT_EXPECT_EQ_MSG(test, info.version, 0, "byte %u", i);
		image->marker->magic[i] ^= 1;
	}
	for (i = 0; i < ARRAY_SIZE(good.inverse); i++) {
		image->marker->inverse[i] ^= 0x10000;
		KUNIT_EXPECT_EQ(test,
				pram_image_look(&image->kimage, true, &info), 0);
		KUNIT_EXPECT_EQ_MSG(test, info.version, 0, "inverse %u", i);
		image->marker->inverse[i] ^= 0x10000;
	}
	/* One that is to be skipped does not hide the right one */
	image->marker[1] = good;
	image->marker->inverse[0] = image->marker->min_version;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.version, PRAM_VERSION);
	memset(image->marker, 0, PAGE_SIZE);
	memcpy((void *)image->marker + sizeof(good) / 2, &good, sizeof(good));
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.version, 0);
	/* The last place in a page */
	image->marker[PAGE_SIZE / sizeof(good) - 1] = good;
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.version, PRAM_VERSION);
	/* It may read more than one version, with this one among them */
	image->marker[PAGE_SIZE / sizeof(good) - 1] = (struct pram_marker) {
		.magic = PRAM_MARKER_MAGIC,
		.max_version = PRAM_VERSION + 7,
		.inverse = { ~0U, ~(PRAM_VERSION + 7U) },
	};
	KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true, &info), 0);
	KUNIT_EXPECT_EQ(test, info.version, PRAM_VERSION);
}

static void image_read_test(struct kunit *test)
{
	struct pram_test_image *image = pram_test_image(test);
	unsigned long at = image->kimage.segment[0].mem;
	char buf[16];

	strscpy(image->cmdline, "0123456789", PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, kimage_read(&image->kimage, at + PAGE_SIZE + 3,
					  buf, 5), 5);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "34567", 5), 0);
	/* Over the border of two pages, and over the end */
	memcpy(image->params + PAGE_SIZE - 2, "ab", 2);
	KUNIT_EXPECT_EQ(test, kimage_read(&image->kimage, at + PAGE_SIZE - 2,
					  buf, 5), 5);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "ab012", 5), 0);
	KUNIT_EXPECT_EQ(test, kimage_read(&image->kimage,
					  at + 3 * PAGE_SIZE - 4, buf, 8), 4);
	KUNIT_EXPECT_EQ(test, kimage_read(&image->kimage, at - 4, buf, 8), 4);
	KUNIT_EXPECT_EQ(test, kimage_read(&image->kimage, ULONG_MAX - 3, buf,
					  8), 0);
	KUNIT_EXPECT_EQ(test, kimage_read(&image->kimage, at, buf, 0), 0);
}

static int image_test_init(struct kunit *test)
{
	if (!pram_super)
		kunit_skip(test, "PRAM is off");
	return 0;
}

static struct kunit_case image_test_cases[] = {
	KUNIT_CASE(image_check_test),
	KUNIT_CASE(image_flags_test),
	KUNIT_CASE(image_broken_test),
	KUNIT_CASE(image_off_test),
	KUNIT_CASE(image_placed_test),
	KUNIT_CASE(image_cut_test),
	KUNIT_CASE(image_memory_test),
	KUNIT_CASE(image_low_test),
	KUNIT_CASE(image_apart_test),
	KUNIT_CASE(image_check_memory_test),
	KUNIT_CASE(image_long_cmdline_test),
	KUNIT_CASE(image_high_test),
	KUNIT_CASE(image_initrd_test),
	KUNIT_CASE(image_decoy_test),
	KUNIT_CASE(image_marker_test),
	KUNIT_CASE(image_read_test),
	{}
};

static struct kunit_suite image_test_suite = {
	.name = "pram_image",
	.init = image_test_init,
	.test_cases = image_test_cases,
};

kunit_test_suite(image_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
