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

		strscpy(image->cmdline, c->cmdline, PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, pram_image_look(&image->kimage, true,
						      &info), 0);
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
	scnprintf(line, sizeof(line), "memmap=1$1 memmap=1$2 memmap=1$3 memmap=1$4 memmap=1$5,1$6,1$7,1$8,1$9,4K$%#llx",
		  addr);
	image_check_memory(test, true, line);
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
	KUNIT_CASE(image_off_test),
	KUNIT_CASE(image_cut_test),
	KUNIT_CASE(image_memory_test),
	KUNIT_CASE(image_check_memory_test),
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
