// SPDX-License-Identifier: GPL-2.0
/*
 * secret fill FILE MIB SEED: makes a file each page of which holds a secret. No other
 * page ever does: it is made in place.
 *
 * secret check FILE SEED: it is in each page of the file.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE	4096UL

static volatile uint64_t *map(const char *path, size_t size, size_t *ret)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	struct stat st;
	void *addr;

	if (fd < 0 || (size && ftruncate(fd, size)) || fstat(fd, &st))
		return NULL;
	*ret = st.st_size;
	addr = mmap(NULL, *ret, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return addr == MAP_FAILED ? NULL : addr;
}

int main(int argc, char **argv)
{
	int fill = argc == 5 && !strcmp(argv[1], "fill");
	volatile uint64_t *page, *words;
	uint64_t seed;
	size_t size;

	if (argc < 4)
		return 2;
	words = map(argv[2], fill ? strtoul(argv[3], NULL, 0) << 20 : 0, &size);
	if (!words || !size) {
		perror(argv[2]);
		return 1;
	}
	seed = strtoull(argv[argc - 1], NULL, 0);
	for (page = words; page < words + size / sizeof(*words);
	     page += PAGE / sizeof(*words)) {
		if (fill) {
			page[0] = seed * 0x9e3779b97f4a7c15ULL;
			page[1] = seed * 0xc2b2ae3d27d4eb4fULL;
		} else if (page[0] != seed * 0x9e3779b97f4a7c15ULL ||
			   page[1] != seed * 0xc2b2ae3d27d4eb4fULL) {
			fprintf(stderr, "%s: not so\n", argv[2]);
			return 1;
		}
	}
	return 0;
}
