// SPDX-License-Identifier: GPL-2.0
/*
 * How many free pages hold a secret: that of tools/testing/selftests/pram/secret.c
 * with the same seed. The number is in "found".
 */
#include <linux/highmem.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/swap.h>

static unsigned long seed = 1;
module_param(seed, ulong, 0400);
MODULE_PARM_DESC(seed, "What the secret is made from");

static unsigned long found;
module_param(found, ulong, 0400);
MODULE_PARM_DESC(found, "Out: how many free pages have it");

/* Nobody has it, be it in the page allocator or in a list of a CPU */
static bool is_free(struct page *page)
{
	return !page_count(page) && !PageTail(page) && !PageHWPoison(page) &&
	       !PageReserved(page);
}

static bool has_secret(struct page *page)
{
	const u64 *words = kmap_local_page(page);
	bool ret;

	ret = words[0] == seed * 0x9e3779b97f4a7c15ULL &&
	      words[1] == seed * 0xc2b2ae3d27d4eb4fULL;
	kunmap_local(words);

	return ret;
}

static int __init test_pram_secret_init(void)
{
	struct page *page;
	unsigned long pfn;
	int nid;

	for_each_online_node(nid) {
		for (pfn = node_start_pfn(nid); pfn < node_end_pfn(nid); pfn++) {
			page = pfn_to_online_page(pfn);
			found += page && is_free(page) && has_secret(page);
			if (!(pfn % 4096))
				cond_resched();
		}
	}

	return 0;
}
module_init(test_pram_secret_init);

static void __exit test_pram_secret_exit(void)
{
}
module_exit(test_pram_secret_exit);

MODULE_DESCRIPTION("Looks for data in free memory");
MODULE_LICENSE("GPL");
