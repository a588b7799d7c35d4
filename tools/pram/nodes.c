// SPDX-License-Identifier: GPL-2.0
/*
 * What is preserved, as sysfs shows it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

/* Does the verdict of a check speak of this node? */
bool verdict_names(const char *verdict, const char *name)
{
	static const char * const before[] = { "node '", "tmpfs '" };
	size_t len = strlen(name), i;
	const char *at;

	if (!verdict || strncmp(verdict, "refused: ", 9))
		return false;
	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		at = strstr(verdict, before[i]);
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
			 const char *verdict)
{
	if (!strcmp(state, "writing"))
		return xstrdup("it is being written by kernel code: wait for that");
	if (!strcmp(state, "dying"))
		return xstrdup("it is being discarded: wait for that");
	if (verdict_names(verdict, name))
		return xstrdup(verdict + strlen("refused: "));
	return NULL;
}

/*
 * @verdict: of the last check; NULL: it is not known. Returns whether the node is
 * there.
 */
bool node_read(const char *name, const char *verdict, struct node *node)
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
	node->refused = why_refused(node->state, name, verdict);
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
	char *path = path_of("%s/nodes", PRAM_DIR), *verdict;
	DIR *dir = opendir(path);
	struct dirent *entry;

	memset(nodes, 0, sizeof(*nodes));
	free(path);
	if (!dir)
		return errno;
	verdict = pram_read("check");
	while ((entry = readdir(dir))) {
		if (!name_valid(entry->d_name))
			continue;
		nodes->node = grow(nodes->node, nodes->nr,
				   sizeof(*nodes->node));
		/* One that goes meanwhile is none */
		if (node_read(entry->d_name, verdict, &nodes->node[nodes->nr]))
			nodes->nr++;
	}
	closedir(dir);
	free(verdict);
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
	nodes->node = NULL;
}
