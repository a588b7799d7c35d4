/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the kernel itself finds pram= on its command line.
 */
#ifndef PRAM_TEST_KERNEL_H
#define PRAM_TEST_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* COMMAND_LINE_SIZE */
#define PRAM_CMDLINE_SIZE 2048

void kernel_command_line(char *line, const char *builtin, bool override,
			 const char *loader);
void kernel_param(const char *line, uint64_t *pfn, uint64_t *ticket);

#endif /* PRAM_TEST_KERNEL_H */
