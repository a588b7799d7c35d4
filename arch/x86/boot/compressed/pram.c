// SPDX-License-Identifier: GPL-2.0
/*
 * Physical KASLR must not put the kernel onto memory that the previous one has
 * preserved (Documentation/mm/pram.rst). The super block says where that is; no
 * other page is read. Whether pram= names a good super block is decided here as
 * the kernel will decide it. What it will refuse need not be avoided.
 *
 * A kernel that finds no other place stays where kexec has put it, and that is
 * no place of preserved pages. So there is nothing to do for nokaslr.
 */
#include "misc.h"
#include "error.h"
#include "pram_base.h"
#include "../string.h"
#include "pram.h"

#include <linux/crc32poly.h>
#include <linux/string.h>

#include <linux/pram_super.h>

#include <asm/e820/types.h>
#include <asm/shared/pram.h>

#define _SETUP
#include <asm/setup.h>	/* For COMMAND_LINE_SIZE */
#undef _SETUP

extern unsigned long get_cmd_line_ptr(void);

static void append(char *line, const char *str)
{
	size_t len = strlen(line);
	size_t nr = strnlen(str, COMMAND_LINE_SIZE - 1 - len);

	memcpy(line + len, str, nr);
	line[len + nr] = 0;
}

/* What the command line says that setup_arch() will make; zeros: nothing, or "off" */
static void pram_find_param(struct pram_param *ret)
{
	unsigned long cmd_line = get_cmd_line_ptr();
	char *line, *args, *param, *val;

	line = malloc(COMMAND_LINE_SIZE);
	if (!line)
		error("Failed to allocate space for the command line");
	line[0] = 0;
#ifdef CONFIG_CMDLINE_BOOL
	/* As setup_arch(), down to the space: the whole is cut at its limit */
	append(line, sizeof(CONFIG_CMDLINE) > 1 ? CONFIG_CMDLINE " " : "");
#endif
	if (cmd_line && !IS_ENABLED(CONFIG_CMDLINE_OVERRIDE))
		append(line, (const char *)cmd_line);

	args = skip_spaces(line);
	while (*args) {
		args = next_arg(args, &param, &val);
		/* Stop at --, as parse_args() does */
		if (!val && !strcmp(param, "--"))
			break;
		if (!strcmp(param, "pram"))
			pram_parse(val, ret);
	}

	free(line);
}

/*
 * Reading from what is no RAM could do anything. KASLR looks no further than to
 * what fits into boot_params, and neither does this: SETUP_E820_EXT is left out.
 * A super block is low, and not there.
 */
static bool pram_is_ram(u64 pfn)
{
	u64 start = pfn << PRAM_PAGE_SHIFT;
	u64 end = start + PRAM_PAGE_SIZE;
	bool ram = false;
	int i;

	for (i = 0; i < boot_params_ptr->e820_entries; i++) {
		struct boot_e820_entry *entry = &boot_params_ptr->e820_table[i];

		/* An empty one is nothing, wherever it is */
		if (!entry->size || end <= entry->addr ||
		    start >= entry->addr + entry->size)
			continue;
		if (entry->type != E820_TYPE_RAM)
			return false;
		if (start >= entry->addr && end <= entry->addr + entry->size)
			ram = true;
	}

	return ram;
}

static u64 pram_mark(void)
{
	u32 reg = PRAM_MARK_MSR(has_cpuflag);
	struct msr m = {};

	if (reg)
		raw_rdmsr(reg, &m);
	return m.q;
}

/* As crc32c() in the kernel. A table would not pay for one page. */
static u32 pram_csum(const void *page)
{
	const u8 *p = page + offsetof(struct pram_head, pfn);
	const u8 *end = page + PRAM_PAGE_SIZE;
	u32 crc = ~0;
	int bit;

	while (p < end) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? CRC32C_POLY_LE : 0);
	}

	return crc;
}

/* Fills in up to MAX_PRAM_REGIONS entries of @avoid, which are all zero. */
void pram_avoid(struct mem_vector *avoid)
{
	struct pram_param param = {};
	const struct pram_super *sb;
	unsigned int i;

	pram_find_param(&param);
	if (!param.pfn || !pram_is_ram(param.pfn))
		return;
	/* There are no addresses for more, and the kernel does not look there either */
	if (IS_ENABLED(CONFIG_X86_32) && param.pfn >= PRAM_LOW_END)
		return;

	/* The page fault handler maps it */
	sb = (const struct pram_super *)(unsigned long)(param.pfn << PRAM_PAGE_SHIFT);
	if (pram_check_super(sb, &param, pram_mark(), pram_csum(sb)))
		return;

	for (i = 0; i < sb->nr_cover; i++) {
		u64 nr = sb->cover[i].end - sb->cover[i].start;

		avoid[i].start = sb->cover[i].start << PRAM_PAGE_SHIFT;
		avoid[i].size = nr << PRAM_PAGE_SHIFT;
	}
}
