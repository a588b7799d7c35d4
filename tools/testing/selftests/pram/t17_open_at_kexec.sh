#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# While a node is being written the kexec is refused. One that is being read is
# preserved as it was.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	save whole seed=1
	check "a node is being written" \
		test_pram_stay leave_open name=torn seed=2 pages=20000
	load_next -l || bail "kexec -l"
	refused "node 'torn' is still being written"
	check "it is written" rmmod test_pram
	check_fails "it has been thrown away" node_exists torn
	accepted 'ok: 1 nodes'
	exec_next
	;;
2)	check "there is the node that was written" node_exists whole
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
