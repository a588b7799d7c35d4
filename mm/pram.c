// SPDX-License-Identifier: GPL-2.0
/*
 * PRAM: named sets of pages that survive a kexec.
 *
 * This file has the nodes and their streams.
 */
#include "pram.h"

#define CREATE_TRACE_POINTS
#include <trace/events/pram.h>

/* For the tests, which have something to do between the seal and the jump */
EXPORT_TRACEPOINT_SYMBOL_GPL(pram_seal);

/**
 * DOC: Overview
 *
 * A node is a name, a stream of folios and a stream of bytes. Whoever opens it
 * has it alone. A node being written becomes visible as a whole when it is
 * committed, and one being read is gone when that is committed; until then it
 * can be closed with PRAM_KEEP and read again, by this kernel or the next.
 *
 * PRAM holds one reference on each folio of a node. It never takes the memory
 * away from others who have one: what they write until the kexec is what will
 * be found after it.
 *
 * The description of a node is kept in the form in which it goes over the
 * kexec (see include/linux/pram_format.h) at all times. What is left to do
 * when the kexec can no longer be refused is to sum the checksums, which takes
 * no memory.
 *
 * Locks, in the order in which they are taken:
 *
 * pram_lock
 *	The list of nodes and their states; pram_frozen, pram_draining; the
 *	super block. Not what is inside a node: that belongs to the stream which
 *	has it open, or to the holder of this lock where no stream has.
 *
 * pram_map_lock
 *	The set of preserved pfns.
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

/* Woken when a node is no longer being written */
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
 * pram_being_written - find a node that is being written
 *
 * Context: pram_lock is held.
 * Return: the node, or NULL.
 */
struct pram_node *pram_being_written(void)
{
	struct pram_node *node;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list) {
		if (node->state == PRAM_WRITING)
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

/* Drop PRAM's hold on the pages [pfn, end), which are whole folios */
void pram_put_range(unsigned long pfn, unsigned long end)
{
	pram_map_del(pfn, end - pfn);
	while (pfn < end) {
		struct folio *folio;
		unsigned long raw;

		for (raw = pfn; raw < end && pram_page_raw(raw); raw++)
			;
		if (raw > pfn) {
			pram_free_raw(pfn, raw);
			pfn = raw;
			continue;
		}
		folio = pfn_folio(pfn);
		pfn += folio_nr_pages(folio);
		folio_put(folio);
		cond_resched();
	}
}

static void pram_put_page(u64 pfn)
{
	pram_put_range(pfn, pfn + 1);
}

/* Free the links of a chain, but not what they stand for */
void pram_free_links(u64 pfn)
{
	while (pfn) {
		struct pram_link *link = pram_addr(pfn);
		u64 next = link->next;

		pram_put_page(pfn);
		pfn = next;
	}
}

/* Free the links of a chain, and drop PRAM's hold on what they stand for */
void pram_free_chain(const struct pram_chain *chain)
{
	u64 pfn;

	for (pfn = chain->first; pfn; ) {
		struct pram_link *link = pram_addr(pfn);
		unsigned int i;

		for (i = 0; i < link->nr_entries; i++) {
			u64 start = pram_entry_pfn(link->entry[i]);

			pram_put_range(start, start +
				       pram_entry_pages(link->entry[i]));
		}
		pfn = link->next;
	}
	pram_free_links(chain->first);
}

/* The node is PRAM_DYING: free it and all it holds */
static void pram_free_node(struct pram_node *node)
{
	unsigned int i;

	/*
	 * The name stays taken until the directory is gone from sysfs, which
	 * must not happen under pram_lock.
	 */
	pram_sysfs_del_node(node);
	pram_tree_end(node);
	scoped_guard(mutex, &pram_lock) {
		list_del(&node->list);
		rb_erase(&node->rb, &pram_names);
	}

	for (i = 0; i < PRAM_NR_CHAINS; i++)
		pram_free_chain(&node->page->chain[i]);
	pram_put_page(node->page->head.pfn);
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

/**
 * pram_discard_all - free all nodes that nobody has open
 *
 * Context: process context, may sleep.
 * Return: 0, or -EBUSY: some are left.
 */
int pram_discard_all(void)
{
	struct pram_node *node;

	while ((node = pram_take_any())) {
		trace_pram_drop(node->page->name, "discarded");
		pram_report_add(PRAM_REPORT_DISCARDED, node->page->name);
		pram_free_node(node);
	}
	guard(mutex)(&pram_lock);
	return pram_nr_kept() ? -EBUSY : 0;
}

/* Make the last entry of the link stand for those of @entry as well */
static bool pram_merge(struct pram_link *link, u64 entry)
{
	u64 *last = &link->entry[link->nr_entries - 1];
	u64 count = pram_entry_count(*last) + pram_entry_count(entry);

	if (link->flags & PRAM_LINK_CSUM || count > PRAM_ENTRY_COUNT_MAX ||
	    pram_entry_order(*last) != pram_entry_order(entry) ||
	    pram_entry_flags(*last) != pram_entry_flags(entry) ||
	    pram_entry_pfn(*last) + pram_entry_pages(*last) !=
	    pram_entry_pfn(entry))
		return false;
	*last = pram_entry(pram_entry_pfn(*last), pram_entry_order(entry),
			   pram_entry_flags(entry), count);
	return true;
}

/**
 * pram_add_run - append an entry to a chain
 * @chain: the chain
 * @last: its last link; NULL: it is empty
 * @entry: the entry; what it stands for is in the set of preserved pages
 * @flags: PRAM_LINK_*, the same for all links of the chain
 * @gfp: how to allocate a link
 * @aside: NULL, or as for pram_alloc_outside()
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_add_run(struct pram_chain *chain, struct pram_link **last, u64 entry,
		 u32 flags, gfp_t gfp, struct pram_aside **aside)
{
	struct pram_link *link = *last;

	if (link && pram_merge(link, entry))
		goto count;
	if (!link || link->nr_entries == pram_link_max(flags)) {
		link = pram_alloc_meta(PRAM_LINK_MAGIC, gfp, aside);
		if (!link)
			return -ENOMEM;
		link->pos = chain->nr_pages;
		link->flags = flags;
		if (*last)
			(*last)->next = link->head.pfn;
		else
			chain->first = link->head.pfn;
		chain->nr_links++;
		*last = link;
	}
	link->entry[link->nr_entries++] = entry;
count:
	chain->nr_pages += pram_entry_pages(entry);
	return 0;
}

/* Append a folio to a stream, and to the set of what is preserved */
static int pram_append(struct pram_stream *ps, unsigned int which, u64 pfn,
		       unsigned int order, unsigned int flags)
{
	int err;

	err = pram_map_add(pfn, 1UL << order, ps->gfp);
	if (err)
		return err;
	err = pram_add_run(&ps->node->page->chain[which],
			   &ps->node->last[which],
			   pram_entry(pfn, order, flags, 1),
			   pram_link_flags(ps->node->page), ps->gfp, NULL);
	if (err)
		pram_map_del(pfn, 1UL << order);
	return err;
}

/* Can the folio be told from its pages, order and contents alone? */
static int pram_check_folio(struct folio *folio)
{
	if (folio_order(folio) > MAX_PAGE_ORDER ||
	    page_has_type(&folio->page) || folio_test_reserved(folio) ||
	    folio_is_zone_device(folio))
		return -EINVAL;
	/* Part of a block without __GFP_COMP: it goes with the first page */
	if (!folio_ref_count(folio))
		return -EINVAL;
	if (folio_test_hwpoison(folio) ||
	    (folio_test_large(folio) && folio_test_has_hwpoisoned(folio)))
		return -EHWPOISON;
	/* A device may go on writing to it, also in the next kernel */
	if (folio_maybe_dma_pinned(folio))
		return -EBUSY;
	return 0;
}

/**
 * pram_save_folio - append a folio to the page stream
 * @ps: the stream, open for PRAM_WRITE
 * @folio: the folio
 * @flags: bits in PRAM_FLAGS_MASK, for pram_load_folio() to return
 *
 * PRAM takes a reference of its own. What the folio holds at the time of the
 * kexec is what is preserved.
 *
 * Context: process context, may sleep.
 * Return: 0; or, with the stream as it was,
 * -EINVAL: the stream is not open for PRAM_WRITE, unknown flags, or not an
 * ordinary folio (slab, hugetlb, reserved or device memory, part of a block
 * that was allocated without __GFP_COMP);
 * -EEXIST: it is preserved already, in this node or another;
 * -EBUSY: it is pinned, or its memory is going offline;
 * -EHWPOISON: a page of it is broken;
 * -ENOMEM: out of memory.
 */
int pram_save_folio(struct pram_stream *ps, struct folio *folio,
		    unsigned int flags)
{
	int err;

	if (!ps->node || ps->mode != PRAM_WRITE || flags & ~PRAM_FLAGS_MASK)
		return -EINVAL;
	err = pram_check_folio(folio);
	if (!err)
		err = pram_append(ps, PRAM_PAGES, folio_pfn(folio),
				  folio_order(folio), flags);
	if (err)
		return err;
	folio_get(folio);
	trace_pram_save(ps->node->page->name, folio_pfn(folio),
			folio_order(folio), flags);
	return 0;
}
EXPORT_SYMBOL_GPL(pram_save_folio);

/**
 * pram_save_page - append a single page to the page stream
 * @ps: the stream, open for PRAM_WRITE
 * @page: the page, not part of a larger folio
 * @flags: bits in PRAM_FLAGS_MASK, for pram_load_page() to return
 *
 * Context: process context, may sleep.
 * Return: as pram_save_folio(); -EINVAL also for a page of a larger folio.
 */
int pram_save_page(struct pram_stream *ps, struct page *page,
		   unsigned int flags)
{
	if (PageCompound(page))
		return -EINVAL;
	return pram_save_folio(ps, page_folio(page), flags);
}
EXPORT_SYMBOL_GPL(pram_save_page);

/*
 * The entry at the cursor, which moves on to it from the end of the one before;
 * 0 at the end of the stream. That is not a state of the cursor: it goes on
 * when the stream does.
 */
static u64 pram_cursor_entry(struct pram_stream *ps, unsigned int which)
{
	struct pram_cursor *cursor = &ps->cursor[which];
	struct pram_link *link = cursor->link;

	if (!link) {
		u64 first = ps->node->page->chain[which].first;

		if (!first)
			return 0;
		link = pram_addr(first);
		cursor->link = link;
	}
	if (cursor->folio < pram_entry_count(link->entry[cursor->entry]))
		return link->entry[cursor->entry];
	if (cursor->entry + 1 < link->nr_entries) {
		cursor->entry++;
	} else {
		if (!link->next)
			return 0;
		link = pram_addr(link->next);
		cursor->link = link;
		cursor->entry = 0;
	}
	cursor->folio = 0;
	return link->entry[cursor->entry];
}

/*
 * Is what the cursor is at what was saved? Only what has not been loaded
 * before can be told: whoever has loaded it may have written to it.
 */
static int pram_check_data(const struct pram_cursor *cursor, u64 pfn,
			   unsigned int order)
{
	u32 csum;

	if (pram_has_poison(pfn, order))
		return -EHWPOISON;
	if (!(cursor->link->flags & PRAM_LINK_CSUM) || !pram_page_raw(pfn))
		return 0;
	csum = *pram_link_csum(cursor->link, cursor->entry);
	if (csum == PRAM_DATA_BAD || csum != pram_csum_folio(pfn, order))
		return -EIO;
	return 0;
}

/*
 * A raw folio becomes an ordinary one, and will need another checksum. The next
 * kernel would not get to know of that once its link has been moved.
 */
static int pram_first_load(const struct pram_cursor *cursor, u64 pfn,
			   unsigned int order)
{
	if (cursor->link->flags & PRAM_LINK_CSUM) {
		guard(mutex)(&pram_lock);
		if (pram_frozen)
			return -EBUSY;
		*pram_link_csum(cursor->link, cursor->entry) = 0;
	}
	pram_restore_folio(pfn, order);
	return 0;
}

/**
 * pram_load_folio - take the next folio of the page stream
 * @ps: the stream, open for PRAM_READ
 * @flags: returns the flags it was saved with; may be NULL
 *
 * The caller gets a reference. PRAM keeps its own until PRAM_COMMIT, and until
 * then the folio should not be changed by one who may yet want PRAM_KEEP.
 *
 * What was saved as one folio may come as several smaller ones, in order and
 * with the same flags, if it had to move before a kexec.
 *
 * Context: process context, may sleep.
 * Return: the folio, NULL at the end of the stream, or
 * -EINVAL: the stream is not open for PRAM_READ;
 * -EBUSY: it has a checksum, and a kexec has begun;
 * -EHWPOISON: a page of it is broken;
 * -EIO: it is not what was saved, by its checksum.
 * After the last two the next call returns the next folio.
 */
struct folio *pram_load_folio(struct pram_stream *ps, unsigned int *flags)
{
	struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];
	struct folio *folio;
	unsigned int order;
	u64 entry, pfn;
	int err;

	if (!ps->node || ps->mode != PRAM_READ)
		return ERR_PTR(-EINVAL);
	entry = pram_cursor_entry(ps, PRAM_PAGES);
	if (!entry)
		return NULL;
	order = pram_entry_order(entry);
	pfn = pram_entry_pfn(entry) + ((u64)cursor->folio << order);
	err = pram_check_data(cursor, pfn, order);
	if (!err && pram_page_raw(pfn))
		err = pram_first_load(cursor, pfn, order);
	if (err != -EBUSY)
		cursor->folio++;
	if (err)
		return ERR_PTR(err);
	folio = pfn_folio(pfn);
	folio_get(folio);
	if (flags)
		*flags = pram_entry_flags(entry);
	trace_pram_load(ps->node->page->name, pfn, order,
			pram_entry_flags(entry));
	return folio;
}
EXPORT_SYMBOL_GPL(pram_load_folio);

/**
 * pram_load_page - take the next page of the page stream
 * @ps: the stream, open for PRAM_READ
 * @flags: returns the flags it was saved with; may be NULL
 *
 * Context: process context, may sleep.
 * Return: as pram_load_folio(); also -EINVAL, with the stream as it was, where
 * the next folio is larger than a page.
 */
struct page *pram_load_page(struct pram_stream *ps, unsigned int *flags)
{
	struct folio *folio;

	if (!ps->node || ps->mode != PRAM_READ ||
	    pram_entry_order(pram_cursor_entry(ps, PRAM_PAGES)))
		return ERR_PTR(-EINVAL);
	folio = pram_load_folio(ps, flags);
	return IS_ERR_OR_NULL(folio) ? ERR_CAST(folio) : folio_page(folio, 0);
}
EXPORT_SYMBOL_GPL(pram_load_page);

/* Take the last page off the byte stream again */
static void pram_pop_byte_page(struct pram_stream *ps)
{
	struct pram_chain *chain = &ps->node->page->chain[PRAM_BYTES];
	struct pram_link *link = ps->node->last[PRAM_BYTES], *prev = NULL;
	u64 *last = &link->entry[link->nr_entries - 1];
	u64 first = pram_entry_pfn(*last), count = pram_entry_count(*last);

	pram_put_page(first + count - 1);
	chain->nr_pages--;
	*last = count > 1 ? pram_entry(first, 0, 0, count - 1) : 0;
	if (!*last)
		link->nr_entries--;
	if (link->nr_entries)
		return;

	/* Only an allocation that failed gets here: it may be slow */
	for (first = chain->first; first != link->head.pfn;
	     first = prev->next)
		prev = pram_addr(first);
	if (prev)
		prev->next = 0;
	else
		chain->first = 0;
	chain->nr_links--;
	ps->node->last[PRAM_BYTES] = prev;
	pram_put_page(link->head.pfn);
}

/* Make the byte stream long enough for @size bytes */
static int pram_grow_bytes(struct pram_stream *ps, u64 size)
{
	struct pram_chain *chain = &ps->node->page->chain[PRAM_BYTES];
	u64 before = chain->nr_pages;

	while (chain->nr_pages < DIV_ROUND_UP_ULL(size, PAGE_SIZE)) {
		struct page *page = pram_alloc_page(ps->gfp | __GFP_ZERO);
		int err = -ENOMEM;

		if (page)
			err = pram_append(ps, PRAM_BYTES, page_to_pfn(page),
					  0, 0);
		if (!err)
			continue;
		if (page)
			__free_page(page);
		if (pram_try_another(err))
			continue;
		while (chain->nr_pages > before)
			pram_pop_byte_page(ps);
		return err;
	}
	return 0;
}

/*
 * The bytes at the place in the byte stream, and how many there are in a row; an
 * error if the page is not what was written.
 */
static void *pram_bytes(struct pram_stream *ps, size_t *len)
{
	struct pram_cursor *cursor = &ps->cursor[PRAM_BYTES];
	u64 pfn = pram_entry_pfn(pram_cursor_entry(ps, PRAM_BYTES));
	unsigned int offset = offset_in_page(ps->pos);

	pfn += cursor->folio;
	if (ps->mode == PRAM_READ && ps->pos >= ps->good) {
		int err = pram_check_data(cursor, pfn, 0);

		if (err)
			return ERR_PTR(err);
		ps->good = ps->pos - offset + PAGE_SIZE;
	}
	*len = min(*len, PAGE_SIZE - offset);
	return pram_addr(pfn) + offset;
}

static void pram_advance_bytes(struct pram_stream *ps, size_t len)
{
	ps->pos += len;
	if (!offset_in_page(ps->pos))
		ps->cursor[PRAM_BYTES].folio++;
}

/**
 * pram_write - append to the byte stream
 * @ps: the stream, open for PRAM_WRITE
 * @buf: what to append
 * @count: how much, in bytes
 *
 * Context: process context, may sleep.
 * Return: @count; or, with the stream as it was,
 * -EINVAL: the stream is not open for PRAM_WRITE, or @count is too large;
 * -ENOMEM: out of memory.
 */
ssize_t pram_write(struct pram_stream *ps, const void *buf, size_t count)
{
	size_t done, len;
	void *to;
	int err;

	if (!ps->node || ps->mode != PRAM_WRITE || count > SSIZE_MAX)
		return -EINVAL;
	err = pram_grow_bytes(ps, ps->pos + count);
	if (err)
		return err;
	for (done = 0; done < count; done += len) {
		len = count - done;
		to = pram_bytes(ps, &len);
		memcpy(to, buf + done, len);
		pram_advance_bytes(ps, len);
	}
	ps->node->page->nr_bytes = ps->pos;
	return count;
}
EXPORT_SYMBOL_GPL(pram_write);

/**
 * pram_read - take the next bytes of the byte stream
 * @ps: the stream, open for PRAM_READ
 * @buf: where to
 * @count: how many
 *
 * Context: process context.
 * Return: the number of bytes, less than @count only at the end of the stream and
 * before a damaged page; or
 * -EINVAL: the stream is not open for PRAM_READ, or @count is too large;
 * -EIO: the next bytes, up to a multiple of PAGE_SIZE, are not what was written,
 * by their checksum;
 * -EHWPOISON: their memory is broken. The next call goes on behind them.
 */
ssize_t pram_read(struct pram_stream *ps, void *buf, size_t count)
{
	void *from = NULL;
	size_t done, len;

	if (!ps->node || ps->mode != PRAM_READ || count > SSIZE_MAX)
		return -EINVAL;
	count = min_t(u64, count, ps->node->page->nr_bytes - ps->pos);
	for (done = 0; done < count; done += len) {
		len = count - done;
		from = pram_bytes(ps, &len);
		if (IS_ERR(from))
			break;
		memcpy(buf + done, from, len);
		pram_advance_bytes(ps, len);
	}
	if (done || !count)
		return done;
	pram_advance_bytes(ps, min_t(u64, ps->node->page->nr_bytes - ps->pos,
				     PAGE_SIZE - offset_in_page(ps->pos)));
	return PTR_ERR(from);
}
EXPORT_SYMBOL_GPL(pram_read);

#include "tests/pram_node_kunit.h"
