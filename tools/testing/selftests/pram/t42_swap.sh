#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Part of a tree is in swap when the kexec is requested: it is brought in, and is there
# after the kexec. Where that takes more memory than there is, the kexec is refused,
# and the tree is as it was.
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
	umount /mnt/tree
	check_eq "sysfs says so of the tree" "$(sysfs nodes/tree/swapped)" 8192
	check_eq "that is part of its pages" "$(sysfs nodes/tree/pages)" 8192
	check_eq "it has 4 inodes" "$(sysfs nodes/tree/inodes)" 4

	mount_pram large /mnt/large size=900M || bail "no tree"
	for i in 1 2 3 4 5 6 7; do
		yes "large $i" | head -c $((80 << 20)) >"/mnt/large/file$i"
		"$here/pageout" "/mnt/large/file$i"
	done
	check_near "all of it is there" "$(in_swap)" $((592 << 10)) 51200
	load_next -l "sums=$sums" || bail "kexec -l"
	refused "no memory to describe tmpfs 'large', or to bring in what is in swap"
	check_eq "the tree is as it was" "$(digest /mnt/large/file7)" \
		"$(yes "large 7" | head -c $((80 << 20)) | sha256sum |
			cut -d' ' -f1)"
	umount /mnt/large
	check "it is discarded" sh -c "echo large >$PRAM_SYSFS/discard"

	accepted 'ok: 1 nodes'
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the tree is mounted" mount_pram tree /mnt/tree
	check_eq "it is as it was" \
		"$(digest /mnt/tree/random)-$(digest /mnt/tree/dir/plain)" \
		"$(cmdline_arg sums)"
	finish
	;;
esac
