// SPDX-License-Identifier: GPL-2.0
/*
 * The byte stream of a node.
 */
#include "pram.h"

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
 * The page at the place in the byte stream, and how many bytes there are in a row; an
 * error if the page is not what was written.
 */
static struct page *pram_bytes(struct pram_stream *ps, size_t *len)
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
	return pfn_to_page(pfn);
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
	struct page *to;
	int err;

	if (!ps->node || ps->mode != PRAM_WRITE || count > SSIZE_MAX)
		return -EINVAL;
	err = pram_grow_bytes(ps, ps->pos + count);
	if (err)
		return err;
	for (done = 0; done < count; done += len) {
		len = count - done;
		to = pram_bytes(ps, &len);
		memcpy_to_page(to, offset_in_page(ps->pos), buf + done, len);
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
	struct page *from = NULL;
	size_t done, len;

	if (!ps->node || ps->mode != PRAM_READ || count > SSIZE_MAX)
		return -EINVAL;
	count = min_t(u64, count, ps->node->page->nr_bytes - ps->pos);
	for (done = 0; done < count; done += len) {
		len = count - done;
		from = pram_bytes(ps, &len);
		if (IS_ERR(from))
			break;
		memcpy_from_page(buf + done, from, offset_in_page(ps->pos),
				 len);
		pram_advance_bytes(ps, len);
	}
	if (done || !count)
		return done;
	pram_advance_bytes(ps, min_t(u64, ps->node->page->nr_bytes - ps->pos,
				     PAGE_SIZE - offset_in_page(ps->pos)));
	return PTR_ERR(from);
}
EXPORT_SYMBOL_GPL(pram_read);
