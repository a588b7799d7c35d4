/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Balloons, and the memory that kexec images will be copied to.
 */
#ifndef _LINUX_BALLOON_CLAIM_H
#define _LINUX_BALLOON_CLAIM_H

#include <linux/kexec_claim.h>
#include <linux/mm_types.h>
#include <linux/page-flags.h>

struct balloon_dev_info;

/* Is it a page of this balloon? It may leave it at any time. */
static inline bool balloon_has_page(const struct balloon_dev_info *b_dev_info,
				    const struct page *page)
{
	return PageOffline(page) &&
	       READ_ONCE(page->private) == (unsigned long)b_dev_info;
}

/* Beside the rest of what handles a balloon's pages */
int balloon_page_take(struct balloon_dev_info *b_dev_info, struct page *page,
		      struct list_head *pages);
void balloon_page_put_back(struct balloon_dev_info *b_dev_info,
			   struct list_head *pages);

#ifdef CONFIG_BALLOON_CLAIM
int balloon_claim(struct balloon_dev_info *b_dev_info,
		  const struct kexec_claim *claim, unsigned int max,
		  int (*give_back)(struct balloon_dev_info *b_dev_info,
				   struct list_head *pages));
#else
static inline int
balloon_claim(struct balloon_dev_info *b_dev_info,
	      const struct kexec_claim *claim, unsigned int max,
	      int (*give_back)(struct balloon_dev_info *b_dev_info,
			       struct list_head *pages))
{
	return 0;
}
#endif

#endif /* _LINUX_BALLOON_CLAIM_H */
