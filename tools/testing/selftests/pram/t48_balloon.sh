#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A guest whose balloon is inflated: what a kexec image will be copied to leaves the
# balloon when it is loaded, and does not get into it as long as it is. The balloon
# keeps its size. A load that is refused changes nothing. The kexec itself takes no
# memory from the host: see t48_balloon.check.
#
# pram-gens: 2
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 600
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -device virtio-balloon-pci

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

case $PRAM_GEN in
1)	save a seed=1
	resize 768
	load_there -l --no-memtest
	resize 448
	check_eq "nor do they get into a larger one" "$(in_ranges)" 0
	resize 768

	check "somebody refuses" test_pram_stay refuse_load
	check_fails "an image is not loaded" load_ranges -l --no-memtest
	check_fails "nor by kexec_file_load" load_next -s --no-memtest
	check_eq "the one before still is" "$(cat /sys/kernel/kexec_loaded)" 1
	check "nobody refuses any more" rmmod test_pram
	resize 448
	check_eq "what it claims is not in the balloon" "$(in_ranges)" 0

	unload_next
	resize 768
	resize 320
	check "without an image there is no claim" [ "$(in_ranges)" -gt 0 ]
	resize 768
	check "kexec_file_load loads one" load_next -s --no-memtest
	check "the balloon is as large as before" wait_size 768
	check "and kexec_load another" load_ranges -l --no-memtest
	check_eq "which has left the balloon" "$(in_ranges)" 0
	check "the balloon is as large as before" wait_size 768
	check "all the guest has is resident" touch_free
	jump_with_balloon 2
	;;
2)	load a seed=1
	check_nothing_left
	check "the next kernel has its balloon, too" wait_size 768
	finish
	;;
esac
