#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# When everything has been loaded and freed, there is as much memory as in the
# same kernel, started by a kexec that carried nothing. 1 MiB is granted to
# per-CPU lists and the like, of 140 MiB that are carried.
#
# pram-gens: 4
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

save_all()
{
	save mixed seed=1 pages=12000
	check "scattered pages are saved" \
		test_pram scatter name=scattered seed=2 pages=16384
	mount_pram tree /mnt/tree
	check "there is a large file" random_file /mnt/tree/file $((30 << 20))
	check "a tree is saved" umount /mnt/tree
}

load_all()
{
	load mixed seed=1
	load scattered seed=2
	check "the tree is there" mount_pram tree /mnt/tree
	check_eq "all of it" "$(stat -c %s /mnt/tree/file)" 31457280
	rm /mnt/tree/file
	check "an empty tree is saved" umount /mnt/tree
	check "it is discarded" test_pram discard name=tree
	check_nothing_left
}

case $PRAM_GEN in
1)	next_kernel -l
	;;
2)	save_all
	load_all
	measure
	save_all
	next_kernel -l "total=$total" "free=$free"
	;;
3)	load_all
	measure
	check_memory 1024
	save_all
	next_kernel -l
	;;
4)	# Nobody loads anything here
	for node in mixed scattered tree; do
		check "$node is discarded" \
			sh -c "echo $node >$PRAM_SYSFS/discard"
	done
	check_nothing_left
	save_all
	load_all
	measure
	check_memory 1024
	finish
	;;
esac
