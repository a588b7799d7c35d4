#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Pages that move stay on their NUMA node, if there is room.
#
# pram-gens: 2
# pram-mem: 1G
# pram-smp: 2
# pram-timeout: 600
# pram-qemu: -smp 2,sockets=2 -object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,memdev=m0,cpus=0 -numa node,nodeid=1,memdev=m1,cpus=1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check "room in a quarter of the memory is asked for" \
		sh -c 'echo 4 >/sys/module/pram/parameters/boot_share'
	check "an image is loaded" load_next -l
	check "pages all over memory are saved" \
		test_pram scatter name=s seed=1 pages=100000
	exec_next
	;;
2)	moved=$(sysfs previous/moved) remote=$(sysfs previous/remote)
	check "the previous kernel says what moved" [ "${moved:-0}" -gt 1000 ]
	check "and how much of it to another node" \
		[ "${remote:-$moved}" -lt $((moved / 50)) ]
	load s seed=1
	check_nothing_left
	finish
	;;
esac
