#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Large files are restored by several CPUs: with one page after the other, with pages
# that alternate with those of another file, with folios of 2 MiB, with checksums, and
# with a page that is broken. Work items have a part in it. All is charged to the memory
# cgroup of the mount; if that may not have so much, the mount fails, and the tree stays.
# So it does if allocations fail, in a kernel that has fault injection.
#
# pram-gens: 3
# pram-mem: 1G
# pram-smp: 4
# pram-allow: Memory failure

# shellcheck source=common_faults.sh
. "$(dirname "$0")/common_faults.sh"

need /sys/devices/system/memory/hard_offline_page

trees="plain mixed huge hurt"
tracing=/sys/kernel/tracing

sum()
{
	case $1 in
	hurt)	{
			dd if=/mnt/hurt/file bs=1M count=20
			dd if=/mnt/hurt/file bs=4k skip=$((20 * 256 + 1))
		} 2>/dev/null | digest
		;;
	*)	find "/mnt/$1" -type f -exec cat {} + | digest
		;;
	esac
}

sums()
{
	local tree

	for tree in $trees; do
		sum "$tree"
	done | paste -s -d- -
}

mount_all()
{
	local tree

	for tree in $trees; do
		check "$tree is mounted" in_group mount_pram "$tree" "/mnt/$tree"
	done
}

# Who has loaded folios of the tree
loaders()
{
	awk -v name="name=$1" 'index($0, name " ") { print $1 }' $tracing/trace |
		sort -u
}

check_loaders()
{
	diag "$1: by $(loaders "$1" | paste -s -)"
	check "the mount has loaded folios of $1" \
		sh -c "echo '$(loaders "$1")' | grep -q '^mount'"
	check "so have work items" \
		sh -c "echo '$(loaders "$1")' | grep -q '^kworker'"
}

trace_on()
{
	mount -t tracefs none $tracing 2>/dev/null
	echo 1 >$tracing/events/pram/pram_load/enable
}

check_hurt()
{
	check_fails "the broken page cannot be read" \
		dd if=/mnt/hurt/file bs=4k skip=$((20 * 256)) count=1 of=/dev/null
	check_eq "it is the only one" "$(sysfs nodes/hurt/lost_pages) \
$(sysfs nodes/hurt/lost_files)" "1 /file"
}

# Any task's, one in so many, so that work items meet them, too
mounts_fail()
{
	local failed=0 i

	set_up_faults || bail "fault injection"
	for i in 1 2 5 10 20 50; do
		for attr in failslab fail_page_alloc; do
			attr=/sys/kernel/debug/$attr
			echo N >$attr/task-filter
			echo -1 >$attr/times
			echo $i >$attr/interval
			echo 100 >$attr/probability
		done
		mount_pram hurt /mnt/hurt 2>/dev/null || failed=$((failed + 1))
		echo 0 >/sys/kernel/debug/failslab/probability
		echo 0 >/sys/kernel/debug/fail_page_alloc/probability
		! mountpoint -q /mnt/hurt || break
		check_eq "1 in $i fails: the tree is as it was" \
			"$(sysfs nodes/hurt/state)" kept
	done
	check "mounts have failed, $failed of them" [ $failed -gt 0 ]
}

make_cgroup

case $PRAM_GEN in
1)	for tree in $trees; do
		mount_pram "$tree" "/mnt/$tree" \
			"huge=$([ "$tree" = huge ] && echo always || echo never)" ||
			bail "no tree"
	done
	random_file /mnt/plain/file $((96 << 20))
	random_file /mnt/hurt/file $((32 << 20))
	random_file /mnt/huge/file $((64 << 20))
	check "there is a file whose pages alternate with others" \
		"$(dirname "$0")/bench" fill /mnt/mixed 1 5120 alternating
	sums=$(sums)
	next_kernel -s "sums=$sums" \
		"place=$("$(dirname "$0")/poison" -p /mnt/hurt/file $((20 * 256)))"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	cmdline_arg place >/sys/devices/system/memory/hard_offline_page
	check_eq "a page is broken" "$(meminfo HardwareCorrupted)" 4
	echo 48M >$group/memory.max
	check_fails "half of it is too little" in_group mount_pram plain /mnt/plain
	check_eq "the tree is as it was" "$(sysfs nodes/plain/state)" kept
	check_near "nothing is charged" "$(($(cat $group/memory.current) >> 10))" \
		0 2048
	echo max >$group/memory.max
	trace_on
	mount_all
	check_near "all is charged to who mounts" \
		"$(($(cat $group/memory.current) >> 10))" $((213 << 10)) 16384
	for tree in plain mixed hurt; do
		check_loaders "$tree"
	done
	# That is soon done, by whoever comes first
	diag "huge: by $(loaders huge | paste -s -)"
	check_hurt
	check_eq "they are as they were" "$(sums)" "$(cmdline_arg sums)"
	check "checksums are turned on" \
		sh -c "echo data >/sys/module/pram/parameters/csum"
	next_kernel -s
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	[ ! -d /sys/kernel/debug/failslab ] || mounts_fail
	trace_on
	mount_all
	check_loaders plain
	check_hurt
	check_eq "they are as they were" "$(sums)" "$(cmdline_arg sums)"
	finish
	;;
esac
