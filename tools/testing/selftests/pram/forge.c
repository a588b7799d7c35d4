// SPDX-License-Identifier: GPL-2.0
/*
 * forge: makes a super block that the next kernel can be pointed at, prints what
 * pram= has to be for that, and holds on to the page until it is killed. The super
 * block is good but for its mark, which nobody can know. MARK, in hexadecimal, is a
 * guess; a good one is what this kernel itself leaves in the register.
 *
 *	forge MARK
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
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

static void make_good(struct pram_super *sb, __u64 pfn, __u64 mark)
{
	memset(sb, 0, sizeof(*sb));
	sb->head.magic = PRAM_SUPER_MAGIC;
	sb->head.pfn = pfn;
	sb->version = PRAM_VERSION;
	sb->size = offsetof(struct pram_super, reserved);
	sb->state = PRAM_SUPER_SEALED;
	sb->generation = 41;
	sb->ticket = 0x1234567;
	sb->mark = mark;
	memcpy(sb->release, "forged", sizeof("forged"));
	sb->nr_cover = 1;
	sb->cover[0].start = pfn;
	sb->cover[0].end = pfn + 1;
}

int main(int argc, char **argv)
{
	size_t skip = offsetof(struct pram_head, pfn);
	struct pram_super *sb;
	__u64 pfn;

	if (argc != 2) {
		fprintf(stderr, "usage: forge MARK\n");
		return 2;
	}
	sb = lowest_page(&pfn);
	if (!sb) {
		perror("forge");
		return 1;
	}
	make_good(sb, pfn, strtoull(argv[1], NULL, 16));
	sb->head.csum = crc32c(~0, (__u8 *)sb + skip, sizeof(*sb) - skip);

	printf("%llx.%llx\n", (unsigned long long)pfn,
	       (unsigned long long)sb->ticket);
	fflush(stdout);
	for (;;)
		pause();
}
