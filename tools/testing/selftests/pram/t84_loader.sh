#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loaders that do not say that they are kexec: the boot parameters have the type of
# another, as where kexec_load(2) is called with those of the running kernel. What is
# preserved is there all the same, with KASLR, too.
#
# pram-gens: 4
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# next_with TYPE [OPTION]...
next_with()
{
	KEXEC="$(dirname "$0")/kexec_zero type=$1 -- kexec --no-checks"
	shift
	next_kernel "$@"
}

[ "$PRAM_GEN" = 1 ] || check_eq "the kernel knows no type of kexec" \
	"$(cat /proc/sys/kernel/bootloader_type)" \
	"$(echo 0 114 33 255 | cut -d' ' -f"$PRAM_GEN")"
case $PRAM_GEN in
1)	save a seed=1
	save_tree tree
	# Of GRUB
	next_with 72 -l "digest=$tree_digest"
	;;
2)	load a seed=1
	save b seed=2 pages=20000
	next_with 21 -l --kaslr
	;;
3)	check "a node is as it was" test_pram peek name=b seed=2
	# Unknown
	next_with ff -l --kaslr
	;;
4)	load b seed=2
	check_tree tree "$(cmdline_arg digest)"
	finish
	;;
esac
