#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Kernels that choose their place by chance, with little in memory: they choose,
# and what there is survives. In the end three places where there is no super
# block: memory of devices, no memory, and memory with something else in it.
#
# pram-gens: 14
# pram-mem: 1G
# pram-timeout: 1200

# shellcheck source=kaslr.sh
. "$(dirname "$0")/kaslr.sh"

LAST=11
kernel_place

# What is wrong is told to the last kernels alone, in no way of ours
next_with()
{
	load_next -l --kaslr --pram "$1" || bail "kexec -l failed"
	exec_next
}

if [ "$PRAM_GEN" -gt $LAST ]; then
	check_log "the kernel has come up, and says what it makes of pram=" \
		"'pram=$(cmdline_arg pram)' ignored: "
	check_nothing_left
	case $PRAM_GEN in
	12)	next_with ffffffffff.1 ;;
	13)	next_with 28000.1 ;;
	14)	finish ;;
	esac
fi

case $PRAM_GEN in
1)	save untouched seed=77
	;;
*)	check_spared
	load last seed="$PRAM_GEN"
	;;
esac
if [ "$PRAM_GEN" != $LAST ]; then
	how=-s
	[ $((PRAM_GEN % 2)) != 0 ] || how=-l
	save last seed=$((PRAM_GEN + 1)) pages=2000
	load_random $how
	exec_next
fi

load untouched seed=77
check_nothing_left
check "physical places differ" [ "$(nr_places 1)" -ge 4 ]
check "virtual places differ" [ "$(nr_places 2)" -ge 8 ]
diag "$(nr_places 1) physical and $(nr_places 2) virtual ones of $((LAST - 1))"
next_with fec00.1
