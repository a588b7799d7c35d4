// SPDX-License-Identifier: GPL-2.0
/*
 * liveupdate keep FILE PAGES: make a memfd and FILE, write pages of each in turn,
 *	hand the memfd to LUO, say so in a line, and stay: the session is to be open
 *	at the kexec
 * liveupdate check PAGES: take the memfd over from the previous kernel, and compare
 * liveupdate compare FILE PAGES: is that as it was written?
 *
 * To preserve memory beside PRAM, by KHO, where the kernel has both.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "luo.h"
#include "random.h"

#define PAGE	4096

static void fill(unsigned char *buf, uint64_t seed, unsigned int nr)
{
	random_seed(seed << 32 | nr);
	random_bytes(buf, PAGE);
}

static void write_page(int fd, uint64_t seed, unsigned int nr)
{
	unsigned char buf[PAGE];

	fill(buf, seed, nr);
	if (pwrite(fd, buf, PAGE, (off_t)nr * PAGE) != PAGE)
		die("write");
}

static int compare(int fd, uint64_t seed, unsigned int pages)
{
	unsigned char want[PAGE], got[PAGE];
	unsigned int nr, wrong = 0;

	for (nr = 0; nr < pages; nr++) {
		fill(want, seed, nr);
		if (pread(fd, got, PAGE, (off_t)nr * PAGE) != PAGE)
			die("read");
		wrong += !!memcmp(want, got, PAGE);
	}
	if (wrong)
		fprintf(stderr, "%u of %u pages are not as they were\n", wrong,
			pages);
	return !!wrong;
}

static void keep(const char *file, unsigned int pages)
{
	struct luo_fd_arg arg = { .size = sizeof(arg), .token = LUO_TOKEN };
	int luo = luo_session(LUO_CREATE_SESSION), fd;
	unsigned int nr;

	fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		die(file);
	arg.fd = memfd_create("beside", 0);
	if (arg.fd < 0)
		die("memfd_create");
	for (nr = 0; nr < pages; nr++) {
		write_page(arg.fd, 1, nr);
		write_page(fd, 2, nr);
	}
	close(fd);
	if (ioctl(luo, LUO_PRESERVE_FD, &arg))
		die("preserve");
	puts("preserved");
	fflush(stdout);
	for (;;)
		pause();
}

static int check(unsigned int pages)
{
	struct luo_finish_arg finish = { .size = sizeof(finish) };
	struct luo_fd_arg arg = { .size = sizeof(arg), .token = LUO_TOKEN };
	int luo = luo_session(LUO_RETRIEVE_SESSION), wrong;

	if (ioctl(luo, LUO_RETRIEVE_FD, &arg))
		die("retrieve");
	wrong = compare(arg.fd, 1, pages);
	if (ioctl(luo, LUO_FINISH, &finish))
		die("finish");
	return wrong;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "keep"))
		keep(argv[2], strtoul(argv[3], NULL, 0));
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(strtoul(argv[2], NULL, 0));
	if (argc == 4 && !strcmp(argv[1], "compare")) {
		int fd = open(argv[2], O_RDONLY);

		if (fd < 0)
			die(argv[2]);
		return compare(fd, 2, strtoul(argv[3], NULL, 0));
	}
	return 2;
}
