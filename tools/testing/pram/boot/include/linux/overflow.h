/* SPDX-License-Identifier: GPL-2.0 */
/* The one in tools/include does not have all of it */
#include "include/linux/overflow.h"
