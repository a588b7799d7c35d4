#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kernel that was not started by kexec takes nothing over, whatever pram= it
# is given. One that was and has no pram= has nothing to complain about.
#
# pram-gens: 2
# pram-mem: 512M
# pram-append: pram=1000

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check_log "the kernel says why" \
		"pram: 'pram=1000' ignored: .*not started by kexec"
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
	save lost seed=1
	next_kernel -l --no-pram
	;;
2)	check_eq "nothing is said" "$(logged "'pram=")" 0
	check "PRAM is on" [ -e $PRAM_SYSFS/super ]
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
	finish
	;;
esac
