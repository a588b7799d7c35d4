// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of a balloon that a kexec image will be copied to.
 */
#include <linux/balloon_claim.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

/**
 * DOC: Claims and balloons
 *
 * What a kexec image will be copied to is claimed while the image is loaded, see
 * kernel/kexec_claim.c. balloon_claim() takes the pages in a claim out of a balloon.
 * It looks at the page frames of the claim, and not at the list of the balloon: the
 * list is in no order, may be a thousand times as long, and changes whenever its lock
 * is dropped. So it takes a time that is bounded by the size of the image.
 *
 * A page that is being migrated is on no list, and comes back to it if that fails.
 * Such pages are looked for again until there are none.
 */

/* How often is waited for pages that are being migrated, and how long: 2 s in all */
#define BALLOON_CLAIM_PASSES	100
#define BALLOON_CLAIM_PAUSE	20	/* ms */

/* How many page frames are looked at before others may run */
#define BALLOON_CLAIM_BATCH	1024

/**
 * struct balloon_pass - one look at all page frames of a claim
 * @b_dev_info: the balloon
 * @give_back: gives pages that have been taken out back to the kernel
 * @max: at most so many at a time
 * @pages: pages that have been taken out
 * @nr: how many these are
 * @nr_busy: pages that somebody had isolated or locked
 */
struct balloon_pass {
	struct balloon_dev_info *b_dev_info;
	int (*give_back)(struct balloon_dev_info *b_dev_info,
			 struct list_head *pages);
	unsigned int max;
	struct list_head pages;
	unsigned int nr;
	unsigned long nr_busy;
};

/* Take @page out of the balloon, if it is there */
static void balloon_claim_page(struct balloon_pass *pass, struct page *page)
{
	int ret;

	/* With a reference it cannot be freed when its lock is tried */
	if (!balloon_has_page(pass->b_dev_info, page) ||
	    !get_page_unless_zero(page))
		return;
	ret = balloon_page_take(pass->b_dev_info, page, &pass->pages);
	put_page(page);
	if (ret < 0)
		pass->nr_busy++;
	else
		pass->nr += ret;
}

/* The balloon's reference is given back with the pages, or they are as before */
static int balloon_give_back(struct balloon_pass *pass)
{
	int err;

	if (!pass->nr)
		return 0;
	pass->nr = 0;
	err = pass->give_back(pass->b_dev_info, &pass->pages);
	if (err)
		balloon_page_put_back(pass->b_dev_info, &pass->pages);
	return err;
}

static int balloon_claim_range(struct balloon_pass *pass,
			       const struct kexec_claim_range *range)
{
	unsigned long pfn;
	struct page *page;
	int err;

	for (pfn = range->start; pfn < range->end; pfn++) {
		page = pfn_to_online_page(pfn);
		if (page)
			balloon_claim_page(pass, page);
		if (pass->nr == pass->max) {
			err = balloon_give_back(pass);
			if (err)
				return err;
		}
		if (!(pfn % BALLOON_CLAIM_BATCH)) {
			if (fatal_signal_pending(current))
				return -EINTR;
			cond_resched();
		}
	}
	return 0;
}

/* Whatever comes of it, no page is left on the list of the pass */
static int balloon_claim_pass(struct balloon_pass *pass,
			      const struct kexec_claim *claim)
{
	unsigned int i;
	int err = 0, last;

	pass->nr_busy = 0;
	for (i = 0; i < claim->nr && !err; i++)
		err = balloon_claim_range(pass, &claim->range[i]);
	last = balloon_give_back(pass);
	return err ?: last;
}

/**
 * balloon_claim - take the pages of a claim out of a balloon
 * @b_dev_info: the balloon; its pages are single ones
 * @claim: what is claimed
 * @max: how many pages can be given back at once
 * @give_back: gives back at most @max pages, linked by page->lru, and takes over the
 *	reference that the balloon had to each. It sees to it that the host backs them.
 *	Where it fails it has done nothing, and they are in the balloon as before.
 *
 * Context: process context, may sleep. The caller holds the lock under which pages are
 * put into the balloon, and does not do that with any page for which kexec_claimed()
 * is true there.
 * Return: 0, if no page of the claim is in the balloon any more; -EBUSY: some could not
 * be had for 2 seconds; -EINTR: the task is being killed; or what @give_back says.
 */
int balloon_claim(struct balloon_dev_info *b_dev_info,
		  const struct kexec_claim *claim, unsigned int max,
		  int (*give_back)(struct balloon_dev_info *b_dev_info,
				   struct list_head *pages))
{
	struct balloon_pass pass = {
		.b_dev_info = b_dev_info,
		.give_back = give_back,
		.max = max,
		.pages = LIST_HEAD_INIT(pass.pages),
	};
	unsigned int i;
	int err;

	for (i = 0; i < BALLOON_CLAIM_PASSES; i++) {
		if (i)
			msleep(BALLOON_CLAIM_PAUSE);
		err = balloon_claim_pass(&pass, claim);
		if (err || !pass.nr_busy)
			return err;
	}
	return -EBUSY;
}
EXPORT_SYMBOL_GPL(balloon_claim);

#include "tests/balloon_claim_kunit.h"
