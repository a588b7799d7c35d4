#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A super block that a user has made, and a pram= that leads to it, passed on by a kernel
# with PRAM off, and by one with nothing to preserve. The next one takes nothing over,
# whether its mark is any number, or the very one that is in the register: the entry
# point of system calls, which is no mark.
#
# pram-gens: 4
# pram-mem: 256M
# pram-append: pram=off

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

if [ "$PRAM_GEN" != 1 ]; then
	check_log "the kernel says why it takes nothing over" \
		"ignored: the machine was reset, or another kernel ran"
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
fi
[ "$PRAM_GEN" != 4 ] || finish
entry=$(entry_point)
case $PRAM_GEN in
1)	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	check "the entry point is known" [ "$((0x${entry:-0}))" != 0 ]
	forge_super "$entry"
	;;
2)	forge_super 123456789abc
	;;
3)	forge_super "$entry"
	;;
esac
next_kernel -l --no-memtest --pram "$forged"
