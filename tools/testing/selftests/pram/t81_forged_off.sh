#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kernel with PRAM off passes on a pram= that leads to a super block which a
# user has made. The next one takes nothing over: the mark is not in its register.
#
# pram-gens: 2
# pram-mem: 256M
# pram-append: pram=off

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	"$(dirname "$0")/forge" >/tmp/forged &
	while [ ! -s /tmp/forged ]; do
		kill -0 $! || bail "forge failed"
		sleep 0.1
	done
	next_kernel -l --no-memtest --pram "$(cat /tmp/forged)"
	;;
2)	check_log "the kernel says why it takes nothing over" \
		"ignored: the machine was reset, or another kernel ran"
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
	finish
	;;
esac
