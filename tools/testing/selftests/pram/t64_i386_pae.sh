#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The same with memory above 4 GiB, by PAE.
#
# pram-config: i386
# pram-gens: 3
# pram-mem: 5G
# pram-timeout: 900

# shellcheck source=common_i386.sh
. "$(dirname "$0")/common_i386.sh"

test_i386
