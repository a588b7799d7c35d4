/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages that are not there, in golden images.
 */
#ifndef PRAM_GOLDEN_ABSENT_H
#define PRAM_GOLDEN_ABSENT_H

#include "../fuzz/image.h"

bool write_absent(FILE *file, const struct image *img,
		  const struct image_node *node);
bool check_absent(const char *line);

#endif /* PRAM_GOLDEN_ABSENT_H */
