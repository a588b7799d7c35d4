// SPDX-License-Identifier: GPL-2.0
/*
 * pageout [-r] FILE: see that the pages of a file in tmpfs go to swap; with -r those that
 * are in memory, and no others are brought in for that. It is done on each CPU: pages
 * that one has not yet put on a LRU list are left alone by all others.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#endif

#define MAX_TRIES	20

/* Have those mapped that are in memory, without reading the others; returns how many */
static long map_again(char *addr, size_t size, unsigned char *in_memory)
{
	size_t page = sysconf(_SC_PAGESIZE), i;
	long nr = 0;

	if (mincore(addr, size, in_memory)) {
		perror("mincore");
		return -1;
	}
	for (i = 0; i * page < size; i++) {
		if (!(in_memory[i] & 1))
			continue;
		if (madvise(addr + i * page, page, MADV_POPULATE_READ)) {
			perror("madvise");
			return -1;
		}
		nr++;
	}
	return nr;
}

static bool page_out_here(void *addr, size_t size, int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one)) {
		perror("sched_setaffinity");
		return false;
	}
	if (madvise(addr, size, MADV_PAGEOUT)) {
		perror("madvise");
		return false;
	}
	return true;
}

/* A page that is locked, or being written, is left where it is: so more than once */
static bool page_out(void *addr, size_t size)
{
	unsigned char *in_memory = malloc(size / sysconf(_SC_PAGESIZE) + 1);
	cpu_set_t all;
	int cpu, tries;
	long nr = -1;

	if (!in_memory || sched_getaffinity(0, sizeof(all), &all)) {
		perror("pageout");
		return false;
	}
	if (map_again(addr, size, in_memory) < 0)
		return false;
	for (tries = 0; tries < MAX_TRIES && nr; tries++) {
		for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &all) && !page_out_here(addr, size, cpu))
				return false;
		nr = map_again(addr, size, in_memory);
		if (nr < 0)
			return false;
	}
	if (nr)
		fprintf(stderr, "pageout: %ld pages stay in memory\n", nr);
	free(in_memory);
	return !nr;
}

int main(int argc, char **argv)
{
	int fd, populate = MAP_POPULATE;
	struct stat st;
	void *addr;

	if (argc == 3 && !strcmp(argv[1], "-r")) {
		populate = 0;
		argv++;
		argc--;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: pageout [-r] FILE\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[1]);
		return 1;
	}
	/* Those that are not mapped are left alone */
	addr = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | populate, fd, 0);
	if (addr == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	return !page_out(addr, st.st_size);
}
