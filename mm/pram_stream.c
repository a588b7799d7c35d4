// SPDX-License-Identifier: GPL-2.0
/*
 * The page stream of a node.
 */
#include "pram.h"

#include <trace/events/pram.h>

/**
 * pram_append - append a folio to a stream, and to the set of what is preserved
 * @ps: the stream, open for PRAM_WRITE
 * @which: PRAM_PAGES or PRAM_BYTES
 * @pfn: its first page
 * @order: its order
 * @flags: bits in PRAM_FLAGS_MASK
 *
 * Context: process context, may sleep.
 * Return: 0, -EEXIST, -EBUSY or -ENOMEM, as pram_save_folio().
 */
int pram_append(struct pram_stream *ps, unsigned int which, u64 pfn,
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
	if (pram_maybe_pinned(folio))
		return -EBUSY;
	return 0;
}

/**
 * pram_save_folio - append a folio to the page stream
 * @ps: the stream, open for PRAM_WRITE
 * @folio: the folio
 * @flags: bits in PRAM_FLAGS_MASK, for pram_load_folio() to return
 *
 * PRAM takes a reference of its own. The contents at the time of the kexec are preserved.
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
 * pram_save_runs - append folios to the page stream, with references to them
 * @ps: the stream, open for PRAM_WRITE
 * @runs: folios that pram_save_folio() would take, with one reference to each, which
 *	are PRAM's now
 * @nr: how many runs
 *
 * Context: process context, may sleep.
 * Return: how many runs, from the first on, have been appended; or, if it is none, an
 * error, as pram_save_folio(). The references of the others are still the caller's.
 */
int pram_save_runs(struct pram_stream *ps, const struct pram_run *runs,
		   unsigned int nr)
{
	struct pram_node *node = ps->node;
	const u32 flags = pram_link_flags(node->page);
	int added = pram_map_add_runs(runs, nr, ps->gfp), i, left;

	for (i = 0; i < added; i++) {
		int err = pram_add_run(&node->page->chain[PRAM_PAGES],
				       &node->last[PRAM_PAGES],
				       pram_entry(runs[i].pfn, runs[i].order, 0,
						  runs[i].nr),
				       flags, ps->gfp, NULL);

		if (err) {
			for (left = i; left < added; left++)
				pram_map_del(runs[left].pfn,
					     pram_run_pages(&runs[left]));
			return i ?: err;
		}
		trace_pram_save(node->page->name, runs[i].pfn, runs[i].order, 0);
	}
	return added;
}

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

/**
 * pram_cursor_entry - the entry at the cursor of a stream
 * @ps: the stream
 * @which: PRAM_PAGES or PRAM_BYTES
 *
 * The cursor moves on to it from the end of the one before.
 *
 * Return: the entry; 0 at the end of the stream. That is not a state of the cursor: it
 * goes on when the stream does.
 */
u64 pram_cursor_entry(struct pram_stream *ps, unsigned int which)
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
 * Is the data at the cursor what was saved? This can be checked only for data that has
 * not been loaded before, as it may have been written to since.
 */
static int pram_check_csum(const struct pram_cursor *cursor, u64 pfn,
			   unsigned int order)
{
	u32 csum;

	if (!(cursor->link->flags & PRAM_LINK_CSUM) || !pram_page_raw(pfn))
		return 0;
	csum = *pram_link_csum(cursor->link, cursor->entry);
	/* With a broken page there is nothing to compare it with */
	if (csum == PRAM_DATA_BAD || pram_has_poison(pfn, order) ||
	    csum != pram_csum_folio(pfn, order))
		return -EIO;
	return 0;
}

/**
 * pram_check_data - is the data at the cursor what was saved?
 * @cursor: the cursor
 * @pfn: the first page of the folio
 * @order: its order
 *
 * Return: 0; -EHWPOISON: a page is broken; -EIO: the checksum says that it is not.
 */
int pram_check_data(const struct pram_cursor *cursor, u64 pfn, unsigned int order)
{
	return pram_has_poison(pfn, order) ? -EHWPOISON :
					     pram_check_csum(cursor, pfn, order);
}

/*
 * A raw folio becomes an ordinary one, and will need another checksum. After its link has
 * been copied for a kexec, the next kernel would not learn of that.
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
 * struct pram_part - what the cursor of the page stream is at
 * @pfn: its first page
 * @order: its order
 * @whole: the order of the entry's folios; it is more if what was one folio has
 *	been loaded in single pages before
 * @flags: those of the entry
 */
struct pram_part {
	u64 pfn;
	unsigned int order;
	unsigned int whole;
	unsigned int flags;
};

/* Returns false at the end of the stream */
static bool pram_next_part(struct pram_stream *ps, struct pram_part *part)
{
	u64 entry = pram_cursor_entry(ps, PRAM_PAGES);
	struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];

	if (!entry)
		return false;
	part->whole = pram_entry_order(entry);
	part->flags = pram_entry_flags(entry);
	part->pfn = pram_entry_pfn(entry) +
		    ((u64)cursor->folio << part->whole) + cursor->page;
	if (!pram_page_raw(part->pfn))
		part->order = folio_order(pfn_folio(part->pfn));
	else
		part->order = cursor->page ? 0 : part->whole;
	return true;
}

/* Go on behind the part */
static void pram_skip_part(struct pram_stream *ps, const struct pram_part *part)
{
	struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];

	WRITE_ONCE(ps->node->loaded, true);
	cursor->page += 1U << part->order;
	if (cursor->page < 1U << part->whole)
		return;
	cursor->page = 0;
	cursor->folio++;
}

/* The folio, which becomes an ordinary one if it is raw, and a reference to it */
static struct folio *pram_take_part(struct pram_stream *ps,
				    const struct pram_part *part)
{
	struct folio *folio;
	int err = 0;

	if (pram_page_raw(part->pfn))
		err = pram_first_load(&ps->cursor[PRAM_PAGES], part->pfn,
				      part->order);
	if (err)
		return ERR_PTR(err);
	folio = pfn_folio(part->pfn);
	folio_get(folio);
	trace_pram_load(ps->node->page->name, part->pfn, part->order,
			part->flags);
	return folio;
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
	struct pram_part part;
	struct folio *folio;
	int err;

	if (!ps->node || ps->mode != PRAM_READ)
		return ERR_PTR(-EINVAL);
	if (!pram_next_part(ps, &part))
		return NULL;
	err = pram_check_data(&ps->cursor[PRAM_PAGES], part.pfn, part.order);
	folio = err ? ERR_PTR(err) : pram_take_part(ps, &part);
	if (folio == ERR_PTR(-EBUSY))
		return folio;
	pram_skip_part(ps, &part);
	if (!IS_ERR(folio) && flags)
		*flags = part.flags;
	return folio;
}
EXPORT_SYMBOL_GPL(pram_load_folio);

/**
 * pram_load_part - take the next folio of the page stream, or one page of it
 * @ps: the stream, open for PRAM_READ
 * @max_order: what is larger, and has not been loaded before, comes in single pages
 * @flags: returns the flags it was saved with
 * @nr: returns how many pages the folio has, or how many are lost by the error
 *
 * As pram_load_folio(), but a folio with a broken page is loaded as single pages, without
 * the broken one. If it has been loaded before, the broken one is among them, and the
 * caller has to find it.
 *
 * Context: process context, may sleep.
 * Return: as pram_load_folio().
 */
struct folio *pram_load_part(struct pram_stream *ps, unsigned int max_order,
			     unsigned int *flags, unsigned long *nr)
{
	struct pram_part part;
	struct folio *folio;
	bool raw;
	int err;

	*nr = 0;
	if (!ps->node || ps->mode != PRAM_READ)
		return ERR_PTR(-EINVAL);
	if (!pram_next_part(ps, &part))
		return NULL;
	raw = pram_page_raw(part.pfn);
	/* The checksum is that of the whole, and is looked at once */
	err = part.order < part.whole ? 0 :
	      pram_check_csum(&ps->cursor[PRAM_PAGES], part.pfn, part.order);
	if (!err && raw && (part.order > max_order ||
			    pram_has_poison(part.pfn, part.order)))
		part.order = 0;
	if (!err && raw && pram_has_poison(part.pfn, part.order))
		err = -EHWPOISON;
	folio = err ? ERR_PTR(err) : pram_take_part(ps, &part);
	if (folio == ERR_PTR(-EBUSY))
		return folio;
	*flags = part.flags;
	*nr = 1UL << part.order;
	pram_skip_part(ps, &part);
	return folio;
}

/*
 * Restore folios of the entry at the cursor, up to one that has been loaded before or
 * is broken. Returns how many.
 */
static unsigned int pram_restore_run(struct pram_stream *ps, u64 entry,
				     struct folio **folio, unsigned int nr)
{
	struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];
	unsigned int order = pram_entry_order(entry), i;
	u64 pfn = pram_entry_pfn(entry) + ((u64)cursor->folio << order);

	nr = min_t(u64, nr, pram_entry_count(entry) - cursor->folio);
	for (i = 0; i < nr; i++, pfn += 1U << order) {
		if (!pram_page_raw(pfn) || pram_has_poison(pfn, order))
			break;
		folio[i] = pram_restore_folio(pfn, order);
		trace_pram_load(ps->node->page->name, pfn, order,
				pram_entry_flags(entry));
	}
	cursor->folio += i;
	return i;
}

/**
 * pram_load_run - take folios of the page stream that nobody has loaded before
 * @ps: the stream, open for PRAM_READ
 * @max_order: the largest that they may be
 * @max_pages: how many pages they may have in all
 * @folio: returns the folios, all of the same order
 * @nr: how many there may be
 * @flags: returns the flags they were saved with, which are the same for all
 *
 * These have no checksum, are not broken, and have one reference, which is PRAM's.
 *
 * Context: process context, may sleep.
 * Return: how many; 0: the next one is for pram_load_part().
 */
unsigned int pram_load_run(struct pram_stream *ps, unsigned int max_order,
			   unsigned long max_pages, struct folio **folio,
			   unsigned int nr, unsigned int *flags)
{
	const struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];
	unsigned int order = 0, done = 0, got;
	u64 entry;

	do {
		got = 0;
		entry = pram_cursor_entry(ps, PRAM_PAGES);
		if (!entry || cursor->page ||
		    cursor->link->flags & PRAM_LINK_CSUM)
			break;
		if (!done) {
			order = pram_entry_order(entry);
			*flags = pram_entry_flags(entry);
			if (order > max_order)
				break;
			nr = min_t(unsigned long, nr, max_pages >> order);
		}
		if (pram_entry_order(entry) == order &&
		    pram_entry_flags(entry) == *flags)
			got = pram_restore_run(ps, entry, folio + done,
					       nr - done);
		done += got;
	} while (got && done < nr);
	if (done)
		WRITE_ONCE(ps->node->loaded, true);
	return done;
}

/* How many folios there are before one that is broken */
static unsigned int pram_run_sound(const struct pram_run *run)
{
	unsigned int i;

	if (!pram_nr_broken())
		return run->nr;
	for (i = 0; i < run->nr; i++) {
		if (pram_has_poison(run->pfn + ((unsigned long)i << run->order),
				    run->order))
			break;
		cond_resched();
	}
	return i;
}

/**
 * pram_load_raw - take folios of the page stream, and leave them raw
 * @ps: the stream, open for PRAM_READ; nothing of the node had been loaded before it
 *	was opened
 * @max_order: the largest that they may be
 * @max_pages: how many pages they may have in all
 * @run: returns the folios
 *
 * These have no checksum and no flags, and are not broken. The time does not depend on
 * their number.
 *
 * Context: process context, may sleep.
 * Return: whether there are any; if not, the next one is for pram_load_run() or
 * pram_load_part().
 */
bool pram_load_raw(struct pram_stream *ps, unsigned int max_order,
		   unsigned long max_pages, struct pram_run *run)
{
	struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];
	u64 entry = pram_cursor_entry(ps, PRAM_PAGES);

	if (!entry || cursor->page || pram_entry_flags(entry) ||
	    cursor->link->flags & PRAM_LINK_CSUM)
		return false;
	run->order = pram_entry_order(entry);
	run->pfn = pram_entry_pfn(entry) + ((u64)cursor->folio << run->order);
	run->nr = min_t(u64, pram_entry_count(entry) - cursor->folio,
			max_pages >> run->order);
	if (run->order > max_order)
		return false;
	run->nr = pram_run_sound(run);
	cursor->folio += run->nr;
	return run->nr;
}

/**
 * pram_skip_folios - pass over folios of the page stream
 * @ps: the stream, open for PRAM_READ
 * @folios: how many there may be; returns how many there were
 * @max_pages: how many pages they may have in all
 *
 * A folio that is loaded in single pages is passed over as a whole, or not at all.
 *
 * Context: process context.
 * Return: how many pages.
 */
unsigned long pram_skip_folios(struct pram_stream *ps, unsigned int *folios,
			       unsigned long max_pages)
{
	struct pram_cursor *cursor = &ps->cursor[PRAM_PAGES];
	unsigned int max = *folios, nr;
	unsigned long pages = 0;

	*folios = 0;
	while (!cursor->page) {
		u64 entry = pram_cursor_entry(ps, PRAM_PAGES);
		unsigned int order = pram_entry_order(entry);

		if (!entry)
			break;
		nr = min3(pram_entry_count(entry) - cursor->folio,
			  (u64)(max - *folios),
			  (u64)(max_pages - pages) >> order);
		if (!nr)
			break;
		cursor->folio += nr;
		*folios += nr;
		pages += (unsigned long)nr << order;
	}
	return pages;
}

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

#include "tests/pram_node_kunit.h"
