// SPDX-License-Identifier: GPL-2.0
/*
 * What harness/bench runs in a guest, where the clock counts instructions: one is
 * a nanosecond.
 *
 *	bench fill DIR FILES PAGES [alternating]  make files of so many pages each
 *	bench mount NAME DIR OPTIONS		mount a tree
 *	bench umount DIR
 *	bench first FILE			read its first byte
 *	bench check DIR FILES			compare what fill has written
 *	bench write FILE TEXT			write a line to a file
 *	bench stamp				say what time it is
 *	bench kexec				the same, and start the next kernel
 *
 * Prints "# bench WHAT VALUE instructions", to the kernel's log.
 */
#define _GNU_SOURCE
#include <libgen.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

/* It goes on over a kexec, and ticks as often as the clock */
static uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("lfence; rdtsc" : "=a" (low), "=d" (high));
	return (uint64_t)high << 32 | low;
}

static int create(const char *dir, unsigned long nr)
{
	char path[256];
	int fd;

	/* Directories of a thousand */
	snprintf(path, sizeof(path), "%s/%lu", dir, nr / 1000);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%lu/%lu", dir, nr / 1000, nr);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		die(path);
	return fd;
}

static void fill(const char *dir, unsigned long files, unsigned long pages,
		 int alternating)
{
	int filler = memfd_create("filler", 0);
	unsigned long i, j;

	for (i = 0; i < files; i++) {
		int fd = create(dir, i);

		for (j = 0; j < pages; j++) {
			put(fd, i * pages + j);
			if (alternating)
				put(filler, j);
		}
		close(fd);
	}
	close(filler);
}

/* Returns the number of pages; -1: something is not as it was */
static long check(const char *dir, unsigned long files)
{
	static uint64_t buf[PAGE / 8];
	unsigned long i, page = 0;
	char path[256];

	for (i = 0; i < files; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%lu/%lu", dir, i / 1000, i);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			return -1;
		while (read(fd, buf, PAGE) == PAGE) {
			if (!good(buf, page))
				return -1;
			page++;
		}
		close(fd);
	}
	return page;
}

static void stamp(void)
{
	say("tsc %llu", (unsigned long long)tsc());
}

int main(int argc, char **argv)
{
	const char *op = argc > 1 ? argv[1] : "";
	uint64_t start = now();
	char text[512];

	if (!strcmp(op, "fill") && argc >= 5) {
		fill(argv[2], strtoul(argv[3], NULL, 0),
		     strtoul(argv[4], NULL, 0), argc > 5);
		took("fill", start);
	} else if (!strcmp(op, "mount") && argc == 5) {
		snprintf(text, sizeof(text), "pram=%s,%s", argv[2], argv[4]);
		if (mount("none", argv[3], "tmpfs", 0, text))
			die("mount");
		took("mount", start);
	} else if (!strcmp(op, "umount") && argc == 3) {
		if (umount(argv[2]))
			die("umount");
		took("umount", start);
	} else if (!strcmp(op, "first") && argc == 3) {
		int fd = open(argv[2], O_RDONLY);

		if (fd < 0 || read(fd, text, 1) != 1)
			die(argv[2]);
		took("first_byte", start);
	} else if (!strcmp(op, "check") && argc == 4) {
		long nr = check(argv[2], strtoul(argv[3], NULL, 0));

		if (nr < 0)
			die("the files are not as they were");
		took("read", start);
		say("pages %ld pages", nr);
	} else if (!strcmp(op, "write") && argc == 4) {
		int fd = open(argv[2], O_WRONLY);

		start = now();
		if (fd < 0 || write(fd, argv[3], strlen(argv[3])) < 0)
			die(argv[2]);
		took(basename(argv[2]), start);
	} else if (!strcmp(op, "stamp")) {
		stamp();
	} else if (!strcmp(op, "kexec")) {
		stamp();
		syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
			LINUX_REBOOT_CMD_KEXEC, NULL);
		die("kexec");
	} else {
		fprintf(stderr, "bench: see the source\n");
		return 2;
	}
	return 0;
}
