/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of what stands between the command line and the super block.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

static void super_parse_test(struct kunit *test)
{
	static const struct {
		const char *val;
		int err;
		u64 pfn;
		u64 ticket;
	} cases[] = {
		{ "1.1", 0, 1, 1 },
		{ "3fff.abc", 0, 0x3fff, 0xabc },
		{ "3FfF.aBC", 0, 0x3fff, 0xabc },
		{ "0x3fff.0xabc", 0, 0x3fff, 0xabc },
		{ "ffffffffff.ffffffffffffffff", 0, PRAM_ENTRY_PFN_MASK,
		  U64_MAX },
		{ "0000000000000001.1", 0, 1, 1 },
		{ "3fff.abc\n", 0, 0x3fff, 0xabc },
		{ "off", 0, 0, 0 },
		{ NULL, -EINVAL },
		{ "", -EINVAL },
		{ ".", -EINVAL },
		{ "3fff", -EINVAL },
		{ "3fff.", -EINVAL },
		{ ".abc", -EINVAL },
		{ "3fff.0", -EINVAL },
		{ "3fff.abc.", -EINVAL },
		{ "3fff.abc.d", -EINVAL },
		{ "3fff..abc", -EINVAL },
		{ "00000000000000001.1", -EINVAL },
		{ "3fff.10000000000000000", -EINVAL },
		{ "0.1", -EINVAL },
		{ "0x0.1", -EINVAL },
		{ "0x.1", -EINVAL },
		{ "-1.1", -EINVAL },
		{ "1.-1", -EINVAL },
		{ "g.1", -EINVAL },
		{ "3fff.1 g", -EINVAL },
		{ " 3fff.1", -EINVAL },
		{ "3fff.1 ", -EINVAL },
		{ "3fff .1", -EINVAL },
		{ "3fff.1,", -EINVAL },
		{ "OFF", -EINVAL },
		{ "offf", -EINVAL },
		{ "off ", -EINVAL },
		{ "off.1", -EINVAL },
		{ "on", -EINVAL },
		{ "10000000000.1", -EINVAL },
		{ "ffffffffffffffff.1", -EINVAL },
		{ "10000000000000001.1", -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pram_param param = { .pfn = 0x1234, .ticket = 0x5678 };
		u64 pfn = 0x1234, ticket = 0x5678;

		if (!cases[i].err) {
			pfn = cases[i].pfn;
			ticket = cases[i].ticket;
		}
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err,
				    pram_parse(cases[i].val, &param), "pram=%s",
				    cases[i].val);
		KUNIT_EXPECT_EQ_MSG(test, param.pfn, pfn, "pram=%s",
				    cases[i].val);
		KUNIT_EXPECT_EQ_MSG(test, param.ticket, ticket, "pram=%s",
				    cases[i].val);
	}
}

#define TEST_SUPER_PFN	0x4321
#define TEST_TICKET	0x123456789abcdefULL
#define TEST_MARK	0x7edcba987654ULL

static const struct pram_param test_param = {
	.pfn = TEST_SUPER_PFN,
	.ticket = TEST_TICKET,
};

static void super_make(struct pram_super *sb, unsigned int nr_cover)
{
	unsigned int i;

	memset(sb, 0, sizeof(*sb));
	sb->head.magic = PRAM_SUPER_MAGIC;
	sb->head.pfn = TEST_SUPER_PFN;
	sb->version = PRAM_VERSION;
	sb->size = offsetof(struct pram_super, reserved);
	sb->state = PRAM_SUPER_SEALED;
	sb->ticket = TEST_TICKET;
	sb->mark = TEST_MARK;
	sb->nr_cover = nr_cover;
	for (i = 0; i < nr_cover; i++) {
		sb->cover[i].start = PHYS_PFN(SZ_1M) + 16 * i;
		sb->cover[i].end = sb->cover[i].start + 15;
	}
}

/* Checks it with the right checksum; its verdict ends with @why, if any */
static void super_expect(struct kunit *test, struct pram_super *sb,
			 const char *why)
{
	const char *said;

	sb->head.csum = pram_csum(sb);
	said = pram_check_super(sb, &test_param, TEST_MARK, pram_csum(sb));
	if (!why)
		KUNIT_EXPECT_NULL_MSG(test, said, "%s", said);
	else
		KUNIT_EXPECT_STREQ(test, said ? said : "good", why);
}

#define super_spoil(test, sb, statement, why)				\
do {									\
	super_make(sb, 3);						\
	statement;							\
	super_expect(test, sb, why);					\
} while (0)

/* An entry point, or no number, is no mark, even if the register holds it */
static void super_mark_test(struct kunit *test)
{
	static const u64 marks[] = {
		0, PRAM_PAGE_SIZE - 1, BIT_ULL(PRAM_MARK_BITS),
		0xffffffff81000000, U64_MAX,
	};
	struct pram_super *sb = kunit_kmalloc(test, sizeof(*sb), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, sb);
	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		super_make(sb, 3);
		sb->mark = marks[i];
		sb->head.csum = pram_csum(sb);
		KUNIT_EXPECT_NOT_NULL_MSG(test,
					  pram_check_super(sb, &test_param,
							   marks[i],
							   pram_csum(sb)),
					  "mark %llx", marks[i]);
	}
}

static void super_head_test(struct kunit *test)
{
	struct pram_super *sb = kunit_kmalloc(test, sizeof(*sb), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, sb);
	super_spoil(test, sb, sb->nr_nodes++, NULL);
	super_spoil(test, sb, sb->head.magic = PRAM_NODE_MAGIC,
		    "there is no super block");
	super_spoil(test, sb, sb->head.pfn++, "there is no super block");
	super_spoil(test, sb, sb->version++,
		    "the super block is of another version");
	super_spoil(test, sb, sb->version = 0,
		    "the super block is of another version");
	super_spoil(test, sb, sb->state = PRAM_SUPER_OPEN,
		    "the super block is not sealed: stale, or the kexec was cut short");
	super_spoil(test, sb, sb->state = 0,
		    "the super block is not sealed: stale, or the kexec was cut short");
	super_spoil(test, sb, sb->ticket++,
		    "the ticket is that of another kernel");
	super_spoil(test, sb, sb->ticket = 0,
		    "the ticket is that of another kernel");
	super_spoil(test, sb, sb->mark ^= 1,
		    "the machine was reset, or another kernel ran, since it was sealed");
	super_spoil(test, sb, sb->mark = 0,
		    "the machine was reset, or another kernel ran, since it was sealed");
	super_spoil(test, sb, sb->report.names[PRAM_REPORT_NAMES - 1] = 'x',
		    "the super block is malformed");
	super_spoil(test, sb, sb->size++, "the super block is malformed");
	super_spoil(test, sb, sb->size = 0, "the super block is malformed");
	super_spoil(test, sb, sb->reserved[0] = 1,
		    "the super block is malformed");
	super_spoil(test, sb, sb->reserved[sizeof(sb->reserved) - 1] = 1,
		    "the super block is malformed");
	super_spoil(test, sb, memset(sb->release, 'x', PRAM_RELEASE_LEN),
		    "the super block is malformed");
	super_spoil(test, sb, memset(sb->release, 'x', PRAM_RELEASE_LEN - 1),
		    NULL);

	/* A change of any byte but those of the checksum */
	super_make(sb, 3);
	sb->head.csum = pram_csum(sb);
	for (i = 0; i < sizeof(*sb); i += i < 16 ? 1 : 61) {
		u8 *byte = (u8 *)sb + i;

		*byte ^= 0x10;
		KUNIT_EXPECT_NOT_NULL_MSG(test,
					  pram_check_super(sb, &test_param,
							   TEST_MARK,
							   pram_csum(sb)),
					  "byte %u", i);
		*byte ^= 0x10;
	}
}

static void super_cover_test(struct kunit *test)
{
	struct pram_super *sb = kunit_kmalloc(test, sizeof(*sb), GFP_KERNEL);
	static const char nr[] = "it has a bad number of ranges";
	static const char range[] = "it has a bad range";

	KUNIT_ASSERT_NOT_NULL(test, sb);
	super_make(sb, 1);
	super_expect(test, sb, NULL);
	super_make(sb, PRAM_MAX_COVER);
	super_expect(test, sb, NULL);
	super_spoil(test, sb, sb->nr_cover = 0, nr);
	super_spoil(test, sb, sb->nr_cover = PRAM_MAX_COVER + 1, nr);
	super_spoil(test, sb, sb->nr_cover = U32_MAX, nr);
	super_spoil(test, sb, sb->nr_cover++, range);

	super_spoil(test, sb, sb->cover[0].start--, range);
	super_spoil(test, sb, sb->cover[0].start = 0, range);
	super_spoil(test, sb, sb->cover[1].end = sb->cover[1].start, range);
	super_spoil(test, sb, sb->cover[1].end = sb->cover[1].start + 1, NULL);
	super_spoil(test, sb, sb->cover[1].end = sb->cover[1].start - 1, range);
	/* Adjoining, overlapping, not in order */
	super_spoil(test, sb, sb->cover[1].start = sb->cover[0].end, range);
	super_spoil(test, sb, sb->cover[1].start = sb->cover[0].end + 1, NULL);
	super_spoil(test, sb, sb->cover[1].start = sb->cover[0].start, range);
	super_spoil(test, sb, swap(sb->cover[0], sb->cover[1]), range);
	/* The end of what a pfn can say, and of what 64 bits can */
	super_spoil(test, sb, sb->cover[2].end = PRAM_ENTRY_PFN_MASK, NULL);
	super_spoil(test, sb, sb->cover[2].end = PRAM_ENTRY_PFN_MASK + 1,
		    range);
	super_spoil(test, sb, sb->cover[1].end = U64_MAX, range);
	super_spoil(test, sb, sb->cover[2].end = U64_MAX, range);
}

static struct kunit_case super_test_cases[] = {
	KUNIT_CASE(super_parse_test),
	KUNIT_CASE(super_head_test),
	KUNIT_CASE(super_mark_test),
	KUNIT_CASE(super_cover_test),
	{}
};

static struct kunit_suite super_test_suite = {
	.name = "pram_super",
	.test_cases = super_test_cases,
};

kunit_test_suite(super_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
