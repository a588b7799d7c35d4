/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PRAM_TEST_LINUX_STRING_H
#define PRAM_TEST_LINUX_STRING_H

#include "../../string.h"

char *skip_spaces(const char *str);
char *next_arg(char *args, char **param, char **val);

#endif /* PRAM_TEST_LINUX_STRING_H */
