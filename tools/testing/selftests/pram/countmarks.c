// SPDX-License-Identifier: GPL-2.0
/*
 * countmarks MARK...: how many pages of standard input are full of each mark
 *
 * A mark is a line of 64 bytes, newline included, less what it lacks: it is filled
 * up with dots. "countmarks -w MARK SIZE" writes SIZE bytes of such lines.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE		64
#define PER_PAGE	(4096 / LINE)

static char buf[LINE + (1 << 20)];

static void make_line(char *line, const char *mark)
{
	memset(line, '.', LINE - 1);
	line[LINE - 1] = '\n';
	memcpy(line, mark, strnlen(mark, LINE - 2));
}

/* By way of little memory: what was in it is not wiped when it is freed */
static int write_lines(const char *mark, size_t size)
{
	char line[LINE];

	make_line(line, mark);
	for (; size >= LINE; size -= LINE)
		if (fwrite(line, 1, LINE, stdout) != LINE)
			return 1;
	return fwrite(line, 1, size, stdout) != size || fflush(stdout);
}

static size_t count(const char *start, size_t len, const char *line)
{
	const char *end = start + len, *at = start;
	size_t nr = 0;

	while ((at = memmem(at, end - at, line, LINE))) {
		at += LINE;
		nr++;
	}
	return nr;
}

int main(int argc, char **argv)
{
	size_t nr[argc], len, left = 0;
	char line[argc][LINE];
	int i;

	if (argc == 4 && !strcmp(argv[1], "-w"))
		return write_lines(argv[2], strtoull(argv[3], NULL, 0));
	for (i = 1; i < argc; i++) {
		make_line(line[i], argv[i]);
		nr[i] = 0;
	}
	/* A line may be in two pieces; one that is whole is counted once */
	while ((len = fread(buf + left, 1, sizeof(buf) - LINE, stdin))) {
		len += left;
		for (i = 1; i < argc; i++)
			nr[i] += count(buf, len, line[i]);
		left = len < LINE - 1 ? len : LINE - 1;
		memmove(buf, buf + len - left, left);
	}
	if (ferror(stdin)) {
		perror("countmarks");
		return 1;
	}
	for (i = 1; i < argc; i++)
		printf("%s %zu\n", argv[i], nr[i] / PER_PAGE);
	return 0;
}
