// SPDX-License-Identifier: GPL-2.0
/*
 * mapread FILE PAGE: read this page of the file by mmap(2). Fails with status 3 if
 * that is SIGBUS.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void killed(int signal)
{
	(void)signal;
	_exit(3);
}

int main(int argc, char **argv)
{
	long size = sysconf(_SC_PAGESIZE);
	char *addr;
	FILE *to;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: mapread FILE PAGE\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	addr = mmap(NULL, size, PROT_READ, MAP_SHARED, fd,
		    strtol(argv[2], NULL, 0) * size);
	if (addr == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	signal(SIGBUS, killed);
	to = fopen("/dev/null", "w");
	return !to || fputc(*addr, to) == EOF;
}
