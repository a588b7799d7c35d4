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

# Hide the 4 MiB of one folio, in which there is nothing else
case $PRAM_GEN in
1)	save a seed=1
	check "many pages are saved" \
		test_pram_stay contig name=b seed=2 pages=12000 order=10
	pfn=$(cat /sys/module/test_pram/parameters/first_pfn)
	rmmod test_pram
	save c seed=3
	hide=$((pfn / 256))
	# shellcheck disable=SC2016 # the dollar is part of it
	next_kernel -l "memmap=4M\$${hide}M" "hide=$hide"
	;;
2)	diag "hidden: 4 MiB at $(cmdline_arg hide) MiB"
	check_fails "the node in what is hidden is gone" node_exists b
	check "the kernel says so, and why" \
		[ "$(logged "pram: node 'b' dropped: .*page")" = 1 ]
	load a seed=1
	load c seed=3
	check_nothing_left
	finish
	;;
esac
