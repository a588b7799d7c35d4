/* SPDX-License-Identifier: GPL-2.0 */
/* What include/linux/pram_format.h takes of the kernel's */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <stddef.h>

#define static_assert(expr)	_Static_assert(expr, #expr)

#endif /* _LINUX_BUILD_BUG_H */
