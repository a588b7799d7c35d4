#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Trees that are mounted with pram_lazy: names and sizes are there at once, pages come
# when they are used. Whatever is done to a file of which pages are not there gives the
# same as if they were. A kexec in the middle keeps all of it, also if the memory cgroup
# that the rest is charged to is full; a broken page is lost, and no other; what is
# truncated or discarded is free.
#
# pram-gens: 4
# pram-mem: 1G
# pram-allow: Memory failure

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /sys/devices/system/memory/hard_offline_page
make_cgroup

# Pages that are still to be restored
left()
{
	# shellcheck disable=SC2046 # two words
	set -- $(sysfs "nodes/$1/progress")
	echo $(($2 - $1))
}

# The worker has no room to go on
waits()
{
	check "much of $1 waits: $(left "$1") pages" [ "$(left "$1")" -gt 8192 ]
}

# In KiB
charged()
{
	echo $(($(cat $group/memory.current) >> 10))
}

until_restored()
{
	local i=0

	while [ $i -lt 600 ] && [ "$(sysfs "nodes/$1/progress")" != "0 0" ]; do
		i=$((i + 1))
		sleep 0.1
	done
	check_eq "all of $1 is restored at last" "$(sysfs "nodes/$1/progress")" \
		"0 0"
}

limit=0

# mount_lazy NAME [OPTIONS]
mount_lazy()
{
	mount_pram "$1" "/mnt/$1" "noatime,pram_lazy,pram_must_exist${2:-}"
}

# The same, and there is room for 8 MiB of it
mount_some()
{
	local now

	now=$(cat $group/memory.current)
	[ "$now" -le "$limit" ] || limit=$now
	limit=$((limit + (8 << 20)))
	echo $limit >$group/memory.max
	in_group mount_lazy "$@"
}

make_holes_of()
{
	dd if="$1/punched" of="$1/holes" bs=64k count=20 seek=7 2>/dev/null
	dd if="$1/punched" of="$1/holes" bs=4k count=3 seek=1025 conv=notrunc \
		2>/dev/null
	truncate -s 12M "$1/holes"
}

# Sizes that are multiples of a page, of the pages that come together, and of none
make_files()
{
	random_file "$1/cut" $((16 << 20 | 4321))
	random_file "$1/punched" $((9 << 20))
	random_file "$1/written" $((5 << 20 | 77))
	random_file "$1/grown" $((1 << 20 | 1))
	random_file "$1/gone" $((8 << 20))
	make_holes_of "$1"
	echo small >"$1/small"
}

copy_files()
{
	for f in cut punched written grown gone small; do
		cp "$1/$f" "$2/$f"
	done
	make_holes_of "$2"
}

write_at()
{
	printf 'here' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

change_files()
{
	local f size

	for size in $((10 << 20 | 8192)) $((7 << 20 | 123)) $((12 << 20)) \
		$((2 << 20)) $((3 << 20)); do
		truncate -s "$size" "$1/cut"
	done
	for f in "0 4096" "8192 12288" "131072 131072" "1000000 5000" \
		"2097152 2097152" "5000000 1500000" "8388607 2"; do
		# shellcheck disable=SC2086 # two words
		fallocate -p -o ${f% *} -l ${f#* } "$1/punched"
	done
	for f in 0 3 511 512 700 1280; do
		write_at "$1/written" $((f * 4096))
		write_at "$1/written" $((f * 4096 + 4094))
	done
	setfile reserve "$1/grown" 0 $((4 << 20))
	rm "$1/gone"
	truncate -s $((5 << 20)) "$1/holes"
}

# Holes are told by what seeks them
list()
{
	for f in cut punched written grown gone holes small; do
		[ ! -e "$1/$f" ] || echo "$f $(stat -c %s "$1/$f") $(digest "$1/$f")"
	done
}

blocks()
{
	(cd "$1" && stat -c '%n:%b' cut punched written holes small | tr '\n' ,)
}

part()
{
	dd if="$1" bs=4k skip="$2" count="$3" 2>/dev/null | digest
}

case $PRAM_GEN in
1)	mount_pram files /mnt/files || bail "no tree"
	mount_pram large /mnt/large noatime,huge=always || bail "no tree"
	mount_pram next /mnt/next || bail "no tree"
	mount_pram ends /mnt/ends || bail "no tree"
	make_files /mnt/files
	random_file /mnt/files/bulk $((96 << 20))
	copy_files /mnt/files /mnt/large
	copy_files /mnt/files /mnt/next
	cp /mnt/files/bulk /mnt/large
	random_file /mnt/ends/bulk $((64 << 20))
	# What the changes give where all pages are there
	mkdir -p /mnt/ram
	mount -t tmpfs -o noatime none /mnt/ram
	copy_files /mnt/files /mnt/ram
	was=$(list /mnt/ram | digest)
	change_files /mnt/ram
	next_kernel -l "was=$was" "changed=$(list /mnt/ram | digest)" \
		"blocks=$(blocks /mnt/ram)" \
		"bulk=$(digest /mnt/files/bulk)" \
		"near=$(part /mnt/files/bulk 8990 10)-$(part /mnt/files/bulk 9002 10)"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	for name in files ends; do
		check "$name is mounted" mount_some $name
		waits $name
	done
	check "so is the one of large folios" mount_some large ,huge=always
	waits large
	check_eq "blocks are those of files that are there" \
		"$(stat -c %b /mnt/files/bulk /mnt/files/gone | tr '\n' ' ')" \
		"$((96 << 11)) $((8 << 11)) "
	# The workers begin a second later
	i=0
	while [ $i -lt 300 ] && [ "$(charged)" -lt $((22 << 10)) ]; do
		i=$((i + 1))
		sleep 0.1
	done
	check_eq "nothing is in swap" "$(sysfs nodes/files/swapped)" 0
	check_near "what there is room for is charged to who has mounted it" \
		"$(charged)" $((24 << 10)) 3072
	for name in files large; do
		change_files /mnt/$name
		check_eq "$name is as if all had been there" \
			"$(list /mnt/$name | digest)" \
			"$(cmdline_arg changed)"
	done
	check_eq "blocks are, too" "$(blocks /mnt/files)" "$(cmdline_arg blocks)"
	check_near "the file system counts them" \
		"$(df -k /mnt/files | awk 'END { print $3 }')" \
		$(($(stat -c %b /mnt/files/* | awk '{ n += $1 } END { print n }') / 2)) 0
	free=$(free_kib)
	left=$(($(left ends) * 4))
	umount /mnt/ends
	check "a tree is discarded" sh -c "echo ends >$PRAM_SYSFS/discard"
	check_near "its pages are free" $(($(free_kib) - free)) $((64 << 10)) 2048
	diag "$left KiB of them had not been restored"
	waits files
	waits large
	# where the pages are that are going to break
	place=$(poison -p /mnt/files/bulk 9000)
	place2=$(poison -p /mnt/files/bulk 9001)
	next_kernel -s "place=$place" "place2=$place2" "was=$(cmdline_arg was)" \
		"changed=$(cmdline_arg changed)" "bulk=$(cmdline_arg bulk)" \
		"near=$(cmdline_arg near)"
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "a tree is mounted" mount_some files
	waits files
	check_eq "a page is raw" "$("$(dirname "$0")/pageflags" 23 \
		$(($(cmdline_arg place) / 4096)))" 1
	cmdline_arg place >/sys/devices/system/memory/hard_offline_page
	check_eq "it breaks" "$(meminfo HardwareCorrupted)" 4
	cmdline_arg place2 >/sys/devices/system/memory/hard_offline_page
	check_eq "so does another" "$(meminfo HardwareCorrupted)" 8
	for page in 9000 9001; do
		check_fails "it cannot be read" sh -c "dd if=/mnt/files/bulk \
			bs=4k skip=$page count=1 >/dev/null 2>&1"
	done
	check_eq "those beside it can" \
		"$(part /mnt/files/bulk 8990 10)-$(part /mnt/files/bulk 9002 10)" \
		"$(cmdline_arg near)"
	check_eq "sysfs counts them" "$(sysfs nodes/files/lost_pages)" 2
	check_eq "and names the file once" "$(sysfs nodes/files/lost_files)" /bulk
	check_log "as does the log" \
		"pram: tmpfs 'files': 1 pages of '/bulk' are lost, the first is page 9000:"
	waits files
	echo max >$group/memory.max
	until_restored files
	check_eq "it is as it was" "$(list /mnt/files | digest)" \
		"$(cmdline_arg changed)"
	check "the large one is mounted" mount_some large ,huge=always
	waits large
	load_next -l "was=$(cmdline_arg was)" "changed=$(cmdline_arg changed)" \
		"bulk=$(cmdline_arg bulk)" "near=$(cmdline_arg near)" ||
		bail "kexec -l"
	accepted 'ok: 3 nodes'
	check_eq "that has restored the rest" "$(sysfs nodes/large/progress)" "0 0"
	exec_next
	;;
4)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	for name in files large next; do
		check "$name is mounted" mount_lazy $name
	done
	check_eq "one was not changed" "$(list /mnt/next | digest)" \
		"$(cmdline_arg was)"
	for name in files large; do
		check_eq "$name is as it was" \
			"$(list /mnt/$name | digest)" \
			"$(cmdline_arg changed)"
	done
	check_eq "so is what nobody has used" "$(digest /mnt/large/bulk)" \
		"$(cmdline_arg bulk)"
	check_fails "the broken page is lost still" sh -c \
		"dd if=/mnt/files/bulk bs=4k skip=9000 count=1 >/dev/null 2>&1"
	check_eq "those beside it are not" \
		"$(part /mnt/files/bulk 8990 10)-$(part /mnt/files/bulk 9002 10)" \
		"$(cmdline_arg near)"
	for name in files large next; do
		until_restored $name
		rm /mnt/$name/*
		check_eq "$name is empty" \
			"$(df -k /mnt/$name | awk 'END { print $3 }')" 0
		umount /mnt/$name
	done
	check "all are discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_nothing_left
	finish
	;;
esac
