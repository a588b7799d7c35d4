/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the command line to the super block: what a kernel and its decompressor
 * have to agree on. If they did not, KASLR would put a kernel onto the data it
 * then looks for.
 *
 * kstrtoull(), strcmp() and strnlen() are those of whoever includes this.
 */
#ifndef _LINUX_PRAM_SUPER_H
#define _LINUX_PRAM_SUPER_H

#include <linux/errno.h>
#include <linux/pram_format.h>
#include <linux/sizes.h>

/**
 * pram_parse - parse the value of pram=
 * @val: the value; NULL: there is none
 * @pfn: returns the pfn; 0: off
 *
 * Return: 0, or -EINVAL, and @pfn is as it was: malformed values do not count.
 */
static inline int pram_parse(const char *val, u64 *pfn)
{
	unsigned long long num = 0;

	if (!val)
		return -EINVAL;
	if (strcmp(val, "off") &&
	    (kstrtoull(val, 16, &num) || !num || num >> PRAM_ENTRY_PFN_BITS))
		return -EINVAL;
	*pfn = num;
	return 0;
}

static inline const char *pram_check_cover(const struct pram_super *sb)
{
	u64 end = SZ_1M >> PRAM_PAGE_SHIFT;
	unsigned int i;

	if (!sb->nr_cover || sb->nr_cover > PRAM_MAX_COVER)
		return "it has a bad number of ranges";
	for (i = 0; i < sb->nr_cover; i++) {
		if (sb->cover[i].start < end ||
		    sb->cover[i].end <= sb->cover[i].start ||
		    sb->cover[i].end > PRAM_ENTRY_PFN_MASK)
			return "it has a bad range";
		/* Adjoining ranges would have been one */
		end = sb->cover[i].end + 1;
	}
	for (; i < PRAM_MAX_COVER; i++) {
		if (sb->cover[i].start || sb->cover[i].end)
			return "it has a bad number of ranges";
	}
	return NULL;
}

/**
 * pram_check_super - check a super block
 * @sb: the page
 * @pfn: where it is
 * @csum: what its checksum should be
 *
 * Return: what is wrong with it, or NULL.
 */
static inline const char *pram_check_super(const struct pram_super *sb,
					   u64 pfn, u32 csum)
{
	unsigned int i;

	if (sb->head.magic != PRAM_SUPER_MAGIC || sb->head.pfn != pfn)
		return "there is no super block";
	if (sb->version != PRAM_VERSION)
		return "the super block is of another version";
	if (sb->head.csum != csum)
		return "the super block fails its checksum";
	if (sb->state != PRAM_SUPER_SEALED)
		return "the super block is not sealed: stale, or the kexec was cut short";
	/* The decompressor has no memchr_inv() */
	for (i = 0; i < sizeof(sb->reserved); i++)
		if (sb->reserved[i])
			break;
	if (sb->size != offsetof(struct pram_super, reserved) ||
	    i < sizeof(sb->reserved) ||
	    strnlen(sb->release, PRAM_RELEASE_LEN) == PRAM_RELEASE_LEN)
		return "the super block is malformed";
	return pram_check_cover(sb);
}

#endif /* _LINUX_PRAM_SUPER_H */
