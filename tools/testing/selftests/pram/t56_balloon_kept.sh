#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A balloon goes over kexecs as it is: the next kernel has no more memory than this
# one, although it writes over all that is free (memtest=), and a node and a tree
# beside it are intact. The host wants another size meanwhile; the device says another
# size; and there is no driver. See t56_balloon_kept.check for what the host has seen.
#
# pram-gens: 5
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 900
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -device virtio-balloon-pci,id=balloon

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"
# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

# jump_kept [ARG...]: to the next kernel, which finds $total on its command line
jump_kept()
{
	check "the next kernel is loaded" load_next -l "$@"
	check "the balloon has its size with an image loaded" wait_size "$size"
	check "all the guest has is resident" touch_free
	check "the kexec would not be refused" sh -c "echo 1 >$PRAM_SYSFS/check"
	check_eq "trying has taken nothing out of the balloon" \
		"$(pageflags $OFFLINE)" $(((2048 - size) * 256))
	umount /mnt/tree
}

# What is preserved beside it
check_beside()
{
	load a seed=1
	save a seed=1
	check "the tree is mounted" mount_pram tree /mnt/tree
	check "its file is intact" sh -c 'cd /mnt/tree && sha256sum -c sum >/dev/null'
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
}

size=768
case $PRAM_GEN in
1)	save a seed=1
	check "a tree is made" mount_pram tree /mnt/tree
	check "with a file" sh -c 'cd /mnt/tree &&
		head -c 30000000 /dev/urandom >file && sha256sum file >sum'
	resize $size
	measure
	jump_kept total=$total
	resize 832
	resize $size
	host phase loaded
	sleep 2
	exec_next
	;;
2)	# what is raw of nodes has the same type as pages of the balloon
	check_beside
	check "the driver has come" wait_taken_up
	check "the balloon is as large as it was" wait_size $size
	check_pages "it was taken up" "$(taken_up)" $(((2048 - 768) * 256))
	check_eq "no page waits" "$(sysfs absent_pages)" 0
	measure
	check_near "MemTotal is the same" "$total" "$(cmdline_arg total)" 8
	host phase second
	sleep 1
	resize 832
	resize $size
	jump_kept
	host later 1024
	exec_next
	;;
3)	size=1024
	check_beside
	check "the driver has come" wait_taken_up
	check "the host gets the size that it wants" wait_size $size
	check_pages "it was taken up" "$(taken_up)" $(((2048 - 768) * 256))
	jump_kept
	# as if the device had been another one
	damage 'node:virtio-balloon absent_size 1000'
	exec_next
	;;
4)	size=1024
	check_pages "what the device does not know becomes free memory" \
		"$(set_free 'the device says another size')" 262144
	check_empty "nothing was taken up" "$(taken_up)"
	check_beside
	check "a balloon of the right size inflates" wait_size $size
	jump_kept noballoon pram.absent_wait=20
	exec_next
	;;
5)	check_pages "without a driver the pages wait" "$(sysfs absent_pages)" 262144
	check_beside
	before=$(meminfo MemFree)
	sleep 25
	check_eq "but not for ever" "$(sysfs absent_pages)" 0
	check_pages "the log says so" "$(set_free 'no driver has come')" 262144
	check "they are free memory" \
		[ $(($(meminfo MemFree) - before)) -gt $((1000 * 1024)) ]
	check_eq "no page is set apart" "$(pageflags $OFFLINE)" 0
	finish
	;;
esac
