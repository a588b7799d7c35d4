/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux 6.12 has by another name.
 */
#include "../msr.h"

#define raw_rdmsr(reg, m)	boot_rdmsr(reg, m)
