#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory that is free in pieces of 32 MiB, with as much in between that is
# preserved, is room for the next kernel: nothing moves.
#
# pram-gens: 2
# pram-mem: 5G
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check "an image is loaded" load_next -l --no-memtest memtest=1
	check "every other 32 MiB are saved" \
		test_pram scatter name=p seed=3 piece=8192 pages=620000
	check "that is 2 GiB, at least" [ "$(sysfs pages)" -gt 524288 ]
	exec_next
	;;
2)	load p seed=3
	check_nothing_left
	finish
	;;
esac
