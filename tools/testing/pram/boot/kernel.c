// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's side of the command line: its parser and its kstrtoull(). They
 * are those of the base; the Makefile cuts them out of their files into
 * parser.c.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/types.h>

#include "lib/kstrtox.h"

#include "kernel.h"

#define div_u64(num, div) ((num) / (div))
#define irqs_disabled() false
#define pr_debug(...) ((void)0)
#define pr_warn(...) ((void)0)
#define pr_err(...) ((void)0)

struct kernel_param;
typedef int (*parse_unknown_fn)(char *param, char *val, const char *doing,
				void *arg);

/* parse_args() is called with no table of parameters only */
static int parse_one(char *param, char *val, const char *doing,
		     const struct kernel_param *params, unsigned int nr_params,
		     s16 min_level, s16 max_level, void *arg,
		     parse_unknown_fn unknown)
{
	return unknown(param, val, doing, arg);
}

#include "parser.c"
#include <linux/pram_super.h>

/* As setup_arch() makes it */
void kernel_command_line(char *line, const char *builtin, bool override,
			 const char *loader)
{
	if (builtin && override)
		snprintf(line, PRAM_CMDLINE_SIZE, "%s", builtin);
	else if (builtin && *builtin)
		snprintf(line, PRAM_CMDLINE_SIZE, "%s %s", builtin, loader);
	else
		snprintf(line, PRAM_CMDLINE_SIZE, "%s", loader);
}

/* As do_early_param() with pram_setup() */
static int early_param(char *param, char *val, const char *doing, void *arg)
{
	if (parameq(param, "pram"))
		pram_parse(val, arg);
	return 0;
}

/* What pram= says on the line; zeros: nothing, or "off" */
void kernel_param(const char *line, uint64_t *pfn, uint64_t *ticket)
{
	char copy[PRAM_CMDLINE_SIZE];
	struct pram_param param = {};

	snprintf(copy, sizeof(copy), "%s", line);
	parse_args("early options", copy, NULL, 0, 0, 0, &param, early_param);
	*pfn = param.pfn;
	*ticket = param.ticket;
}
