// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's sort(). It has a member with the name of a macro.
 */
#include "pram_internal.h"

#undef swap
#include "../../../lib/sort.c"
