// SPDX-License-Identifier: GPL-2.0
/*
 * Freezing trees for a kexec, and waiting until that is over.
 */
#include "pram_tree.h"

#include <linux/completion.h>
#include <linux/userfaultfd_k.h>
#include <linux/workqueue.h>

/**
 * DOC: Freezing trees
 *
 * freeze_super() waits for writers. A writer may wait for user space that handles page
 * faults of its buffer (userfaultfd, FUSE), for an unlimited time. So a work item does
 * this, and the kexec waits for it for five seconds. Then the kexec is refused, and the
 * tree is thawed as soon as it is frozen. Until then others who want to write wait as
 * well; the writer can be killed.
 *
 * s_umount is not held meanwhile: sync(2) and unmounting do not wait. They do not wait
 * for a frozen tree either.
 *
 * Freezing waits for grace periods of RCU, tens of milliseconds, in which nothing else
 * is done. So some trees are frozen ahead, while others are waited for and described.
 */

/* How long a kexec waits for those who write to a tree */
#define PRAM_FREEZE_TIME	(5 * HZ)

/* How many trees are being frozen at a time: they stand still while others are described */
#define PRAM_FREEZE_AHEAD	16

/**
 * struct pram_freeze - a tree that is being frozen
 * @work: waits for those who write, however long they take
 * @node: the tree
 * @sb: its super block, with an active reference
 * @done: it is frozen, or cannot be
 * @err: whether it could be
 * @given_up: nobody waits for it, so that it is to be thawed at once
 */
struct pram_freeze {
	struct work_struct work;
	struct pram_node *node;
	struct super_block *sb;
	struct completion done;
	int err;
	bool given_up;
};

/* Between the work and those who wait: given_up, done, and the pointer of the node */
static DEFINE_SPINLOCK(pram_freeze_lock);

/**
 * pram_wait - wait for something of nodes to change, or to be killed
 * @done: says whether it has, and may sleep
 * @arg: for @done
 *
 * Context: process context, may sleep; pram_lock is not held.
 * Return: 0, or -EINTR: the task has been killed.
 */
int pram_wait(bool (*done)(void *arg), void *arg)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int err = 0;

	add_wait_queue(&pram_written, &wait);
	while (!done(arg)) {
		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
		wait_woken(&wait, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&pram_written, &wait);
	return err;
}

static bool pram_no_kexec(void *arg)
{
	guard(mutex)(&pram_lock);
	return !pram_frozen && !pram_draining;
}

/**
 * pram_wait_kexec - wait while a kexec is being prepared
 *
 * Context: process context, may sleep; pram_lock is not held.
 * Return: 0, or -EINTR: the task has been killed.
 */
int pram_wait_kexec(void)
{
	return pram_wait(pram_no_kexec, NULL);
}

static void pram_freeze_work(struct work_struct *work)
{
	struct pram_freeze *freeze = container_of(work, struct pram_freeze,
						  work);
	bool given_up;

	do {
		freeze->err = freeze_super(freeze->sb, FREEZE_HOLDER_KERNEL, NULL);
		scoped_guard(spinlock, &pram_freeze_lock) {
			given_up = freeze->given_up;
			if (!given_up)
				complete(&freeze->done);
		}
		if (!given_up)
			return;
		if (!freeze->err)
			thaw_super(freeze->sb, FREEZE_HOLDER_KERNEL, NULL);
		/* Meanwhile another kexec may go on with this */
		scoped_guard(spinlock, &pram_freeze_lock) {
			given_up = freeze->given_up;
			if (given_up)
				freeze->node->freeze = NULL;
		}
	} while (!given_up);
	deactivate_super(freeze->sb);
	kfree(freeze);
}

/* Begin to freeze, or go on with what an earlier kexec has begun and given up */
static struct pram_freeze *pram_freeze_start(struct pram_node *node)
{
	struct pram_freeze *freeze;

	scoped_guard(spinlock, &pram_freeze_lock) {
		freeze = node->freeze;
		if (freeze)
			freeze->given_up = false;
	}
	if (freeze)
		return freeze;
	freeze = kzalloc(sizeof(*freeze), GFP_KERNEL);
	if (!freeze)
		return NULL;
	atomic_inc(&node->sb->s_active);
	freeze->node = node;
	freeze->sb = node->sb;
	init_completion(&freeze->done);
	INIT_WORK(&freeze->work, pram_freeze_work);
	node->freeze = freeze;
	queue_work(system_dfl_wq, &freeze->work);
	return freeze;
}

/* Returns whether the work has come to an end after all */
static bool pram_freeze_give_up(struct pram_freeze *freeze)
{
	bool done;

	/* The work frees it when it has been given up */
	scoped_guard(spinlock, &pram_freeze_lock) {
		done = completion_done(&freeze->done);
		freeze->given_up = !done;
	}
	return done;
}

/* Wait for what has been begun, and has not been given up */
static int pram_freeze_wait(struct pram_node *node, struct pram_freeze *freeze,
			    unsigned long timeout)
{
	int err;

	if (!wait_for_completion_timeout(&freeze->done, timeout) &&
	    !pram_freeze_give_up(freeze))
		return -ETIMEDOUT;
	err = freeze->err;
	node->freeze = NULL;
	deactivate_super(freeze->sb);
	/* The work may not be through with what completes it */
	flush_work(&freeze->work);
	kfree(freeze);
	return err;
}

/**
 * pram_trees_freeze_ahead - begin to freeze a tree, and some of those after it
 * @node: its node
 *
 * pram_tree_freeze() waits for it, or pram_tree_thaw() undoes it.
 *
 * Context: process context, may sleep; pram_lock is not held, but the set of nodes is
 * frozen.
 */
void pram_trees_freeze_ahead(struct pram_node *node)
{
	unsigned int nr = 0;

	list_for_each_entry_from(node, &pram_nodes, list) {
		if (node->state != PRAM_ALIVE)
			continue;
		if (nr++ == PRAM_FREEZE_AHEAD)
			break;
		/* Should there be no memory, pram_tree_freeze() says so */
		if (!node->sb_frozen)
			pram_freeze_start(node);
	}
}

/**
 * pram_tree_freeze - let nobody change a tree
 * @node: its node, PRAM_ALIVE
 *
 * Waits for those who write. Where one does not come to an end, this does: others
 * who want to write wait until he has.
 *
 * Context: process context, may sleep; pram_lock is not held.
 * Return: 0, or an error after pram_refuse().
 */
int pram_tree_freeze(struct pram_node *node)
{
	struct pram_freeze *freeze;
	int err = -ENOMEM;

	if (node->sb_frozen)
		return 0;
	freeze = pram_freeze_start(node);
	if (freeze)
		err = pram_freeze_wait(node, freeze, PRAM_FREEZE_TIME);
	if (!err) {
		node->sb_frozen = true;
		return 0;
	}
	guard(mutex)(&pram_lock);
	if (err != -ETIMEDOUT) {
		pram_refuse("tmpfs '%s' cannot be frozen: error %d",
			    node->page->name, err);
		return err;
	}
	pram_refuse("tmpfs '%s' cannot be frozen: a write takes more than 5 s: end the process",
		    node->page->name);
	return -EBUSY;
}

/* What pram_trees_freeze_ahead() has begun, and nobody has waited for */
static struct pram_freeze *pram_freeze_begun(struct pram_node *node)
{
	struct pram_freeze *freeze;

	scoped_guard(spinlock, &pram_freeze_lock) {
		freeze = node->freeze;
		if (freeze && freeze->given_up)
			freeze = NULL;
	}
	return freeze;
}

/**
 * pram_tree_thaw - undo pram_tree_freeze() and pram_trees_freeze_ahead()
 * @node: the node
 * @deadline: in jiffies: until when it waits for a tree to be frozen, so that it can be
 *	thawed. After that it will be thawed as soon as it is frozen.
 *
 * Context: process context, may sleep; pram_lock is not held.
 */
void pram_tree_thaw(struct pram_node *node, unsigned long deadline)
{
	struct pram_freeze *freeze = pram_freeze_begun(node);
	long left = max((long)(deadline - jiffies), 0);

	if (freeze && !pram_freeze_wait(node, freeze, left))
		node->sb_frozen = true;
	if (node->sb_frozen)
		thaw_super(node->sb, FREEZE_HOLDER_KERNEL, NULL);
	node->sb_frozen = false;
}

/**
 * pram_tree_armed - does user space fill in pages of a file by userfaultfd?
 * @inode: the file
 *
 * It can do so while the file system is frozen: what it fills in could be missing in
 * what is described.
 *
 * Context: process context, may sleep.
 * Return: whether somebody has it mapped and registered.
 */
bool pram_tree_armed(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;
	struct vm_area_struct *vma;
	bool armed = false;

	if (!mapping_mapped(mapping))
		return false;
	i_mmap_lock_read(mapping);
	mapping_rmap_tree_foreach(vma, mapping, 0, ULONG_MAX) {
		armed = userfaultfd_armed(vma);
		if (armed)
			break;
	}
	i_mmap_unlock_read(mapping);
	return armed;
}
