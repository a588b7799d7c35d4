/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit test of getting ready for a kexec that does not come. Where the kernel
 * has fault injection, and somebody has set it up for allocations that may
 * sleep (see t40_faults.sh), each allocation fails in turn.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define TEST_NODE	"pram-kunit"
#define TEST_SMALL	40
#define TEST_ORDERS	10

/* Let the nth allocation of this task fail; 0: none. Returns what was left. */
static unsigned int kexec_test_fail(unsigned int nth)
{
	unsigned int left = 1;

#ifdef CONFIG_FAULT_INJECTION
	left = current->fail_nth;
	current->fail_nth = nth;
#endif
	return left;
}

/* Returns the largest folio */
static struct folio *kexec_test_make(struct kunit *test)
{
	struct folio *folio = NULL;
	struct pram_stream ps;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, pram_open(TEST_NODE, PRAM_WRITE, GFP_KERNEL,
					&ps), 0);
	for (i = 0; i < TEST_SMALL + TEST_ORDERS; i++) {
		unsigned int order = i < TEST_SMALL ? 0 : i - TEST_SMALL;

		folio = folio_alloc(GFP_KERNEL, order);
		KUNIT_ASSERT_NOT_NULL(test, folio);
		pram_test_fill(folio_page(folio, 0), 1UL << order, i);
		KUNIT_ASSERT_EQ(test, pram_save_folio(&ps, folio, i & 7), 0);
		folio_put(folio);
	}
	KUNIT_ASSERT_EQ(test, pram_write(&ps, TEST_NODE, 5), 5);
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
	return folio;
}

static void kexec_test_load(struct kunit *test)
{
	struct pram_stream ps;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, pram_open(TEST_NODE, PRAM_READ, GFP_KERNEL, &ps),
			0);
	for (i = 0; i < TEST_SMALL + TEST_ORDERS; i++) {
		struct folio *folio = pram_load_folio(&ps, NULL);

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
		KUNIT_EXPECT_TRUE(test,
				  pram_test_filled(folio_page(folio, 0),
						   folio_nr_pages(folio), i));
		folio_put(folio);
	}
	KUNIT_EXPECT_NULL(test, pram_load_folio(&ps, NULL));
	KUNIT_ASSERT_EQ(test, pram_close(&ps, PRAM_COMMIT), 0);
}

/* An image that will be copied over the folio, over the node and its link */
static void kexec_test_image(struct kunit *test, struct folio *folio)
{
	struct pram_test_image *whole = pram_test_image(test);
	struct kimage *image = &whole->kimage;
	const struct pram_node_page *page;

	scoped_guard(mutex, &pram_lock) {
		page = pram_find(TEST_NODE)->page;
		snprintf(whole->cmdline, PAGE_SIZE, "pram=%llx.%llx",
			 pram_super->head.pfn, pram_ticket());
	}
	image->nr_segments = 4;
	image->segment[1].mem = PFN_PHYS(folio_pfn(folio) + 1);
	image->segment[1].memsz = folio_size(folio) / 2;
	image->segment[2].mem = PFN_PHYS(page->head.pfn);
	image->segment[2].memsz = 1;
	image->segment[3].mem = PFN_PHYS(page->chain[PRAM_PAGES].first) + 100;
	image->segment[3].memsz = PAGE_SIZE - 100;
	test->priv = whole;
}

static int kexec_test_init(struct kunit *test)
{
	if (!pram_super)
		kunit_skip(test, "PRAM is off");
	if (pram_frozen)
		kunit_skip(test, "a kexec has begun");
	if (kexec_image)
		kunit_skip(test, "an image has been loaded");
	kexec_test_image(test, kexec_test_make(test));
	return 0;
}

static void kexec_test_exit(struct kunit *test)
{
	static const struct pram_range none;

	pram_forbid(&none, 0);
	if (pram_super)
		pram_discard(TEST_NODE);
}

/* With the nth allocation failing. Returns whether it has come to that. */
static bool kexec_prepare_once(struct kunit *test, unsigned int nth)
{
	struct pram_test_image *whole = test->priv;
	struct kimage *image = &whole->kimage;
	struct pram_node *node;
	int err;

	kexec_test_fail(nth);
	err = pram_kexec_prepare(image);
	nth = nth && !kexec_test_fail(0);

	scoped_guard(mutex, &pram_lock)
		node = pram_find(TEST_NODE);
	if (err) {
		KUNIT_EXPECT_TRUE(test, nth);
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	} else {
		KUNIT_EXPECT_TRUE(test, pram_frozen);
		KUNIT_EXPECT_NOT_NULL(test, node->moved);
		KUNIT_EXPECT_NE(test, pram_dir, 0);
		KUNIT_EXPECT_TRUE(test, pram_sealing);
		KUNIT_EXPECT_GT(test, pram_super->nr_cover, 1);
		pram_unprepare(image);
	}
	guard(mutex)(&pram_lock);
	KUNIT_EXPECT_FALSE(test, pram_frozen);
	KUNIT_EXPECT_NULL(test, node->moved);
	KUNIT_EXPECT_EQ(test, pram_dir, 0);
	KUNIT_EXPECT_FALSE(test, pram_sealing);
	return nth;
}

static void kexec_prepare(struct kunit *test)
{
	unsigned int nth;

	for (nth = 1; kexec_prepare_once(test, nth); nth++)
		;
	kunit_info(test, "%u allocations failed\n", nth - 1);
}

static void kexec_prepare_test(struct kunit *test)
{
	pram_test_leak(test, kexec_prepare);
	kexec_test_load(test);
}

/* A check says what prepare would say, and changes nothing */
static void kexec_check(struct kunit *test)
{
	struct pram_test_image *whole = test->priv;
	char *cmdline __free(kfree) = kstrdup(whole->cmdline, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, cmdline);
	KUNIT_EXPECT_EQ(test, pram_kexec_check(&whole->kimage), 0);
	scoped_guard(mutex, &pram_lock)
		KUNIT_EXPECT_TRUE(test, str_has_prefix(pram_get_verdict(),
						       "ok: "));
	strscpy(whole->cmdline, "quiet", PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_kexec_check(&whole->kimage), -EINVAL);
	scoped_guard(mutex, &pram_lock)
		KUNIT_EXPECT_NOT_NULL(test, strstr(pram_get_verdict(),
						   "refused: the image has no"));
	strscpy(whole->cmdline, "pram=off", PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_kexec_check(&whole->kimage), 0);
	scoped_guard(mutex, &pram_lock) {
		KUNIT_EXPECT_NOT_NULL(test, strstr(pram_get_verdict(),
						   "will be lost, by pram=off"));
		KUNIT_EXPECT_FALSE(test, pram_frozen);
		KUNIT_EXPECT_NULL(test, pram_find(TEST_NODE)->moved);
		KUNIT_EXPECT_EQ(test, pram_dir, 0);
	}
	strscpy(whole->cmdline, cmdline, PAGE_SIZE);
}

static void kexec_check_test(struct kunit *test)
{
	pram_test_leak(test, kexec_check);
	kexec_test_load(test);
}

/* All reasons are listed, as far as there is room; the verdict is the first one */
static void kexec_reasons(struct kunit *test)
{
	char *buf __free(kfree) = kmalloc(PAGE_SIZE, GFP_KERNEL);
	unsigned int i, lines = 0, more = 0;
	char *line, *rest = buf, wanted[32];
	ssize_t len;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	scoped_guard(mutex, &pram_lock) {
		pram_clear_verdict();
		KUNIT_EXPECT_FALSE(test, pram_has_verdict());
		pram_set_verdict("refused: out of memory");
		len = pram_show_reasons(buf);
		KUNIT_EXPECT_EQ(test, len, strlen("out of memory\n"));
		pram_refuse_how = PRAM_CHECK;
		for (i = 0; i < 1000; i++)
			pram_refuse("reason %u", i);
		pram_refuse_how = PRAM_REFUSE;
		len = pram_show_reasons(buf);
		KUNIT_EXPECT_STREQ(test, pram_get_verdict(),
				   "refused: reason 0");
	}
	KUNIT_ASSERT_LT(test, len, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, len, strlen(buf));
	KUNIT_EXPECT_EQ(test, buf[len - 1], '\n');
	while ((line = strsep(&rest, "\n")) && *line) {
		if (sscanf(line, "and %u more", &more) == 1)
			break;
		snprintf(wanted, sizeof(wanted), "reason %u", lines++);
		KUNIT_ASSERT_STREQ(test, line, wanted);
	}
	KUNIT_EXPECT_GT(test, lines, 200);
	KUNIT_EXPECT_EQ(test, lines + more, 1000);
	scoped_guard(mutex, &pram_lock) {
		pram_clear_verdict();
		KUNIT_EXPECT_STREQ(test, pram_get_verdict(), "none");
		KUNIT_EXPECT_EQ(test, pram_show_reasons(buf), 0);
	}
}

/* Prepare, expect that the super block will be sealed, or not; undo it */
static void kexec_prepare_seals(struct kunit *test, bool seals)
{
	struct pram_test_image *whole = test->priv;
	u64 mark = pram_super->mark;

	KUNIT_EXPECT_EQ(test, pram_kexec_prepare(&whole->kimage), 0);
	KUNIT_EXPECT_TRUE(test, pram_frozen);
	KUNIT_EXPECT_EQ(test, pram_sealing, seals);
	/* Each kexec has a mark of its own */
	KUNIT_EXPECT_EQ(test, pram_super->mark != mark, seals);
	pram_kexec_cancel(&whole->kimage);
	KUNIT_EXPECT_FALSE(test, pram_frozen);
	KUNIT_EXPECT_FALSE(test, pram_sealing);
	KUNIT_EXPECT_EQ(test, pram_dir, 0);
}

/* Whom nothing is left to finds no seal; nor does a kexec that does not come */
static void kexec_seal(struct kunit *test)
{
	struct pram_test_image *whole = test->priv;
	char *cmdline __free(kfree) = kstrdup(whole->cmdline, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, cmdline);
	kexec_prepare_seals(test, true);
	strscpy(whole->cmdline, "pram=off", PAGE_SIZE);
	kexec_prepare_seals(test, false);
	scoped_guard(mutex, &pram_lock)
		KUNIT_EXPECT_NULL(test, pram_find(TEST_NODE)->moved);
	/* A prepare that is not undone is, by the next one */
	strscpy(whole->cmdline, cmdline, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pram_kexec_prepare(&whole->kimage), 0);
	strscpy(whole->cmdline, "pram=off", PAGE_SIZE);
	kexec_prepare_seals(test, false);
	strscpy(whole->cmdline, cmdline, PAGE_SIZE);
}

static void kexec_seal_test(struct kunit *test)
{
	pram_test_leak(test, kexec_seal);
	kexec_test_load(test);
}

/* With nothing to preserve it depends on whether the image would find it */
static void kexec_nothing_test(struct kunit *test)
{
	struct pram_test_image *whole = test->priv;

	pram_discard(TEST_NODE);
	scoped_guard(mutex, &pram_lock) {
		if (pram_alive())
			return;
	}
	kexec_prepare_seals(test, true);
	KUNIT_EXPECT_EQ(test, pram_super->nr_nodes, 0);
	strscpy(whole->cmdline, "quiet", PAGE_SIZE);
	kexec_prepare_seals(test, false);
	memset(whole->params, 0, PAGE_SIZE);
	kexec_prepare_seals(test, false);
}

static struct kunit_case kexec_test_cases[] = {
	KUNIT_CASE(kexec_prepare_test),
	KUNIT_CASE(kexec_check_test),
	KUNIT_CASE(kexec_reasons),
	KUNIT_CASE(kexec_seal_test),
	KUNIT_CASE(kexec_nothing_test),
	{}
};

static struct kunit_suite kexec_test_suite = {
	.name = "pram_kexec",
	.init = kexec_test_init,
	.exit = kexec_test_exit,
	.test_cases = kexec_test_cases,
};

kunit_test_suite(kexec_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
