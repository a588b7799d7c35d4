#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The next kernel has less memory (memmap=): nodes with pages in what is missing
# are dropped by name, and the others live.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# Hide 16 MiB around a page
case $PRAM_GEN in
1)	save a seed=1
	check "many pages are saved" \
		test_pram_stay contig name=b seed=2 pages=12000
	pfn=$(cat /sys/module/test_pram/parameters/first_pfn)
	rmmod test_pram
	save c seed=3
	hide=$((pfn >> 12 << 4))
	# shellcheck disable=SC2016 # the dollar is part of it
	next_kernel -l "memmap=16M\$${hide}M" "hide=$hide"
	;;
2)	diag "hidden: 16 MiB at $(cmdline_arg hide) MiB"
	check_fails "the node in what is hidden is gone" node_exists b
	check "the kernel says so, and why" \
		[ "$(logged "pram: node 'b' dropped: .*page")" = 1 ]
	left=0
	for name in a c; do
		if node_exists $name; then
			left=$((left + 1))
		else
			check "node $name was dropped by name" \
				[ "$(logged "pram: node '$name' dropped")" = 1 ]
		fi
	done
	check "others live" [ $left -ge 1 ]
	! node_exists a || load a seed=1
	! node_exists c || load c seed=3
	check_nothing_left
	finish
	;;
esac
