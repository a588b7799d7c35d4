// SPDX-License-Identifier: GPL-2.0
/*
 * Errors and memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

static void __printf(1, 0) vcomplain(const char *fmt, va_list args)
{
	fflush(stdout);
	fputs("pramctl: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vcomplain(fmt, args);
	va_end(args);
}

/* Complain, for a command that ends so */
int fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vcomplain(fmt, args);
	va_end(args);
	return ST_FAILED;
}

int usage_error(const char *command, const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "pramctl: %s: ", command);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs(": see 'pramctl --help'\n", stderr);
	return ST_USAGE;
}

/* What an errno means to whoever has called pramctl */
const char *why(int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return "not permitted: this takes root, outside of containers";
	default:
		return strerror(err);
	}
}

void *xrealloc(void *old, size_t size)
{
	void *new = realloc(old, size ? size : 1);

	if (!new)
		exit(fail("out of memory"));
	return new;
}

char *xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xrealloc(NULL, size), text, size);
}

char *xvformat(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		exit(fail("out of memory"));
	return text;
}

char *xformat(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = xvformat(fmt, args);
	va_end(args);
	return text;
}

/* Room for one more member, in an array that has @nr of @size bytes each */
void *grow(void *array, size_t nr, size_t size)
{
	/* Doubled at each power of two */
	if (nr & (nr - 1))
		return array;
	return xrealloc(array, (nr ? 2 * nr : 1) * size);
}
