// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a tmpfs tree.
 */
#include "pram_tree.h"

/**
 * DOC: Trees
 *
 * The name of a tree is its identity, as a block device is that of another file
 * system: there is one super block for each name. Mounting a name makes a new and
 * empty tree, or restores the one that the previous kernel has preserved, or, if it
 * is alive, mounts that once more.
 *
 * The last unmount does not free a tree. PRAM has an active reference on the super block,
 * and the tree is parked: it is a tmpfs like any other, and its pages can be swapped out
 * and migrated. It is freed when it is discarded. A tree that is mounted or parked is
 * called alive.
 *
 * A tree that is alive has a node with empty streams, which reserves its name. The
 * streams are filled when a kexec is requested. Each file system is frozen before, so
 * that names and sizes do not change, and no pages are added or removed; page faults
 * wait, too. The folios stay in the page cache, and PRAM takes references. Pages that are
 * mapped and being written are preserved as they are when the machine stops. If the kexec
 * does not go ahead, the references are dropped and the file systems thawed.
 *
 * If a tree cannot be described, the kexec is refused.
 */

/* How long a check goes on after the first tree that cannot be described */
#define PRAM_GO_ON_TIME	(10 * HZ)
/* How long a kexec that is refused waits for trees that are being frozen, to thaw them */
#define PRAM_THAW_TIME		HZ

/* Whether trees have been described, or some of them. kexec_lock is held. */
static bool pram_trees_described;

/**
 * pram_tree_get - find a tree that is alive
 * @name: its name
 *
 * Context: process context.
 * Return: its super block with an active reference, or NULL.
 */
struct super_block *pram_tree_get(const char *name)
{
	struct pram_node *node;

	guard(mutex)(&pram_lock);
	node = pram_find(name);
	if (!node || node->state != PRAM_ALIVE)
		return NULL;
	/* PRAM's own is one, and goes under the lock only */
	atomic_inc(&node->sb->s_active);
	return node->sb;
}

/**
 * pram_tree_head - the start of the description of a tree
 * @node: its node, with a byte stream
 *
 * Return: the page that begins with struct pram_tmpfs_head.
 */
struct page *pram_tree_head(const struct pram_node *node)
{
	const struct pram_link *link;

	link = pram_addr(node->page->chain[PRAM_BYTES].first);
	return pfn_to_page(pram_entry_pfn(link->entry[0]));
}

/* Drop what the node holds; it has no streams then */
static void pram_tree_forget(struct pram_node *node)
{
	struct pram_node_page *page = node->page;
	unsigned int i;

	for (i = 0; i < PRAM_NR_CHAINS; i++) {
		pram_free_chain(&page->chain[i], pram_wipes(page));
		page->chain[i] = (struct pram_chain){};
		node->last[i] = NULL;
	}
	page->nr_bytes = 0;
	page->flags &= ~(PRAM_NODE_XATTR | PRAM_NODE_ACL);
	node->nr_copies = 0;
	node->nr_copied = 0;
}

/* Nothing is described, nor will be until the node is no longer PRAM_WRITING */
static bool pram_tree_may_change(void *arg)
{
	struct pram_node *node = arg;

	guard(mutex)(&pram_lock);
	if (pram_frozen || pram_draining)
		return false;
	WRITE_ONCE(node->state, PRAM_WRITING);
	return true;
}

/**
 * pram_tree_live - a tree has been made, or restored
 * @ps: its node, open for PRAM_WRITE and empty, or open for PRAM_READ; closed by this
 * @sb: its super block
 * @wipe: whether its memory is to be cleared from now on
 *
 * If a kexec is being prepared, a node that was restored goes along as it is; this
 * waits until there will be none.
 *
 * Context: process context, may sleep.
 * Return: 0; or -EINTR, with the stream open: the task has been killed.
 */
int pram_tree_live(struct pram_stream *ps, struct super_block *sb, bool wipe)
{
	struct pram_node *node = ps->node;
	int err = 0;

	if (ps->mode == PRAM_READ)
		err = pram_wait(pram_tree_may_change, node);
	if (err)
		return err;
	/* Nobody else has the node yet. The folios are the files' alone now. */
	pram_lazy_commit(node);
	pram_tree_forget(node);
	atomic_inc(&sb->s_active);
	scoped_guard(mutex, &pram_lock) {
		node->sb = sb;
		node->page->flags |= PRAM_NODE_TREE | (wipe ? PRAM_NODE_WIPE : 0);
		pram_lazy_live(node);
		WRITE_ONCE(node->state, PRAM_ALIVE);
	}
	wake_up_all(&pram_written);
	ps->node = NULL;
	return 0;
}

/**
 * pram_tree_busy - does somebody use a tree?
 * @node: the node, PRAM_ALIVE
 *
 * Context: pram_lock is held, so that nobody can begin to.
 * Return: whether it is mounted, or a file of it open.
 */
bool pram_tree_busy(const struct pram_node *node)
{
	return atomic_read(&node->sb->s_active) > 1;
}

/**
 * pram_tree_mounted - what a user is to know of that
 * @node: the node, PRAM_ALIVE
 *
 * References that PRAM has while it freezes the tree do not count. While that begins or
 * ends the answer may be wrong.
 *
 * Context: pram_lock is held.
 * Return: as pram_tree_busy().
 */
bool pram_tree_mounted(const struct pram_node *node)
{
	/* That of the work, and that of a file system which is frozen */
	int own = READ_ONCE(node->freeze) ? 2 : READ_ONCE(node->sb_frozen);

	return atomic_read(&node->sb->s_active) > 1 + own;
}

/**
 * pram_each_inode - call a function for each inode of a file system
 * @sb: the file system, which does not go away
 * @fn: the function, which may sleep
 * @arg: for the function
 *
 * Context: may sleep.
 */
void pram_each_inode(struct super_block *sb,
		     void (*fn)(struct inode *inode, void *arg), void *arg)
{
	struct inode *inode, *last = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		spin_lock(&inode->i_lock);
		if (inode_state_read(inode) & (I_FREEING | I_WILL_FREE | I_NEW)) {
			spin_unlock(&inode->i_lock);
			continue;
		}
		__iget(inode);
		spin_unlock(&inode->i_lock);
		spin_unlock(&sb->s_inode_list_lock);
		fn(inode, arg);
		/* The one that the list is walked on from is held */
		iput(last);
		last = inode;
		cond_resched();
		spin_lock(&sb->s_inode_list_lock);
	}
	spin_unlock(&sb->s_inode_list_lock);
	iput(last);
}

/* Returns whether somebody else has the folio, who may yet want it */
static bool pram_wipe_folio(struct address_space *mapping, struct folio *folio)
{
	unsigned long pfn = folio_pfn(folio), nr = folio_nr_pages(folio);
	bool others;

	folio_lock(folio);
	/* The page cache has as many references, and this function one */
	others = folio->mapping == mapping && folio_ref_count(folio) != nr + 1;
	if (!others && folio->mapping == mapping)
		pram_wipe(pfn, pfn + nr);
	folio_unlock(folio);
	return others;
}

static void pram_wipe_inode(struct inode *inode, void *arg)
{
	struct address_space *mapping = inode->i_mapping;
	bool *others = arg;
	struct folio_batch batch;
	pgoff_t index = 0;
	unsigned int i;

	folio_batch_init(&batch);
	while (filemap_get_folios(mapping, &index, ULONG_MAX, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++)
			*others |= pram_wipe_folio(mapping, batch.folios[i]);
		folio_batch_release(&batch);
		cond_resched();
	}
}

/**
 * pram_wipe_tree - clear the pages of a tree that is about to end
 * @sb: the file system, which nobody uses
 *
 * None is in swap.
 *
 * Context: may sleep.
 */
void pram_wipe_tree(struct super_block *sb)
{
	unsigned int tries;
	bool others;

	/* What has references for a moment, such as compaction, lets go of them */
	for (tries = 0; tries < 3; tries++) {
		lru_add_drain_all();
		others = false;
		pram_each_inode(sb, pram_wipe_inode, &others);
		if (!others)
			break;
		msleep(20);
	}
}

/**
 * pram_tree_end - end a tree
 * @node: its node, which is PRAM_DYING, and was not busy
 *
 * Context: process context, may sleep; pram_lock is not held.
 */
void pram_tree_end(struct pram_node *node)
{
	pram_lazy_cancel(node);
	if (node->sb && pram_wipes(node->page))
		pram_wipe_tree(node->sb);
	if (node->sb)
		deactivate_super(node->sb);
	pram_lazy_free(node);
	node->sb = NULL;
}

/**
 * struct pram_tree_count - what there is in a tree that is alive
 * @inodes: its inodes
 * @pages: their pages, those that are in swap included
 * @swapped: those that are in swap
 * @described: those that a description has: in memory, and of files with names
 */
struct pram_tree_count {
	u64 inodes;
	u64 pages;
	u64 swapped;
	u64 described;
};

static void pram_count_inode(struct inode *inode, void *arg)
{
	/* It may be negative, see pram_swap_fits() */
	u64 swapped = max_t(long, READ_ONCE(SHMEM_I(inode)->swapped), 0);
	u64 cached = READ_ONCE(inode->i_mapping->nrpages);
	struct pram_tree_count *count = arg;

	count->inodes++;
	count->swapped += swapped;
	count->pages += cached + swapped;
	if (S_ISREG(inode->i_mode) && inode->i_nlink)
		count->described += cached;
}

static struct pram_tree_count pram_tree_count(const struct pram_node *node)
{
	struct pram_tree_count count = {};

	pram_each_inode(node->sb, pram_count_inode, &count);
	return count;
}

/**
 * pram_tree_pages - how large a tree is
 * @node: its node, PRAM_ALIVE
 *
 * Context: may sleep.
 * Return: its pages, those that are in swap included.
 */
u64 pram_tree_pages(const struct pram_node *node)
{
	struct shmem_sb_info *sbinfo = node->sb->s_fs_info;

	/* tmpfs does not count them where there is no limit */
	if (!READ_ONCE(sbinfo->max_blocks))
		return pram_tree_count(node).pages;
	return percpu_counter_sum_positive(&sbinfo->used_blocks);
}

/**
 * pram_trees_check - see that no tree has changed since it was described
 *
 * There are writers in the kernel that do not ask whether a file system is frozen:
 * targets that export a file (nvmet, LIO), discards of a loop device; and
 * userfaultfd.
 *
 * Context: pram_lock is held, all trees have been described.
 * Return: 0; or -EBUSY, after pram_refuse(): a file has other pages than have been
 * described.
 */
int pram_trees_check(void)
{
	struct pram_node *node;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list) {
		u64 has, pinned;

		if (node->state != PRAM_ALIVE)
			continue;
		has = pram_tree_count(node).described;
		/* What has a reference of PRAM's cannot have gone to swap */
		pinned = node->page->chain[PRAM_PAGES].nr_pages - node->nr_copies;
		if (has >= pinned && has <= pinned + node->nr_copied)
			continue;
		pram_refuse("tmpfs '%s' has changed while it was described: stop the target (nvmet, LIO), loop device or userfaultfd that has a file of it",
			    node->page->name);
		return -EBUSY;
	}
	return 0;
}

/**
 * pram_tree_waits - is a tree still being restored?
 * @node: its node
 *
 * Context: pram_lock is held.
 * Return: whether it is alive, or about to be, and some of its pages have not been
 * restored yet.
 */
bool pram_tree_waits(const struct pram_node *node)
{
	lockdep_assert_held(&pram_lock);
	return (node->state == PRAM_ALIVE || node->state == PRAM_WRITING) &&
	       pram_lazy_left(node);
}

/**
 * pram_tree_inodes - how many inodes a tree has
 * @node: its node; it does not end meanwhile
 *
 * Context: may sleep; pram_lock is not held.
 * Return: the number, also of a tree that has not been mounted; 0: it is none.
 */
u64 pram_tree_inodes(const struct pram_node *node)
{
	struct pram_tmpfs_head head;
	struct page *page;

	if (READ_ONCE(node->state) == PRAM_ALIVE)
		return pram_tree_count(node).inodes;
	guard(mutex)(&pram_lock);
	if (node->state != PRAM_READY ||
	    node->page->nr_bytes < sizeof(head))
		return 0;
	page = pram_tree_head(node);
	if (pram_has_poison(page_to_pfn(page), 0))
		return 0;
	memcpy_from_page((void *)&head, page, 0, sizeof(head));
	return head.magic == PRAM_TMPFS_MAGIC ? head.nr_inodes : 0;
}

/**
 * pram_tree_swapped - how many pages of a tree are in swap
 * @node: its node; it does not end meanwhile
 *
 * Context: may sleep.
 * Return: the number; 0: it is not alive.
 */
u64 pram_tree_swapped(const struct pram_node *node)
{
	u64 swapped, left;

	if (READ_ONCE(node->state) != PRAM_ALIVE)
		return 0;
	/* shmem has both for pages that are not in memory */
	swapped = pram_tree_count(node).swapped;
	left = pram_lazy_left(node);
	return swapped > left ? swapped - left : 0;
}

/* Restore what has not been, which takes its time, before any tree stands still */
static int pram_trees_finish(void)
{
	struct pram_node *node;
	int err;

	list_for_each_entry(node, &pram_nodes, list) {
		err = node->state == PRAM_ALIVE ? pram_lazy_finish(node) : 0;
		if (!err)
			continue;
		guard(mutex)(&pram_lock);
		pram_refuse("no memory to restore the rest of tmpfs '%s', which was mounted with pram_lazy: free some",
			    node->page->name);
		return err;
	}
	return 0;
}

static int pram_tree_describe(struct pram_node *node)
{
	struct pram_stream ps = {
		.node = node,
		.mode = PRAM_WRITE,
		.gfp = PRAM_KEXEC_GFP,
	};
	int err;

	err = pram_tree_freeze(node);
	if (err)
		return err;
	pram_progress_start(node, "describing", pram_tree_pages(node));
	err = pram_save_tree(&ps, node->sb);
	pram_progress_end(node);
	return err;
}

/* Waiting for those who write takes its time for each tree, and others stand still */
static bool pram_out_of_time(unsigned long deadline)
{
	if (time_before(jiffies, deadline))
		return false;
	guard(mutex)(&pram_lock);
	pram_refuse("there may be more reasons: the other trees have not been tried");
	return true;
}

/**
 * pram_trees_describe - fill the streams of all trees that are alive
 * @all: after a failure, go on for some time with the others, for their reasons
 *
 * Context: may sleep; pram_lock is not held, but the set of nodes is frozen.
 * Return: 0; or an error, after pram_refuse(). pram_trees_undo() is left to the
 * caller.
 */
int pram_trees_describe(bool all)
{
	unsigned long deadline = 0;
	struct pram_node *node;
	int err, ret;

	pram_trees_described = true;
	err = pram_trees_finish();
	if (err)
		return err;
	list_for_each_entry(node, &pram_nodes, list) {
		if (node->state != PRAM_ALIVE)
			continue;
		if (err && pram_out_of_time(deadline))
			break;
		pram_trees_freeze_ahead(node);
		ret = pram_tree_describe(node);
		if (!ret)
			continue;
		if (!err)
			deadline = jiffies + PRAM_GO_ON_TIME;
		err = err ? err : ret;
		/* Others would have none either */
		if (!all || ret == -ENOMEM)
			break;
	}
	return err;
}

/**
 * pram_trees_undo - the kexec does not go ahead
 *
 * Context: may sleep; pram_lock is not held, but the set of nodes is frozen.
 */
void pram_trees_undo(void)
{
	unsigned long deadline = jiffies + PRAM_THAW_TIME;
	struct pram_node *node;

	/* Without that, nodes may still be going */
	if (!pram_trees_described)
		return;
	pram_trees_described = false;
	list_for_each_entry(node, &pram_nodes, list) {
		if (node->state != PRAM_ALIVE)
			continue;
		pram_tree_forget(node);
		pram_tree_thaw(node, deadline);
	}
}
