// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says about PRAM, in its log.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pramctl.h"

/* The longest record that the kernel makes */
#define RECORD_MAX	8192

/* -1 where nobody may read it, which is no error */
int kmsg_open(bool from_now)
{
	int fd = path_open(O_RDONLY | O_NONBLOCK, "/dev/kmsg");

	if (fd >= 0 && from_now)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* Mounts that are refused say this of tmpfs; but not all of these are with pram= */
static bool of_mount(const char *message)
{
	return !strncmp(message, "tmpfs: ", 7) &&
	       (strstr(message, "pram") || strstr(message, "' is alive"));
}

/*
 * Is a line of /dev/kmsg one of the kernel's about PRAM? In place:
 *
 *	6,339,5140900,-;pram: adopted 1 of 1 nodes
 */
bool kmsg_record(char *line, const char **text)
{
	char *message = strchr(line, ';'), *end;
	unsigned long prio = strtoul(line, &end, 10);

	/* Of user space: anybody may have written it */
	if (!message || end == line || *end != ',' || prio > 7)
		return false;
	message++;
	if (strncmp(message, "pram: ", 6) && !of_mount(message))
		return false;
	*text = message;
	return true;
}

/* Print what there is about PRAM, and return how many lines that was */
unsigned int kmsg_print(int fd, FILE *out, const char *prefix)
{
	char buf[RECORD_MAX + 1], *rest, *line;
	unsigned int nr = 0;
	const char *text;
	ssize_t len;

	if (fd < 0)
		return 0;
	/* EPIPE: some records have been overwritten, the next ones are there */
	while ((len = read(fd, buf, RECORD_MAX)) > 0 ||
	       (len < 0 && (errno == EPIPE || errno == EINTR))) {
		if (len < 0)
			continue;
		buf[len] = '\0';
		for (rest = buf; (line = strsep(&rest, "\n")); ) {
			if (!kmsg_record(line, &text))
				continue;
			fprintf(out, "%s%s\n", prefix, text);
			nr++;
		}
	}
	return nr;
}
