#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Trees go from a kernel of 64 bits to one of 32 bits and back: what either has left,
# the other reads, above 4 GiB as well. Metadata moves to where the kernel of 32 bits
# has low memory.
#
# pram-gens: 3
# pram-mem: 5G
# pram-timeout: 900
# pram-extra: i386

# shellcheck source=common_i386.sh
. "$(dirname "$0")/common_i386.sh"

# What either can say
FAR_DATE='2037-12-31 23:59:59'

case $PRAM_GEN in
1)	need /boot/bzImage-i386
	check "checksums are asked for" sh -c "echo data >$CSUM"
	mount_pram sums /mnt/sums || bail "cannot mount pram=sums"
	random_file /mnt/sums/file $((40 << 20))
	check "they are so no more" sh -c "echo off >$CSUM"
	save a seed=1
	check "pages all over memory are saved" \
		test_pram scatter name=s seed=5 pages=15000 step=64
	save_tree tree
	next_kernel -l --kernel /boot/bzImage-i386 --base /boot/base-i386.cpio \
		"digest=$tree_digest" "sums=$(digest /mnt/sums/file)"
	;;
2)	check_eq "this kernel has 32 bits" "$(uname -m)" i686
	check_eq "there are 5 nodes" "$(sysfs nr_nodes)" 5
	check_eq "none has been lost" "$(logged dropped)" 0
	scribble
	check "a node is as it was" test_pram peek name=a seed=1
	load s seed=5
	check_high sums "$(cmdline_arg sums)"
	check_tree tree "$(cmdline_arg digest)"
	save_high own 60
	mount_pram tree2 /mnt/tree2 || bail "cannot mount pram=tree2"
	check "a tree is made here" make_tree /mnt/tree2
	list_tree /mnt/tree2 >/tmp/list2
	next_kernel -l "own=$(digest /mnt/own/file)" "own_tree=$(digest /tmp/list2)"
	;;
3)	check_eq "this kernel has 64 bits" "$(uname -m)" x86_64
	check_eq "none has been lost" "$(logged dropped)" 0
	load a seed=1 pieces=1
	check_high sums "$(cmdline_arg sums)"
	check_high own "$(cmdline_arg own)"
	check_tree tree "$(cmdline_arg digest)"
	check "the tree of the other kernel is mounted" \
		mount_pram tree2 /mnt/tree2
	list_tree /mnt/tree2 >/tmp/list2
	check_eq "it is as it was" "$(digest /tmp/list2)" "$(cmdline_arg own_tree)"
	finish
	;;
esac
