// SPDX-License-Identifier: GPL-2.0
/*
 * forge FAULT: makes a super block that the next kernel can be pointed at, with
 * one fault, prints the pfn of its page in hex, and holds on to the page until
 * it is killed. Without the fault ("none") it is one that is taken over.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../../../include/linux/pram_format.h"

/* What the next image overwrites is high: choose among so many pages */
#define NR_PAGES	4096

static __u32 crc32c(__u32 crc, const __u8 *p, size_t len)
{
	int bit;

	for (; len; len--) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}

	return crc;
}

static __u64 pfn_of(int pagemap, void *addr)
{
	off_t at = (size_t)addr / PRAM_PAGE_SIZE * sizeof(__u64);
	__u64 entry;

	if (pread(pagemap, &entry, sizeof(entry), at) != sizeof(entry) ||
	    !(entry >> 63))
		return 0;

	return entry & ((1ULL << 55) - 1);
}

/* The lowest of many locked pages */
static void *lowest_page(__u64 *pfn)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	__u8 *pages, *lowest = NULL;
	__u64 at;
	int i;

	pages = mmap(NULL, (size_t)NR_PAGES * PRAM_PAGE_SIZE,
		     PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE,
		     -1, 0);
	if (pagemap < 0 || pages == MAP_FAILED)
		return NULL;

	*pfn = ~0ULL;
	for (i = 0; i < NR_PAGES; i++) {
		/* Not the zero page */
		pages[(size_t)i * PRAM_PAGE_SIZE] = 1;
		at = pfn_of(pagemap, pages + (size_t)i * PRAM_PAGE_SIZE);
		if (at && at < *pfn) {
			*pfn = at;
			lowest = pages + (size_t)i * PRAM_PAGE_SIZE;
		}
	}
	close(pagemap);

	return lowest;
}

static void make_good(struct pram_super *sb, __u64 pfn)
{
	memset(sb, 0, sizeof(*sb));
	sb->head.magic = PRAM_SUPER_MAGIC;
	sb->head.pfn = pfn;
	sb->version = PRAM_VERSION;
	sb->size = offsetof(struct pram_super, reserved);
	sb->state = PRAM_SUPER_SEALED;
	sb->generation = 41;
	memcpy(sb->release, "forged", sizeof("forged"));
	sb->nr_cover = 1;
	sb->cover[0].start = pfn;
	sb->cover[0].end = pfn + 1;
}

/* What is written over a good super block; the checksum is good again then */
static const struct fault {
	const char	*name;
	size_t		offset;
	size_t		size;
	__u64		value;
	int		plus_pfn;
} faults[] = {
#define FAULT32(name, field, value)				\
	{ name, offsetof(struct pram_super, field), 4, value, 0 }
#define FAULT64(name, field, value, plus_pfn)			\
	{ name, offsetof(struct pram_super, field), 8, value, plus_pfn }

	FAULT32("magic", head.magic, PRAM_LINK_MAGIC),
	FAULT64("pfn", head.pfn, 1, 1),
	FAULT32("version", version, PRAM_VERSION + 1),
	FAULT32("size", size, 1),
	FAULT32("open", state, PRAM_SUPER_OPEN),
	FAULT32("state", state, 0),
	FAULT32("reserved", reserved[0], 1),
	FAULT32("nr_cover_none", nr_cover, 0),
	FAULT32("nr_cover_many", nr_cover, PRAM_MAX_COVER + 1),
	FAULT64("cover_empty", cover[0].end, 0, 1),
	FAULT64("cover_wrapped", cover[0].end, 1, 0),
	FAULT64("cover_low", cover[0].start, 0, 0),
	FAULT64("cover_huge", cover[0].end, 1ULL << 63, 0),
	FAULT64("cover_elsewhere", cover[0].start, 1, 1),
	FAULT64("cover_elsewhere", cover[0].end, 2, 1),
	FAULT32("cover_unsorted", nr_cover, 2),
	FAULT64("cover_unsorted", cover[1].start, -2, 1),
	FAULT64("cover_unsorted", cover[1].end, -1, 1),
	FAULT32("cover_adjoining", nr_cover, 2),
	FAULT64("cover_adjoining", cover[1].start, 1, 1),
	FAULT64("cover_adjoining", cover[1].end, 2, 1),
	FAULT64("dir_self", dir, 0, 1),
	FAULT64("dir_beyond", dir, -1, 0),
	FAULT64("counts", nr_nodes, 1000, 0),
	{}
};

static int make_bad(struct pram_super *sb, __u64 pfn, const char *name)
{
	const struct fault *fault;
	int found = 0;
	__u64 value;

	for (fault = faults; fault->name; fault++) {
		if (strcmp(fault->name, name))
			continue;
		value = fault->value + (fault->plus_pfn ? pfn : 0);
		memcpy((__u8 *)sb + fault->offset, &value, fault->size);
		found = 1;
	}

	return found;
}

int main(int argc, char **argv)
{
	size_t skip = offsetof(struct pram_head, pfn);
	struct pram_super *sb;
	__u64 pfn;

	if (argc != 2) {
		fprintf(stderr, "usage: forge FAULT\n");
		return 2;
	}
	sb = lowest_page(&pfn);
	if (!sb) {
		perror("forge");
		return 1;
	}
	make_good(sb, pfn);
	if (strcmp(argv[1], "none") && strcmp(argv[1], "csum") &&
	    !make_bad(sb, pfn, argv[1])) {
		fprintf(stderr, "forge: unknown fault %s\n", argv[1]);
		return 2;
	}
	sb->head.csum = crc32c(~0, (__u8 *)sb + skip, sizeof(*sb) - skip);
	if (!strcmp(argv[1], "csum"))
		sb->head.csum ^= 1U << 31;

	printf("%llx\n", (unsigned long long)pfn);
	fflush(stdout);
	for (;;)
		pause();
}
