#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A page is preserved in every MiB, as far as KASLR looks for a place, but where
# kexec puts the image: from 512 MiB to where memmap= takes the rest away. So the
# kernel has to stay there, within a few MiB. If it did not know of the data, or
# misread pram=, it would hit some nearly for certain.
#
# pram-gens: 17
# pram-mem: 1G
# pram-append: memmap=56M$0x3c800000
# pram-timeout: 1200

# shellcheck source=kaslr.sh
. "$(dirname "$0")/kaslr.sh"

LAST=17
# memmap= has taken what is above from the first kernel as well
END=0x3c800000

kernel_place
if [ "$PRAM_GEN" = 1 ]; then
	# The room to boot in will be below
	take below 100
	strew untouched 77 20
	strew strewn 78 1000
	give below
	load_random -l --mem-max=$END "memmap=56M\$$END"
	exec_next
fi

check_spared
peek strewn 78
if [ "$PRAM_GEN" != $LAST ]; then
	# kexec -s does not hear of --mem-max, and needs not: it asks the kernel
	how=-s
	[ $((PRAM_GEN % 2)) != 0 ] || how=-l
	load_random $how --mem-max=$END
	exec_next
fi

load strewn seed=78
load untouched seed=77
check_nothing_left
check "virtual places differ" [ "$(nr_places 2)" -ge 10 ]
diag "$(nr_places 1) physical and $(nr_places 2) virtual ones of $((LAST - 1))"
finish
