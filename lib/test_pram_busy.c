// SPDX-License-Identifier: GPL-2.0
/*
 * Test of PRAM: what goes on while a kexec is prepared, until the module goes.
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kexec_claim.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/pram.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "test_pram.h"

/*
 * Pages that are written to, one after the other and round after round, until
 * the machine stops. The first word of each is the round, the last one says
 * which page it is. In the next kernel all are of the same round, but for those
 * at the end, which may be of the round before.
 */
static struct folio **busy_folios;
static struct task_struct *busy_task;
static unsigned int busy_nr;

static int busy_write(void *unused)
{
	unsigned int i;
	u64 round;

	for (round = 1; !kthread_should_stop(); round++) {
		for (i = 0; i < busy_nr; i++)
			WRITE_ONCE(*(u64 *)folio_address(busy_folios[i]), round);
		cond_resched();
	}

	return 0;
}

static void busy_stop(void)
{
	if (busy_task)
		kthread_stop(busy_task);
	busy_task = NULL;
	while (busy_nr)
		folio_put(busy_folios[--busy_nr]);
	kvfree(busy_folios);
	busy_folios = NULL;
}

/* Blocks may begin and end with pages that are left out */
#define BUSY_SPARE	256

/* Every other page of as much memory as that takes: wherever room is wanted */
static void busy_alloc(void)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NORETRY | __GFP_NOWARN;
	unsigned int nr, i;

	for (nr = 0; nr < 2 * test_pages + BUSY_SPARE; nr++) {
		busy_folios[nr] = folio_alloc(gfp, 0);
		if (!busy_folios[nr])
			break;
	}
	for (i = 0; i < nr; i++) {
		if (busy_nr < test_pages && folio_pfn(busy_folios[i]) % 2)
			busy_folios[busy_nr++] = busy_folios[i];
		else
			folio_put(busy_folios[i]);
	}
}

static int busy_save(struct pram_stream *ps)
{
	unsigned int i;
	u64 *words;
	int err;

	busy_folios = kvcalloc(2 * test_pages + BUSY_SPARE,
			       sizeof(*busy_folios), GFP_KERNEL);
	if (!busy_folios)
		return -ENOMEM;
	busy_alloc();
	for (i = 0, err = 0; i < busy_nr && !err; i++) {
		words = folio_address(busy_folios[i]);
		words[WORDS_PER_PAGE - 1] = test_word(test_seed, i);
		err = pram_save_folio(ps, busy_folios[i], 0);
	}
	expect_eq(busy_nr, test_pages);

	return err;
}

static void busy_case(void)
{
	struct pram_stream ps;

	if (!expect_eq(pram_open(test_name, PRAM_WRITE | PRAM_CSUM, GFP_KERNEL,
				 &ps), 0))
		return;
	expect_eq(busy_save(&ps), 0);
	expect_eq(pram_close(&ps, test_failed ? PRAM_DISCARD : PRAM_COMMIT), 0);
	if (test_failed)
		return;

	busy_task = kthread_run(busy_write, NULL, "test_pram");
	if (!expect(!IS_ERR(busy_task)))
		busy_task = NULL;
}

static void busy_load_case(void)
{
	u64 round = 0, nr = 0, nr_before = 0;
	struct pram_stream ps;
	struct folio *folio;
	u64 *words;

	if (!expect_eq(pram_open(test_name, PRAM_READ, GFP_KERNEL, &ps), 0))
		return;
	while ((folio = pram_load_folio(&ps, NULL))) {
		if (!expect(!IS_ERR(folio))) {
			pr_info("# page %llu: %pe\n", nr, folio);
			break;
		}
		words = folio_address(folio);
		if (!nr)
			round = words[0];
		nr_before += words[0] == round - 1;
		expect(words[0] == round - !!nr_before);
		expect(words[WORDS_PER_PAGE - 1] == test_word(test_seed, nr));
		nr++;
		folio_put(folio);
	}
	expect_eq(nr, test_pages);
	expect(round > 1);
	pr_info("# round %llu, %llu pages of the one before\n", round,
		nr_before);
	expect_eq(pram_close(&ps, PRAM_COMMIT), 0);
}

/* As that of a watchdog that cannot be stopped */
static int veto_reboot(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	return NOTIFY_BAD;
}

static struct notifier_block veto_nb = {
	.notifier_call = veto_reboot,
	.priority = INT_MAX,
};

static bool veto_registered;

static void veto_case(void)
{
	veto_registered = expect_eq(register_reboot_notifier(&veto_nb), 0);
}

static int refuse_load_call(struct notifier_block *nb, unsigned long event,
			    void *data)
{
	return notifier_from_errno(-EPERM);
}

static struct notifier_block refuse_load_nb = {
	.notifier_call	= refuse_load_call,
};

static bool refuse_load_registered;

static void refuse_load_case(void)
{
	refuse_load_registered =
		expect_eq(register_kexec_claim_notifier(&refuse_load_nb), 0);
}

void test_busy_end(void)
{
	busy_stop();
	if (veto_registered)
		unregister_reboot_notifier(&veto_nb);
	if (refuse_load_registered)
		unregister_kexec_claim_notifier(&refuse_load_nb);
}

static const struct test_case busy_cases[] = {
	{ "save, and go on writing to it", busy_case },
};

static const struct test_case busy_load_cases[] = {
	{ "what was written last is there", busy_load_case },
};

static const struct test_case veto_cases[] = {
	{ "a reboot notifier that ends the chain", veto_case },
};

static const struct test_case refuse_load_cases[] = {
	{ "a notifier of claims that refuses", refuse_load_case },
};

const struct test_op test_busy_ops[] = {
	TEST_OP(busy),		/* make one, and go on writing to its pages */
	TEST_OP(busy_load),	/* verify that, and COMMIT */
	TEST_OP(veto),		/* have a reboot notifier that fails */
	TEST_OP(refuse_load),	/* have images refused when they are loaded */
	{ }
};
