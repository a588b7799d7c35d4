// SPDX-License-Identifier: GPL-2.0
/*
 * PRAM: named sets of pages that survive a kexec.
 *
 * This file has the nodes.
 */
#include "pram.h"

#define CREATE_TRACE_POINTS
#include <trace/events/pram.h>

/* For the tests, which have something to do between the seal and the jump */
EXPORT_TRACEPOINT_SYMBOL_GPL(pram_seal);

/**
 * DOC: Overview
 *
 * A node has a name, a stream of folios and a stream of bytes. It can be opened
 * once at a time. A node being written becomes visible when it is committed. A
 * node being read is removed when that is committed; if it is closed with
 * PRAM_KEEP instead, it can be read again, by this kernel or the next.
 *
 * PRAM holds one reference on each folio of a node. Others may hold references,
 * too: what they write until the kexec is preserved.
 *
 * The description of a node always has the form in which it goes over the kexec
 * (see include/linux/pram_format.h). Once the kexec can no longer be refused,
 * only checksums are left to be computed, which takes no memory.
 *
 * Locks, in the order in which they are taken:
 *
 * pram_lazy_lock()
 *	The pages of a file that have not been restored yet. It is taken in page
 *	faults, below mmap_lock: so no user memory is accessed under pram_lock.
 *
 * pram_lock
 *	The list of nodes and their states; pram_frozen, pram_draining; the
 *	super block; nodes that are not open. What is inside of an open node
 *	belongs to its stream.
 *
 * pram_map_lock
 *	The set of preserved pfns.
 *
 * pram_report_lock, pram_forbidden_lock, pram_mounts_lock, pram_freeze_lock
 *	The report for the next kernel, the forbidden ranges, the names that are
 *	being mounted, and trees that are being frozen. No other lock is taken
 *	under them.
 */
DEFINE_MUTEX(pram_lock);
LIST_HEAD(pram_nodes);

/* The same by name; protected by pram_lock */
static struct rb_root pram_names = RB_ROOT;

/* How many kexecs the super block has survived */
u64 pram_generation __ro_after_init;

/* The cover for the next kernel is set: no node may come, change or go */
bool pram_frozen;

/* A kexec waits for nodes that are being written: no node may be opened */
bool pram_draining;

/* Woken when a node is no longer being written, and when a kexec does not go ahead */
DECLARE_WAIT_QUEUE_HEAD(pram_written);

/**
 * pram_name_valid - check the name of a node
 * @name: the name, at most PRAM_NAME_MAX bytes
 *
 * Names stand in logs, in sysfs and on command lines, and do so unescaped.
 *
 * Return: whether it is one.
 */
bool pram_name_valid(const char *name)
{
	const char *c;

	for (c = name; *c; c++) {
		if (!isascii(*c) || !isprint(*c) || *c == '/')
			return false;
	}
	return *name && strcmp(name, ".") && strcmp(name, "..");
}

static int pram_cmp_name(const void *name, const struct rb_node *rb)
{
	return strcmp(name, rb_entry(rb, struct pram_node, rb)->page->name);
}

static int pram_cmp_nodes(struct rb_node *rb, const struct rb_node *other)
{
	return pram_cmp_name(rb_entry(rb, struct pram_node, rb)->page->name,
			     other);
}

/**
 * pram_find - look a node up
 * @name: its name
 *
 * Context: pram_lock is held.
 * Return: the node, or NULL.
 */
struct pram_node *pram_find(const char *name)
{
	struct rb_node *rb;

	lockdep_assert_held(&pram_lock);
	rb = rb_find(name, &pram_names, pram_cmp_name);
	return rb ? rb_entry(rb, struct pram_node, rb) : NULL;
}

/* Put a node on the list; false: the name is taken */
static bool pram_list_node(struct pram_node *node)
{
	lockdep_assert_held(&pram_lock);
	if (rb_find_add(&node->rb, &pram_names, pram_cmp_nodes))
		return false;
	list_add_tail(&node->list, &pram_nodes);
	return true;
}

/* Is it complete, so that it goes along in a kexec? */
bool pram_kept(const struct pram_node *node)
{
	return node->state == PRAM_READY || node->state == PRAM_READING ||
	       node->state == PRAM_ALIVE;
}

/**
 * pram_unfinished - find a node that is being written, or freed
 *
 * Context: pram_lock is held.
 * Return: the node, or NULL.
 */
struct pram_node *pram_unfinished(void)
{
	struct pram_node *node;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list) {
		if (node->state == PRAM_WRITING || node->state == PRAM_DYING)
			return node;
	}
	return NULL;
}

/**
 * pram_nr_kept - how many nodes go along in a kexec
 *
 * Context: pram_lock is held.
 * Return: the number.
 */
unsigned int pram_nr_kept(void)
{
	struct pram_node *node;
	unsigned int nr = 0;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list)
		nr += pram_kept(node);
	return nr;
}

/**
 * pram_alive - is there anything that a kexec could lose?
 *
 * Context: pram_lock is held.
 * Return: whether there is a node, complete or not.
 */
bool pram_alive(void)
{
	lockdep_assert_held(&pram_lock);
	return !list_empty(&pram_nodes);
}

/* The node is PRAM_DYING: free it and all it holds */
static void pram_free_node(struct pram_node *node)
{
	bool wipe = pram_wipes(node->page);
	u64 pfn = node->page->head.pfn;
	unsigned int i;

	/*
	 * The name stays taken until the directory is gone from sysfs, which
	 * must not happen under pram_lock.
	 */
	pram_sysfs_del_node(node);
	pram_tree_end(node);
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		pram_free_chain(&node->page->chain[i], wipe);
	/* A kexec waits until it is off the list, and nothing is left to clear then */
	scoped_guard(mutex, &pram_lock) {
		list_del(&node->list);
		rb_erase(&node->rb, &pram_names);
		pram_put_range(pfn, pfn + 1, wipe);
	}
	wake_up_all(&pram_written);
	kfree(node->lost_names);
	kfree(node);
}

/**
 * pram_add_node - put a node that came over a kexec on the list
 * @node: the node, PRAM_READY; all of it has been checked
 *
 * Context: boot, before anybody else can see the list.
 * Return: 0 or -EEXIST: the name is taken.
 */
int pram_add_node(struct pram_node *node)
{
	guard(mutex)(&pram_lock);
	return pram_list_node(node) ? 0 : -EEXIST;
}

static int pram_create(const char *name, unsigned int mode, gfp_t gfp,
		       struct pram_node **ret)
{
	struct pram_node *node __free(kfree) = kzalloc(sizeof(*node), gfp);
	int err;

	if (!node)
		return -ENOMEM;
	node->page = pram_alloc_meta(PRAM_NODE_MAGIC, gfp, NULL);
	if (!node->page)
		return -ENOMEM;
	strscpy(node->page->name, name);
	node->page->generation = pram_generation;
	node->page->csum_mode = pram_csum_mode(mode);
	node->state = PRAM_WRITING;

	scoped_guard(mutex, &pram_lock) {
		if (pram_frozen || pram_draining)
			err = -EBUSY;
		else
			err = pram_list_node(node) ? 0 : -EEXIST;
	}
	if (err) {
		pram_put_page(node->page->head.pfn);
		return err;
	}
	pram_sysfs_add_node(node);
	*ret = no_free_ptr(node);
	return 0;
}

/* A tree that is alive can be ended, but not read */
static bool pram_free_to_take(const struct pram_node *node,
			      enum pram_state state)
{
	if (node->state == PRAM_ALIVE)
		return state == PRAM_DYING && !pram_tree_busy(node);
	return node->state == PRAM_READY;
}

/* Take a node that nobody has open, to read it or to end it */
static int pram_take(const char *name, enum pram_state state,
		     struct pram_node **ret)
{
	struct pram_node *node;

	guard(mutex)(&pram_lock);
	node = pram_find(name);
	if (!node)
		return -ENOENT;
	if (pram_frozen || pram_draining || !pram_free_to_take(node, state))
		return -EBUSY;
	WRITE_ONCE(node->state, state);
	*ret = node;
	return 0;
}

static int pram_check_name(const char *name)
{
	if (!pram_super)
		return -ENODEV;
	if (strnlen(name, PRAM_NAME_MAX + 1) > PRAM_NAME_MAX)
		return -ENAMETOOLONG;
	return pram_name_valid(name) ? 0 : -EINVAL;
}

/**
 * pram_open - open a node
 * @name: its name: 1 to 255 bytes of printable ASCII without '/', neither "."
 *	nor ".."
 * @mode: PRAM_WRITE creates a node, PRAM_WRITE | PRAM_CSUM one with checksums of
 *	its data; PRAM_READ takes an existing one
 * @gfp: how to allocate what the stream needs; must allow sleeping
 * @ps: returns the stream
 *
 * Nobody else can open or discard the node until pram_close().
 *
 * Context: process context, may sleep.
 * Return: 0 or
 * -ENODEV: PRAM is off;
 * -EINVAL: not a name, or not a mode;
 * -ENAMETOOLONG: the name is too long;
 * -EEXIST: (PRAM_WRITE) there is such a node;
 * -ENOENT: (PRAM_READ) there is none;
 * -EBUSY: a kexec has begun, or (PRAM_READ) somebody has it open;
 * -ENOMEM: out of memory.
 */
int pram_open(const char *name, unsigned int mode, gfp_t gfp,
	      struct pram_stream *ps)
{
	struct pram_node *node;
	int err;

	memset(ps, 0, sizeof(*ps));
	/* What is allocated stays where it is, and is nobody's to account for */
	gfp &= GFP_RECLAIM_MASK;
	err = pram_check_name(name);
	if (err)
		return err;
	if ((mode & ~PRAM_CSUM) == PRAM_WRITE)
		err = pram_create(name, mode, gfp, &node);
	else if (mode == PRAM_READ)
		err = pram_take(name, PRAM_READING, &node);
	else
		err = -EINVAL;
	if (err)
		return err;

	ps->node = node;
	ps->mode = mode & ~PRAM_CSUM;
	ps->gfp = gfp;
	return 0;
}
EXPORT_SYMBOL_GPL(pram_open);

/**
 * pram_close - close a stream
 * @ps: the stream
 * @how: PRAM_COMMIT: what was written is preserved from now on, or what was
 *	read is no longer; PRAM_DISCARD (PRAM_WRITE only): the node never was;
 *	PRAM_KEEP (PRAM_READ only): the node is preserved as it was
 *
 * Folios that were loaded belong to the caller alone after PRAM_COMMIT, and
 * those that were not are freed. After PRAM_KEEP the caller gives his
 * references up as he would any other.
 *
 * Context: process context, may sleep.
 * Return: 0, and the stream is closed; or, with the stream still open,
 * -EINVAL: the stream is closed, or @how does not go with its mode;
 * -EBUSY: (PRAM_COMMIT) a kexec has begun.
 */
int pram_close(struct pram_stream *ps, enum pram_how how)
{
	struct pram_node *node = ps->node;
	enum pram_state state;

	if (!node)
		return -EINVAL;
	if (how == PRAM_COMMIT)
		state = ps->mode == PRAM_WRITE ? PRAM_READY : PRAM_DYING;
	else if (how == PRAM_DISCARD && ps->mode == PRAM_WRITE)
		state = PRAM_DYING;
	else if (how == PRAM_KEEP && ps->mode == PRAM_READ)
		state = PRAM_READY;
	else
		return -EINVAL;

	scoped_guard(mutex, &pram_lock) {
		if (pram_frozen && how == PRAM_COMMIT)
			return -EBUSY;
		WRITE_ONCE(node->state, state);
	}
	if (ps->mode == PRAM_WRITE)
		wake_up_all(&pram_written);
	if (state == PRAM_DYING) {
		trace_pram_drop(node->page->name, how == PRAM_COMMIT ?
				"loaded" : "discarded");
		pram_free_node(node);
	}
	ps->node = NULL;
	return 0;
}
EXPORT_SYMBOL_GPL(pram_close);

/**
 * pram_discard - free a node
 * @name: its name
 *
 * Context: process context, may sleep.
 * Return: 0 or
 * -ENODEV: PRAM is off;
 * -EINVAL, -ENAMETOOLONG: not a name;
 * -ENOENT: there is no such node;
 * -EBUSY: somebody has it open, or a kexec has begun.
 */
int pram_discard(const char *name)
{
	struct pram_node *node;
	int err;

	err = pram_check_name(name);
	if (!err)
		err = pram_take(name, PRAM_DYING, &node);
	if (err)
		return err;
	trace_pram_drop(name, "discarded");
	pram_report_add(PRAM_REPORT_DISCARDED, name);
	pram_free_node(node);
	return 0;
}
EXPORT_SYMBOL_GPL(pram_discard);

/* Take the first node that nobody has open; NULL: there is none, or a kexec has begun */
static struct pram_node *pram_take_any(void)
{
	struct pram_node *node;

	guard(mutex)(&pram_lock);
	if (pram_frozen || pram_draining)
		return NULL;
	list_for_each_entry(node, &pram_nodes, list) {
		if (!pram_free_to_take(node, PRAM_DYING))
			continue;
		WRITE_ONCE(node->state, PRAM_DYING);
		return node;
	}
	return NULL;
}

/* Name the nodes that are complete and in use, in one line. Returns how many. */
static unsigned int pram_log_in_use(void)
{
	unsigned int nr = 0, named = 0;
	struct pram_node *node;
	char names[160] = "";
	size_t len = 0;

	list_for_each_entry(node, &pram_nodes, list) {
		const char *name = node->page->name;

		if (!pram_kept(node))
			continue;
		/* Those that are named are the first ones */
		if (named == nr++ && len + strlen(name) + 5 <= sizeof(names)) {
			len += scnprintf(names + len, sizeof(names) - len,
					 "%s'%s'", named ? ", " : "", name);
			named++;
		}
	}
	if (!nr)
		return 0;
	if (named == nr)
		pr_warn("not discarded, as they are in use: %s: unmount them, or end what has them open\n",
			names);
	else
		pr_warn("not discarded, as they are in use: %s and %u more: unmount them, or end what has them open\n",
			names, nr - named);
	return nr;
}

/**
 * pram_discard_all - free all nodes that nobody has open
 *
 * The log names those that are freed, and those that are left.
 *
 * Context: process context, may sleep.
 * Return: 0, or -EBUSY: some are left.
 */
int pram_discard_all(void)
{
	struct pram_node *node;
	unsigned int nr = 0;

	while ((node = pram_take_any())) {
		if (nr++ < PRAM_MAX_LOGGED)
			pr_info("node '%s' discarded\n", node->page->name);
		trace_pram_drop(node->page->name, "discarded");
		pram_report_add(PRAM_REPORT_DISCARDED, node->page->name);
		pram_free_node(node);
	}
	if (nr > PRAM_MAX_LOGGED)
		pr_info("and %u more nodes discarded\n", nr - PRAM_MAX_LOGGED);
	guard(mutex)(&pram_lock);
	if ((pram_frozen || pram_draining) && pram_nr_kept()) {
		pr_warn("nodes are not discarded while a kexec is being prepared: try again\n");
		return -EBUSY;
	}
	return pram_log_in_use() ? -EBUSY : 0;
}
