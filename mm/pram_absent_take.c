// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that are not there: what the previous kernel has left of them.
 */
#include "pram.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"pram."

/* A day: more would be more than a timer can be told */
#define PRAM_ABSENT_WAIT_MAX	86400U

static unsigned int pram_absent_wait = 120;
module_param_named(absent_wait, pram_absent_wait, uint, 0444);
MODULE_PARM_DESC(absent_wait,
		 "Seconds that pages of the previous kernel's balloon wait for its driver");

/*
 * Nodes that wait for their owner. Memory may run out under any other lock, so this one
 * is held for the list only.
 */
LIST_HEAD(pram_absent_found);
static DEFINE_SPINLOCK(pram_absent_lock);

/* How long memory that has run out waits for them to be freed */
#define PRAM_ABSENT_OOM_WAIT	(5 * HZ)

/* What is done about memory that has run out */
static enum {
	PRAM_ABSENT_NO_OOM,
	PRAM_ABSENT_FREEING,
	PRAM_ABSENT_FREED,
} pram_absent_oom;

/* Take one off the list: that of a name, or any; NULL: there is none */
static struct pram_node *pram_absent_find(const char *name)
{
	struct pram_node *node, *found = NULL;

	spin_lock(&pram_absent_lock);
	list_for_each_entry(node, &pram_absent_found, list) {
		if (name && strcmp(node->page->name, name))
			continue;
		list_del(&node->list);
		found = node;
		break;
	}
	spin_unlock(&pram_absent_lock);
	return found;
}

/*
 * All that is adopted counts as managed at first. A page that waits is not this kernel's,
 * though, and nobody is to size anything by it.
 */
static void pram_absent_managed(const struct pram_node *node, long sign)
{
	const struct pram_link *link;
	u64 pfn, start, end, stop;
	struct page *page;
	unsigned int i;

	for (pfn = node->page->chain[PRAM_PAGES].first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			start = pram_entry_pfn(link->entry[i]);
			end = start + pram_entry_pages(link->entry[i]);
			/* Zones of two nodes of the machine may take turns */
			for (; start < end; start = stop) {
				page = pfn_to_page(start);
				stop = min3(end, (u64)pageblock_end_pfn(start),
					    (u64)zone_end_pfn(page_zone(page)));
				adjust_managed_page_count(page,
							  sign * (long)(stop - start));
			}
		}
		cond_resched();
	}
}

/* It is on no list */
static void pram_absent_free(struct pram_node *node)
{
	unsigned int i;

	pram_absent_managed(node, 1);
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		pram_free_chain(&node->page->chain[i], false);
	pram_put_page(node->page->head.pfn);
	kfree(node);
}

static void pram_absent_release(struct pram_node *node, const char *why)
{
	pr_info("%llu pages of '%s' of the previous kernel are free memory now: %s\n",
		node->page->chain[PRAM_PAGES].nr_pages, node->page->name, why);
	pram_absent_free(node);
}

/**
 * pram_absent_release_all - free all that no owner has taken up
 * @why: for the log
 *
 * Context: process context, may sleep.
 */
void pram_absent_release_all(const char *why)
{
	struct pram_node *node;

	while ((node = pram_absent_find(NULL)))
		pram_absent_release(node, why);
}

/* Hand pages over; broken ones are not for anybody, and the owner may not want one */
static u64 pram_absent_take_pages(struct pram_absent *owner, u64 pfn, u64 end)
{
	struct page *page;
	u64 nr = 0;

	pram_map_del(pfn, end - pfn);
	adjust_managed_page_count(pfn_to_page(pfn), end - pfn);
	for (; pfn < end; pfn++) {
		if (pram_has_poison(pfn, 0)) {
			pram_free_raw(pfn, pfn + 1);
			continue;
		}
		page = folio_page(pram_restore_folio(pfn, 0), 0);
		if (owner->take(owner, page))
			nr++;
		else
			put_page(page);
	}
	cond_resched();
	return nr;
}

/* Few at a time: in between they are counted neither here nor there */
static u64 pram_absent_take_entry(struct pram_absent *owner, u64 entry)
{
	u64 pfn = pram_entry_pfn(entry), end = pfn + pram_entry_pages(entry);
	u64 nr = 0, stop;

	for (; pfn < end; pfn = stop) {
		stop = min(end, ALIGN(pfn + 1, 64));
		nr += pram_absent_take_pages(owner, pfn, stop);
	}
	return nr;
}

/**
 * pram_absent_take - take up the pages that were the owner's in the previous kernel
 * @owner: the owner, with the size that its device has; @owner->take() is called for
 *	each page
 *
 * If the device has another size they become free memory, and the log says so.
 *
 * Context: process context, may sleep.
 * Return: how many pages the owner has taken.
 */
u64 pram_absent_take(struct pram_absent *owner)
{
	struct pram_node *node = pram_absent_find(owner->name);
	struct pram_chain *chain;
	struct pram_link *link;
	unsigned int i;
	u64 pfn, nr = 0;

	if (!node)
		return 0;
	if (node->page->absent_size != owner->size) {
		pram_absent_release(node, "the device says another size");
		return 0;
	}
	chain = &node->page->chain[PRAM_PAGES];
	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++)
			nr += pram_absent_take_entry(owner, link->entry[i]);
	}
	pr_info("'%s' has taken up %llu of %llu pages of the previous kernel\n",
		owner->name, nr, chain->nr_pages);
	pram_free_links(chain->first, false);
	*chain = (struct pram_chain){};
	pram_absent_free(node);
	return nr;
}
EXPORT_SYMBOL_GPL(pram_absent_take);

/**
 * pram_absent_waiting - how many pages wait for their owner
 *
 * Context: any.
 * Return: as many.
 */
u64 pram_absent_waiting(void)
{
	struct pram_node *node;
	u64 nr = 0;

	spin_lock(&pram_absent_lock);
	list_for_each_entry(node, &pram_absent_found, list)
		nr += node->page->chain[PRAM_PAGES].nr_pages;
	spin_unlock(&pram_absent_lock);
	return nr;
}

static void pram_absent_work_fn(struct work_struct *work)
{
	pram_absent_release_all(READ_ONCE(pram_absent_oom) ?
				"memory has run out" : "no driver has come");
	WRITE_ONCE(pram_absent_oom, PRAM_ABSENT_FREED);
}

static DECLARE_DELAYED_WORK(pram_absent_work, pram_absent_work_fn);

/*
 * Whoever needs memory may hold any lock, so that this is left to somebody else. Nobody
 * is killed meanwhile, unless that takes so long that it waits for such a lock.
 */
static int pram_absent_oom_notify(struct notifier_block *nb, unsigned long unused,
				  void *freed)
{
	static unsigned long end;	/* the oom_lock is held */
	u64 nr = pram_absent_waiting();

	if (nr && cmpxchg(&pram_absent_oom, PRAM_ABSENT_NO_OOM,
			  PRAM_ABSENT_FREEING) == PRAM_ABSENT_NO_OOM) {
		end = jiffies + PRAM_ABSENT_OOM_WAIT;
		mod_delayed_work(system_dfl_wq, &pram_absent_work, 0);
		*(unsigned long *)freed += nr;
	}
	if (READ_ONCE(pram_absent_oom) == PRAM_ABSENT_FREEING &&
	    time_before(jiffies, end)) {
		schedule_timeout_uninterruptible(1);
		*(unsigned long *)freed += 1;
	}
	return NOTIFY_OK;
}

static struct notifier_block pram_absent_oom_nb = {
	.notifier_call = pram_absent_oom_notify,
};

/*
 * Wait for those whose pages have been found. The watermarks of the zones are set by now,
 * as large as they have to be when all is free memory.
 */
static int __init pram_absent_init(void)
{
	struct pram_node *node;

	if (list_empty(&pram_absent_found))
		return 0;
	list_for_each_entry(node, &pram_absent_found, list)
		pram_absent_managed(node, -1);
	register_oom_notifier(&pram_absent_oom_nb);
	schedule_delayed_work(&pram_absent_work,
			      min(pram_absent_wait, PRAM_ABSENT_WAIT_MAX) * HZ);
	return 0;
}
subsys_initcall(pram_absent_init);

#include "tests/pram_absent_kunit.h"
