// SPDX-License-Identifier: GPL-2.0
/*
 * mutate SEED DIR FROM TO: change what is in DIR, in steps from number FROM to number
 * TO (0: for ever), each of which is one system call, or one store to a mapped file,
 * that changes something, and is chosen by SEED and its number alone. What fails, fails
 * each time. So the state of DIR after a number of steps is always the same, but
 * for times and numbers of inodes.
 *
 * The number of a step is written to DIR/.step before it is done. Whatever stops this
 * in between, DIR is as after that step, or as before it.
 *
 * mutate step DIR: show the number.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "random.h"

#define NR_DIRS		3
#define NR_NAMES	12
#define MAX_SIZE	(200UL << 10)
/* Stores go there, past all that is written or cut off: no SIGBUS */
#define MAP_SIZE	(64UL << 10)

static char data[1 << 16];
static char path[40], path2[40];

static char *random_path(char *buf)
{
	sprintf(buf, "d%d/n%d", (int)below(NR_DIRS), (int)below(NR_NAMES));
	return buf;
}

static int open_random(void)
{
	struct stat st;

	random_path(path);
	if (lstat(path, &st) || !S_ISREG(st.st_mode))
		return -1;
	return open(path, O_RDWR);
}

static void do_create(void)
{
	close(open(random_path(path), O_CREAT | O_EXCL | O_WRONLY,
		   (int)below(01000)));
}

static void do_write(void)
{
	size_t len = once_in(3) ? below(sizeof(data)) : below(5000);
	off_t at = below(MAX_SIZE);
	int fd = open_random();

	random_bytes(data, len);
	if (fd < 0)
		return;
	if (pwrite(fd, data, len, at) != (ssize_t)len)
		die("pwrite");
	close(fd);
}

static void do_append(void)
{
	size_t len = below(3000);
	int fd = open_random();
	off_t end;

	random_bytes(data, len);
	if (fd < 0)
		return;
	end = lseek(fd, 0, SEEK_END);
	if (end < (off_t)MAX_SIZE && pwrite(fd, data, len, end) != (ssize_t)len)
		die("append");
	close(fd);
}

static void do_truncate(void)
{
	int fd = open_random();
	off_t size = below(MAX_SIZE);

	if (fd < 0)
		return;
	if (ftruncate(fd, size))
		die("ftruncate");
	close(fd);
}

static void do_fallocate(void)
{
	static const int modes[] = {
		0, FALLOC_FL_KEEP_SIZE,
		FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
	};
	int fd = open_random(), mode = modes[below(3)];
	off_t at = below(MAX_SIZE), len = 1 + below(MAX_SIZE / 4);

	if (fd < 0)
		return;
	if (fallocate(fd, mode, at, len))
		die("fallocate");
	close(fd);
}

/* A store of one word is done, or it is not */
static void do_store(void)
{
	uint64_t word = random_u64(), at = below(MAP_SIZE / 8), *map;
	int fd = open("mapped", O_RDWR);

	if (fd < 0)
		die("mapped");
	map = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	__atomic_store_n(&map[at], word, __ATOMIC_RELAXED);
	munmap(map, MAP_SIZE);
	close(fd);
}

static void do_mkdir(void)
{
	(void)!mkdir(random_path(path), below(01000));
}

static void do_symlink(void)
{
	size_t len = 1 + (once_in(3) ? below(4000) : below(40));

	memset(data, 'a' + below(26), len);
	data[len] = 0;
	(void)!symlink(data, random_path(path));
}

static void do_mknod(void)
{
	static const mode_t types[] = { S_IFIFO, S_IFSOCK, S_IFCHR };

	(void)!mknod(random_path(path), types[below(3)] | below(01000), 0);
}

static void do_link(void)
{
	random_path(path);
	(void)!link(path, random_path(path2));
}

static void do_rename(void)
{
	static const int flags[] = {
		0, 0, RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_WHITEOUT
	};

	random_path(path);
	(void)!renameat2(AT_FDCWD, path, AT_FDCWD, random_path(path2),
			 flags[below(5)]);
}

static void do_unlink(void)
{
	(void)!unlink(random_path(path));
}

static void do_rmdir(void)
{
	(void)!rmdir(random_path(path));
}

static void do_chmod(void)
{
	int fd = open(random_path(path), O_PATH | O_NOFOLLOW);
	mode_t mode = below(010000);
	struct stat st;

	/* a symbolic link would lead elsewhere */
	if (fd >= 0 && !fstat(fd, &st) && !S_ISLNK(st.st_mode))
		(void)!chmod(path, mode);
	close(fd);
}

static void do_chown(void)
{
	uid_t uid = below(1000);

	(void)!lchown(random_path(path), uid, below(1000));
}

static void random_xattr(char *name)
{
	sprintf(name, "trusted.%d", (int)below(4));
}

static void do_setxattr(void)
{
	size_t len = once_in(4) ? sizeof(data) : below(200);
	char name[20];

	random_xattr(name);
	random_bytes(data, len);
	(void)!lsetxattr(random_path(path), name, data, len, 0);
}

static void do_removexattr(void)
{
	char name[20];

	random_xattr(name);
	(void)!lremovexattr(random_path(path), name);
}

static void (*const steps[])(void) = {
	do_create, do_create, do_create, do_create, do_write, do_write,
	do_write, do_write, do_write, do_append, do_append, do_truncate,
	do_fallocate, do_store, do_store, do_store, do_mkdir, do_symlink,
	do_mknod, do_link, do_link, do_rename, do_rename, do_rename, do_unlink,
	do_rmdir, do_chmod, do_chown, do_setxattr, do_setxattr,
	do_removexattr,
};

/* Before the first step, so that it is all there with it */
static void set_up(void)
{
	int i, fd;

	for (i = 0; i < NR_DIRS; i++) {
		sprintf(path, "d%d", i);
		if (mkdir(path, 0755))
			die(path);
	}
	fd = open("mapped", O_CREAT | O_EXCL | O_RDWR, 0600);
	if (fd < 0 || ftruncate(fd, MAP_SIZE))
		die("mapped");
	close(fd);
}

static int show_step(const char *dir)
{
	uint64_t step = 0;
	int fd;

	if (chdir(dir))
		die(dir);
	fd = open(".step", O_RDONLY);
	if (fd < 0 || read(fd, &step, sizeof(step)) != sizeof(step))
		die(".step");
	printf("%llu\n", (unsigned long long)step);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t seed, step, last;
	int fd;

	if (argc == 3 && !strcmp(argv[1], "step"))
		return show_step(argv[2]);
	if (argc != 5) {
		fprintf(stderr, "usage: mutate SEED DIR FROM TO | step DIR\n");
		return 2;
	}
	umask(0);
	seed = strtoull(argv[1], NULL, 0);
	if (chdir(argv[2]))
		die(argv[2]);
	step = strtoull(argv[3], NULL, 0);
	last = strtoull(argv[4], NULL, 0);
	if (step == 1)
		set_up();
	fd = open(".step", O_CREAT | O_RDWR, 0600);
	if (fd < 0)
		die(".step");
	for (; !last || step <= last; step++) {
		if (pwrite(fd, &step, sizeof(step), 0) != sizeof(step))
			die(".step");
		random_seed(seed ^ step << 20);
		steps[below(ARRAY_SIZE(steps))]();
	}
	return 0;
}
