#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What UEFI has in RAM, as the boot logo, is the same after each of three kexecs over
# kexec_file_load, although all that is freed is cleared. In the end a kernel that is
# told of no UEFI, and so chooses its place by the other memory map: what is preserved
# is spared.
#
# pram-gens: 6
# pram-efi: 1
# pram-mem: 768M
# pram-timeout: 900

# shellcheck source=common_efi.sh
. "$(dirname "$0")/common_efi.sh"

next_efi()
{
	next_kernel -s --kaslr init_on_free=1 "tree=$tree_digest" \
		"firmware=$firmware"
}

# Where this kernel is
place()
{
	sed -n 's/^ *\([0-9a-f]*\)-.* : Kernel code$/\1/p' /proc/iomem
}

# next_without_efi: as kexec_load, which can do that, would have it
next_without_efi()
{
	KEXEC="kexec --noefi"
	next_kernel -l --kaslr "tree=$tree_digest" "places=$places"
}

with_tables_in_ram
tree_digest=$(cmdline_arg tree)
firmware=$(cmdline_arg firmware)
if [ "$PRAM_GEN" != 1 ]; then
	check_eq "each kexec has been survived" "$(sysfs generation)" \
		$((PRAM_GEN - 1))
	check_quiet
	check "the pages are as they were saved" test_pram peek name=s seed=5
	check_tree vm0 "$tree_digest"
	umount /mnt/tree
fi
case $PRAM_GEN in
1)	check_firmware_there
	firmware=$(firmware_digest)
	save_tree vm0
	check "pages all over memory are saved" \
		test_pram scatter name=s seed=5 pages=20000
	save_firmware
	next_efi
	;;
2 | 3)	check_firmware_same "$firmware"
	next_efi
	;;
4)	check_firmware_same "$firmware"
	places=
	next_without_efi
	;;
5)	places=$(place)
	check_fails "the kernel knows of no UEFI" [ -e $EFI ]
	next_without_efi
	;;
6)	diag "the kernel is at $(place), and was at $(cmdline_arg places)"
	finish
	;;
esac
