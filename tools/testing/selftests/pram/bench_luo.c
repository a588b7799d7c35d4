// SPDX-License-Identifier: GPL-2.0
/*
 * What harness/bench compares PRAM with: a memfd that LUO preserves.
 *
 *	bench_luo keep PAGES [alternating]	fill a memfd and preserve it; comes back
 *						when a process has its session open,
 *						as it has to be at the kexec
 *	bench_luo take PAGES			retrieve it, compare, and finish
 *
 * See bench.c for what it prints.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "bench.h"
#include "luo.h"

/* It has no figure for what it needs itself */
static long free_pages(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		die("sysinfo");
	return info.freeram * info.mem_unit / PAGE;
}

/* What KHO has set aside */
static long scratch_pages(void)
{
	FILE *file = fopen("/sys/kernel/debug/kho/out/scratch_len", "r");
	long sum = 0, len;

	if (!file)
		die("no sizes of scratch areas");
	while (fscanf(file, "%li", &len) == 1)
		sum += len;
	fclose(file);
	return sum / PAGE;
}

static void keep(unsigned long pages, int alternating)
{
	struct luo_fd_arg arg = { .size = sizeof(arg), .token = LUO_TOKEN };
	int luo = luo_session(LUO_CREATE_SESSION);
	int filler = memfd_create("filler", 0);
	unsigned long i;
	uint64_t start;
	long before;
	pid_t pid;

	arg.fd = memfd_create("bench", 0);
	if (arg.fd < 0 || filler < 0)
		die("memfd_create");
	for (i = 0; i < pages; i++) {
		put(arg.fd, i);
		if (alternating)
			put(filler, i);
	}
	close(filler);
	before = free_pages();
	start = now();
	if (ioctl(luo, LUO_PRESERVE_FD, &arg))
		die("preserve");
	took("preserve", start);
	say("metadata %ld pages", before - free_pages());
	say("scratch %ld pages", scratch_pages());
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		for (;;)
			pause();
	}
}

static void take(unsigned long pages)
{
	struct luo_finish_arg finish = { .size = sizeof(finish) };
	struct luo_fd_arg arg = { .size = sizeof(arg), .token = LUO_TOKEN };
	static uint64_t buf[PAGE / 8];
	uint64_t start = now();
	unsigned long i;
	int luo;

	/* As the one who mounts a tree, it has to ask for what there is */
	luo = luo_session(LUO_RETRIEVE_SESSION);
	if (ioctl(luo, LUO_RETRIEVE_FD, &arg))
		die("retrieve");
	took("retrieve", start);
	start = now();
	for (i = 0; i < pages; i++) {
		if (pread(arg.fd, buf, PAGE, i * PAGE) != PAGE ||
		    !good(buf, i))
			die("the memfd is not as it was");
	}
	took("read", start);
	start = now();
	if (ioctl(luo, LUO_FINISH, &finish))
		die("finish");
	took("finish", start);
}

int main(int argc, char **argv)
{
	const char *op = argc >= 3 ? argv[1] : "";

	if (!strcmp(op, "keep")) {
		keep(strtoul(argv[2], NULL, 0), argc > 3);
	} else if (!strcmp(op, "take")) {
		take(strtoul(argv[2], NULL, 0));
	} else {
		fprintf(stderr, "bench_luo: see the source\n");
		return 2;
	}
	return 0;
}
