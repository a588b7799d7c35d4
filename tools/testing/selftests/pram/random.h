/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random numbers that are the same for the same seed, and what goes by them.
 */
#ifndef _PRAM_RANDOM_H
#define _PRAM_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static uint64_t random_state;

static inline void random_seed(uint64_t seed)
{
	random_state = seed;
}

/* splitmix64: any seed is as good as another */
static inline uint64_t random_u64(void)
{
	uint64_t x = random_state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* From 0 to @n - 1 */
static inline uint64_t below(uint64_t n)
{
	return random_u64() % n;
}

/* One time in @n */
static inline int once_in(unsigned int n)
{
	return !below(n);
}

static inline void random_bytes(void *buf, size_t len)
{
	unsigned char *byte = buf;

	while (len--)
		*byte++ = random_u64() >> 56;
}

static inline void die(const char *what)
{
	perror(what);
	exit(1);
}

#endif
