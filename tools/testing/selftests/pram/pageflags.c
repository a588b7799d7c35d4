// SPDX-License-Identifier: GPL-2.0
/*
 * pageflags BIT [PFN]: how many pages have this bit in /proc/kpageflags; or
 * whether that page has, 0 or 1.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t flags[4096];

int main(int argc, char **argv)
{
	unsigned long nr = 0;
	ssize_t len, i;
	uint64_t bit;
	int fd;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: pageflags BIT [PFN]\n");
		return 2;
	}
	bit = 1ULL << strtoul(argv[1], NULL, 0);
	fd = open("/proc/kpageflags", O_RDONLY);
	if (fd < 0) {
		perror("/proc/kpageflags");
		return 1;
	}
	if (argc == 3) {
		if (pread(fd, flags, sizeof(*flags),
			  sizeof(*flags) * strtoull(argv[2], NULL, 0)) !=
		    sizeof(*flags)) {
			fprintf(stderr, "pageflags: no page %s\n", argv[2]);
			return 1;
		}
		printf("%d\n", !!(flags[0] & bit));
		return 0;
	}
	while ((len = read(fd, flags, sizeof(flags))) > 0)
		for (i = 0; i < len / (ssize_t)sizeof(*flags); i++)
			nr += !!(flags[i] & bit);
	if (len < 0) {
		perror("/proc/kpageflags");
		return 1;
	}
	printf("%lu\n", nr);
	return 0;
}
