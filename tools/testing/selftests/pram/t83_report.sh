#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a kernel has dropped or discarded, and what it had to migrate, is
# handed to the next one, with names; and to that one only. A mount that wants a
# tree which is not there fails.
#
# pram-gens: 4
# pram-mem: 512M

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

# previous FILE: in one line
previous()
{
	sysfs "previous/$1" | paste -sd' '
}

nothing_handed_over()
{
	for file in dropped discarded moved split remote; do
		check_eq "$file: nothing" "$(previous $file)" 0
	done
	for file in dropped discarded; do
		check_empty "${file}_names: nothing" "$(previous ${file}_names)"
	done
}

case $PRAM_GEN in
1)	nothing_handed_over
	check_fails "a tree that is not there fails the mount" \
		mount_pram new /mnt/a pram_must_exist
	check_fails "what must exist has a name" \
		mount -t tmpfs -o pram_must_exist none /mnt/a
	check_eq "nothing is made by that" "$(sysfs nr_nodes)" 0
	save 'a b' seed=1
	save c seed=2
	save damaged seed=3
	save kept seed=4
	check "two are discarded" sh -c "
		echo 'a b' >$PRAM_SYSFS/discard && echo c >$PRAM_SYSFS/discard"
	damage 'node:damaged name[0] 0'
	next_kernel -l
	;;
2)	check_eq "none was dropped" "$(previous dropped)" 0
	check_eq "two were discarded" "$(previous discarded)" 2
	check_eq "they have names" "$(previous discarded_names)" 'a b c'
	check_eq "one is dropped now" "$(sysfs dropped)" 1
	check_fails "a tree that is not there fails the mount" \
		mount_pram new /mnt/a pram_must_exist
	check "an empty one can be had" mount_pram new /mnt/a
	umount /mnt/a
	check "then it is there" mount_pram new /mnt/a pram_must_exist
	umount /mnt/a
	next_kernel -s
	;;
3)	check "an empty tree is there" mount_pram new /mnt/a pram_must_exist
	umount /mnt/a
	check_eq "one was dropped" "$(previous dropped)" 1
	check_eq "its name is not known" "$(previous dropped_names)" '?'
	check_eq "none was discarded" "$(previous discarded)" 0
	# So many names that there is no room for all of them
	check "many nodes are made" test_pram many name=m pages=1500
	check "all are discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_nothing_left
	# So much that it is in the way, some of it in folios for which there is no room
	check "an image is loaded" load_next -l
	check "much is saved" test_pram scatter name=s seed=5 pages=48000
	save mixed seed=6
	check "room in a quarter of the memory is asked for" \
		sh -c 'echo 4 >/sys/module/pram/parameters/boot_share'
	exec_next
	;;
4)	check "pages have moved" [ "$(previous moved)" -gt 1000 ]
	diag "moved: $(previous moved) $(previous split) $(previous remote)"
	check "they are there" test_pram peek name=s seed=5
	check "so are folios that may be in pieces" \
		test_pram peek name=mixed seed=6 pieces=1
	check_eq "all are counted" "$(previous discarded)" 1502
	check "some have names" \
		[ "$(sysfs previous/discarded_names | wc -l)" -gt 200 ]
	check_eq "none is cut off" \
		"$(sysfs previous/discarded_names | grep -cv '^m[0-9]*$')" 2
	finish
	;;
esac
