# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What tests of balloons do, in a guest of 2 GiB.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /proc/kpageflags
grep -q ' balloon_claim$' /proc/kallsyms ||
	skip_all "no balloon keeps off kexec images in this kernel"

# Bit of /proc/kpageflags
OFFLINE=23

# Where the image is copied to: a first pfn and a number of pages each line
RANGES=/tmp/ranges

# host COMMAND...: have the host do it, see harness/qmp
host()
{
	diag "host: $*"
}

# check_pages NAME GOT WANTED: of a balloon that goes over a kexec, all but a few, which
# are where the next kernel will be
check_pages()
{
	local got="${2:-0}"

	if [ "$got" -le "$3" ] && [ "$got" -ge $(($3 - 512)) ]; then
		ok "$1"
	else
		not_ok "$1 (got $got, wanted $3, or somewhat less)"
	fi
	diag "$1: $got of $3"
}

# taken_up: in one line of the log, how many pages of the balloon
taken_up()
{
	kernel_log | sed -n "s/.*'virtio-balloon' has taken up \([0-9]*\) of [0-9]* pages.*/\1/p"
}

# Pages that wait for the driver look like those in the balloon
wait_taken_up()
{
	local i=0

	while [ -z "$(taken_up)" ]; do
		i=$((i + 1))
		[ $i -lt 120 ] || return 1
		sleep 0.5
	done
}

# set_free WHY: likewise, how many are free memory
set_free()
{
	kernel_log | sed -n "s/.*pram: \([0-9]*\) pages of 'virtio-balloon' .*: $1/\1/p"
}

# wait_offline PAGES: until as many are in the balloon, or raw in a node
wait_offline()
{
	local i=0

	while [ "$(pageflags $OFFLINE)" != "$1" ]; do
		i=$((i + 1))
		if [ $i = 120 ]; then
			diag "the balloon has $(pageflags $OFFLINE) pages, not $1"
			return 1
		fi
		sleep 0.5
	done
}

# wait_size MIB: until the guest has no more, and no less
wait_size()
{
	wait_offline $(((2048 - $1) * 256))
}

# resize MIB: the guest is to have that much
resize()
{
	host balloon "$1"
	check "the guest has $1 MiB" wait_size "$1"
}

# Find 64 MiB that are in the balloon, for an image. What is at the top of RAM, where
# kexec puts one by itself, is in use since the machine booted.
aim()
{
	local mib=128

	while [ $mib -lt 1984 ]; do
		if [ "$(pageflags $OFFLINE $((mib * 256)) 16384)" -gt 16000 ]; then
			AIM="--mem-min=$((mib << 20)) --mem-max=$(((mib + 64 << 20) - 1))"
			diag "64 MiB at $mib MiB are in the balloon"
			return
		fi
		mib=$((mib + 64))
	done
	return 1
}

# load_ranges [OPTION...]: load_next, to where aim() has found room, and write down
# where that is
load_ranges()
{
	local status=0

	KEXEC="kexec -d $AIM"
	load_next "$@" >/tmp/kexec.log 2>&1 || status=$?
	KEXEC=kexec
	[ $status = 0 ] || return $status
	awk '$1 ~ /^segment\[[0-9]+\]\.mems?z?$/ { print $3 }' /tmp/kexec.log |
		while read -r mem && read -r memsz; do
			echo $((mem / 4096)) $(((memsz + 4095) / 4096))
		done >"$RANGES"
	[ -s "$RANGES" ]
}

# load_there [OPTION...]: the same, and the balloon keeps its size of 768 MiB
load_there()
{
	check "there is room for an image in the balloon" aim
	check "an image is loaded there" load_ranges "$@"
	check_eq "it has left the balloon" "$(in_ranges)" 0
	check "which is as large as before" wait_size 768
	check_eq "without them" "$(in_ranges)" 0
}

# How many pages of them are in the balloon
in_ranges()
{
	local sum=0 pfn nr

	while read -r pfn nr; do
		sum=$((sum + $(pageflags $OFFLINE "$pfn" "$nr")))
	done <"$RANGES"
	echo $sum
}

# How large the image is, in KiB
image_size()
{
	awk '{ sum += $2 * 4 } END { print sum }' "$RANGES"
}

# fill MIB [FILE]: write to that much memory, of a file in place of zeros, and free it
# again
fill()
{
	mkdir -p /tmp/fill && mount -t tmpfs -o size=2G none /tmp/fill &&
		dd if="${2:-/dev/zero}" of=/tmp/fill/x bs=1M count="$1" \
			iflag=fullblock 2>/dev/null &&
		umount /tmp/fill
}

# Write to all memory that can be had, but for 16 MiB
touch_free()
{
	fill "$(awk '$1 == "MemAvailable:" { print int($2 / 1024) - 16 }' /proc/meminfo)"
}

# jump_with_balloon SECONDS: jump after that time, for t48_balloon.check to look at
jump_with_balloon()
{
	diag "the image has $(image_size) KiB"
	host phase loaded
	sleep "$1"
	exec_next
}
