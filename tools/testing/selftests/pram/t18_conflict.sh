#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An image that would overwrite the super block. With nothing to preserve it is
# loaded, and the super block is elsewhere, without a word. With a node, the image
# has been told of the place where it was: it is refused, and loading it again
# does. An image that would overwrite a node is not refused: the node makes way,
# see t21.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

at=$(dirname "$0")/kexec_at

super_pfn()
{
	sysfs super | cut -d. -f1
}

case $PRAM_GEN in
1)	pfn=$(super_pfn)
	ticket=$(sysfs super | cut -d. -f2)
	check_eq "an image that meets the super block is loaded" \
		"$("$at" load "0x$pfn")" ok
	check "the super block is elsewhere" [ "$(super_pfn)" != "$pfn" ]
	check_eq "its ticket is the same" "$(sysfs super | cut -d. -f2)" \
		"$ticket"
	check_eq "nothing is said" "$(logged 'pram: ')" 0
	# It would not do any good to start it
	check_eq "the image is unloaded" "$("$at" unload)" ok

	check "a node is saved" test_pram_stay save name=a seed=1
	pfn=$(cat /sys/module/test_pram/parameters/first_pfn)
	rmmod test_pram
	save b seed=2

	check_eq "an image that meets a node is loaded" "$("$at" load "$pfn")" ok
	refused 'the image is no kernel with CONFIG_PRAM'
	check_eq "the image is unloaded" "$("$at" unload)" ok

	# kexec-tools looks for places for small things from 1 MiB upwards
	check_eq "an image at 1 MiB is loaded" "$("$at" load 0x100)" ok
	check_eq "it is unloaded" "$("$at" unload)" ok

	load_next -l || bail "kexec -l"
	pfn=$(super_pfn)
	check_eq "with nodes, one that meets the super block is refused" \
		"$("$at" load "0x$pfn")" EADDRNOTAVAIL
	check_log "the kernel says why, and what to do" \
		'pram: image refused: it met the super block, .* load it again'
	check "the super block is elsewhere" [ "$(super_pfn)" != "$pfn" ]
	check_eq "the image loaded before is still there" \
		"$(cat /sys/kernel/kexec_loaded)" 1
	refused 'the image has the pram= of another kernel'
	check_eq "now the image is loaded" "$("$at" load "0x$pfn")" ok
	next_kernel -l
	;;
2)	load a seed=1
	# The kernel places the image, and finds another place
	next_kernel -s
	;;
3)	load b seed=2
	check_nothing_left
	finish
	;;
esac
