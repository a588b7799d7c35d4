// SPDX-License-Identifier: GPL-2.0
/*
 * Mounting trees: with fsconfig(2), which says in words why it fails, and to which
 * a comma is part of a name.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pramctl.h"

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW	0x00200000
#endif

/* What belongs to a mount, and not to the tree */
static const struct {
	const char *name;
	unsigned int clear;
	unsigned int set;
} mount_attrs[] = {
	{ "rw", MOUNT_ATTR_RDONLY, 0 },
	{ "ro", 0, MOUNT_ATTR_RDONLY },
	{ "suid", MOUNT_ATTR_NOSUID, 0 },
	{ "nosuid", 0, MOUNT_ATTR_NOSUID },
	{ "dev", MOUNT_ATTR_NODEV, 0 },
	{ "nodev", 0, MOUNT_ATTR_NODEV },
	{ "exec", MOUNT_ATTR_NOEXEC, 0 },
	{ "noexec", 0, MOUNT_ATTR_NOEXEC },
	{ "relatime", MOUNT_ATTR__ATIME, MOUNT_ATTR_RELATIME },
	{ "noatime", MOUNT_ATTR__ATIME, MOUNT_ATTR_NOATIME },
	{ "strictatime", MOUNT_ATTR__ATIME, MOUNT_ATTR_STRICTATIME },
	{ "diratime", MOUNT_ATTR_NODIRATIME, 0 },
	{ "nodiratime", 0, MOUNT_ATTR_NODIRATIME },
	{ "symfollow", MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "nosymfollow", 0, MOUNT_ATTR_NOSYMFOLLOW },
	{ "defaults", 0, 0 },
};

/* For other programs: /etc/fstab may have them */
static bool for_others(const char *option)
{
	return !strncmp(option, "x-", 2) || !strcmp(option, "nofail") ||
	       !strcmp(option, "auto") || !strcmp(option, "noauto") ||
	       !strcmp(option, "_netdev");
}

static void set_option(struct mount_options *options, const char *option)
{
	size_t i;

	for (i = 0; i < sizeof(mount_attrs) / sizeof(*mount_attrs); i++) {
		if (strcmp(option, mount_attrs[i].name))
			continue;
		options->attr &= ~mount_attrs[i].clear;
		options->attr |= mount_attrs[i].set;
		/* A tree that is read-only is so in all its mounts */
		if (strcmp(option, "ro") && strcmp(option, "rw"))
			return;
	}
	if (for_others(option) || !strcmp(option, "defaults"))
		return;
	options->set = grow(options->set, options->nr, sizeof(*options->set));
	options->set[options->nr++] = xstrdup(option);
}

/* The end of an option: a comma, but not that in mpol=bind:0,2 */
static size_t option_len(const char *text)
{
	size_t len = strcspn(text, ",");

	if (strncmp(text, "mpol=", 5))
		return len;
	while (text[len] == ',' && isdigit((unsigned char)text[len + 1]))
		len += 1 + strcspn(text + len + 1, ",");
	return len;
}

/* @text: as for mount -o. Returns a status, after it has said why. */
int parse_options(const char *text, struct mount_options *options)
{
	static const char * const not[] = {
		"remount", "bind", "rbind", "move",
	};
	size_t len, i;
	char *option;

	for (; *text; text += len + (text[len] == ',')) {
		len = option_len(text);
		if (!len)
			continue;
		option = xformat("%.*s", (int)len, text);
		for (i = 0; i < sizeof(not) / sizeof(*not); i++) {
			if (!strcmp(option, not[i])) {
				free(option);
				return usage_error("mount", "use mount(8) for -o %s",
						   not[i]);
			}
		}
		if (!strncmp(option, "pram=", 5)) {
			free(option);
			return usage_error("mount", "the name goes before the directory, without pram=");
		}
		set_option(options, option);
		free(option);
	}
	return ST_OK;
}

void free_options(struct mount_options *options)
{
	while (options->nr)
		free(options->set[--options->nr]);
	free(options->set);
	options->set = NULL;
}

static int fs_set(int fs, const char *key, const char *value)
{
	return syscall(SYS_fsconfig, fs, value ? FSCONFIG_SET_STRING :
		       FSCONFIG_SET_FLAG, key, value, 0) ? errno : 0;
}

static int fs_set_option(int fs, const char *option)
{
	char *key = xstrdup(option), *value = key;
	int err;

	strsep(&value, "=");
	err = fs_set(fs, key, value);
	free(key);
	return err;
}

static int fs_create(void *arg)
{
	return syscall(SYS_fsconfig, *(int *)arg, FSCONFIG_CMD_CREATE, NULL,
		       NULL, 0) ? errno : 0;
}

/* Whether the file system has said why */
static bool fs_complain(int fs, const char *name)
{
	char line[1024];
	bool said = false;
	ssize_t len;

	while ((len = read(fs, line, sizeof(line) - 1)) > 0) {
		line[len] = '\0';
		line[strcspn(line, "\n")] = '\0';
		/* "e " is an error */
		if (line[0] != 'e' || line[1] != ' ')
			continue;
		complain("'%s' cannot be mounted: %s", name, line + 2);
		said = true;
	}
	return said;
}

static int fs_failed(int fs, int kmsg, const char *name, int err)
{
	bool said;

	/* What has no line has its reason in the errno */
	if (err == ENOENT) {
		complain("there is no '%s': 'pramctl list' shows what there is",
			 name);
		return ST_NO_NAME;
	}
	said = fs_complain(fs, name);
	said |= kmsg_print(kmsg, stderr, "pramctl: ");
	if (!said)
		complain("'%s' cannot be mounted: %s", name, why(err));
	return ST_FAILED;
}

/**
 * tree_mount - mount a tree nowhere
 * @name: its name
 * @options: what else is to be said
 * @flags: TREE_*
 * @fd: returns the root directory; the mount goes when that is closed, unless
 *	tree_attach() has put it somewhere
 *
 * Return: a status, after it has said why.
 */
int tree_mount(const char *name, const struct mount_options *options,
	       unsigned int flags, int *fd)
{
	unsigned int attr = options->attr;
	int fs, kmsg, err, status;
	size_t i;

	fs = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	if (fs < 0)
		return fail("'%s' cannot be mounted: %s", name, why(errno));
	kmsg = kmsg_open(true);
	err = fs_set(fs, "source", name);
	if (!err)
		err = fs_set(fs, "pram", name);
	if (!err && flags & TREE_MUST_EXIST)
		err = fs_set(fs, "pram_must_exist", NULL);
	for (i = 0; !err && i < options->nr; i++)
		err = fs_set_option(fs, options->set[i]);
	if (!err)
		err = with_progress(fs_create, &fs, name);
	status = err ? fs_failed(fs, kmsg, name, err) : ST_OK;
	if (!status) {
		if (flags & TREE_RDONLY)
			attr |= MOUNT_ATTR_RDONLY;
		*fd = syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attr);
		if (*fd < 0)
			status = fail("'%s' cannot be mounted: %s", name,
				      why(errno));
	}
	if (kmsg >= 0)
		close(kmsg);
	close(fs);
	return status;
}

/* Returns 0 or an errno */
int tree_attach(int fd, const char *dir)
{
	return syscall(SYS_move_mount, fd, "", AT_FDCWD, dir,
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS |
		       MOVE_MOUNT_T_AUTOMOUNTS) ? errno : 0;
}
