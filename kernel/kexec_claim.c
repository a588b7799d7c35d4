// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that kexec images will be copied to.
 */
#define pr_fmt(fmt) "kexec: " fmt

#include <linux/export.h>
#include <linux/kexec.h>
#include <linux/kexec_claim.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pfn.h>
#include <linux/rculist.h>
#include <linux/slab.h>

/**
 * DOC: Claims
 *
 * An image that is loaded lies in pages from anywhere, and is copied to its
 * destinations when everything else has stopped. Until then those are used like any
 * other memory. That is no harm where what is overwritten is memory that the machine
 * has. In a guest some of it may not be there: the pages of a balloon belong to the
 * host.
 *
 * So the destinations of an image are claimed as long as it is loaded. Whoever gives
 * memory away asks kexec_claimed() first, and has a notifier, which gets back what
 * lies in a claim and has been given away before. If it fails the load is refused.
 *
 * A claim is made when all else that may fail is done, and just before the image
 * replaces the one before it. The claim of that is released after it: at no time is
 * an image loaded that has no claim, and a load that fails leaves the other image
 * with its own. Unloading, and a load that fails in any way, release the claim where
 * the image is freed.
 *
 * The claim is in force when the notifiers are called, so that nothing in it is given
 * away again behind their backs.
 *
 * The destinations of a crash kernel are not claimed. They are in crashkernel memory,
 * which the page allocator does not have.
 *
 * This is no GFP flag. The page allocator need not keep off: pages that it gives out
 * are there, and those who use them lose nothing. The few who may not have such a
 * page can put it aside, and the fast paths of all others stay as they are.
 */

/* Serialises those who change the list */
static DEFINE_MUTEX(kexec_claim_lock);
static LIST_HEAD(kexec_claims);
static BLOCKING_NOTIFIER_HEAD(kexec_claim_chain);

DEFINE_STATIC_KEY_FALSE(kexec_claim_any);
EXPORT_SYMBOL_GPL(kexec_claim_any);

/* What kexec_claimed() does if there is any claim */
bool kexec_claim_meets(unsigned long pfn, unsigned long nr)
{
	const struct kexec_claim *claim;
	unsigned int i;

	guard(rcu)();
	list_for_each_entry_rcu(claim, &kexec_claims, list) {
		for (i = 0; i < claim->nr; i++) {
			if (pfn < claim->range[i].end &&
			    pfn + nr > claim->range[i].start)
				return true;
		}
	}
	return false;
}
EXPORT_SYMBOL_GPL(kexec_claim_meets);

/**
 * register_kexec_claim_notifier - have a say in what may be claimed
 * @nb: is called in process context with KEXEC_CLAIM_ADD and a struct kexec_claim,
 *	and may sleep. An error, see notifier_from_errno(), refuses the load. A load
 *	that somebody else refuses is not reported: kexec_claimed() says so.
 *
 * Return: 0, or -EEXIST: it is registered.
 */
int register_kexec_claim_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&kexec_claim_chain, nb);
}
EXPORT_SYMBOL_GPL(register_kexec_claim_notifier);

/**
 * unregister_kexec_claim_notifier - undo register_kexec_claim_notifier()
 * @nb: what was registered
 *
 * Return: 0, or -ENOENT: it is not registered.
 */
int unregister_kexec_claim_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&kexec_claim_chain, nb);
}
EXPORT_SYMBOL_GPL(unregister_kexec_claim_notifier);

/* The claim of @owner is no longer in force, if there is one */
static void kexec_claim_release(const void *owner)
{
	struct kexec_claim *claim;

	guard(mutex)(&kexec_claim_lock);
	list_for_each_entry(claim, &kexec_claims, list) {
		if (claim->owner != owner)
			continue;
		list_del_rcu(&claim->list);
		static_branch_dec(&kexec_claim_any);
		kfree_rcu(claim, rcu);
		return;
	}
}

/* Put @claim in force, and have all notifiers agree. It is freed if they do not. */
static int kexec_claim_add(struct kexec_claim *claim)
{
	int err;

	scoped_guard(mutex, &kexec_claim_lock) {
		static_branch_inc(&kexec_claim_any);
		list_add_rcu(&claim->list, &kexec_claims);
	}
	err = notifier_to_errno(blocking_notifier_call_chain(&kexec_claim_chain,
							     KEXEC_CLAIM_ADD,
							     claim));
	if (err)
		kexec_claim_release(claim->owner);
	return err;
}

/* The page frames of a segment */
static struct kexec_claim_range kexec_claim_segment(unsigned long mem,
						    unsigned long memsz)
{
	phys_addr_t start = boot_phys_to_phys(mem);

	return (struct kexec_claim_range) {
		.start = PHYS_PFN(start),
		.end = PFN_UP(start + memsz),
	};
}

static struct kexec_claim *kexec_claim_alloc(const void *owner, unsigned int nr)
{
	struct kexec_claim *claim;

	claim = kzalloc(struct_size(claim, range, nr), GFP_KERNEL);
	if (claim) {
		claim->owner = owner;
		claim->nr = nr;
	}
	return claim;
}

/**
 * kexec_claim_image - claim the memory that an image will be copied to
 * @image: the image, complete
 *
 * Until kexec_unclaim_image(), which kimage_free() calls.
 *
 * Context: process context, may sleep; the kexec lock is held.
 * Return: 0, -ENOMEM, or what a notifier says, with nothing claimed.
 */
int kexec_claim_image(struct kimage *image)
{
	struct kexec_claim *claim;
	unsigned int i;
	int err;

	if (image->type == KEXEC_TYPE_CRASH)
		return 0;
	claim = kexec_claim_alloc(image, image->nr_segments);
	if (!claim)
		return -ENOMEM;
	for (i = 0; i < claim->nr; i++)
		claim->range[i] = kexec_claim_segment(image->segment[i].mem,
						      image->segment[i].memsz);
	err = kexec_claim_add(claim);
	if (err)
		pr_err("image refused (%d): memory that it will be copied to is not there: deflate the balloon, or load it elsewhere\n",
		       err);
	return err;
}

/**
 * kexec_unclaim_image - release what has been claimed for an image
 * @image: the image; there need be no claim
 *
 * Context: process context, may sleep.
 */
void kexec_unclaim_image(struct kimage *image)
{
	kexec_claim_release(image);
}

#include "tests/kexec_claim_kunit.h"
