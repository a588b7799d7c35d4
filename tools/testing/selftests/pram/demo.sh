#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A real file tree goes through a kexec: the one in $PRAM_PAYLOAD, as without
# /Documentation, which harness/demo puts into the first kernel's initramfs
# only. What the second kernel is to find is told to it on its command line.

. "$(dirname "$0")/lib.sh"

PAYLOAD=${PRAM_PAYLOAD:-/Documentation}
MNT=${PRAM_MNT:-/mnt}
UNIT=$(cmdline_arg unit || echo us)

# Microseconds. Where the guest's clock counts instructions (harness/guest
# --icount), one of those is a nanosecond.
now()
{
	local time

	# shellcheck disable=SC3028 # busybox has it, others the coarse one
	time=${EPOCHREALTIME:-$(cut -d' ' -f1 /proc/uptime)0000}
	echo "${time%.*}${time#*.}"
}

# step NAME COMMAND...: run it, and say what it took
step()
{
	local name="$1" start took status

	shift
	start=$(now)
	"$@"
	status=$?
	took=$(($(now) - start))
	if [ "$UNIT" = instructions ]; then
		took="$((took / 1000)).$((took / 100 % 10)) million instructions"
	else
		took="$((took / 1000)) ms"
	fi
	diag "$(printf '%-20s %s' "$name" "$took")"
	return $status
}

entries()
{
	find "$MNT" | wc -l
}

bytes()
{
	find "$MNT" -type f -print0 | xargs -0 stat -c %s |
		awk '{ sum += $1 } END { printf "%d\n", sum }'
}

# Over names, kinds, modes, owners, sizes, times of change, and contents
digest()
{
	(
		cd "$MNT" || exit
		find . -print0 | sort -z | xargs -0 stat -c '%n %f %u %g %s %Y'
		find . -type f -print0 | sort -z | xargs -0 sha256sum
	) | sha256sum | cut -c1-64
}

measure()
{
	ENTRIES=$(entries)
	BYTES=$(bytes)
	DIGEST=$(digest)
}

show()
{
	diag "$ENTRIES files and directories, $BYTES bytes"
	diag "digest $DIGEST"
}

mount_tree()
{
	mount -t tmpfs -o pram=demo none "$MNT"
}

copy_tree()
{
	cp -a "$PAYLOAD/." "$MNT/" || return
	find "$MNT" ! -type f ! -type d >/tmp/others
	while read -r file; do
		rm "$file" || return
	done </tmp/others
}

counters()
{
	local file

	for file in generation nr_nodes pages metadata_pages; do
		[ ! -f $PRAM_SYSFS/$file ] ||
			diag "$(printf '%-20s %d' "$file" "$(cat $PRAM_SYSFS/$file)")"
	done
}

case $PRAM_GEN in
1)
	need "$PAYLOAD"
	check "tmpfs with pram=demo is mounted" mount_tree || exit
	check "the tree is copied" step copy copy_tree || exit
	diag "$(wc -l </tmp/others) of other kinds (symbolic links) left out"
	step "count and digest" measure
	show
	check "umount saves it" step "umount: save" umount "$MNT" || exit
	counters
	check "the next kernel is loaded" step "kexec -l" load_next \
		"entries=$ENTRIES" "bytes=$BYTES" "digest=$DIGEST" || exit
	diag "jump"
	exec_next
	;;
2)
	diag "this is the second kernel, after memtest over all free memory"
	counters
	check "tmpfs with pram=demo is mounted" \
		step "mount: restore" mount_tree || exit
	step "count and digest" measure
	show
	check_eq "as many files and directories" "$ENTRIES" "$(cmdline_arg entries)"
	check_eq "as many bytes" "$BYTES" "$(cmdline_arg bytes)"
	check_eq "the digest is the same" "$DIGEST" "$(cmdline_arg digest)"
	finish
	;;
esac
