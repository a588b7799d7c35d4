#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A page is preserved in nearly every MiB, with two holes between. Kernels that
# choose their place by chance choose it there, or in the room that PRAM makes.
#
# pram-gens: 12
# pram-mem: 1G
# pram-timeout: 1200

# shellcheck source=kaslr.sh
. "$(dirname "$0")/kaslr.sh"

LAST=12

kernel_place
if [ "$PRAM_GEN" = 1 ]; then
	# KASLR takes what is above 512 MiB
	take below 500
	take hole1 36
	take between 100
	take hole2 36
	give below
	give between
	strew untouched 77 20
	strew strewn 78 1000
	give hole1
	give hole2
else
	check_spared
	peek strewn 78
fi

if [ "$PRAM_GEN" != $LAST ]; then
	how=-s
	[ $((PRAM_GEN % 2)) != 0 ] || how=-l
	load_random $how
	exec_next
fi

load strewn seed=78
load untouched seed=77
check_nothing_left
check "physical places differ" [ "$(nr_places 1)" -ge 3 ]
check "virtual places differ" [ "$(nr_places 2)" -ge 8 ]
diag "$(nr_places 1) physical and $(nr_places 2) virtual ones of $((LAST - 1))"
finish
