#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A crash dump without user data and free memory (makedumpfile -d 31) has nothing in
# it of what is preserved: neither of trees of this kernel nor of those of the
# previous one, mounted or not. What nobody has loaded is "offline", and nothing else
# is.
#
# pram-gens: 3
# pram-jumps: 1
# pram-mem: 1G
# pram-append: crashkernel=160M
# pram-allow: sysrq triggered crash|Call Trace

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

command -v makedumpfile >/dev/null || skip_all "no makedumpfile"
need /proc/kpageflags

PAGES=2048
TREES='unmounted mounted new parked'

# Bits of /proc/kpageflags
OFFLINE=23
RESERVED=32

# make NAME: a tree with a file, mounted
make()
{
	check "tree $1 is made" mount_pram "$1" "/mnt/$1"
	check "it has a file" sh -c "countmarks -w 'tree $1' $((PAGES * 4096)) \
		>/mnt/$1/file"
}

super_pfn()
{
	local super

	super=$(sysfs super)
	echo $((0x${super%%.*}))
}

# check_dump LEVEL TEST TREE...: how many pages of each tree are in the dump
check_dump()
{
	local level="$1" test="$2" tree

	shift 2
	for tree; do
		shift
		set -- "$@" "tree $tree"
	done
	# It says more than is of interest
	makedumpfile -F -d "$level" /proc/vmcore 2>/tmp/makedumpfile |
		countmarks "$@" >/tmp/pages
	check "dump -d $level is complete" \
		grep -q '^makedumpfile Completed' /tmp/makedumpfile
	for tree; do
		# shellcheck disable=SC2086 # words are wanted
		check "dump -d $level: pages of $tree" \
			[ "$(sed -n "s/^$tree //p" /tmp/pages)" $test ]
	done
}

case $PRAM_GEN in
1)	save n seed=1
	make unmounted
	make mounted
	check_eq "nothing is offline" "$(pageflags $OFFLINE)" 0
	next_kernel -l
	;;
2)	check_eq "what was not loaded is offline" "$(pageflags $OFFLINE)" \
		"$(sysfs pages)"
	check "the super block is not reserved" \
		[ "$(pageflags $RESERVED "$(super_pfn)")" = 0 ]
	load n seed=1
	check "a tree is mounted" mount_pram mounted /mnt/mounted pram_must_exist
	check_eq "one that is not has its pages" \
		$(($(sysfs nodes/unmounted/pages) / PAGES)) 1
	check_eq "these are offline, and no others" "$(pageflags $OFFLINE)" \
		"$(sysfs nodes/unmounted/pages)"
	make new
	make parked
	check "it is unmounted" umount /mnt/parked
	check "a crash kernel is loaded" \
		kexec -s -p /boot/bzImage --initrd=/boot/base.cpio \
		--command-line="$(sed 's/crashkernel=[^ ]*//; s/memtest=[^ ]*//
			s/gen=[^ ]*//' /proc/cmdline) gen=3"
	# What goes to the LRU lists is there
	sync
	echo 3 >/proc/sys/vm/drop_caches
	ktap_close
	echo c >/proc/sysrq-trigger
	bail "the kernel has not crashed"
	;;
3)	check "this is a crash kernel" [ -s /proc/vmcore ]
	diag "$(makedumpfile -v | head -1)"
	# What is offline is in none
	check_dump 1 "-ge $PAGES" mounted new parked
	# The program that has written it had it in a page or two, which may be
	# free, and not yet be known to be
	# shellcheck disable=SC2086 # words are wanted
	check_dump 31 "-le 4" $TREES
	finish
	;;
esac
