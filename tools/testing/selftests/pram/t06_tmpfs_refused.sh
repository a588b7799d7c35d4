#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Who may not mount a tree, and that a restore which fails takes nothing away.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)
# Two at a time
check "a tree is mounted" mount_pram a /mnt/a
check "another is, too" mount_pram b /mnt/b
umount /mnt/b
echo contents >/mnt/a/file
check "there is a large file" random_file /mnt/a/big $((1 << 20))
sum=$(digest /mnt/a/big)

# It takes a kexec to restore one: discarded, it is gone
check "the tree is unmounted" umount /mnt/a
check_eq "it is parked" "$(sysfs nodes/a/state)" parked
check "it is mounted" mount_pram a /mnt/a

# Remounting
check_fails "it cannot be given another name" \
	mount -o remount,pram=other /mnt/a
check "it can be given another size" mount -o remount,size=100M /mnt/a
check "it has its name still" \
	grep -q '^none /mnt/a tmpfs .*pram=a' /proc/mounts
check_fails "another tmpfs cannot be given a name" \
	mount -o remount,pram=tmp /tmp
check "the node has its name" node_exists a
check_fails "there is none of the other name" node_exists other

# Names
for name in '' . .. "$(printf '%0256d' 7)" "$(printf 'n\303\251')"; do
	check_fails "'$name' is no name" mount_pram "$name" /mnt/b
done

check "a node that is no tree is made" test_pram save name=n seed=4
check_fails "it cannot be mounted" mount_pram n /mnt/b
check "it is as it was" test_pram peek name=n seed=4

# Who may not. A small kernel may be without user namespaces.
if [ -e /proc/self/ns/user ]; then
	check "a user namespace can have a tmpfs" \
		unshare -U -r -m mount -t tmpfs none /mnt/b
	check_fails "it can have no tree" \
		unshare -U -r -m mount -t tmpfs -o pram=a none /mnt/b
	check_fails "nor can it make one" \
		unshare -U -r -m mount -t tmpfs -o pram=new none /mnt/b
else
	skip "user namespaces" "there are none"
fi
check "the node is still there" node_exists a
check_fails "what is mounted is not discarded" \
	sh -c "echo a >$PRAM_SYSFS/discard"
check "what is parked is" sh -c "echo b >$PRAM_SYSFS/discard"
check "so is a node" sh -c "echo n >$PRAM_SYSFS/discard"
next_kernel -l "sum=$sum"
;;
2)
# A restore that fails
check_fails "it does not fit in 4 KiB" mount_pram a /mnt/b size=4k
check_eq "the node is as it was" "$(sysfs nodes/a/state)" kept
check_fails "nor has it room with 2 inodes" mount_pram a /mnt/b nr_inodes=2
check_eq "the node is as it was once more" "$(sysfs nodes/a/state)" kept
check "the tree can be mounted where it fits" mount_pram a /mnt/a size=10M
check_eq "it has its contents" "$(cat /mnt/a/file) $(digest /mnt/a/big)" \
	"contents $(cmdline_arg sum)"
umount /mnt/a
check "it is discarded" sh -c "echo a >$PRAM_SYSFS/discard"
check_nothing_left
finish
;;
esac
