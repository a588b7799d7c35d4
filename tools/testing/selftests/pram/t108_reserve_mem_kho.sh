#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What reserve_mem= sets apart KHO hands over to the next kernel, where it has the same
# name and size: over two kexecs it is as it was, and so are a tree, and pages all around
# it. It is not asked for again, what is not handed over is, and the room that is asked
# for does not grow from kexec to kexec.
#
# pram-gens: 3
# pram-needs: KEXEC_HANDOVER_DEBUGFS
# pram-mem: 1G
# pram-append: kho=on kho_scratch=32M,96M,0 reserve_mem=200M:4096:apart
# pram-timeout: 600

# shellcheck source=common_kho.sh
. "$(dirname "$0")/common_kho.sh"

# In pages
APART=51200

need $KHO/scratch_phys

# ask ARG...: load an image, and have it checked; room is what it would be given to boot
# in, in pages
ask()
{
	load_next -s --no-memtest "$@" || bail "kexec -s"
	accepted 'ok: '
	room=$(sysfs check_room)
}

# jump ARG...: with the same reserve_mem=
jump()
{
	local without

	ask --drop reserve_mem
	without=$room
	ask reserve_mem=201M:4096:apart
	check "what has another size is asked for" [ "$room" -gt $APART ]
	ask reserve_mem=200M:4096:other
	check "so is what has another name" [ "$room" -gt $APART ]
	ask "$@" "room=$without"
	check_near "what KHO hands over is not" "$room" "$without" 512
	check "that is less" [ "$room" -lt $APART ]
	exec_next
}

# The room is what it was, or less
check_room()
{
	diag "$room pages, $(cmdline_arg room) in the previous kernel"
	check "the room has not grown" \
		[ "$room" -le $(($(cmdline_arg room) + 1024)) ]
}

check_reserved()
{
	check_log "KHO has handed it over" "Revived memory reservation 'apart'"
	check "it is as it was" test_pram check_reserved name=apart seed="$1"
	peek around 78
	check_tree tree "$(cmdline_arg tree)"
	check "the tree is unmounted" umount /mnt/tree
	check_spared
}

diag "scratch areas: $(scratch)"
case $PRAM_GEN in
1)	check "memory is set apart" \
		test_pram fill_reserved name=apart seed=1
	save_tree tree
	strew around 78 1000
	jump "tree=$tree_digest"
	;;
2)	check_reserved 1
	check "other data is written" \
		test_pram fill_reserved name=apart seed=2
	ask
	check_room
	jump
	;;
3)	check_reserved 2
	ask
	check_room
	finish
	;;
esac
