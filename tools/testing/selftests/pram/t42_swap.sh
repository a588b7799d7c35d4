#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Part of a tree is in swap when it is saved: it is brought in, and is there after
# the kexec. Where that takes more memory than there is, the tree is lost, and the
# log says so. A tree that is in memory is saved although none is available.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

here=$(cd "$(dirname "$0")" && pwd)
modprobe -q zram
need /sys/block/zram0/disksize

in_swap()
{
	echo $(($(meminfo SwapTotal) - $(meminfo SwapFree)))
}

# What a file of that many MiB has, where it compresses to next to nothing
plain_file()
{
	yes "$2" | head -c $((($2) << 20)) >"$1"
}

case $PRAM_GEN in
1)	echo 1G >/sys/block/zram0/disksize
	check "there is swap" mkswap /dev/zram0
	check "it is used" swapon /dev/zram0

	mount_pram tree /mnt/tree || bail "no tree"
	check "there is a file" random_file /mnt/tree/random $((8 << 20))
	mkdir /mnt/tree/dir
	plain_file /mnt/tree/dir/plain 24
	sums="$(digest /mnt/tree/random)-$(digest /mnt/tree/dir/plain)"
	check "one goes to swap" "$here/pageout" /mnt/tree/random
	check "and another" "$here/pageout" /mnt/tree/dir/plain
	check_near "it is there" "$(in_swap)" $((32 << 10)) 2048
	check "the tree is saved" umount /mnt/tree
	check_near "nothing is there any more" "$(in_swap)" 0 2048
	check_eq "the tree has its pages" "$(sysfs nodes/tree/pages)" \
		$((32 * 256 + 1))

	mount_pram large /mnt/large size=900M || bail "no tree"
	for i in 1 2 3 4 5 6 7; do
		head -c $((80 << 20)) /dev/zero >"/mnt/large/file$i"
		"$here/pageout" "/mnt/large/file$i"
	done
	check_near "all of it is there" "$(in_swap)" $((560 << 10)) 51200
	umount /mnt/large
	check "the log says that this tree is lost" \
		[ "$(logged "pram: tmpfs 'large' could not be saved")" = 1 ]
	check_log "it says at which file memory ran out" \
		"pram: tmpfs: cannot save.*file.*error -12"
	check_fails "there is no part of it" node_exists large
	check_near "nothing is in swap" "$(in_swap)" 0 2048
	check_eq "the pages are those of the first" "$(sysfs pages)" \
		"$(sysfs nodes/tree/pages)"
	check "the swap is not used any more" swapoff /dev/zram0

	# What is free is reserved then
	mount_pram full /mnt/full || bail "no tree"
	echo 3000 >/proc/sys/vm/watermark_scale_factor
	check "there is a file" random_file /mnt/full/file $((128 << 20))
	check_eq "no memory is available" "$(meminfo MemAvailable)" 0
	check "the tree is saved all the same" umount /mnt/full
	check_eq "it has its pages" "$(sysfs nodes/full/pages)" $((128 * 256 + 1))
	check "it is discarded" test_pram discard name=full
	echo 10 >/proc/sys/vm/watermark_scale_factor
	next_kernel -l "sums=$sums"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the tree is mounted" mount_pram tree /mnt/tree
	check_eq "it is as it was" \
		"$(digest /mnt/tree/random)-$(digest /mnt/tree/dir/plain)" \
		"$(cmdline_arg sums)"
	finish
	;;
esac
