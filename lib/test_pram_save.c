// SPDX-License-Identifier: GPL-2.0
/*
 * Test of PRAM: nodes are made. A saved folio is put at once: that it stays is up to
 * PRAM.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include "test_pram.h"

#define TEST_BYTES	(100 * SZ_1K + 77)

static unsigned int param_step = 2;
module_param_named(step, param_step, uint, 0400);
MODULE_PARM_DESC(step, "One page of how many op=scatter saves");

static unsigned int param_piece = 1;
module_param_named(piece, param_piece, uint, 0400);
MODULE_PARM_DESC(piece, "How many neighbours op=scatter saves, and leaves out");

static unsigned int param_order = MAX_PAGE_ORDER;
module_param_named(order, param_order, uint, 0400);
MODULE_PARM_DESC(order, "Order of the folios that op=contig saves");

static int save_folio(struct pram_stream *ps, struct test_header *head,
		      struct folio *folio)
{
	unsigned int flags = test_nth_flags(head, head->nr_folios);
	int err;

	err = pram_save_folio(ps, folio, flags);
	if (!head->nr_folios)
		test_first_pfn = folio_pfn(folio);
	head->nr_folios++;
	head->nr_pages += folio_nr_pages(folio);
	folio_put(folio);

	return err;
}

static int save_folios(struct pram_stream *ps, struct test_header *head)
{
	struct folio *folio;
	int err;

	while (head->nr_pages < test_pages) {
		folio = test_new_folio(test_nth_order(head, head->nr_folios),
				       head->seed, head->nr_pages);
		if (!folio)
			return -ENOMEM;
		err = save_folio(ps, head, folio);
		if (err)
			return err;
	}

	return 0;
}

/* Single pages that are neighbours: the allocator's largest blocks, split */
static int save_split(struct pram_stream *ps, struct test_header *head)
{
	struct page *page;
	int err = 0;
	size_t i;

	while (!err && head->nr_pages < test_pages) {
		page = alloc_pages(test_gfp(), MAX_PAGE_ORDER);
		if (!page)
			return -ENOMEM;
		split_page(page, MAX_PAGE_ORDER);
		for (i = 0; i < MAX_ORDER_NR_PAGES; i++) {
			struct folio *folio = page_folio(page + i);

			if (err) {
				folio_put(folio);
				continue;
			}
			test_fill_folio(folio, head->seed, head->nr_pages);
			err = save_folio(ps, head, folio);
		}
	}

	return err;
}

/*
 * One page of so many ("step"), or neighbours of that number ("piece"), of as much
 * memory as that takes or as there is, but for a 64th that is left to the others; the
 * rest is freed.
 */
static int save_scattered(struct pram_stream *ps, struct test_header *head)
{
	const gfp_t gfp = GFP_HIGHUSER | __GFP_NORETRY | __GFP_NOWARN;
	size_t i, nr = (size_t)param_step * test_pages;
	struct folio **folios;
	int err = 0;

	folios = kvcalloc(nr, sizeof(*folios), GFP_KERNEL);
	if (!folios)
		return -ENOMEM;

	for (i = 0; i < nr; i++) {
		if (global_zone_page_state(NR_FREE_PAGES) < totalram_pages() / 64)
			break;
		folios[i] = folio_alloc(gfp, 0);
		if (!folios[i])
			break;
	}
	nr = i;
	/* There is memory for metadata again, between what is to be saved */
	for (i = 0; i < nr; i++) {
		if (folio_pfn(folios[i]) / param_piece % param_step) {
			folio_put(folios[i]);
			folios[i] = NULL;
		}
	}
	for (i = 0; i < nr; i++) {
		if (!folios[i])
			continue;
		if (err || head->nr_pages == test_pages) {
			folio_put(folios[i]);
			continue;
		}
		test_fill_folio(folios[i], head->seed, head->nr_pages);
		err = save_folio(ps, head, folios[i]);
	}
	kvfree(folios);
	pr_info("# %llu scattered pages\n", head->nr_pages);

	return err;
}

static int write_bytes(struct pram_stream *ps, const struct test_header *head)
{
	u64 n, pos;
	size_t len;
	u8 *buf;
	int err;

	if (pram_write(ps, head, sizeof(*head)) != sizeof(*head))
		return -EIO;

	buf = kmalloc(TEST_CHUNK, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	for (pos = 0, n = 0, err = 0; pos < head->nr_bytes; pos += len, n++) {
		len = test_nth_chunk(head->seed, n, head->nr_bytes - pos);
		test_fill_bytes(buf, len, head->seed, pos);
		if (pram_write(ps, buf, len) != len) {
			err = -EIO;
			break;
		}
	}
	kfree(buf);

	return err;
}

void test_fill_node(struct pram_stream *ps, enum test_kind kind)
{
	struct test_header head = {
		.magic		= TEST_MAGIC,
		.seed		= test_seed,
		.kind		= kind,
		.nr_bytes	= TEST_BYTES,
	};

	if (kind == TEST_CONTIG)
		head.order = param_order;

	if (kind == TEST_SCATTER)
		expect_eq(save_scattered(ps, &head), 0);
	else if (kind == TEST_CONTIG && !param_order)
		expect_eq(save_split(ps, &head), 0);
	else
		expect_eq(save_folios(ps, &head), 0);
	expect_eq(write_bytes(ps, &head), 0);
	pr_info("# %llu folios, %llu pages, %zu bytes\n", head.nr_folios,
		head.nr_pages, sizeof(head) + (size_t)head.nr_bytes);
}

static void save_node(enum test_kind kind)
{
	struct pram_stream ps;

	if (!expect_eq(pram_open(test_name, PRAM_WRITE, GFP_KERNEL, &ps), 0))
		return;

	test_fill_node(&ps, kind);
	expect_eq(pram_close(&ps, test_failed ? PRAM_DISCARD : PRAM_COMMIT), 0);
}

static void save_mixed_case(void)
{
	save_node(TEST_MIXED);
}

static void save_scatter_case(void)
{
	if (expect(param_step > 1 && param_piece))
		save_node(TEST_SCATTER);
}

static void save_contig_case(void)
{
	if (expect(param_order <= MAX_PAGE_ORDER))
		save_node(TEST_CONTIG);
}

static void save_single_case(void)
{
	save_node(TEST_SINGLE);
}

/* As many nodes with nothing in them: NAME0, NAME1, ... */
static void save_many_case(void)
{
	struct pram_stream ps;
	char name[32];
	unsigned int i;

	for (i = 0; i < test_pages && !test_failed; i++) {
		snprintf(name, sizeof(name), "%s%u", test_name, i);
		if (expect_eq(pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps), 0))
			expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
	}
}

/* Those of them that are there */
static void discard_many_case(void)
{
	unsigned int i, nr = 0;
	char name[32];

	for (i = 0; i < test_pages; i++) {
		snprintf(name, sizeof(name), "%s%u", test_name, i);
		nr += !pram_discard(name);
	}
	pr_info("# %u nodes are discarded\n", nr);
}

/* The memory that reserve_mem= has given this name, in words; ends with memunmap() */
static u64 *map_reserved(size_t *nr)
{
	phys_addr_t start, size;
	u64 *mem;

	if (!expect(reserve_mem_find_by_name(test_name, &start, &size)))
		return NULL;
	pr_info("# %s: %pa bytes at %pa\n", test_name, &size, &start);
	*nr = size / sizeof(*mem);
	mem = memremap(start, size, MEMREMAP_WB);
	expect(mem);
	return mem;
}

static void fill_reserved_case(void)
{
	size_t nr, i;
	u64 *mem = map_reserved(&nr);

	if (!mem)
		return;
	for (i = 0; i < nr; i++)
		mem[i] = test_word(test_seed, i);
	memunmap(mem);
}

static void check_reserved_case(void)
{
	size_t nr, i;
	u64 *mem = map_reserved(&nr);

	if (!mem)
		return;
	for (i = 0; i < nr && mem[i] == test_word(test_seed, i); i++)
		;
	expect_eq(i, nr);
	memunmap(mem);
}

static const struct test_case save_cases[] = {
	{ "save folios of all orders, and bytes", save_mixed_case },
};

static const struct test_case scatter_cases[] = {
	{ "save scattered pages", save_scatter_case },
};

static const struct test_case contig_cases[] = {
	{ "save neighbours", save_contig_case },
};

static const struct test_case single_cases[] = {
	{ "save single pages", save_single_case },
};

static const struct test_case many_cases[] = {
	{ "save many nodes", save_many_case },
};

static const struct test_case no_more_cases[] = {
	{ "discard them", discard_many_case },
};

static const struct test_case fill_reserved_cases[] = {
	{ "write to memory of reserve_mem=", fill_reserved_case },
};

static const struct test_case check_reserved_cases[] = {
	{ "compare memory of reserve_mem=", check_reserved_case },
};

const struct test_op test_save_ops[] = {
	TEST_OP(save),		/* make a node of all orders */
	TEST_OP(scatter),	/* make one of single pages, no neighbours */
	TEST_OP(contig),	/* make one of neighbours of one order */
	TEST_OP(single),	/* make one of single pages that are told apart */
	TEST_OP(many),		/* make as many empty nodes as "pages" says */
	TEST_OP(no_more),	/* discard those of them that there are */
	TEST_OP(fill_reserved),	/* write to what reserve_mem= has given that name */
	TEST_OP(check_reserved), /* is it as it was written? */
	{ }
};
