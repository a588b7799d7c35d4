// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl list, pramctl show
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

#define PAGE_BYTES	4096

/* Of the output of --json: changes when a member goes or means something else */
#define JSON_FORMAT	1

static void text_mounts(const struct node *node, const struct mounts *mounts)
{
	bool first = true;
	size_t i;

	for (i = 0; i < mounts->nr; i++) {
		const struct mount_at *at = &mounts->at[i];

		if (strcmp(at->name, node->name))
			continue;
		if (!first)
			putchar(',');
		if (at->pid)
			printf("%ld:", at->pid);
		escape(stdout, at->dir);
		first = false;
	}
	if (first)
		putchar('-');
}

static void text_nodes(const struct nodes *nodes, const struct mounts *mounts)
{
	int width = 4;
	size_t i;

	for (i = 0; i < nodes->nr; i++) {
		char *name = escaped(nodes->node[i].name);

		width = (int)strlen(name) > width ? (int)strlen(name) : width;
		free(name);
	}
	printf("%-*s %-8s %6s %10s %8s %4s %s\n", width, "NAME", "STATE",
	       "SIZE", "PAGES", "INODES", "GEN", "MOUNTED");
	for (i = 0; i < nodes->nr; i++) {
		const struct node *node = &nodes->node[i];
		char *size = in_units(node->pages * PAGE_BYTES);
		char *name = escaped(node->name);

		printf("%-*s %-8s %6s %10" PRIu64 " %8" PRIu64 " %4" PRIu64 " ",
		       width, name, node->state, size, node->pages,
		       node->inodes, node->generation);
		text_mounts(node, mounts);
		putchar('\n');
		free(name);
		free(size);
	}
}

static bool names_any(const char *reason, const struct nodes *nodes)
{
	size_t i;

	for (i = 0; i < nodes->nr; i++) {
		if (reason_names(reason, nodes->node[i].name))
			return true;
	}
	return false;
}

/* What is in the way, one line each: nodes, and what else the last check has found */
static void text_refused(const struct nodes *nodes)
{
	char *copy, *rest, *line;
	size_t i;

	for (i = 0; i < nodes->nr; i++) {
		if (!nodes->node[i].refused)
			continue;
		fputs("refused: ", stdout);
		escape(stdout, nodes->node[i].name);
		printf(": %s\n", nodes->node[i].refused);
	}
	if (!nodes->reasons)
		return;
	copy = xstrdup(nodes->reasons);
	rest = copy;
	while ((line = strsep(&rest, "\n"))) {
		if (!names_any(line, nodes))
			printf("refused: %s\n", line);
	}
	free(copy);
}

static void json_member(const char *key, const char *value)
{
	printf("\"%s\":", key);
	if (value)
		json_string(stdout, value);
	else
		fputs("null", stdout);
}

static void json_mounts(const struct node *node, const struct mounts *mounts)
{
	const char *comma = "";
	size_t i;

	fputs("\"mounts\":[", stdout);
	for (i = 0; i < mounts->nr; i++) {
		const struct mount_at *at = &mounts->at[i];

		if (strcmp(at->name, node->name))
			continue;
		printf("%s{", comma);
		json_member("path", at->dir);
		if (at->pid)
			printf(",\"pid\":%ld}", at->pid);
		else
			fputs(",\"pid\":null}", stdout);
		comma = ",";
	}
	putchar(']');
}

static void json_node(const struct node *node, const struct mounts *mounts)
{
	putchar('{');
	json_member("name", node->name);
	putchar(',');
	json_member("state", node->state);
	printf(",\"size\":%" PRIu64 ",\"pages\":%" PRIu64 ",\"bytes\":%" PRIu64,
	       node->pages * PAGE_BYTES, node->pages, node->bytes);
	printf(",\"inodes\":%" PRIu64 ",\"swapped\":%" PRIu64, node->inodes,
	       node->swapped);
	printf(",\"generation\":%" PRIu64 ",\"lost_pages\":%" PRIu64 ",",
	       node->generation, node->lost_pages);
	json_member("csum", node->csum);
	putchar(',');
	json_member("refused", node->refused);
	putchar(',');
	json_mounts(node, mounts);
	putchar('}');
}

static void json_reasons(const char *reasons)
{
	char *copy = reasons ? xstrdup(reasons) : NULL, *rest = copy, *line;
	const char *comma = "";

	fputs(",\"reasons\":[", stdout);
	while ((line = strsep(&rest, "\n"))) {
		fputs(comma, stdout);
		json_string(stdout, line);
		comma = ",";
	}
	putchar(']');
	free(copy);
}

static void json_all(const struct nodes *nodes, const struct mounts *mounts)
{
	char *verdict = pram_read("check");
	size_t i;

	printf("{\"format\":%d,\"generation\":%" PRIu64 ",\"absent_pages\":%" PRIu64 ",",
	       JSON_FORMAT, pram_number("generation"), pram_number("absent_pages"));
	json_member("check", verdict && strcmp(verdict, "none") ? verdict : NULL);
	json_reasons(nodes->reasons);
	fputs(",\"nodes\":[", stdout);
	for (i = 0; i < nodes->nr; i++) {
		fputs(i ? ",\n" : "\n", stdout);
		json_node(&nodes->node[i], mounts);
	}
	puts("]}");
	free(verdict);
}

static void text_absent(void)
{
	uint64_t nr = pram_number("absent_pages");
	char *size = in_units(nr * PAGE_BYTES);

	if (nr)
		printf("%s are in no node: they wait for the driver of a balloon\n", size);
	free(size);
}

int cmd_list(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "names", no_argument, NULL, 'n' },
		{}
	};
	bool json = false, names = false;
	struct mounts mounts;
	struct nodes nodes;
	int opt, err;
	size_t i;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'j')
			json = true;
		else if (opt == 'n')
			names = true;
		else
			return usage_error(argv[0], "there is no such option");
	}
	if (optind < argc)
		return usage_error(argv[0], "it takes no name");
	err = need_pram();
	if (err)
		return err;
	err = nodes_read(&nodes);
	if (err)
		return fail("%s/nodes: %s", PRAM_DIR, why(err));
	if (names) {
		for (i = 0; i < nodes.nr; i++)
			puts(nodes.node[i].name);
		nodes_free(&nodes);
		return ST_OK;
	}
	mounts_read(&mounts);
	if (json) {
		json_all(&nodes, &mounts);
	} else {
		text_nodes(&nodes, &mounts);
		text_refused(&nodes);
		text_absent();
	}
	mounts_free(&mounts);
	nodes_free(&nodes);
	return ST_OK;
}

static void show_lost(const struct node *node)
{
	char *files, *rest, *line;

	if (!node->lost_pages)
		return;
	printf("lost pages:  %" PRIu64 ": these files read as errors there:\n",
	       node->lost_pages);
	files = pram_read("nodes/%s/lost_files", node->name);
	for (rest = files; rest && (line = strsep(&rest, "\n")); )
		printf("             %s\n", line);
	free(files);
}

static void show_mounts(const struct node *node)
{
	struct mounts mounts;
	size_t i;

	mounts_read(&mounts);
	for (i = 0; i < mounts.nr; i++) {
		const struct mount_at *at = &mounts.at[i];

		if (strcmp(at->name, node->name))
			continue;
		fputs("mounted on:  ", stdout);
		escape(stdout, at->dir);
		if (at->pid)
			printf(" (in the mount namespace of process %ld)", at->pid);
		putchar('\n');
	}
	mounts_free(&mounts);
}

int cmd_show(int argc, char **argv)
{
	struct node node;
	char *reasons, *size;
	bool there;
	int err;

	if (argc != 2)
		return usage_error(argv[0], "it takes one name");
	err = need_pram();
	if (!err)
		err = need_node(argv[1]);
	if (err)
		return err;
	reasons = reasons_read();
	there = node_read(argv[1], reasons, &node);
	free(reasons);
	if (!there) {
		complain("there is no '%s' any more", argv[1]);
		return ST_NO_NAME;
	}
	size = in_units(node.pages * PAGE_BYTES);
	printf("name:        %s\n", node.name);
	printf("state:       %s\n", node.state);
	printf("size:        %s (%" PRIu64 " pages, %" PRIu64 " of them in swap)\n",
	       size, node.pages, node.swapped);
	printf("inodes:      %" PRIu64 "\n", node.inodes);
	printf("byte stream: %" PRIu64 " bytes\n", node.bytes);
	printf("generation:  %" PRIu64 " (this kernel is of generation %" PRIu64 ")\n",
	       node.generation, pram_number("generation"));
	printf("checksums:   %s\n", node.csum && !strcmp(node.csum, "data") ?
	       "of metadata and data" : "of metadata");
	show_mounts(&node);
	show_lost(&node);
	if (node.refused)
		printf("refused:     %s\n", node.refused);
	free(size);
	node_free(&node);
	return ST_OK;
}
