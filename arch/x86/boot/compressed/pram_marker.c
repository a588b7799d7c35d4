// SPDX-License-Identifier: GPL-2.0
/*
 * What tells a kernel that is about to kexec that this image keeps PRAM
 * (Documentation/mm/pram.rst). The kernel itself is compressed.
 */
#include "misc.h"

#define _SETUP
#include <asm/setup.h>	/* For COMMAND_LINE_SIZE */
#undef _SETUP

#include <asm/shared/pram.h>
#include <linux/pram_format.h>

static const struct pram_marker pram_marker
	__used __aligned(sizeof(struct pram_marker)) =
	PRAM_MARKER(PRAM_CMDLINE_SIZE, PRAM_LOW_END, PRAM_RAM_END);
