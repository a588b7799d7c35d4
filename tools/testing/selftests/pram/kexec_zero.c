// SPDX-License-Identifier: GPL-2.0
/*
 * Runs kexec, and has its kexec_load(2) load something else:
 *
 *	kexec_zero ADDRESS... -- kexec ...	segments of no size as well
 *	kexec_zero type=XX -- kexec ...		with another type of boot loader
 *	kexec_zero params=FILE -- kexec ...	with other boot parameters
 *
 * ADDRESS is hexadecimal, of a page. The first one goes in front of the other
 * segments, and the rest behind them. XX is hexadecimal, and goes into the boot
 * parameters. FILE has those that are loaded, but for the command line, the initrd, the
 * memory map and what else kexec has made. Either is no error for kexec --no-checks
 * only. Fails where kexec does, or where there was no such system call.
 */
#include <fcntl.h>
#include <linux/kexec.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SEGMENTS	16
#define PARAMS_SIZE	4096

static struct kexec_segment zero[MAX_SEGMENTS];
static size_t nr_zero;

/* Type of boot loader; -1: leave it as it is */
static int type = -1;

/* File of boot parameters; NULL: leave them as they are */
static const char *params;

/* A long at a time */
static int copy(pid_t pid, unsigned long there, void *here, size_t size,
		int request)
{
	long *word = here;
	size_t i;

	for (i = 0; i < size / sizeof(*word); i++, there += sizeof(*word)) {
		if (request == PTRACE_PEEKDATA)
			word[i] = ptrace(request, pid, there, NULL);
		else if (ptrace(request, pid, there, word[i]))
			return -1;
	}

	return 0;
}

static int replace_params(pid_t pid, unsigned long there)
{
	/* Documentation/arch/x86/zero-page.rst: what is kexec's */
	static const struct {
		unsigned int start, end;
	} keep[] = {
		{ 0x0c0, 0x0cc },	/* upper halves of the next ones */
		{ 0x218, 0x220 },	/* initrd */
		{ 0x228, 0x22c },	/* command line */
		{ 0x250, 0x258 },	/* more data */
		{ 0x1e8, 0x1e9 },	/* entries of the memory map */
		{ 0x2d0, 0xcd0 },	/* memory map */
		{}
	};
	static char theirs[PARAMS_SIZE], all[PARAMS_SIZE];
	int fd = open(params, O_RDONLY);
	size_t i;

	if (fd < 0 || read(fd, all, sizeof(all)) != sizeof(all) ||
	    copy(pid, there, theirs, sizeof(theirs), PTRACE_PEEKDATA)) {
		perror(params);
		return -1;
	}
	close(fd);
	for (i = 0; keep[i].end; i++)
		memcpy(all + keep[i].start, theirs + keep[i].start,
		       keep[i].end - keep[i].start);

	return copy(pid, there, all, sizeof(all), PTRACE_POKEDATA);
}

/* The boot parameters begin a segment: Documentation/arch/x86/boot.rst */
static int change_params(pid_t pid, const struct user_regs_struct *regs)
{
	struct kexec_segment all[MAX_SEGMENTS];
	unsigned long word[3], there;
	size_t i;

	if (regs->rsi > MAX_SEGMENTS)
		return -1;
	copy(pid, regs->rdx, all, regs->rsi * sizeof(all[0]), PTRACE_PEEKDATA);
	for (i = 0; i < regs->rsi; i++) {
		/* "HdrS" is at 0x202, the type at 0x210 */
		there = (unsigned long)all[i].buf + 0x200;
		if (all[i].bufsz < 0x218)
			continue;
		copy(pid, there, word, sizeof(word), PTRACE_PEEKDATA);
		if (memcmp((char *)word + 2, "HdrS", 4))
			continue;
		if (params) {
			if (all[i].bufsz < PARAMS_SIZE)
				return -1;
			return replace_params(pid, there - 0x200);
		}
		memset((char *)word + 0x10, type, 1);
		return copy(pid, there, word, sizeof(word), PTRACE_POKEDATA);
	}

	return -1;
}

static int add_segments(pid_t pid, struct user_regs_struct *regs)
{
	struct kexec_segment all[MAX_SEGMENTS];
	size_t nr = regs->rsi, size = sizeof(all[0]);

	if (nr + nr_zero > MAX_SEGMENTS) {
		fprintf(stderr, "kexec_zero: %zu segments are too many\n", nr);
		return -1;
	}
	all[0] = zero[0];
	copy(pid, regs->rdx, all + 1, nr * size, PTRACE_PEEKDATA);
	memcpy(all + 1 + nr, zero + 1, (nr_zero - 1) * size);
	nr += nr_zero;

	/* Below what the caller has on its stack, and the red zone */
	regs->rdx = (regs->rsp - 256 - nr * size) & ~15UL;
	regs->rsi = nr;

	return copy(pid, regs->rdx, all, nr * size, PTRACE_POKEDATA) ||
	       ptrace(PTRACE_SETREGS, pid, NULL, regs);
}

static int trace(pid_t pid)
{
	struct user_regs_struct regs;
	int status, entry = 0, added = 0, signal = 0;

	if (waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		return 1;
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, signal) ||
		    waitpid(pid, &status, 0) != pid)
			return 1;
		if (WIFEXITED(status) || WIFSIGNALED(status))
			break;
		signal = WSTOPSIG(status);
		if (signal == SIGTRAP)
			signal = 0;
		if (signal != (SIGTRAP | 0x80))
			continue;
		signal = 0;
		entry = !entry;
		if (!entry || ptrace(PTRACE_GETREGS, pid, NULL, &regs) ||
		    regs.orig_rax != SYS_kexec_load || !regs.rsi)
			continue;
		if (nr_zero ? add_segments(pid, &regs) :
			      change_params(pid, &regs))
			return 1;
		added = 1;
	}

	return WIFEXITED(status) && added ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	pid_t pid;
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (nr_zero == MAX_SEGMENTS)
			break;
		if (!strncmp(argv[i], "type=", 5))
			type = strtoul(argv[i] + 5, NULL, 16);
		else if (!strncmp(argv[i], "params=", 7))
			params = argv[i] + 7;
		else
			zero[nr_zero++].mem = (void *)strtoul(argv[i], NULL, 16);
	}
	if ((!nr_zero && type < 0 && !params) || i + 1 >= argc || strcmp(argv[i], "--")) {
		fprintf(stderr, "usage: kexec_zero ADDRESS...|type=XX|params=FILE -- kexec ...\n");
		return 2;
	}

	pid = fork();
	if (pid < 0) {
		perror("kexec_zero");
		return 1;
	}
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[i + 1], argv + i + 1);
		perror(argv[i + 1]);
		return 127;
	}

	return trace(pid);
}
