// SPDX-License-Identifier: GPL-2.0
/*
 * treelist [-srnzfbh] DIR: a line for everything in DIR, in the order in which
 * readdir() has it: names, types, modes, owners, links, sizes, times, attributes,
 * flags, and where there is data, with a hash of it. Two trees are the same if the
 * lists are.
 *
 *	-s	sorted by name
 *	-r	only what two trees that were made alike have in common: without
 *		numbers of inodes, generations, times of birth and of change
 *	-n	without any times
 *	-z	what is all zeros counts as a hole, as it does in files called
 *		"%alloc...", see treegen.c
 *	-f	with the sizes of folios, in pages
 *	-b	without blocks behind the end of a file. The memory that a large folio
 *		has there is given back when something splits it.
 *	-h	like -z, and without blocks: where holes are depends on the sizes of
 *		folios that there was memory for
 *
 * No path is used that could be too long.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_INODES	200000
#define PAGE		4096UL

#define HANDLE_BYTES	64

/* From Documentation/admin-guide/mm/pagemap.rst */
#define LAST_PART	0x7fffffffffe00000
#define PM_PFN		0x7fffffffffffffULL
#define KPF_HEAD	0x8000ULL
#define KPF_TAIL	0x10000ULL

static bool sorted, alike, no_times, no_zeros, with_folios, no_more, no_blocks;
static int pagemap = -1, kpageflags = -1;
static char buf[1 << 16];
static char target[PATH_MAX + 1];

/* Numbers of inodes, in the order in which they are met */
static uint64_t inodes[MAX_INODES];
static int nr_inodes;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* What can be shown of a name is, the rest in octal */
static void put_name(const char *name)
{
	for (; *name; name++) {
		if (isgraph((unsigned char)*name) && *name != '\\')
			putchar(*name);
		else
			printf("\\%03o", (unsigned char)*name);
	}
}

static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *byte = data;
	uint64_t word;

	for (; len >= 8; byte += 8, len -= 8) {
		memcpy(&word, byte, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	for (; len; byte++, len--)
		hash = (hash ^ *byte) * 0x100000001b3;
	return hash;
}

/* The first name of an inode is followed by others: which is the first? */
static int number_of(uint64_t ino)
{
	int i;

	for (i = 0; i < nr_inodes; i++)
		if (inodes[i] == ino)
			return i;
	if (nr_inodes == MAX_INODES) {
		fprintf(stderr, "treelist: too many inodes\n");
		exit(1);
	}
	inodes[nr_inodes] = ino;
	return nr_inodes++;
}

static void put_time(const char *what, const struct statx_timestamp *ts)
{
	printf(" %s=%lld.%09u", what, (long long)ts->tv_sec, ts->tv_nsec);
}

/* It has the generation, which no other call shows */
static void put_handle(int dir, const char *name)
{
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + HANDLE_BYTES];
	} u = { .handle.handle_bytes = HANDLE_BYTES };
	unsigned int i;
	int mount;

	if (name_to_handle_at(dir, name, &u.handle, &mount, 0))
		fail("name_to_handle_at");
	printf(" handle=");
	for (i = 0; i < u.handle.handle_bytes; i++)
		printf("%02x", u.handle.f_handle[i]);
}

static void put_stat(int dir, const char *name, const struct statx *st)
{
	unsigned long long blocks = st->stx_blocks;
	unsigned long long most = (st->stx_size + PAGE - 1) / PAGE * (PAGE / 512);

	if (no_more && blocks > most)
		blocks = most;
	printf(" mode=%o own=%u:%u links=%u rdev=%u:%u size=%llu",
	       st->stx_mode, st->stx_uid, st->stx_gid, st->stx_nlink,
	       st->stx_rdev_major, st->stx_rdev_minor,
	       (unsigned long long)st->stx_size);
	if (!no_blocks)
		printf(" blocks=%llu", blocks);
	if (st->stx_nlink > 1 && !S_ISDIR(st->stx_mode))
		printf(" is=%d", number_of(st->stx_ino));
	if (!no_times) {
		put_time("a", &st->stx_atime);
		put_time("m", &st->stx_mtime);
	}
	if (alike)
		return;
	if (!no_times) {
		put_time("c", &st->stx_ctime);
		put_time("b", &st->stx_btime);
	}
	printf(" ino=%llu", (unsigned long long)st->stx_ino);
	put_handle(dir, name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

static void put_xattrs(const char *path)
{
	static char list[XATTR_LIST_MAX];
	ssize_t len = llistxattr(path, list, sizeof(list)), size;
	char *names[1000], *name;
	size_t nr = 0, i;

	if (len < 0)
		fail("llistxattr");
	for (name = list; name < list + len && nr < 1000;
	     name += strlen(name) + 1)
		names[nr++] = name;
	qsort(names, nr, sizeof(names[0]), by_name);
	for (i = 0; i < nr; i++) {
		size = lgetxattr(path, names[i], buf, sizeof(buf));
		if (size < 0)
			fail("lgetxattr");
		putchar(' ');
		put_name(names[i]);
		printf("=%zd:%llx", size,
		       (unsigned long long)mix(1, buf, size));
	}
}

static bool is_zero(const char *data, size_t len)
{
	return !len || (!data[0] && !memcmp(data, data + 1, len - 1));
}

/* From @start to @end there is data */
static void put_data(int fd, off_t start, off_t end, bool skip_zeros)
{
	uint64_t hash = 1;
	off_t at = start;
	ssize_t len, i;

	while (at < end) {
		/* what ends behind the last offset is not read at all */
		len = end - at < (off_t)sizeof(buf) ? end - at :
						      (off_t)sizeof(buf);
		len = pread(fd, buf, len, at);
		if (len <= 0)
			break;
		if (!skip_zeros) {
			hash = mix(hash, buf, len);
		} else {
			for (i = 0; i < len; i += PAGE) {
				size_t part = len - i < (ssize_t)PAGE ?
					      (size_t)(len - i) : PAGE;

				if (!is_zero(buf + i, part))
					printf(" %llx:%llx",
					       (long long)at + i,
					       (unsigned long long)
					       mix(1, buf + i, part));
			}
		}
		at += len;
	}
	if (at < end)
		printf(" cannot be read from %lld", (long long)at);
	if (!skip_zeros)
		printf(" %llx-%llx:%llx", (long long)start, (long long)end,
		       (unsigned long long)hash);
}

static uint64_t word_at(int fd, uint64_t index)
{
	uint64_t word = 0;

	if (pread(fd, &word, sizeof(word), index * 8) != sizeof(word))
		fail("pagemap");
	return word;
}

static void put_folios(int fd, off_t start, off_t end)
{
	size_t nr = (end - start + PAGE - 1) / PAGE, i;
	unsigned long size = 0, last = 0, times = 0;
	uint64_t flags;
	char *map;

	map = mmap(NULL, nr * PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd,
		   start);
	if (map == MAP_FAILED)
		fail("mmap");
	printf(" folios=");
	for (i = 0; i <= nr; i++) {
		flags = 0;
		if (i < nr) {
			flags = word_at(pagemap, (uintptr_t)map / PAGE + i);
			flags = word_at(kpageflags, flags & PM_PFN);
		}
		if (i < nr && (flags & KPF_TAIL)) {
			size++;
			continue;
		}
		/* a folio is complete */
		if (size && size == last) {
			times++;
		} else {
			if (last)
				printf("%lu*%lu,", times, last);
			last = size;
			times = 1;
		}
		size = 1;
	}
	if (last)
		printf("%lu*%lu", times, last);
	munmap(map, nr * PAGE);
}

static void put_contents(int fd, const char *name, off_t size)
{
	bool skip_zeros = no_zeros || !strncmp(name, "%alloc", 6);
	off_t start = 0, end;

	while (start < size) {
		start = lseek(fd, start, SEEK_DATA);
		if (start < 0 || start >= LAST_PART)
			break;
		end = lseek(fd, start, SEEK_HOLE);
		if (end <= start || end > LAST_PART)
			end = size < LAST_PART ? size : LAST_PART;
		put_data(fd, start, end, skip_zeros);
		/* a mapping cannot be that far */
		if (with_folios && !skip_zeros && end <= 1LL << 40)
			put_folios(fd, start, end);
		start = end;
	}
	if (start < 0 && errno != ENXIO)
		fail("SEEK_DATA");
	/*
	 * Whether arithmetic of the kernel overflows there, and finds no data,
	 * depends on the size of the folio.
	 */
	if (size > LAST_PART)
		put_data(fd, LAST_PART, size, skip_zeros);
}

static void put_target(int dir, const char *name)
{
	ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);

	if (len < 0)
		fail("readlink");
	target[len] = 0;
	printf(" target=%zd:", len);
	put_name(target);
}

static void list_dir(int dir, int depth);

static void list_one(int dir, const char *name, int depth)
{
	char path[300];
	struct statx st;
	int fd, flags;

	if (statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_ALL, &st))
		fail("statx");
	printf("%d ", depth);
	put_name(name);
	put_stat(dir, name, &st);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	put_xattrs(path);
	if (S_ISLNK(st.stx_mode))
		put_target(dir, name);
	if (!S_ISREG(st.stx_mode) && !S_ISDIR(st.stx_mode)) {
		putchar('\n');
		return;
	}
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NOATIME);
	if (fd < 0)
		fail("open");
	if (!ioctl(fd, FS_IOC_GETFLAGS, &flags))
		printf(" flags=%x", flags);
	if (S_ISREG(st.stx_mode))
		put_contents(fd, name, st.stx_size);
	putchar('\n');
	if (S_ISDIR(st.stx_mode))
		list_dir(fd, depth + 1);
	else
		close(fd);
}

static void add_name(char ***names, size_t *nr, const char *name)
{
	if (*nr % 64 == 0)
		*names = realloc(*names, (*nr + 64) * sizeof(**names));
	if (!*names)
		fail("realloc");
	(*names)[*nr] = strdup(name);
	if (!(*names)[(*nr)++])
		fail("strdup");
}

/* Closes @fd */
static void list_dir(int fd, int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	char **names = NULL;
	size_t nr = 0, i;

	if (!dir)
		fail("opendir");
	while ((errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			add_name(&names, &nr, entry->d_name);
	if (errno)
		fail("readdir");
	if (sorted && nr)
		qsort(names, nr, sizeof(*names), by_name);
	for (i = 0; i < nr; i++) {
		list_one(fd, names[i], depth);
		free(names[i]);
	}
	free(names);
	closedir(dir);
}

int main(int argc, char **argv)
{
	const struct rlimit files = { 16384, 16384 };
	int opt, dir;

	while ((opt = getopt(argc, argv, "srnzfbh")) != -1) {
		switch (opt) {
		case 's':
			sorted = true;
			break;
		case 'r':
			alike = true;
			break;
		case 'n':
			no_times = true;
			break;
		case 'z':
			no_zeros = true;
			break;
		case 'f':
			with_folios = true;
			break;
		case 'b':
			no_more = true;
			break;
		case 'h':
			no_zeros = true;
			no_blocks = true;
			break;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: treelist [-srnzfbh] DIR\n");
		return 2;
	}
	if (setrlimit(RLIMIT_NOFILE, &files))
		fail("setrlimit");
	if (with_folios) {
		pagemap = open("/proc/self/pagemap", O_RDONLY);
		kpageflags = open("/proc/kpageflags", O_RDONLY);
		if (pagemap < 0 || kpageflags < 0)
			fail("pagemap");
	}
	dir = open(argv[optind], O_RDONLY | O_DIRECTORY | O_NOATIME);
	if (dir < 0)
		fail(argv[optind]);
	list_one(dir, ".", 0);
	if (fflush(stdout) || ferror(stdout))
		fail("write");
	return 0;
}
