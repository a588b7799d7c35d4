# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tests of KHO and LUO share.

# shellcheck source=kaslr.sh
. "$(dirname "$0")/kaslr.sh"

KHO=/sys/kernel/debug/kho/out

# scratch: where KHO's scratch areas are, as START LEN...
scratch()
{
	paste -d' ' $KHO/scratch_phys $KHO/scratch_len | tr '\n' ' '
}

# luo_keep FILE PAGES: write pages of a memfd and of the file in turn, and hand the memfd
# to LUO
luo_keep()
{
	rm -f /tmp/kept
	liveupdate keep "$1" "$2" >/tmp/kept &
	while [ ! -s /tmp/kept ] && kill -0 $! 2>/dev/null; do
		sleep 0.2
	done
	check "LUO preserves a memfd" [ -s /tmp/kept ]
}

# all_in START END START LEN...: is the first in one of the others?
all_in()
{
	local start=$(($1)) end=$(($2))

	shift 2
	while [ $# -gt 0 ]; do
		[ $start -lt $(($1)) ] || [ $end -gt $(($1 + $2)) ] || return 0
		shift 2
	done
	return 1
}

# The kernel has chosen its place by chance, and in a scratch area
check_kernel_place()
{
	local end

	kernel_place
	end=$(sed -n 's/^ *[0-9a-f]*-\([0-9a-f]*\) : Kernel bss$/\1/p' /proc/iomem)
	# shellcheck disable=SC2046 # words are wanted
	check "the kernel is in a scratch area" \
		all_in "0x$phys" "0x$end + 1" $(scratch)
}
