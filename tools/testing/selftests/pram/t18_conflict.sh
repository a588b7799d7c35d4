#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An image that would overwrite the super block, which cannot move, is refused
# when it is loaded. One that would overwrite a node is not: the node makes way,
# see t21. Nothing is lost, and the next kernel can still be loaded and started.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

at=$(dirname "$0")/kexec_at

case $PRAM_GEN in
1)	check "a node is saved" test_pram_stay save name=a seed=1
	pfn=$(cat /sys/module/test_pram/parameters/first_pfn)
	rmmod test_pram
	save b seed=2

	check_eq "an image that meets a node is loaded" "$("$at" load "$pfn")" ok
	check_eq "the image is unloaded" "$("$at" unload)" ok

	# kexec-tools looks for places for small things from 1 MiB upwards
	check_eq "an image at 1 MiB is loaded" "$("$at" load 0x100)" ok
	check_eq "it is unloaded" "$("$at" unload)" ok

	check_eq "an image that meets the super block is refused" \
		"$("$at" load "0x$(sysfs super)")" EADDRNOTAVAIL
	check_log "the kernel says why" 'pram: image refused: .*super block'
	check_eq "there is no image" "$(cat /sys/kernel/kexec_loaded)" 0

	next_kernel -l
	;;
2)	load a seed=1
	load b seed=2
	check_nothing_left
	finish
	;;
esac
