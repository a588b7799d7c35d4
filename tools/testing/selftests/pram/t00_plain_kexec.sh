#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kernel without PRAM goes through a chain of plain kexecs, by kexec_load
# and by kexec_file_load: the stubs are in nobody's way.
#
# pram-gens: 3
# pram-kernel: nopram
# pram-mem: 512M

. "$(dirname "$0")/lib.sh"

need /boot/bzImage-nopram
check "generation $PRAM_GEN has no PRAM" [ ! -e "$PRAM_SYSFS" ]
case $PRAM_GEN in
1)	next_kernel -l --no-pram --kernel /boot/bzImage-nopram ;;
2)	next_kernel -s --no-pram --kernel /boot/bzImage-nopram ;;
3)	finish ;;
*)	bail "generation $PRAM_GEN?" ;;
esac
