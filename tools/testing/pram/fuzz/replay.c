// SPDX-License-Identifier: GPL-2.0
/*
 * A fuzz target without libFuzzer: run it over the inputs that are kept, which
 * takes no more than a compiler.
 *
 *	replay FILE...		run all inputs of these files
 *	replay -x DIR FILE...	write each into a file of its own in DIR
 *	replay -p INPUT...	print inputs in the form in which they are kept
 *
 * They are kept as text, one a line, in hexadecimal. A line "= TEXT" before an input
 * says that the kernel has to log TEXT. Without it an input that was made for a check
 * would go on to pass when it does not reach that check any more.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static size_t unhex(char *line, ssize_t len, uint8_t *data)
{
	ssize_t i;

	while (len && strchr("\r\n", line[len - 1]))
		len--;
	for (i = 0; i + 1 < len; i += 2) {
		char byte[3] = { line[i], line[i + 1] }, *end;

		data[i / 2] = strtoul(byte, &end, 16);
		if (*end)
			break;
	}
	if (i != len) {
		errno = EINVAL;
		die(line);
	}
	return len / 2;
}

static void write_input(const char *dir, unsigned int nr, const uint8_t *data,
			size_t size)
{
	char name[4096];
	FILE *file;

	snprintf(name, sizeof(name), "%s/%04u", dir, nr);
	file = fopen(name, "w");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file))
		die(name);
}

static unsigned int nr_failed;

static void run(const char *name, unsigned int nr_line, const char *want,
		const uint8_t *data, size_t size)
{
	if (!want) {
		LLVMFuzzerTestOneInput(data, size);
		return;
	}
	sim_clear_log();
	LLVMFuzzerTestOneInput(data, size);
	if (!sim_logged(want)) {
		fprintf(stderr, "%s:%u: not in the log: %s\n", name, nr_line, want);
		nr_failed++;
	}
}

static unsigned int take_file(const char *name, const char *dir,
			      unsigned int nr)
{
	FILE *file = fopen(name, "r");
	char *line = NULL, *want = NULL;
	unsigned int nr_line = 0;
	size_t room = 0;
	ssize_t len;

	if (!file)
		die(name);
	while ((len = getline(&line, &room, file)) > 0) {
		uint8_t *data;
		size_t size;

		nr_line++;
		if (*line == '#')
			continue;
		if (!strncmp(line, "= ", 2)) {
			free(want);
			want = strdup(line + 2);
			want[strcspn(want, "\r\n")] = 0;
			continue;
		}
		/* Just as large as it is, for the sanitizer to see its end */
		data = malloc(len / 2 + 1);
		size = unhex(line, len, data);
		data = realloc(data, size ? size : 1);
		if (dir)
			write_input(dir, nr, data, size);
		else
			run(name, nr_line, want, data, size);
		free(data);
		free(want);
		want = NULL;
		nr++;
	}
	free(line);
	fclose(file);
	return nr;
}

static void print_input(const char *name)
{
	FILE *file = fopen(name, "r");
	int c;

	if (!file)
		die(name);
	while ((c = getc(file)) != EOF)
		printf("%02x", c);
	putchar('\n');
	fclose(file);
}

int main(int argc, char **argv)
{
	const char *dir = NULL;
	unsigned int nr = 0;
	bool print = false;
	int opt;

	while ((opt = getopt(argc, argv, "px:")) != -1) {
		if (opt == 'p')
			print = true;
		else if (opt == 'x')
			dir = optarg;
		else
			return 2;
	}
	for (; optind < argc; optind++) {
		if (print)
			print_input(argv[optind]);
		else
			nr = take_file(argv[optind], dir, nr);
	}
	if (!print && !dir) {
		if (nr_failed)
			return 1;
		printf("%u inputs, nothing found\n", nr);
		return !nr;
	}
	return 0;
}
