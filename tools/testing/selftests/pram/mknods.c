// SPDX-License-Identifier: GPL-2.0
/*
 * mknods DIR: makes what busybox cannot: a socket, a symbolic link of 4095 bytes,
 * large extended attributes, and an attribute of each name space.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	static char target[4096], value[65536];
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t i;
	int fd;

	if (argc != 2 || chdir(argv[1])) {
		fprintf(stderr, "usage: mknods DIR\n");
		return 2;
	}

	must(!mknod("socket", S_IFSOCK | 0640, 0), "mknod");
	strcpy(addr.sun_path, "bound");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	/* There may be no such sockets */
	if (fd >= 0)
		must(!bind(fd, (struct sockaddr *)&addr, sizeof(addr)), "bind");

	memset(target, 'a', sizeof(target) - 1);
	must(!symlink(target, "long"), "symlink");
	target[127] = 0;
	must(!symlink(target, "longer"), "symlink");

	for (i = 0; i < sizeof(value); i++)
		value[i] = i * 7 + (i >> 8);
	must(!mkdir("dir", 0755), "mkdir");
	must(!setxattr("dir", "user.large", value, sizeof(value), 0),
	     "user.large");
	must(!setxattr("dir", "trusted.none", "", 0, 0), "trusted.none");
	must(!setxattr("dir", "security.other", "label", 5, 0),
	     "security.other");
	must(!setxattr("dir", "user.overlay.opaque", "y", 1, 0), "user.overlay");
	must(!lsetxattr("long", "trusted.link", "l", 1, 0), "trusted.link");
	must(!setxattr("socket", "trusted.socket", "s", 1, 0), "trusted.socket");

	return 0;
}
