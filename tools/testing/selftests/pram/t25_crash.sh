#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# PRAM and kdump: memory for a crash kernel is set aside before and after a
# kexec with nodes. A crash kernel leaves PRAM alone, and has its /proc/vmcore.
#
# pram-gens: 3
# pram-jumps: 1
# pram-mem: 1G
# pram-append: crashkernel=192M
# pram-allow: sysrq triggered crash|Call Trace

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check "memory is set aside" \
		[ "$(cat /sys/kernel/kexec_crash_size)" = $((192 << 20)) ]
	save a seed=1
	save b seed=2
	next_kernel -l
	;;
2)	check "memory is set aside again" \
		[ "$(cat /sys/kernel/kexec_crash_size)" = $((192 << 20)) ]
	load a seed=1
	save c seed=3
	check "a crash kernel is loaded" \
		kexec -s -p /boot/bzImage --initrd=/boot/base.cpio \
		--command-line="$(sed 's/crashkernel=[^ ]*//; s/memtest=[^ ]*//
			s/gen=[^ ]*//' /proc/cmdline) gen=3"
	check_eq "it is no image for a kexec" \
		"$(cat /sys/kernel/kexec_loaded)" 0
	ktap_close
	echo c >/proc/sysrq-trigger
	bail "the kernel has not crashed"
	;;
3)	check "this is a crash kernel" [ -s /proc/vmcore ]
	check "there is pram= on its command line" cmdline_arg pram
	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	check_eq "it has touched nothing" "$(logged 'pram: ')" 0
	check_eq "vmcore is an ELF file" \
		"$(dd if=/proc/vmcore bs=1 skip=1 count=3 2>/dev/null)" ELF
	check "vmcore can be read" sh -c \
		"dd if=/proc/vmcore of=/dev/null bs=1M count=200 2>/dev/null"
	finish
	;;
esac
