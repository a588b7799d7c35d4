#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# As t56, for a balloon that reports free pages and is deflated when memory is short:
# MemTotal has it, in both kernels. It goes along though there is no node, and pram= was
# not on the command line. Without a driver, pages of the balloon are had when
# memory runs out, and nobody is killed.
#
# pram-gens: 3
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 900
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -device virtio-balloon-pci,id=balloon,deflate-on-oom=on,free-page-reporting=on

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

ADDED='added pram= to the command line of the loaded kernel'

case $PRAM_GEN in
1)	check "with nothing in the balloon" load_next -s --no-pram
	check_eq "pram= is not added" "$(logged "$ADDED")" 0
	resize 768
	measure
	check "the next kernel is loaded" load_next -s --no-pram total=$total
	check_eq "pram= is added for the balloon" "$(logged "$ADDED")" 1
	check "the balloon has its size" wait_size 768
	host phase loaded
	# two rounds of reporting
	sleep 5
	exec_next
	;;
2)	save a seed=1
	check "the driver has come" wait_taken_up
	check "the balloon is as large as it was" wait_size 768
	check_pages "it was taken up" "$(taken_up)" 327680
	measure
	check_near "MemTotal is the same" "$total" "$(cmdline_arg total)" 16
	host phase second
	next_kernel -l noballoon pram.absent_wait=3000
	;;
3)	load a seed=1
	check_pages "pages wait for the driver" "$(sysfs absent_pages)" 327680
	check "pramctl says so" sh -c "pramctl list |
		grep '^1.[23]G are in no node: they wait for the driver of a balloon$'"
	check "more than all other memory can be had" fill 1000
	check_eq "no page waits any more" "$(sysfs absent_pages)" 0
	check_pages "the log says so" "$(set_free 'memory has run out')" 327680
	check_eq "nobody was killed" "$(logged 'Out of memory: Killed')" 0
	finish
	;;
esac
