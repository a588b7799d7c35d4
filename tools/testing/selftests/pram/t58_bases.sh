#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Trees go from this kernel to one of another version of Linux and back, by each of
# kexec_load(2) and kexec_file_load(2), and with KASLR. All that is kept is as it was, in
# the other kernel as in this one: of a tree that the other kernel mounts, of one that it
# mounts lazily, of one that it passes on without having looked at it, with checksums of
# the data, and of one that it has made itself. Memory that nobody has reserved is
# overwritten in each boot.
#
# pram-gens: 3
# pram-mem: 1G
# pram-timeout: 600
# pram-extra: other-base

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

OTHER=/boot/bzImage-other-base
CSUM=/sys/module/pram/parameters/csum

need $OTHER

check_lazy()
{
	check "the other tree is mounted lazily" \
		mount_pram lazy /mnt/lazy noatime,pram_lazy,pram_must_exist
	check_eq "its data is as it was" "$(digest /mnt/lazy/file)" \
		"$(cmdline_arg lazy)"
	check "it is unmounted" umount /mnt/lazy
}

case $PRAM_GEN in
1)	save_tree tree
	check "checksums of data are asked for" \
		sh -c "echo data >$CSUM"
	mount_pram sums /mnt/sums huge=always || bail "cannot mount pram=sums"
	random_file /mnt/sums/file $((9 << 20))
	sums=$(digest /mnt/sums/file)
	umount /mnt/sums
	check "they are so no more" sh -c "echo off >$CSUM"
	mount_pram lazy /mnt/lazy || bail "cannot mount pram=lazy"
	random_file /mnt/lazy/file $((20 << 20))
	lazy=$(digest /mnt/lazy/file)
	umount /mnt/lazy
	next_kernel -l --kaslr --kernel $OTHER digest="$tree_digest" \
		sums="$sums" lazy="$lazy" release="$(uname -r)"
	;;
2)	check "this is another kernel: $(uname -r)" \
		[ "$(uname -r)" != "$(cmdline_arg release)" ]
	check_eq "there are 4 nodes" "$(sysfs nr_nodes)" 4
	check_eq "none has been lost" "$(logged dropped)" 0
	check_tree tree "$(cmdline_arg digest)"
	check_lazy
	mount_pram own /mnt/own || bail "cannot mount pram=own"
	check "a tree is made here" make_tree /mnt/own
	list_tree /mnt/own >/tmp/own
	next_kernel -s --kaslr own="$(digest /tmp/own)"
	;;
3)	check_eq "this is the first kernel again" "$(uname -r)" \
		"$(cmdline_arg release)"
	check_eq "there are 5 nodes" "$(sysfs nr_nodes)" 5
	check_eq "none has been lost" "$(logged dropped)" 0
	check_tree tree "$(cmdline_arg digest)"
	check_lazy
	check "the tree that was passed on is mounted" mount_pram sums /mnt/sums
	check_eq "its data is as it was" "$(digest /mnt/sums/file)" \
		"$(cmdline_arg sums)"
	check "the tree made in the other kernel is mounted" \
		mount_pram own /mnt/own
	list_tree /mnt/own >/tmp/own
	check_eq "it is as it was" "$(digest /tmp/own)" "$(cmdline_arg own)"
	finish
	;;
esac
