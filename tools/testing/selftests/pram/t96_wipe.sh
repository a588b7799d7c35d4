#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# With pram_wipe no free page has what a tree held: after it was discarded, alive or
# not, after a kexec for which it had to move, after it was dropped. Without, there
# are such pages: so they can be found.
#
# pram-gens: 3
# pram-mem: 512M
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# secrets SEED: how many free pages have that secret
secrets()
{
	load_module test_pram_secret "seed=$1" &&
		module_param test_pram_secret found
	rmmod test_pram_secret
}

# make_secret NAME MIB SEED [OPTIONS]: parked
make_secret()
{
	mount_pram "$1" /mnt/secret "noatime${4:+,$4}" || bail "no tree $1"
	secret fill /mnt/secret/file "$2" "$3" || bail "cannot make $1"
	diag "$(grep /mnt/secret /proc/mounts)"
	umount /mnt/secret
}

# Pages of two trees are neighbours of free ones all over memory: where the next
# kernel boots both have to move
make_scattered()
{
	mkdir /mnt/filler
	mount -t tmpfs none /mnt/filler || bail "no file system"
	mount_pram plain /mnt/plain || bail "no tree plain"
	mount_pram wiped /mnt/wiped noatime,pram_wipe || bail "no tree wiped"
	# A MiB of each in turn: windows are made of larger pieces
	for i in $(seq 100); do
		secret fill "/mnt/plain/$i" 1 3 || bail "no memory"
		secret fill "/mnt/wiped/$i" 1 4 || bail "no memory"
		secret fill "/mnt/filler/$i" 1 7 || bail "no memory"
	done
	umount /mnt/filler /mnt/plain /mnt/wiped
}

check_secret()
{
	check "tree $1 is mounted" mount_pram "$1" "/mnt/$1"
	for file in "/mnt/$1"/*; do
		secret check "$file" "$2" && continue
		check "$file has what it had" false
		return
	done
	check "it has what it had" [ -e "$file" ]
}

discard()
{
	check "tree $1 is discarded" sh -c "echo $1 >$PRAM_SYSFS/discard"
}

no_secret()
{
	check_eq "no free page has what was in $1" "$(secrets "$2")" 0
}

case $PRAM_GEN in
1)	make_secret plain 8 1
	make_secret wiped 8 2 pram_wipe
	check_eq "nothing is free yet" "$(secrets 1):$(secrets 2)" 0:0
	discard plain
	discard wiped
	check "free pages have what was in plain" [ "$(secrets 1)" -gt 1000 ]
	no_secret wiped 2

	check "a tree is mounted" mount_pram not /mnt/not
	check_fails "it cannot become one that is wiped" \
		mount_pram not /mnt/again noatime,pram_wipe
	check_fails "nor by a remount" mount -o remount,pram=not,pram_wipe /mnt/not
	check_fails "pram_wipe takes pram=" \
		mount -t tmpfs -o pram_wipe none /mnt/again

	umount /mnt/not
	discard not
	make_secret kept 8 5 pram_wipe,huge=always
	make_secret dropped 8 6 pram_wipe
	# Made when it is known where the image will be, so that some of it is in the way
	check "an image is loaded" load_next -l --no-memtest
	make_scattered
	# Much more than the next kernel uses before the test looks
	check "room in a third of the memory is asked for" \
		sh -c 'echo 3 >/sys/module/pram/parameters/boot_share'
	exec_next
	;;
2)	diag "moved: $(sysfs previous/moved)"
	nr=$(secrets 3)
	diag "free, with what was in plain: $nr"
	check "free pages have what had to move of plain" [ "$nr" -gt 20 ]
	no_secret wiped 4
	no_secret kept 5
	check_secret plain 3
	check_secret wiped 4
	check "the option is that of the tree, and with it noswap" \
		grep -q '/mnt/wiped.*noswap.*pram_wipe' /proc/mounts
	umount /mnt/wiped
	discard wiped
	no_secret wiped 4
	umount /mnt/plain
	discard plain
	load_module test_pram_damage
	echo 'link:dropped:0:0 nr_entries 0' \
		>/sys/module/test_pram_damage/parameters/add
	next_kernel -l --no-memtest
	;;
3)	check_fails "a tree is dropped" node_exists dropped
	no_secret dropped 6
	check_secret kept 5
	umount /mnt/kept
	discard kept
	no_secret kept 5
	check_nothing_left
	finish
	;;
esac
