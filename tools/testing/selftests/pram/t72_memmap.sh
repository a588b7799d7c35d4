#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Struct pages of a cover that has nearly all memory of two nodes are initialised late,
# and are what they are in a kernel that carries nothing: each can be read, and zones,
# nodes and pageblocks have as many. CONFIG_DEBUG_VM poisons those that are not.
#
# pram-gens: 3
# pram-mem: 2G
# pram-timeout: 600
# pram-qemu: -smp 2,sockets=2 -object memory-backend-ram,id=m0,size=1216M -object memory-backend-ram,id=m1,size=832M -numa node,nodeid=0,memdev=m0,cpus=0 -numa node,nodeid=1,memdev=m1,cpus=1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# What zones have: "NODE,ZONE:SPANNED:PRESENT:MANAGED", each followed by a ";"
zones()
{
	awk '
		/^Node / { name = $2 $4 }
		/^ +(spanned|present|managed) / { name = name ":" $2 }
		/^ +managed / { printf "%s ", name }' /proc/zoneinfo | tr ' ' ';'
}

# Pageblocks from which movable pages come, of all zones, and all pageblocks
blocks()
{
	awk '
		# Each node has its own
		/^Free pages count/ { found = 0 }
		/^Number of blocks type/ {
			for (i = 5; i <= NF; i++)
				if ($i == "Movable")
					at = i
			found = 1
			next
		}
		found && /^Node/ {
			movable += $at
			for (i = 5; i <= NF; i++)
				all += $i
		}
		END { print movable, all }' /proc/pagetypeinfo
}

# Pages that are not RAM or not there (KPF_NOPAGE), of all that have a struct page
no_pages()
{
	od -An -v -t u8 -w8 /proc/kpageflags |
		awk '{ n += int($1 / 1048576) % 2 } END { print n + 0 }'
}

case $PRAM_GEN in
1)	next_kernel -l --no-memtest memtest=1
	;;
2)	check_eq "there are two nodes" \
		"$(cat /sys/devices/system/node/online)" 0-1
	check_eq "nothing is preserved" "$(sysfs nr_nodes)" 0
	zones="$(zones)" blocks="$(blocks)" none="$(no_pages)"
	diag "$zones $blocks $none"
	check "one page of each MiB is saved" \
		test_pram scatter name=s seed=5 pages=1400 step=256
	next_kernel -l --no-memtest memtest=1 "zones=$zones" \
		"blocks=$(echo "$blocks" | tr ' ' ,)" "none=$none"
	;;
3)	line=$(kernel_log | grep 'pram: reserved ')
	diag "${line#*\] }"
	check "the cover has most of the memory" \
		[ "$(echo "$line" | sed 's/.* \([0-9]*\) pages, for.*/\1/')" -gt 300000 ]
	check_eq "each page is there" "$(no_pages)" "$(cmdline_arg none)"
	check_eq "zones are the same" "$(zones)" "$(cmdline_arg zones)"
	was=$(cmdline_arg blocks)
	now=$(blocks)
	diag "movable pageblocks, all: $now, $was without a cover"
	check_eq "there are as many pageblocks" "${now#* }" "${was#*,}"
	check "as many are for movable pages" \
		[ "${now% *}" -ge $((${was%,*} - 16)) ]
	load s seed=5
	check_nothing_left
	check_eq "each page is there after that" "$(no_pages)" \
		"$(cmdline_arg none)"
	finish
	;;
esac
