// SPDX-License-Identifier: GPL-2.0
/*
 * What saving and loading single pages by PRAM's interface costs, for harness/bench: in
 * a guest whose clock counts instructions, a nanosecond is one.
 *
 *	insmod test_pram_bench.ko op=save pages=4096
 *	(kexec)
 *	insmod test_pram_bench.ko op=load
 */
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#define BENCH_NODE	"test_pram_bench"

static char *param_op = "save";
module_param_named(op, param_op, charp, 0400);
MODULE_PARM_DESC(op, "save or load");

static unsigned int param_pages = 4096;
module_param_named(pages, param_pages, uint, 0400);
MODULE_PARM_DESC(pages, "How many pages to save");

static void bench_say(const char *what, u64 start)
{
	pr_notice("pram-test: # bench %s %llu instructions\n", what,
		  ktime_get_raw_ns() - start);
}

static unsigned int bench_alloc(struct page **pages)
{
	unsigned int nr;

	for (nr = 0; nr < param_pages; nr++) {
		pages[nr] = alloc_page(GFP_KERNEL);
		if (!pages[nr])
			break;
		cond_resched();
	}
	return nr;
}

static int bench_save_pages(struct page **pages, unsigned int nr)
{
	struct pram_stream ps;
	unsigned int i;
	int err;

	err = pram_open(BENCH_NODE, PRAM_WRITE, GFP_KERNEL, &ps);
	if (err)
		return err;
	for (i = 0; i < nr && !err; i++) {
		err = pram_save_page(&ps, pages[i], 0);
		cond_resched();
	}
	return pram_close(&ps, err ? PRAM_DISCARD : PRAM_COMMIT) ?: err;
}

static int bench_save(void)
{
	struct page **pages;
	unsigned int nr;
	u64 start;
	int err;

	pages = kvcalloc(param_pages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	nr = bench_alloc(pages);
	start = ktime_get_raw_ns();
	err = nr == param_pages ? bench_save_pages(pages, nr) : -ENOMEM;
	if (!err)
		bench_say("api_save", start);
	while (nr)
		put_page(pages[--nr]);
	kvfree(pages);
	return err;
}

static int bench_load(void)
{
	u64 start = ktime_get_raw_ns();
	struct pram_stream ps;
	struct page *page;
	int err;

	err = pram_open(BENCH_NODE, PRAM_READ, GFP_KERNEL, &ps);
	if (err)
		return err;
	/* PRAM has a reference until the end */
	while (!IS_ERR_OR_NULL(page = pram_load_page(&ps, NULL))) {
		put_page(page);
		cond_resched();
	}
	err = PTR_ERR_OR_ZERO(page);
	err = pram_close(&ps, err ? PRAM_KEEP : PRAM_COMMIT) ?: err;
	if (!err)
		bench_say("api_load", start);
	return err;
}

static int __init bench_init(void)
{
	if (!strcmp(param_op, "save"))
		return bench_save();
	if (!strcmp(param_op, "load"))
		return bench_load();
	return -EINVAL;
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_DESCRIPTION("What PRAM's interface costs");
MODULE_LICENSE("GPL");
