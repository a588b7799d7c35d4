#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Nodes and links are damaged between the seal and the jump, each node in
# another way. The next kernel drops these, says why, and keeps the others; the
# memory is its own. t32_corrupt.check compares the pages that were damaged with
# those that the next kernel names.
#
# pram-gens: 4
# pram-mem: 512M
# pram-timeout: 600

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

# Data where a link should be. A kernel of 32 bits does not look for one in high memory.
no_link='a page has the wrong magic'
case $(meminfo HighTotal) in
'' | 0)	;;
*)	no_link='its description is in high memory, .*' ;;
esac

# What is in the page of a node
nodes()
{
	make="contig order=9 pages=512"
	good first
	nameless magic 'a page has the wrong magic' \
		'node:magic head.magic ^0x100'
	nameless pfn 'a page belongs elsewhere' 'node:pfn head.pfn ^1'
	nameless csum 'a page fails its checksum' 'node:csum head.csum ^1'
	nameless gen 'a page fails its checksum' 'node:gen generation ^1 raw'
	nameless last 'a page fails its checksum' \
		'node:last reserved[3735] 1 raw'
	nameless flags 'it uses what .* not know' 'node:flags flags 0x80000000'
	nameless mode 'it uses what .* not know' 'node:mode csum_mode 2'
	nameless absent 'its pages are not there, .*' 'node:absent flags 2'
	nameless size 'it uses what .* not know' 'node:size absent_size 1'
	named sums 'a link has other flags .*' 'node:sums csum_mode 1' \
		'link:sums:0:0 flags ^0'
	nameless more 'it uses what .* not know' 'node:more reserved[3735] 1'
	nameless endless 'it has no valid name' 'node:endless name 0x78'
	nameless slash 'it has no valid name' 'node:slash name[2] 0x2f'
	nameless control 'it has no valid name' 'node:control name[2] 0x1b'
	nameless empty 'it has no valid name' 'node:empty name 0'
	nameless short 'its length is not .*' 'node:short nr_bytes 1'
	nameless wrap 'its length is not .*' 'node:wrap nr_bytes ^-1'
	nameless bytes 'its length is not .*' \
		'node:bytes chain[1].nr_pages ^0x8000000000000000'

	good twin1
	broken twin2 twin1 'there is another of that name' \
		'node:twin2 name[4] 0x31'
	named self 'a page is named twice' \
		'node:self chain[0].first *node:self'
	named other 'a page is named twice' \
		'node:other chain[0].first *node:first'
	named stolen 'a page is named twice' \
		'node:stolen chain[1].first *link:first:1:0'
	named both 'a page is named twice' \
		'node:both chain[1].first *link:both:0:0'
	named data "$no_link" \
		'node:data chain[0].first *data:data:0:3'
	named low 'a page is outside .*' 'node:low chain[0].first 0x9f'
	named high 'a page is outside .*' \
		'node:high chain[0].first 0xffffffffff'
	named wild 'a page is outside .*' 'node:wild chain[1].first -1'
	named none 'the node counts other .*' 'node:none chain[0].first 0'
	named links 'the node counts other .*' 'node:links chain[0].nr_links ^3'
	named pages 'the node counts other .*' 'node:pages chain[0].nr_pages ^1'
	good end
}

# What is in links: of large folios, and of more than one link
links()
{
	make="contig order=9 pages=512"
	good first
	named crooked 'a link has a bad entry' 'link:crooked:0:0 entry[0].pfn ^1'
	named order 'a link has a bad entry' 'link:order:0:0 entry[0].order 11'
	named largest 'a link has a bad entry' \
		'link:largest:0:0 entry[0].order 31' \
		'link:largest:0:0 entry[0].count 0xffff'
	named bytes 'a link has a bad entry' 'link:bytes:1:0 entry[0].order 1' \
		'link:bytes:1:0 entry[0].pfn *data:bytes:0:0'

	named bflags 'a link has a bad entry' \
		'link:bflags:1:0 entry[0].flags 1'

	make="single pages=520"
	named magic 'a page has the wrong magic' \
		'link:magic:0:1 head.magic ^0xff'
	named pfn 'a page belongs elsewhere' 'link:pfn:0:1 head.pfn *node:first'
	named csum 'a page fails its checksum' 'link:csum:0:0 head.csum ^1'
	named bcsum 'a page fails its checksum' 'link:bcsum:1:0 next 0x1000 raw'
	named flags 'a link has other flags .*' 'link:flags:0:1 flags 0x80000000'
	named lsums 'a link has other flags .*' 'link:lsums:0:0 flags 1'
	named zero 'a link has a bad number .*' 'link:zero:0:1 nr_entries 0'
	named bzero 'a link has a bad number .*' 'link:bzero:1:0 nr_entries 0'
	named more 'a link has a bad number .*' 'link:more:0:0 nr_entries 508'
	named most 'a link has a bad number .*' 'link:most:0:0 nr_entries ^-1'
	named less 'a link has entries past .*' 'link:less:0:1 nr_entries 9'
	named pos 'a link is out of place' 'link:pos:0:1 pos ^1'
	good middle
	named self 'a page is named twice' 'link:self:0:1 next *link:self:0:1'
	named cycle 'a page is named twice' 'link:cycle:0:1 next *link:cycle:0:0'
	named other 'a page is named twice' 'link:other:0:1 next *link:first:0:0'
	named node 'a page is named twice' 'link:node:0:0 next *node:node'
	named high 'a page is outside .*' 'link:high:0:1 next 0xfffffffff'
	named wild 'a page is outside .*' 'link:wild:0:1 next -1'
	named cut 'the node counts other .*' 'link:cut:0:0 next 0' \
		'node:cut flags ^0'
	named none 'a link has a bad entry' 'link:none:0:0 entry[5] 0'
	named count 'a link has a bad entry' 'link:count:0:1 entry[9].count 0'
	named far 'a page is outside .*' \
		'link:far:0:0 entry[7].pfn 0xfffffffff0'
	named long 'a page is .*' 'link:long:0:0 entry[7].count 0xffff'
	named twice 'a page is named twice' \
		'link:twice:0:1 entry[9].pfn *data:twice:0:0'
	named theirs 'a page is named twice' \
		'link:theirs:0:0 entry[8].pfn *data:first:0:1'
	named meta 'a page is named twice' \
		'link:meta:0:0 entry[8].pfn *link:first:1:0'
	good end

	# Nothing says what was in this page, and all else is as it was
	if [ "$side" = before ]; then
		mount_pram tree /mnt/tree || bail "no tree"
		yes 1 | head -c 20000 >/mnt/tree/whole
		yes 2 | head -c 20000 >/mnt/tree/other
		umount /mnt/tree
		damage 'data:tree:0:3 100-107 ^0x0c'
	else
		check "a tree with a page of other contents is there" \
			mount_pram tree /mnt/tree
		check_eq "eight bytes differ" "$(cat /mnt/tree/* | tr -d '\n12' |
			wc -c)" 8
		rm /mnt/tree/*
		umount /mnt/tree
		check "the tree is discarded" test_pram discard name=tree
	fi
}

# The same in each kernel whose memory is measured
use_memory()
{
	save mixed seed=1 pages=12000
	load mixed seed=1
	check_nothing_left
	measure
}

case $PRAM_GEN in
1)	next_kernel -l
	;;
2)	use_memory
	side=before
	nodes
	next_kernel -l "total=$total" "free=$free"
	;;
3)	side=after
	nodes
	check_reasons
	use_memory
	check_memory 1024
	side=before
	links
	next_kernel -s
	;;
4)	side=after
	links
	check_reasons
	use_memory
	check_memory 1024
	finish
	;;
esac
