// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/mm/pram
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pramctl.h"

/* In tests these are files, which do not answer what is written to them */
#ifdef PRAMCTL_TEST
#define WRITTEN		".written"
#else
#define WRITTEN		""
#endif

/* No attribute has more than a page */
#define ATTR_MAX	65536

bool pram_on(void)
{
	return path_exists(PRAM_DIR);
}

/* Returns ST_OK if there is PRAM; else says why there is none */
int need_pram(void)
{
	if (pram_on())
		return ST_OK;
	if (!path_exists("/sys/kernel"))
		complain("there is no /sys: 'mount -t sysfs none /sys'");
	else if (path_exists("/sys/module/pram"))
		complain("PRAM is off in this kernel, by pram=off, as it is a crash kernel, or by an error at boot: load the next one with 'pramctl load', which leaves pram=off out");
	else
		complain("this kernel has no PRAM (CONFIG_PRAM)");
	return ST_OFF;
}

static char *__printf(1, 0) pram_vread(const char *fmt, va_list args)
{
	char *attr = xvformat(fmt, args), *text;
	size_t len;
	int err;

	text = path_read(ATTR_MAX, "%s/%s", PRAM_DIR, attr);
	err = errno;
	free(attr);
	if (text) {
		len = strlen(text);
		if (len && text[len - 1] == '\n')
			text[len - 1] = '\0';
	}
	errno = err;
	return text;
}

/* An attribute without the newline at its end; NULL and errno */
char *pram_read(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = pram_vread(fmt, args);
	va_end(args);
	return text;
}

/* An attribute that is a number; 0 where there is none */
uint64_t pram_number(const char *fmt, ...)
{
	uint64_t number;
	va_list args;
	char *text;

	va_start(args, fmt);
	text = pram_vread(fmt, args);
	va_end(args);
	number = text ? strtoull(text, NULL, 10) : 0;
	free(text);
	return number;
}

/* Returns 0 or an errno */
int pram_write(const char *attr, const char *value)
{
	int fd = path_open(O_WRONLY, "%s/%s%s", PRAM_DIR, attr, WRITTEN);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, value, strlen(value)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* As the kernel has it */
bool name_valid(const char *name)
{
	const char *c;

	for (c = name; *c; c++) {
		if (*c < ' ' || *c > '~' || *c == '/')
			return false;
	}
	return *name && c - name <= NAME_LONGEST && strcmp(name, ".") &&
	       strcmp(name, "..");
}

bool node_exists(const char *name)
{
	return name_valid(name) && path_exists("%s/nodes/%s", PRAM_DIR, name);
}

/* Returns ST_OK if it is there; else says that it is not */
int need_node(const char *name)
{
	char *shown;

	if (!name_valid(name)) {
		shown = escaped(name);
		complain("'%s' is no name: 1 to 255 printable ASCII characters without '/'",
			 shown);
		free(shown);
		return ST_USAGE;
	}
	if (node_exists(name))
		return ST_OK;
	complain("there is no '%s': 'pramctl list' shows what there is", name);
	return ST_NO_NAME;
}
