/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test of PRAM: what the files of test_pram.ko have in common.
 */
#ifndef _LIB_TEST_PRAM_H
#define _LIB_TEST_PRAM_H

#include <linux/array_size.h>
#include <linux/sizes.h>
#include <linux/types.h>

struct folio;
struct pram_stream;

#define TEST_MAGIC	0x7473657452504d41ULL
#define TEST_CHUNK	(2 * PAGE_SIZE)
#define TEST_ORDERS	10
#define WORDS_PER_PAGE	(PAGE_SIZE / sizeof(u64))

/* How the folios of a node were chosen */
enum test_kind {
	TEST_MIXED,	/* all orders and flags in turn */
	TEST_SCATTER,	/* single pages, no two of them neighbours */
	TEST_CONTIG,	/* all of one order, neighbours where possible */
	TEST_SINGLE,	/* single pages with all flags in turn */
	TEST_NR_KINDS,
};

/* The start of the byte stream. nr_bytes more follow. */
struct test_header {
	u64	magic;
	u64	seed;
	u64	kind;
	u64	order;
	u64	nr_folios;
	u64	nr_pages;
	u64	nr_bytes;
};

struct test_case {
	const char	*what;
	void		(*run)(void);
};

/**
 * struct test_op - what an insertion of the module can do
 * @name: the parameter "op"; NULL ends a table
 * @cases: its cases, in their order
 * @nr: how many they are
 * @after: called after each case; may be NULL
 */
struct test_op {
	const char		*name;
	const struct test_case	*cases;
	unsigned int		nr;
	void			(*after)(void);
};

#define TEST_OP(op)	{ #op, op##_cases, ARRAY_SIZE(op##_cases) }

extern const struct test_op test_api_ops[], test_save_ops[], test_load_ops[],
			    test_busy_ops[];

/* Parameters of more than one file */
extern char *test_name;
extern unsigned long test_seed;
extern unsigned int test_pages;
extern unsigned long test_first_pfn;

/* A check of this case has failed */
extern bool test_failed;

bool test_check(bool good, const char *file, int line, const char *what);
bool test_check_eq(s64 got, s64 want, const char *file, int line, const char *what);

#define expect(cond)		test_check(cond, __FILE__, __LINE__, #cond)
#define expect_eq(expr, want)	test_check_eq(expr, want, __FILE__, __LINE__, #expr)

u64 test_word(u64 seed, u64 pos);
void test_fill_bytes(u8 *buf, size_t count, u64 seed, u64 pos);
bool test_bytes_good(const u8 *buf, size_t count, u64 seed, u64 pos);
void test_fill_folio(struct folio *folio, u64 seed, u64 pos);
size_t test_first_bad(struct folio *folio, u64 seed, u64 pos);
bool test_folio_good(struct folio *folio, u64 seed, u64 pos);
gfp_t test_gfp(void);
struct folio *test_new_folio(unsigned int order, u64 seed, u64 pos);
unsigned int test_nth_order(const struct test_header *head, u32 n);
unsigned int test_nth_flags(const struct test_header *head, u32 n);
size_t test_nth_chunk(u64 seed, u64 n, u64 left);

void test_fill_node(struct pram_stream *ps, enum test_kind kind);

/* The module goes */
void test_load_end(void);
void test_busy_end(void);

#endif /* _LIB_TEST_PRAM_H */
