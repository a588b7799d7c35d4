#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory for a crash kernel above 4 GiB, and some below, while most of what there is
# is preserved.
#
# pram-gens: 4
# pram-mem: 5G
# pram-timeout: 900
# pram-append: crashkernel=256M,high

# shellcheck source=crashkernel.sh
. "$(dirname "$0")/crashkernel.sh"

# Two thirds, in pieces of 8 MiB
# shellcheck disable=SC2317 # crash_chain calls it
save_most()
{
	check "most of the memory is saved" \
		test_pram scatter name=s seed=1 step=2 piece=2048 pages=600000
}

crash_chain 4 "high 256 low 256" save_most
