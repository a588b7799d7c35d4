#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Data is damaged between the seal and the jump, where it has checksums: what is
# damaged cannot be loaded, and all else can; also over another kexec. A tree with a
# damaged page is mounted, and that page cannot be read; the log names the file. With
# a damaged description it is not, and the node stays.
#
# pram-gens: 3
# pram-mem: 256M

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

make_small_tree()
{
	mount_pram "$1" /mnt/tree || bail "no tree $1"
	mkdir /mnt/tree/dir
	: >/mnt/tree/dir/empty
	yes "$1" | head -c 30000 >/mnt/tree/dir/hurt
	umount /mnt/tree
}

check_damaged()
{
	check "the damaged folio is told from the others" \
		test_pram damaged name=folios seed=1 bad=3
	check "the damaged bytes are told from the others" \
		test_pram damaged name=bytes seed=2 bad_bytes=8192
	check "the tree with a damaged page is mounted" \
		mount_pram tree /mnt/tree
	check_log "the log says which file" \
		"pram: tmpfs 'tree': 1 pages of '.*dir/hurt' are lost, the first is page 2: error -$1"
	check_eq "sysfs does" "$(sysfs nodes/tree/lost_files)" /dir/hurt
	check_eq "before it is what it was" \
		"$(head -c 8192 /mnt/tree/dir/hurt | sha256sum)" \
		"$(yes tree | head -c 8192 | sha256sum)"
	check_fails "it cannot be read" \
		sh -c "cat /mnt/tree/dir/hurt >/dev/null 2>&1"
	check "the page behind can" mapread /mnt/tree/dir/hurt 3
	check "it is unmounted" umount /mnt/tree
	check_fails "the tree with a damaged description is not mounted" \
		mount_pram list /mnt/tree
	check_eq "the node is as it was" "$(sysfs nodes/list/state)" kept
	check "the other tree is mounted" mount_pram other /mnt/tree
	check_eq "with all of its contents" "$(digest /mnt/tree/dir/hurt)" \
		"$(yes other | head -c 30000 | sha256sum | cut -d' ' -f1)"
	check "it is saved" umount /mnt/tree
}

case $PRAM_GEN in
1)	check "checksums are turned on" \
		sh -c "echo data >/sys/module/pram/parameters/csum"
	check "a node is saved" \
		test_pram contig name=folios seed=1 order=2 pages=40
	check "another is saved" \
		test_pram contig name=bytes seed=2 order=2 pages=40
	make_small_tree tree
	make_small_tree list
	make_small_tree other
	# The other file of the tree has no pages
	damage 'data:folios:0:14 4095-4095 ^0x80' 'data:bytes:1:2 0-0 ^1' \
		'data:list:1:0 100-100 ^1' 'data:tree:0:2 4000-4000 ^0x20'
	next_kernel -l
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_damaged 5
	next_kernel -s
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_damaged 133
	for node in folios bytes tree list other; do
		check "$node is discarded" test_pram discard name=$node
	done
	check_nothing_left
	finish
	;;
esac
