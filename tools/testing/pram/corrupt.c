// SPDX-License-Identifier: GPL-2.0
/*
 * Damage between the seal and the jump, and what of it the model expects.
 *
 * Where the checksum is left wrong, exactly what hangs on the page is lost.
 * Where it is mended, which a bug can do, or somebody who is malicious, the
 * object may be refused or may even pass; all the others must not notice, but
 * for one thing: the first to claim a page gets it.
 */
#include "oracle.h"
#include "ops.h"

#include "../../../mm/pram.h"

#include <sanitizer/asan_interface.h>

/* What a page is */
enum kind {
	SUPER,
	DIR,
	NODE,
	LINK,
	DATA,
	NR_KINDS
};

static enum kind kind_of(u64 pfn)
{
	const struct pram_head *head = sim_phys(pfn);
	u16 owner = ORACLE->owner[pfn];

	if (owner == O_OWNER_SUPER)
		return SUPER;
	if (owner >= O_OWNER_DIR)
		return DIR;
	if (!(owner & O_OWNER_META))
		return DATA;
	return head->magic == PRAM_NODE_MAGIC ? NODE : LINK;
}

/* A page of this kind, or 0 */
static u64 pick_page(enum kind kind)
{
	const struct sim_machine *m = sim_machine();
	u64 pfn, found = 0, nr = 0;
	unsigned int i;

	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			if (ORACLE->owner[pfn] && kind_of(pfn) == kind &&
			    !sim_below(++nr))
				found = pfn;
		}
	}
	return found;
}

static struct o_node *node_of(u64 pfn)
{
	return &ORACLE->node[(ORACLE->owner[pfn] & ~O_OWNER_META) - 1];
}

static void lose_node(struct o_node *node)
{
	/* Its state tells those who come next that it is not to be expected */
	node->state = O_LOST;
}

static void lose_from_dir(u64 pfn)
{
	unsigned int i, dir = ORACLE->owner[pfn] - O_OWNER_DIR;
	struct oracle *o = ORACLE;

	for (i = dir * PRAM_LINK_ENTRIES; i < o->nr_sealed; i++)
		lose_node(&o->node[o->sealed[i]]);
}

static void flip_bit(void *page)
{
	((u8 *)page)[sim_below(PAGE_SIZE)] ^= 1 << sim_below(8);
}

/* Checksums are wrong afterwards */
static void damage_meta(enum kind kind)
{
	u64 pfn = pick_page(kind);

	if (!pfn)
		return;
	if (sim_chance(2))
		flip_bit(sim_phys(pfn));
	else
		/* A page of zeros fails its checksum, too */
		memset(sim_phys(pfn), sim_chance(2) ? 0 : 0xff, PAGE_SIZE);
	switch (kind) {
	case SUPER:
		ORACLE->accept = false;
		break;
	case DIR:
		lose_from_dir(pfn);
		break;
	default:
		lose_node(node_of(pfn));
	}
}

/* Data of a node with checksums: it will be missed when it is loaded */
static void damage_data(void)
{
	struct oracle *o = ORACLE;
	u64 pfn = pick_page(DATA), index;
	const struct pram_link *link;
	struct o_node *node;
	unsigned int i;
	u32 f;

	if (!pfn || !node_of(pfn)->csum)
		return;
	node = node_of(pfn);
	for (f = node->first; f; f = o->folio[f].next) {
		if (pfn - o->folio[f].pfn >= 1ULL << o->folio[f].order)
			continue;
		/* Two flips might undo each other */
		if (!o->folio[f].bad)
			flip_bit(sim_phys(pfn));
		o->folio[f].bad = true;
		return;
	}
	/* A page of bytes: which one, its link knows */
	if (node->bad_byte || !node->sealed)
		return;
	link = sim_phys(((struct pram_node_page *)
			 sim_phys(node->sealed))->chain[PRAM_BYTES].first);
	for (index = 0; ; link = sim_phys(link->next)) {
		for (i = 0; i < link->nr_entries; i++, index++) {
			if ((link->entry[i] & PRAM_ENTRY_PFN_MASK) != pfn)
				continue;
			flip_bit(sim_phys(pfn));
			node->bad_byte = index + 1;
			return;
		}
	}
}

/*
 * Values that are wrong in an interesting way, beside those that are just wrong
 */
static u64 strange_value(u64 old)
{
	switch (sim_below(8)) {
	case 0:
		return 0;
	case 1:
		return ~0ULL;
	case 2:
		return old + 1;
	case 3:
		return old - 1;
	case 4:
		return 1ULL << sim_below(64);
	case 5:
		return old ^ 1ULL << sim_below(64);
	case 6:
		/* Some page that is preserved */
		return pick_page(sim_below(NR_KINDS)) ?: old;
	default:
		return sim_rand();
	}
}

static void strange32(u32 *field)
{
	*field = strange_value(*field);
}

static void strange64(u64 *field)
{
	*field = strange_value(*field);
}

/* Each of these returns whether other nodes cannot suffer */
static bool change_super(struct pram_super *sb)
{
	struct oracle *o = ORACLE;
	bool harmless = false;

	switch (sim_below(12)) {
	case 0:
		strange32(&sb->version);
		break;
	case 1:
		strange32(&sb->size);
		break;
	case 2:
		strange32(&sb->state);
		break;
	case 3:
		strange32(&sb->nr_cover);
		break;
	case 4:
		strange64(&sb->generation);
		harmless = true;
		break;
	case 5:
		strange64(&sb->nr_nodes);
		harmless = true;
		break;
	case 6:
		strange64(sim_chance(2) ? &sb->nr_pages : &sb->nr_meta);
		harmless = true;
		break;
	case 7:
		strange64(&sb->dir);
		break;
	case 8:
		memset(sb->release, 'x', sizeof(sb->release));
		break;
	case 9:
		strange64(&sb->cover[sim_below(PRAM_MAX_COVER)].start);
		break;
	case 10:
		strange64(&sb->cover[sim_below(PRAM_MAX_COVER)].end);
		break;
	default:
		sb->reserved[sim_below(sizeof(sb->reserved))] = 1;
		break;
	}
	o->any_super |= !harmless;
	o->any_generation = true;
	return harmless;
}

static bool change_link(struct pram_link *link, bool dir)
{
	u32 nr = clamp(link->nr_entries, 1U, (u32)PRAM_LINK_ENTRIES);
	u64 *entry = &link->entry[sim_below(nr)];

	switch (sim_below(8)) {
	case 0:
		strange64(&link->next);
		return false;
	case 1:
		strange64(&link->pos);
		return !dir;
	case 2:
		strange32(&link->nr_entries);
		return !dir;
	case 3:
		strange32(&link->flags);
		return !dir;
	case 4:
		strange64(entry);
		return false;
	case 5:
		*entry ^= 1ULL << sim_below(64);
		return false;
	case 6:
		/* Flags of a user mean nothing to PRAM */
		*entry ^= 1ULL << (45 + sim_below(3));
		return !dir;
	default:
		link->entry[PRAM_LINK_ENTRIES - 1 - sim_below(4)] = sim_rand();
		return false;
	}
}

static bool change_node(struct pram_node_page *page)
{
	struct pram_chain *chain = &page->chain[sim_below(2)];

	switch (sim_below(10)) {
	case 0:
		strange32(&page->flags);
		return true;
	case 1:
		strange32(&page->csum_mode);
		return true;
	case 2:
		strange64(&page->generation);
		return true;
	case 3:
		strange64(&page->nr_bytes);
		return true;
	case 4:
		strange64(&chain->first);
		return false;
	case 5:
		strange64(&chain->nr_links);
		return true;
	case 6:
		strange64(&chain->nr_pages);
		return true;
	case 7:
		/* Perhaps somebody else's */
		strscpy(page->name, o_name(sim_below(O_MAX_NODES)));
		return false;
	case 8:
		page->name[sim_below(sizeof(page->name))] = sim_rand();
		return false;
	default:
		page->reserved[sim_below(sizeof(page->reserved))] = 1;
		return true;
	}
}

static void doubt_others(void)
{
	unsigned int i;

	for (i = 0; i < O_MAX_NODES; i++)
		ORACLE->node[i].maybe = true;
}

/* Checksums are right afterwards */
static void forge_meta(enum kind kind)
{
	u64 pfn = pick_page(kind);
	struct pram_head *head;
	bool harmless;

	if (!pfn)
		return;
	head = sim_phys(pfn);
	if (sim_chance(16)) {
		if (sim_chance(2))
			strange32(&head->magic);
		else
			strange64(&head->pfn);
		harmless = kind == NODE || kind == LINK;
		ORACLE->any_super |= kind == SUPER;
	} else if (kind == SUPER) {
		harmless = change_super((void *)head);
	} else if (kind == NODE) {
		harmless = change_node((void *)head);
	} else {
		harmless = change_link((void *)head, kind == DIR);
	}
	head->csum = walk_crc(head);
	if (kind == NODE || kind == LINK)
		node_of(pfn)->unknown = true;
	if (!harmless)
		doubt_others();
	ORACLE->forged = true;
}

void corrupt(void)
{
	unsigned int nr = 1 + sim_below(3);

	while (nr--) {
		enum kind kind = sim_below(20);

		kind = kind < 1 ? SUPER : kind < 3 ? DIR : kind < 8 ? NODE :
		       kind < 14 ? LINK : DATA;
		if (kind == DATA)
			damage_data();
		else if (sim_chance(2))
			damage_meta(kind);
		else
			forge_meta(kind);
	}
}

/*
 * In the next kernel: a node that may be anything has to be harmless to all
 * who use it. Afterwards it is gone.
 */
static void exorcise(struct pram_node *node)
{
	u64 left = 2 * node->page->chain[PRAM_PAGES].nr_pages + 16;
	char name[PRAM_NAME_MAX + 1];
	struct pram_stream ps;
	struct folio *folio;
	ssize_t ret;
	char buf[999];

	strscpy(name, node->page->name);
	if (sim_chance(4)) {
		sim_assert(!pram_discard(name));
		return;
	}
	sim_assert(!pram_open(name, PRAM_READ, GFP_KERNEL, &ps));
	while ((folio = pram_load_folio(&ps, NULL))) {
		if (!left--)
			sim_fail("node '%s' has no end", name);
		if (!IS_ERR(folio))
			folio_put(folio);
		else if (PTR_ERR(folio) != -EIO)
			sim_fail("load: %ld", PTR_ERR(folio));
	}
	left = node->page->nr_bytes + 16;
	do {
		ret = pram_read(&ps, buf, sizeof(buf));
		if (ret < 0 && ret != -EIO)
			sim_fail("read: %zd", ret);
		if (ret > (ssize_t)left)
			sim_fail("node '%s' has more bytes than it says", name);
		left -= max_t(ssize_t, ret, 0);
	} while (ret);
	if (sim_chance(2)) {
		sim_assert(!pram_close(&ps, PRAM_KEEP));
		sim_assert(!pram_discard(name));
	} else {
		sim_assert(!pram_close(&ps, PRAM_COMMIT));
	}
}

/* Make kernel and model agree again on what may be as well as not */
void clean_up_forged(void)
{
	struct oracle *o = ORACLE;
	struct pram_node *node, *tmp;
	bool there[O_MAX_NODES] = {};
	unsigned int i;

	list_for_each_entry_safe(node, tmp, &pram_nodes, list) {
		int index = o_find(node->page->name);

		if (index < 0 || o->node[index].state != O_READY ||
		    o->node[index].unknown)
			exorcise(node);
		else
			there[index] = true;
	}
	for (i = 0; i < O_MAX_NODES; i++) {
		struct o_node *n = &o->node[i];

		if (n->unknown || (n->maybe && !there[i]))
			o_clear_node(n);
		n->maybe = false;
	}
	o->forged = false;
	o->any_super = false;
	o->any_generation = false;
}
