// SPDX-License-Identifier: GPL-2.0
/*
 * poison FILE PAGE: as if the memory of this page of the file were broken. Who
 * has it mapped is killed for that.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_HWPOISON
#define MADV_HWPOISON	100
#endif

static void killed(int signal)
{
	(void)signal;
	_exit(0);
}

int main(int argc, char **argv)
{
	long size = sysconf(_SC_PAGESIZE);
	void *addr;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: poison FILE PAGE\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	/* It has to be mapped */
	addr = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, fd,
		    strtol(argv[2], NULL, 0) * size);
	if (addr == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	signal(SIGBUS, killed);
	if (madvise(addr, size, MADV_HWPOISON)) {
		perror("madvise");
		return 1;
	}

	return 0;
}
