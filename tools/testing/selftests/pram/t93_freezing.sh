#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A write that does not come to an end keeps a tree from being frozen: the kexec is
# refused after some seconds, in which sync(2) and other trees work, and goes ahead
# when the writer is gone. What userfaultfd may fill in is refused, too; and so is a
# tree that changes all the same, by discards of a loop device.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# start MODE FILE: sets $pid
start()
{
	(
		trap - EXIT
		exec uffd "$1" "$2"
	) >/tmp/ready 2>&1 &
	pid=$!
	sleep 1
	grep -q ready /tmp/ready || skip_all "no userfaultfd: $(cat /tmp/ready)"
}

try_check()
{
	(
		trap - EXIT
		echo 1 >$PRAM_SYSFS/check
	) >/dev/null 2>&1 &
	checker=$!
}

stop()
{
	kill -9 "$pid"
	wait "$pid"
	sleep 1
}

# Write to and discard all of a file by way of a loop device, again and again
loop_discards()
{
	truncate -s 16M /mnt/tree/disk
	losetup "$1" /mnt/tree/disk || skip_all "no loop device"
	(
		trap - EXIT
		while :; do
			dd if=/dev/zero of="$1" bs=1M count=16 conv=fsync
			blkdiscard "$1"
		done
	) >/dev/null 2>&1 &
	pid=$!
}

# Does a check say "refused: $1" in one of many tries?
refused_once()
{
	for i in $(seq 200); do
		echo 1 >$PRAM_SYSFS/check
		if grep -q "^refused: $1" $PRAM_SYSFS/check; then
			diag "refused in try $i: $(cat $PRAM_SYSFS/check)"
			return
		fi
	done 2>/dev/null
	return 1
}

seconds()
{
	cut -d. -f1 /proc/uptime
}

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	mount_pram other /mnt/other || bail "no tree"
	echo contents >/mnt/tree/file
	load_next -l || bail "kexec -l"
	accepted 'ok: 2 nodes'
	load_next -l || bail "kexec -l"
	check_eq "what was checked is another image" \
		"$(cat $PRAM_SYSFS/check)" none
	mkdir /mnt/other2
	start write /mnt/tree/stuck
	before=$(seconds)
	try_check
	sleep 2
	check "sync works" timeout 2 sync
	check "another tree can be mounted" timeout 2 \
		mount -t tmpfs -o pram=other none /mnt/other2
	check_fails "the check fails" wait $checker
	check "after five seconds or so" [ $(($(seconds) - before)) -lt 15 ]
	check "it says why" grep -q "refused: tmpfs 'tree' cannot be frozen: a write" \
		$PRAM_SYSFS/check
	check "another tree can be written to" timeout 2 \
		sh -c 'echo other >/mnt/other/file'
	refused "tmpfs 'tree' cannot be frozen: a write takes"
	check "nor does it stand still after a kexec that is refused" timeout 2 \
		sh -c 'echo other >/mnt/other/file'
	stop
	check "the tree can be written to" timeout 2 \
		sh -c 'echo more >>/mnt/tree/file'
	accepted 'ok: 2 nodes'
	start map /mnt/tree/mapped
	refused "'/mapped' in tmpfs 'tree' is registered with userfaultfd"
	stop
	accepted 'ok: 2 nodes'
	loop_discards /dev/loop0
	check "discards while it is described are noticed" \
		refused_once "tmpfs 'tree' has changed while it was described"
	stop
	losetup -d /dev/loop0
	rm /mnt/tree/disk
	accepted 'ok: 2 nodes'
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the tree is mounted" mount_pram tree /mnt/tree
	check_eq "it is as it was" "$(tr '\n' ' ' </mnt/tree/file)" \
		"contents more "
	check "the other is mounted" mount_pram other /mnt/other
	check_eq "it is as it was, too" "$(cat /mnt/other/file)" other
	finish
	;;
esac
