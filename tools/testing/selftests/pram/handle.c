// SPDX-License-Identifier: GPL-2.0
/*
 * handle make FILE: write its file handle, in hexadecimal digits.
 * handle cat DIR HANDLE: write what is in the file of that handle, which is in the same
 * file system as DIR.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static union {
	struct file_handle handle;
	unsigned char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
} u;

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int make(const char *file)
{
	unsigned int i;
	int mount;

	u.handle.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, file, &u.handle, &mount, 0))
		return fail(file);
	printf("%02x", u.handle.handle_type);
	for (i = 0; i < u.handle.handle_bytes; i++)
		printf("%02x", u.handle.f_handle[i]);
	printf("\n");
	return 0;
}

static int cat(const char *dir, const char *digits)
{
	unsigned int nr = strlen(digits) / 2, i, byte;
	int fd = open(dir, O_RDONLY | O_DIRECTORY);
	char buf[4096];
	ssize_t len;

	if (fd < 0)
		return fail(dir);
	for (i = 0; i < nr && i <= MAX_HANDLE_SZ; i++) {
		if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
			return 2;
		if (i)
			u.handle.f_handle[i - 1] = byte;
		else
			u.handle.handle_type = byte;
	}
	u.handle.handle_bytes = nr - 1;
	fd = open_by_handle_at(fd, &u.handle, O_RDONLY);
	if (fd < 0)
		return fail("open_by_handle_at");
	while ((len = read(fd, buf, sizeof(buf))) > 0)
		if (write(STDOUT_FILENO, buf, len) != len)
			return fail("write");
	return len ? fail("read") : 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "make"))
		return make(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "cat"))
		return cat(argv[2], argv[3]);
	fprintf(stderr, "usage: handle make FILE | cat DIR HANDLE\n");
	return 2;
}
