#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What LUO preserves is no memory that the next kernel can use: a kexec that would leave
# it too little is refused. Nor is it memory that this kernel needs, so that the one
# after does not ask for more.
#
# pram-gens: 2
# pram-needs: LIVEUPDATE
# pram-mem: 1G
# pram-append: kho=on liveupdate=on
# pram-timeout: 600

# shellcheck source=common_kho.sh
. "$(dirname "$0")/common_kho.sh"

PAGES=65536

need /dev/liveupdate

case $PRAM_GEN in
1)	mount_pram beside /mnt/beside || bail "cannot mount pram=beside"
	load_next -s --no-memtest reserve_mem=400M:4096:apart || bail "kexec -s"
	accepted 'ok: 1 nodes'
	luo_keep /mnt/beside/file $PAGES
	refused 'the next kernel needs [0-9]* MiB until its initramfs is unpacked'
	load_next -s --no-memtest || bail "kexec -s"
	accepted 'ok: 1 nodes'
	next_kernel -s --no-memtest "room=$(sysfs check_room)"
	;;
2)	check "the tree is mounted" \
		mount_pram beside /mnt/beside noatime,pram_must_exist
	load_next -s --no-memtest || bail "kexec -s"
	accepted 'ok: 1 nodes'
	diag "$(sysfs check_room) pages for the next one, $(cmdline_arg room) for this one"
	check "the next one asks for no more than this one" \
		[ "$(sysfs check_room)" -le $(($(cmdline_arg room) + 4096)) ]
	check "the file is as it was" liveupdate compare /mnt/beside/file $PAGES
	check "the memfd is as it was" liveupdate check $PAGES
	finish
	;;
esac
