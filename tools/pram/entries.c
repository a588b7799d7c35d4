// SPDX-License-Identifier: GPL-2.0
/*
 * Kernels that have an entry of the boot loader, as kernel-install(8) makes them: see
 * https://uapi-group.org/specifications/specs/boot_loader_specification/
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pramctl.h"

#define ENTRY_MAX	65536

/* Where partitions with entries are mounted */
static const char * const places[] = { "/boot", "/efi", "/boot/efi" };

static char *keep(char *old, const char *value)
{
	free(old);
	return xstrdup(value);
}

/* A path in an entry begins at the root of the partition, which /boot may not be */
static char *find_file(const char *place, const char *name)
{
	char *path;

	name += strspn(name, "/");
	path = path_of("%s/%s", place, name);
	if (!access(path, R_OK))
		return path;
	free(path);
	path = path_of("/%s", name);
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

void entry_free(struct boot_entry *entry)
{
	free(entry->path);
	free(entry->version);
	free(entry->kernel);
	free(entry->initrd);
	memset(entry, 0, sizeof(*entry));
}

static bool of_another_machine(const char *id)
{
	char *own = path_read(4096, "/etc/machine-id");
	bool ret;

	ret = own && strncmp(own, id, strlen(id));
	free(own);
	return ret;
}

/* Returns whether it is the entry of a kernel that is there */
static bool entry_read(const char *place, const char *name,
		       struct boot_entry *entry)
{
	char *path = path_of("%s/loader/entries/%s", place, name);
	char *text = read_file(path, ENTRY_MAX), *rest = text, *line, *key;
	bool other = false;

	*entry = (struct boot_entry){ .path = path };
	while ((line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		key = strsep(&line, " \t");
		if (!line || *key == '#')
			continue;
		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		if (!strcmp(key, "version")) {
			entry->version = keep(entry->version, line);
		} else if (!strcmp(key, "machine-id")) {
			other = of_another_machine(line);
		} else if (!strcmp(key, "linux")) {
			free(entry->kernel);
			entry->kernel = find_file(place, line);
		} else if (!strcmp(key, "initrd")) {
			free(entry->initrd);
			entry->initrd = find_file(place, line);
			entry->nr_initrds++;
		}
	}
	free(text);
	return entry->version && entry->kernel && !other;
}

/*
 * The entry with the newest version. Returns whether there is one, to be freed with
 * entry_free().
 */
bool newest_entry(struct boot_entry *newest)
{
	struct boot_entry entry;
	struct dirent *file;
	size_t i;

	memset(newest, 0, sizeof(*newest));
	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		DIR *dir = path_opendir("%s/loader/entries", places[i]);

		while (dir && (file = readdir(dir))) {
			if (!ends_with(file->d_name, ".conf"))
				continue;
			if (entry_read(places[i], file->d_name, &entry) &&
			    (!newest->kernel ||
			     compare_releases(entry.version, newest->version) > 0)) {
				entry_free(newest);
				*newest = entry;
			} else {
				entry_free(&entry);
			}
		}
		if (dir)
			closedir(dir);
	}
	return newest->kernel;
}

/*
 * The path of a unified kernel image, which kexec-tools cannot load; NULL: there is
 * none
 */
char *unified_image(void)
{
	char *found = NULL;
	struct dirent *file;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places) && !found; i++) {
		DIR *dir = path_opendir("%s/EFI/Linux", places[i]);

		while (dir && !found && (file = readdir(dir))) {
			if (ends_with(file->d_name, ".efi"))
				found = path_of("%s/EFI/Linux/%s", places[i],
						file->d_name);
		}
		if (dir)
			closedir(dir);
	}
	return found;
}
