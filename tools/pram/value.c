// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl put, pramctl get: small values, each in a tree of its own, which is
 * mounted for a moment, and nowhere. Its one file has the sticky bit if the value
 * is to be taken once.
 *
 * What takes a moment only is under a lock: so the value that "get" discards is
 * the one that it has written.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/mount.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pramctl.h"

#define VALUE_MAX	1048576UL
#define VALUE_FILE	"pramctl.value"
#define VALUE_NEW	"pramctl.new"
#define VALUE_ONCE	S_ISVTX
#define VALUE_LOCK	PRAM_DIR "/super"

/* The root directory, and the two files */
#define VALUE_INODES	3

/* An old and a new value, and what describes them */
#define TREE_SIZE	"size=4m"
#define TREE_PAGES	1024

/* Never swapped out, and gone when it is freed */
struct secret {
	char *data;
	size_t len;
};

static void secret_alloc(struct secret *secret)
{
	secret->len = 0;
	/* One byte more, to see whether there is more */
	secret->data = mmap(NULL, VALUE_MAX + 1, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (secret->data == MAP_FAILED)
		exit(fail("out of memory"));
	madvise(secret->data, VALUE_MAX + 1, MADV_DONTDUMP);
	/* Who may not lock as much has values that are no secrets */
	mlock(secret->data, VALUE_MAX + 1);
}

static void secret_free(struct secret *secret)
{
	explicit_bzero(secret->data, VALUE_MAX + 1);
	munmap(secret->data, VALUE_MAX + 1);
}

/* Returns 0 or an errno */
static int secret_read(int fd, struct secret *secret)
{
	ssize_t got;

	while (secret->len <= VALUE_MAX) {
		got = read(fd, secret->data + secret->len,
			   VALUE_MAX + 1 - secret->len);
		if (got < 0 && errno != EINTR)
			return errno;
		if (!got)
			return 0;
		secret->len += got > 0 ? got : 0;
	}
	return EFBIG;
}

static int write_all(int fd, const char *data, size_t len)
{
	ssize_t put;

	while (len) {
		put = write(fd, data, len);
		if (put < 0 && errno != EINTR)
			return errno;
		data += put > 0 ? put : 0;
		len -= put > 0 ? put : 0;
	}
	return 0;
}

/* What is removed while a tree is alive is cleared by nobody else */
static void wipe(int fd)
{
	static const char zeros[4096];
	struct stat st;
	off_t left;

	if (fstat(fd, &st) || lseek(fd, 0, SEEK_SET))
		return;
	for (left = st.st_size; left > 0; left -= sizeof(zeros)) {
		if (write_all(fd, zeros, left < (off_t)sizeof(zeros) ?
			      (size_t)left : sizeof(zeros)))
			return;
	}
}

/*
 * Of a file that only root can open: others could hold the lock for good. Returns
 * a descriptor, or -1 after it has said why.
 */
static int value_lock(void)
{
	int fd = path_open(O_RDONLY | O_CLOEXEC, VALUE_LOCK), err = 0;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		err = errno;
		if (err == EWOULDBLOCK)
			complain("waiting for another 'pramctl put' or 'get'");
		if (err == EWOULDBLOCK && !flock(fd, LOCK_EX))
			err = 0;
	}
	if (fd < 0 || err) {
		complain("%s cannot be locked: %s", VALUE_LOCK, why(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

/*
 * Could the node be one that was made here? It need not be mounted to see that it
 * is not, which takes long if it is large.
 */
static bool may_be_value(const char *name)
{
	struct node node;
	bool ret;

	if (!node_read(name, NULL, &node))
		return false;
	ret = node.inodes >= 1 && node.inodes <= VALUE_INODES &&
	      node.pages <= TREE_PAGES &&
	      (!strcmp(node.state, "kept") || !strcmp(node.state, "parked") ||
	       !strcmp(node.state, "mounted"));
	node_free(&node);
	return ret;
}

/* Is there nothing in it that was not made here? */
static bool is_value(int tree)
{
	int fd = openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct stat st;
	bool ret;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	ret = !fstat(fd, &st) && !st.st_uid && (st.st_mode & 07777) == 0700;
	while (ret && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		ret = (!strcmp(entry->d_name, VALUE_FILE) ||
		       !strcmp(entry->d_name, VALUE_NEW)) &&
		      !fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		      S_ISREG(st.st_mode) && st.st_nlink == 1 && !st.st_uid;
	}
	closedir(dir);
	return ret;
}

static int no_value(const char *name)
{
	return fail("'%s' was not made by 'pramctl put': use 'pramctl mount'",
		    name);
}

/* Returns a status, after it has said why */
static int open_tree(const char *name, bool there, bool wiped, int *tree)
{
	struct mount_options options = {
		.attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
	};
	int status;

	if (there && !may_be_value(name))
		return no_value(name);
	if (!there)
		parse_options("mode=0700,noswap,nr_inodes=16," TREE_SIZE,
			      &options);
	if (wiped)
		parse_options("pram_wipe", &options);
	status = tree_mount(name, &options, there ? TREE_MUST_EXIST : 0, tree);
	free_options(&options);
	if (!status && !is_value(*tree)) {
		close(*tree);
		status = no_value(name);
	}
	return status;
}

/* Open a file of the tree, and clear and remove it */
static void remove_file(int tree, const char *file)
{
	int fd = openat(tree, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	wipe(fd);
	unlinkat(tree, file, 0);
	close(fd);
}

/* Returns 0 or an errno, with the old value as it was */
static int replace(int tree, const struct secret *secret, bool once)
{
	int fd, old, err;

	/* Of one that did not come to its end */
	remove_file(tree, VALUE_NEW);
	fd = openat(tree, VALUE_NEW, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
		    O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	err = write_all(fd, secret->data, secret->len);
	if (!err && fchmod(fd, 0600 | (once ? VALUE_ONCE : 0)))
		err = errno;
	close(fd);
	old = openat(tree, VALUE_FILE, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (!err && renameat(tree, VALUE_NEW, tree, VALUE_FILE))
		err = errno;
	if (err)
		remove_file(tree, VALUE_NEW);
	else if (old >= 0)
		wipe(old);
	if (old >= 0)
		close(old);
	return err;
}

static int put_value(const char *name, const struct secret *secret, bool once,
		     bool wiped)
{
	int lock = value_lock(), tree, status, err;
	bool there;

	if (lock < 0)
		return ST_FAILED;
	there = node_exists(name);
	status = open_tree(name, there, wiped, &tree);
	if (!status) {
		err = replace(tree, secret, once);
		close(tree);
		if (err)
			status = fail("'%s' cannot be written: %s", name,
				      why(err));
		/* An empty tree is of no use */
		if (err && !there)
			discard_node(name);
	} else if (there && wiped && may_be_value(name)) {
		complain("if '%s' was made without --wipe, 'pramctl discard' it first",
			 name);
	}
	close(lock);
	return status;
}

int cmd_put(int argc, char **argv)
{
	static const struct option options[] = {
		{ "once", no_argument, NULL, 'o' },
		{ "wipe", no_argument, NULL, 'w' },
		{}
	};
	bool once = false, wiped = false;
	struct secret secret;
	int opt, err, status;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'o')
			once = true;
		else if (opt != 'w')
			return usage_error(argv[0], "there is no such option");
		/* What is taken once leaves nothing behind */
		wiped = true;
	}
	if (argc - optind != 1)
		return usage_error(argv[0], "it takes one name");
	status = need_pram();
	if (!status && !name_valid(argv[optind]))
		status = need_node(argv[optind]);
	if (status)
		return status;
	/* What is begun is undone then */
	signal(SIGXFSZ, SIG_IGN);
	secret_alloc(&secret);
	err = secret_read(STDIN_FILENO, &secret);
	if (err == EFBIG)
		status = fail("the value has more than %lu bytes: keep it in a tree, by 'pramctl mount'",
			      VALUE_MAX);
	else if (err)
		status = fail("the value cannot be read: %s", strerror(err));
	else if (!secret.len)
		status = fail("there is no value on standard input: '%s' is as it was",
			      argv[optind]);
	else
		status = put_value(argv[optind], &secret, once, wiped);
	secret_free(&secret);
	return status;
}

/* Returns an open file, or -1 and a status after it has said why */
static int open_value(const char *name, struct stat *st, int *status)
{
	int lock = value_lock(), tree = -1, fd = -1;

	*status = ST_FAILED;
	if (lock < 0)
		return -1;
	*status = need_node(name);
	if (!*status)
		*status = open_tree(name, true, false, &tree);
	if (*status) {
		close(lock);
		return -1;
	}
	fd = openat(tree, VALUE_FILE, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		complain("'%s' has no value: it was taken, or not written to its end",
			 name);
		*status = ST_NO_NAME;
	} else if (fstat(fd, st)) {
		*status = fail("'%s' cannot be read: %s", name, strerror(errno));
	} else if (st->st_mode & VALUE_ONCE && flock(fd, LOCK_EX | LOCK_NB)) {
		*status = fail("'%s' is being taken by another 'pramctl get'",
			       name);
	}
	if (*status && fd >= 0) {
		close(fd);
		fd = -1;
	}
	close(tree);
	close(lock);
	return fd;
}

/*
 * The value has been written: it goes, unless there is a new one by now. @fd is
 * closed, as the tree is in use by it. Returns a status.
 */
static int take_value(const char *name, int fd, const struct stat *st)
{
	int lock = value_lock(), tree, err = EBUSY;
	struct stat now;

	if (lock < 0 || open_tree(name, true, false, &tree)) {
		close(fd);
		if (lock >= 0)
			close(lock);
		return fail("'%s' stays, although it has been written", name);
	}
	/* Replaced: then "put" has cleared it */
	if (fstatat(tree, VALUE_FILE, &now, AT_SYMLINK_NOFOLLOW) ||
	    now.st_ino != st->st_ino) {
		err = 0;
		close(fd);
		close(tree);
	} else {
		wipe(fd);
		unlinkat(tree, VALUE_FILE, 0);
		close(fd);
		close(tree);
		err = discard_node(name);
	}
	if (err)
		complain("'%s' is taken, but its empty tree stays: %s", name,
			 why(err));
	close(lock);
	return ST_OK;
}

/* Wait until somebody has read all that is in a pipe or socket. Returns 0 or an errno. */
static int wait_for_reader(int fd, unsigned long request)
{
	struct pollfd end = { .fd = fd };
	socklen_t size = sizeof(int);
	int left, err;

	while (!ioctl(fd, request, &left) && left) {
		if (poll(&end, 1, 10) <= 0)
			continue;
		/* There is no reader any more, who may have come to it just before */
		if (!ioctl(fd, request, &left) && left)
			return EPIPE;
		break;
	}
	/* What nobody has read goes with a socket */
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) ? 0 : err;
}

/*
 * Does what was written stay, or has it been read? A full disk may say so only now, and
 * a program that was to read it may have failed.
 */
static int flush_output(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st))
		return errno;
	if (S_ISREG(st.st_mode) && fsync(STDOUT_FILENO))
		return errno;
	if (S_ISFIFO(st.st_mode))
		return wait_for_reader(STDOUT_FILENO, FIONREAD);
	if (S_ISSOCK(st.st_mode))
		return wait_for_reader(STDOUT_FILENO, SIOCOUTQ);
	return 0;
}

int cmd_get(int argc, char **argv)
{
	struct secret secret;
	struct stat st;
	int fd, err, status;

	if (argc != 2)
		return usage_error(argv[0], "it takes one name");
	status = need_pram();
	if (status)
		return status;
	fd = open_value(argv[1], &st, &status);
	if (fd < 0)
		return status;
	secret_alloc(&secret);
	err = secret_read(fd, &secret);
	if (err) {
		status = fail("'%s' cannot be read: %s", argv[1], why(err));
	} else {
		err = write_all(STDOUT_FILENO, secret.data, secret.len);
		if (!err && st.st_mode & VALUE_ONCE)
			err = flush_output();
		if (err)
			status = fail("'%s' stays, as it cannot be written to standard output: %s",
				      argv[1], strerror(err));
	}
	secret_free(&secret);
	if (!status && st.st_mode & VALUE_ONCE)
		status = take_value(argv[1], fd, &st);
	else
		close(fd);
	return status;
}
