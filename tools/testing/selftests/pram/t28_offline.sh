#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory that holds preserved pages cannot be taken offline, in the kernel that
# saved them or in the next; in ZONE_MOVABLE, where it is supposed to be possible,
# trying does not go on for ever.
#
# pram-gens: 2
# pram-mem: 1G
# pram-append: movablecore=512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

blocks=/sys/devices/system/memory
need $blocks/block_size_bytes

# block PFN: the memory block it is in
block()
{
	echo "$blocks/memory$(($1 * 4096 / 0x$(cat $blocks/block_size_bytes)))"
}

# Signals end it, should it go on for ever
offline()
{
	timeout 60 sh -c "echo offline >$(block "$1")/state"
}

check_held()
{
	offline "$1"
	check_eq "memory with preserved pages refuses to go offline" $? 1
	check_eq "it stays online" "$(cat "$(block "$1")/state")" online
}

# Sets $pfn to the first page of what is saved
save_at()
{
	check "pages are saved" test_pram_stay contig "$@"
	pfn=$(module_param test_pram first_pfn)
	rmmod test_pram
}

case $PRAM_GEN in
1)	cmdline_arg movablecore >/dev/null || need "movablecore="
	save_at name=b seed=2 pages=1000 movable=1
	check_eq "they are in ZONE_MOVABLE" \
		"$(cat "$(block "$pfn")/valid_zones")" Movable
	check_held "$pfn"
	check "they are discarded" sh -c "echo b >$PRAM_SYSFS/discard"
	check "the memory goes offline" offline "$pfn"
	check "it goes online" \
		sh -c "echo online_movable >$(block "$pfn")/state"
	save_at name=a seed=1 pages=1000
	check_held "$pfn"
	next_kernel -l "pfn=$pfn"
	;;
2)	check_held "$(cmdline_arg pfn)"
	load a seed=1
	check_nothing_left
	finish
	;;
esac
