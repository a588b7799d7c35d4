// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl discard
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

/* Who has it? */
static void complain_busy(const char *name)
{
	char *state = pram_read("nodes/%s/state", name);
	struct mounts mounts;
	bool found = false;
	size_t i;

	mounts_read(&mounts);
	for (i = 0; i < mounts.nr; i++) {
		const struct mount_at *at = &mounts.at[i];
		char *dir;

		if (strcmp(at->name, name))
			continue;
		found = true;
		dir = escaped(at->dir);
		if (at->pid)
			complain("'%s' stays: it is mounted on %s in the mount namespace of process %ld: 'nsenter -t %ld -m umount' it",
				 name, dir, at->pid, at->pid);
		else
			complain("'%s' stays: it is mounted on %s: unmount it",
				 name, dir);
		free(dir);
	}
	if (!found && state && !strcmp(state, "mounted"))
		complain("'%s' stays: it is in use, though not mounted where it can be seen: by open files after 'umount -l', a loop device, or an overlay: end what uses it",
			 name);
	else if (!found && state && (!strcmp(state, "writing") ||
				     !strcmp(state, "reading")))
		complain("'%s' stays: kernel code has it open: wait for that",
			 name);
	else if (!found)
		complain("'%s' stays: it is in use, or a kexec has begun: try again",
			 name);
	mounts_free(&mounts);
	free(state);
}

/* Returns 0 or an errno */
int discard_node(const char *name)
{
	return pram_write("discard", name);
}

static int discard_one(const char *name)
{
	int err = need_node(name);

	if (err)
		return err;
	err = discard_node(name);
	if (err == ENOENT) {
		complain("there is no '%s' any more", name);
		return ST_NO_NAME;
	}
	if (err == EBUSY)
		complain_busy(name);
	else if (err)
		complain("'%s' stays: %s", name, why(err));
	return err ? ST_FAILED : ST_OK;
}

/* One by one, as one that is in use is no reason to keep the others */
static int discard_all(void)
{
	size_t i, discarded = 0, stay = 0;
	struct nodes nodes;
	int err;

	err = nodes_read(&nodes);
	if (err)
		return fail("%s/nodes: %s", PRAM_DIR, why(err));
	for (i = 0; i < nodes.nr; i++) {
		const char *name = nodes.node[i].name;

		err = discard_node(name);
		if (err == EBUSY)
			complain_busy(name);
		else if (err && err != ENOENT)
			complain("'%s' stays: %s", name, why(err));
		stay += err && err != ENOENT;
		discarded += !err;
	}
	nodes_free(&nodes);
	if (stay)
		printf("%zu discarded, %zu stay\n", discarded, stay);
	else
		printf("%zu discarded\n", discarded);
	return stay ? ST_FAILED : ST_OK;
}

int cmd_discard(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{}
	};
	bool all = false;
	int opt, err;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt != 'a')
			return usage_error(argv[0], "there is no such option");
		all = true;
	}
	if (argc - optind != !all)
		return usage_error(argv[0], "it takes one name, or --all");
	err = need_pram();
	if (err)
		return err;
	return all ? discard_all() : discard_one(argv[optind]);
}
