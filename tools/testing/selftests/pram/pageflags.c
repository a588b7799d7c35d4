// SPDX-License-Identifier: GPL-2.0
/*
 * pageflags BIT [PFN [NR]]: how many pages have this bit in /proc/kpageflags, of
 * all, of one, or of NR from PFN on.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NR_FLAGS	4096

static uint64_t flags[NR_FLAGS];

int main(int argc, char **argv)
{
	unsigned long nr = 0, left = ~0UL;
	uint64_t bit, pfn = 0;
	ssize_t len = 0, i;
	int fd;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: pageflags BIT [PFN [NR]]\n");
		return 2;
	}
	bit = 1ULL << strtoul(argv[1], NULL, 0);
	if (argc > 2) {
		pfn = strtoull(argv[2], NULL, 0);
		left = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	}
	fd = open("/proc/kpageflags", O_RDONLY);
	if (fd < 0 || lseek(fd, pfn * sizeof(*flags), SEEK_SET) < 0) {
		perror("/proc/kpageflags");
		return 1;
	}
	while (left) {
		len = left < NR_FLAGS ? left : NR_FLAGS;
		len = read(fd, flags, len * sizeof(*flags)) / (ssize_t)sizeof(*flags);
		if (len <= 0)
			break;
		for (i = 0; i < len; i++)
			nr += !!(flags[i] & bit);
		left -= len;
	}
	if (argc > 2 && left) {
		fprintf(stderr, "pageflags: %lu pages are not there\n", left);
		return 1;
	}
	printf("%lu\n", nr);
	return 0;
}
