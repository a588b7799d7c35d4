// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl check
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

static int write_check(void *arg)
{
	(void)arg;
	return pram_write("check", "1");
}

/*
 * Would the kernel refuse a kexec into the image that is loaded? Returns 0 or an
 * errno, and the verdict in words.
 */
int run_check(char **verdict)
{
	static const char busy[] =
		"an image is being loaded, or a kexec or check is under way: try again";
	int err = with_progress(write_check, NULL, NULL);

	*verdict = pram_read("check");
	if (!err && *verdict)
		return 0;
	if (*verdict && !strcmp(*verdict, "refused: no image is loaded")) {
		free(*verdict);
		*verdict = xstrdup("refused: no image is loaded: use 'pramctl load'");
	} else if (!*verdict || strncmp(*verdict, "refused: ", 9)) {
		/* It did not come to a verdict */
		free(*verdict);
		*verdict = xformat("refused: %s", err == EBUSY ? busy : why(err));
	}
	return err ? err : EIO;
}

int cmd_check(int argc, char **argv)
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
