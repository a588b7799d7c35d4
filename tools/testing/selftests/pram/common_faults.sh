#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# For tests in which allocations of PRAM fail; to be sourced.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# From the first to the last function of PRAM, all in a row; those that go with
# the initialization are elsewhere
text_of_pram()
{
	local end

	end=$(awk '$3 == "_etext" { print $1 }' /proc/kallsyms)
	awk -v end="$end" '$2 ~ /^[tT]$/ && $3 ~ /^pram_/ && $3 !~ /cold/ &&
		$1 < end { print $1 }' /proc/kallsyms | sort | sed -n '1p;$p'
}

set_up_faults()
{
	local attr start end

	# shellcheck disable=SC2046 # two words
	set -- $(text_of_pram)
	start=0x$1 end=$(printf '0x%x' $((0x$2 + 4096)))
	diag "PRAM is $start-$end"
	for attr in failslab fail_page_alloc; do
		attr=/sys/kernel/debug/$attr
		# what fails has to say so itself
		echo 0 >$attr/verbose || return
		echo 32 >$attr/stacktrace-depth || return
		echo "$start" >$attr/require-start || return
		echo "$end" >$attr/require-end || return
		echo N >$attr/ignore-gfp-wait || return
	done
	echo N >$attr/ignore-gfp-highmem && echo 0 >$attr/min-order
}
