/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is in different places in different kernels, or not there.
 */
#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <asm/shared/msr.h>

/*
 * The decompressor has one for a long only. Of 16 digits at most, as here, it takes
 * what the kernel's takes.
 */
static inline int pram_kstrtoull(const char *s, unsigned int base,
				 unsigned long long *res)
{
	char *end;

	if (*s == '+')
		s++;
	*res = simple_strtoull(s, &end, base);
	if (end == s)
		return -EINVAL;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

#define kstrtoull		pram_kstrtoull
