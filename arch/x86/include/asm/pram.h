/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What PRAM (Documentation/mm/pram.rst) needs of x86.
 */
#ifndef _ASM_X86_PRAM_H
#define _ASM_X86_PRAM_H

#include <linux/cpufeature.h>
#include <linux/pram_format.h>

#include <asm/e820/api.h>
#include <asm/msr.h>
#include <asm/setup.h>
#include <asm/shared/pram.h>

struct kimage;
struct pram_image;

/**
 * arch_pram_mark_bits - how many bits a mark can have
 *
 * Return: as many; 0: this CPU has no register for one.
 */
static inline unsigned int arch_pram_mark_bits(void)
{
	switch (PRAM_MARK_MSR(boot_cpu_has)) {
	case MSR_LSTAR:
		return PRAM_MARK_BITS;
	case MSR_IA32_SYSENTER_EIP:
		return PRAM_MARK_BITS_32;
	default:
		return 0;
	}
}

/**
 * arch_pram_set_mark - leave a number where only a kexec can bring it from
 * @mark: the number, of arch_pram_mark_bits() bits, which are some
 *
 * Context: the CPU that will start the next kernel, after machine_shutdown().
 */
static inline void arch_pram_set_mark(u64 mark)
{
	wrmsr(PRAM_MARK_MSR(boot_cpu_has), lower_32_bits(mark), upper_32_bits(mark));
}

/**
 * arch_pram_mark - the number that the previous kernel has left
 *
 * Context: setup_arch().
 * Return: the number; something else if no kernel has left one.
 */
static inline u64 arch_pram_mark(void)
{
	u32 low, high;

	rdmsr(PRAM_MARK_MSR(boot_cpu_has), low, high);
	return (u64)high << 32 | low;
}

/**
 * arch_pram_kexeced - was this kernel started by another?
 *
 * Return: whether the boot parameters say so. It is not evidence.
 */
static inline bool arch_pram_kexeced(void)
{
	return bootloader_type >> 4 == 0xd;
}

/**
 * arch_pram_boot_ram - is some of this memory RAM that a kexec passes on?
 * @start: physical address of the first byte
 * @end: of the byte after the last
 *
 * The next kernel boots with what firmware gave to this one. That is not
 * memory that was plugged in later, and not, if kexec has put this kernel there,
 * the place where it is.
 *
 * Return: whether there is some.
 */
static inline bool arch_pram_boot_ram(u64 start, u64 end)
{
	return e820__mapped_raw_any(start, end, E820_TYPE_RAM);
}

void arch_pram_find_run(struct kimage *image, struct pram_image *info);
int arch_pram_find_params(struct kimage *image, struct pram_image *info);
void arch_pram_saw_low(const char *param, const char *val, struct pram_image *info);
void arch_pram_limit(struct pram_image *info);
char *arch_pram_no_ram(const char *param, char *val, u64 *start, u64 *end);

#endif /* _ASM_X86_PRAM_H */
