// SPDX-License-Identifier: GPL-2.0
/*
 * Is an initramfs whole? One that was cut, as by a disk that was full, lets the next
 * kernel panic. So does what is there besides it, for the time before: microcode.
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

/* What the kernel can unpack, and who else */
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

static size_t cpio_number(const char *field)
{
	char text[9] = {};

	memcpy(text, field, 8);
	return strtoul(text, NULL, 16);
}

/* Read and forget. Returns whether there was as much. */
static bool skip(FILE *in, size_t len)
{
	char buf[4096];

	while (len) {
		size_t nr = fread(buf, 1, len < sizeof(buf) ? len : sizeof(buf), in);

		if (!nr)
			return false;
		len -= nr;
	}
	return true;
}

static size_t padding(size_t len)
{
	return -len & 3;
}

/* How archives of cpio end */
enum end {
	END_GOOD,	/* with a trailer */
	END_OPEN,	/* with a member, or there is none */
	END_CUT,	/* in a member */
};

/* What is in them */
struct contents {
	bool early;	/* microcode, ACPI tables: for the kernel itself */
	bool files;	/* all else */
};

/*
 * See Documentation/arch/x86/microcode.rst. Directories above may be members, too;
 * dracut has a file of its own.
 */
static bool is_early(const char *name)
{
	return !strcmp(name, "kernel") || !strncmp(name, "kernel/", 7) ||
	       !strcmp(name, "early_cpio");
}

/* Read one member, whose first byte has been read */
static enum end cpio_member(FILE *in, struct contents *contents)
{
	char head[CPIO_HEADER] = { '0' }, name[sizeof(CPIO_TRAILER)] = {};
	size_t name_size, size, len;

	if (fread(head + 1, 1, sizeof(head) - 1, in) != sizeof(head) - 1 ||
	    (memcmp(head, "070701", CPIO_MAGIC_LEN) &&
	     memcmp(head, "070702", CPIO_MAGIC_LEN)))
		return END_CUT;
	name_size = cpio_number(head + CPIO_NAMESIZE);
	size = cpio_number(head + CPIO_FILESIZE);
	len = name_size < sizeof(name) ? name_size : sizeof(name);
	if (fread(name, 1, len, in) != len || !skip(in, name_size - len))
		return END_CUT;
	if (name_size == sizeof(name) && !memcmp(name, CPIO_TRAILER, sizeof(name)))
		return END_GOOD;
	if (!skip(in, padding(CPIO_HEADER + name_size) + size))
		return END_CUT;
	/* A longer name is cut, but not before what counts */
	name[sizeof(name) - 1] = '\0';
	if (is_early(name))
		contents->early = true;
	else if (strcmp(name, "."))
		contents->files = true;
	return END_OPEN;
}

/*
 * Read archives that are not compressed, and zeros behind their members, up to
 * something else, or the end of the file.
 */
static enum end read_cpio(FILE *in, struct contents *contents)
{
	enum end end = END_OPEN;
	int c;

	while (end != END_CUT && (c = getc(in)) != EOF) {
		if (c == '0') {
			end = cpio_member(in, contents);
		} else if (c) {
			ungetc(c, in);
			break;
		}
	}
	return end;
}

/*
 * Have a program unpack what is in @fd from where it stands. What counts is whether the
 * archive in it ends: what programs make of padding, or of another archive behind it,
 * differs from what the kernel does.
 */
static bool unpacks(int fd, const char *program)
{
	int pipe_fd[2], status = -1;
	struct contents contents = {};
	enum end end = END_CUT;
	FILE *in;
	pid_t pid;

	if (pipe2(pipe_fd, O_CLOEXEC))
		return true;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(fd, STDIN_FILENO);
		dup2(pipe_fd[1], STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execlp(program, program, "-dc", NULL);
		_exit(127);
	}
	close(pipe_fd[1]);
	in = fdopen(pipe_fd[0], "r");
	if (in) {
		end = read_cpio(in, &contents);
		while (skip(in, 65536))
			;
		fclose(in);
	} else {
		close(pipe_fd[0]);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* It may not be installed */
	if (pid < 0 || !in || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		return true;
	/* The kernel wants no trailer, but then the program has to be content */
	return end == END_GOOD || (end == END_OPEN && !status);
}

/* What is wrong with the file, and what to do; NULL: nothing that can be found */
static char *find_fault(FILE *in)
{
	struct contents contents = {};
	const char *program;
	struct stat st;
	char head[8];
	size_t len;
	off_t pos;

	if (fstat(fileno(in), &st) || !S_ISREG(st.st_mode))
		return NULL;
	if (!st.st_size)
		return xstrdup("is empty: make it again");
	if (read_cpio(in, &contents) == END_CUT)
		return xstrdup("is cut: a file in it has no end: make it again");
	pos = ftello(in);
	len = fread(head, 1, sizeof(head), in);
	if (!len && contents.early && !contents.files)
		return xstrdup("is no initramfs, but microcode or ACPI tables only: name the one that goes with it");
	if (!len)
		return NULL;
	program = program_for(head, len);
	if (!program)
		return xstrdup("is no initramfs, or is damaged: make it again");
	if (lseek(fileno(in), pos, SEEK_SET) < 0 || unpacks(fileno(in), program))
		return NULL;
	return xformat("is cut or damaged, as %s finds: make it again", program);
}

/* Returns a status */
int initrd_check(const char *path)
{
	FILE *in = fopen(path, "re");
	char *fault;

	if (!in)
		return fail("%s: %s", path, strerror(errno));
	fault = find_fault(in);
	fclose(in);
	if (!fault)
		return ST_OK;
	fail("%s %s", path, fault);
	free(fault);
	return ST_FAILED;
}
