#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Trees go from a kernel of 64 bits to one of 32 bits and back: what either has left,
# the other reads, above 4 GiB as well. Metadata moves to where the kernel of 32 bits
# has low memory.
#
# pram-gens: 3
# pram-mem: 5G
# pram-timeout: 900
# pram-extra: i386

# shellcheck source=common_i386.sh
. "$(dirname "$0")/common_i386.sh"

test_word_size 100
