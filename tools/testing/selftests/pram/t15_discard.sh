#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Nodes of the last kernel that are discarded unread, or of which only a part
# was read: their memory comes back, and their neighbours stay. All that can be are
# discarded at once, and those in use stay; the log names both.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

discard_all()
{
	save x seed=4
	save y seed=5
	mkdir -p /mnt/a /mnt/b
	mount_pram used-a /mnt/a || bail "cannot mount used-a"
	mount_pram used-b /mnt/b || bail "cannot mount used-b"
	check_fails "not all can be discarded" \
		sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_fails "one that can is gone" node_exists x
	check_fails "so is another" node_exists y
	check_log "it is named" "pram: node 'x' discarded"
	check_log "so is the other" "pram: node 'y' discarded"
	check_log "those in use are named" \
		"not discarded, as they are in use: 'used-a', 'used-b': unmount"
	check_eq "they are in use" "$(sysfs nodes/used-a/state)" mounted
	umount /mnt/a
	umount /mnt/b
	check "now all are discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_log "a tree is named" "pram: node 'used-a' discarded"
}

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
	discard_all
	check_nothing_left
	finish
	;;
esac
