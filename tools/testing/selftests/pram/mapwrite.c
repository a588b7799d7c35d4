// SPDX-License-Identifier: GPL-2.0
/*
 * mapwrite FILE SIZE: makes a sparse file of SIZE bytes, maps it, and writes to its
 * pages, one after the other and round after round, until it is killed. The first
 * round goes into holes, the first half of which is filled before this says so.
 *
 * mapwrite check FILE: each page has the same number at its start and its end, and it
 * is that of a round, or of the one before; or it has never been written to.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE	4096UL

static volatile unsigned long *map(const char *path, int flags, size_t *size)
{
	struct stat st;
	void *addr;
	int fd = open(path, flags, 0600);

	if (fd < 0 || (*size && ftruncate(fd, *size)) || fstat(fd, &st))
		return NULL;
	*size = st.st_size;
	addr = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return addr == MAP_FAILED ? NULL : addr;
}

static int check(volatile unsigned long *words, size_t size)
{
	unsigned long first = words[0], word, last;
	size_t i;

	if (!first)
		return 1;
	for (i = 0; i < size / PAGE; i++) {
		word = words[i * PAGE / sizeof(long)];
		last = words[(i + 1) * PAGE / sizeof(long) - 1];
		/* It may have been stopped between the two */
		if (word == first ? last != first && last != first - 1 :
		    word != first - 1 || last != word) {
			fprintf(stderr, "page %zu: %lu, %lu, and %lu\n", i,
				word, last, first);
			return 1;
		}
	}

	return 0;
}

int main(int argc, char **argv)
{
	volatile unsigned long *words;
	unsigned long round;
	size_t size = 0, i;

	if (argc != 3) {
		fprintf(stderr, "usage: mapwrite FILE SIZE | mapwrite check FILE\n");
		return 2;
	}
	if (!strcmp(argv[1], "check")) {
		words = map(argv[2], O_RDWR, &size);
		return !words || check(words, size);
	}
	size = strtoul(argv[2], NULL, 0);
	words = map(argv[1], O_RDWR | O_CREAT, &size);
	if (!words) {
		perror(argv[1]);
		return 1;
	}
	for (round = 1;; round++) {
		for (i = 0; i < size / PAGE; i++) {
			words[i * PAGE / sizeof(long)] = round;
			words[(i + 1) * PAGE / sizeof(long) - 1] = round;
		}
	}
}
