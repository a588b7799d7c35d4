// SPDX-License-Identifier: GPL-2.0
/*
 * Adopting the nodes of the previous kernel.
 */
#include "pram_claim.h"

/**
 * DOC: Adopting
 *
 * pram_adopt() runs as an initcall. It trusts no metadata. A bad node is dropped, and
 * the others are not affected. Pages that no node claims then go to the page allocator.
 *
 * Nodes are found by the directory, and by their links to each other. So all
 * other nodes are found if a page of the directory, or a node, is damaged.
 */

/*
 * How many pages may yet be said to be broken. The limit for damaged metadata must not
 * depend on its contents.
 */
static u64 pram_broken_left __initdata;

/* How many nodes that are to be wiped have been adopted */
static u64 pram_nr_wipe __initdata;

/* The node page has been claimed and has a good head */
static const char *__init pram_adopt_chains(struct pram_node *node, u64 *pfn)
{
	struct pram_walk walk[PRAM_NR_CHAINS] = {};
	const struct pram_node_page *page = node->page;
	const char *why = NULL;
	unsigned int i;

	for (i = 0; i < PRAM_NR_CHAINS && !why; i++) {
		why = pram_claim_chain(page, i, &walk[i]);
		if (why)
			*pfn = walk[i].pfn;
	}
	if (!why) {
		*pfn = page->head.pfn;
		if (page->flags & PRAM_NODE_ABSENT) {
			list_add_tail(&node->list, &pram_absent_found);
			return NULL;
		}
		if (!pram_add_node(node))
			return NULL;
		why = "there is another of that name";
	}
	for (i = 0; i < PRAM_NR_CHAINS; i++)
		pram_unclaim_chain(&page->chain[i], &walk[i]);
	return why;
}

static void __init pram_drop(const char *name, const char *why, u64 pfn)
{
	pram_report_add(PRAM_REPORT_DROPPED, name);
	/* A serial console takes its time for a million lines */
	if (pram_dropped++ < PRAM_MAX_LOGGED)
		pr_err("node '%s' dropped: %s (page %#llx)\n", name, why, pfn);
	trace_pram_drop(name, why);
}

/**
 * struct pram_found - what has been found of nodes, before they are adopted
 * @nodes: those whose page is good, in the order in which they were found
 * @nr_nodes: how many
 * @bad: those whose page is not
 * @nr_listed: how many the directory has
 * @damaged: something is wrong with the directory
 */
struct pram_found {
	struct list_head nodes;
	u64 nr_nodes;
	struct list_head bad;
	u64 nr_listed;
	bool damaged;
};

/* A node whose page is no good, and why */
struct pram_bad {
	struct list_head list;
	const char *why;
	u64 pfn;
	bool claimed;
};

static bool __init pram_is_claimed(u64 pfn)
{
	unsigned long start = pfn, end;

	return pram_map_next(&start, &end) && start == pfn;
}

/* The page stays claimed for now, so that it is not looked at again */
static void __init pram_found_bad(struct pram_found *found, u64 pfn,
				  const char *why, bool claimed)
{
	struct pram_bad *bad = kzalloc(sizeof(*bad), GFP_KERNEL);

	if (!bad) {
		if (claimed)
			pram_map_del(pfn, 1);
		pram_drop("?", why, pfn);
		return;
	}
	bad->why = why;
	bad->pfn = pfn;
	bad->claimed = claimed;
	list_add_tail(&bad->list, &found->bad);
}

static void __init pram_find_node(struct pram_found *found, u64 pfn)
{
	struct pram_node_page *page = pram_addr(pfn);
	struct pram_node *node;
	const char *why;

	why = pram_claim_meta(pfn);
	if (why) {
		pram_found_bad(found, pfn, why, false);
		return;
	}
	why = pram_check_head(page, PRAM_NODE_MAGIC, pfn);
	if (!why)
		why = pram_check_node(page);
	node = why ? NULL : kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node) {
		pram_found_bad(found, pfn, why ? why : "out of memory", true);
		return;
	}
	node->page = page;
	node->state = PRAM_READY;
	list_add_tail(&node->list, &found->nodes);
	found->nr_nodes++;
}

/* Find the nodes that a link of the directory has */
static void __init pram_find_listed(struct pram_found *found,
				    const struct pram_link *dir)
{
	unsigned int i;

	for (i = 0; i < dir->nr_entries; i++) {
		u64 entry = dir->entry[i], pfn = pram_entry_pfn(entry);

		if (entry == pram_entry(pfn, 0, 0, 1) && pram_is_owned(pfn, 1))
			pram_find_node(found, pfn);
		else
			found->damaged = true;
	}
	found->nr_listed += dir->nr_entries;
	cond_resched();
}

static void __init pram_walk_dir(struct pram_found *found,
				 const struct pram_super *sb)
{
	const char *why = NULL;
	struct pram_link *dir;
	u64 pfn, nr = 0;

	for (pfn = sb->dir; pfn; pfn = dir->next) {
		dir = pram_addr(pfn);
		why = pram_claim_list(pfn, PRAM_DIR_MAGIC, found->nr_listed);
		if (why)
			break;
		pram_find_listed(found, dir);
		nr++;
	}
	if (why) {
		found->damaged = true;
		pr_info("the directory is damaged: %s (page %#llx)\n", why, pfn);
	}
	/* It has served */
	for (pfn = sb->dir; nr; nr--, pfn = dir->next) {
		dir = pram_addr(pfn);
		pram_map_del(pfn, 1);
	}
}

/* The node that another one, or the super block, says comes next */
static void __init pram_find_next(struct pram_found *found, u64 pfn)
{
	if (!pfn || (pram_is_owned(pfn, 1) && pram_is_claimed(pfn)))
		return;
	if (pram_is_owned(pfn, 1))
		pram_find_node(found, pfn);
	else
		found->damaged = true;
}

static void __init pram_walk_links(struct pram_found *found,
				   const struct pram_super *sb)
{
	struct pram_node *node;

	pram_find_next(found, sb->first);
	/* What is found goes to the end of the list, which is walked on to */
	list_for_each_entry(node, &found->nodes, list) {
		pram_find_next(found, node->page->next);
		cond_resched();
	}
}

/*
 * A page that should be a node, but is not, means that a node is lost, unless
 * all nodes have been found in other ways.
 */
static void __init pram_drop_bad(struct pram_found *found,
				 const struct pram_super *sb)
{
	struct pram_bad *bad, *next;
	u64 missing = 0;

	if (sb->nr_nodes > found->nr_nodes)
		missing = sb->nr_nodes - found->nr_nodes;
	list_for_each_entry_safe(bad, next, &found->bad, list) {
		if (bad->claimed)
			pram_map_del(bad->pfn, 1);
		if (missing) {
			pram_drop("?", bad->why, bad->pfn);
			missing--;
		}
		kfree(bad);
	}
	if (!missing || !found->damaged)
		return;
	pr_err("%llu nodes cannot be found any more\n", missing);
	pram_dropped += missing;
}

static void __init pram_adopt_node(struct pram_node *node)
{
	const struct pram_node_page *page = node->page;
	const char *why;
	u64 where;

	list_del(&node->list);
	why = pram_adopt_chains(node, &where);
	if (why) {
		pram_drop(page->name, why, where);
		pram_map_del(page->head.pfn, 1);
		kfree(node);
		return;
	}
	pram_nr_wipe += pram_wipes(page);
	trace_pram_adopt(page->name, page->chain[PRAM_PAGES].nr_pages,
			 page->nr_bytes);
}

static void __init pram_count_node(const struct pram_node *node, u64 *nr_pages,
				   u64 *nr_meta)
{
	const struct pram_chain *chain = node->page->chain;

	*nr_pages += chain[PRAM_PAGES].nr_pages + chain[PRAM_BYTES].nr_pages;
	*nr_meta += 1 + chain[PRAM_PAGES].nr_links + chain[PRAM_BYTES].nr_links;
}

/*
 * The super block's counts are good for a comparison, and for nothing else. What is lost
 * has been said.
 */
static void __init pram_check_counts(const struct pram_super *sb,
				     const struct pram_found *found)
{
	u64 nr_pages = 0, nr_meta = 0;
	struct pram_node *node;

	if (sb->nr_nodes != found->nr_nodes)
		pr_info("the super block counts %llu nodes, and there are %llu\n",
			sb->nr_nodes, found->nr_nodes);
	if (sb->nr_nodes != found->nr_nodes || pram_dropped)
		return;
	nr_meta = DIV_ROUND_UP_ULL(sb->nr_nodes, PRAM_LINK_ENTRIES);
	list_for_each_entry(node, &pram_nodes, list)
		pram_count_node(node, &nr_pages, &nr_meta);
	list_for_each_entry(node, &pram_absent_found, list)
		pram_count_node(node, &nr_pages, &nr_meta);
	if (sb->nr_pages != nr_pages || sb->nr_meta != nr_meta)
		pr_info("the super block counts %llu pages and %llu of metadata, the nodes have %llu and %llu\n",
			sb->nr_pages, sb->nr_meta, nr_pages, nr_meta);
}

/* Returns how many pages it has marked */
static u64 __init pram_mark_broken(u64 entry)
{
	u64 pfn = pram_entry_pfn(entry), end = pfn + pram_entry_pages(entry);
	u64 nr = 0;

	if (pram_entry_order(entry) || pram_entry_flags(entry) ||
	    end - pfn > pram_broken_left || !pram_is_owned(pfn, end - pfn))
		return 0;
	pram_broken_left -= end - pfn;
	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		/* The super block has been read, and is in use */
		if (PageHWPoison(page) || pfn == pram_super_pfn)
			continue;
		SetPageHWPoison(page);
		num_poisoned_pages_inc(pfn);
		nr++;
	}
	return nr;
}

/* They must not be read, be it by this kernel to see what is in them */
static void __init pram_take_broken(const struct pram_super *sb)
{
	u64 pfn, nr_links = 0, pos = 0, nr = 0;
	struct pram_link *link;
	const char *why = NULL;
	unsigned int i;

	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE))
		return;
	for (pfn = sb->broken; pfn; pfn = link->next) {
		link = pram_addr(pfn);
		why = pram_claim_list(pfn, PRAM_BROKEN_MAGIC, pos);
		if (why)
			break;
		nr_links++;
		pos += link->nr_entries;
		for (i = 0; i < link->nr_entries; i++)
			nr += pram_mark_broken(link->entry[i]);
		cond_resched();
	}
	if (why)
		pr_warn("not all broken pages are known: %s (page %#llx)\n", why,
			pfn);
	for (pfn = sb->broken; nr_links; nr_links--, pfn = link->next) {
		link = pram_addr(pfn);
		pram_map_del(pfn, 1);
	}
	if (nr)
		pr_info("%llu of the pages are broken\n", nr);
}

/**
 * pram_adopt - adopt what is good
 * @sb: the super block
 * @nr_owned: how many pages have been reserved
 *
 * Context: boot; may sleep.
 * Return: whether what no node has claimed is to be cleared, as there may be pages of
 * a dropped node in it that has asked for that.
 */
bool __init pram_adopt(const struct pram_super *sb, u64 nr_owned)
{
	struct pram_found found = {
		.nodes = LIST_HEAD_INIT(found.nodes),
		.bad = LIST_HEAD_INIT(found.bad),
	};
	u64 nr_adopted = 0;

	pram_claim_limit(4 * nr_owned);
	pram_broken_left = nr_owned;
	pram_take_broken(sb);
	/* The pages of nodes first: no node shall take another's */
	pram_walk_dir(&found, sb);
	pram_walk_links(&found, sb);
	pram_drop_bad(&found, sb);
	while (!list_empty(&found.nodes)) {
		u64 dropped = pram_dropped;

		pram_adopt_node(list_first_entry(&found.nodes,
						 struct pram_node, list));
		nr_adopted += dropped == pram_dropped;
		cond_resched();
	}
	if (pram_dropped > PRAM_MAX_LOGGED)
		pr_err("and %llu more nodes dropped\n",
		       pram_dropped - PRAM_MAX_LOGGED);
	pram_check_counts(sb, &found);
	pr_info("adopted %llu of %llu nodes\n", nr_adopted,
		max(found.nr_nodes, sb->nr_nodes));
	return pram_nr_wipe < sb->nr_wipe;
}
