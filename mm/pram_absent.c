// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that are not there: what is in a balloon goes to the next kernel as such.
 */
#include "pram.h"

/**
 * DOC: Pages that are not there
 *
 * The pages of a balloon belong to the host. It backs one when somebody touches it. So
 * the next kernel should not have them before its own balloon has inflated.
 *
 * A balloon driver registers with pram_absent_register(). When a kexec is prepared, the
 * balloon is frozen, and its pages are described in a node with PRAM_NODE_ABSENT. They
 * are in the cover and are adopted like others, but nobody reads, writes or moves them,
 * and there are no checksums of them. The driver of the next kernel takes them up, and
 * has the balloon as it was.
 *
 * Such a node is nobody's data. It is not on the list of nodes, and nothing is refused
 * for it: if the image does not know the flag, if the host does not answer, or if the
 * kexec cannot be prepared with the node, there is none, and the next kernel has all
 * memory. Windows are chosen where fewest preserved pages are, and these count as such.
 * Those that are in a window nevertheless are left out of the node, and the next balloon
 * has to inflate by as many.
 *
 * In the next kernel they wait for the driver. They do not count as managed, so MemTotal
 * does not have them. They become free memory if the device is not as large as it was,
 * after pram.absent_wait seconds, when memory runs out, and when a kexec is prepared
 * before that. A page that is freed is touched only where all pages are that are freed
 * (init_on_free, page_poison).
 */

/* Who has pages that are not there; protected by pram_lock */
static LIST_HEAD(pram_absent_owners);

/**
 * struct pram_given - the pages of an owner, while a kexec is being prepared
 * @list: in pram_givens
 * @owner: whose they are; NULL: it is gone
 * @runs: the pages: all of them
 * @last: the last link of that
 * @page: the node for the next kernel; NULL: there is none yet
 * @err: what went wrong
 */
struct pram_given {
	struct list_head list;
	struct pram_absent *owner;
	struct pram_chain runs;
	struct pram_link *last;
	struct pram_node_page *page;
	int err;
};

/* Protected by pram_lock */
static LIST_HEAD(pram_givens);

/**
 * pram_absent_register - have pages that go to the next kernel as not backed
 * @owner: whose pages they are
 *
 * Context: process context, may sleep.
 */
void pram_absent_register(struct pram_absent *owner)
{
	guard(mutex)(&pram_lock);
	list_add_tail(&owner->list, &pram_absent_owners);
}
EXPORT_SYMBOL_GPL(pram_absent_register);

/**
 * pram_absent_unregister - undo pram_absent_register()
 * @owner: what was registered
 *
 * It is not thawed any more, should it be frozen.
 *
 * Context: process context, may sleep.
 */
void pram_absent_unregister(struct pram_absent *owner)
{
	struct pram_given *given;

	guard(mutex)(&pram_lock);
	list_del(&owner->list);
	list_for_each_entry(given, &pram_givens, list) {
		if (given->owner == owner)
			given->owner = NULL;
	}
}
EXPORT_SYMBOL_GPL(pram_absent_unregister);

/**
 * pram_absent_nr - how many pages are not there?
 *
 * Context: process context, may sleep.
 * Return: as many, of all owners that have registered.
 */
unsigned long pram_absent_nr(void)
{
	struct pram_absent *owner;
	unsigned long nr = 0;

	guard(mutex)(&pram_lock);
	list_for_each_entry(owner, &pram_absent_owners, list)
		nr += owner->nr(owner);
	return nr;
}

static int pram_given_add(struct pram_given *given, u64 pfn, u64 end)
{
	int err = 0;
	u64 nr;

	for (; pfn < end && !err; pfn += nr) {
		nr = min_t(u64, end - pfn, PRAM_ENTRY_COUNT_MAX);
		err = pram_map_add(pfn, nr, PRAM_KEXEC_GFP);
		if (err)
			break;
		err = pram_add_run(&given->runs, &given->last,
				   pram_entry(pfn, 0, 0, nr), 0, PRAM_KEXEC_GFP,
				   NULL);
		if (err)
			pram_map_del(pfn, nr);
	}
	return err;
}

static bool pram_absent_has(struct pram_absent *owner, unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	return page && owner->has(owner, page);
}

/* What of a range of RAM is the owner's */
static int pram_given_ram(unsigned long pfn, unsigned long nr, void *arg)
{
	struct pram_given *given = arg;
	unsigned long end = pfn + nr, start;

	while (pfn < end && !given->err) {
		for (start = pfn; pfn < end &&
		     pram_absent_has(given->owner, pfn); pfn++)
			if (IS_ALIGNED(pfn, MAX_ORDER_NR_PAGES))
				cond_resched();
		given->err = pram_given_add(given, start, pfn++);
		if (IS_ALIGNED(pfn, MAX_ORDER_NR_PAGES))
			cond_resched();
	}
	return given->err;
}

/* Take the entries of a chain out of the set, but leave the pages alone */
static void pram_absent_unmap(const struct pram_chain *chain)
{
	const struct pram_link *link;
	unsigned int i;
	u64 pfn;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++)
			pram_map_del(pram_entry_pfn(link->entry[i]),
				     pram_entry_pages(link->entry[i]));
		cond_resched();
	}
}

static void pram_given_free(struct pram_given *given)
{
	list_del(&given->list);
	pram_absent_unmap(&given->runs);
	pram_free_links(given->runs.first, false);
	if (given->page) {
		pram_free_links(given->page->chain[PRAM_PAGES].first, false);
		pram_put_page(given->page->head.pfn);
	}
	if (given->owner)
		given->owner->thaw(given->owner);
	kfree(given);
}

static void pram_given_drop(struct pram_given *given, int err)
{
	pr_warn("the next kernel is not told of the pages of '%s' (%d), and has all memory at first\n",
		given->owner ? given->owner->name : "?", err);
	pram_given_free(given);
}

/* The host is to have answered, and there is memory to describe them: or it is not done */
static void pram_absent_collect_from(struct pram_absent *owner)
{
	struct pram_given *given = kzalloc(sizeof(*given), PRAM_KEXEC_GFP);

	if (!given)
		return;
	given->err = owner->freeze(owner);
	if (given->err) {
		if (given->err != -ENODATA)
			pr_warn("the next kernel is not told of the pages of '%s' (%d): see to it that the host answers\n",
				owner->name, given->err);
		kfree(given);
		return;
	}
	given->owner = owner;
	list_add_tail(&given->list, &pram_givens);
	walk_system_ram_range(0, max_pfn, given, pram_given_ram);
	if (given->err)
		pram_given_drop(given, given->err);
}

/**
 * pram_absent_collect - freeze all that has such pages, and find these
 * @info: what is known of the image
 *
 * They are in the set of preserved pages after that.
 *
 * Context: pram_lock is held; may sleep.
 * Return: whether there are any. pram_absent_undo() is left to the caller.
 */
bool pram_absent_collect(const struct pram_image *info)
{
	struct pram_absent *owner;

	lockdep_assert_held(&pram_lock);
	if (!(info->node_flags & PRAM_NODE_ABSENT))
		return false;
	list_for_each_entry(owner, &pram_absent_owners, list)
		pram_absent_collect_from(owner);
	return !list_empty(&pram_givens);
}

/* The pages of a run that are not where the next kernel will be */
static int pram_given_write_run(struct pram_chain *chain,
				struct pram_link **last, u64 pfn, u64 end,
				struct folio **held)
{
	int err = 0;

	while (pfn < end && !err) {
		struct pram_range allowed = {};
		u64 stop;

		if (pram_forbidden_near(pfn, 1, &allowed)) {
			pfn++;
			continue;
		}
		stop = min(end, allowed.end);
		err = pram_add_run(chain, last, pram_entry(pfn, 0, 0, stop - pfn),
				   0, PRAM_KEXEC_GFP, held);
		pfn = stop;
	}
	return err;
}

static int pram_given_write(struct pram_given *given, struct folio **held)
{
	struct pram_link *link, *last = NULL;
	struct pram_node_page *page;
	unsigned int i;
	int err = 0;
	u64 pfn;

	page = pram_alloc_meta(PRAM_NODE_MAGIC, PRAM_KEXEC_GFP, held);
	if (!page)
		return -ENOMEM;
	given->page = page;
	page->flags = PRAM_NODE_ABSENT;
	page->generation = pram_generation;
	page->absent_size = given->owner->size;
	strscpy(page->name, given->owner->name);
	for (pfn = given->runs.first; pfn && !err; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries && !err; i++) {
			u64 start = pram_entry_pfn(link->entry[i]);

			err = pram_given_write_run(&page->chain[PRAM_PAGES],
						   &last, start, start +
						   pram_entry_pages(link->entry[i]),
						   held);
		}
		cond_resched();
	}
	return err;
}

/**
 * pram_absent_write - make the nodes for the next kernel
 * @held: as for pram_alloc_outside()
 * @dry_run: do not say so
 *
 * It is known what is forbidden.
 *
 * Context: pram_lock is held; may sleep.
 */
void pram_absent_write(struct folio **held, bool dry_run)
{
	struct pram_given *given, *next;
	int err;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry_safe(given, next, &pram_givens, list) {
		if (!given->owner)
			continue;
		err = pram_given_write(given, held);
		if (err)
			pram_given_drop(given, err);
		else if (!dry_run)
			pr_info("the next kernel will have %llu of the %llu pages of '%s' as they are\n",
				given->page->chain[PRAM_PAGES].nr_pages,
				given->runs.nr_pages, given->owner->name);
	}
}

/**
 * pram_absent_next - go through the nodes that pram_absent_write() has made
 * @page: the one before; NULL: none
 *
 * Context: pram_lock is held.
 * Return: the next one, or NULL.
 */
struct pram_node_page *pram_absent_next(const struct pram_node_page *page)
{
	bool seen = !page;
	struct pram_given *given;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(given, &pram_givens, list) {
		if (seen && given->page)
			return given->page;
		seen |= given->page == page;
	}
	return NULL;
}

/**
 * pram_absent_undo - let all owners go on
 *
 * Context: pram_lock is held; may sleep.
 * Return: whether any had been frozen.
 */
bool pram_absent_undo(void)
{
	struct pram_given *given, *next;
	bool any = !list_empty(&pram_givens);

	lockdep_assert_held(&pram_lock);
	list_for_each_entry_safe(given, next, &pram_givens, list)
		pram_given_free(given);
	return any;
}
