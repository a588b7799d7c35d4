#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory that reserve_mem= sets apart is what the next kernel needs once: it is not
# counted again as memory which this one has used, and huge pages are not taken off that
# twice.
#
# pram-gens: 2
# pram-mem: 1G

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# ask ARG...: load an image, and have it checked; room is what it would be given to boot
# in, in pages
ask()
{
	load_next -l "$@" || bail "kexec -l"
	accepted 'ok: 1 nodes'
	room=$(sysfs check_room)
}

apart='reserve_mem=200M:4096:apart hugepages=64'
case $PRAM_GEN in
1)	# shellcheck disable=SC2086 # two arguments
	set -- $apart
	check "a node is saved" test_pram save name=a seed=1 pages=1000
	ask "$@"
	check "it gets as much, and room to boot" [ "$room" -gt $((51200 + 4096)) ]
	next_kernel -l "$@" "room=$room"
	;;
2)	load a seed=1
	check "a node is saved" test_pram save name=a seed=2 pages=1000
	check "memory is set apart" [ "$(meminfo MemTotal)" -lt $((820 << 10)) ]
	ask
	check_near "the next one gets as much as this one" "$room" \
		"$(cmdline_arg room)" 8192
	finish
	;;
esac
