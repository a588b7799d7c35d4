#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Three kexecs on a machine with UEFI: over kexec_load, kexec_file_load, and
# kexec_load again. A tree, and pages all over memory, are as they were; so are
# the variables and tables of firmware. All that is freed is cleared.
#
# pram-gens: 4
# pram-efi: 1
# pram-mem: 768M
# pram-timeout: 600

# shellcheck source=common_efi.sh
. "$(dirname "$0")/common_efi.sh"

next_efi()
{
	next_kernel "$1" --kaslr init_on_free=1 "tree=$tree_digest" \
		"firmware=$firmware"
}

case $PRAM_GEN in
1)	check_firmware_there
	firmware=$(firmware_digest)
	save_tree vm0
	check "pages all over memory are saved" \
		test_pram scatter name=s seed=5 pages=20000
	save_firmware
	next_efi -l
	;;
*)	tree_digest=$(cmdline_arg tree)
	firmware=$(cmdline_arg firmware)
	check_eq "each kexec has been survived" "$(sysfs generation)" \
		$((PRAM_GEN - 1))
	check_quiet
	check_firmware_same "$firmware"
	check "the pages are as they were saved" test_pram peek name=s seed=5
	check_tree vm0 "$tree_digest"
	if [ "$PRAM_GEN" != 4 ]; then
		check "the tree is saved again" umount /mnt/tree
		if [ "$PRAM_GEN" = 2 ]; then
			next_efi -s
		fi
		next_efi -l
	fi
	finish
	;;
esac
