// SPDX-License-Identifier: GPL-2.0
/*
 * Checksums of data.
 */
#include "pram.h"

/**
 * DOC: Checksums of data
 *
 * A node may have a checksum of every folio. It is computed when all other CPUs
 * and the devices have stopped, so that nobody can write to the folio any more,
 * and checked when the folio is loaded or the bytes are read.
 *
 * A folio that has come over a kexec, and has not been loaded since, keeps its
 * checksum, so that damage is not forgotten. The checksum of a folio that this
 * kernel has saved is 0 until it is computed.
 */

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"pram."

/* By PRAM_CSUM_* */
const char * const pram_csum_names[] = {
	[PRAM_CSUM_NONE] = "off",
	[PRAM_CSUM_DATA] = "data",
	NULL
};

static u32 pram_csum_default;

static int pram_csum_set(const char *val, const struct kernel_param *kp)
{
	int mode = __sysfs_match_string(pram_csum_names, -1, val);

	if (mode < 0)
		return mode;
	WRITE_ONCE(pram_csum_default, mode);
	return 0;
}

static int pram_csum_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", pram_csum_names[READ_ONCE(pram_csum_default)]);
}

static const struct kernel_param_ops pram_csum_ops = {
	.set = pram_csum_set,
	.get = pram_csum_get,
};

module_param_cb(csum, &pram_csum_ops, NULL, 0644);
MODULE_PARM_DESC(csum, "Checksums for the data of new nodes: off or data");

/**
 * pram_csum_mode - which checksums a new node is to have
 * @mode: as for pram_open()
 *
 * Return: PRAM_CSUM_NONE or PRAM_CSUM_DATA.
 */
u32 pram_csum_mode(unsigned int mode)
{
	return mode & PRAM_CSUM ? PRAM_CSUM_DATA : READ_ONCE(pram_csum_default);
}

/* How much of a page is read at a time, in bytes, where that may fail */
#define PRAM_CSUM_PIECE		256

/**
 * pram_link_csum - where the checksum of an entry is
 * @link: a link with PRAM_LINK_CSUM
 * @entry: the entry
 *
 * Return: the place.
 */
u32 *pram_link_csum(struct pram_link *link, unsigned int entry)
{
	return (void *)link + PRAM_PAGE_SIZE - (entry + 1) * sizeof(u32);
}

/**
 * pram_csum_folio - the checksum of a folio
 * @pfn: its first page
 * @order: its order
 *
 * Context: any.
 * Return: the checksum.
 */
u32 pram_csum_folio(u64 pfn, unsigned int order)
{
	u64 end = pfn + (1ULL << order);
	u32 crc = ~0;

	for (; pfn < end; pfn++) {
		const void *data = kmap_local_page(pfn_to_page(pfn));

		crc = crc32c(crc, data, PAGE_SIZE);
		kunmap_local(data);
	}
	return max_t(u32, PRAM_DATA_CSUM_MIN, crc);
}

/* The same, where memory may turn out to be broken, which must not be the end of all else */
static u32 pram_csum_unsafe(u64 pfn, unsigned int order)
{
	u64 end = pfn + (1ULL << order);
	u8 buf[PRAM_CSUM_PIECE];
	unsigned long left = 0;
	u32 crc = ~0;

	for (; pfn < end && !left; pfn++) {
		const void *data = kmap_local_page(pfn_to_page(pfn));
		unsigned int at;

		for (at = 0; at < PAGE_SIZE && !left; at += sizeof(buf)) {
			left = copy_mc_to_kernel(buf, data + at, sizeof(buf));
			crc = crc32c(crc, buf, sizeof(buf));
		}
		kunmap_local(data);
	}
	/* What has been read may be secret, and the next kernel does not clear this */
	memzero_explicit(buf, sizeof(buf));
	return left ? PRAM_DATA_BAD : max_t(u32, PRAM_DATA_CSUM_MIN, crc);
}

/**
 * pram_csum_link - take the checksums that have yet to be taken
 * @link: the link, with PRAM_LINK_CSUM or without
 *
 * Context: any; nobody else can write to the data.
 */
void pram_csum_link(struct pram_link *link)
{
	unsigned int i;

	if (!(link->flags & PRAM_LINK_CSUM))
		return;
	for (i = 0; i < link->nr_entries; i++) {
		u32 *csum = pram_link_csum(link, i);
		u64 pfn = pram_entry_pfn(link->entry[i]);
		unsigned int order = pram_entry_order(link->entry[i]);

		/* Reading it would be the end of everything else */
		if (pram_has_poison(pfn, order))
			*csum = PRAM_DATA_BAD;
		else if (!*csum)
			*csum = pram_csum_unsafe(pfn, order);
		touch_nmi_watchdog();
	}
}
