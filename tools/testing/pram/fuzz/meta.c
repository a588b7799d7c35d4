// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: a kernel that finds damaged metadata.
 *
 * Input: which image; choices; how each node is used; and changes of pages.
 * Checksums are mended afterwards in half of the inputs, for otherwise nothing
 * gets past them. Whatever was changed, the kernel must come up, no page may
 * belong to two, or be lost, and nodes which are not affected must be there.
 */
#include "image.h"

#include "../../../../mm/pram.h"
#include "fuzz.h"
#include "rules.h"

/* The second byte of an input */
#define CHOICE_MEND	0x01	/* the checksums of what was changed are right */
#define CHOICE_FW	0x02	/* the firmware has some of the memory */
#define CHOICE_LATE	0x04	/* and more of it, as turns out later */
#define CHOICE_SEED	0x18	/* of whatever else is random */
#define CHOICE_RESET	0x20	/* there was a reset in between */

/* What is in the firmware's memory */
#define FW_BYTE		0xfe

/* More bad nodes than this may cost good ones, too */
#define MAX_BAD		3

static struct image *images;
static int fd;

/* Which image: those that take long less often. By image_scene_name. */
static const u8 often[] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	4, 4, 4, 4, 2, 2, 3, 5,
};

/* For each pattern of memtest, one with which little is allocated early */
static const u64 seeds[] = { 2, 5, 22, 15 };
/* By seed: pages that a kernel without PRAM has reserved for good */
static unsigned long nr_reserved[ARRAY_SIZE(seeds)];

struct run {
	const struct image *img;
	struct sim_machine machine;
	struct pram_range fw;
	struct pram_range late;
	/* By index of image_page: changed? */
	bool *changed;
	/* By pfn: which adopted node has the page, counted from 1 */
	u16 *owner;
	/* By pfn: is it the page of an adopted node? */
	bool *node;
	unsigned int nr_adopted;
	bool super_ok;
	/* Good, but for what turns out late */
	bool super_late;
};

/* Pages that nobody but the kernel, or the firmware, has */
static unsigned long count_reserved(void)
{
	const struct sim_machine *m = sim_machine();
	unsigned long nr = 0;
	unsigned int i;
	u64 pfn;

	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			const struct page *page = pfn_to_page(pfn);

			nr += page->state == SIM_RESERVED &&
			      !(page->flags & BIT(PG_managed));
		}
	}
	return nr;
}

static void setup(void)
{
	struct sim_machine m;
	unsigned int i;

	/* For those who look into a finding */
	if (getenv("PRAM_LOGLEVEL"))
		sim_loglevel = atoi(getenv("PRAM_LOGLEVEL"));
	images = calloc(image_nr_scenes, sizeof(*images));
	sim_assert(images);
	for (i = 0; i < image_nr_scenes; i++)
		image_make(&images[i], i);
	fd = sim_create_memory();
	m = images[0].machine;
	m.cmdline[0] = 0;
	for (i = 0; i < ARRAY_SIZE(nr_reserved); i++) {
		sim_reset();
		sim_srand(seeds[i]);
		sim_map(fd, &m);
		if (sim_boot())
			sim_fail("cannot boot");
		nr_reserved[i] = count_reserved();
	}
}

static bool overlaps(const struct pram_range *range, u64 pfn)
{
	return pfn >= range->start && pfn < range->end;
}

static struct pram_range take_range(struct fuzz_input *in,
				    const struct pram_range *ram)
{
	struct pram_range r;

	r.start = ram->start + fuzz_take(in, 2) % (ram->end - ram->start);
	r.end = min(ram->end, r.start + 1 + fuzz_take(in, 1));
	return r;
}

/* A pfn that may be of interest */
static u64 pick_pfn(const struct image *img, u64 code)
{
	switch (code >> 14) {
	case 0:
		return code % 8 ? code % 8 - 1 : img->super;
	case 1:
		return img->machine.ram[1].start + code % 0x440 - 0x20;
	default:
		return img->page[code % img->nr_pages].pfn;
	}
}

static void change(struct run *run, struct fuzz_input *in)
{
	const struct image *img = run->img;
	unsigned int kind = fuzz_take(in, 1);
	u64 code = fuzz_take(in, 2), *words;
	unsigned int at, other;
	u8 *data;

	if (kind & 0x80)
		code %= img->nr_pages;
	else
		code %= img->nr_meta;
	data = sim_phys(img->page[code].pfn);
	words = (u64 *)data;
	run->changed[code] = true;
	switch (kind & 7) {
	case 0:		/* a byte */
		at = fuzz_take(in, 2) % PAGE_SIZE;
		data[at] = fuzz_take(in, 1);
		break;
	case 1:		/* a word */
		at = fuzz_take(in, 2) % 512;
		words[at] = fuzz_take(in, 8);
		break;
	case 2:		/* a pfn, with the rest of the word as it is */
		at = fuzz_take(in, 2) % 512;
		words[at] = (words[at] & ~PRAM_ENTRY_PFN_MASK) |
			    pick_pfn(img, fuzz_take(in, 2));
		break;
	case 3:		/* the rest of an entry, with the pfn as it is */
		at = fuzz_take(in, 2) % 512;
		words[at] = (words[at] & PRAM_ENTRY_PFN_MASK) |
			    fuzz_take(in, 3) << PRAM_ENTRY_ORDER_SHIFT;
		break;
	case 4:		/* a page for another one, but for its pfn */
		other = fuzz_take(in, 2) % img->nr_pages;
		memcpy(data, sim_phys(img->page[other].pfn), PAGE_SIZE);
		rules_put(data, 8, 8, img->page[code].pfn);
		break;
	case 5:		/* words that change places */
		at = fuzz_take(in, 2) % 512;
		other = fuzz_take(in, 2) % 512;
		swap(words[at], words[other]);
		break;
	case 6:		/* a count: a little more, or less */
		at = fuzz_take(in, 2) % 1024;
		rules_put(data, 4 * at, 4, rules_get(data, 4 * at, 4) +
			  (s8)fuzz_take(in, 1));
		break;
	case 7:		/* a piece of a page */
		at = fuzz_take(in, 2) % 512;
		other = fuzz_take(in, 2) % 512;
		memmove(words + at, words + other,
			min(fuzz_take(in, 1), 512 - max(at, other)) * 8);
		break;
	}
}

static void change_pages(struct run *run, struct fuzz_input *in, bool mend)
{
	const struct image *img = run->img;
	unsigned int i;

	/* Each takes at most 12 bytes of a few hundred */
	while (in->left)
		change(run, in);
	for (i = 0; i < img->nr_pages; i++) {
		u8 *data = sim_phys(img->page[i].pfn);

		if (!run->changed[i])
			continue;
		if (mend && i < img->nr_meta)
			rules_mend(data);
		run->changed[i] = memcmp(data, img->page[i].data, PAGE_SIZE);
	}
}

/* Is the page what the last kernel has left, as far as is known early? */
static bool is_good_early(const struct run *run, u64 pfn)
{
	const struct image_page *page = image_find(run->img, pfn);

	return !overlaps(&run->fw, pfn) &&
	       (!page || !run->changed[page - run->img->page]);
}

/* And can it be had? */
static bool is_good(const struct run *run, u64 pfn)
{
	return is_good_early(run, pfn) && !overlaps(&run->late, pfn);
}

/*
 * Who has which page
 */
static void own(struct run *run, u64 pfn, enum sim_state state)
{
	if (!sim_is_ram(pfn) || overlaps(&run->fw, pfn) ||
	    overlaps(&run->late, pfn))
		fuzz_fail("node %u has pfn %#llx, which is not PRAM's",
			  run->nr_adopted, pfn);
	if (run->owner[pfn])
		fuzz_fail("nodes %u and %u have pfn %#llx", run->owner[pfn],
			  run->nr_adopted, pfn);
	if (sim_page_state(pfn) != state)
		fuzz_fail("node %u has pfn %#llx, which is in the wrong state",
			  run->nr_adopted, pfn);
	run->owner[pfn] = run->nr_adopted;
}

/* What was adopted has to be as include/linux/pram_format.h says */
static void valid_head(const u8 *page, u64 pfn, const char *magic)
{
	fuzz_expect(!memcmp(page, magic, 4));
	fuzz_expect(rules_get(page, 8, 8) == pfn);
	fuzz_expect(rules_get(page, 4, 4) ==
		    rules_crc32c(~0, page + 8, PAGE_SIZE - 8));
}

static void valid_link(const u8 *page, u64 pfn, u64 pos, bool csum)
{
	u64 nr = rules_get(page, 32, 4);
	u64 end = csum ? PAGE_SIZE - 4 * nr : PAGE_SIZE;

	valid_head(page, pfn, "PRML");
	fuzz_expect(nr && nr <= (csum ? 338 : 507));
	fuzz_expect(rules_get(page, 24, 8) == pos);
	fuzz_expect(rules_get(page, 36, 4) == csum);
	fuzz_expect(!memchr_inv(page + 40 + 8 * nr, 0, end - 40 - 8 * nr));
}

static void own_chain(struct run *run, const u8 *node, unsigned int at,
		      bool bytes)
{
	bool csum = rules_get(node, 20, 4);
	u64 pfn = rules_get(node, at, 8), links = 0, pos = 0, i, nr;

	while (pfn) {
		const u8 *link = sim_phys(pfn);

		own(run, pfn, SIM_ALLOCATED);
		valid_link(link, pfn, pos, csum);
		links++;
		for (i = 0; i < rules_get(link, 32, 4); i++) {
			u64 entry = rules_get(link, 40 + 8 * i, 8);
			u64 page = entry << 24 >> 24;
			unsigned int order = (entry >> 40) & 31;

			fuzz_expect(order <= 10 && !(page % (1 << order)));
			fuzz_expect(entry >> 48 && (!csum || entry >> 48 == 1));
			fuzz_expect(!bytes || !((entry >> 40) & 0xff));
			nr = entry >> 48 << order;
			pos += nr;
			while (nr--)
				own(run, page++, SIM_OFFLINE);
		}
		pfn = rules_get(link, 16, 8);
	}
	fuzz_expect(links == rules_get(node, at + 8, 8));
	fuzz_expect(pos == rules_get(node, at + 16, 8));
}

/* One whose pages are not there has a flag, a size, and nothing that would be read */
static void own_node(struct run *run, const u8 *node, u64 pfn, bool absent)
{
	const char *name = (const char *)node + 96;
	u64 nr_bytes = rules_get(node, 32, 8);
	size_t len = strnlen(name, 256), i;

	own(run, pfn, SIM_ALLOCATED);
	valid_head(node, pfn, "PRMN");
	if (absent)
		fuzz_expect(rules_get(node, 16, 4) == 2 &&
			    !rules_get(node, 20, 4) && !nr_bytes);
	else
		fuzz_expect(!(rules_get(node, 16, 4) & ~0x1dULL) &&
			    rules_get(node, 20, 4) <= 1 &&
			    !rules_get(node, 352, 8));
	fuzz_expect(len && len < 256 && strcmp(name, ".") && strcmp(name, ".."));
	for (i = 0; i < len; i++)
		fuzz_expect(name[i] > 31 && name[i] < 127 && name[i] != '/');
	fuzz_expect(!memchr_inv(name + len, 0, 256 - len));
	fuzz_expect(!memchr_inv(node + 360, 0, PAGE_SIZE - 360));
	fuzz_expect(rules_get(node, 88, 8) == nr_bytes / PAGE_SIZE +
		    (nr_bytes % PAGE_SIZE != 0));
	own_chain(run, node, 48, false);
	own_chain(run, node, 72, true);
}

static void own_list(struct run *run, struct list_head *nodes, bool absent)
{
	struct pram_node *node;
	u64 pfn;

	list_for_each_entry(node, nodes, list) {
		pfn = PHYS_PFN(virt_to_phys(node->page));
		run->nr_adopted++;
		run->node[pfn] = true;
		own_node(run, (const u8 *)node->page, pfn, absent);
	}
}

/* How many of them are in use: those that are not there are none of this kernel's */
static unsigned long own_all(struct run *run)
{
	unsigned long nr = 0;
	struct pram_node *node;
	u64 pfn;

	own_list(run, &pram_nodes, false);
	own_list(run, &pram_absent_found, true);
	for (pfn = 0; pfn < max_pfn; pfn++)
		nr += !!run->owner[pfn];
	list_for_each_entry(node, &pram_absent_found, list)
		nr -= node->page->chain[PRAM_PAGES].nr_pages;
	return nr;
}

static struct pram_node *find_node(const char *name)
{
	struct pram_node *node;

	list_for_each_entry(node, &pram_nodes, list) {
		if (!strcmp(node->page->name, name))
			return node;
	}
	return NULL;
}

/* Is nothing wrong with the metadata of the node, and what leads to it? */
static bool is_intact(const struct run *run, const struct image_node *node)
{
	unsigned int i;

	for (i = 0; i < node->dir + 1; i++) {
		if (!is_good(run, run->img->page[1 + i].pfn))
			return false;
	}
	for (i = 0; i < node->nr_pages; i++) {
		u64 pfn = node->pages[i];

		if (i < node->nr_meta ? !is_good(run, pfn) :
		    overlaps(&run->fw, pfn) || overlaps(&run->late, pfn))
			return false;
	}
	return true;
}

/* Has another node what this one would need? */
static bool is_taken(const struct run *run, const struct image_node *node)
{
	unsigned int i;

	if (find_node(node->name))
		return true;
	/* The first page is its own: those of all nodes are claimed first */
	for (i = 1; i < node->nr_pages; i++) {
		if (run->owner[node->pages[i]])
			return true;
	}
	return false;
}

static void check_survivors(const struct run *run)
{
	unsigned int i, bad = 0;

	for (i = 0; i < run->img->nr_nodes; i++)
		bad += !is_intact(run, &run->img->node[i]);
	for (i = 0; i < run->img->nr_nodes; i++) {
		const struct image_node *want = &run->img->node[i];

		if (run->node[want->pfn])
			continue;
		if (bad <= MAX_BAD && is_intact(run, want) &&
		    !is_taken(run, want))
			fuzz_fail("node %s is lost, and nothing is wrong with it",
				  want->name);
	}
}

/*
 * Using what was adopted
 */
static const struct image_node *known(const struct run *run,
				      const struct pram_node *node)
{
	unsigned int i;

	for (i = 0; i < run->img->nr_nodes; i++) {
		const struct image_node *want = &run->img->node[i];

		if (want->pfn == node->page->head.pfn && is_intact(run, want))
			return want;
	}
	return NULL;
}

static bool folio_good(const struct run *run, u64 entry)
{
	u64 pfn = entry << 24 >> 24, nr = 1ULL << ((entry >> 40) & 31);

	while (nr--) {
		if (!is_good(run, pfn++))
			return false;
	}
	return true;
}

static bool same_data(const struct run *run, u64 pfn, u64 nr)
{
	static const u8 zero[PAGE_SIZE];

	for (; nr--; pfn++) {
		const struct image_page *page = image_find(run->img, pfn);

		if (memcmp(sim_phys(pfn), page ? page->data : zero, PAGE_SIZE))
			return false;
	}
	return true;
}

static void check_folio(const struct run *run, const struct image_node *want,
			unsigned int nr, struct folio *folio,
			unsigned int flags)
{
	u64 entry;

	if (nr >= want->nr_folios)
		fuzz_fail("node %s has more than %u folios", want->name, nr);
	entry = want->folio[nr];
	if (IS_ERR(folio)) {
		fuzz_expect(PTR_ERR(folio) == -EIO);
		fuzz_expect(want->csum && !folio_good(run, entry));
		return;
	}
	fuzz_expect(folio_pfn(folio) == entry << 24 >> 24);
	fuzz_expect(folio_order(folio) == ((entry >> 40) & 31));
	fuzz_expect(flags == ((entry >> 45) & 7));
	fuzz_expect(!want->csum || folio_good(run, entry));
	if (folio_good(run, entry))
		fuzz_expect(same_data(run, folio_pfn(folio),
				      folio_nr_pages(folio)));
}

struct held {
	struct folio **folio;
	unsigned int nr;
};

/* Load up to @max folios; they have to be written to without harm */
static void load(const struct run *run, const struct image_node *want,
		 struct pram_stream *ps, unsigned int max, struct held *held)
{
	unsigned int nr, flags = 0;
	struct folio *folio;

	for (nr = 0; nr < max; nr++) {
		folio = pram_load_folio(ps, &flags);
		if (!folio)
			break;
		if (want)
			check_folio(run, want, nr, folio, flags);
		if (IS_ERR(folio)) {
			fuzz_expect(PTR_ERR(folio) == -EIO);
			continue;
		}
		held->folio = realloc(held->folio, (held->nr + 1) *
				      sizeof(*held->folio));
		held->folio[held->nr++] = folio;
	}
	if (want && nr < max && nr != want->nr_folios)
		fuzz_fail("node %s has only %u folios", want->name, nr);
}

static void read_bytes(const struct run *run, const struct image_node *want,
		       struct pram_stream *ps, size_t step)
{
	u8 *buf = malloc(step);
	u64 at = 0, i;
	ssize_t got;

	for (;;) {
		got = pram_read(ps, buf, step);
		if (!got)
			break;
		if (got < 0) {
			fuzz_expect(got == -EIO && ps->node->page->csum_mode);
			fuzz_expect(ps->pos > at);
			at = ps->pos;
			continue;
		}
		for (i = 0; want && i < got; i++) {
			fuzz_expect(at + i < want->nr_bytes);
			/* Without checksums, changed data goes unnoticed */
			if (buf[i] != want->bytes[at + i])
				fuzz_expect(!want->csum);
		}
		at += got;
	}
	if (want)
		fuzz_expect(at == want->nr_bytes);
	free(buf);
}

static void put_held(struct held *held, bool scribble)
{
	while (held->nr) {
		struct folio *folio = held->folio[--held->nr];

		if (scribble)
			memset(folio_address(folio), 0x99,
			       PAGE_SIZE << folio_order(folio));
		folio_put(folio);
	}
	free(held->folio);
	held->folio = NULL;
}

static void use_node(const struct run *run, struct pram_node *node,
		     unsigned int how)
{
	static const size_t steps[] = { 9000, 4096, 1000, 4097 };
	const struct image_node *want = known(run, node);
	struct pram_stream ps;
	struct held held = {};
	char name[PRAM_NAME_MAX + 1];

	strcpy(name, node->page->name);
	if ((how & 3) == 3) {
		fuzz_expect(!pram_discard(name));
		return;
	}
	fuzz_expect(!pram_open(name, PRAM_READ, GFP_KERNEL, &ps));
	fuzz_expect(pram_discard(name) == -EBUSY);
	read_bytes(run, want, &ps, steps[how >> 2 & 3]);
	load(run, want, &ps, (how & 3) == 2 ? 2 : UINT_MAX, &held);
	if ((how & 3) == 1) {
		fuzz_expect(!pram_close(&ps, PRAM_KEEP));
		fuzz_expect(!pram_open(name, PRAM_READ, GFP_KERNEL, &ps));
		load(run, want, &ps, UINT_MAX, &held);
	}
	fuzz_expect(!pram_close(&ps, PRAM_COMMIT));
	put_held(&held, true);
}

static void check_fw(const struct pram_range *range)
{
	u64 pfn;

	for (pfn = range->start; pfn < range->end; pfn++)
		fuzz_expect(!memchr_inv(sim_phys(pfn), FW_BYTE, PAGE_SIZE));
}

/* What is shown of a report is names */
static void check_report(void)
{
	static const char what[] = { PRAM_REPORT_DROPPED, PRAM_REPORT_DISCARDED };
	unsigned int i, left = PRAM_REPORT_NAMES;

	for (i = 0; i < sizeof(what); i++) {
		const char *name = NULL;

		while ((name = pram_report_next(what[i], name))) {
			fuzz_expect(pram_name_valid(name));
			fuzz_expect(left--);
		}
	}
}

static bool in_cover(const struct image *img, u64 pfn)
{
	const u8 *super = img->page[0].data;
	unsigned int i;

	for (i = 0; i < rules_get(super, 28, 4); i++) {
		if (pfn >= rules_get(super, 168 + 16 * i, 8) &&
		    pfn < rules_get(super, 176 + 16 * i, 8))
			return true;
	}
	return false;
}

static bool in_image(const struct image *img, u64 pfn)
{
	unsigned int i, j;

	for (i = 0; i < img->nr_nodes; i++) {
		for (j = 0; j < img->node[i].nr_pages; j++) {
			if (img->node[i].pages[j] == pfn)
				return true;
		}
	}
	return image_find(img, pfn);
}

/* The kernel says nothing of that, and an input may be made for it */
static void log_gap(const struct run *run)
{
	u64 pfn;

	for (pfn = run->late.start; pfn < run->late.end; pfn++) {
		if (in_cover(run->img, pfn) && !in_image(run->img, pfn))
			pr_info("the firmware has a gap of the cover\n");
	}
}

static void boot(struct run *run, unsigned int seed)
{
	const struct rules_param param = {
		true, run->img->super, run->img->ticket
	};
	unsigned long used;
	bool good;
	int err;

	if (run->fw.start < run->fw.end)
		memset(sim_phys(run->fw.start), FW_BYTE,
		       PFN_PHYS(run->fw.end - run->fw.start));
	sim_srand(seeds[seed]);
	good = rules_super(sim_phys(run->img->super), &param, sim_mark);
	err = sim_boot();
	/* One that is good may leave no room, but no other may be taken over */
	fuzz_expect(good || !pram_generation);
	fuzz_expect(!err || (err == -ENOMEM && !sim_super_pfn()));
	check_report();
	used = own_all(run);
	fuzz_expect(sim_nr_used() == used + !err);
	if (run->super_ok || run->super_late) {
		u64 pfn, fw = 0;

		for (pfn = 0; pfn < max_pfn; pfn++)
			fw += overlaps(&run->fw, pfn) ||
			      overlaps(&run->late, pfn);
		fuzz_expect(count_reserved() == nr_reserved[seed] + fw +
			    sim_memblock_pages());
	}
	if (run->super_ok) {
		fuzz_expect(sim_super_pfn() == run->img->super);
		check_survivors(run);
	}
}

static void go(struct run *run, struct fuzz_input *in, unsigned int choice)
{
	unsigned int how = fuzz_take(in, 1), used = 0;
	struct pram_node *node;

	image_put(run->img, &run->machine, fd);
	if (choice & CHOICE_RESET)
		sim_mark = 0;
	change_pages(run, in, choice & CHOICE_MEND);
	run->super_late = is_good_early(run, run->img->super) &&
			  !(choice & CHOICE_RESET);
	run->super_ok = run->super_late && is_good(run, run->img->super);
	run->super_late &= !run->super_ok;
	boot(run, (choice & CHOICE_SEED) / 8);
	log_gap(run);
	while (!list_empty(&pram_nodes)) {
		node = list_first_entry(&pram_nodes, struct pram_node, list);
		use_node(run, node, how + used++ * (how | 1));
	}
	pram_absent_release_all("nobody has come");
	sim_rcu_flush();
	sim_check_pages();
	fuzz_expect(sim_nr_used() == !!sim_super_pfn());
	fuzz_expect(sim_nr_kmalloc == !!sim_super_pfn());
	check_fw(&run->fw);
	sim_reset();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct run run = {};
	unsigned int choice;

	if (!images)
		setup();
	run.img = &images[often[fuzz_take(&in, 1) % sizeof(often)]];
	choice = fuzz_take(&in, 1);
	run.machine = run.img->machine;
	if (choice & CHOICE_RESET)
		run.machine.loader = 0x7;
	if (choice & CHOICE_FW) {
		run.fw = take_range(&in, &run.machine.ram[1]);
		run.machine.fw[run.machine.nr_fw++] = run.fw;
	}
	if (choice & CHOICE_LATE) {
		run.late = take_range(&in, &run.machine.ram[1]);
		run.machine.late[run.machine.nr_late++] = run.late;
	}
	run.changed = calloc(run.img->nr_pages, sizeof(*run.changed));
	run.owner = calloc(run.machine.ram[run.machine.nr_ram - 1].end,
			   sizeof(*run.owner));
	run.node = calloc(run.machine.ram[run.machine.nr_ram - 1].end,
			  sizeof(*run.node));
	sim_assert(run.changed && run.owner && run.node);
	go(&run, &in, choice);
	free(run.changed);
	free(run.owner);
	free(run.node);
	return 0;
}
