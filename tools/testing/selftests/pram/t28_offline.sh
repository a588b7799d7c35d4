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

check_held()
{
	check_fails "memory with preserved pages cannot go offline" \
		sh -c "echo offline >$(block "$1")/state"
	check_eq "it stays online" "$(cat "$(block "$1")/state")" online
}

# Offline what there is of ZONE_MOVABLE, and online again; sets $gone and $held
try_movable()
{
	local block

	gone=0 held=0
	for block in "$blocks"/memory*/; do
		[ "$(cat "$block/valid_zones")" = Movable ] || continue
		if timeout 60 sh -c "echo offline >$block/state" 2>/dev/null; then
			gone=$((gone + 1))
			echo online_movable >"$block/state"
		elif [ $? = 1 ]; then
			held=$((held + 1))
		else
			not_ok "$block refuses, or goes offline, in a minute"
		fi
	done
	diag "$gone blocks went offline, $held did not"
}

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "cannot mount pram=tree"
	random_file /mnt/tree/file $((20 << 20))
	cp /mnt/tree/file /mnt/tree/copy
	try_movable
	check "without preserved pages, it can go offline" test "$gone" -gt 0
	check_eq "all of it" "$held" 0
	check "a tree is saved" umount /mnt/tree
	try_movable
	check "with preserved pages, it cannot" test "$held" -gt 0
	check "pages are saved" test_pram_stay contig name=a seed=1 pages=1000
	pfn=$(cat /sys/module/test_pram/parameters/first_pfn)
	rmmod test_pram
	check_held "$pfn"
	next_kernel -l "pfn=$pfn"
	;;
2)	check_held "$(cmdline_arg pfn)"
	check "the tree is mounted" mount_pram tree /mnt/tree
	check "it is as it was" cmp /mnt/tree/file /mnt/tree/copy
	check "it is unmounted" umount /mnt/tree
	check "it is discarded" sh -c "echo tree >$PRAM_SYSFS/discard"
	load a seed=1
	check_nothing_left
	finish
	;;
esac
