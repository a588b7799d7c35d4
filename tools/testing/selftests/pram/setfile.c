// SPDX-License-Identifier: GPL-2.0
/*
 * setfile reserve|keep FILE OFFSET LENGTH: fallocate(2), keeping the size or not
 * setfile hint FILE HINT: F_SET_RW_HINT of fcntl(2)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	uint64_t hint;
	int fd, err;

	if (argc < 4 || argc > 5)
		return 2;
	fd = open(argv[2], O_RDWR | O_CREAT | O_LARGEFILE, 0644);
	if (fd < 0) {
		perror(argv[2]);
		return 1;
	}
	if (!strcmp(argv[1], "hint")) {
		hint = strtoull(argv[3], NULL, 0);
		err = fcntl(fd, F_SET_RW_HINT, &hint);
	} else if (argc == 5) {
		err = fallocate(fd, strcmp(argv[1], "keep") ? 0 :
				FALLOC_FL_KEEP_SIZE, strtoull(argv[3], NULL, 0),
				strtoull(argv[4], NULL, 0));
	} else {
		return 2;
	}
	if (err)
		perror(argv[2]);
	return !!err;
}
