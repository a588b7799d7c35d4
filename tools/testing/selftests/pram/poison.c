// SPDX-License-Identifier: GPL-2.0
/*
 * poison [-k] FILE PAGE: as if the memory of this page of the file were broken. Who
 * has it mapped is killed for that. With -k there is another reference to it, so that
 * a large folio is not split.
 * poison -p FILE PAGE: where it is, as a physical address.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MADV_HWPOISON
#define MADV_HWPOISON	100
#endif

static void killed(int signal)
{
	(void)signal;
	_exit(0);
}

/* A pipe has a reference to the page */
static int keep(void *addr)
{
	struct iovec iov = { .iov_base = addr, .iov_len = 1 };
	int fd[2];

	return pipe(fd) || vmsplice(fd[1], &iov, 1, 0) != 1;
}

static int show(void *addr, long size)
{
	uint64_t entry;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (fd < 0 || pread(fd, &entry, sizeof(entry),
			    (uintptr_t)addr / size * sizeof(entry)) !=
		      sizeof(entry))
		return 1;
	/* The page frame number has 55 bits */
	printf("%llu\n", (unsigned long long)(entry << 9 >> 9) * size);
	return 0;
}

int main(int argc, char **argv)
{
	long size = sysconf(_SC_PAGESIZE);
	const char *option = "";
	void *addr;
	int fd;

	if (argc == 4) {
		option = *++argv;
	} else if (argc != 3) {
		fprintf(stderr, "usage: poison [-k|-p] FILE PAGE\n");
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
	if (!strcmp(option, "-p"))
		return show(addr, size);
	if (!strcmp(option, "-k") && keep(addr)) {
		perror("vmsplice");
		return 1;
	}
	signal(SIGBUS, killed);
	if (madvise(addr, size, MADV_HWPOISON) && strcmp(option, "-k")) {
		perror("madvise");
		return 1;
	}

	return 0;
}
