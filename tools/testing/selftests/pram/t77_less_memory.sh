#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An image that is told to do without some memory, by mem= or memmap= on its command
# line: what is preserved there moves out of it. It is refused if the super block is
# there, which the same command line has the place of.
#
# pram-gens: 4
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

reason='mem= or memmap= takes the memory of the super block'

case $PRAM_GEN in
1)	check "pages all over the memory are saved" \
		test_pram scatter name=a seed=1 pages=40000
	super=$((0x$(sysfs super | cut -d. -f1) >> 8))
	check "the super block is in the lower part" [ $super -lt 300 ]
	for what in "memmap=1M\$${super}M" memmap=exactmap; do
		for how in -l -s; do
			load_next $how "$what" || bail "kexec $how $what"
			refused "$reason"
		done
	done
	check_eq "there is a warning each time the image is loaded" \
		"$(logged "a kexec would be refused now: $reason")" 4
	load_next -l mem=250M || bail "kexec -l mem=250M"
	refused 'the next kernel needs [0-9]* MiB until its initramfs is unpacked'
	next_kernel -l mem=440M total="$(meminfo MemTotal)"
	;;
2)	check "it has less memory" [ "$(meminfo MemTotal)" -lt \
		$((440 * 1024)) ]
	check "the node has moved" [ "$(sysfs previous/moved)" -ge 1 ]
	load a seed=1
	# The next one has all of it
	save_tree tree
	next_kernel --drop mem -s "digest=$tree_digest" \
		total="$(cmdline_arg total)"
	;;
3)	check_near "it has all memory again" "$(meminfo MemTotal)" \
		"$(cmdline_arg total)" 1024
	check_tree tree "$(cmdline_arg digest)"
	save_tree tree2
	# Its files are at the end of memory
	next_kernel -s mem=400M "digest=$tree_digest"
	;;
4)	check_tree tree2 "$(cmdline_arg digest)"
	finish
	;;
esac
