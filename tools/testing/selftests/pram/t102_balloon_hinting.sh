#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A guest with an image loaded is migrated, and hints which pages are free: it may do so
# with those that the image will be copied to, since the host does not keep them. The
# balloon and the image are as before. See t102_balloon_hinting.check.
#
# pram-gens: 2
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 600
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -object iothread,id=io -device virtio-balloon-pci,free-page-hint=on,iothread=io

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

# Free memory that is no zeros
leave_behind()
{
	tr '\0' x </dev/zero | fill "$1" /proc/self/fd/0
}

case $PRAM_GEN in
1)	save a seed=1
	resize 768
	load_there -l
	check "free memory has been used" leave_behind 400
	host migrate migrated
	# when that is done
	resize 800
	resize 768
	check_eq "nothing of the image is in it" "$(in_ranges)" 0
	check "free memory can be used again" fill 400
	exec_next
	;;
2)	load a seed=1
	check "the driver has come" wait_taken_up
	check "the balloon is as large as it was" wait_size 768
	check_pages "it was taken up" "$(taken_up)" 327680
	finish
	;;
esac
