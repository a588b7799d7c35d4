/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A random tree, as programs could make it.
 */
#ifndef PRAM_FUZZ_GROW_H
#define PRAM_FUZZ_GROW_H

#include "../sim.h"
#include "../vfs.h"

/**
 * grow - make files in a file system
 * @sb: the file system
 * @nr: how many at most
 * @random: random numbers
 * @arg: for @random
 */
void grow(struct super_block *sb, unsigned int nr,
	  u64 (*random)(void *arg, u64 limit), void *arg);

#endif /* PRAM_FUZZ_GROW_H */
