/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lazy restoring: what entries and the worker share.
 */
#ifndef _MM_PRAM_TREE_LAZY_H
#define _MM_PRAM_TREE_LAZY_H

#include "pram_tree.h"

#include <linux/workqueue.h>

/* How many locks there are for the lazy entries of a tree, as a power of two */
#define PRAM_LAZY_LOCK_BITS	4

/**
 * struct pram_lazy - pages of a tree that are still to be restored
 * @node: the node of the tree
 * @work: the worker that restores them
 * @stop: it is to give up
 * @memcg: what it charges them to, with a reference
 * @total: how many there were at first; what is left is in @left
 * @left: how many there are. Those of entries that have not been stored yet are not
 * @lock: by inode: nobody else restores or frees pages of it
 */
struct pram_lazy {
	struct pram_node	*node;
	struct delayed_work	work;
	bool			stop;
	struct mem_cgroup	*memcg;
	u64			total;
	atomic64_t		left;
	struct mutex		lock[1 << PRAM_LAZY_LOCK_BITS];
};

struct mutex *pram_lazy_lock(struct pram_lazy *lazy, const struct inode *inode);
int pram_lazy_load_locked(struct inode *inode, pgoff_t index, bool alone,
			  gfp_t gfp);

#endif /* _MM_PRAM_TREE_LAZY_H */
