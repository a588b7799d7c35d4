#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory for a crash kernel is had by every kernel of a chain of 30 kexecs, with KASLR,
# which puts the kernel into the middle of a window now and then.
#
# pram-gens: 31
# pram-mem: 4G
# pram-timeout: 2400
# pram-append: crashkernel=256M
# pram-long: 1

# shellcheck source=crashkernel.sh
. "$(dirname "$0")/crashkernel.sh"

# Little, and all over memory
# shellcheck disable=SC2317 # crash_chain calls it
save_little()
{
	check "pages are saved all over memory" \
		test_pram scatter name=s seed=1 step=250 pages=3600
}

crash_chain 31 "low 256" save_little
