/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the KUnit tests of balloons need, and kernels have in different ways.
 */
#ifndef _MM_TESTS_BALLOON_BASE_H
#define _MM_TESTS_BALLOON_BASE_H

#include <linux/balloon_compaction.h>
#include <linux/migrate.h>

#ifdef CONFIG_BALLOON_COMPACTION
#define balloon_test_isolate(page)	isolate_movable_page(page, 0)
#endif

#endif /* _MM_TESTS_BALLOON_BASE_H */
