// SPDX-License-Identifier: GPL-2.0
/*
 * Before the jump: what the image will overwrite, the cover, and the seal.
 */
#include "pram.h"

/**
 * DOC: Before the jump
 *
 * pram_kexec_load() learns where an image will be copied to, so that pages
 * which PRAM allocates from then on can keep away from there.
 *
 * pram_kexec_prepare() runs when the kexec has been asked for and can still be
 * refused. It does all that may fail: it chooses where preserved pages must not
 * be, moves those that are there, allocates the directory, and computes the
 * cover. From then on nodes neither come nor go, so it also fills in the
 * directory. A reboot notifier would be too late for that: it may never be
 * called, as any other may end the chain.
 *
 * pram_kexec_finish() runs when all other CPUs and the devices have stopped. They
 * may have been stopped in the middle of anything, so it takes no lock, and looks
 * at nothing but what is in the directory. It brings the copies of moved pages up
 * to date, takes the checksums and marks the super block as sealed.
 */

/* The directory for the next kernel: enough links for all nodes; 0: none */
static u64 pram_dir;

/**
 * pram_kexec_meets_super - would something be copied over the super block?
 * @start: physical address of the first byte
 * @end: of the last
 *
 * Return: whether it would.
 */
bool pram_kexec_meets_super(unsigned long start, unsigned long end)
{
	u64 super;

	if (!pram_super)
		return false;
	super = PFN_PHYS(pram_super->head.pfn);
	return super + PAGE_SIZE > start && super <= end;
}

/* Keep away from where the image will be copied to */
static int pram_forbid_image(const struct kimage *image)
{
	struct pram_range *ranges __free(kfree) = NULL;
	int nr;

	ranges = kcalloc(PRAM_MAX_FORBIDDEN, sizeof(*ranges), GFP_KERNEL);
	if (!ranges)
		return -ENOMEM;
	nr = pram_choose_windows(image, false, ranges);
	if (nr > 0)
		pram_forbid(ranges, nr);
	return 0;
}

/**
 * pram_kexec_load - take note of where an image will be copied to
 * @image: the image, with its segments checked
 *
 * The super block stands on command lines, and cannot move.
 *
 * Context: kexec_lock is held.
 * Return: 0, -EADDRNOTAVAIL: the image would overwrite the super block, or
 * -ENOMEM.
 */
int pram_kexec_load(const struct kimage *image)
{
	unsigned int i;

	if (!pram_super || image->type == KEXEC_TYPE_CRASH)
		return 0;
	for (i = 0; i < image->nr_segments; i++) {
		unsigned long start = image->segment[i].mem;
		unsigned long last = start + image->segment[i].memsz - 1;

		if (!image->segment[i].memsz ||
		    !pram_kexec_meets_super(start, last))
			continue;
		pr_err("image refused: segment %#lx-%#lx meets the super block at %#llx\n",
		       start, last, PFN_PHYS(pram_super->head.pfn));
		return -EADDRNOTAVAIL;
	}
	pram_check_cmdline(image);
	return pram_forbid_image(image);
}

static void pram_dir_free(void)
{
	pram_free_links(pram_dir);
	pram_dir = 0;
}

static int pram_dir_alloc(unsigned int nr_nodes, struct pram_aside **aside)
{
	unsigned int nr;

	for (nr = 0; nr < nr_nodes; nr += PRAM_LINK_ENTRIES) {
		struct pram_link *link = pram_alloc_meta(PRAM_DIR_MAGIC,
							 PRAM_KEXEC_GFP, aside);

		if (!link) {
			pr_err("kexec refused: no memory for the directory of %u nodes\n",
			       nr_nodes);
			return -ENOMEM;
		}
		link->next = pram_dir;
		pram_dir = link->head.pfn;
	}
	return 0;
}

static int pram_make_cover(const struct pram_range *holes, unsigned int nr)
{
	int ret;

	memset(pram_super->cover, 0, sizeof(pram_super->cover));
	ret = pram_map_cover(holes, nr, pram_super->cover);
	if (ret < 0) {
		pr_err("kexec refused: no memory to compute the cover\n");
		return ret;
	}
	pram_super->nr_cover = ret;
	return 0;
}

/* What the next kernel will be told of a node */
static struct pram_node_page *pram_node_to_seal(const struct pram_node *node)
{
	return node->moved ? node->moved : node->page;
}

/* List the nodes that are complete */
static void pram_fill_dir(void)
{
	struct pram_link *dir = pram_dir ? pram_addr(pram_dir) : NULL;
	struct pram_super *sb = pram_super;
	struct pram_node *node;

	sb->nr_nodes = 0;
	sb->nr_pages = 0;
	sb->nr_meta = 0;
	list_for_each_entry(node, &pram_nodes, list) {
		struct pram_node_page *page = pram_node_to_seal(node);

		if (!pram_kept(node))
			continue;
		if (dir->nr_entries == PRAM_LINK_ENTRIES) {
			dir = pram_addr(dir->next);
			dir->pos = sb->nr_nodes;
		}
		dir->entry[dir->nr_entries++] =
			pram_entry(page->head.pfn, 0, 0, 1);
		sb->nr_nodes++;
		sb->nr_pages += page->chain[PRAM_PAGES].nr_pages +
				page->chain[PRAM_BYTES].nr_pages;
		sb->nr_meta += 1 + page->chain[PRAM_PAGES].nr_links +
			       page->chain[PRAM_BYTES].nr_links;
	}
	sb->dir = pram_dir;
	sb->nr_meta += DIV_ROUND_UP_ULL(sb->nr_nodes, PRAM_LINK_ENTRIES);
	sb->generation = pram_generation;
	pr_info("leaving %llu nodes, %llu pages, %llu metadata pages, in %u ranges\n",
		sb->nr_nodes, sb->nr_pages, sb->nr_meta, sb->nr_cover);
}

/* All that may fail */
static int pram_prepare(const struct kimage *image)
{
	struct pram_range *forbidden __free(kfree) = NULL;
	struct pram_aside *aside = NULL;
	unsigned int nr_nodes = 0;
	struct pram_node *node;
	int nr, err;

	forbidden = kcalloc(PRAM_MAX_FORBIDDEN, sizeof(*forbidden), GFP_KERNEL);
	if (!forbidden) {
		pr_err("kexec refused: no memory to look for room\n");
		return -ENOMEM;
	}
	list_for_each_entry(node, &pram_nodes, list) {
		nr_nodes += pram_kept(node);
		if (node->state == PRAM_WRITING)
			pr_warn("node '%s' is still being written, and will be lost\n",
				node->page->name);
	}
	/* The cover contains nodes that are being written, too */
	nr = pram_choose_windows(image, !list_empty(&pram_nodes), forbidden);
	if (nr < 0)
		return nr;
	pram_forbid(forbidden, nr);

	err = pram_move_nodes(&aside);
	if (!err)
		err = pram_dir_alloc(nr_nodes, &aside);
	pram_free_aside(&aside);
	if (!err)
		err = pram_make_cover(forbidden, nr);
	return err;
}

static void pram_unprepare(const struct kimage *image)
{
	pram_frozen = false;
	pram_move_undo();
	pram_dir_free();
	pram_forbid_image(image);
}

/**
 * pram_kexec_prepare - get ready for a kexec
 * @image: the image that is about to be started
 *
 * When this succeeds, nodes can no longer be opened, committed or discarded:
 * the kexec is what comes next.
 *
 * Context: process context, may sleep; kexec_lock is held.
 * Return: 0, or, with everything as it was and a line in the log,
 * -ENOSPC: the next kernel would not have room enough to boot;
 * -ENOMEM: out of memory;
 * -EHWPOISON: a page that would have to move is broken.
 */
int pram_kexec_prepare(const struct kimage *image)
{
	int err;

	if (!pram_super)
		return 0;
	guard(mutex)(&pram_lock);
	/* Should an earlier kexec not have gone ahead */
	if (pram_frozen)
		pram_unprepare(image);
	err = pram_prepare(image);
	if (err) {
		pram_unprepare(image);
		return err;
	}
	pram_frozen = true;
	pram_fill_dir();
	return 0;
}

static void pram_lament(void)
{
	struct pram_node *node;

	list_for_each_entry(node, &pram_nodes, list) {
		if (pram_kept(node))
			pr_warn("node '%s' is lost: this is not a kexec\n",
				node->page->name);
	}
}

static int pram_reboot(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	guard(mutex)(&pram_lock);
	if (!pram_frozen)
		pram_lament();
	return NOTIFY_DONE;
}

static struct notifier_block pram_reboot_nb = {
	.notifier_call = pram_reboot,
};

static void pram_seal_node(struct pram_node_page *page)
{
	unsigned int i;
	u64 pfn;

	for (i = 0; i < PRAM_NR_CHAINS; i++) {
		for (pfn = page->chain[i].first; pfn; ) {
			struct pram_link *link = pram_addr(pfn);

			pram_csum_link(link);
			link->head.csum = pram_csum(link);
			pfn = link->next;
			touch_nmi_watchdog();
		}
	}
	page->head.csum = pram_csum(page);
}

/**
 * pram_kexec_finish - seal what the next kernel is to find
 *
 * Nobody can write to preserved pages any more, or undo anything.
 *
 * Context: machine_shutdown() is done: one CPU. Returns with interrupts off.
 */
void pram_kexec_finish(void)
{
	u64 pfn;

	if (!pram_frozen)
		return;
	/* machine_shutdown() does so where there is more than one CPU */
	local_irq_disable();
	pram_move_again();
	for (pfn = pram_super->dir; pfn; ) {
		struct pram_link *dir = pram_addr(pfn);
		unsigned int i;

		for (i = 0; i < dir->nr_entries; i++)
			pram_seal_node(pram_addr(pram_entry_pfn(dir->entry[i])));
		dir->head.csum = pram_csum(dir);
		pfn = dir->next;
	}
	pram_super->state = PRAM_SUPER_SEALED;
	pram_super->head.csum = pram_csum(pram_super);
	trace_pram_seal(pram_super);
}

void __init pram_kexec_init(void)
{
	register_reboot_notifier(&pram_reboot_nb);
}

#include "tests/pram_kexec_kunit.h"
