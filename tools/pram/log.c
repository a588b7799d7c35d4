// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl log: what became of what the previous kernel has left.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pramctl.h"

/* Names, one a line, below a count */
static void print_names(const char *attr)
{
	char *names = pram_read("previous/%s", attr), *rest = names, *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		fputs("    ", stdout);
		escape(stdout, line);
		putchar('\n');
	}
	free(names);
}

/* Below their number */
static void print_nodes(void)
{
	struct nodes nodes;
	size_t i;

	if (nodes_read(&nodes))
		return;
	for (i = 0; i < nodes.nr; i++) {
		fputs("    ", stdout);
		escape(stdout, nodes.node[i].name);
		printf(" %s\n", nodes.node[i].state);
	}
	nodes_free(&nodes);
}

static void print_now(void)
{
	uint64_t generation = pram_number("generation");
	uint64_t dropped = pram_number("dropped");
	char *pages = pram_read("pages");

	if (generation)
		printf("What is preserved has survived %" PRIu64 " kexecs.\n",
		       generation);
	else
		puts("This kernel has taken nothing over: it was started by the firmware, or the log says why.");
	printf("There are %" PRIu64 " trees and other nodes", pram_number("nr_nodes"));
	/* That is for root */
	if (pages)
		printf(", of %" PRIu64 " pages", pram_number("pages"));
	puts(pram_number("nr_nodes") ? ":" : ".");
	free(pages);
	print_nodes();
	if (dropped)
		printf("This kernel could not use %" PRIu64 " of the previous one, and has dropped them: the log says why.\n",
		       dropped);
}

static void print_previous(void)
{
	uint64_t dropped = pram_number("previous/dropped");
	uint64_t discarded = pram_number("previous/discarded");
	uint64_t moved = pram_number("previous/moved");

	if (dropped) {
		printf("The previous kernel had dropped %" PRIu64 " of the one before it:\n",
		       dropped);
		print_names("dropped_names");
	}
	if (discarded) {
		printf("The previous kernel was told to discard %" PRIu64 ":\n",
		       discarded);
		print_names("discarded_names");
	}
	if (!moved)
		return;
	printf("For the kexec %" PRIu64 " pages were moved, ", moved);
	printf("%" PRIu64 " of them to another NUMA node, and ",
	       pram_number("previous/remote"));
	printf("%" PRIu64 " folios in pieces.\n", pram_number("previous/split"));
}

static void print_lost(void)
{
	struct nodes nodes;
	size_t i;

	if (nodes_read(&nodes))
		return;
	for (i = 0; i < nodes.nr; i++) {
		if (!nodes.node[i].lost_pages)
			continue;
		fputs("Of ", stdout);
		escape(stdout, nodes.node[i].name);
		printf(" %" PRIu64 " pages are lost: see 'pramctl show'.\n",
		       nodes.node[i].lost_pages);
	}
	nodes_free(&nodes);
}

int cmd_log(int argc, char **argv)
{
	int kmsg, err;

	if (argc != 1)
		return usage_error(argv[0], "it takes no arguments");
	err = need_pram();
	if (err)
		return err;
	print_now();
	print_previous();
	print_lost();
	kmsg = kmsg_open(false);
	if (kmsg < 0) {
		complain("the log of the kernel cannot be read: %s", why(errno));
		return ST_OK;
	}
	puts("\nThe kernel says:");
	if (!kmsg_print(kmsg, stdout, "  "))
		puts("  nothing about PRAM, or not any more");
	close(kmsg);
	return ST_OK;
}
