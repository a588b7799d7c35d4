// SPDX-License-Identifier: GPL-2.0
/*
 * A node as text.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "decode.h"
#include "pramctl.h"

#define NR_ORDERS	(PRAM_ENTRY_ORDER_MASK + 1)

static const char * const chain_names[PRAM_NR_CHAINS] = {
	[PRAM_PAGES] = "page stream",
	[PRAM_BYTES] = "byte stream",
};

static void print_entry(FILE *out, uint64_t pos, uint64_t entry)
{
	fprintf(out, "  page %" PRIu64 ": %" PRIu64 " of order %u at pfn %" PRIx64,
		pos, entry_count(entry), entry_order(entry), entry_pfn(entry));
	if (entry_flags(entry))
		fprintf(out, ", flags %x", entry_flags(entry));
	fputc('\n', out);
}

/* Returns what is wrong with it, or NULL */
static const char *decode_chain(FILE *out, const struct memory *mem,
				const struct pram_node_page *node,
				unsigned int chain, bool entries)
{
	const struct pram_chain *head = &node->chain[chain];
	uint64_t orders[NR_ORDERS] = {}, entry, pos = 0;
	struct walk walk;
	unsigned int i;

	fprintf(out, "%s: %" PRIu64 " pages, %" PRIu64 " links, the first at pfn %" PRIx64 "\n",
		chain_names[chain], (uint64_t)head->nr_pages,
		(uint64_t)head->nr_links, (uint64_t)head->first);
	walk_start(&walk, mem, node, chain);
	while (walk_next(&walk, &entry)) {
		if (entries)
			print_entry(out, pos, entry);
		orders[entry_order(entry)] += entry_count(entry);
		pos = walk.pos;
	}
	for (i = 0; i < NR_ORDERS; i++) {
		if (orders[i])
			fprintf(out, "  %" PRIu64 " folios of order %u\n",
				orders[i], i);
	}
	if (walk.stale)
		fprintf(out, "  %" PRIu64 " links do not have their checksum\n",
			walk.stale);
	if (!walk.why && walk.pos != head->nr_pages)
		walk.why = "the node counts other pages than it has";
	if (walk.why)
		fprintf(out, "  damaged behind page %" PRIu64 ": %s\n", walk.pos,
			walk.why);
	return walk.why;
}

static const char *check_node(const struct pram_node_page *node,
			      const char *name)
{
	if (!memchr(node->name, 0, sizeof(node->name)) ||
	    !name_valid(node->name))
		return "it has no valid name";
	if (strcmp(node->name, name))
		return "it is another one: it has just gone, or moved";
	if (node->flags & ~PRAM_NODE_KNOWN || node->csum_mode > PRAM_CSUM_DATA)
		return "it uses what this pramctl does not know";
	if (node->chain[PRAM_BYTES].nr_pages !=
	    node->nr_bytes / PRAM_PAGE_SIZE + !!(node->nr_bytes % PRAM_PAGE_SIZE))
		return "its length is not that of its pages";
	return NULL;
}

static void print_node(FILE *out, const struct pram_node_page *node)
{
	/* PRAM_NODE_*, bit by bit */
	static const char * const names[] = {
		"pram_wipe", "pages are not there", "tree",
		"extended attributes", "ACLs", NULL
	};
	unsigned int i;

	fprintf(out, "node %s at pfn %" PRIx64 "\n", node->name,
		(uint64_t)node->head.pfn);
	fprintf(out, "checksum: %08x%s\n", node->head.csum,
		node->head.csum == page_csum(node) ? "" :
		", which is not that of the page: it is taken for the next kernel only");
	fprintf(out, "flags: %x", node->flags);
	for (i = 0; names[i]; i++) {
		if (node->flags & 1U << i)
			fprintf(out, " (%s)", names[i]);
	}
	fprintf(out, "\n");
	fprintf(out, "checksums of data: %s\n",
		node->csum_mode == PRAM_CSUM_DATA ? "yes" : "no");
	fprintf(out, "generation: %" PRIu64 "\n", (uint64_t)node->generation);
}

/**
 * decode_node - print a node
 * @out: where to
 * @mem: the memory that it is in
 * @pfn: of its page
 * @name: that it has to have
 * @entries: whether to print each entry of a link
 *
 * Return: a status, after it has said why.
 */
int decode_node(FILE *out, const struct memory *mem, uint64_t pfn,
		const char *name, bool entries)
{
	struct pram_node_page node;
	const char *wrong;
	unsigned int i;

	wrong = read_meta(mem, pfn, PRAM_NODE_MAGIC, &node);
	if (!wrong)
		wrong = check_node(&node, name);
	if (wrong)
		return fail("'%s' is damaged: %s (page %" PRIx64 ")", name,
			    wrong, pfn);
	print_node(out, &node);
	for (i = 0; i < PRAM_NR_CHAINS; i++) {
		const char *why = decode_chain(out, mem, &node, i, entries);

		wrong = wrong ? wrong : why;
	}
	if (!wrong)
		wrong = decode_tree(out, mem, &node);
	return wrong ? fail("'%s' is damaged: %s", name, wrong) : ST_OK;
}
