/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that kexec images will be copied to.
 */
#ifndef _LINUX_KEXEC_CLAIM_H
#define _LINUX_KEXEC_CLAIM_H

#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/types.h>

struct kimage;
struct notifier_block;

/**
 * struct kexec_claim_range - contiguous page frames
 * @start: the first pfn
 * @end: the pfn behind the last one
 */
struct kexec_claim_range {
	unsigned long start;
	unsigned long end;
};

/**
 * struct kexec_claim - what is claimed for one image
 * @list: in the list of all claims
 * @rcu: it is freed when nobody looks at it any more
 * @owner: the image
 * @nr: how many ranges there are
 * @range: the ranges, which may overlap and are in no order
 */
struct kexec_claim {
	struct list_head list;
	struct rcu_head rcu;
	const void *owner;
	unsigned int nr;
	struct kexec_claim_range range[] __counted_by(nr);
};

/* The event of the notifier: the claim is in force, and the load may be refused */
#define KEXEC_CLAIM_ADD		0

#ifdef CONFIG_KEXEC_CLAIM
DECLARE_STATIC_KEY_FALSE(kexec_claim_any);

bool kexec_claim_meets(unsigned long pfn, unsigned long nr);

/**
 * kexec_claimed - will something be copied there by a kexec?
 * @pfn: the first page frame
 * @nr: how many
 *
 * Context: any. A caller that is to stay clear of claims asks under a lock that its
 * notifier takes, too: then a page that was not claimed is seen by the notifier.
 * Return: whether any of the page frames is claimed.
 */
static inline bool kexec_claimed(unsigned long pfn, unsigned long nr)
{
	return static_branch_unlikely(&kexec_claim_any) &&
	       kexec_claim_meets(pfn, nr);
}

int register_kexec_claim_notifier(struct notifier_block *nb);
int unregister_kexec_claim_notifier(struct notifier_block *nb);

int kexec_claim_image(struct kimage *image);
void kexec_unclaim_image(struct kimage *image);
#else /* !CONFIG_KEXEC_CLAIM */
static inline bool kexec_claimed(unsigned long pfn, unsigned long nr)
{
	return false;
}

static inline int register_kexec_claim_notifier(struct notifier_block *nb)
{
	return 0;
}

static inline int unregister_kexec_claim_notifier(struct notifier_block *nb)
{
	return 0;
}

static inline int kexec_claim_image(struct kimage *image)
{
	return 0;
}

static inline void kexec_unclaim_image(struct kimage *image)
{
}
#endif /* CONFIG_KEXEC_CLAIM */

#endif /* _LINUX_KEXEC_CLAIM_H */
