// SPDX-License-Identifier: GPL-2.0
/*
 * Is an initramfs whole? One that was cut, as by a disk that was full, lets the next
 * kernel panic.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pramctl.h"

/* Of an archive that is not compressed, see initramfs-buffer-format.rst */
#define CPIO_MAGIC_LEN	6
#define CPIO_HEADER	110
#define CPIO_FILESIZE	54
#define CPIO_NAMESIZE	94
#define CPIO_TRAILER	"TRAILER!!!"

/* What the kernel can unpack, and who can test it */
static const struct {
	const char *magic;
	size_t len;
	const char *program;
} formats[] = {
	{ "\x1f\x8b", 2, "gzip" },
	{ "\x1f\x9e", 2, "gzip" },
	{ "BZh", 3, "bzip2" },
	{ "\x5d\0\0", 3, "xz" },
	{ "\xfd\x37zXZ", 5, "xz" },
	{ "\x89LZO", 4, "lzop" },
	{ "\x02\x21", 2, "lz4" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd" },
};

static const char *program_for(const char *head, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		if (len >= formats[i].len &&
		    !memcmp(head, formats[i].magic, formats[i].len))
			return formats[i].program;
	}
	return NULL;
}

static off_t cpio_number(const char *field)
{
	char text[9] = {};

	memcpy(text, field, 8);
	return strtoul(text, NULL, 16);
}

static off_t align4(off_t pos)
{
	return (pos + 3) & ~(off_t)3;
}

/*
 * Go over a member of an archive at @pos. Returns whether it is one; its end, which may
 * be behind that of the file, is in @pos, and whether the archive ends with it in @last.
 */
static bool cpio_member(int fd, off_t *pos, bool *last)
{
	char head[CPIO_HEADER], name[sizeof(CPIO_TRAILER)] = {};
	off_t name_size;

	if (pread(fd, head, sizeof(head), *pos) != sizeof(head) ||
	    (memcmp(head, "070701", CPIO_MAGIC_LEN) &&
	     memcmp(head, "070702", CPIO_MAGIC_LEN)))
		return false;
	name_size = cpio_number(head + CPIO_NAMESIZE);
	if (pread(fd, name, sizeof(name), *pos + CPIO_HEADER) < 0)
		return false;
	*last = name_size == sizeof(name) && !memcmp(name, CPIO_TRAILER, sizeof(name));
	*pos = align4(*pos + CPIO_HEADER + name_size) +
	       align4(cpio_number(head + CPIO_FILESIZE));
	return true;
}

/*
 * Go over archives that are not compressed, and the zeros behind each. Returns whether
 * all of them are whole; @pos is where they end.
 */
static bool skip_cpio(int fd, off_t size, off_t *pos)
{
	bool last = true;
	char byte;

	while (*pos < size) {
		if (last && pread(fd, &byte, 1, *pos) == 1 && !byte)
			(*pos)++;
		else if (!cpio_member(fd, pos, &last))
			break;
	}
	return last && *pos <= size;
}

/* Have a program test what is in @fd from where it stands. Returns its exit status. */
static int run_test(int fd, const char *program)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(fd, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execlp(program, program, "-t", NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

/* What is wrong with the file; NULL: nothing that can be found */
static char *find_fault(int fd)
{
	const char *program;
	struct stat st;
	off_t pos = 0;
	char head[8];
	ssize_t len;
	int status;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return NULL;
	if (!st.st_size)
		return xstrdup("is empty");
	if (!skip_cpio(fd, st.st_size, &pos))
		return xstrdup("is cut: its archive has no end");
	len = pread(fd, head, sizeof(head), pos);
	if (len <= 0)
		return NULL;
	program = program_for(head, len);
	if (!program)
		return xstrdup("is no initramfs, or is damaged");
	if (lseek(fd, pos, SEEK_SET) < 0)
		return NULL;
	status = run_test(fd, program);
	/* It may not be installed; with 2 gzip warns, as of what is behind the archive */
	if (!status || status == 127 || (status == 2 && !strcmp(program, "gzip")))
		return NULL;
	return xformat("is damaged, as %s says", program);
}

/* Returns a status */
int initrd_check(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *fault;

	if (fd < 0)
		return fail("%s: %s", path, strerror(errno));
	fault = find_fault(fd);
	close(fd);
	if (!fault)
		return ST_OK;
	fail("%s %s: make it again", path, fault);
	free(fault);
	return ST_FAILED;
}
