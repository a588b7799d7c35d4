// SPDX-License-Identifier: GPL-2.0
/*
 * Kernels in /boot, and which of them is the newest.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pramctl.h"

#define VMLINUZ		"vmlinuz-"

/* Of a bzImage, see Documentation/arch/x86/boot.rst */
#define HEADER_MAGIC	0x202
#define HEADER_VERSION	0x206
#define HEADER_CMDLINE	0x238
#define HEADER_END	0x23c

/* Where the image does not say: what x86 has had since 2.6.24 */
#define CMDLINE_DEFAULT	2047

/*
 * Where a character comes in versions: what is a release candidate or "~" before
 * the end, letters before all else.
 */
static int rank(const char *c)
{
	if (*c == '~' || !strncmp(c, "-rc", 3))
		return -1;
	if (!*c || isdigit((unsigned char)*c))
		return 0;
	if (isalpha((unsigned char)*c))
		return *c;
	return *c + 256;
}

/* As strcmp(), with numbers as numbers */
int compare_releases(const char *a, const char *b)
{
	while (*a || *b) {
		size_t len_a, len_b;
		int diff;

		while ((*a && !isdigit((unsigned char)*a)) ||
		       (*b && !isdigit((unsigned char)*b))) {
			diff = rank(a) - rank(b);
			if (diff)
				return diff;
			a += !!*a;
			b += !!*b;
		}
		a += strspn(a, "0");
		b += strspn(b, "0");
		len_a = strspn(a, "0123456789");
		len_b = strspn(b, "0123456789");
		if (len_a != len_b)
			return len_a < len_b ? -1 : 1;
		diff = strncmp(a, b, len_a);
		if (diff)
			return diff;
		a += len_a;
		b += len_b;
	}
	return 0;
}

bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

/* What packagers and people leave beside a kernel */
static bool is_kernel(const char *name)
{
	static const char * const not[] = {
		".old", ".bak", ".hmac", ".sig", ".sha256", "~", ".tmp",
		".dpkg-new", ".dpkg-bak", ".dpkg-tmp", ".rpmnew", ".rpmsave",
	};
	size_t i;

	if (strncmp(name, VMLINUZ, strlen(VMLINUZ)) || strstr(name, "rescue"))
		return false;
	for (i = 0; i < sizeof(not) / sizeof(*not); i++) {
		if (ends_with(name, not[i]))
			return false;
	}
	return name[strlen(VMLINUZ)];
}

/* The path of the newest kernel in a directory; NULL: there is none */
char *newest_kernel(const char *path)
{
	DIR *dir = opendir(path);
	char *newest = NULL, *full;
	struct dirent *entry;
	struct stat st;

	if (!dir)
		return NULL;
	while ((entry = readdir(dir))) {
		if (!is_kernel(entry->d_name) ||
		    fstatat(dirfd(dir), entry->d_name, &st, 0) ||
		    !S_ISREG(st.st_mode))
			continue;
		if (newest && compare_releases(newest, entry->d_name) >= 0)
			continue;
		free(newest);
		newest = xstrdup(entry->d_name);
	}
	closedir(dir);
	if (!newest)
		return NULL;
	full = xformat("%s/%s", path, newest);
	free(newest);
	return full;
}

/* The initramfs beside a kernel, by the names that distributions use; NULL */
char *initrd_of(const char *kernel)
{
	static const char * const names[] = {
		"%.*sinitrd.img-%s", "%.*sinitramfs-%s.img", "%.*sinitrd-%s",
		"%.*sinitrd-%s.img", "%.*sinitramfs-%s",
	};
	const char *name = strrchr(kernel, '/');
	char *path;
	size_t i;

	name = name ? name + 1 : kernel;
	if (strncmp(name, VMLINUZ, strlen(VMLINUZ)))
		return NULL;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		path = xformat(names[i], (int)(name - kernel), kernel,
			       name + strlen(VMLINUZ));
#pragma GCC diagnostic pop
		if (!access(path, R_OK))
			return path;
		free(path);
	}
	return NULL;
}

/* How long a command line the kernel takes, without the NUL */
size_t cmdline_max(const char *kernel)
{
	unsigned char header[HEADER_END];
	int fd = open(kernel, O_RDONLY | O_CLOEXEC);
	size_t max = CMDLINE_DEFAULT;

	if (fd < 0)
		return max;
	if (pread(fd, header, sizeof(header), 0) == sizeof(header) &&
	    !memcmp(header + HEADER_MAGIC, "HdrS", 4) &&
	    (header[HEADER_VERSION] | header[HEADER_VERSION + 1] << 8) >= 0x206)
		max = header[HEADER_CMDLINE] | header[HEADER_CMDLINE + 1] << 8 |
		      (size_t)header[HEADER_CMDLINE + 2] << 16 |
		      (size_t)header[HEADER_CMDLINE + 3] << 24;
	close(fd);
	return max;
}
