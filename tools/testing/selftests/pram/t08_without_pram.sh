#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A second kernel that knows nothing of PRAM boots, with all of its memory, and
# takes pram= for somebody else's. A third that knows PRAM, and is given the
# same pram=, finds nothing: memtest has been there.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /boot/bzImage-nopram
case $PRAM_GEN in
1)	save lost seed=1
	save_tree tree
	next_kernel -l --kernel /boot/bzImage-nopram "super=$(sysfs super)"
	;;
2)	check "there is no PRAM" [ ! -e $PRAM_SYSFS ]
	check_eq "nothing is said about it" "$(logged '\] pram: ')" 0
	check_fails "tmpfs has no such option" mount_pram tree /mnt
	next_kernel -s --pram "$(cmdline_arg super)"
	;;
3)	check_lost_and_finish ;;
esac
