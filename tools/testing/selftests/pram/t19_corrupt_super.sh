#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The directory, of two links, and the super block are damaged between the seal
# and the jump. Nodes are found by their links to each other, whatever the directory
# says; without a super block all is lost, and the kernel as after the firmware, with
# all of its memory.
#
# pram-gens: 11
# pram-mem: 256M
# pram-timeout: 900

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

# One link of the directory has room for 507
MANY=510

save_all()
{
	save first seed=1 pages=1000
	check "many nodes are made" test_pram many name=m pages=$MANY
	save last seed=2 pages=1000
	check_eq "there are $((MANY + 2)) nodes" "$(sysfs nr_nodes)" \
		$((MANY + 2))
	case $PRAM_GEN in
	2)	damage 'dir:0 entry[1].order 1' 'dir:0 entry[2].count 2' \
			'dir:0 entry[3].pfn 0xfffffffff' \
			'dir:0 entry[4].pfn *node:first' \
			'dir:0 entry[5].pfn *data:first:0:0' \
			'dir:0 next *dir:0'
		;;
	3)	damage 'dir:1 pos ^1 raw' ;;
	4)	damage 'dir:1 nr_entries 508' ;;
	5)	damage 'dir:0 next *node:last' ;;
	6)	damage 'dir:0 nr_entries 0' ;;
	7)	damage 'super nr_nodes 1000' ;;
	8)	damage 'super 0-2047 0 raw' ;;
	9)	damage 'super 64-4095 0 raw' ;;
	10)	damage 'super state 0x6e65706f' ;;
	esac
}

# kept NODES DROPPED
kept()
{
	check_eq "nodes are there" "$(sysfs nr_nodes)" "$1"
	check_eq "nodes were dropped" "$(sysfs dropped)" "$2"
	[ "$1" = 0 ] || load first seed=1
	if [ "$1" = $((MANY + 2)) ]; then
		load last seed=2
	else
		check_fails "the last one is not there" node_exists last
	fi
	check "the many are discarded" test_pram no_more name=m pages=$MANY
}

# damaged REASON: the kernel says so, and loses nothing
damaged()
{
	check_log "the directory is damaged: $1" \
		"pram: the directory is damaged: $1 (page 0x"
	kept $((MANY + 2)) 0
}

super_refused()
{
	check_log "the super block is refused" "pram: 'pram=.* ignored: .*$1"
	kept 0 0
}

case $PRAM_GEN in
1|2)	;;
3)	damaged 'a page is named twice' ;;
4)	damaged 'a page fails its checksum' ;;
5)	damaged 'a link has a bad number of entries' ;;
6)	damaged 'a page has the wrong magic' ;;
7)	damaged 'a link has a bad number of entries' ;;
8)	check_log "the count is wrong" \
		"pram: the super block counts 1000 nodes, and there are $((MANY + 2))"
	kept $((MANY + 2)) 0
	;;
9)	super_refused 'there is no super block' ;;
10)	super_refused 'fails its checksum' ;;
11)	super_refused 'not sealed' ;;
esac

[ "$PRAM_GEN" -le 2 ] || check_eq "nothing else was dropped" \
	"$(logged "pram: node .* dropped")" 0
check_nothing_left
# The same in each kernel whose memory is measured
save mixed seed=3 pages=4000
load mixed seed=3
if [ "$PRAM_GEN" = 2 ]; then
	measure
elif [ "$PRAM_GEN" -gt 2 ]; then
	measure
	check_memory 1024
fi
[ "$PRAM_GEN" != 11 ] || finish
[ "$PRAM_GEN" = 1 ] || save_all
if [ "$PRAM_GEN" = 2 ]; then
	next_kernel -l "total=$total" "free=$free"
fi
next_kernel -l
