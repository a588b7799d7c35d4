#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# For harness/bench.d/boot, which looks at the clock of the kernel's lines: two
# kernels are started by kexec, the first with nothing to take over, the second with
# a cover of nearly all memory, of which one page in a MiB is kept.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	next_kernel -l --no-memtest
	;;
2)	check_eq "nothing is reserved" "$(sysfs nr_nodes)" 0
	pages=$(($(meminfo MemTotal) * 8 / 10240))
	check "one page of each MiB is saved" \
		test_pram scatter name=s seed=5 pages=$pages step=256
	next_kernel -l --no-memtest
	;;
3)	check "there is the node" node_exists s
	finish
	;;
esac
