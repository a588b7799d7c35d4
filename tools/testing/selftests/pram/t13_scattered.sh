#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# 64 MiB in pages no two of which are neighbours: there are as few reservations
# in early boot as there always are, and what lies between is free again.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	next_kernel -l
	;;
2)	free=$(free_kib)
	check "scattered pages are saved" \
		test_pram scatter name=s seed=5 pages=16384
	check "there are 64 MiB of them" \
		[ "$(cat $PRAM_SYSFS/nodes/s/pages)" -ge 16384 ]
	next_kernel -l "free=$free"
	;;
3)	line=$(kernel_log | grep 'pram: reserved ')
	diag "${line#*\] }"
	ranges=$(echo "$line" | sed 's/.*reserved \([0-9]*\) ranges.*/\1/')
	covered=$(echo "$line" | sed 's/.* \([0-9]*\) pages, for.*/\1/')
	check "at most 64 ranges were reserved" \
		[ "$ranges" -ge 1 -a "$ranges" -le 64 ]
	check "they have all pages" [ "$covered" -ge 16384 ]
	kib=$((($(sysfs pages) + $(sysfs metadata_pages)) * 4))
	check_near "what lies between is free" "$(free_kib)" \
		$(($(cmdline_arg free) - kib)) 4096
	load s seed=5
	check_nothing_left
	check_near "all is free" "$(free_kib)" "$(cmdline_arg free)" 4096
	finish
	;;
esac
