#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A second kernel that knows nothing of PRAM. While something is preserved it is
# not started, unless it is told pram=off. It boots, with all of its memory, and
# takes pram= for somebody else's. A third that knows PRAM, and is given the first
# one's pram=, takes nothing over, though nothing has wiped the memory.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /boot/bzImage-nopram
case $PRAM_GEN in
1)	save lost seed=1
	save_small_trees
	save_tree tree
	for how in -l -s; do
		load_next $how --kernel /boot/bzImage-nopram ||
			bail "kexec $how"
		refused 'the image is no kernel with CONFIG_PRAM: '
	done
	check_eq "that was said when they were loaded" \
		"$(logged 'a kexec would be refused now: the image is no ')" 2
	load_next -l --no-memtest --kernel /boot/bzImage-nopram \
		"super=$(sysfs super)" pram=off || bail "kexec -l"
	accepted 'ok: 27 nodes will be lost, by pram=off'
	exec_next
	;;
2)	check "there is no PRAM" [ ! -e $PRAM_SYSFS ]
	check_eq "nothing is said about it" "$(logged '\] pram: ')" 0
	check_fails "tmpfs has no such option" mount_pram tree /mnt
	write_over
	next_kernel -s --no-memtest --pram "$(cmdline_arg super)"
	;;
3)	check_lost_and_finish ;;
esac
