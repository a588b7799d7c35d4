// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's parse_args(), and the types of module parameters.
 */
#include "pram_internal.h"

#define add_taint(flag, ok)		do { } while (0)

struct attribute_group {
	int unused;
};

struct module_attribute {
	int unused;
};

#include "../../../kernel/params.c"
