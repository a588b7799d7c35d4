// SPDX-License-Identifier: GPL-2.0
/*
 * Test of the interface of PRAM, and of what it keeps over kexec.
 *
 * Each insertion of the module does one thing, the op, reports it in KTAP, and
 * fails if a check failed. What a node made here contains is derived from its
 * seed, and its byte stream starts with a header, so that another kernel needs
 * to know no more than name and seed in order to verify all of it:
 *
 *	insmod test_pram.ko op=save name=a seed=42
 *	rmmod test_pram
 *	(kexec)
 *	insmod test_pram.ko op=load name=a seed=42
 */
#include <linux/module.h>
#include <linux/string.h>

#include "test_pram.h"

static char *param_op = "api";
module_param_named(op, param_op, charp, 0400);
MODULE_PARM_DESC(op, "What to do; see the tables of ops in lib/test_pram_*.c");

char *test_name = "test";
module_param_named(name, test_name, charp, 0400);
MODULE_PARM_DESC(name, "Name of the node");

unsigned long test_seed = 1;
module_param_named(seed, test_seed, ulong, 0400);
MODULE_PARM_DESC(seed, "What the contents are derived from");

unsigned int test_pages = 4092;
module_param_named(pages, test_pages, uint, 0400);
MODULE_PARM_DESC(pages, "How many pages to save, at least");

unsigned long test_first_pfn;
module_param_named(first_pfn, test_first_pfn, ulong, 0400);
MODULE_PARM_DESC(first_pfn, "Out: the first page that was saved or loaded");

static const struct test_op * const test_ops[] = {
	test_api_ops, test_save_ops, test_load_ops, test_busy_ops,
};

static int run_cases(const struct test_op *op)
{
	unsigned int i, nr_failed = 0;

	pr_info("KTAP version 1\n");
	pr_info("# test_pram: %s, node %s, seed %lu\n", op->name, test_name,
		test_seed);
	pr_info("1..%u\n", op->nr);
	for (i = 0; i < op->nr; i++) {
		test_failed = false;
		op->cases[i].run();
		nr_failed += test_failed;
		pr_info("%sok %u - %s\n", test_failed ? "not " : "", i + 1,
			op->cases[i].what);
		if (op->after)
			op->after();
	}

	return nr_failed ? -EIO : 0;
}

static void leave_nothing(void)
{
	test_busy_end();
	test_load_end();
}

static int __init test_pram_init(void)
{
	const struct test_op *op;
	int err = -EINVAL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test_ops); i++)
		for (op = test_ops[i]; op->name; op++)
			if (!strcmp(param_op, op->name))
				err = run_cases(op);
	if (err == -EINVAL)
		pr_err("test_pram: no such op: %s\n", param_op);
	/* After an error nobody calls the exit function. */
	if (err)
		leave_nothing();

	return err;
}
module_init(test_pram_init);

static void __exit test_pram_exit(void)
{
	leave_nothing();
}
module_exit(test_pram_exit);

MODULE_DESCRIPTION("Test of memory that is kept over kexec");
MODULE_LICENSE("GPL");
