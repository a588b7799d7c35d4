// SPDX-License-Identifier: GPL-2.0
/*
 * pageout FILE: see that the pages of a file in tmpfs go to swap.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

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
	if (madvise(addr, st.st_size, MADV_PAGEOUT)) {
		perror("madvise");
		return 1;
	}

	return 0;
}
