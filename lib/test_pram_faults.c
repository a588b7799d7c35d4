// SPDX-License-Identifier: GPL-2.0
/*
 * Saving and loading while allocations fail.
 *
 * The module has folios of its own, so that what is allocated in an operation is
 * allocated by PRAM, and so that it can tell whether PRAM has let go of them.
 * An operation is started by a write to a parameter, and its error is that of
 * the write, which is what fault injection needs (/proc/self/fail-nth):
 *
 *	echo save NAME >/sys/module/test_pram_faults/parameters/run
 *
 * save	saves all folios and some bytes, COMMIT; after an error, DISCARD
 * retry	the same, but a call that fails for lack of memory is made once more
 * peek	verifies a node that any of these has made, KEEP
 * take	verifies, COMMIT
 *
 * The error is EUCLEAN where something is not as it should be, with a line in
 * the kernel log.
 */
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/slab.h>
#include <linux/string.h>

/* More than a link holds; they are told apart by their flags, lest they merge */
#define FAULTS_SMALL	520
#define FAULTS_ORDERS	10
#define FAULTS_FOLIOS	(FAULTS_SMALL + FAULTS_ORDERS)

#define FAULTS_CHUNK	5000
#define FAULTS_CHUNKS	6

static struct folio *faults_folio[FAULTS_FOLIOS];
static u8 *faults_bytes;

static unsigned int faults_order(unsigned int nth)
{
	return nth < FAULTS_SMALL ? 0 : nth - FAULTS_SMALL;
}

static u64 faults_word(unsigned int nth, size_t page)
{
	return ((u64)(nth + 1) << 32 | page) * 0x9e3779b97f4a7c15ULL;
}

static void faults_fill(struct folio *folio, unsigned int nth)
{
	size_t i;

	for (i = 0; i < folio_nr_pages(folio); i++)
		memset64(page_address(folio_page(folio, i)),
			 faults_word(nth, i), PAGE_SIZE / sizeof(u64));
}

static bool faults_filled(struct folio *folio, unsigned int nth)
{
	size_t i, n;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		u64 *word = page_address(folio_page(folio, i));

		for (n = 0; n < PAGE_SIZE / sizeof(u64); n++)
			if (word[n] != faults_word(nth, i))
				return false;
	}
	return true;
}

static u8 faults_byte(size_t pos)
{
	return pos * 7 + pos / 251;
}

/* Nobody but us has a reference on our folios */
static int faults_check_ours(void)
{
	unsigned int i;

	for (i = 0; i < FAULTS_FOLIOS; i++) {
		if (folio_ref_count(faults_folio[i]) == 1)
			continue;
		pr_err("test_pram_faults: folio %u has %d references\n", i,
		       folio_ref_count(faults_folio[i]));
		return -EUCLEAN;
	}
	return 0;
}

/* Once more, if that is wanted and memory was short */
static bool faults_again(ssize_t err, bool *retry)
{
	bool again = *retry && err == -ENOMEM;

	*retry &= !again;
	return again;
}

static ssize_t faults_write(struct pram_stream *ps, bool *retry)
{
	unsigned int i;
	ssize_t ret;

	for (i = 0; i < FAULTS_CHUNKS; i++) {
		do {
			ret = pram_write(ps, faults_bytes + i * FAULTS_CHUNK,
					 FAULTS_CHUNK);
		} while (faults_again(ret, retry));
		if (ret != FAULTS_CHUNK)
			return ret < 0 ? ret : -EUCLEAN;
	}
	return 0;
}

static int faults_save(const char *name, bool retry)
{
	struct pram_stream ps;
	unsigned int i;
	ssize_t err;

	do {
		err = pram_open(name, PRAM_WRITE, GFP_KERNEL, &ps);
	} while (faults_again(err, &retry));
	if (err)
		return err;
	for (i = 0; i < FAULTS_FOLIOS && !err; i++) {
		do {
			err = pram_save_folio(&ps, faults_folio[i], i & 7);
		} while (faults_again(err, &retry));
	}
	if (!err)
		err = faults_write(&ps, &retry);
	if (!err)
		return pram_close(&ps, PRAM_COMMIT);
	return pram_close(&ps, PRAM_DISCARD) ?: faults_check_ours() ?: err;
}

static int faults_verify(struct pram_stream *ps)
{
	unsigned int i, flags;
	struct folio *folio;
	size_t pos;
	u8 *bytes;
	int err = 0;

	for (i = 0; i < FAULTS_FOLIOS; i++) {
		folio = pram_load_folio(ps, &flags);
		if (IS_ERR_OR_NULL(folio))
			return folio ? PTR_ERR(folio) : -EUCLEAN;
		if (folio_order(folio) != faults_order(i) ||
		    flags != (i & 7) || !faults_filled(folio, i))
			err = -EUCLEAN;
		folio_put(folio);
		if (err)
			return err;
	}
	if (pram_load_folio(ps, &flags))
		return -EUCLEAN;

	bytes = kmalloc(FAULTS_CHUNK, GFP_KERNEL);
	if (!bytes)
		return -ENOMEM;
	for (pos = 0; pos < FAULTS_CHUNKS * FAULTS_CHUNK && !err;
	     pos += FAULTS_CHUNK) {
		if (pram_read(ps, bytes, FAULTS_CHUNK) != FAULTS_CHUNK ||
		    memcmp(bytes, faults_bytes + pos, FAULTS_CHUNK))
			err = -EUCLEAN;
	}
	if (!err && pram_read(ps, bytes, 1))
		err = -EUCLEAN;
	kfree(bytes);
	return err;
}

static int faults_load(const char *name, enum pram_how how)
{
	struct pram_stream ps;
	int err;

	err = pram_open(name, PRAM_READ, GFP_KERNEL, &ps);
	if (err)
		return err;
	err = faults_verify(&ps);
	if (err)
		return pram_close(&ps, PRAM_KEEP) ?: err;
	err = pram_close(&ps, how);
	if (!err && how == PRAM_COMMIT)
		err = faults_check_ours();
	return err;
}

static int faults_run(const char *val, const struct kernel_param *kp)
{
	char op[16], name[64];
	int err = -EINVAL;

	if (sscanf(val, "%15s %63s", op, name) != 2)
		return -EINVAL;
	if (!strcmp(op, "save"))
		err = faults_save(name, false);
	else if (!strcmp(op, "retry"))
		err = faults_save(name, true);
	else if (!strcmp(op, "peek"))
		err = faults_load(name, PRAM_KEEP);
	else if (!strcmp(op, "take"))
		err = faults_load(name, PRAM_COMMIT);
	if (err == -EUCLEAN)
		pr_err("test_pram_faults: %s %s: not as it should be\n", op,
		       name);
	return err;
}

static const struct kernel_param_ops faults_ops = {
	.set = faults_run,
};

module_param_cb(run, &faults_ops, NULL, 0200);
MODULE_PARM_DESC(run, "What to do, and the name of the node");

static void faults_free(void)
{
	unsigned int i;

	for (i = 0; i < FAULTS_FOLIOS; i++)
		if (faults_folio[i])
			folio_put(faults_folio[i]);
	kvfree(faults_bytes);
}

static int __init faults_init(void)
{
	size_t i;

	faults_bytes = kvmalloc(FAULTS_CHUNKS * FAULTS_CHUNK, GFP_KERNEL);
	if (!faults_bytes)
		return -ENOMEM;
	for (i = 0; i < FAULTS_CHUNKS * FAULTS_CHUNK; i++)
		faults_bytes[i] = faults_byte(i);
	for (i = 0; i < FAULTS_FOLIOS; i++) {
		faults_folio[i] = folio_alloc(GFP_KERNEL, faults_order(i));
		if (!faults_folio[i]) {
			faults_free();
			return -ENOMEM;
		}
		faults_fill(faults_folio[i], i);
	}
	return 0;
}
module_init(faults_init);

static void __exit faults_exit(void)
{
	faults_free();
}
module_exit(faults_exit);

MODULE_DESCRIPTION("Test of memory that is kept over kexec, with failing allocations");
MODULE_LICENSE("GPL");
