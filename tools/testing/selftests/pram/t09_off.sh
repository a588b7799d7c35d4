#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pram=off: the memory is nobody's, the interface says ENODEV, and a later
# kernel with the old pram= takes nothing over, though nothing has wiped the
# memory.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	save lost seed=1
	save_small_trees
	load_next -l --no-memtest "super=$(sysfs super)" pram=off ||
		bail "kexec -l"
	check_eq "no warning is given" "$(logged 'would be refused')" 0
	accepted "ok: $((NR_SMALL + 1)) nodes will be lost, by pram=off"
	exec_next
	;;
2)	check "there is no PRAM" [ ! -e $PRAM_SYSFS ]
	check_log "the kernel says so" '\] pram: off, by pram=off'
	check "the interface says so" test_pram off
	check_fails "nothing can be mounted" mount_pram a /mnt
	check "all memory is ordinary" test "$(meminfo MemFree)" -gt 300000
	write_over
	next_kernel -l --no-memtest --pram "$(cmdline_arg super)"
	;;
3)	check_lost_and_finish ;;
esac
