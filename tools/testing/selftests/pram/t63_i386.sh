#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kernel of 32 bits with high memory: files with checksums and without, folios of
# every order, pages all over memory, of which those in low memory move to high memory,
# and a tree. The amounts of memory, and of high memory, are as in a kernel that
# carries nothing.
#
# pram-config: i386
# pram-gens: 3
# pram-mem: 2G
# pram-timeout: 600

# shellcheck source=common_i386.sh
. "$(dirname "$0")/common_i386.sh"

test_i386
