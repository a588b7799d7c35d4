#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Most of a tree is in swap, as the memory cgroup of who has written it is full: that is
# no reason to refuse a kexec. In the next kernel swapoff(8) finds what is in swap of a
# file of which not all has been restored.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

here=$(cd "$(dirname "$0")" && pwd)
modprobe -q zram
need /sys/block/zram0/disksize
make_cgroup

in_swap()
{
	echo $(($(meminfo SwapTotal) - $(meminfo SwapFree)))
}

echo 64M >/sys/block/zram0/disksize
check "there is swap" mkswap /dev/zram0
check "it is used" swapon /dev/zram0
case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	echo 8M >$group/memory.max
	check "more is written than may be in memory" \
		in_group random_file /mnt/tree/file $((24 << 20))
	sum=$(digest /mnt/tree/file)
	check "half of it is in swap" [ "$(sysfs nodes/tree/swapped)" -ge 3072 ]
	load_next -l "sum=$sum" || bail "kexec -l"
	accepted 'ok: 1 nodes'
	check_eq "the limit is what it was" "$(cat $group/memory.max)" \
		$((8 << 20))
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	# The worker has no room to restore all of it, not in swap either
	echo 0 >$group/memory.swap.max
	echo $(($(cat $group/memory.current) + (8 << 20))) >$group/memory.max
	check "the tree is mounted" in_group \
		mount_pram tree /mnt/tree noatime,pram_lazy
	dd if=/mnt/tree/file of=/dev/null bs=1M count=2 2>/dev/null
	check "what has been restored goes to swap" \
		"$here/pageout" -r /mnt/tree/file
	check "it is there" [ "$(in_swap)" -ge 2048 ]
	check_fails "there is more to be restored" \
		grep -qx '0 0' "$PRAM_SYSFS/nodes/tree/progress"
	check "swap can do without" timeout 60 swapoff /dev/zram0
	echo max >$group/memory.max
	check_eq "the file is as it was" "$(digest /mnt/tree/file)" \
		"$(cmdline_arg sum)"
	finish
	;;
esac
