#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The machine is reset in the middle of the jump. The super block is sealed, the
# memory is as it was, and the boot loader starts the same kernel with the right
# pram=. It takes nothing over: a reset has cleared the register with the mark.
#
# The module that resets the machine has put a copy of the super block, with a
# ticket that is known, where the command line says.
#
# pram-gens: 2
# pram-jumps: 1
# pram-firmware: 2
# pram-mem: 512M
# pram-qemu: -action reboot=reset
# pram-append: pram=14000.1234 reset

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

case $PRAM_GEN in
1)	check_log "there is nothing yet" \
		"'pram=14000.1234' ignored: there is no super block"
	save lost seed=1
	load_next -l || bail "kexec -l"
	damage 'super ticket 0x1234'
	echo 0x14000 >/sys/module/test_pram_damage/parameters/reset
	exec_next
	;;
2)	check_log "the kernel says why it takes nothing over" \
		"ignored: the machine was reset, or another kernel ran"
	check_eq "nothing else is said" "$(logged '\] pram: ')" 1
	check_nothing_left
	finish
	;;
esac
