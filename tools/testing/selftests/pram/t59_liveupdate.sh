#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What others preserve beside PRAM is theirs: pages of a memfd that LUO preserves by KHO
# lie between those of a tree, and both are as they were after a kexec, and after one
# more. What is freed is cleared; memtest= would write to what KHO has not reserved yet.
#
# pram-gens: 3
# pram-needs: LIVEUPDATE
# pram-mem: 1G
# pram-append: kho=on liveupdate=on
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

PAGES=8192

need /dev/liveupdate

keep()
{
	mount_pram beside /mnt/beside || bail "cannot mount pram=beside"
	liveupdate keep /mnt/beside/file $PAGES >/tmp/kept &
	while [ ! -s /tmp/kept ] && kill -0 $! 2>/dev/null; do
		sleep 0.2
	done
	check "LUO preserves a memfd, written in turn with a file of a tree" \
		[ -s /tmp/kept ]
}

compare()
{
	check "the tree is mounted" \
		mount_pram beside /mnt/beside noatime,pram_must_exist
	check "its file is as it was" \
		liveupdate compare /mnt/beside/file $PAGES
	check "the memfd is as it was" liveupdate check $PAGES
	check "the tree is unmounted" umount /mnt/beside
	check "it is discarded" sh -c "echo beside >$PRAM_SYSFS/discard"
	check_nothing_left
}

case $PRAM_GEN in
1)	keep
	next_kernel -s --no-memtest init_on_free=1
	;;
2)	compare
	keep
	next_kernel -s --no-memtest init_on_free=1
	;;
3)	compare
	finish
	;;
esac
