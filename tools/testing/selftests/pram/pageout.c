// SPDX-License-Identifier: GPL-2.0
/*
 * pageout FILE: see that the pages of a file in tmpfs go to swap. It is done on each
 * CPU: pages that one has not yet put on a LRU list are left alone by all others.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

/* False if no CPU could be used, or the kernel refuses */
static bool page_out(void *addr, size_t size)
{
	cpu_set_t all, one;
	bool done = false;
	int cpu;

	if (sched_getaffinity(0, sizeof(all), &all)) {
		perror("sched_getaffinity");
		return false;
	}
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
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
		done = true;
	}
	return done;
}

int main(int argc, char **argv)
{
	struct stat st;
	void *addr;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: pageout FILE\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[1]);
		return 1;
	}
	/* Those that are not mapped are left alone */
	addr = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, fd, 0);
	if (addr == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	return !page_out(addr, st.st_size);
}
