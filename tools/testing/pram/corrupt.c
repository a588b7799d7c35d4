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

enum kind kind_of(u64 pfn)
{
	const struct pram_head *head = sim_phys(pfn);
	u16 owner = ORACLE->owner[pfn];

	if (owner == O_OWNER_SUPER)
		return SUPER;
	if (owner == O_OWNER_BROKEN)
		return BROKEN;
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

/* The next kernel does not know what is broken: it finds something there */
static void forget_broken(void)
{
	unsigned int i;

	for (i = 0; i < O_MAX_NODES; i++) {
		struct o_node *node = &ORACLE->node[i];

		if (node->broken_byte)
			node->bad_byte = node->broken_byte;
		node->broken_byte = 0;
	}
}

static void flip_bit(void *page)
{
	((u8 *)page)[sim_below(PAGE_SIZE)] ^= 1 << sim_below(8);
}

static bool is_lost(u64 pfn, enum kind kind);

/* Checksums are wrong afterwards */
static void damage_meta(enum kind kind)
{
	u64 pfn = pick_page(kind);
	struct pram_head *head;

	if (!pfn || is_lost(pfn, kind))
		return;
	head = sim_phys(pfn);
	switch (sim_below(4)) {
	case 0:
		/* Nothing but the checksum can tell */
		head->csum ^= 1U << sim_below(32);
		break;
	case 1:
		/* A page of zeros fails its checksum, too */
		memset(head, sim_chance(2) ? 0 : 0xff, PAGE_SIZE);
		break;
	default:
		flip_bit(head);
	}
	switch (kind) {
	case SUPER:
		ORACLE->accept = false;
		break;
	case DIR:
		/* Nodes are found by their own links, too */
		ORACLE->dir_lost = true;
		break;
	case BROKEN:
		forget_broken();
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
	/* A page of bytes: which one, its link knows, if that is as it was */
	if (node->bad_byte || !node->sealed || node->state == O_LOST ||
	    node->unknown)
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

/* What comes of a change whose checksum is mended */
enum effect {
	NOTHING,	/* it is as before */
	REFUSED,	/* the object must be refused */
	ANYTHING,	/* the object may be refused, or be another */
	DOUBTS,		/* and it may have claimed what is not its own */
};

static enum effect refused_if(bool changed)
{
	return changed ? REFUSED : NOTHING;
}

static enum effect change_super(struct pram_super *sb)
{
	struct pram_super old = *sb;
	unsigned int i;

	switch (sim_below(17)) {
	case 0:
		strange32(&sb->version);
		return refused_if(sb->version != old.version);
	case 1:
		strange32(&sb->size);
		return refused_if(sb->size != old.size);
	case 2:
		strange32(&sb->state);
		return refused_if(sb->state != old.state);
	case 3:
		strange32(&sb->nr_cover);
		return refused_if(sb->nr_cover != old.nr_cover);
	case 4:
		strange64(&sb->generation);
		ORACLE->any_generation = true;
		return NOTHING;
	case 5:
		strange64(&sb->nr_nodes);
		return NOTHING;
	case 6:
		strange64(sim_chance(2) ? &sb->nr_pages : &sb->nr_meta);
		return NOTHING;
	case 7:
		strange64(&sb->dir);
		return DOUBTS;
	case 8:
		memset(sb->release, 'x', sizeof(sb->release));
		return REFUSED;
	case 9:
		strange64(&sb->cover[sim_below(PRAM_MAX_COVER)].start);
		break;
	case 10:
		strange64(&sb->cover[sim_below(PRAM_MAX_COVER)].end);
		break;
	case 11:
		strange64(&sb->ticket);
		return refused_if(sb->ticket != old.ticket);
	case 12:
		strange64(&sb->mark);
		return refused_if(sb->mark != old.mark);
	case 13:
		strange64(sim_chance(2) ? &sb->first : &sb->broken);
		return NOTHING;
	case 14:
		i = sim_below(6);
		strange64(i < 5 ? (u64 *)&sb->report + i : &sb->nr_wipe);
		ORACLE->any_report = true;
		return NOTHING;
	case 15:
		i = sim_below(PRAM_REPORT_NAMES);
		if (sim_chance(4))
			i = PRAM_REPORT_NAMES - 1;
		sb->report.names[i] = sim_rand();
		ORACLE->any_report = true;
		return refused_if(i == PRAM_REPORT_NAMES - 1 &&
				  sb->report.names[i]);
	default:
		sb->reserved[sim_below(sizeof(sb->reserved))] = 1;
		return REFUSED;
	}
	ORACLE->any_super = true;
	return DOUBTS;
}

static enum effect change_link(struct pram_link *link)
{
	u32 nr = clamp(link->nr_entries, 1U, (u32)PRAM_LINK_ENTRIES);
	u64 *entry = &link->entry[sim_below(nr)];
	struct pram_link old = *link;

	switch (sim_below(8)) {
	case 0:
		strange64(&link->next);
		return DOUBTS;
	case 1:
		strange64(&link->pos);
		return refused_if(link->pos != old.pos);
	case 2:
		strange32(&link->nr_entries);
		return refused_if(link->nr_entries != old.nr_entries);
	case 3:
		strange32(&link->flags);
		return refused_if(link->flags != old.flags);
	case 4:
		strange64(entry);
		return DOUBTS;
	case 5:
		*entry ^= 1ULL << sim_below(64);
		return DOUBTS;
	case 6:
		/* Flags of a user mean nothing to PRAM */
		*entry ^= 1ULL << (45 + sim_below(3));
		return ANYTHING;
	default:
		link->entry[PRAM_LINK_ENTRIES - 1 - sim_below(4)] = sim_rand();
		return DOUBTS;
	}
}

/* What a node with data may have */
#define FLAGS	(PRAM_NODE_KNOWN & ~PRAM_NODE_ABSENT)

static enum effect change_node(struct pram_node_page *page)
{
	struct pram_chain *chain = &page->chain[sim_below(2)];
	struct pram_chain old = *chain;

	switch (sim_below(11)) {
	case 0:
		strange32(&page->flags);
		node_of(page->head.pfn)->wipe = page->flags & PRAM_NODE_WIPE;
		node_of(page->head.pfn)->flags = page->flags & FLAGS & ~PRAM_NODE_WIPE;
		return refused_if(page->flags & ~FLAGS);
	case 1:
		strange32(&page->csum_mode);
		return ANYTHING;
	case 2:
		strange64(&page->generation);
		return ANYTHING;
	case 3:
		strange64(&page->nr_bytes);
		return ANYTHING;
	case 4:
		strange64(&chain->first);
		return DOUBTS;
	case 5:
		strange64(&chain->nr_links);
		return refused_if(chain->nr_links != old.nr_links);
	case 6:
		strange64(&chain->nr_pages);
		return refused_if(chain->nr_pages != old.nr_pages);
	case 7:
		/* Perhaps somebody else's */
		memset(page->name, 0, sizeof(page->name));
		strscpy(page->name, o_name(sim_below(O_MAX_NODES)));
		return DOUBTS;
	case 8:
		page->name[sim_below(sizeof(page->name))] = sim_rand();
		return DOUBTS;
	case 9:
		/* The directory has it, too */
		strange64(&page->next);
		return NOTHING;
	default:
		page->reserved[sim_below(sizeof(page->reserved))] = 1;
		return REFUSED;
	}
}

static enum effect change_head(struct pram_head *head)
{
	struct pram_head old = *head;

	if (sim_chance(2))
		strange32(&head->magic);
	else
		strange64(&head->pfn);
	return refused_if(head->magic != old.magic || head->pfn != old.pfn);
}

static void doubt_others(void)
{
	unsigned int i;

	for (i = 0; i < O_MAX_NODES; i++)
		ORACLE->node[i].maybe = true;
	ORACLE->doubts = true;
}

/* What is lost stays lost: another change might undo the first */
static bool is_lost(u64 pfn, enum kind kind)
{
	switch (kind) {
	case SUPER:
		return !ORACLE->accept;
	case DIR:
		return ORACLE->dir_lost;
	case BROKEN:
		return false;
	default:
		return node_of(pfn)->state == O_LOST;
	}
}

/* Checksums are right afterwards */
static void forge_meta(enum kind kind)
{
	u64 pfn = pick_page(kind);
	enum effect effect;
	struct pram_head *head;

	if (!pfn || is_lost(pfn, kind))
		return;
	head = sim_phys(pfn);
	if (sim_chance(4))
		effect = change_head(head);
	else if (kind == SUPER)
		effect = change_super((void *)head);
	else if (kind == NODE)
		effect = change_node((void *)head);
	else
		effect = change_link((void *)head);
	head->csum = walk_crc(head);
	if (effect == NOTHING)
		return;
	if (kind == DIR)
		effect = DOUBTS;
	if (effect == REFUSED && kind == SUPER)
		ORACLE->accept = false;
	else if (effect == REFUSED)
		lose_node(node_of(pfn));
	if (effect == REFUSED)
		return;
	if (kind == NODE || kind == LINK)
		node_of(pfn)->unknown = true;
	if (effect == DOUBTS)
		doubt_others();
	ORACLE->forged = true;
}

void corrupt(void)
{
	unsigned int nr = 1 + sim_below(3), left = nr;

	while (left--) {
		enum kind kind = sim_below(21);

		kind = kind == 20 ? BROKEN : kind < 2 ? SUPER : kind < 4 ? DIR : kind < 9 ? NODE :
		       kind < 14 ? LINK : DATA;
		if (kind == DATA)
			damage_data();
		else if (kind == BROKEN || sim_chance(2))
			damage_meta(kind);
		else
			forge_meta(kind);
	}
	/* Without a part of the directory, what is behind other damage may be lost */
	if (ORACLE->dir_lost && nr > 1) {
		doubt_others();
		ORACLE->forged = true;
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
		sim_assert(!discard(name));
		return;
	}
	sim_assert(!pram_open(name, PRAM_READ, GFP_KERNEL, &ps));
	while ((folio = pram_load_folio(&ps, NULL))) {
		if (!left--)
			sim_fail("node '%s' has no end", name);
		if (!IS_ERR(folio))
			folio_put(folio);
		else if (PTR_ERR(folio) != -EIO && PTR_ERR(folio) != -EHWPOISON)
			sim_fail("load: %ld", PTR_ERR(folio));
	}
	left = node->page->nr_bytes + 16;
	do {
		ret = pram_read(&ps, buf, sizeof(buf));
		if (ret < 0 && ret != -EIO && ret != -EHWPOISON)
			sim_fail("read: %zd", ret);
		if (ret > (ssize_t)left)
			sim_fail("node '%s' has more bytes than it says", name);
		left -= max_t(ssize_t, ret, 0);
	} while (ret);
	if (sim_chance(2)) {
		sim_assert(!pram_close(&ps, PRAM_KEEP));
		sim_assert(!discard(name));
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

		/* Another may have taken its name */
		if (index >= 0 && o->node[index].state == O_READY &&
		    !o->node[index].unknown &&
		    o->node[index].sealed == node->page->head.pfn) {
			there[index] = true;
			continue;
		}
		if (!o->doubts && (index < 0 || !o->node[index].unknown))
			sim_fail("node '%s' should not be there",
				 node->page->name);
		exorcise(node);
	}
	for (i = 0; i < O_MAX_NODES; i++) {
		struct o_node *n = &o->node[i];

		if (n->state == O_READY && !n->unknown && !n->maybe &&
		    !there[i])
			sim_fail("node '%s' is missing", o_name(i));
		if (n->unknown || !there[i])
			o_clear_node(n);
		n->maybe = false;
	}
	o->forged = false;
	o->doubts = false;
	o->any_super = false;
	o->any_generation = false;
	o->any_report = false;
}
