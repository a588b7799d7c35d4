// SPDX-License-Identifier: GPL-2.0
/*
 * Moving preserved pages out of forbidden ranges.
 */
#include "pram.h"

/**
 * DOC: Moving pages
 *
 * The pages of this kernel are not changed. A node with pages in forbidden
 * ranges gets a second description for the next kernel, in which these pages
 * are replaced by copies. Links are copied up to the last one that changes; the
 * links behind it, and all other pages, are shared by both descriptions. This
 * kernel goes on with the first description. If the kexec is refused, the
 * copies are freed; a log of them is kept for that.
 *
 * Not freeing the originals costs no room for copies, as those must not be in a
 * forbidden range. The originals may still be written to, so they are copied
 * once more right before the jump. This is not done for pages to which nobody
 * could write when they were copied: raw pages, and pages of closed nodes to
 * which PRAM has the only reference. Nodes cannot be opened until the kexec, or
 * until it has been undone.
 *
 * A copy is on the NUMA node of the original, if there is room.
 */

/* In the flags of an entry in the log of originals: it is the same until the end */
#define PRAM_ORIGIN_FINAL	1

/* Runs of pages */
struct pram_log {
	struct pram_chain chain;
	struct pram_link *last;
};

/*
 * All that was allocated to move nodes: metadata, and copies of data with, page
 * by page, what they are copies of. Protected by pram_lock.
 */
static struct pram_log pram_log_meta;
static struct pram_log pram_log_copies;
static struct pram_log pram_log_origins;

/* What that comes to */
static struct pram_moved pram_moved;

/* Whether something of a node that is to be wiped was copied; under pram_lock */
static bool pram_moved_wipes;

/**
 * struct pram_mover - one run of moving
 * @held: forbidden folios that were allocated in vain
 * @node: the node that is moved
 * @flags: of the links of the node
 * @csum: of the folio, if the links have checksums
 * @allowed: for pram_forbidden_near()
 * @closed: whether nobody can get at the folios by way of the node
 * @dry_run: whether to do without the contents of copies
 */
struct pram_mover {
	struct folio **held;
	const struct pram_node *node;
	u32 flags;
	u32 csum;
	struct pram_range allowed;
	bool closed;
	bool dry_run;
};

static int pram_log_add(struct pram_mover *mover, struct pram_log *log, u64 pfn,
			unsigned int order, unsigned int flags)
{
	return pram_add_run(&log->chain, &log->last,
			    pram_entry(pfn, order, flags, 1), 0, PRAM_KEXEC_GFP,
			    mover->held);
}

/* What was allocated at @pfn, and is in the set, can be freed by way of the log */
static int pram_log_own(struct pram_mover *mover, struct pram_log *log, u64 pfn,
			unsigned int order)
{
	int err = pram_log_add(mover, log, pfn, order, 0);

	if (err)
		pram_put_range(pfn, pfn + (1UL << order), false);
	return err;
}

static void *pram_move_meta(struct pram_mover *mover, u32 magic)
{
	struct pram_head *head = pram_alloc_meta(magic, PRAM_KEXEC_GFP,
						 mover->held);

	if (head && pram_log_own(mover, &pram_log_meta, head->pfn, 0))
		head = NULL;
	return head;
}

/* Append a run to a chain whose links are in the log */
static int pram_move_run(struct pram_mover *mover, struct pram_chain *chain,
			 struct pram_link **last, u64 entry)
{
	struct pram_link *before = *last;
	int err;

	err = pram_add_run(chain, last, entry, mover->flags, PRAM_KEXEC_GFP,
			   mover->held);
	if (!err && *last != before)
		err = pram_log_own(mover, &pram_log_meta, (*last)->head.pfn, 0);
	if (!err && mover->flags & PRAM_LINK_CSUM)
		*pram_link_csum(*last, (*last)->nr_entries - 1) = mover->csum;
	return err;
}

/* Is the memory raw, or has PRAM the only references? It may be several folios. */
static bool pram_is_unused(u64 pfn, u64 nr)
{
	u64 end = pfn + nr;

	while (pfn < end) {
		struct folio *folio;

		if (pram_page_raw(pfn)) {
			pfn++;
			continue;
		}
		folio = pfn_folio(pfn);
		if (folio_ref_count(folio) != 1)
			return false;
		pfn += folio_nr_pages(folio);
	}
	return true;
}

/*
 * Will the contents of the folio not change until the kexec? Raw pages may still be
 * loaded if the node is open; pram_move_again() checks for that.
 */
static bool pram_is_final(const struct pram_mover *mover, u64 pfn, u64 nr)
{
	bool final = mover->closed && pram_is_unused(pfn, nr);

	/* See all that was written before the other references were dropped */
	smp_rmb();
	return final;
}

static int pram_copy_pages(const struct pram_mover *mover, u64 to, u64 from,
			   u64 nr)
{
	u64 i;

	for (i = 0; i < nr; i++) {
		struct page *page = pfn_to_page(from + i);

		if (PageHWPoison(page) ||
		    (!mover->dry_run &&
		     copy_mc_highpage(pfn_to_page(to + i), page)))
			return -EHWPOISON;
	}
	cond_resched();
	return 0;
}

static void pram_count_moved(u64 to, u64 from, u64 nr)
{
	pram_moved.pages += nr;
	if (page_to_nid(pfn_to_page(to)) != page_to_nid(pfn_to_page(from)))
		pram_moved.remote += nr;
}

/*
 * Copy one folio to a place that is not forbidden, and append the copy to the
 * chain. -EAGAIN: no folio of that order could be allocated, and nothing has
 * changed.
 */
static int pram_move_folio(struct pram_mover *mover, struct pram_chain *chain,
			   struct pram_link **last, u64 pfn, unsigned int order,
			   unsigned int flags)
{
	int nid = page_to_nid(pfn_to_page(pfn)), err;
	u64 nr = 1ULL << order, to;
	struct folio *folio;

	do {
		folio = pram_alloc_near(order, nid, PRAM_KEXEC_DATA_GFP,
					mover->held);
		if (!folio)
			return -EAGAIN;
		to = folio_pfn(folio);
		err = pram_map_add(to, nr, PRAM_KEXEC_GFP);
		if (err)
			folio_put(folio);
	} while (pram_try_another(err));
	if (err)
		return err;
	err = pram_log_own(mover, &pram_log_copies, to, order);
	if (!err)
		err = pram_log_add(mover, &pram_log_origins, pfn, order,
				   pram_is_final(mover, pfn, nr) ?
				   PRAM_ORIGIN_FINAL : 0);
	if (!err)
		err = pram_copy_pages(mover, to, pfn, nr);
	if (!err)
		err = pram_move_run(mover, chain, last,
				    pram_entry(to, order, flags, 1));
	if (!err)
		err = pram_wipe_moved(mover->node, pfn, order, mover->held);
	if (!err)
		pram_count_moved(to, pfn, nr);
	return err;
}

/*
 * The folio will be split, and its checksum is of no use for the parts. If the
 * folio is intact, theirs are computed later; if not, they are marked as wrong.
 */
static void pram_split_csum(struct pram_mover *mover, u64 pfn,
			    unsigned int order)
{
	/* Broken pages are not for reading, and will not be copied */
	if (mover->dry_run || !mover->csum || pram_has_poison(pfn, order))
		return;
	if (mover->csum == pram_csum_folio(pfn, order))
		mover->csum = 0;
	else
		mover->csum = PRAM_DATA_BAD;
}

/* As a whole where there is a place, else in halves, and so on */
static int pram_move_split(struct pram_mover *mover, struct pram_chain *chain,
			   struct pram_link **last, u64 pfn, unsigned int order,
			   unsigned int flags)
{
	u64 end = pfn + (1ULL << order);
	unsigned int piece = order;
	int err;

	while (pfn < end) {
		err = pram_move_folio(mover, chain, last, pfn, piece, flags);
		if (!err)
			pfn += 1ULL << piece;
		else if (err != -EAGAIN)
			return err;
		else if (!piece)
			return -ENOMEM;
		else if (piece-- == order)
			pram_split_csum(mover, pfn, order);
	}
	pram_moved.split += piece != order;
	return 0;
}

static int pram_move_entry(struct pram_mover *mover, struct pram_chain *chain,
			   struct pram_link **last, u64 entry)
{
	unsigned int order = pram_entry_order(entry);
	unsigned int flags = pram_entry_flags(entry);
	u64 pfn = pram_entry_pfn(entry), count;
	int err = 0;

	if (!pram_forbidden_near(pfn, pram_entry_pages(entry),
				 &mover->allowed))
		return pram_move_run(mover, chain, last, entry);

	for (count = pram_entry_count(entry); count && !err; count--) {
		if (pram_forbidden(pfn, 1ULL << order))
			err = pram_move_split(mover, chain, last, pfn, order,
					      flags);
		else
			err = pram_move_run(mover, chain, last,
					    pram_entry(pfn, order, flags, 1));
		pfn += 1ULL << order;
	}
	return err;
}

static bool pram_link_forbidden(struct pram_mover *mover,
				const struct pram_link *link)
{
	unsigned int i;

	if (pram_forbidden_meta(link->head.pfn))
		return true;
	for (i = 0; i < link->nr_entries; i++) {
		if (pram_forbidden_near(pram_entry_pfn(link->entry[i]),
					pram_entry_pages(link->entry[i]),
					&mover->allowed))
			return true;
	}
	return false;
}

/* The last link that cannot stay as it is, NULL: all of them can */
static struct pram_link *pram_last_forbidden(struct pram_mover *mover,
					     const struct pram_chain *chain)
{
	struct pram_link *link, *last = NULL;
	u64 pfn;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		if (pram_link_forbidden(mover, link))
			last = link;
		cond_resched();
	}
	return last;
}

/*
 * Make links that replace those up to @until; the ones behind it are shared. Each
 * new link has as many pages as the old one, so that positions do not change.
 */
static int pram_move_chain(struct pram_mover *mover, struct pram_chain *to,
			   const struct pram_chain *from,
			   const struct pram_link *until)
{
	struct pram_link *last = NULL, *link = NULL;
	u64 pfn = from->first, nr_links = 0;
	unsigned int i;
	int err = 0;

	*to = (struct pram_chain){};
	while (link != until) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries && !err; i++) {
			if (mover->flags & PRAM_LINK_CSUM)
				mover->csum = *pram_link_csum(link, i);
			err = pram_move_entry(mover, to, &last, link->entry[i]);
		}
		if (!err)
			err = pram_wipe_moved(mover->node, pfn, 0,
					      mover->held);
		if (err)
			return err;
		nr_links++;
		pfn = link->next;
	}
	last->next = pfn;
	to->nr_links += from->nr_links - nr_links;
	to->nr_pages = from->nr_pages;
	return 0;
}

static int pram_move_node(struct pram_mover *mover, struct pram_node *node)
{
	struct pram_link *until[PRAM_NR_CHAINS];
	struct pram_node_page *page = node->page;
	unsigned int i;
	int err = 0;

	for (i = 0; i < PRAM_NR_CHAINS; i++)
		until[i] = pram_last_forbidden(mover, &page->chain[i]);
	if (!until[PRAM_PAGES] && !until[PRAM_BYTES] &&
	    !pram_forbidden_meta(page->head.pfn))
		return 0;

	mover->node = node;
	mover->flags = pram_link_flags(page);
	mover->csum = 0;
	node->moved = pram_move_meta(mover, PRAM_NODE_MAGIC);
	if (!node->moved)
		return -ENOMEM;
	memcpy((void *)node->moved + sizeof(page->head),
	       (void *)page + sizeof(page->head),
	       sizeof(*page) - sizeof(page->head));
	pram_moved_wipes |= pram_wipes(page);
	err = pram_wipe_moved(node, page->head.pfn, 0, mover->held);
	for (i = 0; i < PRAM_NR_CHAINS && !err; i++) {
		/* pram_read() gives nobody a page */
		mover->closed = i == PRAM_BYTES || node->state == PRAM_READY;
		if (until[i])
			err = pram_move_chain(mover, &node->moved->chain[i],
					      &page->chain[i], until[i]);
	}
	return err;
}

/**
 * pram_move_undo - free all copies
 *
 * Context: pram_lock is held; may sleep.
 */
void pram_move_undo(void)
{
	struct pram_node *node;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list)
		node->moved = NULL;
	pram_free_chain(&pram_log_meta.chain, pram_moved_wipes);
	pram_free_chain(&pram_log_copies.chain, pram_moved_wipes);
	pram_free_links(pram_log_origins.chain.first, false);
	pram_log_meta = (struct pram_log){};
	pram_log_copies = (struct pram_log){};
	pram_log_origins = (struct pram_log){};
	pram_moved = (struct pram_moved){};
	pram_moved_wipes = false;
}

/**
 * pram_move_count - what has been moved, and not been undone
 * @moved: returns it; after a dry run, what would have been moved
 *
 * Context: pram_lock is held.
 */
void pram_move_count(struct pram_moved *moved)
{
	lockdep_assert_held(&pram_lock);
	*moved = pram_moved;
}

/* A place in a log */
struct pram_log_pos {
	struct pram_link *link;
	unsigned int entry;
	u64 page;
};

static struct pram_log_pos pram_log_start(const struct pram_log *log)
{
	u64 first = log->chain.first;

	return (struct pram_log_pos){ .link = first ? pram_addr(first) : NULL };
}

/* The page at the position, which moves on, and its flags; 0 at the end of the log */
static u64 pram_next_page(struct pram_log_pos *pos, unsigned int *flags)
{
	u64 entry, pfn;

	if (!pos->link)
		return 0;
	entry = pos->link->entry[pos->entry];
	*flags = pram_entry_flags(entry);
	pfn = pram_entry_pfn(entry) + pos->page++;
	if (pos->page < pram_entry_pages(entry))
		return pfn;
	pos->page = 0;
	if (++pos->entry < pos->link->nr_entries)
		return pfn;
	pos->entry = 0;
	pos->link = pos->link->next ? pram_addr(pos->link->next) : NULL;
	return pfn;
}

/**
 * pram_move_again - bring the copies up to date
 *
 * Pages that have not been loaded, or to which nobody could write, have not
 * changed. If another page has become broken, its copy is not updated, and is
 * marked as broken, too.
 *
 * Context: nobody else is running; may not sleep.
 */
void pram_move_again(void)
{
	struct pram_log_pos copies = pram_log_start(&pram_log_copies);
	struct pram_log_pos origins = pram_log_start(&pram_log_origins);
	unsigned int flags;
	u64 to, from;

	while ((to = pram_next_page(&copies, &flags))) {
		from = pram_next_page(&origins, &flags);
		if (WARN_ON_ONCE(!from))
			break;
		if (flags & PRAM_ORIGIN_FINAL || pram_page_raw(from))
			continue;
		if (PageHWPoison(pfn_to_page(from)))
			SetPageHWPoison(pfn_to_page(to));
		else
			copy_highpage(pfn_to_page(to), pfn_to_page(from));
		touch_nmi_watchdog();
	}
}

/* Pages of data in folios of which something is where it must not be */
static u64 pram_count_forbidden(const struct pram_chain *chain)
{
	struct pram_link *link;
	u64 pfn, nr = 0, count;
	unsigned int i;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		for (i = 0; i < link->nr_entries; i++) {
			u64 size = 1ULL << pram_entry_order(link->entry[i]);
			u64 folio = pram_entry_pfn(link->entry[i]);

			count = pram_entry_count(link->entry[i]);
			for (; count; count--, folio += size)
				nr += pram_forbidden(folio, size) ? size : 0;
		}
		cond_resched();
	}
	return nr;
}

static void pram_move_failed(const struct pram_node *node, int err)
{
	unsigned int i;
	u64 nr = 0;

	if (err == -EHWPOISON) {
		pram_refuse("a broken page of node '%s' is where the next kernel will be: load the image again, or discard the node",
			    node->page->name);
		return;
	}
	list_for_each_entry(node, &pram_nodes, list) {
		for (i = 0; i < PRAM_NR_CHAINS && pram_kept(node); i++)
			nr += pram_count_forbidden(&node->page->chain[i]);
	}
	pram_refuse("%llu MiB are preserved where the next kernel will be, or has no memory (mem=, memmap=), and there is memory to move %llu MiB only: free some, discard a node, or see pram.boot_share",
		    DIV_ROUND_UP_ULL(nr, SZ_1M / PAGE_SIZE),
		    pram_moved.pages / (SZ_1M / PAGE_SIZE));
}

/**
 * pram_move_nodes - see that nothing that is kept is where it must not be
 * @held: as for pram_alloc_outside()
 * @dry_run: do all that may fail, but leave out the contents of copies
 *
 * Context: pram_lock is held, nothing has been moved; may sleep.
 * Return: 0, -ENOMEM or -EHWPOISON, after pram_refuse(). pram_move_undo() is left
 * to the caller.
 */
int pram_move_nodes(struct folio **held, bool dry_run)
{
	struct pram_mover mover = { .held = held, .dry_run = dry_run };
	struct pram_node *node;
	int err;

	lockdep_assert_held(&pram_lock);
	list_for_each_entry(node, &pram_nodes, list) {
		if (!pram_kept(node))
			continue;
		err = pram_move_node(&mover, node);
		if (err) {
			pram_move_failed(node, err);
			return err;
		}
	}
	if (pram_moved.pages && !dry_run)
		pr_info("moved %llu pages out of the way of the next kernel, %llu folios in pieces, %llu pages to another NUMA node\n",
			pram_moved.pages, pram_moved.split, pram_moved.remote);
	return 0;
}

#include "tests/pram_move_kunit.h"
