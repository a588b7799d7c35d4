#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory that holds preserved pages cannot be taken offline, in the kernel that
# saved them or in the next; afterwards it can.
#
# pram-gens: 2
# pram-mem: 1G

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

blocks=/sys/devices/system/memory
need $blocks/block_size_bytes

# block PFN: the memory block it is in
block()
{
	echo "$blocks/memory$(($1 * 4096 / 0x$(cat $blocks/block_size_bytes)))"
}

check_held()
{
	check_fails "memory with preserved pages cannot go offline" \
		sh -c "echo offline >$(block "$1")/state"
	check_eq "it stays online" "$(cat "$(block "$1")/state")" online
}

case $PRAM_GEN in
1)	check "pages are saved" test_pram_stay contig name=a seed=1 pages=1000
	pfn=$(cat /sys/module/test_pram/parameters/first_pfn)
	rmmod test_pram
	check_held "$pfn"
	next_kernel -l "pfn=$pfn"
	;;
2)	check_held "$(cmdline_arg pfn)"
	load a seed=1
	check_nothing_left
	finish
	;;
esac
