#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Not one of the tests that are run by themselves: a kernel with
# CONFIG_PRAM_KUNIT_TEST=y has run its suites by now, see harness/kunit. Theirs
# are also the pages of a node that was there before they were.
#
# pram-gens: 2

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /sys/kernel/debug/kunit
check_eq "the suites left the super block alone" "$(sysfs generation)" \
	$((PRAM_GEN - 1))
case $PRAM_GEN in
1)	check_empty "and no node" "$(ls $PRAM_SYSFS/nodes)"
	save kunit seed=5
	next_kernel -l
	;;
2)	check_eq "and one node" "$(ls $PRAM_SYSFS/nodes)" kunit
	load kunit seed=5
	check_nothing_left
	finish
	;;
esac
