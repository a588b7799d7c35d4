#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Trees at their limits: 5,000 levels of directories, 100,000 files, 50,000 of them in
# one directory, a file of 100,000 extents, a byte in the last page that a file can
# have. What is twice as large takes about twice as long.
#
# pram-gens: 2
# pram-mem: 2G
# pram-timeout: 900
# pram-long: 1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# bulk_tree NAME KIND N: a tree of its own for each, parked
bulk_tree()
{
	mount_pram "$1" /mnt/bulk || bail "cannot mount pram=$1"
	check "$1 is made: $2, $3" bulk make "$2" /mnt/bulk/x "$3"
	umount /mnt/bulk
}

# now: in units of 10 ms
now()
{
	awk '{ print int($1 * 100) }' /proc/uptime
}

# check_bulk NAME KIND N: and how long the mount takes, in $took
check_bulk()
{
	local start

	start=$(now)
	check "$1 is mounted" mount_pram "$1" /mnt/bulk
	took=$(($(now) - start))
	diag "$1: ${took}0 ms"
	check "$1 is whole: $2, $3" bulk check "$2" /mnt/bulk/x "$3"
	umount /mnt/bulk
}

case $PRAM_GEN in
1)	bulk_tree deep deep 5000
	bulk_tree files25 files 25000
	bulk_tree files50 files 50000
	mount_pram dirs /mnt/bulk || bail "no tree"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		bulk make files /mnt/bulk/$i 5000 || not_ok "directory $i"
	done
	umount /mnt/bulk
	bulk_tree extents extents 100000
	bulk_tree last last 1
	next_kernel -l --no-memtest memtest=1
	;;
2)	check_bulk deep deep 5000
	check_bulk files25 files 25000
	half=$took
	check_bulk files50 files 50000
	check "twice as many files take less than three times as long" \
		[ "$took" -lt $((3 * half + 20)) ]
	check "dirs is mounted" mount_pram dirs /mnt/bulk
	for i in 1 2 3 4 5 6 7 8 9 10; do
		check "directory $i is whole" bulk check files /mnt/bulk/$i 5000
	done
	umount /mnt/bulk
	check_bulk extents extents 100000
	check_bulk last last 1
	check "all ends" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_nothing_left
	finish
	;;
esac
