/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the KUnit tests of balloons need, and kernels have in different ways.
 */
#ifndef _MM_TESTS_BALLOON_BASE_H
#define _MM_TESTS_BALLOON_BASE_H

#include <linux/balloon.h>
#include <linux/migrate.h>

#ifdef CONFIG_BALLOON_MIGRATION
#define balloon_test_isolate(page)	isolate_movable_ops_page(page, 0)
#endif

#endif /* _MM_TESTS_BALLOON_BASE_H */
