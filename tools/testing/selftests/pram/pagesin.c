// SPDX-License-Identifier: GPL-2.0
/*
 * pagesin FILE [START LEN]...: how many pages of the file are in one of these ranges of
 * physical memory
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "random.h"

static uint64_t page_size;
char touched;

/* The physical address of a page that is mapped */
static uint64_t where(int pagemap, const void *addr)
{
	uint64_t entry;

	if (pread(pagemap, &entry, sizeof(entry),
		  (uintptr_t)addr / page_size * sizeof(entry)) != sizeof(entry))
		die("/proc/self/pagemap");
	/* The page frame number has 55 bits */
	entry = entry << 9 >> 9;
	if (!entry) {
		fprintf(stderr, "pagesin: no page frame number: who is not root?\n");
		exit(1);
	}
	return entry * page_size;
}

int main(int argc, char **argv)
{
	int fd, pagemap = open("/proc/self/pagemap", O_RDONLY), i;
	uint64_t start, at, place, nr = 0;
	struct stat stat;
	char *addr;

	if (argc < 2 || argc % 2) {
		fprintf(stderr, "usage: pagesin FILE [START LEN]...\n");
		return 2;
	}
	page_size = sysconf(_SC_PAGESIZE);
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || pagemap < 0 || fstat(fd, &stat))
		die(argv[1]);
	addr = mmap(NULL, stat.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE,
		    fd, 0);
	if (addr == MAP_FAILED)
		die("mmap");
	for (at = 0; at < (uint64_t)stat.st_size; at += page_size) {
		/* It may have been left out, or have moved since */
		touched ^= addr[at];
		place = where(pagemap, addr + at);
		for (i = 2; i < argc; i += 2) {
			start = strtoull(argv[i], NULL, 0);
			if (place - start < strtoull(argv[i + 1], NULL, 0)) {
				nr++;
				break;
			}
		}
	}
	printf("%llu\n", (unsigned long long)nr);
	return 0;
}
