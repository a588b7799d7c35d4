/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs of harness/bench share: a clock that counts instructions in their
 * guest, lines in the kernel's log, and pages that can be told apart.
 */
#ifndef _PRAM_BENCH_H
#define _PRAM_BENCH_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096

static inline void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static inline uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static inline void say(const char *fmt, ...)
{
	int fd = open("/dev/kmsg", O_WRONLY);
	char line[256] = "<5>pram-test: # bench ";
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + strlen(line), sizeof(line) - strlen(line), fmt, args);
	va_end(args);
	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		die("/dev/kmsg");
	close(fd);
}

static inline void took(const char *what, uint64_t start)
{
	say("%s %llu instructions", what,
	    (unsigned long long)(now() - start));
}

static inline void put(int fd, unsigned long page)
{
	static uint64_t buf[PAGE / 8];

	buf[0] = page;
	buf[511] = ~(uint64_t)page;
	if (write(fd, buf, PAGE) != PAGE)
		die("write");
}

/* Is that as it was put? */
static inline int good(const uint64_t *buf, unsigned long page)
{
	return buf[0] == page && buf[511] == ~(uint64_t)page;
}

#endif
