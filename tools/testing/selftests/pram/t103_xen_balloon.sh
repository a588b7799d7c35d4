#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The first domain of Xen, with its balloon inflated: what a kexec image will be copied
# to leaves the balloon when it is loaded, and does not get into it as long as it is. Xen
# starts no other kernel for that, so that nothing is kexeced.
#
# pram-gens: 1
# pram-mem: 3G
# pram-config: xen
# pram-xen: 2G,max:2G
# pram-timeout: 900

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

TARGET=/sys/devices/system/xen_memory/xen_memory0/target_kb
need $TARGET

resize()
{
	echo $(($1 * 1024)) >$TARGET
	check "the domain has $1 MiB" wait_size "$1"
}

check "all is in the domain at first" wait_size 2048
resize 768
load_there -l --no-pram
resize 448
check_eq "nor do they get into a larger one" "$(in_ranges)" 0
resize 768

check "somebody refuses" test_pram_stay refuse_load
check_fails "an image is not loaded" load_ranges -l --no-pram
check "nobody refuses any more" rmmod test_pram
check "the balloon has its size" wait_size 768
check_eq "the image before still is" "$(cat /sys/kernel/kexec_loaded)" 1

unload_next
resize 320
check "without an image there is no claim" [ "$(in_ranges)" -gt 0 ]
finish
