#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One case of harness/bench: a tree is made, described and restored over a kexec,
# with what that takes. The case is on the command line: files=, pages= (of each),
# kind=contiguous|alternating|huge|lazy|scattered|moved, csum=0|1. lazy and scattered are
# contiguous and alternating, and mounted with pram_lazy; moved is contiguous, and the
# next kernel has the lower half of mib= only. With kind=api there is no tree, but a
# node with that many pages; with luo and luo_alternating, a memfd that LUO preserves.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

bench=$(dirname "$0")/bench
files=$(cmdline_arg files)
pages=$(cmdline_arg pages)
kind=$(cmdline_arg kind)
options=size=95%,nr_inodes=0
alternating='' moved=''
case $kind in
moved)		moved=1 ;;
huge)		options=$options,huge=always ;;
lazy|scattered)	lazy=,pram_lazy ;;
esac
case $kind in
alternating|scattered|luo_alternating) alternating=alternating ;;
esac

metadata()
{
	echo "<5>pram-test: # bench metadata $(cat $PRAM_SYSFS/metadata_pages) pages" \
		>/dev/kmsg
}

make_bench_tree()
{
	# The allocator begins at the lower end
	if [ -n "$moved" ]; then
		mkdir /filler
		mount -t tmpfs -o size=95% none /filler
		check "lower memory is filled" dd if=/dev/zero of=/filler/0 \
			bs=1M count=$(($(cmdline_arg mib) / 2))
	fi
	check "a tree is mounted" "$bench" mount tree /mnt $options
	# shellcheck disable=SC2086 # one word, or none
	"$bench" fill /mnt "$files" "$pages" $alternating
	check "it is unmounted" "$bench" umount /mnt
	[ ! -d /filler ] || umount /filler
}

case $PRAM_GEN in
1)	case $kind in
	api)	check "pages are saved" \
			load_module test_pram_bench op=save pages="$pages"
		;;
	luo*)	# shellcheck disable=SC2086 # one word, or none
		check "a memfd is preserved" \
			"$(dirname "$0")/bench_luo" keep "$pages" $alternating
		;;
	*)	make_bench_tree ;;
	esac
	# By kexec_file_load(2): KHO knows nothing else, and what kexec-tools puts in
	# front of an image takes more than all that is measured
	load_next -s --no-memtest \
		${moved:+"mem=$(($(cmdline_arg mib) / 2))M"} ||
		bail "the next kernel could not be loaded"
	check "a kexec would not be refused" \
		"$bench" write $PRAM_SYSFS/check 1
	ktap_close
	"$bench" kexec
	bail "no kexec"
	;;
2)	"$bench" stamp
	case $kind in
	api)	metadata
		check "pages are loaded" load_module test_pram_bench op=load
		;;
	luo*)	check "the memfd is as it was" \
			"$(dirname "$0")/bench_luo" take "$pages"
		;;
	*)	metadata
		check "the tree is restored" "$bench" mount tree /mnt \
			"$options${lazy:-}"
		check "its first byte is read" "$bench" first /mnt/0/0
		check "it is as it was" "$bench" check /mnt "$files"
		;;
	esac
	finish
	;;
esac
