#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The next kernel takes huge pages when it boots: it gets what it would get
# without PRAM as far as there is room, or less, and never what is preserved.
#
# pram-gens: 3
# pram-mem: 1G
# pram-qemu: -cpu max

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

nr_huge()
{
	cat "/sys/kernel/mm/hugepages/hugepages-$1kB/nr_hugepages"
}

case $PRAM_GEN in
1)	check "pages all over memory are saved" \
		test_pram scatter name=s seed=1 pages=60000
	save a seed=2
	next_kernel -l hugepages=32
	;;
2)	check_eq "32 huge pages found room" "$(nr_huge 2048)" 32
	check "the pages are there" test_pram peek name=s seed=1
	next_kernel --drop hugepages -l hugepagesz=1G hugepages=1
	;;
3)	check_eq "one of 1 GiB finds none, in 1 GiB" "$(nr_huge 1048576)" 0
	load s seed=1
	load a seed=2
	check_nothing_left
	finish
	;;
esac
