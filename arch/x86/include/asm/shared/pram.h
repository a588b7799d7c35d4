/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel and its decompressor have to agree on for PRAM, besides
 * include/linux/pram_super.h.
 */
#ifndef _ASM_X86_SHARED_PRAM_H
#define _ASM_X86_SHARED_PRAM_H

#include <asm/msr-index.h>

/*
 * The register that holds the mark of a kexec. It has to keep its value over a
 * kexec and up to pram_reserve(), which clears it, and to be cleared by a reset.
 * This one is the entry point of system calls: after machine_shutdown() there are
 * none, and until cpu_init() there are none yet. A mark is an address of user
 * space, and so never an entry point: a kernel that does not know of marks writes
 * over it, too, unless its CPU has FRED.
 */
#define PRAM_MARK_MSR		MSR_LSTAR

/*
 * How much of the command line that kexec passes on a kernel reads, with its
 * NUL: what is left of COMMAND_LINE_SIZE (asm/setup.h) by the line built in, and
 * a space behind it.
 */
#if defined(CONFIG_CMDLINE_OVERRIDE)
#define PRAM_CMDLINE_SIZE	0
#elif defined(CONFIG_CMDLINE_BOOL)
#define PRAM_CMDLINE_SIZE						\
	(sizeof(CONFIG_CMDLINE) > 1 ?					\
	 COMMAND_LINE_SIZE - sizeof(CONFIG_CMDLINE) : COMMAND_LINE_SIZE)
#else
#define PRAM_CMDLINE_SIZE	COMMAND_LINE_SIZE
#endif

#endif /* _ASM_X86_SHARED_PRAM_H */
