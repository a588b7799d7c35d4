#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A node that is still being written when the kexec comes is not preserved, and
# leaves nothing behind; the kernel says so (see the .check file). One that is
# being read is preserved as it was.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	save whole seed=1
	check "a node is being written" \
		test_pram_stay leave_open name=torn seed=2 pages=20000
	next_kernel -l
	;;
2)	check "there is the node that was written" node_exists whole
	check_fails "there is none that was being written" node_exists torn
	check_log "no other came" 'pram: adopted 1 of 1 nodes'
	check "80 MiB are not lost" test "$(free_kib)" -gt 360000
	check "half of the node is loaded" \
		test_pram_stay leave_read name=whole seed=1
	next_kernel -s
	;;
3)	check "there is the node that was being read" node_exists whole
	load whole seed=1
	check_nothing_left
	finish
	;;
esac
