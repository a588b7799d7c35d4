#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What others preserve beside PRAM is theirs: pages of a memfd that LUO preserves by KHO
# lie between those of a tree, and both are as they were after a kexec, and after more.
# Later kernels choose their place by chance, in KHO's scratch areas: at first beside much
# memory that is free, then with something preserved in nearly every MiB. What is freed is
# cleared; memtest= would write to what KHO has not reserved yet.
#
# pram-gens: 6
# pram-needs: KEXEC_HANDOVER_DEBUGFS
# pram-mem: 1G
# pram-append: kho=on liveupdate=on
# pram-timeout: 900

# shellcheck source=common_kho.sh
. "$(dirname "$0")/common_kho.sh"

LAST=6
PAGES=8192

need /dev/liveupdate $KHO/scratch_phys

keep()
{
	mount_pram beside /mnt/beside || bail "cannot mount pram=beside"
	luo_keep /mnt/beside/file $PAGES
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
}

# go [OPTION...] [ARG...]
go()
{
	next_kernel -s --no-memtest "$@" init_on_free=1
}

case $PRAM_GEN in
1)	diag "scratch areas: $(scratch)"
	keep
	go
	;;
2)	compare
	check_nothing_left
	keep
	go --kaslr
	;;
3)	# most of the memory was nobody's
	check_kernel_place
	compare
	check_nothing_left
	keep
	strew strewn 78 1000
	go --kaslr "places=$places"
	;;
"$LAST")
	check_kernel_place
	check_spared
	compare
	load strewn seed=78
	check_nothing_left
	check "physical places differ" [ "$(nr_places 1)" -ge 2 ]
	check "virtual places differ" [ "$(nr_places 2)" -ge 2 ]
	diag "$(nr_places 1) physical and $(nr_places 2) virtual ones of $((LAST - 2))"
	finish
	;;
*)	check_kernel_place
	check_spared
	compare
	peek strewn 78
	keep
	go --kaslr "places=$places"
	;;
esac
