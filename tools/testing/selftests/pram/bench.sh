#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One case of harness/bench: a tree is made, described and restored over a kexec,
# with what that takes. The case is on the command line: files=, pages= (of each),
# kind=contiguous|alternating|huge, csum=0|1.

. "$(dirname "$0")/lib.sh"

bench=$(dirname "$0")/bench
files=$(cmdline_arg files)
pages=$(cmdline_arg pages)
kind=$(cmdline_arg kind)
options=size=95%,nr_inodes=0
[ "$kind" != huge ] || options=$options,huge=always

metadata()
{
	echo "<5>pram-test: # bench metadata $(cat $PRAM_SYSFS/metadata_pages) pages" \
		>/dev/kmsg
}

case $PRAM_GEN in
1)	check "a tree is mounted" "$bench" mount tree /mnt $options
	if [ "$kind" = alternating ]; then
		"$bench" fill /mnt "$files" "$pages" alternating
	else
		"$bench" fill /mnt "$files" "$pages"
	fi
	check "it is unmounted" "$bench" umount /mnt
	load_next -l --no-memtest || bail "kexec -l"
	check "a kexec would not be refused" \
		"$bench" write $PRAM_SYSFS/check 1
	ktap_close
	"$bench" kexec
	bail "no kexec"
	;;
2)	"$bench" stamp
	metadata
	check "the tree is restored" "$bench" mount tree /mnt $options
	check "its first byte is read" "$bench" first /mnt/0/0
	check "it is as it was" "$bench" check /mnt "$files"
	finish
	;;
esac
