#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Pages of trees are broken: in a file, in one folio of 2 MiB that cannot be split, in
# one that breaks while nobody has its tree mounted. Each costs that page only, which
# reads as an error, also after another kexec, until the file is truncated or removed.
# sysfs and the log name the files, and blocks are accounted for as before.
#
# pram-gens: 5
# pram-mem: 512M
# pram-allow: Memory failure

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /sys/devices/system/memory/hard_offline_page

# without FILE PAGE: a digest of the other pages
without()
{
	(
		dd if="$1" bs=4k count="$2"
		dd if="$1" bs=4k skip=$(($2 + 1))
	) 2>/dev/null | digest
}

# KiB that a file has, and that its file system has
used()
{
	echo "$(du -k "$1" | cut -f1)-$(df -k "$2" | awk 'END { print $3 }')"
}

reads()
{
	dd if="$1" bs=4k skip="$2" count=1 >/dev/null 2>&1
}

# check_lost FILE PAGE DIGEST
check_lost()
{
	check_eq "the other pages of $1 are as they were" "$(without "$1" "$2")" \
		"$3"
	check_fails "page $2 cannot be read" reads "$1" "$2"
	check_fails "nor written" sh -c "echo x | dd of=$1 bs=1 \
		seek=$((4096 * $2 + 7)) conv=notrunc 2>/dev/null"
	mapread "$1" "$2"
	check_eq "who has it mapped gets SIGBUS" $? 3
	check "the page behind can be read" mapread "$1" $(($2 + 1))
}

check_sysfs()
{
	check_eq "sysfs counts them" "$(sysfs "nodes/$1/lost_pages")" "$2"
	if [ "$2" = 0 ]; then
		check_empty "sysfs names no file" "$(sysfs "nodes/$1/lost_files")"
		return
	fi
	check_eq "sysfs names the files" "$(sysfs "nodes/$1/lost_files" | tr '\n' ' ')" \
		"$3"
}

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	random_file /mnt/tree/before 20000
	random_file /mnt/tree/hurt 50000
	random_file "/mnt/tree/new
line" 50000
	mount_pram big /mnt/big huge=always || bail "no tree"
	random_file /mnt/big/large $((4 << 20))
	mount_pram kept /mnt/kept huge=always || bail "no tree"
	random_file /mnt/kept/large $((4 << 20))
	mount_pram other /mnt/other || bail "no tree"
	random_file /mnt/other/file 50000
	sums="$(without /mnt/tree/hurt 5)-$(without /mnt/big/large 600)"
	sums="$sums-$(without /mnt/kept/large 700)-$(digest /mnt/other/file)"
	check "a page of a file is broken" poison /mnt/tree/hurt 5
	check "one of another" poison "/mnt/tree/new
line" 0
	check "a page in a large folio is broken" poison -k /mnt/big/large 600
	check "that is still one" [ "$(meminfo HardwareCorrupted)" = 12 ]
	load_next -s "sums=$sums" \
		"used=$(used /mnt/tree/hurt /mnt/tree)" || bail "kexec -s"
	accepted 'ok: 4 nodes'
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the tree is mounted" mount_pram tree /mnt/tree
	check "the rest of it is there" [ -s /mnt/tree/before ]
	check_lost /mnt/tree/hurt 5 "$(cmdline_arg sums | cut -d- -f1)"
	check_sysfs tree 2 '/hurt /new\012line '
	check_log "the log names a file" \
		"pram: tmpfs 'tree': 1 pages of '/hurt' are lost, the first is page 5: error -133"
	check_eq "it has as many blocks" "$(used /mnt/tree/hurt /mnt/tree)" \
		"$(cmdline_arg used)"
	check "the large one is mounted" mount_pram big /mnt/big huge=always
	check_lost /mnt/big/large 600 "$(cmdline_arg sums | cut -d- -f2)"
	check_sysfs big 1 '/large '
	check "the other tree is mounted" mount_pram other /mnt/other
	check_sysfs other 0 ''
	check "that of the one to break is" mount_pram kept /mnt/kept huge=always
	next_kernel -s "place=$(poison -p /mnt/kept/large 700)"
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	# Raw memory breaks. KPF_OFFLINE says that it is raw.
	check_eq "the page has not moved" "$("$(dirname "$0")/pageflags" 23 \
		$(($(cmdline_arg place) / 4096)))" 1
	check_eq "no memory is known to be broken" "$(meminfo HardwareCorrupted)" 0
	cmdline_arg place >/sys/devices/system/memory/hard_offline_page
	check_eq "a page that is not mounted is broken" \
		"$(meminfo HardwareCorrupted)" 4
	next_kernel -s
	;;
4)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the kept one is mounted" mount_pram kept /mnt/kept huge=always
	check_lost /mnt/kept/large 700 "$(cmdline_arg sums | cut -d- -f3)"
	check_sysfs kept 1 '/large '
	check "the tree is mounted" mount_pram tree /mnt/tree
	check_lost /mnt/tree/hurt 5 "$(cmdline_arg sums | cut -d- -f1)"
	check_sysfs tree 2 '/hurt /new\012line '
	check_eq "it has as many blocks" "$(used /mnt/tree/hurt /mnt/tree)" \
		"$(cmdline_arg used)"
	next_kernel -s
	;;
5)	for name in tree big kept other; do
		check "$name is mounted" mount_pram $name /mnt/$name
	done
	check_lost /mnt/kept/large 700 "$(cmdline_arg sums | cut -d- -f3)"
	check_lost /mnt/big/large 600 "$(cmdline_arg sums | cut -d- -f2)"
	check_sysfs kept 1 '/large '
	check_eq "the other is as it was" "$(digest /mnt/other/file)" \
		"$(cmdline_arg sums | cut -d- -f4)"
	check "a file is truncated" truncate -s 20480 /mnt/tree/hurt
	check_eq "with all that was lost" "$(du -k /mnt/tree/hurt | cut -f1)" 20
	check_eq "nothing is in swap" "$(sysfs nodes/tree/swapped)" 0
	check "it grows" truncate -s 50000 /mnt/tree/hurt
	check "the page can be read" reads /mnt/tree/hurt 5
	check "a file is removed" rm "/mnt/tree/new
line"
	check "so are the large ones" rm /mnt/big/large /mnt/kept/large
	for name in big kept; do
		check_eq "$name is empty" \
			"$(df -k /mnt/$name | awk 'END { print $3 }')" 0
	done
	check_eq "20 KiB are left, and those of before" \
		"$(df -k /mnt/tree | awk 'END { print $3 }')" 40
	umount /mnt/*
	check "all are discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_nothing_left
	finish
	;;
esac
