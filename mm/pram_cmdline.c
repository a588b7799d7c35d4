// SPDX-License-Identifier: GPL-2.0
/*
 * pram= on the next kernel's command line.
 */
#include "pram.h"

/* Note which memory a parameter takes away; if there is no room, more than that */
static void pram_saw_memory(char *param, char *val, struct pram_image *image)
{
	struct pram_range *range;
	u64 start, end;

	while (val) {
		val = arch_pram_no_ram(param, val, &start, &end);
		if (start >= end)
			continue;
		start >>= PAGE_SHIFT;
		end = (end - 1) >> PAGE_SHIFT;
		if (image->nr_no_ram < PRAM_MAX_NO_RAM) {
			image->no_ram[image->nr_no_ram++] =
				(struct pram_range){ start, end + 1 };
			continue;
		}
		range = &image->no_ram[PRAM_MAX_NO_RAM - 1];
		range->start = min(range->start, start);
		range->end = max(range->end, end + 1);
	}
}

/* More than any machine has, and far from wrapping around */
#define PRAM_MAX_APART	BIT_ULL(51)

static u64 pram_add_apart(u64 sum, u64 nr, u64 size)
{
	u64 pages = PFN_UP(min(size, PRAM_MAX_APART << PAGE_SHIFT));

	if (check_mul_overflow(nr, pages, &pages))
		pages = PRAM_MAX_APART;
	return min(sum + min(pages, PRAM_MAX_APART), PRAM_MAX_APART);
}

/* "N", or "NODE:N,NODE:N,...": the sum */
static u64 pram_sum_nodes(const char *val)
{
	u64 sum = 0, nr;
	char *end;

	for (;; val = end + 1) {
		nr = memparse(val, &end);
		if (*end == ':')
			nr = memparse(end + 1, &end);
		sum += min(nr, U64_MAX - sum);
		if (*end != ',')
			return sum;
	}
}

/* What is no size, or too large to be one, is taken for the default */
static u64 pram_huge_size(const char *val)
{
	u64 size = memparse(val, NULL);

	return size & (size - 1) ? 0 : size;
}

static void pram_add_huge(struct pram_image *image, u64 nr, u64 size)
{
	if (size <= PAGE_SIZE << MAX_PAGE_ORDER) {
		image->apart = pram_add_apart(image->apart, nr, size);
		return;
	}
	image->giant = pram_add_apart(image->giant, nr, size);
	image->giant_size = PFN_UP(min(size, PRAM_MAX_APART << PAGE_SHIFT));
}

/* "SIZE:ALIGN:NAME". KHO hands over what has the same name and size. */
static void pram_add_reserved(struct pram_image *image, const char *val)
{
	u64 size = memparse(val, NULL);
	phys_addr_t start, has;
	const char *name = strrchr(val, ':');

	image->apart_early = pram_add_apart(image->apart_early, 1, size);
	image->apart = pram_add_apart(image->apart, 1, size);
	image->reserved = pram_add_apart(image->reserved, 1, size);
	if (name && reserve_mem_find_by_name(name + 1, &start, &has) && has == size)
		image->revived = pram_add_apart(image->revived, 1, size);
}

/* Note how much memory a parameter sets apart for something else */
static void pram_saw_apart(const char *param, char *val,
			   struct pram_said *said)
{
	struct pram_image *image = said->image;
	u64 nr;

	if (!val)
		return;
	if (!strcmp(param, "hugepagesz")) {
		said->huge_size = pram_huge_size(val);
	} else if (!strcmp(param, "default_hugepagesz")) {
		said->default_size = pram_huge_size(val);
		said->huge_size = 0;
	} else if (!strcmp(param, "hugepages")) {
		nr = pram_sum_nodes(val);
		if (said->huge_size)
			pram_add_huge(image, nr, said->huge_size);
		else
			said->nr_default = nr;
	} else if (!strcmp(param, "cma") || !strcmp(param, "hugetlb_cma")) {
		image->apart_early = pram_add_apart(image->apart_early, 1,
						    pram_sum_nodes(val));
	} else if (!strcmp(param, "reserve_mem")) {
		pram_add_reserved(image, val);
	}
}

static int pram_saw(char *param, char *val, const char *unused, void *arg)
{
	struct pram_said *said = arg;

	if (!strcmp(param, "pram") && !pram_parse(val, &said->param))
		said->set = true;
	if (said->image) {
		arch_pram_saw_low(param, val, said->image);
		pram_saw_apart(param, val, said);
		pram_saw_memory(param, val, said->image);
	}
	return 0;
}

/**
 * pram_parse_line - look for pram= on a command line
 * @line: the line
 * @said: returns what the last valid pram= says; zeros to begin with
 *
 * Context: may sleep.
 * Return: where "--" and what is for init are in @line, or its length; -ENOMEM.
 */
ssize_t pram_parse_line(const char *line, struct pram_said *said)
{
	char *copy __free(kfree) = kstrdup(line, GFP_KERNEL);
	char *init;
	size_t at;

	if (!copy)
		return -ENOMEM;
	init = parse_args("pram", copy, NULL, 0, 0, 0, said, pram_saw);
	if (said->image)
		pram_add_huge(said->image, said->nr_default,
			      said->default_size ?: PMD_SIZE);
	if (IS_ERR_OR_NULL(init))
		return strlen(line);
	/* It is behind the "--" */
	at = init - copy;
	while (at && isspace(line[at - 1]))
		at--;
	while (at && !isspace(line[at - 1]))
		at--;
	return at;
}

#ifdef CONFIG_KEXEC_FILE

/* Longer command lines are not taken, not even with the room for a crash kernel's */
#define PRAM_LINE_MAX	(COMMAND_LINE_SIZE - 32)

/* @needed: where it cannot be added, that is an error of the load */
static int pram_add_param(struct kimage *image, size_t at, bool needed)
{
	bool open = false;
	char *line;
	size_t i;

	/* A quote that was left open would take in what is added */
	for (i = 0; i < at; i++)
		open ^= image->cmdline_buf[i] == '"';
	/* After all others, but before what is for init */
	line = kasprintf(GFP_KERNEL, "%.*s%s pram=%llx.%llx %s", (int)at,
			 image->cmdline_buf, open ? "\"" : "",
			 pram_super->head.pfn, pram_ticket(),
			 image->cmdline_buf + at);
	if (!line)
		return needed ? -ENOMEM : 0;
	if (!needed && strlen(line) > PRAM_LINE_MAX) {
		pr_info("the command line of the loaded kernel is too long for pram=: it will not be told of what a balloon has\n");
		kfree(line);
		return 0;
	}
	/* The ticket is for root only, and not for the log */
	pr_notice("added pram= to the command line of the loaded kernel\n");
	kfree(image->cmdline_buf);
	image->cmdline_buf = line;
	image->cmdline_buf_len = strlen(line) + 1;
	return 0;
}

/*
 * Where the kernel is locked down, root may not have memory read as files that is
 * not his: nobody but this kernel says where the next one finds nodes.
 */
static bool pram_locked_down(const struct pram_said *said)
{
	return said->set && said->param.pfn &&
	       security_locked_down(LOCKDOWN_KEXEC);
}

/**
 * pram_kexec_cmdline - see to it that the next kernel is told of our nodes
 * @image: the image, with its command line
 *
 * If something is to be preserved, or there are pages that a balloon has, and the
 * command line does not say where that is, say it. pram=off is left alone: somebody
 * wants it so.
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0 or
 * -EPERM: the kernel is locked down and has PRAM off, and the command line has
 * a pram=;
 * -ENOMEM.
 */
int pram_kexec_cmdline(struct kimage *image)
{
	struct pram_said said = {};
	bool locked, needed, absent;
	ssize_t at;

	if (image->type == KEXEC_TYPE_CRASH)
		return 0;
	at = pram_parse_line(image->cmdline_buf, &said);
	if (at < 0)
		return at;
	locked = pram_locked_down(&said);
	if (!pram_super) {
		if (locked)
			pr_err("image refused: the kernel is locked down and has PRAM off, and pram= is on the command line: leave it out, or say pram=off\n");
		return locked ? -EPERM : 0;
	}

	absent = pram_absent_nr();
	guard(mutex)(&pram_lock);
	if (said.set && (!said.param.pfn ||
			 (said.param.pfn == pram_super->head.pfn &&
			  said.param.ticket == pram_ticket())))
		return 0;
	needed = locked || pram_alive();
	return needed || absent ? pram_add_param(image, at, needed) : 0;
}

#endif /* CONFIG_KEXEC_FILE */
