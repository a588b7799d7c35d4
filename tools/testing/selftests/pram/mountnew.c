// SPDX-License-Identifier: GPL-2.0
/*
 * mountnew NAME: make a file system of the tree of this name, which must not be there
 * already, as FSCONFIG_CMD_CREATE_EXCL asks for. It is not mounted anywhere. What the
 * kernel says against it is printed.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

/* Linux 6.6 */
#define CREATE_EXCL	8

int main(int argc, char **argv)
{
	char text[1024];
	ssize_t len;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: mountnew NAME\n");
		return 2;
	}
	fd = fsopen("tmpfs", FSOPEN_CLOEXEC);
	if (fd < 0 || fsconfig(fd, FSCONFIG_SET_STRING, "pram", argv[1], 0) ||
	    fsconfig(fd, CREATE_EXCL, NULL, NULL, 0)) {
		perror(argv[1]);
		while (fd >= 0 && (len = read(fd, text, sizeof(text))) > 0)
			printf("%.*s\n", (int)len, text);
		return 1;
	}
	return 0;
}
