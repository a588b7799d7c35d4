// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel command lines: read as the kernel reads them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

/* The next parameter: blanks between quotes do not end it. Its length; 0: no more. */
static size_t next_param(const char **line, bool *open)
{
	bool quoted = false;
	size_t len;

	while (isspace((unsigned char)**line))
		(*line)++;
	for (len = 0; (*line)[len]; len++) {
		if (isspace((unsigned char)(*line)[len]) && !quoted)
			break;
		if ((*line)[len] == '"')
			quoted = !quoted;
	}
	*open = quoted;
	return len;
}

/* How much of a line is for the kernel: what is behind a -- is for init */
size_t cmdline_kernel_part(const char *line)
{
	const char *at = line;
	size_t len;
	bool open;

	for (; (len = next_param(&at, &open)); at += len) {
		if (len == 2 && !strncmp(at, "--", 2))
			break;
	}
	return at - line;
}

/* Is it NAME=, perhaps with a quote before it? */
static bool is_param(const char *param, const char *name)
{
	param += *param == '"';
	return !strncmp(param, name, strlen(name)) &&
	       param[strlen(name)] == '=';
}

/*
 * What belongs to one boot, and is worth nothing, or harm, in the next: pram= of an
 * earlier kernel, what the boot loader says of the files it has loaded, and what
 * kexec adds for the kernel that it starts.
 */
static bool is_stale(const char *param)
{
	static const char * const stale[] = {
		"pram", "BOOT_IMAGE", "initrd", "kexec_jump_back_entry",
		"elfcorehdr",
	};
	size_t i;

	for (i = 0; i < sizeof(stale) / sizeof(*stale); i++) {
		if (is_param(param, stale[i]))
			return true;
	}
	return false;
}

static void add(FILE *out, const char *param, size_t len)
{
	if (ftell(out))
		fputc(' ', out);
	fwrite(param, len, 1, out);
}

/**
 * cmdline_clean - take out of a command line what is stale
 * @line: the command line
 * @pram: the value of pram= to be added; NULL: none
 * @clean: returns the new one
 *
 * Return: NULL; or what is wrong with the line, and there is no new one.
 */
const char *cmdline_clean(const char *line, const char *pram, char **clean)
{
	bool for_init = false, open = false;
	char *buf = NULL, *value = NULL;
	size_t room, len;
	FILE *out = open_memstream(&buf, &room);

	if (!out)
		exit(fail("out of memory"));
	if (pram)
		value = xformat("pram=%s", pram);
	for (; (len = next_param(&line, &open)) && !open; line += len) {
		/* What is behind is for init, and no parameter of the kernel */
		if (!for_init && len == 2 && !strncmp(line, "--", 2)) {
			for_init = true;
			if (value)
				add(out, value, strlen(value));
		}
		if (for_init || !is_stale(line))
			add(out, line, len);
	}
	if (value && !for_init)
		add(out, value, strlen(value));
	free(value);
	if (fclose(out))
		exit(fail("out of memory"));
	if (open) {
		free(buf);
		return "a quote is not closed, and what is behind it would not be read";
	}
	*clean = buf;
	return NULL;
}

/* Does the last pram= say so? */
bool cmdline_says_off(const char *line)
{
	bool off = false, open;
	size_t len;

	for (; (len = next_param(&line, &open)); line += len) {
		if (len == 2 && !strncmp(line, "--", 2))
			break;
		if (is_param(line, "pram"))
			off = (len == 8 && !strncmp(line, "pram=off", 8)) ||
			      (len == 10 && (!strncmp(line, "\"pram=off\"", 10) ||
					     !strncmp(line, "pram=\"off\"", 10)));
	}
	return off;
}
