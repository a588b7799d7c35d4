// SPDX-License-Identifier: GPL-2.0
/*
 * What is preserved, as sysfs shows it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

/*
 * All reasons for which the last check has failed, one a line; NULL: none is known.
 * Kernels before there was check_reasons have the first one only.
 */
char *reasons_read(void)
{
	char *reasons = pram_read("check_reasons"), *verdict;

	if (!reasons) {
		verdict = pram_read("check");
		if (verdict && !strncmp(verdict, "refused: ", 9))
			reasons = xstrdup(verdict + 9);
		free(verdict);
	}
	if (reasons && !*reasons) {
		free(reasons);
		return NULL;
	}
	return reasons;
}

/* Does a reason speak of this node? */
bool reason_names(const char *reason, const char *name)
{
	static const char * const before[] = { "node '", "tmpfs '" };
	size_t len = strlen(name), i;
	const char *at;

	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		at = strstr(reason, before[i]);
		if (!at)
			continue;
		at += strlen(before[i]);
		/* A name may have a quote: not one that begins alike */
		if (!strncmp(at, name, len) && at[len] == '\'' &&
		    (!at[len + 1] || strchr(" :,", at[len + 1])))
			return true;
	}
	return false;
}

static char *why_refused(const char *state, const char *name,
			 const char *reasons)
{
	char *copy, *rest, *line, *found = NULL;

	if (!strcmp(state, "writing"))
		return xstrdup("it is being written by kernel code: wait for that");
	if (!strcmp(state, "dying"))
		return xstrdup("it is being discarded: wait for that");
	if (!reasons)
		return NULL;
	copy = xstrdup(reasons);
	rest = copy;
	while (!found && (line = strsep(&rest, "\n"))) {
		if (reason_names(line, name))
			found = xstrdup(line);
	}
	free(copy);
	return found;
}

/*
 * @reasons: of the last check; NULL: none is known. Returns whether the node is
 * there.
 */
bool node_read(const char *name, const char *reasons, struct node *node)
{
	memset(node, 0, sizeof(*node));
	node->state = pram_read("nodes/%s/state", name);
	if (!node->state)
		return false;
	node->name = xstrdup(name);
	node->csum = pram_read("nodes/%s/csum", name);
	node->pages = pram_number("nodes/%s/pages", name);
	node->bytes = pram_number("nodes/%s/bytes", name);
	node->inodes = pram_number("nodes/%s/inodes", name);
	node->swapped = pram_number("nodes/%s/swapped", name);
	node->generation = pram_number("nodes/%s/generation", name);
	node->lost_pages = pram_number("nodes/%s/lost_pages", name);
	node->refused = why_refused(node->state, name, reasons);
	return true;
}

void node_free(struct node *node)
{
	free(node->name);
	free(node->state);
	free(node->csum);
	free(node->refused);
}

static int compare_nodes(const void *a, const void *b)
{
	return strcmp(((const struct node *)a)->name,
		      ((const struct node *)b)->name);
}

/* Sorted by name. Returns 0 or an errno. */
int nodes_read(struct nodes *nodes)
{
	DIR *dir = path_opendir("%s/nodes", PRAM_DIR);
	struct dirent *entry;

	memset(nodes, 0, sizeof(*nodes));
	if (!dir)
		return errno;
	nodes->reasons = reasons_read();
	while ((entry = readdir(dir))) {
		if (!name_valid(entry->d_name))
			continue;
		nodes->node = grow(nodes->node, nodes->nr,
				   sizeof(*nodes->node));
		/* One that goes meanwhile is none */
		if (node_read(entry->d_name, nodes->reasons,
			      &nodes->node[nodes->nr]))
			nodes->nr++;
	}
	closedir(dir);
	if (nodes->nr)
		qsort(nodes->node, nodes->nr, sizeof(*nodes->node),
		      compare_nodes);
	return 0;
}

void nodes_free(struct nodes *nodes)
{
	while (nodes->nr)
		node_free(&nodes->node[--nodes->nr]);
	free(nodes->node);
	free(nodes->reasons);
	memset(nodes, 0, sizeof(*nodes));
}
