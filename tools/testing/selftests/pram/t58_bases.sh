#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# All that the format has goes from this kernel to one of another version of Linux, back,
# and there again: trees of all that a tmpfs can hold, made by hand and at random, with
# checksums of the data, options, broken pages, pages in swap, pages to be wiped; some
# mounted when the kexec comes, some lazily, some not at all; nodes of raw folios and
# bytes, with checksums and without; half of the memory in a balloon. Each kernel makes
# some of it, and both compare all. The kexecs are of both kinds, with KASLR and without,
# with memory that nobody has reserved overwritten in early boot, or not, and those of
# kexec_file_load() with KHO on where the kernel has that.
#
# pram-gens: 4
# pram-mem: 2G
# pram-host: 1
# pram-append: noballoon kho=on kho_scratch=16M,64M,0
# pram-qemu: -device virtio-balloon-pci,id=balloon
# pram-timeout: 1200
# pram-extra: other-base
# pram-allow: Memory failure

# shellcheck source=common_trees.sh
. "$(dirname "$0")/common_trees.sh"
# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

OTHER=/boot/bzImage-other-base
CSUM=/sys/module/pram/parameters/csum
OPTIONS=size=65536k,nr_inodes=1000,mode=710,uid=5,gid=6,inode64,huge=always,mpol=bind:0,noswap
# Random trees of this kernel, and of the other
NR=6
NR_OTHER=9
SEED=5800
# What the balloon leaves, in MiB, and how many pages it has
SIZE=1024
BALLOON=$(((2048 - SIZE) * 256))

need $OTHER

# The modules of the kernel that runs
[ $((PRAM_GEN % 2)) = 1 ] || TEST_MODULES=/lib/modules/other-base

# put NAME MIB [OPTIONS]: a tree with a file, which is in $sum
put()
{
	mount_pram "$1" "/mnt/$1" "noatime${3:+,$3}" ||
		bail "cannot mount pram=$1"
	random_file "/mnt/$1/file" $(($2 << 20))
	sum=$(digest "/mnt/$1/file")
	echo "$1 $sum" >>/mnt/lists/sums
}

# got NAME [OPTIONS]: it is as it was
got()
{
	check "tree $1 is mounted" \
		mount_pram "$1" "/mnt/$1" "noatime,pram_must_exist${2:+,$2}"
	check_eq "its data is as it was" "$1 $(digest "/mnt/$1/file")" \
		"$(grep "^$1 " /mnt/lists/sums)"
}

# without_page FILE PAGE: a digest of the others
without_page()
{
	(
		dd if="$1" bs=4k count="$2"
		dd if="$1" bs=4k skip=$(($2 + 1))
	) 2>/dev/null | digest
}

show_options()
{
	sed -n "s|^none $1 tmpfs rw,noatime,\([^ ]*\) .*|\1|p" /proc/mounts
}

make_swapped()
{
	check "there is swap" sh -c "modprobe -q zram
		echo 256M >/sys/block/zram0/disksize &&
		mkswap /dev/zram0 >/dev/null && swapon /dev/zram0"
	put swapped 8
	check "a tree goes to swap" pageout /mnt/swapped/file
	check_eq "it is there" "$(sysfs nodes/swapped/swapped)" 2048
	umount /mnt/swapped
}

make_broken()
{
	mount_pram broken /mnt/broken || bail "cannot mount pram=broken"
	random_file /mnt/broken/file 50000
	echo "broken $(without_page /mnt/broken/file 5)" >>/mnt/lists/sums
	check "a page of a tree is broken" poison /mnt/broken/file 5
}

start_balloon()
{
	check "the driver of the balloon is loaded" load_module virtio_balloon
}

# This kernel knows which pages are in the balloon
check_balloon()
{
	check_pages "pages wait for the driver" "$(sysfs absent_pages)" $BALLOON
	start_balloon
	check "it has come" wait_taken_up
	check_pages "what was in the balloon is" "$(taken_up)" $BALLOON
	check_eq "no page waits" "$(sysfs absent_pages)" 0
}

# What this kernel alone makes
make_first()
{
	save_tree tree
	echo "$tree_digest" >/mnt/lists/tree
	check "checksums of data are asked for" sh -c "echo data >$CSUM"
	put sums 9 huge=always
	umount /mnt/sums
	save rawsums seed=3
	check "they are so no more" sh -c "echo off >$CSUM"
	save raw seed=1
	put lazy 20
	umount /mnt/lazy
	put options 1 $OPTIONS
	stat -f -c %i /mnt/options >/mnt/lists/fsid
	umount /mnt/options
	# this one is mounted when the kexec comes
	put wipe 1 pram_wipe
	make_swapped
	make_broken
	make_trees 1 $NR $SEED
	sha256sum /mnt/lists/[0-9]* >/mnt/lists/all
}

check_nodes()
{
	check_eq "this is the right kernel: $(uname -r)" \
		"$(cat "/mnt/lists/release$((PRAM_GEN % 2))")" "$(uname -r)"
	check_eq "there are as many nodes" "$(sysfs nr_nodes)" \
		"$(cat /mnt/lists/nodes)"
	check_eq "none has been lost" "$(sysfs dropped)" 0
	# a kernel without KHO says nothing
	check_eq "KHO has its areas" "$(logged 'KHO: Failed')" 0
	check_balloon
}

check_first()
{
	check "the lists are as they were" sha256sum -c -s /mnt/lists/all
	check_tree tree "$(cat /mnt/lists/tree)"
	check "raw folios and bytes are as they were" \
		test_pram peek 'name="raw"' seed=1
	check "so are those with checksums" \
		test_pram peek 'name="rawsums"' seed=3
	got lazy pram_lazy
	umount /mnt/lazy
	got options
	check_eq "it has its options" "$(show_options /mnt/options)" \
		"$OPTIONS,pram=options"
	check_eq "and its UUID" "$(stat -f -c %i /mnt/options)" \
		"$(cat /mnt/lists/fsid)"
	umount /mnt/options
	got wipe
	check "it is to be wiped" grep -q '/mnt/wipe .*pram_wipe' /proc/mounts
	got swapped
	check "the tree with a broken page is mounted" \
		mount_pram broken /mnt/broken noatime,pram_must_exist
	check_eq "the other pages are as they were" \
		"broken $(without_page /mnt/broken/file 5)" \
		"$(grep '^broken ' /mnt/lists/sums)"
	check_fails "the broken one cannot be read" \
		dd if=/mnt/broken/file bs=4k skip=5 count=1
	check_trees 1 $NR 1
}

# go OPTION...: to the other kernel, or to this one, with all nodes counted
go()
{
	local offline

	# what is raw in nodes is, too
	offline=$(pageflags $OFFLINE)
	load_next "$@" || bail "the next kernel could not be loaded"
	check "the balloon has its size with an image loaded" \
		wait_offline "$offline"
	sysfs nr_nodes >/mnt/lists/nodes
	exec_next
}

mount_pram lists /mnt/lists || bail "no lists"
case $PRAM_GEN in
1)	start_balloon
	resize $SIZE
	uname -r >/mnt/lists/release1
	make_first
	go -l --kaslr --kernel $OTHER
	;;
2)	check "this is another kernel: $(uname -r)" \
		[ "$(uname -r)" != "$(cat /mnt/lists/release1)" ]
	uname -r >/mnt/lists/release0
	check_nodes
	check_first
	put own 3
	check "a tree is made here" make_tree /mnt/own
	list_tree /mnt/own >/mnt/lists/own
	save rawown seed=5
	make_trees $((NR + 1)) $NR_OTHER $SEED
	# that of checksums goes on without having been looked at
	go -s --no-memtest
	;;
3)	check_nodes
	got sums
	umount /mnt/sums
	check_first
	got own
	list_tree /mnt/own >/tmp/own
	check "the tree of the other kernel is as it was" \
		same /tmp/own /mnt/lists/own
	check "so is its node" test_pram peek 'name="rawown"' seed=5
	check_trees $((NR + 1)) $NR_OTHER 1
	go -s --kaslr --kernel $OTHER
	;;
4)	check_nodes
	got sums
	check_first
	load raw seed=1
	load rawsums seed=3
	load rawown seed=5
	got own
	list_tree /mnt/own >/tmp/own
	check "its own tree is as it was" same /tmp/own /mnt/lists/own
	check_trees $((NR + 1)) $NR_OTHER 1
	umount /mnt/*
	check "all are discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_nothing_left
	check "the balloon is as large as it was" wait_size $SIZE
	finish
	;;
esac
