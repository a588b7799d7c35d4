// SPDX-License-Identifier: GPL-2.0
/*
 * Before the jump: what the image will overwrite, and what may fail.
 */
#include "pram.h"

/**
 * DOC: Before the jump
 *
 * pram_kexec_load() learns where an image will be copied to, so that pages
 * which PRAM allocates from then on can keep away from there.
 *
 * pram_kexec_prepare() runs when the kexec has been asked for and can still be
 * refused. It refuses it if anything would be lost, unless the image says
 * pram=off. It does all that may fail: it chooses where preserved pages must
 * not be, moves those that are there, allocates the directory, and computes the
 * cover. From then on no nodes are added or removed, so it also fills in the
 * directory. A reboot notifier cannot do this: it may not be called at all, as
 * any other notifier may end the chain.
 *
 * pram_kexec_finish() runs when all other CPUs and the devices have stopped.
 * CPUs may have been stopped while they held locks, so it takes none, and uses
 * only what is in the directory. It updates the copies of moved pages, computes
 * the checksums and seals the super block.
 */

/* How long a kexec waits for nodes that are being written, or freed */
#define PRAM_DRAIN_TIME		(5 * HZ)

/**
 * pram_kexec_meets - would something be copied over what cannot be moved?
 * @start: physical address of the first byte
 * @end: of the last
 *
 * What cannot is the super block, and folios that have broken memory.
 *
 * Context: process context, may sleep; kexec_lock is held.
 * Return: whether it would.
 */
bool pram_kexec_meets(unsigned long start, unsigned long end)
{
	unsigned long pfn;
	u64 super;

	if (!pram_super)
		return false;
	super = PFN_PHYS(pram_super->head.pfn);
	if (super + PAGE_SIZE > start && super <= end)
		return true;
	/* Nor can the rest of their folios */
	pfn = round_down(PHYS_PFN(start), MAX_ORDER_NR_PAGES);
	return pram_map_next_broken(&pfn, round_up(PHYS_PFN(end) + 1,
						   MAX_ORDER_NR_PAGES));
}

/* Keep away from where the image will be copied to */
static int pram_forbid_image(struct kimage *image)
{
	struct pram_range *ranges __free(kfree) = NULL;
	int nr;

	ranges = kcalloc(PRAM_MAX_FORBIDDEN, sizeof(*ranges), GFP_KERNEL);
	if (!ranges)
		return -ENOMEM;
	nr = pram_choose_windows(image, NULL, ranges);
	if (nr > 0)
		pram_forbid(ranges, nr);
	return 0;
}

/**
 * pram_kexec_load - take note of where an image will be copied to
 * @image: the image, with its segments checked
 *
 * The super block moves out of the way if it has to. If there is something to
 * preserve, the image may have been given the place where it was.
 *
 * Context: kexec_lock is held.
 * Return: 0; or, if there is something to preserve, -EADDRNOTAVAIL: the image would
 * overwrite the super block, or would have, and it is elsewhere now; or -ENOMEM.
 */
int pram_kexec_load(struct kimage *image)
{
	int err;

	if (!pram_super || image->type == KEXEC_TYPE_CRASH)
		return 0;
	err = pram_forbid_image(image);
	scoped_guard(mutex, &pram_lock) {
		/* Who has nothing to preserve loads what he likes */
		if (err && pram_alive())
			return err;
		/* It may have the address of the one before */
		pram_clear_verdict();
		if (!pram_super_meets(image))
			break;
		if (pram_super_move(image)) {
			if (!pram_alive())
				break;
			pr_err("image refused: it meets the super block, and there is no memory to move that: load it elsewhere (kexec -s, --mem-min=)\n");
			return -EADDRNOTAVAIL;
		}
		if (!pram_alive())
			break;
		pr_err("image refused: it met the super block, which is elsewhere now: read /sys/kernel/mm/pram/super and load it again\n");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* Would there be room enough? Nothing is moved to find that out. */
static void pram_check_room(struct kimage *image, const struct pram_image *info)
{
	struct pram_range *ranges __free(kfree) = NULL;

	ranges = kcalloc(PRAM_MAX_FORBIDDEN, sizeof(*ranges), GFP_KERNEL);
	if (ranges && !list_empty(&pram_nodes))
		pram_choose_windows(image, info, ranges);
}

/**
 * pram_kexec_loaded - warn if an image could not take over what is preserved
 * @image: the image, complete
 *
 * That is not for certain: nodes come and go, and it may be loaded again.
 *
 * Context: kexec_lock is held; may sleep.
 */
void pram_kexec_loaded(struct kimage *image)
{
	struct pram_image info;

	if (!pram_super || image->type == KEXEC_TYPE_CRASH ||
	    image->preserve_context)
		return;
	guard(mutex)(&pram_lock);
	if (!pram_alive() || pram_image_look(image, true, &info) ||
	    pram_image_off(&info))
		return;
	pram_refuse_how = PRAM_WARN;
	if (!pram_image_check(&info))
		pram_check_room(image, &info);
	pram_refuse_how = PRAM_REFUSE;
}

static int pram_make_cover(const struct pram_range *holes, unsigned int nr)
{
	int ret;

	memset(pram_super->cover, 0, sizeof(pram_super->cover));
	ret = pram_map_cover(holes, nr, pram_super->cover);
	if (ret < 0) {
		pram_refuse("no memory to compute the cover: free some");
		return ret;
	}
	pram_super->nr_cover = ret;
	return 0;
}

/* Name the node that is not finished, or in a check all of them */
static int pram_refuse_unfinished(void)
{
	struct pram_node *node;
	int err = 0;

	list_for_each_entry(node, &pram_nodes, list) {
		if (node->state == PRAM_DYING)
			pram_refuse("node '%s' is still being discarded: wait for that",
				    node->page->name);
		else if (node->state == PRAM_WRITING)
			pram_refuse("node '%s' is still being written: wait for that",
				    node->page->name);
		else
			continue;
		err = -EBUSY;
		if (pram_refuse_how != PRAM_CHECK)
			break;
	}
	return err;
}

/*
 * May all that is preserved go along with this image, if there is room for it?
 * Returns 1 if nothing is to go along.
 */
static int pram_allowed(struct kimage *image, struct pram_image *info)
{
	unsigned int nr_kept = pram_nr_kept();
	int err, busy;

	err = pram_image_look(image, pram_alive(), info);
	/* With nothing to preserve there is no reason to refuse anything */
	if (!pram_alive())
		return err || !pram_image_ours(info) ||
		       pram_super_meets(image);
	if (err) {
		pram_refuse("no memory to look into the image: free some");
		return err;
	}
	if (pram_image_off(info)) {
		if (pram_refuse_how == PRAM_REFUSE)
			pr_notice("the next kernel has pram=off on its command line: %u nodes will be lost\n",
				  nr_kept);
		return 1;
	}
	err = pram_image_check(info);
	if (err && pram_refuse_how != PRAM_CHECK)
		return err;
	busy = pram_refuse_unfinished();
	return err ? err : busy;
}

static unsigned int pram_nr_to_seal(void)
{
	const struct pram_node_page *page = NULL;
	unsigned int nr = pram_nr_kept();

	while ((page = pram_absent_next(page)))
		nr++;
	return nr;
}

/* All that may fail; @absent: there are pages that are not there */
static int pram_try_prepare(struct kimage *image, struct pram_image *info,
			    bool absent, bool dry_run)
{
	struct pram_range *forbidden __free(kfree) = NULL;
	struct folio *held = NULL;
	int nr, err;

	if (pram_super_meets(image)) {
		pram_refuse("the image would overwrite the super block: load it again");
		return -EADDRNOTAVAIL;
	}
	forbidden = kcalloc(PRAM_MAX_FORBIDDEN, sizeof(*forbidden), GFP_KERNEL);
	if (!forbidden) {
		pram_refuse("no memory to look for room: free some");
		return -ENOMEM;
	}
	nr = pram_choose_windows(image, list_empty(&pram_nodes) && !absent ?
				 NULL : info, forbidden);
	if (nr < 0)
		return nr;
	pram_forbid(forbidden, nr);
	pram_forbid_meta(pram_image_low(info));

	err = pram_move_nodes(&held, dry_run);
	if (!err && absent)
		pram_absent_write(&held, dry_run);
	if (!err)
		err = pram_dir_alloc(pram_nr_to_seal(), &held);
	if (!err && pram_nr_to_seal())
		err = pram_broken_prepare(info, &held);
	pram_free_held(&held);
	if (!err)
		err = pram_make_cover(forbidden, nr);
	return err;
}

/* Undo pram_try_prepare(). What has been found out of trees stays. */
static void pram_undo(void)
{
	pram_move_undo();
	pram_wipe_undo_moved();
	pram_broken_undo();
	pram_seal_undo();
	pram_absent_undo();
}

/* Pages that are not there are nobody's data: if it goes without them, it goes */
static int pram_prepare(struct kimage *image, struct pram_image *info)
{
	enum pram_refuse_how how = pram_refuse_how;
	bool dry_run = how == PRAM_CHECK;
	int err;

	if (!dry_run)
		pram_absent_release_all("a kexec has come first");
	if (pram_absent_collect(info)) {
		pram_refuse_how = PRAM_RETRY;
		err = pram_try_prepare(image, info, true, dry_run);
		pram_refuse_how = how;
		if (!err)
			return 0;
		pram_undo();
	}
	return pram_try_prepare(image, info, false, dry_run);
}

/* Undo what has been done for a kexec that does not go ahead */
static void pram_unprepare(struct kimage *image)
{
	scoped_guard(mutex, &pram_lock) {
		pram_undo();
		pram_wipe_undo();
		pram_forbid_meta(U64_MAX);
		pram_forbid_image(image);
	}
	/* File systems are thawed without the lock, with the nodes still frozen */
	if (pram_frozen)
		pram_trees_undo();
	scoped_guard(mutex, &pram_lock)
		pram_frozen = false;
	wake_up_all(&pram_written);
}

static bool pram_all_written(void)
{
	guard(mutex)(&pram_lock);
	return !pram_unfinished();
}

/* Let nobody begin to write, and give those who do some time to come to an end */
static void pram_drain(void)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	long left = PRAM_DRAIN_TIME;

	scoped_guard(mutex, &pram_lock)
		pram_draining = true;
	add_wait_queue(&pram_written, &wait);
	while (left && !pram_all_written())
		left = wait_woken(&wait, TASK_UNINTERRUPTIBLE, left);
	remove_wait_queue(&pram_written, &wait);
}

/*
 * A check that has found a reason goes on, in order to name all of them. Trees can be
 * described only while nodes neither come nor go.
 */
static bool pram_goes_on(int err, enum pram_refuse_how how)
{
	return how == PRAM_CHECK && err < 0 && err != -ENOMEM &&
	       !pram_unfinished();
}

/*
 * Do all that may fail. Returns 0 if the super block is to be sealed, 1 if nothing
 * goes along, or an error. pram_unprepare() is left to the caller.
 */
static int pram_get_ready(struct kimage *image, enum pram_refuse_how how)
{
	struct pram_image info;
	int err, ret;

	/* Should an earlier kexec not have gone ahead */
	if (READ_ONCE(pram_frozen))
		pram_unprepare(image);
	pram_drain();
	mutex_lock(&pram_lock);
	pram_refuse_how = how;
	err = pram_allowed(image, &info);
	if (!err || pram_goes_on(err, how)) {
		/* File systems are frozen without the lock */
		pram_frozen = true;
		mutex_unlock(&pram_lock);
		ret = pram_trees_describe(how == PRAM_CHECK);
		mutex_lock(&pram_lock);
		err = err ? err : ret;
		err = err ? err : pram_image_knows(&info);
		if (err && how == PRAM_CHECK)
			pram_check_room(image, &info);
	}
	if (!err)
		err = pram_prepare(image, &info);
	if (!err)
		err = pram_trees_check();
	/* Nothing can be made that would be lost */
	if (err >= 0)
		pram_frozen = true;
	pram_refuse_how = PRAM_REFUSE;
	pram_draining = false;
	mutex_unlock(&pram_lock);
	return err;
}

/**
 * pram_kexec_prepare - get ready for a kexec
 * @image: the image that is about to be started
 *
 * When this succeeds, nodes can no longer be opened, committed or discarded, and
 * trees are frozen: the kexec is what comes next.
 *
 * Context: process context, may sleep; kexec_lock is held.
 * Return: 0, or, with everything as it was and a line in the log,
 * -ENOEXEC: the image does not keep PRAM;
 * -EINVAL: it would not be told of this super block, or not have its memory;
 * -EBUSY: a node is being written or discarded, or a tree has changed while it was
 * described;
 * -EADDRNOTAVAIL: it would overwrite the super block;
 * -ENOSPC: the next kernel would not have room enough to boot;
 * -ENOMEM: out of memory;
 * -EHWPOISON: a page of a tree is broken, or one that would have to move.
 */
int pram_kexec_prepare(struct kimage *image)
{
	int err;

	if (!pram_super)
		return 0;
	err = pram_get_ready(image, PRAM_REFUSE);
	if (err < 0) {
		pram_unprepare(image);
		return err;
	}
	guard(mutex)(&pram_lock);
	if (!err)
		pram_seal_prepare();
	return 0;
}

/**
 * pram_kexec_cancel - go on as if no kexec had been asked for
 * @image: as for pram_kexec_prepare()
 *
 * For what else may refuse the kexec after pram_kexec_prepare() has not. Trees are
 * thawed, and nodes are as they were.
 *
 * Context: process context, may sleep; kexec_lock is held.
 */
void pram_kexec_cancel(struct kimage *image)
{
	if (pram_super && READ_ONCE(pram_frozen))
		pram_unprepare(image);
}

/**
 * pram_kexec_check - would the kexec be refused?
 * @image: the image that is loaded
 *
 * Prepares for the kexec and undoes it.
 *
 * Context: process context, may sleep; kexec_lock is held.
 * Return: as pram_kexec_prepare().
 */
int pram_kexec_check(struct kimage *image)
{
	struct pram_moved moved;
	int err;

	/* Others can read it before there is an outcome */
	scoped_guard(mutex, &pram_lock)
		pram_clear_verdict();
	err = pram_get_ready(image, PRAM_CHECK);
	scoped_guard(mutex, &pram_lock) {
		pram_move_count(&moved);
		pram_checked.moved = moved.pages;
		/* What else refuses it says so */
		if (err < 0 && !pram_has_verdict())
			pram_set_verdict("refused: out of memory");
	}
	if (err >= 0) {
		guard(mutex)(&pram_lock);
		if (err && pram_alive())
			pram_set_verdict("ok: %u nodes will be lost, by pram=off",
					 pram_nr_kept());
		else if (err)
			pram_set_verdict("ok: there is nothing to preserve");
		else
			pram_set_verdict("ok: %u nodes will be preserved",
					 pram_nr_kept());
	}
	pram_unprepare(image);
	return min(err, 0);
}

/* Say what is lost by a reboot that is no kexec */
static void pram_log_lost(void)
{
	struct pram_node *node;
	unsigned int nr = 0;

	list_for_each_entry(node, &pram_nodes, list) {
		if (pram_kept(node) && nr++ < PRAM_MAX_LOGGED)
			pr_warn("node '%s' is lost: this is not a kexec\n",
				node->page->name);
	}
	if (nr > PRAM_MAX_LOGGED)
		pr_warn("and %u more nodes are lost\n", nr - PRAM_MAX_LOGGED);
}

static int pram_reboot(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	guard(mutex)(&pram_lock);
	if (!pram_frozen && !pram_is_hibernating())
		pram_log_lost();
	return NOTIFY_DONE;
}

static struct notifier_block pram_reboot_nb = {
	.notifier_call = pram_reboot,
};

void __init pram_kexec_init(void)
{
	register_reboot_notifier(&pram_reboot_nb);
	pram_hibernate_init();
}

#include "tests/pram_kexec_kunit.h"
