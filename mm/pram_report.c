// SPDX-License-Identifier: GPL-2.0
/*
 * What is said about what is lost: to whoever wants to kexec, and to the next
 * kernel.
 */
#include "pram.h"

#include <linux/ctype.h>
#include <linux/dcache.h>

/* Protects pram_report */
static DEFINE_SPINLOCK(pram_report_lock);

/* What the next kernel is told */
static struct pram_report pram_report;

/*
 * How many nodes were dropped at boot because something was wrong with them; or all, if
 * the super block is good, but could not be taken over
 */
u64 pram_dropped __ro_after_init;

/* What the previous kernel has said; set before anybody can read it */
struct pram_report pram_previous __ro_after_init;

/* What happens to a reason to refuse a kexec; protected by pram_lock */
enum pram_refuse_how pram_refuse_how = PRAM_REFUSE;

/* Protected by pram_lock; good for as long as the verdict is */
struct pram_checked pram_checked;

/* A path that is named: four names fit in any case */
#define PRAM_PATH_SIZE		(4 * (NAME_MAX + 1) + 1)
/* A reason: a path, the name of a node, and what to do */
#define PRAM_WHY_SIZE		(PRAM_PATH_SIZE + PRAM_NAME_MAX + 256)
#define PRAM_REFUSED		"refused: "

/* The path and the reason that were named last; protected by pram_lock */
static char pram_path[PRAM_PATH_SIZE];
static char pram_why[PRAM_WHY_SIZE];
/* The outcome of the last check; empty: none. Protected by pram_lock. */
static char pram_verdict[sizeof(PRAM_REFUSED) + PRAM_WHY_SIZE];
/* The image that it is of; NULL: none was loaded */
static const struct kimage *pram_verdict_of;

/* What a file in sysfs may have, but for a line that counts the rest */
#define PRAM_REASONS_SIZE	(PAGE_SIZE - 32)

/* All reasons of the last check, each with a newline. Protected by pram_lock. */
static char pram_reasons[PRAM_REASONS_SIZE];
static size_t pram_reasons_len;
/* How many there are, and how many of them there was no room for */
static unsigned int pram_nr_reasons;
static unsigned int pram_nr_left_out;

static void pram_add_reason(const char *why)
{
	size_t len = strlen(why) + 1;

	pram_nr_reasons++;
	/* Those that are shown are the first ones */
	if (pram_nr_left_out ||
	    pram_reasons_len + len > sizeof(pram_reasons)) {
		pram_nr_left_out++;
		return;
	}
	memcpy(pram_reasons + pram_reasons_len, why, len);
	pram_reasons_len += len;
	pram_reasons[pram_reasons_len - 1] = '\n';
}

/**
 * pram_refuse_path - the path of what is in the way, for pram_refuse()
 * @dentry: it
 *
 * Context: pram_lock is held.
 * Return: the path from the root of its file system, or what is at its end. Good until
 * the next call.
 */
const char *pram_refuse_path(const struct dentry *dentry)
{
	const char *path;

	lockdep_assert_held(&pram_lock);
	path = dentry_path_raw(dentry, pram_path, sizeof(pram_path));
	if (!IS_ERR(path))
		return path;
	snprintf(pram_path, sizeof(pram_path), "%pd4", dentry);
	return pram_path;
}

/**
 * pram_refuse - say why a kexec is refused
 * @fmt: the reason, and what to do about it, as for printk()
 *
 * Context: pram_lock is held.
 */
void pram_refuse(const char *fmt, ...)
{
	char *why = pram_why, *p;
	va_list args;

	lockdep_assert_held(&pram_lock);
	va_start(args, fmt);
	vsnprintf(pram_why, sizeof(pram_why), fmt, args);
	va_end(args);
	/* A reason is one line, whatever somebody has called his files */
	for (p = why; *p; p++) {
		if (iscntrl(*p))
			*p = '?';
	}
	if (pram_refuse_how == PRAM_REFUSE) {
		pr_err("kexec refused: %s\n", why);
	} else if (pram_refuse_how == PRAM_WARN) {
		pr_warn("a kexec would be refused now: %s\n", why);
	} else if (pram_refuse_how == PRAM_RETRY) {
		pr_info("the next kernel is not told of what a balloon has: %s\n",
			why);
	} else {
		if (!pram_nr_reasons)
			pram_set_verdict(PRAM_REFUSED "%s", why);
		pram_add_reason(why);
	}
}

/**
 * pram_clear_verdict - there has been no check of the image
 *
 * Context: pram_lock is held.
 */
void pram_clear_verdict(void)
{
	lockdep_assert_held(&pram_lock);
	*pram_verdict = '\0';
	pram_checked = (struct pram_checked){};
	pram_reasons_len = 0;
	pram_nr_reasons = 0;
	pram_nr_left_out = 0;
}

/**
 * pram_show_reasons - all reasons of the last check, one a line
 * @buf: where to, a page
 *
 * Context: pram_lock is held.
 * Return: their length; 0: there has been no check of the image that is loaded, or it
 * was not refused.
 */
ssize_t pram_show_reasons(char *buf)
{
	const char *verdict = pram_get_verdict(), *why;
	ssize_t len;

	why = verdict + str_has_prefix(verdict, PRAM_REFUSED);
	if (why == verdict)
		return 0;
	if (!pram_reasons_len)
		return sysfs_emit(buf, "%s\n", why);
	memcpy(buf, pram_reasons, pram_reasons_len);
	len = pram_reasons_len;
	if (pram_nr_left_out)
		len += sysfs_emit_at(buf, len, "and %u more\n",
				     pram_nr_left_out);
	return len;
}

/**
 * pram_set_verdict - note the outcome of a check
 * @fmt: the outcome, as for printk()
 *
 * Context: pram_lock is held.
 */
void pram_set_verdict(const char *fmt, ...)
{
	va_list args;

	lockdep_assert_held(&pram_lock);
	va_start(args, fmt);
	vsnprintf(pram_verdict, sizeof(pram_verdict), fmt, args);
	va_end(args);
	pram_verdict_of = READ_ONCE(kexec_image);
}

/**
 * pram_has_verdict - has there been a check of the image that is loaded?
 *
 * Context: pram_lock is held.
 * Return: whether one has come to an outcome.
 */
bool pram_has_verdict(void)
{
	lockdep_assert_held(&pram_lock);
	return *pram_verdict && READ_ONCE(kexec_image) == pram_verdict_of;
}

/**
 * pram_get_verdict - the outcome of the last check
 *
 * Context: pram_lock is held.
 * Return: a line without its end; "none": see pram_has_verdict().
 */
const char *pram_get_verdict(void)
{
	return pram_has_verdict() ? pram_verdict : "none";
}

/**
 * pram_report_add - note what has become of a node, for the next kernel
 * @what: PRAM_REPORT_*
 * @name: its name
 *
 * Context: any but interrupts.
 */
void pram_report_add(char what, const char *name)
{
	char *names = pram_report.names;
	size_t at = 0, len = strlen(name) + 1;

	spin_lock(&pram_report_lock);
	pram_report.nr_discarded += what == PRAM_REPORT_DISCARDED;
	while (at < PRAM_REPORT_NAMES && names[at])
		at += strlen(names + at) + 1;
	/* The last byte stays 0 */
	if (at + 1 + len < PRAM_REPORT_NAMES) {
		names[at] = what;
		memcpy(names + at + 1, name, len);
	}
	spin_unlock(&pram_report_lock);
}

/**
 * pram_report_fill - what the next kernel is to be told
 * @report: where to
 *
 * Context: process context.
 */
void pram_report_fill(struct pram_report *report)
{
	spin_lock(&pram_report_lock);
	*report = pram_report;
	spin_unlock(&pram_report_lock);
	/* Some of these have no name */
	report->nr_dropped = pram_dropped;
}

/**
 * pram_report_take - what the previous kernel has said
 * @report: it, in a super block that has been checked
 *
 * Names are shown as they are: one that is none ends the list.
 *
 * Context: boot.
 */
void __init pram_report_take(const struct pram_report *report)
{
	char *names = pram_previous.names;
	size_t at = 0;

	pram_previous = *report;
	names[PRAM_REPORT_NAMES - 1] = '\0';
	while (at < PRAM_REPORT_NAMES && names[at] &&
	       pram_name_valid(names + at + 1))
		at += strlen(names + at) + 1;
	memset(names + at, 0, PRAM_REPORT_NAMES - at);
}

/**
 * pram_report_next - walk over the names that the previous kernel has handed over
 * @what: PRAM_REPORT_*
 * @name: the name before; NULL: none
 *
 * Context: any.
 * Return: the next name, or NULL.
 */
const char *pram_report_next(char what, const char *name)
{
	const char *p = name ? name + strlen(name) + 1 : pram_previous.names;

	for (; p < pram_previous.names + PRAM_REPORT_NAMES && *p;
	     p += strlen(p) + 1) {
		if (*p == what)
			return p + 1;
	}
	return NULL;
}
