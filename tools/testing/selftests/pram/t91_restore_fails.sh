#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A mount that needs more than its memory cgroup may have fails: it kills nobody,
# leaves nothing charged, and can be repeated, with a tree of large files and with one
# of many inodes. What huge folios have beyond the end of their files is given up when
# the file system is full, as it was before the kexec.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

nr_inodes=20000
make_cgroup

# In KiB; what is freed later is not charged for long
charged()
{
	sync
	sleep 1
	echo $(($(cat $group/memory.current) >> 10))
}

killed()
{
	sed -n 's/^oom_kill //p' $group/memory.events
}

make_inodes()
{
	mkdir /mnt/inodes/dir && cd /mnt/inodes/dir &&
		seq $nr_inodes | xargs touch
}

# too_small NAME LIMIT
too_small()
{
	local before

	echo max >$group/memory.max
	before=$(charged)
	echo "$2" >$group/memory.max
	for times in once again; do
		check_fails "$1 does not fit into $2, $times" \
			in_group mount_pram "$1" "/mnt/$1"
		check_eq "nobody is killed" "$(killed)" 0
		check "not even he who sleeps" kill -0 "$sleeper"
		check_eq "the tree is as it was" "$(sysfs "nodes/$1/state")" kept
		echo max >$group/memory.max
		check_near "nothing is charged" "$(charged)" "$before" 1024
		echo "$2" >$group/memory.max
	done
	check "the log says why" [ "$(logged \
		"pram: tmpfs '$1' cannot be mounted: error -12")" = 2 ]
	echo max >$group/memory.max
}

case $PRAM_GEN in
1)	mount_pram large /mnt/large || bail "no tree"
	random_file /mnt/large/a $((24 << 20))
	random_file /mnt/large/b $((40 << 20))
	mount_pram inodes /mnt/inodes || bail "no tree"
	check "there are many files" make_inodes
	mount_pram huge /mnt/huge huge=always,size=64M || bail "no tree"
	for i in $(seq 30); do
		random_file "/mnt/huge/$i" 4096
	done
	check_near "they take nearly all there is" \
		"$(df -k /mnt/huge | awk 'END { print $3 }')" $((60 << 10)) 0
	sum=$(cat /mnt/large/* | digest)
	umount /mnt/*
	next_kernel -l "sum=$sum"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	in_group exec sleep 10000 &
	sleep 1
	sleeper=$(cat $group/cgroup.procs)
	too_small large 48M
	too_small inodes 6M
	before=$(charged)
	check "the tree is mounted" in_group mount_pram large /mnt/large
	check_near "it is charged" "$(charged)" $((before + (64 << 10))) 2048
	check_eq "it is as it was" "$(cat /mnt/large/* | digest)" \
		"$(cmdline_arg sum)"
	check "that of many files is mounted" mount_pram inodes /mnt/inodes
	check_eq "they are there" "$(find /mnt/inodes/dir -type f | wc -l)" \
		$nr_inodes
	check "the huge one is mounted" \
		mount_pram huge /mnt/huge huge=always,size=64M
	check_near "its files take as much as before" \
		"$(df -k /mnt/huge | awk 'END { print $3 }')" $((60 << 10)) 0
	check "there is room for 16 MiB" \
		random_file /mnt/huge/more $((16 << 20))
	check_eq "that is there" "$(stat -c %s /mnt/huge/more)" $((16 << 20))
	kill "$sleeper"
	finish
	;;
esac
