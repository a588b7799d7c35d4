// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of a tree that cannot be read: the log, and what sysfs shows.
 */
#include "pram_tree.h"

#include <linux/string_helpers.h>

/* How many files are worth a line in the log, and room in sysfs, in bytes */
#define PRAM_MAX_LOST_LOGGED	100
#define PRAM_LOST_NAMES		2048

/**
 * pram_lost_add - pages of a file cannot be read
 * @lost: the note, of that file
 * @index: the first of them
 * @nr: how many
 * @why: -EHWPOISON or -EIO
 *
 * Context: any.
 */
void pram_lost_add(struct pram_lost *lost, u64 index, u64 nr, int why)
{
	if (!lost->nr || index < lost->first) {
		lost->first = index;
		lost->why = why;
	}
	lost->nr += nr;
}

/* Is the line at @at one of those before it? A newline is in front of it. */
static bool pram_lost_named(const char *names, size_t at)
{
	const char *line = names, *end;

	for (; line < names + at; line = end + 1) {
		end = strchr(line, '\n');
		if (strlen(names + at) == end - line &&
		    !memcmp(line, names + at, end - line))
			return true;
	}
	return false;
}

/*
 * A line for the path, with no newline at the end. Without room it is left out, and so
 * it is if it is there: lazily, pages come one by one.
 */
static void pram_lost_name(struct pram_node *node, struct dentry *dentry)
{
	char *buf __free(kfree) = kmalloc(PATH_MAX, GFP_KERNEL);
	const char *path;
	size_t at, len;

	lockdep_assert_held(&pram_lock);
	if (!node->lost_names)
		node->lost_names = kzalloc(PRAM_LOST_NAMES, GFP_KERNEL);
	if (!buf || !node->lost_names)
		return;
	path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR(path))
		return;
	at = strlen(node->lost_names);
	if (at)
		node->lost_names[at++] = '\n';
	len = string_escape_mem(path, strlen(path), node->lost_names + at,
				PRAM_LOST_NAMES - at, ESCAPE_OCTAL, "\\\n");
	/* The last byte stays a NUL, and so does one more for a newline */
	if (at + len + 2 <= PRAM_LOST_NAMES &&
	    !pram_lost_named(node->lost_names, at))
		at += len;
	else if (at)
		at--;
	memset(node->lost_names + at, 0, PRAM_LOST_NAMES - at);
}

/**
 * pram_lost_file - all is known of the file that a note is of
 * @lost: the note; nothing is noted then
 * @node: its tree
 *
 * Context: may sleep.
 */
void pram_lost_file(struct pram_lost *lost, struct pram_node *node)
{
	if (!lost->nr)
		return;
	if (lost->nr_files++ < PRAM_MAX_LOST_LOGGED)
		pr_err("tmpfs '%s': %llu pages of '%pd4' are lost, the first is page %llu: error %d\n",
		       node->page->name, lost->nr, lost->dentry, lost->first,
		       lost->why);
	scoped_guard(mutex, &pram_lock) {
		node->nr_lost += lost->nr;
		pram_lost_name(node, lost->dentry);
	}
	lost->nr = 0;
}

/**
 * pram_lost_merge - add a note to that of the tree
 * @lost: the note of the tree, which is of one file at a time
 * @node: its tree
 * @dentry: the file
 * @more: what cannot be read of it
 *
 * Context: may sleep.
 */
void pram_lost_merge(struct pram_lost *lost, struct pram_node *node,
		     struct dentry *dentry, const struct pram_lost *more)
{
	if (!more->nr)
		return;
	if (lost->dentry != dentry)
		pram_lost_file(lost, node);
	lost->dentry = dentry;
	pram_lost_add(lost, more->first, more->nr, more->why);
}

/**
 * pram_lost_start - a tree is about to be restored
 * @node: its node; what is known from another attempt is forgotten
 *
 * Context: may sleep.
 */
void pram_lost_start(struct pram_node *node)
{
	guard(mutex)(&pram_lock);
	node->nr_lost = 0;
	kfree(node->lost_names);
	node->lost_names = NULL;
}
