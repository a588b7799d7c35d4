// SPDX-License-Identifier: GPL-2.0
/*
 * The decompressor's reader, in one piece with the decompressor's own string
 * functions and parser: it is those that must agree with the kernel's. Built
 * once for each value of READER.
 */
#include "reader.h"

#define __READER(nr)	pram_reader_##nr
#define _READER(nr)	__READER(nr)

#if READER == 1
#define CONFIG_CMDLINE_BOOL 1
#define CONFIG_CMDLINE ""
#elif READER == 2
#define CONFIG_CMDLINE_BOOL 1
#define CONFIG_CMDLINE "console=ttyS0 pram=123.4"
#elif READER == 3
#define CONFIG_CMDLINE_BOOL 1
#define CONFIG_CMDLINE "pram=123.4 -- quiet"
#elif READER == 4
#define CONFIG_CMDLINE_BOOL 1
#define CONFIG_CMDLINE "root=/dev/vda pram=123.4"
#define CONFIG_CMDLINE_OVERRIDE 1
#endif

/* In place of those beside the files below */
#include "include/error.h"
#include "include/misc.h"
#include "include/msr.h"
#include "string.h"

#define _tolower reader_tolower
#include "arch/x86/boot/string.c"
#undef _tolower
#include <linux/ctype.h>

/* No compiler is to find the library's functions of these names */
#define skip_spaces reader_skip_spaces
#define next_arg reader_next_arg
#define get_option reader_get_option
#define get_options reader_get_options
#define memparse reader_memparse
#define parse_option_str reader_parse_option_str

/* As in kaslr.c */
static char *skip_spaces(const char *str)
{
	while (isspace(*str))
		++str;
	return (char *)str;
}
static int get_option(char **str, int *pint);
static char *get_options(const char *str, int nints, int *ints);
static unsigned long long memparse(const char *ptr, char **retptr);
static bool parse_option_str(const char *str, const char *option);
static char *next_arg(char *args, char **param, char **val);
#include "lib/cmdline.c"

#define pram_avoid reader_avoid
static void pram_avoid(struct mem_vector *avoid);
#include "arch/x86/boot/compressed/pram.c"

static void find_param(uint64_t *pfn, uint64_t *ticket)
{
	struct pram_param param = {};

	pram_find_param(&param);
	*pfn = param.pfn;
	*ticket = param.ticket;
}

const struct pram_reader _READER(READER) = {
#ifdef CONFIG_CMDLINE_BOOL
	.builtin = CONFIG_CMDLINE,
#endif
	.override = IS_ENABLED(CONFIG_CMDLINE_OVERRIDE),
	.avoid = pram_avoid,
	.param = find_param,
};
