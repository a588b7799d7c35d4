#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loaders that start the next kernel with the boot parameters of the running one, but for
# the command line, the initrd and the memory map. With the first kernel these are the
# boot loader's, and do not say kexec. What is preserved is there all the same.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /sys/kernel/boot_params/data
KEXEC="$(dirname "$0")/kexec_zero params=/sys/kernel/boot_params/data -- \
	kexec --no-checks"

type=$(cat /proc/sys/kernel/bootloader_type)
case $PRAM_GEN in
1)	check "no kexec has started this kernel" [ $((type >> 4)) != 13 ]
	save a seed=1
	save_tree tree
	load_next -l "digest=$tree_digest" "type=$type" || bail "kexec -l"
	accepted 'ok: 3 nodes'
	exec_next
	;;
2)	check_eq "the kernel knows no type of kexec" "$type" \
		"$(cmdline_arg type)"
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	load a seed=1
	save b seed=2 pages=20000
	next_kernel -l --kaslr
	;;
3)	check_eq "nor does this one" "$type" "$(cmdline_arg type)"
	load b seed=2
	check_tree tree "$(cmdline_arg digest)"
	finish
	;;
esac
