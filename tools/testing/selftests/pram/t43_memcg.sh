#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A tree is charged to the memory cgroup of those who have written to it, mounted or
# parked; one that is restored, to that of whoever mounts it. If that may not have so
# much, the mount fails, and the tree stays. A kexec that is refused changes nothing.
#
# pram-gens: 2
# pram-mem: 512M
# pram-allow: Memory cgroup out of memory|oom-kill|invoked oom-killer|Call Trace

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

make_cgroup

# In KiB
charged()
{
	echo $(($(cat $group/memory.current) >> 10))
}

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	# as a program writes that does not look again, and one that does
	check "there is a file" in_group random_file /mnt/tree/once $((24 << 20))
	check "and another" in_group random_file /mnt/tree/twice $((8 << 20))
	check "it is read" in_group digest /mnt/tree/twice
	check_near "they are charged to the cgroup" "$(charged)" $((32 << 10)) 4096
	sums="$(digest /mnt/tree/once)-$(digest /mnt/tree/twice)"
	umount /mnt/tree
	check_near "it is when it is parked" "$(charged)" $((32 << 10)) 4096
	load_next -l "sums=$sums" || bail "kexec -l"
	accepted 'ok: 1 nodes'
	check_near "it is after a check" "$(charged)" $((32 << 10)) 4096
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_near "nothing is charged" "$(charged)" 0 2048
	echo 24M >$group/memory.max
	check_fails "half of it is too little" in_group mount_pram tree /mnt/tree
	check_eq "the tree is as it was" "$(sysfs nodes/tree/state)" kept
	echo max >$group/memory.max
	check "the tree is mounted" in_group mount_pram tree /mnt/tree
	check_near "it is charged" "$(charged)" $((32 << 10)) 4096
	check_eq "it is as it was" \
		"$(digest /mnt/tree/once)-$(digest /mnt/tree/twice)" \
		"$(cmdline_arg sums)"
	rm /mnt/tree/once /mnt/tree/twice
	check_near "and is not when it is removed" "$(charged)" 0 2048
	finish
	;;
esac
