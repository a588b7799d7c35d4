#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One case of harness/bench: a tree is made, described and restored over a kexec,
# with what that takes. The case is on the command line: files=, pages= (of each),
# kind=contiguous|alternating|huge|lazy|scattered|moved, csum=0|1. lazy and scattered are
# contiguous and alternating, and mounted with pram_lazy; moved is contiguous, and the
# next kernel has the lower half of mib= only. With kind=api there is no tree, but a
# node with that many pages.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

bench=$(dirname "$0")/bench
files=$(cmdline_arg files)
pages=$(cmdline_arg pages)
kind=$(cmdline_arg kind)
options=size=95%,nr_inodes=0
case $kind in
huge)		options=$options,huge=always ;;
lazy|scattered)	lazy=,pram_lazy ;;
esac

metadata()
{
	echo "<5>pram-test: # bench metadata $(cat $PRAM_SYSFS/metadata_pages) pages" \
		>/dev/kmsg
}

case $PRAM_GEN in
1)	if [ "$kind" = api ]; then
		check "pages are saved" \
			load_module test_pram_bench op=save pages="$pages"
	else
		# The allocator begins at the lower end
		if [ "$kind" = moved ]; then
			mkdir /filler
			mount -t tmpfs -o size=95% none /filler
			check "lower memory is filled" dd if=/dev/zero \
				of=/filler/0 bs=1M \
				count=$(($(cmdline_arg mib) / 2))
		fi
		check "a tree is mounted" "$bench" mount tree /mnt $options
		# shellcheck disable=SC2046 # one word, or none
		"$bench" fill /mnt "$files" "$pages" \
			$(case $kind in
			alternating|scattered) echo alternating ;;
			esac)
		check "it is unmounted" "$bench" umount /mnt
		[ ! -d /filler ] || umount /filler
	fi
	if [ "$kind" = moved ]; then
		load_next -l --no-memtest "mem=$(($(cmdline_arg mib) / 2))M"
	else
		load_next -l --no-memtest
	fi || bail "kexec -l"
	check "a kexec would not be refused" \
		"$bench" write $PRAM_SYSFS/check 1
	ktap_close
	"$bench" kexec
	bail "no kexec"
	;;
2)	"$bench" stamp
	metadata
	if [ "$kind" = api ]; then
		check "pages are loaded" load_module test_pram_bench op=load
	else
		check "the tree is restored" "$bench" mount tree /mnt \
			"$options${lazy:-}"
		check "its first byte is read" "$bench" first /mnt/0/0
		check "it is as it was" "$bench" check /mnt "$files"
	fi
	finish
	;;
esac
