// SPDX-License-Identifier: GPL-2.0
/*
 * setflags FILE FLAGS: what chattr does, with the flags as a number (FS_*_FL).
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd, flags;

	if (argc != 3) {
		fprintf(stderr, "usage: setflags FILE FLAGS\n");
		return 2;
	}
	flags = strtol(argv[2], NULL, 0);
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || ioctl(fd, FS_IOC_SETFLAGS, &flags)) {
		perror(argv[1]);
		return 1;
	}

	return 0;
}
