// SPDX-License-Identifier: GPL-2.0
/*
 * Golden images: what a kernel has once left in memory, which every later one
 * that takes the same version of the format must find.
 *
 *	golden IMAGE...		boot on each, and load all that has to be there
 *	golden -w DIR		write the images that are not in DIR yet
 *
 * An image is text, numbers are in hexadecimal:
 *
 *	ram START END		RAM of the machine, in pfns
 *	super PFN TICKET	what pram= says
 *	mark MARK		what is in the register
 *	node CSUM BYTES NAME	a node, in order; what it must have follows
 *	folio ORDER FLAGS CRC	a folio of its page stream
 *	broken ORDER		one that cannot be read
 *	bytes CRC		its byte stream
 *	tree CRC		it is a tree: that of its text
 *	absent SIZE PAGES CRC NAME
 *				pages that are not there: CRC is that of their pfns
 *	page PFN		a page that is not zero
 *	+OFFSET TIMES DATA	16 bytes of it, as often as it says
 */
#include "../fuzz/image.h"

#include "../../../../mm/pram.h"

#include <errno.h>
#include <unistd.h>

#include "../fuzz/rules.h"
#include "../fuzz/text.h"
#include "absent.h"
#include "narrow.h"

#define LINE	16

/*
 * Writing
 */
static void write_page(FILE *file, const struct image_page *page)
{
	static const u8 zero[LINE];
	unsigned int at, nr, i;

	fprintf(file, "page %llx\n", page->pfn);
	for (at = 0; at < PAGE_SIZE; at += nr * LINE) {
		const u8 *data = page->data + at;

		for (nr = 1; at + nr * LINE < PAGE_SIZE; nr++) {
			if (memcmp(data, data + nr * LINE, LINE))
				break;
		}
		if (!memcmp(data, zero, LINE))
			continue;
		fprintf(file, "+%x %x ", at, nr);
		for (i = 0; i < LINE; i++)
			fprintf(file, "%02x", data[i]);
		putc('\n', file);
	}
}

static u32 crc_folio(const struct image *img, u64 entry)
{
	static const u8 zero[PAGE_SIZE];
	u64 pfn = entry << 24 >> 24, nr = 1ULL << ((entry >> 40) & 31);
	u32 crc = ~0;

	for (; nr--; pfn++) {
		const struct image_page *page = image_find(img, pfn);

		crc = rules_crc32c(crc, page ? page->data : zero, PAGE_SIZE);
	}
	return crc;
}

/* What the records say, if they are those of a tree */
static void write_tree(FILE *file, const struct image *img,
		       const struct image_node *node)
{
	static const u8 zero[PAGE_SIZE];
	struct text_folio *folio;
	struct text text = {};
	const char *why;
	unsigned int i;
	u64 j;

	if (node->nr_bytes < 4 ||
	    rules_get(node->bytes, 0, 4) != PRAM_TMPFS_MAGIC)
		return;
	folio = calloc(node->nr_folios + 1, sizeof(*folio));
	sim_assert(folio);
	for (i = 0; i < node->nr_folios; i++) {
		u64 pfn = node->folio[i] << 24 >> 24;

		folio[i].order = (node->folio[i] >> 40) & 31;
		folio[i].flags = (node->folio[i] >> 45) & 7;
		for (j = 0; j < 1ULL << folio[i].order; j++) {
			struct image_page *page = image_find(img, pfn + j);

			if (image_broken(img, pfn + j, 0))
				folio[i].lost |= 1ULL << j;
			folio[i].sum[j] = text_sum(page ? page->data : zero,
						   PAGE_SIZE);
		}
	}
	why = text_of_records(&text, node->bytes, node->nr_bytes, folio,
			      node->nr_folios,
			      img->machine.ram[img->machine.nr_ram - 1].end);
	if (why)
		sim_fail("%s: a tree with %s", node->name, why);
	fprintf(file, "tree %08x\n", text_crc(&text));
	text_free(&text);
	free(folio);
}

static void write_node(FILE *file, const struct image *img,
		       const struct image_node *node)
{
	unsigned int i;

	if (write_absent(file, img, node))
		return;
	fprintf(file, "node %x %llx %s\n", node->csum, node->nr_bytes,
		node->name);
	for (i = 0; i < node->nr_folios; i++) {
		u64 order = (node->folio[i] >> 40) & 31;

		if (image_broken(img, node->folio[i] << 24 >> 24, order))
			fprintf(file, "broken %llx\n", order);
		else
			fprintf(file, "folio %llx %llx %08x\n", order,
				(node->folio[i] >> 45) & 7,
				crc_folio(img, node->folio[i]));
	}
	fprintf(file, "bytes %08x\n",
		rules_crc32c(~0, node->bytes, node->nr_bytes));
	write_tree(file, img, node);
}

static void write_image(const char *dir, unsigned int scene)
{
	struct image img;
	char name[4096];
	unsigned int i;
	FILE *file;

	snprintf(name, sizeof(name), "%s/v%u-%s", dir, PRAM_VERSION,
		 image_scene_name[scene]);
	/* What has been written is not written again */
	file = fopen(name, "wx");
	if (!file && errno == EEXIST)
		return;
	if (!file)
		sim_fail("%s: %m", name);
	image_make(&img, scene);
	fprintf(file, "# PRAM, format version %u: %s\n", PRAM_VERSION,
		image_scene_name[scene]);
	for (i = 0; i < img.machine.nr_ram; i++)
		fprintf(file, "ram %llx %llx\n", img.machine.ram[i].start,
			img.machine.ram[i].end);
	fprintf(file, "super %llx %llx\n", img.super, img.ticket);
	fprintf(file, "mark %llx\n", img.mark);
	for (i = 0; i < img.nr_nodes; i++)
		write_node(file, &img, &img.node[i]);
	for (i = 0; i < img.nr_pages; i++)
		write_page(file, &img.page[i]);
	if (fclose(file))
		sim_fail("%s: %m", name);
	image_free(&img);
	printf("%s: written\n", name);
}

/*
 * Reading
 */
static const char *reading;
static unsigned int line_nr;

static void __noreturn bad_line(const char *line)
{
	sim_fail("%s:%u: not understood: %s", reading, line_nr, line);
}

static void read_data(u64 pfn, const char *line)
{
	unsigned int at, times, i, byte;
	u8 data[LINE], *to;
	int used;

	if (!pfn || sscanf(line, "+%x %x %n", &at, &times, &used) != 2 ||
	    at % LINE || at + times * LINE > PAGE_SIZE)
		bad_line(line);
	for (i = 0; i < LINE; i++) {
		if (sscanf(line + used + 2 * i, "%2x", &byte) != 1)
			bad_line(line);
		data[i] = byte;
	}
	to = sim_phys(pfn) + at;
	for (; times--; to += LINE)
		memcpy(to, data, LINE);
}

/* A node in the image that is being read, once it is booted on */
struct check {
	struct pram_stream ps;
	u64 nr_bytes;
	unsigned int csum;
	char name[PRAM_NAME_MAX + 1];
	unsigned int nr_folios;
	unsigned int nr_nodes;
};

static void end_node(struct check *check)
{
	if (!check->ps.node)
		return;
	if (pram_load_folio(&check->ps, NULL))
		sim_fail("%s: node %s has more than %u folios", reading,
			 check->name, check->nr_folios);
	sim_assert(!pram_close(&check->ps, PRAM_COMMIT));
}

static void check_node(struct check *check, const char *line)
{
	int err;

	end_node(check);
	if (sscanf(line, "node %x %llx %255[^\n]", &check->csum,
		   &check->nr_bytes, check->name) != 3)
		bad_line(line);
	err = pram_open(check->name, PRAM_READ, GFP_KERNEL, &check->ps);
	if (err)
		sim_fail("%s: node %s: %d", reading, check->name, err);
	check->nr_folios = 0;
	check->nr_nodes++;
}

static void check_folio(struct check *check, const char *line)
{
	unsigned int order, flags, crc, got_flags;
	struct folio *folio;

	if (sscanf(line, "folio %x %x %x", &order, &flags, &crc) != 3)
		bad_line(line);
	folio = pram_load_folio(&check->ps, &got_flags);
	if (IS_ERR_OR_NULL(folio))
		sim_fail("%s: node %s, folio %u: %ld", reading, check->name,
			 check->nr_folios, PTR_ERR(folio));
	if (folio_order(folio) != order || got_flags != flags ||
	    rules_crc32c(~0, folio_address(folio), PAGE_SIZE << order) != crc)
		sim_fail("%s: node %s, folio %u is not what it was", reading,
			 check->name, check->nr_folios);
	check->nr_folios++;
	folio_put(folio);
}

static void check_broken(struct check *check)
{
	struct folio *folio = pram_load_folio(&check->ps, NULL);

	if (folio != ERR_PTR(-EHWPOISON))
		sim_fail("%s: node %s, folio %u is not known to be broken",
			 reading, check->name, check->nr_folios);
	check->nr_folios++;
}

static void check_bytes(struct check *check, const char *line)
{
	u8 *bytes = malloc(check->nr_bytes + 1);
	unsigned int crc;
	ssize_t got;

	sim_assert(bytes);
	if (sscanf(line, "bytes %x", &crc) != 1)
		bad_line(line);
	got = pram_read(&check->ps, bytes, check->nr_bytes + 1);
	if (got != (ssize_t)check->nr_bytes ||
	    rules_crc32c(~0, bytes, got) != crc)
		sim_fail("%s: node %s: its bytes are not what they were",
			 reading, check->name);
	free(bytes);
}

static void read_machine(struct sim_machine *m, FILE *file)
{
	char line[512];
	u64 super, ticket;

	memset(m, 0, sizeof(*m));
	m->loader = 0xd;
	while (fgets(line, sizeof(line), file)) {
		struct pram_range *ram = &m->ram[m->nr_ram];

		if (sscanf(line, "ram %llx %llx", &ram->start, &ram->end) == 2)
			m->nr_ram++;
		if (sscanf(line, "super %llx %llx", &super, &ticket) == 2)
			sprintf(m->cmdline, "pram=%llx.%llx", super, ticket);
		sscanf(line, "mark %llx", &sim_mark);
	}
}

static void read_pages(FILE *file)
{
	char line[512];
	u64 pfn = 0;

	rewind(file);
	for (line_nr = 1; fgets(line, sizeof(line), file); line_nr++) {
		if (*line == '+')
			read_data(pfn, line);
		else
			sscanf(line, "page %llx", &pfn);
	}
}

static unsigned int check_nodes(FILE *file)
{
	struct check check = {};
	char line[512];

	rewind(file);
	for (line_nr = 1; fgets(line, sizeof(line), file); line_nr++) {
		if (!strncmp(line, "node ", 5))
			check_node(&check, line);
		else if (!strncmp(line, "folio ", 6))
			check_folio(&check, line);
		else if (!strncmp(line, "broken ", 7))
			check_broken(&check);
		else if (!strncmp(line, "bytes ", 6))
			check_bytes(&check, line);
		else if (!strncmp(line, "absent ", 7) &&
			 !check_absent(line))
			bad_line(line);
	}
	end_node(&check);
	return check.nr_nodes;
}

static void check_tree(const char *name, u32 crc)
{
	struct text text = {};
	struct super_block *sb;
	struct wide wide;

	wide_of_node(&wide, name);
	sb = sim_mount(name, true);
	if (wide.too_wide) {
		if (PTR_ERR_OR_ZERO(sb) != wide.too_wide)
			sim_fail("%s: tree %s is for 64 bits: %d", reading, name,
				 PTR_ERR_OR_ZERO(sb));
		/* It stays */
		wide_of_node(&wide, name);
		return;
	}
	if (IS_ERR(sb))
		sim_fail("%s: tree %s: %ld", reading, name, PTR_ERR(sb));
	text_of_tree(&text, sb, true);
	wide_options(&wide, &text.options);
	if (text_crc(&text) != crc)
		sim_fail("%s: tree %s is not what it was:\n%s", reading, name,
			 text.buf);
	sim_umount(sb);
	text_free(&text);
}

/* Mount the trees */
static unsigned int check_trees(FILE *file)
{
	char line[512], name[PRAM_NAME_MAX + 1];
	unsigned int nr = 0, crc;

	rewind(file);
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "node %*x %*x %255[^\n]", name);
		if (sscanf(line, "tree %x", &crc) != 1)
			continue;
		check_tree(name, crc);
		nr++;
	}
	pram_absent_release_all("nobody has come");
	while (!list_empty(&pram_nodes))
		sim_assert(!pram_discard(list_first_entry(&pram_nodes,
					 struct pram_node, list)->page->name));
	return nr;
}

static void boot_image(const char *name, FILE *file, int fd)
{
	struct sim_machine machine;

	if (ftruncate(fd, 0))
		sim_fail("ftruncate: %m");
	rewind(file);
	sim_reset();
	read_machine(&machine, file);
	if (!machine.nr_ram || !*machine.cmdline)
		sim_fail("%s: not an image", name);
	sim_map(fd, &machine);
	read_pages(file);
	sim_nr_warnings = 0;
	sim_srand(1);
	if (sim_boot())
		sim_fail("%s: cannot boot", name);
	if (sim_nr_warnings)
		sim_fail("%s: the kernel says: %s", name, sim_last_warning);
}

/* All of it was there, and nothing else is */
static void check_rest(const char *name)
{
	lru_add_drain();
	sim_check_pages();
	if (sim_nr_used() != 1)
		sim_fail("%s: %lu pages are still in use", name,
			 sim_nr_used());
}

static void check_image(const char *name)
{
	FILE *file = fopen(name, "r");
	unsigned int nr, trees;
	int fd;

	if (!file)
		sim_fail("%s: %m", name);
	reading = name;
	fd = sim_create_memory();
	boot_image(name, file, fd);
	nr = check_nodes(file);
	check_rest(name);
	boot_image(name, file, fd);
	trees = check_trees(file);
	check_rest(name);
	sim_reset();
	close(fd);
	fclose(file);
	printf("%s: %u nodes, %u of them trees\n", name, nr, trees);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc == 3 && !strcmp(argv[1], "-w")) {
		for (i = 0; i < image_nr_scenes; i++)
			write_image(argv[2], i);
		return 0;
	}
	if (argc < 2 || *argv[1] == '-') {
		fputs("usage: golden IMAGE... | golden -w DIR\n", stderr);
		return 2;
	}
	for (i = 1; i < argc; i++)
		check_image(argv[i]);
	printf("%u images are what they were\n", argc - 1);
	return 0;
}
