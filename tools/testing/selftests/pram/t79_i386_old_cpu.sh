#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A CPU without 64 bits, which has the mark in another register. The machine is reset
# in the middle of the jump: as in t82_reset, nothing is believed. After that come
# kernels which choose their place by chance: they believe, and so does the
# decompressor, or it would overwrite what there is nearly everywhere.
#
# pram-config: i386
# pram-gens: 9
# pram-jumps: 8
# pram-firmware: 2
# pram-mem: 1G
# pram-timeout: 900
# pram-qemu: -cpu pentium3 -action reboot=reset
# pram-append: pram=14000.1234 reset
# pram-host: 1
# pram-long: 1

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"
# shellcheck source=kaslr.sh
. "$(dirname "$0")/kaslr.sh"

case $PRAM_GEN in
1)	check_fails "the CPU has no 64 bits" grep -qw lm /proc/cpuinfo
	save lost seed=1
	load_next -l || bail "kexec -l"
	damage 'super ticket 0x1234'
	echo 0x14000 >/sys/module/test_pram_damage/parameters/reset
	exec_next
	;;
2)	# That is how this machine ends
	diag "host: reset shutdown"
	check_log "the kernel says why it takes nothing over" \
		"ignored: the machine was reset, or another kernel ran"
	check_nothing_left
	;;
esac
random_i386 2 9
