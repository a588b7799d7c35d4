#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Pages that are written to until the machine stops: the next kernel finds what
# was written last, and their checksums are right, also those of pages that had to
# move. What nobody has loaded keeps its checksum over a kexec.
#
# pram-gens: 3
# pram-mem: 512M
# pram-smp: 2
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

csum=/sys/module/pram/parameters/csum
share=/sys/module/pram/parameters/boot_share

case $PRAM_GEN in
1)	check_eq "there are no checksums by default" "$(cat $csum)" off
	save plain seed=3
	check_fails "an unknown kind is refused" sh -c "echo all 2>&1 >$csum"
	check "checksums are turned on" sh -c "echo data >$csum"
	check_eq "they are on" "$(cat $csum)" data
	save mixed seed=4
	check "single pages are saved" \
		test_pram scatter name=scatter seed=5 pages=3000
	check_eq "a node has checksums" "$(sysfs nodes/mixed/csum)" data
	check_eq "an older one has none" "$(sysfs nodes/plain/csum)" off
	check "an image is loaded" load_next -l
	check "pages are saved, and written to" \
		test_pram_stay busy name=busy seed=6 pages=36000
	check "more room is asked for" sh -c "echo 4 >$share"
	exec_next
	;;
2)	check "nothing was dropped" [ "$(sysfs dropped)" = 0 ]
	check_eq "the node has checksums" "$(sysfs nodes/mixed/csum)" data
	check "what was written last is there" \
		test_pram busy_load name=busy seed=6 pages=36000
	# Loaded, and therefore with a new checksum; the other keeps its own
	check "node scatter is as it was" test_pram peek name=scatter seed=5
	next_kernel -s
	;;
3)	check "nothing was dropped" [ "$(sysfs dropped)" = 0 ]
	load plain seed=3 pieces=1
	load mixed seed=4 pieces=1
	load scatter seed=5
	check_nothing_left
	finish
	;;
esac
