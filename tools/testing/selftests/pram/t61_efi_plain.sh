#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The same three kexecs on a machine with UEFI, and PRAM has nothing to carry: what
# becomes of firmware's tables is none of its doing.
#
# pram-gens: 4
# pram-efi: 1
# pram-mem: 768M
# pram-timeout: 600

# shellcheck source=common_efi.sh
. "$(dirname "$0")/common_efi.sh"

next_plain()
{
	next_kernel "$1" --no-pram --kaslr init_on_free=1 "firmware=$firmware"
}

firmware=$(cmdline_arg firmware)
check_quiet
case $PRAM_GEN in
1)	check_firmware_there
	firmware=$(firmware_digest)
	next_plain -l
	;;
2)	check_firmware_same "$firmware"
	next_plain -s
	;;
3)	check_firmware_same "$firmware"
	next_plain -l
	;;
4)	check_firmware_same "$firmware"
	finish
	;;
esac
