// SPDX-License-Identifier: GPL-2.0
/*
 * Where trees are mounted, in this mount namespace and in others.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "pramctl.h"

/* Namespaces that have been looked at, as readlink(2) shows them */
struct seen {
	char **ns;
	size_t nr;
};

/* The value of pram= in options, in place, unescaped; NULL: there is none */
static char *pram_option(char *options)
{
	char *option;

	while ((option = strsep(&options, ","))) {
		if (!strncmp(option, "pram=", 5)) {
			/* A comma of the name is escaped */
			unescape(option + 5);
			return option + 5;
		}
	}
	return NULL;
}

/*
 * Is a line of mountinfo about a tree? It is taken apart in place:
 *
 *	36 35 0:32 / /srv rw,noatime shared:1 - tmpfs cache rw,pram=cache
 */
bool mountinfo_line(char *line, char **name, char **dir)
{
	char *rest = strstr(line, " - "), *field = NULL, *super;
	unsigned int i;

	if (!rest)
		return false;
	*rest = '\0';
	rest += 3;
	for (i = 0; i < 5; i++) {
		field = strsep(&line, " ");
		if (!field)
			return false;
	}
	if (strncmp(rest, "tmpfs ", 6))
		return false;
	/* The last field; the source has its blanks escaped, if it is not empty */
	super = strrchr(rest, ' ') + 1;
	*name = pram_option(super);
	if (!*name)
		return false;
	unescape(field);
	*dir = field;
	return true;
}

static void add_mount(struct mounts *mounts, const char *name, const char *dir,
		      long pid)
{
	struct mount_at *at;

	mounts->at = grow(mounts->at, mounts->nr, sizeof(*mounts->at));
	at = &mounts->at[mounts->nr++];
	at->name = xstrdup(name);
	at->dir = xstrdup(dir);
	at->pid = pid;
}

/* @pid: 0: this process */
static void read_mountinfo(struct mounts *mounts, long pid)
{
	char *path = pid ? path_of("/proc/%ld/mountinfo", pid) :
			   path_of("/proc/self/mountinfo");
	char *line = NULL, *name, *dir;
	FILE *in = fopen(path, "re");
	size_t room = 0;
	ssize_t len;

	free(path);
	if (!in)
		return;
	while ((len = getline(&line, &room, in)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (mountinfo_line(line, &name, &dir))
			add_mount(mounts, name, dir, pid);
	}
	free(line);
	fclose(in);
}

/* Is the namespace of a process one that has not been looked at? */
static bool new_namespace(struct seen *seen, const char *pid)
{
	char *path = path_of("/proc/%s/ns/mnt", pid), ns[64];
	ssize_t len = readlink(path, ns, sizeof(ns) - 1);
	size_t i;

	free(path);
	/* It may have ended, and others can be looked at by root only */
	if (len < 0)
		return false;
	ns[len] = '\0';
	for (i = 0; i < seen->nr; i++) {
		if (!strcmp(seen->ns[i], ns))
			return false;
	}
	seen->ns = grow(seen->ns, seen->nr, sizeof(*seen->ns));
	seen->ns[seen->nr++] = xstrdup(ns);
	return true;
}

void mounts_read(struct mounts *mounts)
{
	struct seen seen = {};
	struct dirent *entry;
	char *end;
	DIR *dir;
	long pid;

	memset(mounts, 0, sizeof(*mounts));
	new_namespace(&seen, "self");
	read_mountinfo(mounts, 0);

	dir = path_opendir("/proc");
	while (dir && (entry = readdir(dir))) {
		pid = strtol(entry->d_name, &end, 10);
		if (pid > 0 && !*end && new_namespace(&seen, entry->d_name))
			read_mountinfo(mounts, pid);
	}
	if (dir)
		closedir(dir);
	while (seen.nr)
		free(seen.ns[--seen.nr]);
	free(seen.ns);
}

void mounts_free(struct mounts *mounts)
{
	while (mounts->nr) {
		struct mount_at *at = &mounts->at[--mounts->nr];

		free(at->name);
		free(at->dir);
	}
	free(mounts->at);
	mounts->at = NULL;
}
