#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A balloon with all its features: it is deflated when memory is short, and the guest
# reports free pages. What a kexec image will be copied to is backed when it is loaded,
# and not reported.
#
# pram-gens: 2
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 600
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -device virtio-balloon-pci,deflate-on-oom=on,free-page-reporting=on

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

case $PRAM_GEN in
1)	resize 768
	check "there is room for an image in the balloon" aim
	# so that nothing but what leaves the balloon has to be backed
	check "all the guest has is resident" touch_free
	check "an image is loaded there" load_ranges -l --no-memtest
	check_eq "it has left the balloon" "$(in_ranges)" 0
	check "which is as large as before" wait_size 768
	# two rounds of reporting are 2 s each
	jump_with_balloon 10
	;;
2)	check "the next kernel has its balloon, too" wait_size 768
	finish
	;;
esac
