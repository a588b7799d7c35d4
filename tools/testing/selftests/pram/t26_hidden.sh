#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The next kernel has less memory than this one can know, by the memory map that kexec
# passes on: nodes with pages in what is missing are dropped by name, and the others
# live. Hidden by its command line (memmap=), nothing is lost: all moves out of there.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# many_pages NODE: saves it, and says in $hide in which MiB its first folio begins,
# which has 4 MiB to itself
many_pages()
{
	check "many pages are saved" \
		test_pram_stay contig name="$1" seed=2 pages=12000 order=10
	hide=$(($(cat /sys/module/test_pram/parameters/first_pfn) / 256))
	rmmod test_pram
}

# map_entry START END TYPE, as in /sys/firmware/memmap
map_entry()
{
	local dir=/tmp/memmap/$nr

	nr=$((nr + 1))
	mkdir -p "$dir"
	printf '0x%x\n' "$1" >"$dir/start"
	printf '0x%x\n' "$2" >"$dir/end"
	echo "$3" >"$dir/type"
}

# hide_from_kexec MIB: the firmware's memory map, with 4 MiB that are no RAM
hide_from_kexec()
{
	local from=$(($1 << 20)) to=$((($1 + 4) << 20)) entry start end

	nr=0
	for entry in /sys/firmware/memmap/*; do
		start=$(($(cat "$entry/start"))) end=$(($(cat "$entry/end")))
		if [ $start -lt $from ] && [ $end -ge $to ]; then
			map_entry $start $((from - 1)) "$(cat "$entry/type")"
			map_entry $from $((to - 1)) Reserved
			start=$to
		fi
		map_entry $start $end "$(cat "$entry/type")"
	done
	mount --bind /tmp/memmap /sys/firmware/memmap
}

case $PRAM_GEN in
1)	save a seed=1
	many_pages b
	# shellcheck disable=SC2016 # the dollar is part of it
	next_kernel -l "memmap=4M\$${hide}M" "hide=$hide"
	;;
2)	diag "hidden: 4 MiB at $(cmdline_arg hide) MiB"
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "pages have moved" [ "$(sysfs previous/moved)" -ge 1024 ]
	load a seed=1
	load b seed=2 pieces=1
	check_nothing_left
	save a seed=1
	many_pages b
	save c seed=3
	hide_from_kexec $hide
	next_kernel --drop memmap --drop hide -l "hide=$hide"
	;;
3)	diag "hidden: 4 MiB at $(cmdline_arg hide) MiB"
	check_fails "the node in what is hidden is gone" node_exists b
	check "the kernel says so, and why" \
		[ "$(logged "pram: node 'b' dropped: .*page")" = 1 ]
	load a seed=1
	load c seed=3
	check_nothing_left
	finish
	;;
esac
