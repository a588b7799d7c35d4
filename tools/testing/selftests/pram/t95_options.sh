#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The mount options of a tree come back with it, in a kernel with less memory, too;
# what a mount says itself counts; what would be too small for the tree is refused.
# The third kernel has one node of NUMA less.
#
# pram-gens: 3
# pram-mem: 640M
# pram-qemu: -smp 2,sockets=2 -object memory-backend-ram,id=m0,size=320M -object memory-backend-ram,id=m1,size=320M -numa node,nodeid=0,memdev=m0,cpus=0 -numa node,nodeid=1,memdev=m1,cpus=1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# options DIR: those that a mount shows, less those of the mount itself
options()
{
	sed -n "s|^none $1 tmpfs rw,noatime,\([^ ]*\) .*|\1|p" /proc/mounts
}

# make_dirs N: as many directories
make_dirs()
{
	for i in $(seq "$1"); do
		mkdir "/mnt/all/$i" 2>/dev/null || return
	done
}

# fsid DIR: what statfs(2) says, which is made from the UUID of the file system
fsid()
{
	stat -f -c %i "$1"
}

# limit DIR: its size, in KiB
limit()
{
	df -k "$1" | awk 'END { print $2 }'
}

# refused_mount NAME OPTIONS REGEX: not mounted, the log says why, the node stays
refused_mount()
{
	check_fails "$1 is not mounted with $2" \
		mount_pram "$1" /mnt/refused "noatime,$2"
	check_log "the kernel says why" "$3"
	check_eq "the node is as it was" "$(sysfs "nodes/$1/state")" kept
}

all=size=65536k,nr_inodes=1000,mode=710,uid=5,gid=6,inode64,huge=always,mpol=interleave:0-1,noswap
case $PRAM_GEN in
1)	check "a tree with all options is mounted" \
		mount_pram all /mnt/all "noatime,$all"
	check_eq "it has them" "$(options /mnt/all)" "$all,pram=all"
	echo a >/mnt/all/file
	chmod 700 /mnt/all
	chown 7 /mnt/all
	umount /mnt/all
	check "what is not said does not contradict" mount_pram all /mnt/all
	check "nor does what is the same" \
		mount_pram all /mnt/all2 "noatime,$all"
	check_fails "another policy does" \
		mount_pram all /mnt/all3 noatime,mpol=bind:0
	check_log "the kernel says so" "'all' is alive with other options"
	check_fails "so do other inode numbers" \
		mount_pram all /mnt/all3 noatime,inode32
	check_fails "so do quotas" mount_pram all /mnt/all3 noatime,quota
	check_fails "which a new tree cannot have either" \
		mount_pram quota /mnt/quota noatime,quota
	check_log "the kernel says so, too" "'quota': quotas do not go with pram="
	check_fails "it is not there" node_exists quota
	umount /mnt/all2

	# Half of RAM by default, and nearly full
	check "a tree without options is mounted" mount_pram plain /mnt/plain
	random_file /mnt/plain/some 1000000
	kib=$(($(limit /mnt/plain) - 4096))
	check "it is filled" \
		setfile reserve /mnt/plain/file 0 $((kib << 10))

	check "two more are mounted" mount_pram said /mnt/said \
		noatime,size=20M,nr_inodes=100,huge=always,noswap,inode64
	check "two more are mounted" mount_pram small /mnt/small noatime,size=20M
	random_file /mnt/small/file $((8 << 20))
	mkdir /mnt/small/1 /mnt/small/2 /mnt/small/3
	check_eq "its inodes are counted" "$(sysfs nodes/small/inodes)" 5
	check_eq "nothing is kept yet" "$(sysfs kept_pages)" 0
	check "without a limit" mount -o remount,size=0 /mnt/said
	random_file /mnt/said/file 10000
	check "its pages are counted, too" [ "$(sysfs nodes/said/pages)" -ge 3 ]
	next_kernel -l crashkernel=32M "limit=$(limit /mnt/plain)" \
		"total=$(meminfo MemTotal)" "sum=$(digest /mnt/plain/some)" \
		"fsid=$(fsid /mnt/plain)"
	;;
2)	check "there is less memory" \
		[ "$(meminfo MemTotal)" -lt $(($(cmdline_arg total) - 20000)) ]
	check "the tree with all options is mounted without any" \
		mount_pram all /mnt/all
	check_eq "it has them" "$(options /mnt/all)" "$all,pram=all"
	check_eq "mode and owner of its root are what they were last" \
		"$(stat -c %a:%u:%g /mnt/all)" 700:7:6
	check_fails "size= counts" \
		setfile reserve /mnt/all/large 0 $((65 << 20))
	check_fails "nr_inodes= counts" make_dirs 1000
	check "they can be changed" mount -o remount,size=96M /mnt/all

	check "that without options is mounted" mount_pram plain /mnt/plain
	check_eq "it is as large as it was" "$(limit /mnt/plain)" \
		"$(cmdline_arg limit)"
	check_eq "its contents are, too" "$(digest /mnt/plain/some)" \
		"$(cmdline_arg sum)"
	check_eq "it is the same file system" "$(fsid /mnt/plain)" \
		"$(cmdline_arg fsid)"
	check "which is not that of another tree" \
		[ "$(fsid /mnt/plain)" != "$(fsid /mnt/all)" ]
	umount /mnt/plain
	check "it is discarded" sh -c "echo plain >$PRAM_SYSFS/discard"

	check "what a mount says counts" mount_pram said /mnt/said \
		noatime,size=30M,nr_inodes=200,huge=never,inode32
	check_eq "with the rest as it was" "$(options /mnt/said)" \
		size=30720k,nr_inodes=200,noswap,pram=said

	check_eq "its inodes are known" "$(sysfs nodes/small/inodes)" 5
	check_near "what it keeps is said" "$(($(sysfs kept_pages) * 4))" 8192 64
	refused_mount small size=1M \
		"tmpfs 'small' has 8192 KiB: size= is too small"
	refused_mount small nr_inodes=3 \
		"tmpfs 'small' has 5 inodes: nr_inodes= is too small"
	check "it is mounted without" mount_pram small /mnt/small
	check_eq "it has what it had" "$(options /mnt/small)" \
		"size=20480k,nr_inodes=$(($(cmdline_arg total) / 8)),pram=small" ||
		diag "$(options /mnt/small)"
	next_kernel -l --drop crashkernel numa=off
	;;
3)	check_eq "there is one node of NUMA" \
		"$(cat /sys/devices/system/node/online)" 0
	check "the tree with all options is mounted" mount_pram all /mnt/all
	check_eq "its size is what it was changed to, the policy is lost" \
		"$(options /mnt/all)" \
		"$(echo "$all" | sed 's/65536k/98304k/; s/mpol=[^,]*,//'),pram=all"
	check_log "the kernel says so" "'all' has lost its mpol="
	finish
	;;
esac
