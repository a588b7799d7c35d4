/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel and its decompressor have to agree on for PRAM, besides
 * include/linux/pram_super.h.
 */
#ifndef _ASM_X86_SHARED_PRAM_H
#define _ASM_X86_SHARED_PRAM_H

#include <asm/cpufeatures.h>
#include <asm/msr-index.h>

/*
 * The register that holds the mark of a kexec. It has to keep its value over a
 * kexec and up to pram_reserve(), which clears it, and to be cleared by a reset.
 * This one is the entry point of system calls: after machine_shutdown() there are
 * none, and until cpu_init() there are none yet. A mark is an address of user
 * space, and so never an entry point: a kernel that does not know of marks writes
 * over it, too, unless its CPU has FRED.
 *
 * A kernel of 32 bits does not use it, but on a CPU that can do 64 bits it is there,
 * and the next kernel may do these. On others it is the entry point of sysenter, in
 * which a mark has fewer bits, to be an address of user space. 0: there is none.
 *
 * @has says whether the CPU has a feature.
 */
#ifdef CONFIG_X86_32
#define PRAM_MARK_MSR(has)						\
	(has(X86_FEATURE_LM) ? MSR_LSTAR :				\
	 has(X86_FEATURE_SEP) ? MSR_IA32_SYSENTER_EIP : 0)
#else
#define PRAM_MARK_MSR(...)	MSR_LSTAR
#endif
#define PRAM_MARK_BITS_32	30

/*
 * Where a kernel of 32 bits has its low memory, at the least: the rest of its address
 * space is for vmalloc() (128 MiB), fixed mappings and other areas of the CPUs. And
 * what it can address at all.
 */
#ifdef CONFIG_X86_32
#define PRAM_LOW_END	((0 - CONFIG_PAGE_OFFSET - (192 << 20)) >> PRAM_PAGE_SHIFT)
#if defined(CONFIG_HIGHMEM64G)
#define PRAM_RAM_END	(1 << (36 - PRAM_PAGE_SHIFT))
#elif defined(CONFIG_HIGHMEM4G)
#define PRAM_RAM_END	(1 << (32 - PRAM_PAGE_SHIFT))
#else
#define PRAM_RAM_END	PRAM_LOW_END
#endif
#else
#define PRAM_LOW_END	0
#define PRAM_RAM_END	0
#endif

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
