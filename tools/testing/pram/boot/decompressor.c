// SPDX-License-Identifier: GPL-2.0
/*
 * The decompressor of a simulated kernel, as far as its reader can tell: what
 * the boot loader has said, and the memory it finds.
 */
#include "../sim.h"

#include <asm/bootparam.h>

#include "reader.h"

#define E820_TYPE_RAM 1

struct mem_vector {
	u64 start;
	u64 size;
};

static char *cmd_line;

struct boot_params *boot_params_ptr;

unsigned long get_cmd_line_ptr(void)
{
	return (unsigned long)cmd_line;
}

uint64_t get_mark(void)
{
	return sim_mark;
}

void error(char *why)
{
	sim_fail("the decompressor halts: %s", why);
}

static struct boot_params *make_params(const struct sim_machine *m)
{
	struct boot_params *bp = calloc(1, sizeof(*bp));
	unsigned int i;

	sim_assert(bp && m->nr_ram <= E820_MAX_ENTRIES_ZEROPAGE);
	bp->hdr.type_of_loader = m->loader << 4 | 1;
	bp->e820_entries = m->nr_ram;
	for (i = 0; i < m->nr_ram; i++) {
		struct boot_e820_entry *entry = &bp->e820_table[i];
		u64 end = m->ram[i].end;

		/* mem= is nothing that the memory map knows of */
		if (i == m->nr_ram - 1)
			end += m->cut;
		entry->addr = PFN_PHYS(m->ram[i].start);
		entry->size = PFN_PHYS(end - m->ram[i].start);
		entry->type = E820_TYPE_RAM;
	}
	return bp;
}

static bool in_memory_map(u64 pfn)
{
	const struct boot_e820_entry *entry = boot_params_ptr->e820_table;
	unsigned int i;

	for (i = 0; i < boot_params_ptr->e820_entries; i++, entry++) {
		if (PFN_PHYS(pfn) >= entry->addr &&
		    PFN_PHYS(pfn) < entry->addr + entry->size)
			return true;
	}
	return false;
}

/**
 * sim_decompress - run the reader of the decompressor
 * @avoid: returns the ranges that KASLR is to keep away from
 *
 * It can read the page that it has found on the command line, if that is RAM,
 * and no other.
 *
 * Return: how many ranges, or -1: this process has something else where that
 * page would have to be, which the sanitizer has from 2 GiB on.
 */
int sim_decompress(struct pram_range *avoid)
{
	struct mem_vector region[PRAM_MAX_COVER] = {};
	bool run = true;
	void *page = NULL;
	int nr = 0;
	uint64_t pfn, ticket;

	boot_params_ptr = make_params(sim_machine());
	cmd_line = strdup(sim_machine()->cmdline);
	sim_assert(cmd_line);
	pram_reader_0.param(&pfn, &ticket);
	if (pfn && in_memory_map(pfn)) {
		page = sim_map_identity(pfn);
		run = page;
	}
	if (run)
		pram_reader_0.avoid(region);
	if (page)
		sim_unmap_identity(page);
	free(boot_params_ptr);
	free(cmd_line);
	if (!run)
		return -1;
	for (; nr < PRAM_MAX_COVER && region[nr].size; nr++) {
		if (region[nr].start & ~PAGE_MASK || region[nr].size & ~PAGE_MASK)
			sim_fail("the decompressor avoids %#llx, %#llx bytes",
				 region[nr].start, region[nr].size);
		avoid[nr].start = PHYS_PFN(region[nr].start);
		avoid[nr].end = avoid[nr].start + PHYS_PFN(region[nr].size);
	}
	return nr;
}
