#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Kernels of 32 bits that are told to have less low memory (vmalloc=, highmem=), or
# less high memory (highmem=): what is preserved moves to where they can use it. One
# that would not find the super block is refused.
#
# pram-config: i386
# pram-gens: 4
# pram-mem: 2G
# pram-timeout: 900

# shellcheck source=common_i386.sh
. "$(dirname "$0")/common_i386.sh"

# mib FIELD: of /proc/meminfo
mib()
{
	echo $(($(meminfo "$1") / 1024))
}

check_all()
{
	diag "$(mib LowTotal) MiB are low, $(mib HighTotal) MiB high"
	check_eq "none has been lost" "$(logged dropped)" 0
	check "something has moved" [ "$(sysfs previous/moved)" -gt 100 ]
	scribble
	check "pages all over memory are as they were" \
		test_pram peek name=s seed=5
	check_high file "$(cmdline_arg file)"
	check_tree tree "$(cmdline_arg digest)"
	umount /mnt/tree /mnt/file
}

case $PRAM_GEN in
1)	save_high file 60
	check "pages all over memory are saved" test_pram scatter \
		name=s seed=5 pages=$(($(meminfo MemFree) / 280)) step=64
	save_tree tree
	next_kernel -l vmalloc=500M "digest=$tree_digest" \
		"file=$(digest /mnt/file/file)"
	;;
2)	check "it has less low memory" [ "$(mib LowTotal)" -lt 520 ]
	check_all
	check "there is metadata in all low memory" \
		test_pram scatter name=more seed=6 pages=20000 step=8
	next_kernel -l --drop vmalloc highmem=256M
	;;
3)	check "it has less high memory" [ "$(mib HighTotal)" -lt 260 ]
	check "and no less low memory" [ "$(mib LowTotal)" -gt 800 ]
	check_all
	next_kernel -l mem=700M highmem=400M
	;;
4)	check "it has still less low memory" [ "$(mib LowTotal)" -lt 301 ]
	check_all
	load more seed=6
	load_next -l --drop mem highmem=64G || bail "kexec -l"
	refused "the super block is where this image of 32 bits cannot read it"
	finish
	;;
esac
