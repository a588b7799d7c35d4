/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit tests of telling how large an initramfs is when it is unpacked.
 */
#ifdef CONFIG_PRAM_KUNIT_TEST

#include "pram_kunit.h"

#define TEST_SIZE	(3 * PRAM_PEEK_SIZE)

/* An archive that is being made */
struct initrd_test {
	struct pram_initrd initrd;
	u8 *data;
	u64 at;
};

static size_t initrd_test_read(void *arg, u64 pos, void *buf, size_t len)
{
	struct initrd_test *t = arg;

	memcpy(buf, t->data + pos, len);
	return len;
}

static int initrd_test_init(struct kunit *test)
{
	struct initrd_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->data = kunit_kzalloc(test, TEST_SIZE, GFP_KERNEL);
	t->initrd.buf = kunit_kzalloc(test, PRAM_PEEK_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->data);
	KUNIT_ASSERT_NOT_NULL(test, t->initrd.buf);
	t->initrd.read = initrd_test_read;
	t->initrd.arg = t;
	test->priv = t;
	return 0;
}

static void initrd_add(struct initrd_test *t, const void *data, size_t len)
{
	memcpy(t->data + t->at, data, len);
	t->at += len;
}

static void initrd_add_number(struct initrd_test *t, u64 number,
			      unsigned int len)
{
	while (len--) {
		t->data[t->at++] = number;
		number >>= 8;
	}
}

static void initrd_add_file(struct initrd_test *t, size_t size)
{
	char head[CPIO_HEADER_SIZE + 1];

	snprintf(head, sizeof(head),
		 "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08x%08x",
		 1, 0100644, 0, 0, 1, 0, size, 0, 0, 0, 0, 5, 0);
	initrd_add(t, head, CPIO_HEADER_SIZE);
	initrd_add(t, "file", 5);
	t->at = ALIGN(ALIGN(t->at, 4) + size, 4);
}

static u64 initrd_unpacked(struct initrd_test *t)
{
	t->initrd.size = t->at;
	t->initrd.len = 0;
	return pram_unpacked_size(&t->initrd, 7);
}

static void initrd_cpio_test(struct kunit *test)
{
	struct initrd_test *t = test->priv;

	initrd_add_file(t, 0);
	initrd_add_file(t, 100001);
	t->at = ALIGN(t->at, 512);
	initrd_add_file(t, 1);
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t),
			PAGE_ALIGN(100001) + PAGE_SIZE + 3 * SZ_1K);
}

/* As with microcode in front */
static void initrd_gzip_test(struct kunit *test)
{
	struct initrd_test *t = test->priv;

	initrd_add_file(t, 4096);
	initrd_add_number(t, 0x88b1f, 3);
	t->at += 70000;
	initrd_add_number(t, 345678901, 4);
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t),
			4096 + SZ_1K + 345678901);
	/* Less than what it is compressed: there is something behind it */
	t->at -= 4;
	initrd_add_number(t, 70000, 4);
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t),
			4096 + SZ_1K + 70007 * 7);
}

/* The headers of two, and their sizes; chance may have the first bytes of one */
static void initrd_gzip_row_test(struct kunit *test)
{
	const unsigned int small = 2 * PRAM_PEEK_SIZE + 100000;
	struct initrd_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		initrd_add_number(t, 0x88b1f, 3);
		t->at += PRAM_PEEK_SIZE - 5 - i;
		initrd_add_number(t, 0x88b1f, 2);
		t->at += 1000;
		initrd_add_number(t, i ? small : 180 << 20, 4);
	}
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), (180 << 20) + small);
	/* Padding */
	t->at += 100;
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), (180 << 20) + small);
}

static void initrd_lz4_test(struct kunit *test)
{
	struct initrd_test *t = test->priv;
	unsigned int i;

	initrd_add_number(t, LZ4_LEGACY_MAGIC, 4);
	for (i = 0; i < 3; i++) {
		initrd_add_number(t, 40000, 4);
		t->at += 40000;
	}
	initrd_add_number(t, 10, 4);
	t->at += 10;
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), 3 * SZ_8M + 10 * 255);
}

static void initrd_zstd_test(struct kunit *test)
{
	struct initrd_test *t = test->priv;

	/* With a checksum, and of unknown size */
	initrd_add_number(t, 0xfd2fb528, 4);
	initrd_add_number(t, 0x0004, 2);
	initrd_add_number(t, 30000 << 3 | 2 << 1, 3);
	t->at += 30000;
	initrd_add_number(t, 5000 << 3 | 1 << 1, 3);
	t->at += 1;
	initrd_add_number(t, 600 << 3 | 1, 3);
	t->at += 600 + 4;
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), SZ_128K + 5000 + 600);

	/* One that is skipped, and another frame, in a single segment */
	initrd_add_number(t, 0x184d2a53, 4);
	initrd_add_number(t, 20, 4);
	t->at += 20;
	initrd_add_number(t, 0xfd2fb528, 4);
	initrd_add_number(t, 0x20, 1);
	initrd_add_number(t, 77, 1);
	initrd_add_number(t, 77 << 3 | 1, 3);
	t->at += 77;
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), SZ_128K + 5000 + 600 + 77);
}

/* Something else, and nothing */
static void initrd_other_test(struct kunit *test)
{
	struct initrd_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), 0);
	initrd_add_number(t, 0x5a587a37fdULL, 6);
	t->at += 994;
	KUNIT_EXPECT_EQ(test, initrd_unpacked(t), 7000);
}

/* Whatever it is, it comes to an end */
static void initrd_garbage_test(struct kunit *test)
{
	static const u32 magic[] = {
		0x30373037, 0x00088b1f, LZ4_LEGACY_MAGIC, 0xfd2fb528,
		0x184d2a50,
	};
	struct initrd_test *t = test->priv;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 3);
	for (i = 0; i < 200; i++) {
		prandom_bytes_state(&rnd, t->data, TEST_SIZE);
		memcpy(t->data, &magic[i % ARRAY_SIZE(magic)], 4);
		if (!(i % ARRAY_SIZE(magic)))
			memcpy(t->data, "070701ffffffff00000000", 22);
		t->at = 1 + prandom_u32_state(&rnd) %
			(i % 2 ? 200 : TEST_SIZE);
		/* A block of zstd of 3 bytes may stand for 128 KiB */
		KUNIT_EXPECT_LE(test, initrd_unpacked(t),
				t->at / 3 * SZ_128K + SZ_4G + SZ_8M);
	}
}

static struct kunit_case initrd_test_cases[] = {
	KUNIT_CASE(initrd_cpio_test),
	KUNIT_CASE(initrd_gzip_test),
	KUNIT_CASE(initrd_gzip_row_test),
	KUNIT_CASE(initrd_lz4_test),
	KUNIT_CASE(initrd_zstd_test),
	KUNIT_CASE(initrd_other_test),
	KUNIT_CASE(initrd_garbage_test),
	{}
};

static struct kunit_suite initrd_test_suite = {
	.name = "pram_initrd",
	.init = initrd_test_init,
	.test_cases = initrd_test_cases,
};

kunit_test_suite(initrd_test_suite);

#endif /* CONFIG_PRAM_KUNIT_TEST */
