// SPDX-License-Identifier: GPL-2.0
/*
 * Test of PRAM: checks, and what the nodes of test_pram.ko contain, which is derived
 * from their seeds.
 */
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/string.h>

#include "test_pram.h"

static bool param_movable;
module_param_named(movable, param_movable, bool, 0400);
MODULE_PARM_DESC(movable, "Save folios that may be in ZONE_MOVABLE");

bool test_failed;

bool test_check(bool good, const char *file, int line, const char *what)
{
	if (!good) {
		pr_info("# %s:%d: not so: %s\n", kbasename(file), line, what);
		test_failed = true;
	}

	return good;
}

bool test_check_eq(s64 got, s64 want, const char *file, int line, const char *what)
{
	if (got != want) {
		pr_info("# %s:%d: %lld instead of %lld: %s\n", kbasename(file),
			line, got, want, what);
		test_failed = true;
	}

	return got == want;
}

u64 test_word(u64 seed, u64 pos)
{
	u64 x = (seed * 0x9e3779b97f4a7c15ULL + pos) * 0xbf58476d1ce4e5b9ULL;

	x ^= x >> 29;
	x *= 0x94d049bb133111ebULL;

	return x ^ (x >> 32);
}

static u8 byte_at(u64 seed, u64 pos)
{
	return test_word(~seed, pos / 8) >> (pos % 8 * 8);
}

void test_fill_bytes(u8 *buf, size_t count, u64 seed, u64 pos)
{
	size_t i;

	for (i = 0; i < count; i++)
		buf[i] = byte_at(seed, pos + i);
}

bool test_bytes_good(const u8 *buf, size_t count, u64 seed, u64 pos)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (buf[i] != byte_at(seed, pos + i)) {
			pr_info("# byte %llu is wrong\n", pos + i);
			return false;
		}
	}

	return true;
}

/* @pos is where the folio is in the page stream, in pages. */
void test_fill_folio(struct folio *folio, u64 seed, u64 pos)
{
	size_t i, n;
	u64 *addr;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		addr = kmap_local_folio(folio, i * PAGE_SIZE);
		for (n = 0; n < WORDS_PER_PAGE; n++)
			addr[n] = test_word(seed, (pos + i) * WORDS_PER_PAGE + n);
		kunmap_local(addr);
		cond_resched();
	}
}

/* Returns the first wrong word, or how many there are when all are right. */
size_t test_first_bad(struct folio *folio, u64 seed, u64 pos)
{
	size_t i, n;
	u64 *addr;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		addr = kmap_local_folio(folio, i * PAGE_SIZE);
		for (n = 0; n < WORDS_PER_PAGE; n++)
			if (addr[n] !=
			    test_word(seed, (pos + i) * WORDS_PER_PAGE + n))
				break;
		kunmap_local(addr);
		if (n < WORDS_PER_PAGE)
			return i * WORDS_PER_PAGE + n;
		cond_resched();
	}

	return i * WORDS_PER_PAGE;
}

bool test_folio_good(struct folio *folio, u64 seed, u64 pos)
{
	size_t bad = test_first_bad(folio, seed, pos);

	if (bad == folio_nr_pages(folio) * WORDS_PER_PAGE)
		return true;

	pr_info("# word %lu of page %llu, pfn %#lx, is wrong\n",
		(unsigned long)(bad % WORDS_PER_PAGE), pos + bad / WORDS_PER_PAGE,
		folio_pfn(folio) + (unsigned long)(bad / WORDS_PER_PAGE));

	return false;
}

gfp_t test_gfp(void)
{
	return param_movable ? GFP_HIGHUSER_MOVABLE : GFP_HIGHUSER;
}

struct folio *test_new_folio(unsigned int order, u64 seed, u64 pos)
{
	struct folio *folio = folio_alloc(test_gfp(), order);

	if (folio)
		test_fill_folio(folio, seed, pos);

	return folio;
}

/* 7 and 10 have no common divisor, so that every order has its turn. */
unsigned int test_nth_order(const struct test_header *head, u32 n)
{
	if (head->kind != TEST_MIXED)
		return head->order;

	return (n * 7 + (u32)head->seed % TEST_ORDERS) % TEST_ORDERS;
}

unsigned int test_nth_flags(const struct test_header *head, u32 n)
{
	if (head->kind != TEST_MIXED && head->kind != TEST_SINGLE)
		return 0;

	return (n * 3 + (u32)head->seed) & PRAM_FLAGS_MASK;
}

/* Sizes of chunks: derived from the seed, odd, 1 byte to about two pages */
size_t test_nth_chunk(u64 seed, u64 n, u64 left)
{
	return min_t(u64, left, (test_word(seed, n) % TEST_CHUNK) | 1);
}
