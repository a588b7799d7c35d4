#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two nodes of NUMA, and memory on both sides of 4 GiB.
#
# pram-gens: 3
# pram-mem: 5G
# pram-smp: 2
# pram-timeout: 900
# pram-qemu: -smp 2,sockets=2 -object memory-backend-ram,id=m0,size=3G -object memory-backend-ram,id=m1,size=2G -numa node,nodeid=0,memdev=m0,cpus=0 -numa node,nodeid=1,memdev=m1,cpus=1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check_eq "there are two nodes" \
		"$(cat /sys/devices/system/node/online)" 0-1
	# Scattered, so that memory of all zones is used
	check "pages are saved on one" taskset 1 sh -c \
		". $(dirname "$0")/common.sh; ktap_ended=1
		 test_pram scatter name=n0 seed=1 pages=60000"
	check "pages are saved on the other" taskset 2 sh -c \
		". $(dirname "$0")/common.sh; ktap_ended=1
		 test_pram scatter name=n1 seed=2 pages=60000"
	check "large folios are saved" \
		test_pram contig name=c seed=3 pages=40000 order=9
	next_kernel -l --no-memtest memtest=1 "total=$(meminfo MemTotal)"
	;;
2)	check_near "all memory counts" "$(meminfo MemTotal)" \
		"$(cmdline_arg total)" 64
	check "the pages on one are there" test_pram peek name=n0 seed=1
	next_kernel -s --no-memtest memtest=1
	;;
3)	load n0 seed=1
	load n1 seed=2
	load c seed=3
	check_nothing_left
	check_near "all memory counts" "$(meminfo MemTotal)" \
		"$(cmdline_arg total)" 64
	finish
	;;
esac
