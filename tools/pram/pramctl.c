// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl: what is preserved over a kexec, and the kexec itself.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *args;
	const char *what;
} commands[] = {
	{ "list", cmd_list, "[--json]",
	  "what is preserved, and where it is mounted" },
	{ "show", cmd_show, "NAME", "all that is known of one" },
	{ "mount", cmd_mount, "NAME DIR [--must-exist] [-o OPTIONS]",
	  "mount a tree: what is there, or a new one" },
	{ "discard", cmd_discard, "NAME | --all", "lose it, and free its memory" },
	{ "load", cmd_load,
	  "[KERNEL] [--initrd FILE | --no-initrd] [--append LINE] [--reuse-cmdline] [-s | -c]",
	  "load the next kernel; without KERNEL the newest in /boot" },
	{ "check", cmd_check, "", "would a kexec be refused, and why?" },
	{ "kexec", cmd_kexec, "", "check, and start what is loaded" },
	{ "put", cmd_put, "NAME [--once] [--wipe] < FILE",
	  "keep a small value" },
	{ "get", cmd_get, "NAME > FILE", "print it, and discard it after --once" },
	{ "log", cmd_log, "", "what this kernel found, and the previous one lost" },
	{ "dump", cmd_dump, "NAME [--entries]",
	  "decode the description of what is kept, for reports" },
	{ "version", cmd_version, "", "the version of pramctl" },
	{ "help", cmd_help, "", "this" },
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(*commands))

static int cmd_help(int argc, char **argv)
{
	size_t i;

	(void)argc;
	(void)argv;
	puts("usage: pramctl COMMAND ...\n");
	for (i = 0; i < NR_COMMANDS; i++)
		printf("  %s%s%s\n      %s\n", commands[i].name,
		       *commands[i].args ? " " : "", commands[i].args,
		       commands[i].what);
	puts("\nSee pramctl(8).");
	return ST_OK;
}

static int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("pramctl " PRAMCTL_VERSION);
	return ST_OK;
}

/* What was printed must have gone somewhere */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		fputs("pramctl: the output cannot be written\n", stderr);
		return status ? status : ST_FAILED;
	}
	return status;
}

int main(int argc, char **argv)
{
	size_t i;

	/* Errors in usage are said in a line of our own */
	opterr = 0;
	if (argc < 2) {
		fputs("pramctl: a command is missing: see 'pramctl --help'\n",
		      stderr);
		return ST_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return finish(cmd_help(argc, argv));
	if (!strcmp(argv[1], "--version"))
		return finish(cmd_version(argc, argv));
	for (i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(argv[1], commands[i].name))
			return finish(commands[i].run(argc - 1, argv + 1));
	}
	fprintf(stderr, "pramctl: there is no command '%s': see 'pramctl --help'\n",
		argv[1]);
	return ST_USAGE;
}
