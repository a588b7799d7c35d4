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
 * struct pram_param - what pram= says
 * @pfn: where the super block is; 0: PRAM is to be off
 * @ticket: which one it has to be
 */
struct pram_param {
	u64 pfn;
	u64 ticket;
};

/* What is in hex in front of @end, a character; NULL: there is no number */
static inline const char *pram_parse_hex(const char *val, char end, u64 *num)
{
	unsigned long long ret;
	char digits[17];
	unsigned int i;

	for (i = 0; i < sizeof(digits) - 1 && val[i] && val[i] != end; i++)
		digits[i] = val[i];
	digits[i] = '\0';
	if (val[i] != end || kstrtoull(digits, 16, &ret) || !ret)
		return NULL;
	*num = ret;
	return val + i + 1;
}

/**
 * pram_parse - parse the value of pram=
 * @val: the value, "off" or <pfn>.<ticket>, both in hex; NULL: there is none
 * @param: returns what it says
 *
 * Return: 0, or -EINVAL, and @param is as it was: malformed values do not count.
 */
static inline int pram_parse(const char *val, struct pram_param *param)
{
	struct pram_param ret = {};

	if (!val)
		return -EINVAL;
	if (strcmp(val, "off")) {
		val = pram_parse_hex(val, '.', &ret.pfn);
		if (!val || !pram_parse_hex(val, '\0', &ret.ticket) ||
		    ret.pfn >> PRAM_ENTRY_PFN_BITS)
			return -EINVAL;
	}
	*param = ret;
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
 * @param: where it is, and which ticket it should have
 * @mark: what the register says
 * @csum: what its checksum should be
 *
 * Return: what is wrong with it, or NULL.
 */
static inline const char *pram_check_super(const struct pram_super *sb,
					   const struct pram_param *param,
					   u64 mark, u32 csum)
{
	unsigned int i;

	if (sb->head.magic != PRAM_SUPER_MAGIC || sb->head.pfn != param->pfn)
		return "there is no super block";
	if (sb->version != PRAM_VERSION)
		return "the super block is of another version";
	if (sb->head.csum != csum)
		return "the super block fails its checksum";
	if (sb->state != PRAM_SUPER_SEALED)
		return "the super block is not sealed: stale, or the kexec was cut short";
	if (sb->ticket != param->ticket)
		return "the ticket is that of another kernel";
	/* What is no address of user space may be an entry point: not a mark */
	if (sb->mark < PRAM_PAGE_SIZE || sb->mark >> PRAM_MARK_BITS ||
	    sb->mark != mark)
		return "the machine was reset, or another kernel ran, since it was sealed";
	/* The decompressor has no memchr_inv() */
	for (i = 0; i < sizeof(sb->reserved); i++)
		if (sb->reserved[i])
			break;
	if (sb->size != offsetof(struct pram_super, reserved) ||
	    i < sizeof(sb->reserved) ||
	    sb->report.names[PRAM_REPORT_NAMES - 1] ||
	    strnlen(sb->release, PRAM_RELEASE_LEN) == PRAM_RELEASE_LEN)
		return "the super block is malformed";
	return pram_check_cover(sb);
}

#endif /* _LINUX_PRAM_SUPER_H */
