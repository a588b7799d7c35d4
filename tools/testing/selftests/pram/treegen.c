// SPDX-License-Identifier: GPL-2.0
/*
 * treegen SEED DIR [NR]: fill DIR with all that a tmpfs can hold, about NR names of
 * it (60), by SEED: the same seed makes the same tree, but for what the kernel
 * chooses (numbers of inodes, times of birth and of change).
 *
 * What a comparison must know is in the name: "%huge" is too large to be read as a
 * whole, "%alloc" has ranges that were allocated and not written to, "%deep" is a
 * directory in which paths are longer than PATH_MAX.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "random.h"

#define __packed	__attribute__((packed))

#define MAX_ENTRIES	2000
/* so that a path is not too long for others */
#define MAX_DEPTH	12
#define LAST_BYTE	0x7ffffffffffffffe

struct entry {
	int dir;		/* index of its directory */
	int depth;
	int fd;			/* of a directory */
	mode_t type;
	int gone;
	int again;		/* another name of an earlier entry */
	int linked;		/* there are others */
	char name[NAME_MAX + 1];
};

static struct entry entries[MAX_ENTRIES];
static int nr_entries;
static char value[XATTR_SIZE_MAX];
static char block[1 << 16];

static const char *const prefix[] = {
	"", "", "a", ".", "-", " ", "%huge", "%alloc", "\xc3\xa9", "\xff"
};

/* Any bytes but those that cannot be */
static void random_name(char *name, const char *start)
{
	size_t len = strlen(start), max = NAME_MAX, i;

	strcpy(name, start);
	if (!once_in(5))
		max = len + 2 + below(30);
	for (i = len; i < max; i++) {
		name[i] = once_in(2) ? 'a' + below(26) : 1 + below(255);
		if (name[i] == '/')
			name[i] = '\n';
	}
	name[i] = 0;
	if (!strcmp(name, ".."))
		name[1] = 'x';
}

static int any_dir(int max_depth)
{
	int i;

	do {
		i = below(nr_entries);
	} while (entries[i].type != S_IFDIR || entries[i].depth > max_depth);
	return i;
}

static int dir_of(const struct entry *entry)
{
	return entries[entry->dir].fd;
}

static void write_all(int fd, off_t at, size_t len)
{
	random_bytes(block, len);
	if (pwrite(fd, block, len, at) != (ssize_t)len)
		die("pwrite");
}

static off_t random_size(void)
{
	switch (below(6)) {
	case 0:
		return 0;
	case 1:
		return below(100);
	case 2:
		return 4096 * (1 + below(4)) + below(3) - 1;
	case 3:
		return below(40000);
	default:
		return below(300000);
	}
}

static void write_plain(int fd)
{
	off_t size = random_size(), at;

	for (at = 0; at < size; at += sizeof(block))
		write_all(fd, at, size - at < (off_t)sizeof(block) ?
				  size - at : (off_t)sizeof(block));
}

/* Enough for huge pages */
static void write_large(int fd)
{
	off_t size = (2 + below(3)) << 20, at;

	for (at = 0; at < size; at += sizeof(block))
		write_all(fd, at, sizeof(block));
	if (once_in(3) && ftruncate(fd, size - below(1 << 20)))
		die("ftruncate");
}

static void write_pieces(int fd, off_t max)
{
	int i, nr = 1 + below(6);

	for (i = 0; i < nr; i++)
		write_all(fd, below(max), 1 + below(9000));
	if (once_in(2) && ftruncate(fd, below(max)))
		die("ftruncate");
	if (once_in(3) &&
	    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      below(max), 1 + below(max)))
		die("punch");
}

static void write_huge(int fd)
{
	write_pieces(fd, 1UL << (20 + below(40)));
	if (once_in(2))
		write_all(fd, LAST_BYTE, 1);
	if (once_in(3) && ftruncate(fd, LAST_BYTE + 1 - below(5000)))
		die("ftruncate");
}

static void write_allocated(int fd)
{
	int i, nr = 1 + below(3);

	for (i = 0; i < nr; i++)
		if (fallocate(fd, once_in(2) ? FALLOC_FL_KEEP_SIZE : 0,
			      below(200000), 1 + below(100000)))
			die("fallocate");
	if (once_in(2))
		write_all(fd, below(200000), 1 + below(9000));
}

static void write_mapped(int fd)
{
	size_t size = 4096 * (1 + below(16)), i;
	char *map;

	if (ftruncate(fd, size - below(4096)))
		die("ftruncate");
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	for (i = 0; i < size; i += 4096)
		if (once_in(2))
			map[i] = below(256);
	munmap(map, size);
}

static void fill_file(int fd, const char *name)
{
	if (!strncmp(name, "%huge", 5))
		write_huge(fd);
	else if (!strncmp(name, "%alloc", 6))
		write_allocated(fd);
	else if (once_in(20))
		write_large(fd);
	else if (once_in(4))
		write_pieces(fd, 1 << (13 + below(8)));
	else if (once_in(5))
		write_mapped(fd);
	else
		write_plain(fd);
}

static void make_target(char *target)
{
	size_t len = once_in(4) ? PATH_MAX - 1 : 1 + below(100), i;

	for (i = 0; i < len; i++)
		target[i] = 1 + below(255);
	target[len] = 0;
}

static dev_t random_dev(void)
{
	return once_in(2) ? makedev(below(4096), below(1 << 20)) :
			    makedev(below(10), below(10));
}

static const mode_t types[] = {
	S_IFREG, S_IFREG, S_IFREG, S_IFREG, S_IFREG, S_IFREG, S_IFDIR, S_IFDIR,
	S_IFLNK, S_IFLNK, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK,
};

static void make_inode(struct entry *entry, int dir)
{
	static char target[PATH_MAX];
	int fd, err = 0;

	switch (entry->type) {
	case S_IFREG:
		fd = openat(dir, entry->name, O_CREAT | O_EXCL | O_RDWR, 0600);
		if (fd < 0)
			die("create");
		fill_file(fd, entry->name);
		close(fd);
		break;
	case S_IFDIR:
		err = mkdirat(dir, entry->name, 0700);
		entry->fd = openat(dir, entry->name, O_RDONLY | O_DIRECTORY);
		if (entry->fd < 0)
			die("open directory");
		break;
	case S_IFLNK:
		make_target(target);
		err = symlinkat(target, dir, entry->name);
		break;
	case S_IFCHR:
		/* a whiteout of overlayfs */
		err = mknodat(dir, entry->name, S_IFCHR,
			      once_in(2) ? 0 : random_dev());
		break;
	case S_IFBLK:
		err = mknodat(dir, entry->name, S_IFBLK, random_dev());
		break;
	default:
		err = mknodat(dir, entry->name, entry->type, 0);
	}
	if (err)
		die("make");
}

/* A name that has not been; there are so many that this ends */
static void new_name(struct entry *entry)
{
	struct stat st;

	do {
		random_name(entry->name,
			    prefix[below(ARRAY_SIZE(prefix))]);
	} while (!fstatat(dir_of(entry), entry->name, &st,
			  AT_SYMLINK_NOFOLLOW));
}

static struct entry *add_entry(mode_t type)
{
	struct entry *entry = &entries[nr_entries];

	memset(entry, 0, sizeof(*entry));
	entry->dir = any_dir(MAX_DEPTH - 1);
	entry->depth = entries[entry->dir].depth + 1;
	entry->type = type;
	new_name(entry);
	return entry;
}

static void make_one(void)
{
	struct entry *entry;

	entry = add_entry(types[below(ARRAY_SIZE(types))]);
	make_inode(entry, dir_of(entry));
	nr_entries++;
}

static struct entry *any_other(void)
{
	struct entry *entry;
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		entry = &entries[below(nr_entries)];
		if (entry->type != S_IFDIR && !entry->gone)
			return entry;
	}
	return NULL;
}

/* What is too large stays so under each of its names */
static void keep_prefix(struct entry *to, const struct entry *from)
{
	int special = from->name[0] == '%';

	if (!special && to->name[0] == '%')
		to->name[0] = '_';
	if (special) {
		random_name(to->name, !strncmp(from->name, "%huge", 5) ?
				      "%huge" : "%alloc");
	}
}

static void link_one(void)
{
	struct entry *other = any_other(), *entry;

	if (!other)
		return;
	entry = add_entry(other->type);
	keep_prefix(entry, other);
	if (linkat(dir_of(other), other->name, dir_of(entry), entry->name, 0)) {
		if (errno != EEXIST)
			die("link");
		return;
	}
	entry->again = 1;
	entry->linked = 1;
	other->linked = 1;
	nr_entries++;
}

/* The order of names is not that of inodes then, and there are gaps */
static void move_one(void)
{
	struct entry *entry = any_other(), new = {};

	if (!entry)
		return;
	new.dir = any_dir(MAX_DEPTH - 1);
	new_name(&new);
	keep_prefix(&new, entry);
	if (renameat2(dir_of(entry), entry->name, dir_of(&new), new.name,
		      RENAME_NOREPLACE)) {
		if (errno != EEXIST)
			die("rename");
		return;
	}
	entry->dir = new.dir;
	strcpy(entry->name, new.name);
}

static void remove_one(void)
{
	struct entry *entry = any_other();

	if (!entry || entry->linked)
		return;
	if (unlinkat(dir_of(entry), entry->name, 0))
		die("unlink");
	entry->gone = 1;
}

static void set_one_xattr(const char *path, const char *space)
{
	char name[XATTR_NAME_MAX + 1];
	size_t len = once_in(8) ? XATTR_SIZE_MAX : below(300), i, max;

	strcpy(name, space);
	i = strlen(name);
	max = i + 1 + below(once_in(4) ? XATTR_NAME_MAX - i : 10);
	for (; i < max; i++)
		name[i] = 1 + below(255);
	name[i] = 0;
	if (!strncmp(name, "security.", 9))
		name[9] = 'X';
	random_bytes(value, len);
	if (lsetxattr(path, name, value, len, 0))
		die(space);
}

static uint32_t random_perm(void)
{
	return below(8);
}

/* As the kernel takes it: an entry has a tag, permissions, and who */
struct acl_entry {
	uint16_t tag, perm;
	uint32_t id;
} __packed;

static void set_acl(const char *path, const char *name)
{
	struct {
		uint32_t version;
		struct acl_entry entry[40];
	} __packed acl = { .version = 2 };
	int nr = 0, i, users = 1 + below(15), groups = below(15);

#define ACL_ENTRY(t, who) \
	acl.entry[nr++] = (struct acl_entry){ t, random_perm(), who }
	ACL_ENTRY(0x01, -1);
	for (i = 0; i < users; i++)
		ACL_ENTRY(0x02, 100 * i + below(100));
	ACL_ENTRY(0x04, -1);
	for (i = 0; i < groups; i++)
		ACL_ENTRY(0x08, 100000 * i + below(100000));
	ACL_ENTRY(0x10, -1);
	ACL_ENTRY(0x20, -1);
	if (lsetxattr(path, name, &acl, 4 + nr * sizeof(acl.entry[0]), 0))
		die(name);
}

static void set_capability(const char *path)
{
	/* revision 2, effective */
	uint32_t cap[5] = { 0x02000001, random_u64(), random_u64(),
			    random_u64() & 0x1ff, 0 };

	if (lsetxattr(path, "security.capability", cap, sizeof(cap), 0))
		die("security.capability");
}

static void set_xattrs(const char *path, mode_t type)
{
	int i, nr = once_in(3) ? 1 + below(4) : 0;

	for (i = 0; i < nr; i++) {
		set_one_xattr(path, "trusted.");
		set_one_xattr(path, "security.");
		if (type == S_IFREG || type == S_IFDIR)
			set_one_xattr(path, "user.");
	}
	if (type != S_IFLNK && once_in(4))
		set_acl(path, "system.posix_acl_access");
	if (type == S_IFDIR && once_in(4))
		set_acl(path, "system.posix_acl_default");
	if (type == S_IFREG && once_in(6))
		set_capability(path);
}

static uint32_t random_id(void)
{
	return once_in(3) ? 0 : once_in(2) ? below(70000) :
	       (uint32_t)random_u64() & ~1U;
}

static void set_times(int dir, const char *name)
{
	struct timespec ts[2];
	int i;

	for (i = 0; i < 2; i++) {
		ts[i].tv_sec = once_in(5) ? below(1ULL << 35) - (1ULL << 33) :
			       1700000000 + below(10000000);
		ts[i].tv_nsec = below(1000000000);
	}
	if (utimensat(dir, name, ts, AT_SYMLINK_NOFOLLOW))
		die("utimensat");
}

static void set_flags(int dir, const struct entry *entry)
{
	static const int some[] = {
		FS_NODUMP_FL, FS_NOATIME_FL, FS_IMMUTABLE_FL, FS_APPEND_FL
	};
	int flags = some[below(4)] | (once_in(3) ? some[below(4)] : 0);
	int fd = openat(dir, entry->name, O_RDONLY | O_NOFOLLOW);

	if (fd < 0 || ioctl(fd, FS_IOC_SETFLAGS, &flags))
		die("flags");
	close(fd);
}

/* The innermost first: a directory's time changes with what is in it */
static void finish_one(struct entry *entry)
{
	int dir = dir_of(entry);
	char path[NAME_MAX + 40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, entry->name);
	if (entry->again)
		return;
	if (fchownat(dir, entry->name, random_id(), random_id(),
		     AT_SYMLINK_NOFOLLOW))
		die("chown");
	if (entry->type != S_IFLNK &&
	    fchmodat(dir, entry->name, once_in(2) ? 0644 : below(010000), 0))
		die("chmod");
	set_xattrs(path, entry->type);
	set_times(dir, entry->name);
	if ((entry->type == S_IFREG || entry->type == S_IFDIR) && once_in(8))
		set_flags(dir, entry);
}

/* What no path leads to */
static void make_deep(int dir)
{
	static const struct timespec times[2] = { { 5, 6 }, { 7, 8 } };
	int levels = 20 + below(280), i, fds[300];
	char name[NAME_MAX + 1] = "%deep";

	for (i = 0; i < levels; i++) {
		if (mkdirat(dir, name, 0755))
			die("mkdir");
		fds[i] = openat(dir, name, O_RDONLY | O_DIRECTORY);
		if (fds[i] < 0)
			die("open");
		dir = fds[i];
		random_name(name, "");
	}
	i = openat(dir, "bottom", O_CREAT | O_RDWR, 0600);
	if (i < 0)
		die("bottom");
	write_plain(i);
	if (futimens(i, times))
		die("futimens");
	close(i);
	while (levels--) {
		if (futimens(fds[levels], times))
			die("futimens");
		close(fds[levels]);
	}
}

static void make_tree(int root, int nr)
{
	struct entry *top = &entries[0];
	char path[40];
	int i;

	top->type = S_IFDIR;
	top->fd = root;
	nr_entries = 1;
	if (once_in(4))
		make_deep(root);
	while (nr_entries < nr) {
		make_one();
		if (once_in(6))
			link_one();
		if (once_in(8))
			move_one();
		if (once_in(12))
			remove_one();
	}
	for (i = nr_entries - 1; i > 0; i--)
		if (!entries[i].gone)
			finish_one(&entries[i]);
	if (fchown(root, random_id(), random_id()) || fchmod(root, below(010000)))
		die("root");
	snprintf(path, sizeof(path), "/proc/self/fd/%d/.", root);
	set_xattrs(path, S_IFDIR);
	set_times(root, ".");
}

int main(int argc, char **argv)
{
	const struct rlimit files = { 4096, 4096 };
	int root, nr = argc == 4 ? atoi(argv[3]) : 60;

	if (argc < 3 || nr < 2 || nr > MAX_ENTRIES - 2) {
		fprintf(stderr, "usage: treegen SEED DIR [NR]\n");
		return 2;
	}
	umask(0);
	if (setrlimit(RLIMIT_NOFILE, &files))
		die("setrlimit");
	random_seed(strtoull(argv[1], NULL, 0));
	root = open(argv[2], O_RDONLY | O_DIRECTORY);
	if (root < 0)
		die(argv[2]);
	make_tree(root, nr);
	return 0;
}
