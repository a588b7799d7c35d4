// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl check
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

static int write_check(void *arg)
{
	(void)arg;
	return pram_write("check", "1");
}

/* All reasons, where the kernel names more than one */
static char *all_reasons(char *verdict)
{
	char *reasons = reasons_read(), *rest = reasons, *all, *more, *line;

	if (!reasons)
		return verdict;
	all = xformat("refused: %s", strsep(&rest, "\n"));
	/* It is of the check before, or of another one */
	if (strcmp(all, verdict)) {
		free(reasons);
		free(all);
		return verdict;
	}
	while ((line = strsep(&rest, "\n"))) {
		more = xformat("%s\n%s%s", all, strncmp(line, "and ", 4) ?
			       "refused: " : "", line);
		free(all);
		all = more;
	}
	free(reasons);
	free(verdict);
	return all;
}

/*
 * Would the kernel refuse a kexec into the image that is loaded? Returns 0 or an
 * errno, and the verdict in words, a line for each reason.
 */
static int run_check(char **verdict)
{
	static const char busy[] =
		"an image is being loaded, or a kexec or check is under way: try again";
	int err = with_progress(write_check, NULL, NULL);

	*verdict = pram_read("check");
	if (!err && *verdict && !strncmp(*verdict, "ok: ", 4))
		return 0;
	if (*verdict && !strcmp(*verdict, "refused: no image is loaded")) {
		free(*verdict);
		*verdict = xstrdup("refused: no image is loaded: use 'pramctl load'");
	} else if (!*verdict || strncmp(*verdict, "refused: ", 9)) {
		/* It did not come to a verdict */
		free(*verdict);
		*verdict = xformat("refused: %s", err == EBUSY ? busy : why(err));
	} else {
		*verdict = all_reasons(*verdict);
	}
	return err ? err : EIO;
}

/* Where the kernel does not say, there is nothing to be said */
static void print_room(void)
{
	uint64_t moved = pram_number("check_moved");
	uint64_t room = pram_number("check_room");
	char *size;

	if (!room)
		return;
	size = in_units(moved * 4096);
	printf("will move: %s (%" PRIu64 " pages)\n", size, moved);
	free(size);
	size = in_units(room * 4096);
	printf("room for the next kernel: %s\n", size);
	free(size);
}

/*
 * What check and kexec begin with: they take no arguments, and show the verdict.
 * Returns an exit status; ST_FAILED: a kexec is refused.
 */
int show_verdict(int argc, char **argv)
{
	char *verdict;
	int err;

	if (argc != 1)
		return usage_error(argv[0], "it takes no arguments");
	err = need_pram();
	if (err)
		return err;
	err = run_check(&verdict);
	puts(verdict);
	free(verdict);
	return err ? ST_FAILED : ST_OK;
}

int cmd_check(int argc, char **argv)
{
	int status = show_verdict(argc, argv);

	if (status == ST_OK)
		print_room();
	return status;
}
