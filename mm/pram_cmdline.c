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

static bool pram_have_nodes(void)
{
	guard(mutex)(&pram_lock);
	return !list_empty(&pram_nodes);
}

/* Put pram= where it counts: after all others, but before what is for init */
static char *pram_add_param(const char *line, u64 pfn)
{
	const char *rest = strstr(line, " -- ");

	if (!rest)
		rest = line + strlen(line);
	return kasprintf(GFP_KERNEL, "%.*s pram=%llx%s", (int)(rest - line),
			 line, pfn, rest);
}

/**
 * pram_kexec_cmdline - see to it that the next kernel is told of our nodes
 * @image: the image, with its command line
 *
 * Where there are nodes and the command line does not say where, say it.
 * pram=off is left alone: somebody wants it so.
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_kexec_cmdline(struct kimage *image)
{
	struct pram_said said = {};
	char *line;
	u64 pfn;

	if (!pram_super || image->type == KEXEC_TYPE_CRASH ||
	    !pram_have_nodes())
		return 0;
	line = kstrdup(image->cmdline_buf, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	parse_args("pram", line, NULL, 0, 0, 0, &said, pram_saw);
	kfree(line);

	pfn = pram_super->head.pfn;
	if (said.set && (said.pfn == pfn || !said.pfn))
		return 0;
	line = pram_add_param(image->cmdline_buf, pfn);
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
