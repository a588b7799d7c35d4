// SPDX-License-Identifier: GPL-2.0
/*
 * pram= on the next kernel's command line.
 */
#include "pram.h"

#ifdef CONFIG_KEXEC_FILE

/* What a command line says: nothing, if it has not been set */
struct pram_said {
	bool set;
	u64 pfn;
};

static int pram_saw(char *param, char *val, const char *unused, void *arg)
{
	struct pram_said *said = arg;

	if (!strcmp(param, "pram") && !pram_parse(val, &said->pfn))
		said->set = true;
	return 0;
}

/* Parses the line; returns where "--" and what is for init are, or its end */
static ssize_t pram_parse_line(const char *line, struct pram_said *said)
{
	char *copy __free(kfree) = kstrdup(line, GFP_KERNEL);
	char *init;
	size_t at;

	if (!copy)
		return -ENOMEM;
	init = parse_args("pram", copy, NULL, 0, 0, 0, said, pram_saw);
	if (!init)
		return strlen(line);
	/* It is behind the "--" */
	at = init - copy;
	while (at && isspace(line[at - 1]))
		at--;
	while (at && !isspace(line[at - 1]))
		at--;
	return at;
}

/**
 * pram_check_cmdline - say so if an image has no command line to add to
 * @image: the image, loaded by whatever system call
 *
 * Context: kexec_lock is held; may sleep.
 */
void pram_check_cmdline(const struct kimage *image)
{
	if (image->file_mode && !image->cmdline_buf)
		pr_warn("the loaded kernel has no command line, and will find no nodes\n");
}

/**
 * pram_kexec_cmdline - see to it that the next kernel is told of our nodes
 * @image: the image, with its command line
 *
 * If the command line does not say where they are, say it. There may be none
 * yet: a tree that is mounted becomes one when it is unmounted. pram=off is left
 * alone: somebody wants it so.
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_kexec_cmdline(struct kimage *image)
{
	struct pram_said said = {};
	bool open = false;
	ssize_t at, i;
	char *line;
	u64 pfn;

	if (!pram_super || image->type == KEXEC_TYPE_CRASH)
		return 0;
	at = pram_parse_line(image->cmdline_buf, &said);
	if (at < 0)
		return at;
	pfn = pram_super->head.pfn;
	if (said.set && (said.pfn == pfn || !said.pfn))
		return 0;

	/* A quote that was left open would take in what is added */
	for (i = 0; i < at; i++)
		open ^= image->cmdline_buf[i] == '"';
	/* After all others, but before what is for init */
	line = kasprintf(GFP_KERNEL, "%.*s%s pram=%llx %s", (int)at,
			 image->cmdline_buf, open ? "\"" : "", pfn,
			 image->cmdline_buf + at);
	if (!line)
		return -ENOMEM;
	pr_notice("added pram=%llx to the command line of the loaded kernel\n",
		  pfn);
	kfree(image->cmdline_buf);
	image->cmdline_buf = line;
	image->cmdline_buf_len = strlen(line) + 1;
	return 0;
}

#endif /* CONFIG_KEXEC_FILE */
