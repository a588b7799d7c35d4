// SPDX-License-Identifier: GPL-2.0
/*
 * uffd write FILE: a write to the file that does not come to an end, as the buffer is
 * for user space to fill in, and nobody does.
 * uffd map FILE: a mapping of the file that is for user space to fill in.
 *
 * It says so, and stays.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	long size = sysconf(_SC_PAGESIZE);
	int fd, uffd, map;
	void *addr;

	if (argc != 3) {
		fprintf(stderr, "usage: uffd write|map FILE\n");
		return 2;
	}
	map = !strcmp(argv[1], "map");
	fd = open(argv[2], O_RDWR | O_CREAT, 0600);
	if (fd < 0 || (map && ftruncate(fd, size))) {
		perror(argv[2]);
		return 1;
	}
	addr = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    map ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS,
		    map ? fd : -1, 0);
	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	reg.range.start = (unsigned long)addr;
	reg.range.len = size;
	if (addr == MAP_FAILED || uffd < 0 || ioctl(uffd, UFFDIO_API, &api) ||
	    ioctl(uffd, UFFDIO_REGISTER, &reg)) {
		perror("userfaultfd");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	if (!map && write(fd, addr, size) != size)
		perror("write");
	pause();
	return 0;
}
