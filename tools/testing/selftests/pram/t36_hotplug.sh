#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Pages in memory that the next kernel does not boot with, because it was plugged
# in later: they move to where it will find them.
#
# pram-gens: 3
# pram-mem: 512M
# pram-timeout: 600
# pram-append: memhp_default_state=online
# pram-qemu: -m 512M,slots=1,maxmem=2G -object memory-backend-ram,id=dimm,size=512M -device pc-dimm,memdev=dimm

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# RAM at the top of all, as it was at boot
boot_end()
{
	kernel_log | sed -n 's/.*BIOS-e820: \[mem 0x[0-9a-f]*-0x\([0-9a-f]*\)\] \(usable\| System RAM\)/\1/p' |
		tail -1
}

# The first page of node s, which stays
first_page()
{
	test_pram_stay peek name=s seed=1 &&
		cat /sys/module/test_pram/parameters/first_pfn && rmmod test_pram
}

case $PRAM_GEN in
1)	[ "$(meminfo MemTotal)" -gt 800000 ] ||
		bail "the memory that was plugged in is not there"
	end=$((0x$(boot_end) / 4096))
	check "pages are saved" test_pram scatter name=s seed=1 pages=50000
	first=$(first_page)
	check "the first is in the new memory" [ "$first" -gt $end ]
	next_kernel -s "first=$first"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the pages are there" test_pram peek name=s seed=1
	first=$(first_page)
	check "the first is another" [ "$first" != "$(cmdline_arg first)" ]
	next_kernel -l
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	load s seed=1
	check_nothing_left
	finish
	;;
esac
