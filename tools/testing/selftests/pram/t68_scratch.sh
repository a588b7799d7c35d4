#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# KHO's scratch areas are the room of the next kernel: pages of a tree keep out of them,
# what others have preserved there moves out, and nothing else has to, so that a kexec
# needs no room besides. That kernel chooses its place by chance, there, and the tree
# takes most of the other memory.
#
# pram-gens: 2
# pram-needs: KEXEC_HANDOVER_DEBUGFS
# pram-mem: 1G
# pram-append: kho=on kho_scratch=32M,192M,0
# pram-timeout: 600

# shellcheck source=common_kho.sh
. "$(dirname "$0")/common_kho.sh"

need $KHO/scratch_phys

# in_scratch: how many pages of the tree are there
in_scratch()
{
	# shellcheck disable=SC2046 # words are wanted
	pagesin /mnt/tree/file $(scratch)
}

mount_pram tree /mnt/tree noatime,size=90% || bail "no tree"
diag "$(meminfo MemTotal) KiB, free in scratch areas $(meminfo CmaFree)"
case $PRAM_GEN in
1)	diag "scratch areas: $(scratch)"
	check "there is a large file" random_file /mnt/tree/file $((560 << 20))
	check_eq "no page of it is in a scratch area" "$(in_scratch)" 0
	load_next -s --kaslr --no-memtest "digest=$(digest /mnt/tree/file)" ||
		bail "kexec -s"
	accepted 'ok: 1 nodes'
	check_near "nothing would move" "$(sysfs check_moved)" 0 128
	save movable seed=2 pages=4096 movable=1
	accepted 'ok: 2 nodes'
	moved=$(sysfs check_moved)
	check "what is in scratch areas would: $moved" [ "$moved" -gt 1024 ]
	check "and no more" [ "$moved" -le $((4096 + 128)) ]
	exec_next
	;;
2)	check_kernel_place
	load movable seed=2
	check_eq "no page of it is in a scratch area" "$(in_scratch)" 0
	check_eq "it is as it was" "$(digest /mnt/tree/file)" \
		"$(cmdline_arg digest)"
	finish
	;;
esac
