#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A tmpfs can fold case where the base can do that; no tree can, however it is asked for,
# as the next kernel would find names by other rules.
#
# pram-gens: 2
# pram-needs: UNICODE
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

FOLD=0x40000000

case $PRAM_GEN in
1)	mkdir /mnt/fold
	check "a tmpfs can fold case" \
		mount -t tmpfs -o casefold none /mnt/fold
	mkdir /mnt/fold/dir
	check "in a directory that is to" setflags /mnt/fold/dir $FOLD
	echo folded >/mnt/fold/dir/Name
	check_eq "it does" "$(cat /mnt/fold/dir/nAME)" folded
	for option in casefold casefold=utf8-12.1.0 casefold,strict_encoding; do
		check_fails "no tree can: $option" \
			mount_pram tree /mnt/tree "$option"
		check_fails "there is none" node_exists tree
	done
	check "a tree is mounted" mount_pram tree /mnt/tree
	mkdir /mnt/tree/dir
	check_fails "none of its directories can fold case" \
		setflags /mnt/tree/dir $FOLD
	check_fails "nor can it be mounted so once more" \
		mount_pram tree /mnt/fold2 casefold
	# tmpfs looks at that in a new mount only
	mount -o remount,casefold /mnt/tree
	check_fails "nor can one be made to by a remount" \
		setflags /mnt/tree/dir $FOLD
	echo a >/mnt/tree/dir/Name
	echo b >/mnt/tree/dir/nAME
	next_kernel -l
	;;
2)	check_fails "what was kept is not mounted so" \
		mount_pram tree /mnt/tree casefold
	check_eq "and is there still" "$(sysfs nodes/tree/state)" kept
	check "it is mounted" mount_pram tree /mnt/tree noatime,pram_must_exist
	check_eq "both names are there" \
		"$(cat /mnt/tree/dir/Name /mnt/tree/dir/nAME | tr '\n' ' ')" \
		"a b "
	finish
	;;
esac
