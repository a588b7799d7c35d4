/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is in different places in different kernels.
 */
#include <asm/shared/msr.h>
