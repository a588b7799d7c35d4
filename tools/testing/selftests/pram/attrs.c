// SPDX-License-Identifier: GPL-2.0
/*
 * attrs: for each path that is read, ended by NUL, a line with what busybox's stat
 * does not show: number, links, device, time of birth, flags of chattr, the life
 * time hint, where a file has data, the places of names in a directory, the target
 * of a symbolic link, extended attributes with their values.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static char value[XATTR_SIZE_MAX];

static int order(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

static void show_value(const char *path, const char *name)
{
	ssize_t len = lgetxattr(path, name, value, sizeof(value)), i;
	unsigned long long hash = 5381;

	for (i = 0; i < len; i++)
		hash = hash * 33 ^ (unsigned char)value[i];
	printf(" %s=%zd:%llx", name, len, hash);
}

static void show_xattrs(const char *path)
{
	static char list[XATTR_LIST_MAX];
	ssize_t len = llistxattr(path, list, sizeof(list));
	char *names[1000], *name;
	size_t nr = 0, i;

	for (name = list; name < list + len && nr < 1000;
	     name += strlen(name) + 1)
		names[nr++] = name;
	qsort(names, nr, sizeof(names[0]), order);
	for (i = 0; i < nr; i++)
		show_value(path, names[i]);
}

static void show_data(int fd)
{
	off_t start, end = 0;
	uint64_t hint;

	if (!fcntl(fd, F_GET_RW_HINT, &hint))
		printf(" hint=%llu", (unsigned long long)hint);
	printf(" data=");
	while ((start = lseek(fd, end, SEEK_DATA)) >= 0) {
		end = lseek(fd, start, SEEK_HOLE);
		printf("%llx-%llx,", (unsigned long long)start,
		       (unsigned long long)end);
	}
}

static void show_cookies(const char *path)
{
	unsigned long long hash = 5381;
	struct dirent *entry;
	DIR *dir = opendir(path);
	const char *c;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		for (c = entry->d_name; *c; c++)
			hash = hash * 33 ^ (unsigned char)*c;
		hash = hash * 33 ^ entry->d_off;
	}
	closedir(dir);
	printf(" cookies=%llx", hash);
}

static void show(const char *path)
{
	struct statx st;
	int fd, flags = 0;

	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW | AT_STATX_SYNC_AS_STAT,
		  STATX_ALL, &st)) {
		perror(path);
		exit(1);
	}
	printf("ino=%llu links=%u rdev=%u:%u mode=%o btime=%lld.%09u",
	       (unsigned long long)st.stx_ino, st.stx_nlink, st.stx_rdev_major,
	       st.stx_rdev_minor, st.stx_mode, (long long)st.stx_btime.tv_sec,
	       st.stx_btime.tv_nsec);
	printf(" mtime=%u atime=%u ctime=%u", st.stx_mtime.tv_nsec,
	       st.stx_atime.tv_nsec, st.stx_ctime.tv_nsec);
	if (S_ISREG(st.stx_mode) || S_ISDIR(st.stx_mode)) {
		fd = open(path, O_RDONLY | O_NONBLOCK);
		if (fd >= 0 && !ioctl(fd, FS_IOC_GETFLAGS, &flags))
			printf(" flags=%x", flags);
		if (S_ISREG(st.stx_mode))
			show_data(fd);
		else
			show_cookies(path);
		close(fd);
	} else if (S_ISLNK(st.stx_mode)) {
		ssize_t len = readlink(path, value, sizeof(value));

		printf(" target=%.*s", (int)len, value);
	}
	show_xattrs(path);
	printf(" %s\n", path);
}

int main(void)
{
	char *path = NULL;
	size_t size = 0;

	while (getdelim(&path, &size, 0, stdin) > 0)
		show(path);
	free(path);

	return ferror(stdout);
}
