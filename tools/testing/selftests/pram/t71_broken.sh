#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The memory of a page breaks after it was saved, in a node without checksums. The next
# kernel knows, and so does the one after it: loading that page fails, and loading
# others does not. The directory is damaged, too, and no node is lost by that.
#
# pram-gens: 3
# pram-mem: 512M
# pram-allow: Memory failure|not ok .* - (header|folios|end of folios|bytes|end of bytes|open)

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

need /sys/devices/system/memory/hard_offline_page

case $PRAM_GEN in
1)	check "pages are saved" test_pram_stay contig name=a seed=1 order=2 pages=400
	pfn=$(module_param test_pram first_pfn)
	rmmod test_pram
	save b seed=2
	# It says that it cannot help
	echo $((pfn * 4096)) >/sys/devices/system/memory/hard_offline_page
	check "a page is broken" [ "$(meminfo HardwareCorrupted)" = 4 ]
	# It finds a place that has no broken memory
	load_next -s || bail "kexec -s"
	accepted 'ok: 2 nodes'
	damage 'dir:0 nr_entries ^1 raw'
	exec_next
	;;
2)	check_log "the kernel knows of it" 'pram: 1 of the pages are broken'
	check_log "the directory is damaged" 'pram: the directory is damaged: '
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_eq "one page is broken" "$(meminfo HardwareCorrupted)" 4
	check "a node without it is as it was" test_pram peek name=b seed=2
	check "of the one with it, a folio is lost" \
		test_pram damaged name=a seed=1 bad=0 broken=1
	next_kernel -s
	;;
3)	check_log "the kernel knows of it" 'pram: 1 of the pages are broken'
	check "of the one with it, a folio is lost" \
		test_pram damaged name=a seed=1 bad=0 broken=1
	load b seed=2
	check "the node is discarded" test_pram discard name=a
	check_nothing_left
	check_eq "its page is not used again" "$(meminfo HardwareCorrupted)" 4
	finish
	;;
esac
