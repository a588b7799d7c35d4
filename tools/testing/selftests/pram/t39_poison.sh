#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A page of a tree that is to be saved is broken: the tree is not saved, rather
# than a part of it, and the log says so and names the file. Its neighbour is.
#
# pram-gens: 2
# pram-mem: 512M
# pram-allow: Memory failure

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

here=$(cd "$(dirname "$0")" && pwd)

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	random_file /mnt/tree/before 20000
	random_file /mnt/tree/hurt 50000
	random_file /mnt/tree/after 20000
	mount_pram other /mnt/other || bail "no tree"
	random_file /mnt/other/file 50000
	sum=$(digest /mnt/other/file)
	check "a page of a file is broken" "$here/poison" /mnt/tree/hurt 5
	umount /mnt/tree
	check "the log says that the tree is lost" \
		[ "$(logged "pram: tmpfs 'tree' could not be saved")" = 1 ]
	check_log "it says which file it is about" "pram: tmpfs.*hurt"
	check_fails "there is no part of a tree" node_exists tree
	check_nothing_left
	check "the other tree is saved" umount /mnt/other
	next_kernel -l "sum=$sum"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_fails "there is no part of a tree" node_exists tree
	check "the other tree is mounted" mount_pram other /mnt/other
	check_eq "it is as it was" "$(digest /mnt/other/file)" \
		"$(cmdline_arg sum)"
	finish
	;;
esac
