# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Kernels of 32 bits, with more memory than they have addresses for.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

CSUM=/sys/module/pram/parameters/csum

# memtest= overwrites low memory only. What is in high memory and free is overwritten
# by a file.
scribble()
{
	local free

	free=$(($(meminfo MemFree) - $(meminfo LowFree) / 2))
	mkdir -p /mnt/over
	mount -t tmpfs -o size=100% none /mnt/over || return
	yes "other data" | head -c 1048576 >/tmp/mib
	while [ "$free" -gt 0 ]; do
		cat /tmp/mib || break
		free=$((free - 1024))
	done >/mnt/over/file 2>/dev/null
	diag "$(($(stat -c %s /mnt/over/file) >> 20)) MiB are overwritten," \
		"$(meminfo HighFree) KiB of high memory are not"
	check "high memory is overwritten, up to a 32nd" \
		[ "$(meminfo HighFree)" -lt $(($(meminfo HighTotal) / 32)) ]
	umount /mnt/over
}

# save_high NAME MIB: a file in high memory
save_high()
{
	local before

	before=$(meminfo HighFree)
	mount_pram "$1" "/mnt/$1" || bail "cannot mount pram=$1"
	check "file $1 is written" random_file "/mnt/$1/file" $(($2 << 20))
	check "much of it is in high memory" \
		[ $((before - $(meminfo HighFree))) -gt $(($2 * 250)) ]
}

# check_high NAME DIGEST
check_high()
{
	check "the tree $1 is mounted" mount_pram "$1" "/mnt/$1"
	check_eq "its file is as it was" "$(digest "/mnt/$1/file")" "$2"
}

# Three generations: the second is what the third is compared with
test_i386()
{
	case $PRAM_GEN in
	1)	next_kernel -l
		;;
	2)	check "there is high memory" [ "$(meminfo HighTotal)" -gt 0 ]
		high=$(meminfo HighTotal)
		measure
		check "checksums are asked for" sh -c "echo data >$CSUM"
		save_high sums 40
		check "they are so no more" sh -c "echo off >$CSUM"
		save_high file 60
		save a seed=1
		check "pages all over memory are saved" test_pram scatter \
			name=s seed=5 pages=$(($(meminfo MemFree) / 280)) step=64
		save_tree tree
		check "a quarter of low memory is to be free" \
			sh -c "echo 1 >/sys/module/pram/parameters/boot_share"
		next_kernel -l "digest=$tree_digest" \
			"sums=$(digest /mnt/sums/file)" \
			"file=$(digest /mnt/file/file)" "high=$high" \
			"total=$total" "free=$free"
		;;
	3)	check_eq "none has been lost" "$(logged dropped)" 0
		check "pages were moved out of low memory" \
			[ "$(sysfs previous/moved)" -gt 100 ]
		check_eq "as much of the memory is high" "$(meminfo HighTotal)" \
			"$(cmdline_arg high)"
		scribble
		load s seed=5
		load a seed=1 pieces=1
		check_high sums "$(cmdline_arg sums)"
		check_high file "$(cmdline_arg file)"
		check_tree tree "$(cmdline_arg digest)"
		umount /mnt/sums /mnt/file /mnt/tree
		for node in sums file tree.list tree; do
			check "$node is discarded" \
				sh -c "echo $node >$PRAM_SYSFS/discard"
		done
		check_nothing_left
		measure
		check_memory 2048
		finish
		;;
	esac
}

# test_word_size MOVED [ARG...]: from 64 bits to 32, for which more than MOVED pages have
# to move, and back. ARGs are for the command line of the kernel with 32 bits.
test_word_size()
{
	local moved="$1"

	shift
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
			"digest=$tree_digest" "sums=$(digest /mnt/sums/file)" "$@"
		;;
	2)	check_eq "this kernel has 32 bits" "$(uname -m)" i686
		check_eq "there are 5 nodes" "$(sysfs nr_nodes)" 5
		check_eq "none has been lost" "$(logged dropped)" 0
		diag "$(sysfs previous/moved) pages were moved"
		check "pages were moved" [ "$(sysfs previous/moved)" -gt "$moved" ]
		scribble
		check "a node is as it was" \
			test_pram peek name=a seed=1 pieces=1
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
}
