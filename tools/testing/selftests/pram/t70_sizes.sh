#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The next kernel is a whole kernel: what is sized in early boot by the memory that is
# free then is what it is in a kernel that carries nothing, although the cover has
# nearly all of the memory. Both are started by kexec.
#
# pram-gens: 3
# pram-mem: 2G

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# "name value" a line: limits, and the sizes of hash tables
sizes()
{
	for file in kernel/threads-max fs/file-max vm/max_map_count \
		vm/min_free_kbytes user/max_inotify_watches fs/epoll/max_user_watches; do
		[ ! -e /proc/sys/$file ] || echo "$file $(cat /proc/sys/$file)"
	done
	sed -n 's/^Max processes  *\([0-9]*\) .*/nproc \1/p' /proc/self/limits
	echo "MemTotal $(meminfo MemTotal)"
	kernel_log | sed -n 's/.*\] \(.*\) hash table entries: \([0-9]*\) .*/\1 \2/p' |
		tr -d '():' | sed 's/ \([^ ]*\)$/:\1/; s/ /-/g; s/:/ /'
}

# A line of words for the command line
flat()
{
	sizes | sed 's/ /:/' | paste -sd,
}

case $PRAM_GEN in
1)	next_kernel -l
	;;
2)	check_eq "nothing is reserved" "$(sysfs nr_nodes)" 0
	check "one page of each MiB is saved" \
		test_pram scatter name=s seed=5 pages=1650 step=256
	diag "$(flat)"
	next_kernel -l "sizes=$(flat)"
	;;
3)	covered=$(kernel_log |
		sed -n 's/.*pram: reserved .* \([0-9]*\) pages, for .*/\1/p')
	check "nearly all of the memory was reserved" \
		[ $((${covered:-0} * 4)) -gt $(($(meminfo MemTotal) * 3 / 4)) ]
	cmdline_arg sizes | tr ',:' '\n ' >/tmp/before
	check "there is something to compare" [ "$(wc -l </tmp/before)" -ge 12 ]
	sizes >/tmp/now
	check_eq "the same are there" "$(cut -d' ' -f1 /tmp/now | paste -sd' ')" \
		"$(cut -d' ' -f1 /tmp/before | paste -sd' ')"
	while read -r name now; do
		before=$(sed -n "s,^$name ,,p" /tmp/before | head -1)
		check_near "$name" "$now" "$before" $((before / 50))
	done </tmp/now
	finish
	;;
esac
