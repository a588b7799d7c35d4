#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Where the kernel is locked down, root may not have the memory of another kernel
# read to him: a super block of his own making is none, and kexec_file_load takes
# no pram= that would lead to it, be PRAM on or off. Nor is the description of a tree
# decoded.
#
# pram-gens: 4
# pram-config: lockdown
# pram-mem: 512M
# pram-append: lockdown=confidentiality

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

small_tree()
{
	mount_pram small /mnt/small || bail "cannot mount pram=small"
	echo secret >/mnt/small/file
	umount /mnt/small
}

# Nobody is shown the names and properties of a tree that way, and pramctl says why
not_shown()
{
	local status=0

	check_eq "the tree is there" "$(sysfs nodes/small/state)" kept
	check_fails "its description cannot be read" \
		cat $PRAM_SYSFS/nodes/small/stream
	pramctl dump small >/tmp/said 2>/tmp/errors || status=$?
	check_eq "it cannot be decoded" $status 1
	check_empty "nothing of it is shown" "$(cat /tmp/said)"
	check_eq "pramctl says why" "$(cat /tmp/errors)" \
		"pramctl: /proc/kcore cannot be opened: the kernel is locked down, or this is not root"
}

grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null ||
	mount -t securityfs none /sys/kernel/security
check "the kernel is locked down" \
	grep -q '\[confidentiality\]' /sys/kernel/security/lockdown
entry=$(entry_point)
check "root can read what is in the register" [ "$((0x${entry:-0}))" != 0 ]
case $PRAM_GEN in
1)	small_tree
	forge_super "$entry"
	# It knows of our nodes, and so ours is what is told
	check "an image with a forged pram= is loaded" load_next -s --pram "$forged"
	check_log "ours is added" 'pram: added pram= '
	exec_next
	;;
2)	not_shown
	check "the tree is mounted" mount_pram small /mnt/small
	check_eq "it is as it was" "$(cat /mnt/small/file)" secret
	umount /mnt/small
	check "all is discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	forge_super "$entry"
	check "with nothing to preserve, it is loaded" load_next -s --pram "$forged"
	check_log "ours is added all the same" 'pram: added pram= '
	next_kernel -s --pram off "forged=$forged"
	;;
3)	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	forge_super "$entry"
	check_fails "an image with a forged pram= is not loaded" \
		load_next -s --pram "$forged"
	check_log "the kernel says why" \
		'pram: image refused: the kernel is locked down and has PRAM off'
	next_kernel -s --pram off --drop forged
	;;
4)	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	finish
	;;
esac
