// SPDX-License-Identifier: GPL-2.0
/*
 * Test of PRAM: the interface, in one kernel. What a case leaves behind because it
 * failed is discarded after it.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "test_pram.h"

static struct folio *api_folio(unsigned int order)
{
	struct folio *folio = test_new_folio(order, test_seed, 0);

	expect(folio);

	return folio;
}

/* Makes a node of one folio that nobody but PRAM has, and a few bytes. */
static bool api_make(const char *name)
{
	struct pram_stream ps;
	struct folio *folio;

	if (!expect_eq(pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return false;

	folio = api_folio(2);
	if (folio) {
		expect_eq(pram_save_folio(&ps, folio, 5), 0);
		folio_put(folio);
	}
	expect_eq(pram_write(&ps, name, strlen(name)), strlen(name));
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	return !test_failed;
}

/* Verifies what api_make() made. */
static void api_verify(struct pram_stream *ps, const char *name)
{
	struct folio *folio;
	unsigned int flags;
	char buf[16] = "";

	folio = pram_load_folio(ps, &flags);
	if (expect(!IS_ERR_OR_NULL(folio))) {
		expect_eq(folio_order(folio), 2);
		expect_eq(flags, 5);
		expect(test_folio_good(folio, test_seed, 0));
		folio_put(folio);
	}
	expect(!pram_load_folio(ps, &flags));
	expect_eq(pram_read(ps, buf, sizeof(buf)), strlen(name));
	expect(!strcmp(buf, name));
	expect_eq(pram_read(ps, buf, sizeof(buf)), 0);
}

static void api_keep_case(void)
{
	struct pram_stream ps;
	int i;

	if (!api_make("a"))
		return;

	for (i = 0; i < 4; i++) {
		if (!expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0))
			return;
		/* One of them says KEEP before it has seen anything. */
		if (i != 2)
			api_verify(&ps, "a");
		expect_eq(pram_close(&ps, i < 3 ? PRAM_KEEP : PRAM_COMMIT), 0);
	}
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
}

static void api_empty_case(void)
{
	struct pram_stream ps;
	unsigned int flags;
	char c;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect(!pram_load_folio(&ps, &flags));
	expect_eq(pram_read(&ps, &c, 1), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_discard("a"), -ENOENT);
}

static void api_enoent_case(void)
{
	struct pram_stream ps;

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
	expect_eq(pram_discard("a"), -ENOENT);
	if (!api_make("a"))
		return;
	expect_eq(pram_open("ab", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
	expect_eq(pram_open("A", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
	expect_eq(pram_discard("b"), -ENOENT);
	expect_eq(pram_discard("a"), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
}

static void api_eexist_case(void)
{
	struct pram_stream ps, other;

	if (!expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &other), -EEXIST);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &other), -EEXIST);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &other), -EEXIST);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

static void api_ebusy_case(void)
{
	struct pram_stream ps, other;

	if (!expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return;
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &other), -EBUSY);
	expect_eq(pram_discard("a"), -EBUSY);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &other), -EBUSY);
	expect_eq(pram_discard("a"), -EBUSY);
	/* Another node is another matter. */
	if (api_make("b"))
		expect_eq(pram_discard("b"), 0);
	expect_eq(pram_close(&ps, PRAM_KEEP), 0);
	expect_eq(pram_discard("a"), 0);
}

static bool api_name(const char *name, int want)
{
	struct pram_stream ps;
	int err;

	err = pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps);
	if (!err)
		expect_eq(pram_close(&ps, PRAM_DISCARD), 0);
	if (!expect_eq(err, want))
		return false;

	/* The others have the same idea of a name. */
	if (!want)
		want = -ENOENT;
	err = pram_open(name, PRAM_READ, GFP_KERNEL, &ps);
	if (!err)
		pram_close(&ps, PRAM_KEEP);

	return expect_eq(err, want) && expect_eq(pram_discard(name), want);
}

static void api_names_case(void)
{
	static const char * const bad[] = {
		"", ".", "..", "/", "a/b", "/a", "a/", "a\n", "\n", "\ta",
		"a\x1f", "a\x7f", "\x80", "n\xc3\xa9", "\xff",
	};
	static const char * const good[] = {
		"...", ".a", "a.", "a b", " ", "!\"#$%&'()*+,-.:;<=>?@", "~",
		"[\\]^_`{|}",
	};
	char *name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!api_name(bad[i], -EINVAL))
			pr_info("# bad name %zu\n", i);
	for (i = 0; i < ARRAY_SIZE(good); i++)
		if (!api_name(good[i], 0))
			pr_info("# good name %zu\n", i);

	name = kmalloc(SZ_8K, GFP_KERNEL);
	if (!expect(name))
		return;
	memset(name, 'x', SZ_8K);
	name[SZ_8K - 1] = '\0';
	api_name(name, -ENAMETOOLONG);
	name[256] = '\0';
	api_name(name, -ENAMETOOLONG);
	name[255] = '\0';
	api_name(name, 0);
	kfree(name);
}

/* Names that agree in 254 of 255 bytes are two names. */
static void api_long_names_case(void)
{
	struct pram_stream ps;
	char *name;

	name = kmalloc(256, GFP_KERNEL);
	if (!expect(name))
		return;
	memset(name, 'x', 255);
	name[255] = '\0';
	expect_eq(pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	name[254] = 'y';
	expect_eq(pram_discard(name), -ENOENT);
	name[254] = '\0';
	expect_eq(pram_discard(name), -ENOENT);
	name[254] = 'x';
	expect_eq(pram_discard(name), 0);
	kfree(name);
}

static void api_flags_case(void)
{
	static const unsigned int bad[] = { 8, 9, 15, 1U << 31, ~0U };
	struct folio *folio = api_folio(0);
	struct pram_stream ps;
	unsigned int flags;
	size_t i;

	if (!folio)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		expect_eq(pram_save_folio(&ps, folio, bad[i]), -EINVAL);
		expect_eq(pram_save_page(&ps, &folio->page, bad[i]), -EINVAL);
		expect_eq(folio_ref_count(folio), 1);
	}
	expect_eq(pram_save_page(&ps, &folio->page, 7), 0);
	folio_put(folio);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	folio = pram_load_folio(&ps, &flags);
	if (expect(!IS_ERR_OR_NULL(folio))) {
		expect_eq(flags, 7);
		folio_put(folio);
	}
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* A page belongs to one node, once, and a refused call changes nothing. */
static void api_twice_case(void)
{
	struct folio *folio = api_folio(2);
	struct pram_stream ps, other;

	if (!folio)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_open("b", PRAM_WRITE, GFP_KERNEL, &other), 0);
	expect_eq(pram_save_folio(&ps, folio, 5), 0);
	expect_eq(folio_ref_count(folio), 2);
	expect_eq(pram_save_folio(&ps, folio, 5), -EEXIST);
	expect_eq(pram_save_folio(&ps, folio, 0), -EEXIST);
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);
	expect_eq(folio_ref_count(folio), 2);
	expect_eq(pram_write(&ps, "a", 1), 1);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);
	api_verify(&ps, "a");
	expect_eq(pram_save_folio(&other, folio, 5), -EEXIST);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	/* Now it is free to go elsewhere, and again after that. */
	expect_eq(folio_ref_count(folio), 1);
	expect_eq(pram_save_folio(&other, folio, 5), 0);
	expect_eq(pram_close(&other, PRAM_DISCARD), 0);
	expect_eq(folio_ref_count(folio), 1);
	expect_eq(pram_open("b", PRAM_WRITE, GFP_KERNEL, &other), 0);
	expect_eq(pram_save_folio(&other, folio, 5), 0);
	expect_eq(pram_write(&other, "b", 1), 1);
	expect_eq(pram_close(&other, PRAM_COMMIT), 0);
	expect_eq(pram_open("b", PRAM_READ, GFP_KERNEL, &other), 0);
	api_verify(&other, "b");
	expect_eq(pram_close(&other, PRAM_COMMIT), 0);
	expect_eq(folio_ref_count(folio), 1);
	folio_put(folio);
}

static void api_mode_case(void)
{
	struct folio *folio = api_folio(0);
	struct pram_stream ps;
	unsigned int flags;
	char c = 'c';

	if (!folio)
		return;
	expect_eq(pram_open("a", 0, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", PRAM_CSUM, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", PRAM_WRITE | PRAM_READ, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", PRAM_READ | PRAM_CSUM, GFP_KERNEL, &ps), -EINVAL);
	expect_eq(pram_open("a", -1, GFP_KERNEL, &ps), -EINVAL);

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(PTR_ERR(pram_load_folio(&ps, &flags)), -EINVAL);
	expect_eq(PTR_ERR(pram_load_page(&ps, &flags)), -EINVAL);
	expect_eq(pram_read(&ps, &c, 1), -EINVAL);
	expect_eq(pram_close(&ps, PRAM_KEEP), -EINVAL);
	expect_eq(pram_close(&ps, 3), -EINVAL);
	expect_eq(pram_write(&ps, &c, 1), 1);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, folio, 0), -EINVAL);
	expect_eq(pram_save_page(&ps, &folio->page, 0), -EINVAL);
	expect_eq(folio_ref_count(folio), 1);
	expect_eq(pram_write(&ps, &c, 1), -EINVAL);
	expect_eq(pram_close(&ps, PRAM_DISCARD), -EINVAL);
	expect_eq(pram_close(&ps, 3), -EINVAL);
	expect_eq(pram_read(&ps, &c, 1), 1);
	expect(c == 'c');
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	folio_put(folio);
}

/* Only folios of one page pass for pages. */
static void api_page_case(void)
{
	struct folio *large = api_folio(2), *small = api_folio(0);
	struct pram_stream ps;
	unsigned int flags;

	if (!large || !small)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_page(&ps, folio_page(large, 0), 0), -EINVAL);
	expect_eq(pram_save_page(&ps, folio_page(large, 1), 0), -EINVAL);
	expect_eq(pram_save_page(&ps, folio_page(large, 3), 0), -EINVAL);
	expect_eq(folio_ref_count(large), 1);
	expect_eq(pram_save_folio(&ps, large, 1), 0);
	expect_eq(pram_save_page(&ps, folio_page(small, 0), 2), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(PTR_ERR(pram_load_page(&ps, &flags)), -EINVAL);
	expect_eq(PTR_ERR(pram_load_page(&ps, &flags)), -EINVAL);
	expect_eq(folio_ref_count(large), 2);
	expect(pram_load_folio(&ps, &flags) == large);
	expect_eq(flags, 1);
	expect(pram_load_page(&ps, &flags) == folio_page(small, 0));
	expect_eq(flags, 2);
	expect(!pram_load_page(&ps, &flags));
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(folio_ref_count(large), 2);
	expect_eq(folio_ref_count(small), 2);
	folio_put_refs(large, 2);
	folio_put_refs(small, 2);
}

/* What is not ordinary memory of its own is refused, not lost. */
static void api_refused_case(void)
{
	struct pram_stream ps;
	void *slab;

	slab = kmalloc(64, GFP_KERNEL);
	if (!expect(slab))
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, virt_to_folio(slab), 0), -EINVAL);
	expect_eq(pram_save_page(&ps, ZERO_PAGE(0), 0), -EINVAL);
	expect_eq(pram_save_folio(&ps, page_folio(ZERO_PAGE(0)), 0), -EINVAL);
	expect_eq(pram_close(&ps, PRAM_DISCARD), 0);
	kfree(slab);
}

static void api_write_bytes(size_t size, size_t piece, u8 *buf)
{
	struct pram_stream ps;
	size_t pos, len;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_write(&ps, buf, 0), 0);
	for (pos = 0; pos < size; pos += len) {
		len = min(piece, size - pos);
		test_fill_bytes(buf, len, test_seed, pos);
		if (!expect_eq(pram_write(&ps, buf, len), len))
			break;
		expect_eq(pram_write(&ps, buf, 0), 0);
	}
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

static void api_read_bytes(size_t size, size_t piece, u8 *buf)
{
	struct pram_stream ps;
	size_t pos, len;

	/* All there is, and more, at once */
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(pram_read(&ps, buf, 0), 0);
	expect_eq(pram_read(&ps, buf, size + 10), size);
	expect(test_bytes_good(buf, size, test_seed, 0));
	expect_eq(pram_read(&ps, buf, 10), 0);
	expect_eq(pram_close(&ps, PRAM_KEEP), 0);

	/* And in pieces */
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	for (pos = 0; pos < size; pos += len) {
		len = min(piece, size - pos);
		expect_eq(pram_read(&ps, buf, 0), 0);
		if (!expect_eq(pram_read(&ps, buf, piece), len) ||
		    !expect(test_bytes_good(buf, len, test_seed, pos)))
			break;
	}
	expect_eq(pram_read(&ps, buf, 10), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* The pieces that are read do not end where those that were written did. */
static void api_bytes_case(void)
{
	static const size_t sizes[] = {
		0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE,
		5 * PAGE_SIZE + 7,
	};
	static const size_t pieces[] = {
		1, 1000, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, SZ_32K,
	};
	size_t i, j;
	u8 *buf;

	buf = kmalloc(SZ_64K, GFP_KERNEL);
	if (!expect(buf))
		return;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (j = 0; j < ARRAY_SIZE(pieces); j++) {
			api_write_bytes(sizes[i], pieces[j], buf);
			api_read_bytes(sizes[i], pieces[j] + 3, buf);
			if (test_failed) {
				pr_info("# %zu bytes, %zu at once\n", sizes[i],
					pieces[j]);
				goto free;
			}
		}
	}
free:
	kfree(buf);
}

/* More entries than a few links hold: the flags keep them from merging. */
static void api_links_case(void)
{
	const unsigned int nr = 2500;
	struct pram_stream ps;
	unsigned int flags, i;
	struct folio *folio;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	for (i = 0; i < nr && !test_failed; i++) {
		folio = test_new_folio(0, test_seed, i);
		if (!expect(folio))
			break;
		expect_eq(pram_save_folio(&ps, folio, i & 7), 0);
		folio_put(folio);
	}
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	for (i = 0; i < nr && !test_failed; i++) {
		folio = pram_load_folio(&ps, &flags);
		if (!expect(!IS_ERR_OR_NULL(folio)))
			break;
		expect_eq(flags, i & 7);
		expect(test_folio_good(folio, test_seed, i));
		folio_put(folio);
	}
	expect(!pram_load_folio(&ps, &flags));
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* PRAM has one reference, each load gives one, and COMMIT takes PRAM's. */
static void api_refs_case(void)
{
	struct folio *folio = api_folio(3);
	struct pram_stream ps;
	unsigned int flags;

	if (!folio)
		return;
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, folio, 0), 0);
	expect_eq(folio_ref_count(folio), 2);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(folio_ref_count(folio), 2);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect_eq(folio_ref_count(folio), 2);
	expect(pram_load_folio(&ps, &flags) == folio);
	expect_eq(folio_ref_count(folio), 3);
	folio_put(folio);
	expect_eq(pram_close(&ps, PRAM_KEEP), 0);
	expect_eq(folio_ref_count(folio), 2);

	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), 0);
	expect(pram_load_folio(&ps, &flags) == folio);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(folio_ref_count(folio), 2);
	folio_put(folio);
	expect(test_folio_good(folio, test_seed, 0));

	/* A node that goes unread, too, gives back what it held. */
	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
	expect_eq(pram_save_folio(&ps, folio, 0), 0);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	expect_eq(pram_discard("a"), 0);
	expect_eq(folio_ref_count(folio), 1);
	folio_put(folio);
}

static unsigned long nr_free(void)
{
	struct sysinfo info;

	si_meminfo(&info);

	return info.freeram;
}

/* 4 MiB are given up 16 times; per-CPU lists may account for 8 MiB. */
static void api_discard_case(void)
{
	const size_t size = SZ_1M;
	unsigned long before, after;
	struct pram_stream ps;
	struct folio *folio;
	u8 *buf;
	int i;

	buf = kvzalloc(size, GFP_KERNEL);
	if (!expect(buf))
		return;
	before = nr_free();
	for (i = 0; i < 16 && !test_failed; i++) {
		expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), 0);
		expect_eq(pram_write(&ps, buf, size), size);
		expect_eq(pram_write(&ps, buf, size), size);
		folio = api_folio(9);
		if (folio) {
			expect_eq(pram_save_folio(&ps, folio, 0), 0);
			folio_put(folio);
		}
		expect_eq(pram_close(&ps, PRAM_DISCARD), 0);
		expect_eq(pram_discard("a"), -ENOENT);
	}
	after = nr_free();
	pr_info("# free pages: %lu before, %lu after\n", before, after);
	expect(after + SZ_8M / PAGE_SIZE > before);
	kvfree(buf);
}

static void api_after(void)
{
	pram_discard("a");
	pram_discard("b");
}

static void discard_case(void)
{
	expect_eq(pram_discard(test_name), 0);
	expect_eq(pram_discard(test_name), -ENOENT);
}

static void off_case(void)
{
	struct pram_stream ps;

	expect_eq(pram_open("a", PRAM_WRITE, GFP_KERNEL, &ps), -ENODEV);
	expect_eq(pram_open("a", PRAM_READ, GFP_KERNEL, &ps), -ENODEV);
	expect_eq(pram_discard("a"), -ENODEV);
}

static const struct test_case api_cases[] = {
	{ "a node can be loaded again after KEEP, not after COMMIT",
	  api_keep_case },
	{ "an empty node is a node", api_empty_case },
	{ "what there is not is ENOENT", api_enoent_case },
	{ "a name that is taken is EEXIST", api_eexist_case },
	{ "a node that is open is EBUSY", api_ebusy_case },
	{ "names are checked", api_names_case },
	{ "names are told apart to the last byte", api_long_names_case },
	{ "flags are checked, and come back", api_flags_case },
	{ "a page that is saved twice is EEXIST", api_twice_case },
	{ "modes are checked", api_mode_case },
	{ "pages and large folios are not mixed up", api_page_case },
	{ "slab and reserved pages are refused", api_refused_case },
	{ "bytes of any number in any pieces", api_bytes_case },
	{ "streams of many links", api_links_case },
	{ "references are given back", api_refs_case },
	{ "DISCARD leaves nothing", api_discard_case },
};

static const struct test_case discard_cases[] = {
	{ "discard", discard_case },
};

static const struct test_case off_cases[] = {
	{ "PRAM is off", off_case },
};

const struct test_op test_api_ops[] = {
	/* the interface, in one kernel */
	{ "api", api_cases, ARRAY_SIZE(api_cases), api_after },
	TEST_OP(discard),	/* discard a node */
	TEST_OP(off),		/* PRAM is off */
	{ }
};
