// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl mount
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pramctl.h"

/* So that a name with a mistake in it does not go unnoticed */
static const char *what_was(const char *name)
{
	char *state = pram_read("nodes/%s/state", name);
	const char *what = "new and empty";

	if (state && !strcmp(state, "kept"))
		what = "restored";
	else if (state)
		what = "the one that was there";
	free(state);
	return what;
}

static int mount_tree(const char *name, const char *dir,
		      const struct mount_options *options, unsigned int flags)
{
	const char *what;
	struct stat st;
	int fd, err;

	/* Else there would be a new tree that is mounted nowhere */
	if (stat(dir, &st))
		return fail("%s: %s", dir, errno == ENOENT ?
			    "there is no such directory: make it" :
			    strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return fail("%s: not a directory", dir);
	what = what_was(name);
	err = tree_mount(name, options, flags, &fd);
	if (err)
		return err;
	err = tree_attach(fd, dir);
	close(fd);
	if (err)
		return fail("'%s' cannot be mounted on %s: %s", name, dir,
			    why(err));
	printf("'%s' is mounted on %s: %s\n", name, dir, what);
	return ST_OK;
}

int cmd_mount(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "options", required_argument, NULL, 'o' },
		{ "must-exist", no_argument, NULL, 'm' },
		{}
	};
	struct mount_options options = {};
	unsigned int flags = 0;
	int opt, status = ST_OK;

	while (!status && (opt = getopt_long(argc, argv, "o:", long_options,
					     NULL)) != -1) {
		if (opt == 'o')
			status = parse_options(optarg, &options);
		else if (opt == 'm')
			flags |= TREE_MUST_EXIST;
		else
			status = usage_error(argv[0], "there is no such option, or it takes a value");
	}
	if (!status && argc - optind != 2)
		status = usage_error(argv[0], "it takes a name and a directory");
	if (!status)
		status = need_pram();
	if (!status && !name_valid(argv[optind]))
		status = need_node(argv[optind]);
	if (!status)
		status = mount_tree(argv[optind], argv[optind + 1], &options,
				    flags);
	free_options(&options);
	return status;
}
