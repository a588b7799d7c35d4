// SPDX-License-Identifier: GPL-2.0
/*
 * Lazy restoring: the pages that nobody has used yet.
 */
#include "pram_tree_lazy.h"

#include <linux/memcontrol.h>
#include <linux/sched/mm.h>

/* When the worker begins: who has mounted the tree is to use it first */
#define PRAM_LAZY_DELAY		HZ

/* How long the worker waits when there has been no room for more, or a file is in use */
#define PRAM_LAZY_RETRY		(10 * HZ)
#define PRAM_LAZY_BUSY		1

/* Made when it is needed. It is not bound to CPUs, and has a nice value. */
static struct workqueue_struct *pram_lazy_wq;
static DEFINE_MUTEX(pram_lazy_wq_lock);

static bool pram_lazy_next(struct address_space *mapping, pgoff_t *index)
{
	XA_STATE(xas, &mapping->i_pages, *index);
	void *entry;

	guard(rcu)();
	xas_for_each(&xas, entry, ULONG_MAX) {
		if (xas_retry(&xas, entry))
			continue;
		if (pram_tmpfs_lazy(entry)) {
			*index = max(*index, xas.xa_index);
			return true;
		}
		if (need_resched()) {
			xas_pause(&xas);
			rcu_read_unlock();
			cond_resched();
			rcu_read_lock();
		}
	}
	return false;
}

/**
 * struct pram_lazy_rest - how to restore what nobody has used
 * @lazy: of which tree
 * @gfp: how to allocate, besides what the mapping of a file says
 * @work: by the worker, for which nobody is to wait
 * @err: why not all has been
 */
struct pram_lazy_rest {
	struct pram_lazy *lazy;
	gfp_t gfp;
	bool work;
	int err;
};

static int pram_lazy_load_rest(struct inode *inode, pgoff_t index,
			       const struct pram_lazy_rest *rest)
{
	struct mutex *lock = pram_lazy_lock(rest->lazy, inode);
	int err;

	if (!rest->work)
		mutex_lock(lock);
	/* Nobody is to wait behind it */
	while (rest->work && !mutex_trylock(lock)) {
		if (READ_ONCE(rest->lazy->stop))
			return -EINTR;
		schedule_timeout_idle(PRAM_LAZY_BUSY);
	}
	err = pram_lazy_load_locked(inode, index, false,
				    mapping_gfp_mask(inode->i_mapping) |
				    rest->gfp | __GFP_NOWARN);
	mutex_unlock(lock);
	return err;
}

static void pram_lazy_inode(struct inode *inode, void *arg)
{
	struct pram_lazy_rest *rest = arg;
	struct pram_lazy *lazy = rest->lazy;
	pgoff_t index = 0;

	/* They count as swapped. But pages that are lost, and truncated, count less. */
	if (!READ_ONCE(SHMEM_I(inode)->swapped) && !READ_ONCE(lazy->node->nr_lost))
		return;
	while (!rest->err && atomic64_read(&lazy->left) &&
	       pram_lazy_next(inode->i_mapping, &index)) {
		rest->err = pram_lazy_load_rest(inode, index, rest);
		pram_progress_add(lazy->node, lazy->total -
				  lazy->node->progress.done -
				  atomic64_read(&lazy->left));
		cond_resched();
		if (READ_ONCE(lazy->stop))
			rest->err = -EINTR;
	}
}

/* Restore all that is left */
static int pram_lazy_rest(struct pram_lazy *lazy, struct mem_cgroup *memcg,
			  bool work, gfp_t gfp)
{
	struct pram_lazy_rest rest = { .lazy = lazy, .gfp = gfp, .work = work };
	struct mem_cgroup *old = set_active_memcg(memcg);

	pram_each_inode(lazy->node->sb, pram_lazy_inode, &rest);
	set_active_memcg(old);
	return rest.err;
}

static void pram_lazy_work(struct work_struct *work)
{
	struct pram_lazy *lazy = container_of(to_delayed_work(work),
					      struct pram_lazy, work);
	int err = pram_lazy_rest(lazy, lazy->memcg, true, __GFP_NORETRY);

	if (err == -ENOMEM)
		queue_delayed_work(pram_lazy_wq, &lazy->work, PRAM_LAZY_RETRY);
	else if (!err)
		pram_progress_end(lazy->node);
}

static int pram_lazy_make_wq(void)
{
	struct workqueue_struct *wq;
	struct workqueue_attrs *attrs;
	int err;

	guard(mutex)(&pram_lazy_wq_lock);
	if (pram_lazy_wq)
		return 0;
	wq = alloc_workqueue("pram_restore", WQ_UNBOUND, 0);
	if (!wq)
		return -ENOMEM;
	attrs = alloc_workqueue_attrs();
	if (!attrs) {
		destroy_workqueue(wq);
		return -ENOMEM;
	}
	attrs->nice = MAX_NICE;
	err = apply_workqueue_attrs(wq, attrs);
	free_workqueue_attrs(attrs);
	if (err)
		destroy_workqueue(wq);
	else
		pram_lazy_wq = wq;
	return err;
}

/**
 * pram_lazy_start - a tree is going to be restored lazily
 * @node: its node, open for PRAM_READ
 *
 * Where that cannot be done, it is restored as any other.
 *
 * Context: the mount; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_lazy_start(struct pram_node *node)
{
	struct pram_lazy *lazy;
	unsigned int i;
	int err;

	if (!IS_ENABLED(CONFIG_64BIT) || node->loaded ||
	    pram_link_flags(node->page) & PRAM_LINK_CSUM)
		return 0;
	err = pram_lazy_make_wq();
	if (err)
		return err;
	lazy = kzalloc(sizeof(*lazy), GFP_KERNEL);
	if (!lazy)
		return -ENOMEM;
	lazy->node = node;
	INIT_DELAYED_WORK(&lazy->work, pram_lazy_work);
	for (i = 0; i < ARRAY_SIZE(lazy->lock); i++)
		mutex_init(&lazy->lock[i]);
	lazy->memcg = get_mem_cgroup_from_mm(current->mm);
	node->lazy = lazy;
	return 0;
}

/* What is raw belongs to entries, but for what is broken: that is nobody's */
static void pram_lazy_drop(u64 pfn, u64 end, bool wipe)
{
	while (pfn < end) {
		unsigned long nr = 1;

		if (!pram_page_raw(pfn)) {
			nr = folio_nr_pages(pfn_folio(pfn));
			pram_put_range(pfn, pfn + nr, wipe);
		} else if (PageHWPoison(pfn_to_page(pfn))) {
			pram_map_del(pfn, 1);
		}
		pfn += nr;
		cond_resched();
	}
}

/**
 * pram_lazy_commit - have the node give up the pages of the tree
 * @node: its node, open for PRAM_READ; the tree has been made
 *
 * Context: may sleep.
 */
void pram_lazy_commit(struct pram_node *node)
{
	struct pram_chain *chain = &node->page->chain[PRAM_PAGES];
	bool wipe = pram_wipes(node->page);
	const struct pram_link *link;
	unsigned int i;
	u64 pfn;

	if (!node->lazy)
		return;
	/* Most often all of it is raw */
	for (pfn = node->loaded ? chain->first : 0; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			u64 start = pram_entry_pfn(link->entry[i]);

			pram_lazy_drop(start, start +
				       pram_entry_pages(link->entry[i]), wipe);
		}
	}
	pram_free_links(chain->first, wipe);
	*chain = (struct pram_chain){};
}

/**
 * pram_lazy_live - a tree is about to be alive: begin to restore what nobody uses
 * @node: its node
 *
 * Context: pram_lock is held.
 */
void pram_lazy_live(struct pram_node *node)
{
	struct pram_lazy *lazy = node->lazy;

	if (!lazy)
		return;
	lazy->total = atomic64_read(&lazy->left);
	pram_progress_start(node, "restoring", lazy->total);
	queue_delayed_work(pram_lazy_wq, &lazy->work, PRAM_LAZY_DELAY);
}

static void pram_lazy_stop(struct pram_lazy *lazy)
{
	WRITE_ONCE(lazy->stop, true);
	cancel_delayed_work_sync(&lazy->work);
	WRITE_ONCE(lazy->stop, false);
}

/**
 * pram_lazy_finish - restore all that has not been
 * @node: the node of a tree that is alive
 *
 * A memory cgroup that is full is no reason not to: the pages are there.
 *
 * Context: may sleep; the tree does not end meanwhile.
 * Return: 0 or -ENOMEM.
 */
int pram_lazy_finish(struct pram_node *node)
{
	struct pram_lazy *lazy = node->lazy;
	unsigned int i;
	int err;

	if (!lazy)
		return 0;
	pram_lazy_stop(lazy);
	err = pram_lazy_rest(lazy, lazy->memcg, false, __GFP_RETRY_MAYFAIL);
#ifdef CONFIG_MEMCG
	if (err)
		err = pram_lazy_rest(lazy, root_mem_cgroup, false,
				     __GFP_RETRY_MAYFAIL);
#endif
	/* Who has filled a page in, and not noted it yet, comes to an end */
	for (i = 0; i < ARRAY_SIZE(lazy->lock); i++) {
		mutex_lock(&lazy->lock[i]);
		mutex_unlock(&lazy->lock[i]);
	}
	if (err)
		queue_delayed_work(pram_lazy_wq, &lazy->work, PRAM_LAZY_RETRY);
	else
		pram_progress_end(node);
	return err;
}

/**
 * pram_lazy_left - how many pages are still to be restored
 * @node: the node of a tree
 *
 * Context: any; the tree does not end meanwhile.
 * Return: the number.
 */
u64 pram_lazy_left(const struct pram_node *node)
{
	return node->lazy ? atomic64_read(&node->lazy->left) : 0;
}

/**
 * pram_lazy_cancel - the tree is about to end
 * @node: its node
 *
 * Context: may sleep.
 */
void pram_lazy_cancel(struct pram_node *node)
{
	if (node->lazy)
		pram_lazy_stop(node->lazy);
}

/**
 * pram_lazy_free - the tree has ended, or was never made
 * @node: its node
 *
 * Context: may sleep; the file system is gone.
 */
void pram_lazy_free(struct pram_node *node)
{
	if (!node->lazy)
		return;
	mem_cgroup_put(node->lazy->memcg);
	kfree(node->lazy);
	node->lazy = NULL;
}
