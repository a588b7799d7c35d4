#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An image is loaded before the balloon's driver is, to where pages of the previous
# kernel's balloon wait for it: the driver does not take those up, but others in their
# place, and sees to it that they are backed. See t48_balloon.check.
#
# pram-gens: 3
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 600
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -device virtio-balloon-pci

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

case $PRAM_GEN in
1)	save a seed=1
	resize 768
	check "the next kernel is loaded" load_next -l --no-memtest noballoon
	exec_next
	;;
2)	load a seed=1
	save a seed=1
	check_pages "pages wait for the driver" "$(sysfs absent_pages)" 327680
	check "MemTotal does not have them" \
		[ "$(meminfo MemTotal)" -lt $((768 * 1024)) ]
	check "there is room for an image among them" aim
	check "an image is loaded there" load_ranges -l --no-memtest \
		--drop noballoon
	waiting=$(in_ranges)
	check "pages wait where it will be copied to" [ "$waiting" -gt 4096 ]
	check "the driver is loaded" load_module virtio_balloon
	check "it takes pages up" wait_taken_up
	check "the balloon is as large as it was" wait_size 768
	check_eq "it has taken up all but those" "$(($(taken_up) + waiting))" \
		"$(kernel_log | sed -n \
		"s/.*taken up [0-9]* of \([0-9]*\) pages of the prev.*/\1/p")"
	check_eq "nothing of the image is in it" "$(in_ranges)" 0
	check_eq "no page waits" "$(sysfs absent_pages)" 0
	check "all the guest has is resident" touch_free
	jump_with_balloon 2
	;;
3)	load a seed=1
	check_nothing_left
	check "the next kernel has its balloon, too" wait_size 768
	finish
	;;
esac
