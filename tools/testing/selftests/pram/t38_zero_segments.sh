#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Segments of no size, which kexec_load(2) takes: nothing is copied there, not
# even where the super block is, so that they are in nobody's way.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check "pages are saved" test_pram_stay contig name=a seed=1 pages=20000
	pfn=$(module_param test_pram first_pfn)
	rmmod test_pram
	save b seed=2
	zero="$(dirname "$0")/kexec_zero 100000 $(sysfs super | cut -d. -f1)000"
	# Where a segment of the image is there must be no other
	for i in 0 5000 10000 15000 19999; do
		KEXEC="$zero $(printf '%x' $((pfn + i)))000 -- kexec"
		loaded=$i
		load_next -l && break
		loaded=
	done
	check "an image with segments of no size is loaded" [ -n "$loaded" ]
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	load a seed=1
	load b seed=2
	check_nothing_left
	finish
	;;
esac
