// SPDX-License-Identifier: GPL-2.0
/*
 * failnth N OP ARG...: one system call, the Nth allocation of which fails, as
 * far as those count that /sys/kernel/debug/fail* let fail. N = 0: none does.
 *
 *	write FILE TEXT
 *	mount NODE DIR		a tmpfs, with pram=NODE
 *	umount DIR
 *	load IMAGE INITRD ARGS	kexec_file_load(2)
 *	segment ADDRESS		kexec_load(2) of one page that goes there
 *	exec			what has been loaded
 *
 * Prints the error number, 0 for none, and whether it came to the Nth: "12 1".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Some architectures have none, and no number either: the kernel will say so */
#ifndef __NR_kexec_file_load
#define __NR_kexec_file_load -1
#endif

static char page[4096];
static struct kexec_segment segment = { page, sizeof(page), NULL, 4096 };
static char options[300];
static int fd[2];

static int open_or_die(const char *path, int flags)
{
	int file = open(path, flags);

	if (file < 0) {
		perror(path);
		exit(2);
	}
	return file;
}

/* All but the system call itself */
static void prepare(int argc, char **argv)
{
	if (!strcmp(argv[0], "write") && argc == 3) {
		fd[0] = open_or_die(argv[1], O_WRONLY);
	} else if (!strcmp(argv[0], "mount") && argc == 3) {
		snprintf(options, sizeof(options), "pram=%s", argv[1]);
	} else if (!strcmp(argv[0], "umount") && argc == 2) {
	} else if (!strcmp(argv[0], "load") && argc == 4) {
		fd[0] = open_or_die(argv[1], O_RDONLY);
		fd[1] = open_or_die(argv[2], O_RDONLY);
	} else if (!strcmp(argv[0], "segment") && argc == 2) {
		segment.mem = (void *)strtoul(argv[1], NULL, 0);
	} else if (strcmp(argv[0], "exec") || argc != 1) {
		fprintf(stderr, "see the head of failnth.c\n");
		exit(2);
	}
}

static long run(char **argv)
{
	switch (argv[0][0]) {
	case 'w':
		return write(fd[0], argv[2], strlen(argv[2]));
	case 'm':
		return mount("none", argv[2], "tmpfs", 0, options);
	case 'u':
		return umount(argv[1]);
	case 'l':
		return syscall(__NR_kexec_file_load, fd[0], fd[1],
			       strlen(argv[3]) + 1, argv[3], 0);
	case 's':
		return syscall(SYS_kexec_load, segment.mem, 1, &segment,
			       KEXEC_ARCH_DEFAULT);
	default:
		return syscall(SYS_reboot, LINUX_REBOOT_MAGIC1,
			       LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, 0);
	}
}

int main(int argc, char **argv)
{
	char left[16] = "";
	int nth, err;

	if (argc < 3) {
		fprintf(stderr, "see the head of failnth.c\n");
		return 2;
	}
	prepare(argc - 2, argv + 2);
	nth = open_or_die("/proc/self/fail-nth", O_RDWR);
	if (write(nth, argv[1], strlen(argv[1])) < 0) {
		perror("/proc/self/fail-nth");
		return 2;
	}
	err = run(argv + 2) < 0 ? errno : 0;
	if (pread(nth, left, sizeof(left) - 1, 0) < 0 ||
	    pwrite(nth, "0", 1, 0) < 0) {
		perror("/proc/self/fail-nth");
		return 2;
	}
	printf("%d %d\n", err, strcmp(argv[1], "0") && !atoi(left));
	return 0;
}
