// SPDX-License-Identifier: GPL-2.0
/*
 * Files by their path, which in tests is below a directory in place of /. Each function
 * takes a path as printf() does.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pramctl.h"

static char *__printf(1, 0) vpath_of(const char *fmt, va_list args)
{
	const char *root = "";
	char *path, *full;

#ifdef PRAMCTL_TEST
	root = getenv("PRAMCTL_ROOT") ? getenv("PRAMCTL_ROOT") : "";
#endif
	path = xvformat(fmt, args);
	full = xformat("%s%s", root, path);
	free(path);
	return full;
}

char *path_of(const char *fmt, ...)
{
	va_list args;
	char *path;

	va_start(args, fmt);
	path = vpath_of(fmt, args);
	va_end(args);
	return path;
}

bool path_exists(const char *fmt, ...)
{
	va_list args;
	char *path;
	bool ret;

	va_start(args, fmt);
	path = vpath_of(fmt, args);
	va_end(args);
	ret = !access(path, F_OK);
	free(path);
	return ret;
}

/* Returns a descriptor; or -1, and errno */
int path_open(int flags, const char *fmt, ...)
{
	va_list args;
	char *path;
	int fd, err;

	va_start(args, fmt);
	path = vpath_of(fmt, args);
	va_end(args);
	fd = open(path, flags | O_CLOEXEC);
	err = errno;
	free(path);
	errno = err;
	return fd;
}

/* Returns NULL, and errno, if it cannot be opened */
DIR *path_opendir(const char *fmt, ...)
{
	va_list args;
	char *path;
	DIR *dir;
	int err;

	va_start(args, fmt);
	path = vpath_of(fmt, args);
	va_end(args);
	dir = opendir(path);
	err = errno;
	free(path);
	errno = err;
	return dir;
}

/*
 * The contents of a file, with a NUL behind; NULL, and errno, where it cannot be
 * read or has more than @max bytes.
 */
char *read_file(const char *path, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	size_t len = 0, room = 0;
	char *text = NULL;
	ssize_t got;

	if (fd < 0)
		return NULL;
	do {
		if (room - len < 2) {
			room = room ? 2 * room : 4096;
			text = xrealloc(text, room);
		}
		got = read(fd, text + len, room - len - 1);
		len += got > 0 ? got : 0;
	} while ((got > 0 && len <= max) || (got < 0 && errno == EINTR));
	err = got < 0 ? errno : len > max ? EFBIG : 0;
	close(fd);
	if (err) {
		free(text);
		errno = err;
		return NULL;
	}
	text[len] = '\0';
	return text;
}

/* As read_file() */
char *path_read(size_t max, const char *fmt, ...)
{
	char *path, *text;
	va_list args;
	int err;

	va_start(args, fmt);
	path = vpath_of(fmt, args);
	va_end(args);
	text = read_file(path, max);
	err = errno;
	free(path);
	errno = err;
	return text;
}
