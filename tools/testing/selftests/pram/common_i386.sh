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
