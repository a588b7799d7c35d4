#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Nodes of the last kernel that are discarded unread, or of which only a part
# was read: their memory comes back, and their neighbours stay.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	save a seed=1 pages=20000
	save b seed=2 pages=2000
	save c seed=3 pages=20000
	next_kernel -l "pages=$(cat $PRAM_SYSFS/nodes/a/pages)"
	;;
2)	pages=$(cmdline_arg pages)
	before=$(free_kib)
	check "a node is discarded" sh -c "echo a >$PRAM_SYSFS/discard"
	after=$(free_kib)
	check_near "its memory is free" $((after - before)) $((pages * 4)) 1024
	check_fails "it is not listed" node_exists a
	check "one neighbour is there" node_exists b
	check "so is the other" node_exists c
	check "half of a node is loaded" test_pram part name=c seed=3
	before=$after
	after=$(free_kib)
	check_near "all of its memory is free" $((after - before)) \
		$((pages * 4)) 1024
	check_fails "there is no other half" node_exists c
	load b seed=2
	check_nothing_left
	finish
	;;
esac
