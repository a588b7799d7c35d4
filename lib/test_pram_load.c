// SPDX-License-Identifier: GPL-2.0
/*
 * Test of PRAM: nodes are verified. Loading is a series of cases which share the
 * stream. One folio of each order is held until the stream is closed.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "test_pram.h"

static bool param_pieces;
module_param_named(pieces, param_pieces, bool, 0400);
MODULE_PARM_DESC(pieces, "Folios may have been moved in pieces");

static int param_bad = -1;
module_param_named(bad, param_bad, int, 0400);
MODULE_PARM_DESC(bad, "The folio that op=damaged finds damaged; -1: none");

static int param_bad_bytes = -1;
module_param_named(bad_bytes, param_bad_bytes, int, 0400);
MODULE_PARM_DESC(bad_bytes, "Where op=damaged finds bytes damaged; -1: nowhere");

static bool param_broken;
module_param_named(broken, param_broken, bool, 0400);
MODULE_PARM_DESC(broken, "The memory of that folio is broken");

static bool param_commit;
module_param_named(commit, param_commit, bool, 0400);
MODULE_PARM_DESC(commit, "What op=leave_open makes is kept when the module goes");

static struct pram_stream load_ps;
static bool load_open;	/* left so by some ops until the module goes */
static struct test_header load_head;
static struct folio *load_held[NR_PAGE_ORDERS];
static u64 load_pos[NR_PAGE_ORDERS];

/* The chunks are not those which were written. */
static int read_bytes(struct pram_stream *ps, const struct test_header *head)
{
	u64 n, pos;
	size_t len;
	u8 *buf;
	int err;

	buf = kmalloc(TEST_CHUNK, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	for (pos = 0, n = 0, err = 0; pos < head->nr_bytes; pos += len, n++) {
		len = test_nth_chunk(head->seed + 1, n, head->nr_bytes - pos);
		if (pram_read(ps, buf, len) != len ||
		    !test_bytes_good(buf, len, head->seed, pos)) {
			err = -EIO;
			break;
		}
	}
	kfree(buf);

	return err;
}

static void load_open_case(void)
{
	int err = pram_open(test_name, PRAM_READ, GFP_KERNEL, &load_ps);

	load_open = !err;
	expect_eq(err, 0);
}

static void load_header_case(void)
{
	struct test_header *head = &load_head;

	memset(head, 0, sizeof(*head));
	if (!expect(load_open))
		return;

	expect_eq(pram_read(&load_ps, head, sizeof(*head)), sizeof(*head));
	expect_eq(head->magic, TEST_MAGIC);
	expect_eq(head->seed, test_seed);
	expect(head->kind < TEST_NR_KINDS);
	expect(head->order <= MAX_PAGE_ORDER);
	expect(head->nr_folios > 0);
	if (test_failed)
		memset(head, 0, sizeof(*head));
}

/* Loads folio @n, or a piece of it, which has to be that at @pos. */
static struct folio *load_nth(u64 n, u64 pos)
{
	struct test_header *head = &load_head;
	unsigned int flags = ~0U;
	struct folio *folio;

	folio = pram_load_folio(&load_ps, &flags);
	if (!expect(!IS_ERR_OR_NULL(folio)))
		return NULL;

	if (!pos)
		test_first_pfn = folio_pfn(folio);
	if (param_pieces)
		expect(folio_order(folio) <= test_nth_order(head, n));
	else
		expect_eq(folio_order(folio), test_nth_order(head, n));
	expect_eq(flags, test_nth_flags(head, n));
	expect(folio_ref_count(folio) >= 1);
	expect(!folio_test_reserved(folio));
	expect(!page_has_type(&folio->page));
	expect(test_folio_good(folio, head->seed, pos));
	/* It is not everything that would do. */
	expect_eq(test_first_bad(folio, head->seed + 1, pos), 0);
	expect_eq(test_first_bad(folio, head->seed, pos + 1), 0);
	if (test_failed) {
		pr_info("# folio %llu of order %u, flags %u\n", n,
			folio_order(folio), flags);
		folio_put(folio);
		return NULL;
	}

	return folio;
}

static void load_folios(u64 nr)
{
	u64 n, pos, end = 0;
	struct folio *folio;

	for (n = 0, pos = 0; n < nr; n += pos == end) {
		if (pos == end)
			end += 1ULL << test_nth_order(&load_head, n);
		folio = load_nth(n, pos);
		if (!folio)
			return;
		if (load_held[folio_order(folio)]) {
			pos += folio_nr_pages(folio);
			folio_put(folio);
		} else {
			load_held[folio_order(folio)] = folio;
			load_pos[folio_order(folio)] = pos;
			pos += folio_nr_pages(folio);
		}
	}

	if (nr == load_head.nr_folios)
		expect_eq(pos, load_head.nr_pages);
}

static void load_folios_case(void)
{
	if (expect(load_head.nr_folios))
		load_folios(load_head.nr_folios);
}

/* All are right but one, which cannot be loaded */
static void damaged_folios_case(void)
{
	struct test_header *head = &load_head;
	struct folio *folio;
	u64 n, pos = 0;

	for (n = 0; n < head->nr_folios && !test_failed; n++) {
		if (n != param_bad) {
			folio = load_nth(n, pos);
			if (folio)
				folio_put(folio);
		} else {
			folio = pram_load_folio(&load_ps, NULL);
			expect_eq(PTR_ERR_OR_ZERO(folio),
				  param_broken ? -EHWPOISON : -EIO);
		}
		pos += 1ULL << test_nth_order(head, n);
	}
	expect_eq(pos, head->nr_pages);
}

/* All can be read but those from one place to the end of its page */
static void damaged_bytes_case(void)
{
	u64 pos = sizeof(load_head), end = pos + load_head.nr_bytes;
	bool met = param_bad_bytes < 0;
	u8 buf[100];

	while (load_head.nr_folios && pos < end && !test_failed) {
		ssize_t len = pram_read(&load_ps, buf, sizeof(buf));

		if (len == -EIO) {
			expect(!met);
			expect_eq(pos, param_bad_bytes);
			met = true;
			pos = round_up(pos + 1, PAGE_SIZE);
			continue;
		}
		if (!expect(len > 0))
			break;
		expect(test_bytes_good(buf, len, load_head.seed,
				       pos - sizeof(load_head)));
		pos += len;
	}
	expect(met);
	expect_eq(pos, end);
}

static void load_half_case(void)
{
	if (expect(load_head.nr_folios))
		load_folios(load_head.nr_folios / 2);
}

static void load_last_folio_case(void)
{
	unsigned int flags;

	if (!expect(load_head.nr_folios))
		return;

	expect(!pram_load_folio(&load_ps, &flags));
	expect(!pram_load_page(&load_ps, &flags));
	expect(!pram_load_folio(&load_ps, &flags));
}

static void load_bytes_case(void)
{
	if (expect(load_head.nr_folios))
		expect_eq(read_bytes(&load_ps, &load_head), 0);
}

static void load_last_byte_case(void)
{
	u8 byte;

	if (!expect(load_head.nr_folios))
		return;

	expect_eq(pram_read(&load_ps, &byte, 1), 0);
	expect_eq(pram_read(&load_ps, &byte, 0), 0);
	expect_eq(pram_read(&load_ps, &byte, 1), 0);
}

static void load_commit_case(void)
{
	struct pram_stream ps;

	/* What is not as it should be is kept. */
	if (!expect(load_head.nr_folios))
		return;

	load_open = false;
	expect_eq(pram_close(&load_ps, PRAM_COMMIT), 0);
	expect_eq(pram_open(test_name, PRAM_READ, GFP_KERNEL, &ps), -ENOENT);
}

static void load_keep_case(void)
{
	struct pram_stream ps;

	if (!expect(load_open))
		return;

	load_open = false;
	expect_eq(pram_close(&load_ps, PRAM_KEEP), 0);
	if (expect_eq(pram_open(test_name, PRAM_READ, GFP_KERNEL, &ps), 0))
		expect_eq(pram_close(&ps, PRAM_KEEP), 0);
}

/* @refs: how many references each has, ours included */
static void load_put(int refs)
{
	struct folio *folio;
	unsigned int i;

	for (i = 0; i < NR_PAGE_ORDERS; i++) {
		folio = load_held[i];
		load_held[i] = NULL;
		if (!folio)
			continue;
		expect_eq(folio_order(folio), i);
		expect_eq(folio_ref_count(folio), refs);
		expect(test_folio_good(folio, load_head.seed, load_pos[i]));
		/* A folio that is ours may be written to. */
		if (refs == 1)
			test_fill_folio(folio, 0, 0);
		folio_put(folio);
	}
}

static void load_owned_case(void)
{
	if (expect(load_head.nr_folios))
		load_put(1);
}

static void load_shared_case(void)
{
	if (expect(load_head.nr_folios))
		load_put(2);
}

/* The module stays for these, with the stream open. */
static void leave_open_case(void)
{
	int err = pram_open(test_name, PRAM_WRITE, GFP_KERNEL, &load_ps);

	load_open = !err;
	if (expect_eq(err, 0))
		test_fill_node(&load_ps, TEST_MIXED);
}

static void leave_read_case(void)
{
	load_half_case();
	load_put(2);
}

void test_load_end(void)
{
	enum pram_how how = PRAM_KEEP;
	int err;

	if (!load_open)
		return;

	load_open = false;
	if (load_ps.mode == PRAM_WRITE)
		how = param_commit ? PRAM_COMMIT : PRAM_DISCARD;
	err = pram_close(&load_ps, how);
	if (err)
		pr_err("test_pram: pram_close() failed: %d\n", err);
}

static const struct test_case load_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "folios", load_folios_case },
	{ "end of folios", load_last_folio_case },
	{ "bytes", load_bytes_case },
	{ "end of bytes", load_last_byte_case },
	{ "the node is gone after COMMIT", load_commit_case },
	{ "the folios are ours after COMMIT", load_owned_case },
};

static const struct test_case peek_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "folios", load_folios_case },
	{ "end of folios", load_last_folio_case },
	{ "bytes", load_bytes_case },
	{ "end of bytes", load_last_byte_case },
	{ "the node is there after KEEP", load_keep_case },
	{ "the folios are shared after KEEP", load_shared_case },
};

static const struct test_case damaged_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "folios, but one", damaged_folios_case },
	{ "end of folios", load_last_folio_case },
	{ "bytes, but some", damaged_bytes_case },
	{ "end of bytes", load_last_byte_case },
	{ "the node is there after KEEP", load_keep_case },
};

static const struct test_case part_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "half of the folios", load_half_case },
	{ "the node is gone after COMMIT", load_commit_case },
	{ "the folios are ours after COMMIT", load_owned_case },
};

static const struct test_case leave_open_cases[] = {
	{ "write, and leave it at that", leave_open_case },
};

static const struct test_case leave_read_cases[] = {
	{ "open", load_open_case },
	{ "header", load_header_case },
	{ "load half, and leave it at that", leave_read_case },
};

const struct test_op test_load_ops[] = {
	TEST_OP(load),		/* verify any of these, and COMMIT */
	TEST_OP(peek),		/* verify, and KEEP */
	TEST_OP(damaged),	/* as peek, where something is damaged */
	TEST_OP(part),		/* load half, and COMMIT */
	TEST_OP(leave_open),	/* make one, and leave the stream open */
	TEST_OP(leave_read),	/* load half, and leave the stream open */
	{ }
};
