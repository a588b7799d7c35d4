/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trees of a kernel of 64 bits in one of 32 bits, which cannot have all that is in
 * them.
 */
#ifndef PRAM_GOLDEN_NARROW_H
#define PRAM_GOLDEN_NARROW_H

#include "../fuzz/text.h"

/**
 * struct wide - what in a tree may be too wide for this kernel
 * @options: those of the mount, as they are described
 * @too_wide: what a mount returns where the tree cannot be restored; 0: it can
 */
struct wide {
	struct pram_tmpfs_options options;
	int too_wide;
};

void wide_of_node(struct wide *wide, const char *name);
void wide_options(const struct wide *wide, struct text_options *options);

#endif /* PRAM_GOLDEN_NARROW_H */
