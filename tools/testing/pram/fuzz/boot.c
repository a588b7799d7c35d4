// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: what the decompressor avoids. It reads one page, only if that is
 * RAM, and avoids all of the cover of a good super block, and nothing otherwise.
 *
 * Input: two bytes of choices, the memory map, the command line with a NUL at its
 * end, and the super block.
 */
#include <string.h>
#include <sys/mman.h>

#include <asm/bootparam.h>

#include "../boot/kernel.h"
#include "fuzz.h"
#include "loader.h"
#include "rules.h"

#define PAGE_BYTES	4096
#define MAX_COVER	64

struct mem_vector {
	uint64_t start;
	uint64_t size;
};

/* The first byte of an input */
#define CHOICE_READER	0x07	/* modulo PRAM_NR_READERS */
#define CHOICE_PFN	0x08	/* the super block has its right pfn in it */
#define CHOICE_CSUM	0x10	/* and its right checksum */
#define CHOICE_RAM	0x20	/* the memory map begins with ordinary RAM */

/* The second one */
#define CHOICE_TICKET	0x01	/* the super block has its right ticket in it */
#define CHOICE_MARK	0x02	/* its mark is in the register */
#define CHOICE_NO_MARK	0x04	/* nothing is in the register */
#define CHOICE_LOW	0x08	/* what is in it is in the first page */
#define CHOICE_HIGH	0x10	/* what is in it is not an address of user space */

extern struct boot_params *boot_params_ptr;

static char *take_line(struct fuzz_input *in)
{
	size_t len = strnlen((const char *)in->next, in->left);
	/* The loader's place for the line ends with it: no read behind it */
	char *line = malloc(len + 1);

	memcpy(line, in->next, len);
	line[len] = 0;
	in->next += len;
	in->left -= len;
	fuzz_take(in, 1);
	return line;
}

static void add_entry(struct boot_params *bp, uint64_t addr, uint64_t size,
		      uint32_t type)
{
	struct boot_e820_entry *entry;

	/* The kernel before has thrown out what wraps */
	if (addr + size < addr || bp->e820_entries == E820_MAX_ENTRIES_ZEROPAGE)
		return;
	entry = &bp->e820_table[bp->e820_entries++];
	entry->addr = addr;
	entry->size = size;
	entry->type = type;
}

struct map_code {
	uint8_t nr;
	struct {
		uint8_t how;
		uint64_t a, b;
	} entry[256];
};

/* The map comes before the command line, which says where the page is */
static void take_map(struct fuzz_input *in, struct map_code *map)
{
	unsigned int i;

	map->nr = fuzz_take(in, 1);
	for (i = 0; i < map->nr; i++) {
		unsigned int bytes;

		if (!in->left)
			map->nr = i;
		map->entry[i].how = fuzz_take(in, 1);
		bytes = map->entry[i].how & 0x10 ? 8 : 2;
		map->entry[i].a = fuzz_take(in, bytes);
		map->entry[i].b = fuzz_take(in, bytes);
	}
}

static void make_map(struct boot_params *bp, const struct map_code *map,
		     uint64_t pfn)
{
	unsigned int i;

	for (i = 0; i < map->nr; i++) {
		uint64_t a = map->entry[i].a, b = map->entry[i].b;
		uint32_t type = map->entry[i].how & 0x0f;

		if (map->entry[i].how & 0x20)	/* around the page */
			add_entry(bp, (pfn << 12) + (int16_t)a, b, type);
		else if (map->entry[i].how & 0x10)
			add_entry(bp, a, b, type);
		else				/* whole pages */
			add_entry(bp, a << 12, b << 12, type);
	}
}

static bool is_ram(const struct boot_params *bp, uint64_t pfn)
{
	uint64_t first = pfn << 12, last = first + PAGE_BYTES - 1;
	bool ram = false;
	unsigned int i;

	for (i = 0; i < bp->e820_entries; i++) {
		uint64_t addr = bp->e820_table[i].addr;
		uint64_t size = bp->e820_table[i].size;
		uint32_t type = bp->e820_table[i].type;

		if (!size)
			continue;
		if (type == 1)
			ram |= addr <= first && addr + size - 1 >= last;
		else if (addr <= last && addr + size - 1 >= first)
			return false;
	}
	return ram;
}

static void make_super(struct fuzz_input *in, uint8_t *page,
		       const struct rules_param *param, unsigned int choice,
		       unsigned int which)
{
	uint64_t at = 256;
	unsigned int i, nr = fuzz_take(in, 1);

	memset(page, 0, PAGE_BYTES);
	memcpy(page, "PRMS", 4);
	rules_put(page, 16, 4, 2);
	rules_put(page, 20, 4, 3288);
	memcpy(page + 24, "seal", 4);
	rules_put(page, 28, 4, nr);
	memcpy(page + 104, "6.12", 4);
	for (i = 0; i < nr && i < MAX_COVER; i++) {
		at += fuzz_take(in, 2);
		rules_put(page, 168 + 16 * i, 8, at);
		at += fuzz_take(in, 2);
		rules_put(page, 176 + 16 * i, 8, at);
	}
	if (choice & CHOICE_PFN)
		rules_put(page, 8, 8, param->pfn);
	rules_put(page, 88, 8, param->ticket + !(which & CHOICE_TICKET));
	fuzz_mark = which & CHOICE_NO_MARK ? 0 :
		    which & CHOICE_LOW ? 0xfff :
		    which & CHOICE_HIGH ? 1ULL << 47 : 0x5eed;
	rules_put(page, 96, 8, fuzz_mark + !(which & CHOICE_MARK));
	/* What is left changes bytes of the page */
	while (in->left) {
		uint16_t offset = fuzz_take(in, 2);

		page[offset % PAGE_BYTES] = fuzz_take(in, 1);
	}
	if (choice & CHOICE_CSUM)
		rules_mend(page);
}

static void check(const struct pram_reader *reader, const uint8_t *page)
{
	/* As many as mem_avoid[] has for PRAM: no write outside */
	struct mem_vector *avoid = calloc(MAX_COVER, sizeof(*avoid));
	unsigned int i, nr = 0;

	reader->avoid(avoid);
	if (page)
		nr = rules_get(page, 28, 4);
	for (i = 0; i < MAX_COVER; i++) {
		uint64_t start = 0, end = 0;

		if (i < nr) {
			start = rules_get(page, 168 + 16 * i, 8) << 12;
			end = rules_get(page, 176 + 16 * i, 8) << 12;
		}
		if (avoid[i].start != start || avoid[i].size != end - start)
			fuzz_fail("region %u is %#llx, %#llx and has to be %#llx, %#llx",
				  i, (unsigned long long)avoid[i].start,
				  (unsigned long long)avoid[i].size,
				  (unsigned long long)start,
				  (unsigned long long)(end - start));
	}
	free(avoid);
}

/* The page is where it is in life; what is around it is not mapped */
static uint8_t *map_page(uint64_t pfn)
{
	void *want = (void *)(pfn << 12), *page;

	if (!pfn || pfn >> 35)
		return NULL;
	page = mmap(want, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		    MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return page == want ? page : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct map_code map;
	struct fuzz_input in = { data, size };
	unsigned int choice = fuzz_take(&in, 1);
	unsigned int which = fuzz_take(&in, 1);
	const struct pram_reader *reader;
	struct boot_params *bp;
	uint8_t *page = NULL;
	char *line;
	struct rules_param param;
	bool read;

	reader = fuzz_readers[(choice & CHOICE_READER) % PRAM_NR_READERS];
	bp = calloc(1, sizeof(*bp));
	boot_params_ptr = bp;
	take_map(&in, &map);
	fuzz_loader_line = take_line(&in);

	line = malloc(PRAM_CMDLINE_SIZE);
	kernel_command_line(line, reader->builtin, reader->override,
			    fuzz_loader_line);
	param = rules_param(line);
	free(line);
	if (choice & CHOICE_RAM)
		add_entry(bp, 0x1000, 0x7ffff000, 1);
	make_map(bp, &map, param.pfn);

	read = param.pfn && is_ram(bp, param.pfn);
	if (read) {
		page = map_page(param.pfn);
		/* It can be read, but not in this process */
		if (!page)
			goto out;
		make_super(&in, page, &param, choice, which);
	}
	check(reader, read && rules_super(page, &param, fuzz_mark) ? page : NULL);
out:
	if (page)
		munmap(page, PAGE_BYTES);
	free(fuzz_loader_line);
	free(bp);
	return 0;
}
