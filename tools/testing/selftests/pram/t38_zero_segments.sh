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
1)	check "pages are saved" test_pram_stay contig name=a seed=1 pages=5000
	pfn=$(module_param test_pram first_pfn)
	rmmod test_pram
	save b seed=2
	KEXEC="$(dirname "$0")/kexec_zero 100000 $(sysfs super)000"
	KEXEC="$KEXEC $(printf '%x' "$pfn")000 -- kexec"
	check "an image with segments of no size is loaded" load_next -l
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	load a seed=1
	load b seed=2
	check_nothing_left
	finish
	;;
esac
