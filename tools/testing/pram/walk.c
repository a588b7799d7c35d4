// SPDX-License-Identifier: GPL-2.0
/*
 * A second reader of the format. It knows include/linux/pram_format.h and
 * nothing else of PRAM, and compares what it finds with the model.
 */
#include "oracle.h"
#include "ops.h"

#include "../../../mm/pram.h"

/**
 * struct walk - a walk over nodes
 * @sealed: what the next kernel will see: checksums are there, and folios may
 *	have moved. Otherwise what this kernel has.
 * @owner: of the node being walked
 * @csum: and whether its links have checksums
 * @nr_pages: pages of data
 * @nr_meta: pages of metadata
 * @nr_stale: copies of pages that have broken since, or at least may be that
 */
struct walk {
	bool sealed;
	unsigned int owner;
	bool csum;
	u64 nr_pages;
	u64 nr_meta;
	u64 nr_stale;
	u64 nr_wipe;
};

u32 walk_crc(const void *page)
{
	return crc32c(~0, page + 8, 4096 - 8);
}

static void claim(struct walk *walk, u64 pfn, u64 nr, u16 owner)
{
	struct oracle *o = ORACLE;

	for (; nr; nr--, pfn++) {
		if (pfn >= O_MAX_PFN || !sim_is_ram(pfn))
			sim_fail("pfn %#llx is no RAM", pfn);
		if (o->owner[pfn])
			sim_fail("pfn %#llx belongs to %#x and to %#x", pfn,
				 o->owner[pfn], owner);
		o->owner[pfn] = owner;
	}
}

/* Did the page belong to a node that is to be wiped when it was last looked at? */
bool walk_secret(u64 pfn)
{
	const struct oracle *o = ORACLE;
	unsigned int owner = pfn < O_MAX_PFN ? o->owner[pfn] : 0;

	owner &= ~O_OWNER_META;
	return owner && owner <= O_MAX_NODES && o->node[owner - 1].wipe &&
	       !o->any_super;
}

static void check_head(struct walk *walk, u64 pfn, u32 magic)
{
	const struct pram_head *head = sim_phys(pfn);

	if (head->magic != magic || head->pfn != pfn)
		sim_fail("pfn %#llx: magic %#x instead of %#x, pfn %#llx", pfn,
			 head->magic, magic, head->pfn);
	if (walk->sealed && head->csum != walk_crc(head))
		sim_fail("pfn %#llx: checksum is wrong", pfn);
}

static const struct pram_link *get_link(struct walk *walk, u64 pfn, u32 magic,
					u64 pos)
{
	const struct pram_link *link;

	claim(walk, pfn, 1, magic == PRAM_LINK_MAGIC ?
	      walk->owner | O_OWNER_META : walk->owner);
	check_head(walk, pfn, magic);
	link = sim_phys(pfn);
	if (!link->nr_entries || link->nr_entries > (walk->csum ? 338 : 507) ||
	    link->flags != walk->csum || link->pos != pos)
		sim_fail("link %#llx: %u entries, flags %#x, pos %llu, not %llu",
			 pfn, link->nr_entries, link->flags, link->pos, pos);
	return link;
}

static u32 entry_csum(const struct pram_link *link, unsigned int i)
{
	return *(const u32 *)((const void *)link + 4096 - 4 * (i + 1));
}

/*
 * The checksum of an entry, a single folio; it is there for the next kernel
 * only. What is damaged must go on having a wrong one.
 */
static void check_csum(struct walk *walk, const struct pram_link *link,
		       unsigned int i, bool bad)
{
	u64 entry = link->entry[i];
	u64 pfn = entry & ((1ULL << 40) - 1);
	unsigned int order = entry >> 40 & 31;
	bool right;
	u32 csum;

	if (!walk->csum)
		return;
	if (entry >> 48 != 1)
		sim_fail("an entry with a checksum is for %llu folios",
			 entry >> 48);
	if (!walk->sealed)
		return;
	csum = entry_csum(link, i);
	right = !sim_is_broken(pfn, order) &&
		csum == max(2U, crc32c(~0, sim_phys(pfn), 4096UL << order));
	if (bad && sim_is_broken(pfn, order) && csum != PRAM_DATA_BAD)
		sim_fail("pfn %#llx, order %u: broken, with checksum %#x", pfn,
			 order, csum);
	if (right == bad)
		sim_fail("pfn %#llx, order %u: the checksum is %s", pfn, order,
			 bad ? "right, for what is wrong" : "wrong");
}

/*
 * Memory that has broken after it was copied. If its page is raw, the copy is
 * what was saved, for nobody could write to it. Nor could anybody if the only
 * reference was PRAM's when it was copied. Else the copy is as it was then, and
 * must not pass for good where there are checksums.
 */
static bool copy_is_bad(struct walk *walk, u64 from, unsigned int order,
			u32 csum)
{
	if (!sim_is_broken(from, order))
		return false;
	ORACLE->reached.broken_moved++;
	if (!walk->csum || sim_page_state(from) == SIM_OFFLINE)
		return false;
	/* It may have been the user's, too, then: if not, the contents are right */
	if (folio_ref_count(pfn_folio(from)) == 1)
		return csum == PRAM_DATA_BAD;
	return true;
}

/* A place in the folios of a node of the model */
struct place {
	struct o_node *node;
	u32 folio;
	u64 left;	/* pages of a folio that was moved in pieces */
	u64 from;	/* where they were */
};

/* The folio has been moved in pieces: the rest of it is one more */
static void split(struct place *at, struct o_folio *f, unsigned int order)
{
	struct oracle *o = ORACLE;
	u32 i = o_new_folio();
	struct o_folio *new = &o->folio[i];

	f = &o->folio[at->folio];
	*new = *f;
	new->base += 1U << order;
	new->pfn = 0;
	f->next = i;
	f->order = order;
	if (at->node->last == at->folio)
		at->node->last = i;
	at->node->nr_folios++;
}

static void walk_folio(struct walk *walk, struct place *at, u64 pfn,
		       unsigned int order, unsigned int flags,
		       const struct pram_link *link, unsigned int entry)
{
	struct oracle *o = ORACLE;
	struct o_folio *f = &o->folio[at->folio];
	u64 nr = 1ULL << order, i;

	if (!at->folio)
		sim_fail("node '%s' has folios that were not saved: pfn %#llx",
			 o_name(walk->owner - 1), pfn);
	if (!at->left && order == f->order && pfn == f->pfn)
		goto same;
	if (!walk->sealed)
		sim_fail("node '%s' has pfn %#llx of order %u, not %#llx of order %u",
			 o_name(walk->owner - 1), pfn, order, f->pfn, f->order);

	/* It is another one: so there must have been a reason to move it */
	if (!at->left) {
		if (!pram_forbidden(f->pfn, 1ULL << f->order))
			sim_fail("pfn %#llx of order %u has moved to %#llx without need",
				 f->pfn, f->order, pfn);
		at->left = 1ULL << f->order;
		at->from = f->pfn;
	}
	if (nr > at->left)
		sim_fail("pfn %#llx of order %u is more than was saved", pfn,
			 order);
	if (nr < at->left) {
		if (!sim_exhausted && !sim_nr_faults)
			sim_fail("pfn %#llx of order %u moved in pieces, with no lack of memory",
				 f->pfn, f->order);
		split(at, f, order);
		f = &o->folio[at->folio];
	}
	for (i = 0; i < nr; i++)
		walk->nr_stale += sim_is_broken(at->from + i, 0);
	if (copy_is_bad(walk, at->from, order,
			walk->csum ? entry_csum(link, entry) : 0))
		f->bad = true;
	at->left -= nr;
	at->from += nr;
	f->order = order;
	f->pfn = pfn;
same:
	/* The next kernel finds something there, and perhaps that it is wrong */
	if (walk->sealed && sim_is_broken(pfn, order))
		f->bad = true;
	if (f->flags != flags)
		sim_fail("pfn %#llx has flags %#x, saved with %#x", pfn, flags,
			 f->flags);
	if (!at->node->unknown && !f->bad && !sim_is_broken(pfn, order) &&
	    !o_filled(pfn, nr, f->content, f->base))
		sim_fail("node '%s': pfn %#llx, order %u, does not hold what was saved",
			 o_name(walk->owner - 1), pfn, order);
	check_csum(walk, link, entry, f->bad);
	at->folio = f->next;
}

static void walk_pages(struct walk *walk, const struct pram_chain *chain,
		       struct o_node *node)
{
	struct place at = { .node = node, .folio = node->first };
	const struct pram_link *link;
	u64 pfn, pos = 0, nr_links = 0;
	unsigned int i;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = get_link(walk, pfn, PRAM_LINK_MAGIC, pos);
		nr_links++;
		for (i = 0; i < link->nr_entries; i++) {
			u64 entry = link->entry[i];
			u64 start = entry & ((1ULL << 40) - 1);
			unsigned int order = entry >> 40 & 31;
			unsigned int flags = entry >> 45 & 7;
			u64 count = entry >> 48;

			if (!count || start & ((1ULL << order) - 1))
				sim_fail("bad entry %#llx", entry);
			claim(walk, start, count << order, walk->owner);
			pos += count << order;
			for (; count; count--, start += 1ULL << order)
				walk_folio(walk, &at, start, order, flags,
					   link, i);
		}
	}
	if (at.folio || at.left)
		sim_fail("node '%s' has lost folios: pfn %#llx is missing",
			 o_name(walk->owner - 1), ORACLE->folio[at.folio].pfn);
	if (chain->nr_links != nr_links || chain->nr_pages != pos ||
	    pos != node->nr_pages)
		sim_fail("node '%s' counts %llu links, %llu pages, and has %llu, %llu, of %llu",
			 o_name(walk->owner - 1), chain->nr_links,
			 chain->nr_pages, nr_links, pos, node->nr_pages);
	walk->nr_pages += pos;
	walk->nr_meta += nr_links;
}

static void walk_byte_page(struct o_node *node, u64 pfn, u64 index)
{
	u64 pos = index << 12;
	size_t len = min_t(u64, node->nr_bytes - pos, 4096);
	u8 want[4096];

	if (pos >= node->nr_bytes)
		sim_fail("a page of bytes too many");
	if (node->bad_byte == index + 1 || sim_is_broken(pfn, 0))
		return;
	o_bytes(node->key, pos, want, len);
	if (memcmp(want, sim_phys(pfn), len))
		sim_fail("pfn %#llx: bytes at %llu are not those written", pfn,
			 pos);
}

/*
 * Is the page of bytes that has broken one of these? If it has been copied
 * before, the copy is good: nobody could write to it.
 */
static void break_byte(struct walk *walk, struct o_node *node, u64 pfn,
		       u64 nr, u64 index)
{
	u64 at = node->broken_byte - 1 - index;

	if (!node->broken_byte || at >= nr)
		return;
	/* The next kernel knows that it is */
	if (pfn + at == node->broken_pfn)
		return;
	walk->nr_stale++;
	node->broken_byte = 0;
}

static void walk_byte_chain(struct walk *walk, const struct pram_chain *chain,
			    struct o_node *node)
{
	const struct pram_link *link;
	u64 pfn, pos = 0, nr_links = 0;
	unsigned int i;

	for (pfn = chain->first; pfn; pfn = link->next) {
		link = get_link(walk, pfn, PRAM_LINK_MAGIC, pos);
		nr_links++;
		for (i = 0; i < link->nr_entries; i++) {
			u64 start = link->entry[i] & ((1ULL << 40) - 1);
			u64 count = link->entry[i] >> 48;

			if (link->entry[i] >> 40 & 0xff || !count)
				sim_fail("bad entry %#llx", link->entry[i]);
			claim(walk, start, count, walk->owner);
			if (walk->sealed)
				break_byte(walk, node, start, count, pos);
			check_csum(walk, link, i, node->bad_byte == pos + 1 ||
				   node->broken_byte == pos + 1);
			for (; count; count--, start++, pos++)
				walk_byte_page(node, start, pos);
		}
	}
	if (chain->nr_links != nr_links || chain->nr_pages != pos ||
	    pos != (node->nr_bytes + 4095) >> 12)
		sim_fail("%llu links, %llu pages counted, %llu, %llu there, for %llu bytes",
			 chain->nr_links, chain->nr_pages, nr_links, pos,
			 node->nr_bytes);
	walk->nr_pages += pos;
	walk->nr_meta += nr_links;
}

static void walk_node(struct walk *walk, u64 pfn)
{
	const struct pram_node_page *page = sim_phys(pfn);
	struct o_node *node;
	int index;

	index = o_find(page->name);
	if (index < 0)
		sim_fail("node '%s' does not exist", page->name);
	node = &ORACLE->node[index];
	walk->owner = index + 1;
	walk->csum = node->csum;
	claim(walk, pfn, 1, walk->owner | O_OWNER_META);
	node->sealed = walk->sealed ? pfn : 0;
	check_head(walk, pfn, PRAM_NODE_MAGIC);
	walk->nr_wipe += node->wipe;
	if (page->flags != (node->wipe | node->flags) || page->nr_bytes != node->nr_bytes ||
	    page->generation != node->generation ||
	    page->csum_mode != node->csum)
		sim_fail("node '%s': flags %#x, csum %u, %llu bytes, generation %llu",
			 page->name, page->flags, page->csum_mode,
			 page->nr_bytes, page->generation);
	walk_pages(walk, &page->chain[0], node);
	walk_byte_chain(walk, &page->chain[1], node);
	walk->nr_meta++;
}

static void forget_owners(void)
{
	const struct sim_machine *m = &ORACLE->full;
	unsigned int i;

	for (i = 0; i < m->nr_ram; i++)
		memset(&ORACLE->owner[m->ram[i].start], 0,
		       (m->ram[i].end - m->ram[i].start) *
		       sizeof(ORACLE->owner[0]));
}

/* All nodes that this kernel has, and the set of preserved pages */
void walk_live(void)
{
	struct walk walk = {};
	unsigned long start = 0, end;
	struct pram_node *node;
	u64 nr = 1, nr_map = 0;
	unsigned int i, nodes = 0;

	forget_owners();
	ORACLE->owner[pram_super->head.pfn] = O_OWNER_SUPER;
	list_for_each_entry(node, &pram_nodes, list) {
		walk_node(&walk, node->page->head.pfn);
		nodes++;
		if (node->state + 1 != ORACLE->node[walk.owner - 1].state)
			sim_fail("node '%s' is in state %u", node->page->name,
				 node->state);
	}
	for (i = 0; i < O_MAX_NODES; i++)
		nodes -= ORACLE->node[i].state != O_NONE;
	if (nodes)
		sim_fail("%d nodes too many", (int)nodes);
	nr += walk.nr_pages + walk.nr_meta;

	for (; pram_map_next(&start, &end); start = end) {
		nr_map += end - start;
		/* Copies for the next kernel are in it, too */
		for (; start < end && !pram_frozen; start++) {
			if (!ORACLE->owner[start])
				sim_fail("pfn %#lx is in the set, and in no node",
					 start);
		}
	}
	if (!pram_frozen && nr_map != nr)
		sim_fail("%llu pages are preserved, in the set are %llu", nr,
			 nr_map);
}

/* Mostly asked for pfns in ascending order */
bool walk_covered(const struct pram_super *sb, u64 pfn)
{
	static unsigned int i;

	if (i >= sb->nr_cover || sb->cover[i].start > pfn)
		i = 0;
	while (i < sb->nr_cover && sb->cover[i].end <= pfn)
		i++;
	return i < sb->nr_cover && pfn >= sb->cover[i].start;
}

/* Where the next segment behind @pfn begins, if it is within 2 MiB; else @pfn */
static u64 next_segment(const struct kimage *image, u64 pfn)
{
	u64 next = pfn + 512;
	unsigned int i;

	for (i = 0; i < image->nr_segments && !image->file_mode; i++) {
		u64 start = image->segment[i].mem >> 12;

		if (image->segment[i].memsz && start >= pfn)
			next = min(next, start);
	}
	return next == pfn + 512 ? pfn : next;
}

/* Is this block of memory that was there at boot, with nothing in it that must stay? */
static bool can_be_left(const struct pram_super *sb, u64 first)
{
	const struct sim_machine *m = sim_machine();
	u64 pfn = first & ~1023ULL;
	unsigned int i;

	if (sb->head.pfn / 512 == first / 512)
		return false;
	/* A folio stays as a whole */
	for (i = 0; i < 1024; i++) {
		if (pfn + i < max_pfn && sim_is_broken(pfn + i, 0))
			return false;
	}
	for (i = 0; i < 512; i++) {
		if (sim_is_late(first + i))
			return false;
	}
	for (i = 0; i < m->nr_ram - m->nr_plugged; i++) {
		if (first >= m->ram[i].start && first + 512 <= m->ram[i].end)
			return true;
	}
	return false;
}

/* With KHO, the next kernel boots in the scratch area */
static void check_scratch(const struct pram_super *sb)
{
	u64 first, i;

	for (first = sim_scratch.start; first < sim_scratch.end; first += 512) {
		if (!can_be_left(sb, first))
			continue;
		for (i = 0; i < 512; i++) {
			if (walk_covered(sb, first + i))
				sim_fail("pfn %#llx, in the scratch area, is covered",
					 first + i);
		}
		ORACLE->reached.scratch++;
	}
}

static void check_cover(const struct pram_super *sb,
			const struct kimage *image)
{
	const struct sim_machine *m = sim_machine();
	u64 pfn, end = 0x100, ram = 0, room = 0, run = 0, longest = 0, want = 0;
	unsigned int i;

	sim_assert(sb->nr_cover && sb->nr_cover <= 64);
	for (i = 0; i < sb->nr_cover; i++) {
		if (sb->cover[i].start < end ||
		    sb->cover[i].end <= sb->cover[i].start)
			sim_fail("cover %u is %#llx-%#llx", i,
				 sb->cover[i].start, sb->cover[i].end);
		end = sb->cover[i].end + 1;
	}
	for (; i < 64; i++)
		sim_assert(!sb->cover[i].start && !sb->cover[i].end);

	for (i = 0; i < image->nr_segments; i++) {
		u64 start = image->segment[i].mem >> 12;
		u64 stop = (image->segment[i].mem +
			    image->segment[i].memsz + 4095) >> 12;

		want += stop - start;
		/* What follows, a vmlinux may have for itself, too */
		if (start < stop)
			stop = next_segment(image, stop);
		for (pfn = start; pfn < stop; pfn++) {
			if (walk_covered(sb, pfn))
				sim_fail("segment %u, at %#llx, is covered", i,
					 pfn);
		}
	}
	for (i = 0; i < m->nr_ram - m->nr_plugged; i++) {
		for (pfn = m->ram[i].start, run = 0; pfn < m->ram[i].end; pfn++) {
			bool free = pfn >= 0x100 && !walk_covered(sb, pfn);

			if (ORACLE->owner[pfn] && !walk_covered(sb, pfn))
				sim_fail("pfn %#llx is preserved, and not covered",
					 pfn);
			ram++;
			room += free;
			run = free ? run + 1 : 0;
			longest = max(longest, run);
		}
	}
	for (; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			if (ORACLE->owner[pfn])
				sim_fail("pfn %#llx, preserved, was plugged in",
					 pfn);
		}
	}
	/* Where nothing is preserved but this page, nothing need be done */
	if (!sb->nr_nodes)
		return;
	if (image->file_mode)
		check_scratch(sb);
	if (longest < max_t(u64, SZ_64M >> 12, 2 * want))
		sim_fail("the next kernel has no more than %llu pages in a row",
			 longest);
	if (room < ram / 16)
		sim_fail("the next kernel has no more than %llu pages of %llu",
			 room, ram);
}

/*
 * All that is preserved and broken is on the list, once, and nothing else but
 * copies that could not be brought up to date.
 */
static void walk_broken(struct walk *walk, u64 first)
{
	const struct sim_machine *m = sim_machine();
	u64 pfn, pos = 0, nr = 0, stale = 0, broken = 0, before = 0;
	u64 start, count;
	const struct pram_link *link;
	unsigned int i;

	walk->owner = O_OWNER_BROKEN;
	walk->csum = false;
	for (pfn = first; pfn; pfn = link->next) {
		link = get_link(walk, pfn, PRAM_BROKEN_MAGIC, pos);
		for (i = 0; i < link->nr_entries; i++) {
			start = link->entry[i] & ((1ULL << 40) - 1);
			count = link->entry[i] >> 48;
			if (link->entry[i] >> 40 & 0xff || !count)
				sim_fail("bad entry %#llx of broken pages",
					 link->entry[i]);
			pos += count;
			for (; count; count--, start++) {
				if (start <= before || start >= O_MAX_PFN)
					sim_fail("pfn %#llx is listed behind %#llx",
						 start, before);
				before = start;
				if (sim_is_broken(start, 0))
					nr += !!ORACLE->owner[start];
				else
					stale++;
			}
		}
		for (; i < 507; i++)
			sim_assert(!link->entry[i]);
	}
	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++)
			broken += ORACLE->owner[pfn] && sim_is_broken(pfn, 0);
	}
	if (nr != broken || stale > walk->nr_stale)
		sim_fail("%llu preserved pages are broken, %llu are on the list, and %llu that are not, %llu of them copies",
			 broken, nr, stale, walk->nr_stale);
	ORACLE->reached.broken_listed += nr;
}

/*
 * Pages of data of this kernel that the next one finds elsewhere; of nodes that are
 * wiped it is not known any more
 */
static u64 count_moved(bool *more)
{
	const struct pram_link *link;
	struct pram_node *node;
	unsigned int c, i;
	u64 pfn, nr = 0;

	list_for_each_entry(node, &pram_nodes, list) {
		int owner = o_find(node->page->name) + 1;

		if (node->state != PRAM_READY && node->state != PRAM_READING)
			continue;
		if (node->moved && pram_wipes(node->moved)) {
			*more = true;
			continue;
		}
		for (c = 0; c < 2; c++) {
			for (pfn = node->page->chain[c].first; pfn;
			     pfn = link->next) {
				link = sim_phys(pfn);
				for (i = 0; i < link->nr_entries; i++) {
					u64 e = link->entry[i];
					u64 at = e & ((1ULL << 40) - 1);
					u64 left = e >> 48 << (e >> 40 & 31);

					for (; left; left--, at++)
						nr += ORACLE->owner[at] != owner;
				}
			}
		}
	}
	return nr;
}

/* As many names as there is room for */
static void check_report(const struct pram_report *report)
{
	static const char kinds[] = "dx";
	u64 counted[] = { report->nr_dropped, report->nr_discarded };
	u64 named[2] = {}, moved;
	bool more = false;
	unsigned int at = 0, i;
	const char *what;

	while (at < sizeof(report->names) && report->names[at]) {
		what = strchr(kinds, report->names[at]);
		sim_assert(what);
		named[what - kinds]++;
		at += strnlen(report->names + at,
			      sizeof(report->names) - at) + 1;
	}
	if (at >= sizeof(report->names))
		sim_fail("the names in the report have no end");
	for (i = at; i < sizeof(report->names); i++)
		sim_assert(!report->names[i]);
	/* Dropped nodes of which nothing was found have no name */
	for (i = 0; i < 2; i++) {
		if (named[i] > counted[i] || (i && named[i] < counted[i] &&
		    at + PRAM_NAME_MAX + 3 < sizeof(report->names)))
			sim_fail("report: %llu '%c', and %llu names",
				 counted[i], kinds[i], named[i]);
	}
	if (report->nr_dropped != pram_dropped ||
	    report->nr_discarded != op_stats.discarded)
		sim_fail("report: %llu dropped of %llu, %llu discarded, not %llu",
			 report->nr_dropped, pram_dropped,
			 report->nr_discarded, op_stats.discarded);
	moved = count_moved(&more);
	if (report->nr_moved < moved || (report->nr_moved > moved && !more) ||
	    report->nr_remote || (report->nr_split && !report->nr_moved))
		sim_fail("report: %llu pages moved, not %llu", report->nr_moved,
			 moved);
}

/* What the next kernel will find */
void walk_sealed(const struct kimage *image)
{
	const struct pram_super *sb = pram_super;
	struct walk walk = { .sealed = true };
	const struct pram_node_page *page;
	struct oracle *o = ORACLE;
	const struct pram_link *dir;
	u64 pfn, seen = 0, nr_dirs = 0, next = sb->first;
	unsigned int i, nodes = 0;

	forget_owners();
	claim(&walk, sb->head.pfn, 1, O_OWNER_SUPER);
	check_head(&walk, sb->head.pfn, PRAM_SUPER_MAGIC);
	sim_assert(sb->version == 2 && sb->state == PRAM_SUPER_SEALED);
	sim_assert(sb->size == 3288 && sb->generation == pram_generation);
	sim_assert(sb->ticket && sb->mark >= 4096 && !(sb->mark >> 47));
	if (sb->mark != sim_mark || sb->mark == o->mark)
		sim_fail("mark %#llx is not in the register, or an old one",
			 sb->mark);
	for (i = 0; i < sizeof(sb->reserved); i++)
		sim_assert(!sb->reserved[i]);
	o->nr_sealed = 0;
	for (pfn = sb->dir; pfn; pfn = dir->next) {
		walk.owner = O_OWNER_DIR + nr_dirs++;
		walk.csum = false;
		dir = get_link(&walk, pfn, PRAM_DIR_MAGIC, seen);
		for (i = 0; i < dir->nr_entries; i++) {
			if (dir->entry[i] >> 40 != 1 << 8)
				sim_fail("bad entry %#llx in the directory",
					 dir->entry[i]);
			page = sim_phys(dir->entry[i] & ((1ULL << 40) - 1));
			if (page->head.pfn != next)
				sim_fail("node '%s' is at %#llx, the one before it is followed by %#llx",
					 page->name, page->head.pfn, next);
			next = page->next;
			walk_node(&walk, page->head.pfn);
			o->sealed[o->nr_sealed++] = walk.owner - 1;
		}
		seen += i;
	}
	if (next)
		sim_fail("a node at %#llx is in no directory", next);
	walk.nr_meta += nr_dirs;
	for (i = 0; i < O_MAX_NODES; i++)
		nodes += o->node[i].state == O_READY ||
			 o->node[i].state == O_READING;
	if (seen != nodes || sb->nr_nodes != seen ||
	    sb->nr_pages != walk.nr_pages || sb->nr_meta != walk.nr_meta)
		sim_fail("%u nodes: %llu, %llu pages, %llu meta; %llu, %llu, %llu counted",
			 nodes, seen, walk.nr_pages, walk.nr_meta,
			 sb->nr_nodes, sb->nr_pages, sb->nr_meta);
	if (sb->nr_wipe != walk.nr_wipe)
		sim_fail("%llu nodes to be wiped, not %llu", sb->nr_wipe,
			 walk.nr_wipe);
	walk_broken(&walk, sb->broken);
	check_report(&sb->report);
	check_cover(sb, image);
}
