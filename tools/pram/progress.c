// SPDX-License-Identifier: GPL-2.0
/*
 * How far the kernel has come, while one system call takes long: a line that is
 * rewritten on a terminal, and nothing anywhere else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pramctl.h"

#define STEP_MIN_US	1000
#define STEP_MAX_US	200000

/* What is there to be described or restored, of one node or of all */
static bool read_progress(const char *name, uint64_t *done, uint64_t *total)
{
	struct nodes nodes = {};
	unsigned long long d, t;
	char *text;
	size_t i;

	*done = 0;
	*total = 0;
	if (!name && nodes_read(&nodes))
		return false;
	for (i = 0; i < (name ? 1 : nodes.nr); i++) {
		text = pram_read("nodes/%s/progress",
				 name ? name : nodes.node[i].name);
		if (text && sscanf(text, "%llu %llu", &d, &t) == 2) {
			*done += d;
			*total += t;
		}
		free(text);
	}
	nodes_free(&nodes);
	return *total;
}

static int watch(pid_t pid, const char *name)
{
	uint64_t done, total;
	useconds_t step = STEP_MIN_US;
	bool shown = false;
	int status;
	pid_t ret;

	while (!(ret = waitpid(pid, &status, WNOHANG)) ||
	       (ret < 0 && errno == EINTR)) {
		if (read_progress(name, &done, &total)) {
			fprintf(stderr, "\r%3u %% of %llu pages\033[K",
				(unsigned int)(done < total ?
					       done * 100.0 / total : 100),
				(unsigned long long)total);
			shown = true;
		}
		usleep(step);
		step = step < STEP_MAX_US / 2 ? 2 * step : STEP_MAX_US;
	}
	if (shown)
		fputs("\r\033[K", stderr);
	if (ret < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

/**
 * with_progress - do what takes long
 * @work: does it; returns 0 or an errno, and changes nothing in memory
 * @arg: for it
 * @name: the node that it is about; NULL: all
 *
 * Return: what @work has returned.
 */
int with_progress(int (*work)(void *arg), void *arg, const char *name)
{
	pid_t pid;

	if (!isatty(STDERR_FILENO))
		return work(arg);
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return work(arg);
	if (!pid)
		_exit(work(arg));
	return watch(pid, name);
}
