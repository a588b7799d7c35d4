// SPDX-License-Identifier: GPL-2.0
/*
 * setxattr FILE NAME VALUE: busybox has no such thing. A VALUE that begins with
 * 0x is bytes in hex.
 */
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

/* Returns how many bytes it is, in place */
static size_t parse(char *value)
{
	size_t nr = 0;
	unsigned int byte;
	char *hex;

	if (strncmp(value, "0x", 2))
		return strlen(value);
	for (hex = value + 2; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		value[nr++] = byte;
	return nr;
}

int main(int argc, char **argv)
{
	size_t size;

	if (argc != 4) {
		fprintf(stderr, "usage: setxattr FILE NAME VALUE\n");
		return 2;
	}
	size = parse(argv[3]);
	if (setxattr(argv[1], argv[2], argv[3], size, 0)) {
		perror(argv[1]);
		return 1;
	}

	return 0;
}
