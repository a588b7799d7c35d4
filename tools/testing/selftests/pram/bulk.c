// SPDX-License-Identifier: GPL-2.0
/*
 * bulk make|check KIND PATH N: much of one kind, or whether it is all there
 *
 *	files	a directory of N files
 *	deep	directories in each other, N levels, with a file in the last one
 *	extents	a file of which every other page is a hole, N that are none
 *	last	a file of the largest size there is, with a byte in its last page
 */
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE	4096LL
#define LAST	(LLONG_MAX - 1)

static int making;

static void fail(const char *what)
{
	fprintf(stderr, "bulk: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A number at @pos of a file */
static void number(const char *path, off_t pos, uint64_t want, size_t size)
{
	int fd = open(path, making ? O_WRONLY | O_CREAT : O_RDONLY, 0644);
	uint64_t got = 0;

	if (fd < 0)
		fail(path);
	if (making ? pwrite(fd, &want, size, pos) != (ssize_t)size :
		     pread(fd, &got, size, pos) != (ssize_t)size || got != want)
		fail(path);
	close(fd);
}

static void enter(const char *name)
{
	if ((making && mkdir(name, 0755)) || chdir(name))
		fail(name);
}

static void files(unsigned long nr)
{
	char name[32];
	unsigned long i;

	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "file.%lu", i);
		number(name, 0, i * 7 + 1, sizeof(uint64_t));
	}
}

static void deep(unsigned long nr)
{
	while (nr--)
		enter("d");
	number("file", 0, 12345, sizeof(uint64_t));
}

static void extents(const char *path, unsigned long nr)
{
	unsigned long i;
	struct stat st;

	for (i = 0; i < nr; i++)
		number(path, 2 * i * PAGE, i + 1, sizeof(uint64_t));
	if (stat(path, &st) || st.st_blocks != (blkcnt_t)(nr * PAGE / 512))
		fail("blocks");
}

static void last(const char *path)
{
	struct stat st;

	number(path, LAST, 'x', 1);
	if (stat(path, &st) || st.st_size != LAST + 1 ||
	    st.st_blocks != PAGE / 512)
		fail("size");
}

int main(int argc, char **argv)
{
	unsigned long nr;

	if (argc != 5)
		return 2;
	making = !strcmp(argv[1], "make");
	nr = strtoul(argv[4], NULL, 0);
	if (!strcmp(argv[2], "extents")) {
		extents(argv[3], nr);
	} else if (!strcmp(argv[2], "last")) {
		last(argv[3]);
	} else {
		enter(argv[3]);
		if (!strcmp(argv[2], "files"))
			files(nr);
		else
			deep(nr);
	}
	return 0;
}
