#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kernel of 32 bits on a CPU that can do 64: the mark is where one of 64 bits has it,
# and the decompressor, which chooses a place by chance, believes it.
#
# pram-config: i386
# pram-gens: 6
# pram-mem: 1G
# pram-timeout: 600
# pram-long: 1

# shellcheck source=kaslr.sh
. "$(dirname "$0")/kaslr.sh"

check "the CPU has 64 bits" grep -qw lm /proc/cpuinfo
random_i386 1 6
