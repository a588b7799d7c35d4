#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A tree that is restored takes as much memory as one that is made by hand: MemFree,
# Shmem, slab, and what the memory cgroup of whoever mounts or makes it is charged for
# it. The one kernel restores it, and the next one makes the same anew.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

make_cgroup

# The same each time; of the 64 MiB some are in huge folios
make_files()
{
	mount_pram "$1" /mnt/tree huge=within_size || return
	cd /mnt/tree || return
	for i in $(seq 2000); do
		echo "$i" >"$i"
	done
	yes data | head -c $((48 << 20)) >large
	truncate -s 8M holes
	yes huge | head -c $((8 << 20)) | dd of=holes conv=notrunc 2>/dev/null
}

# look: sets $shmem, $slab, $charged in KiB
look()
{
	free_kib >/dev/null
	shmem=$(meminfo Shmem)
	slab=$(($(meminfo SReclaimable) + $(meminfo SUnreclaim)))
	charged=$(($(cat $group/memory.current) >> 10))
}

# took COMMAND...: how much each of these is more after it
took()
{
	local shmem0 slab0 charged0

	look
	shmem0=$shmem slab0=$slab charged0=$charged
	check "$* works" in_group "$@"
	look
	shmem=$((shmem - shmem0)) slab=$((slab - slab0))
	charged=$((charged - charged0))
	diag "shmem $shmem slab $slab charged $charged"
}

case $PRAM_GEN in
1)	check "a tree is made" make_files tree
	umount /mnt/tree
	next_kernel -l
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	took mount_pram tree /mnt/tree huge=within_size
	pages=$(sysfs nodes/tree/pages)
	umount /mnt/tree
	with=$(free_kib)
	check "it is discarded" sh -c "echo tree >$PRAM_SYSFS/discard"
	next_kernel -l "shmem=$shmem" "slab=$slab" "charged=$charged" \
		"pages=$pages" "taken=$(($(free_kib) - with))"
	;;
3)	took make_files by_hand
	umount /mnt/tree
	with=$(free_kib)
	check_eq "the tree has as many pages" "$(cmdline_arg pages)" \
		"$(sysfs nodes/by_hand/pages)"
	check_near "Shmem is as of one that was made" "$(cmdline_arg shmem)" \
		"$shmem" 64
	check_near "so is slab" "$(cmdline_arg slab)" "$slab" 512
	check_near "so is what is charged" "$(cmdline_arg charged)" "$charged" 1024
	check "it is discarded" sh -c "echo by_hand >$PRAM_SYSFS/discard"
	check_near "so is what is free without it" "$(cmdline_arg taken)" \
		"$(($(free_kib) - with))" 512
	finish
	;;
esac
