#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The same with a kernel of 32 bits that has neither all of its low memory nor what is
# above: all that is there moves to where it has memory.
#
# pram-gens: 3
# pram-mem: 5G
# pram-timeout: 900
# pram-extra: i386
# pram-long: 1

# shellcheck source=common_i386.sh
. "$(dirname "$0")/common_i386.sh"

test_word_size 5000 vmalloc=400M highmem=1G
