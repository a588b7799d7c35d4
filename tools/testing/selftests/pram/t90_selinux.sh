#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# With SELinux, the label that the kernel goes by is that which a file had, as soon as its
# tree is restored; also that which a mount option gave the root. The policy is that of
# scripts/selinux/mdp, which allows all, and a type of which it allows nothing.
#
# pram-gens: 2
# pram-config: selinux
# pram-mem: 512M
# pram-append: enforcing=0

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

secret=user_u:object_r:secret_t:s0
plain=user_u:object_r:base_t:s0

load_policy()
{
	mkdir -p /mnt/selinux &&
		mount -t selinuxfs none /mnt/selinux &&
		dd if="$(dirname "$0")/selinux.policy" of=/mnt/selinux/load \
			bs=16M count=1 && echo 1 >/mnt/selinux/enforce
}

# label FILE: what the kernel goes by, as a digest
label()
{
	printf '%s\0' "$1" | attrs | grep -o 'security.selinux=[^ ]*'
}

check_labels()
{
	check "all may read an ordinary file" cat /mnt/tree/plain
	check_fails "nobody may read one of the other type" cat /mnt/tree/secret
	check_fails "nor write to it" sh -c "echo a >/mnt/tree/secret"
	check_fails "nor list such a directory" ls /mnt/tree/dir
	check "a new file is an ordinary one" sh -c "
		echo a >/mnt/tree/new && cat /mnt/tree/new"
	check_eq "it has the label of those" "$(label /mnt/tree/new)" \
		"$(label /mnt/tree/plain)"
	rm /mnt/tree/new
}

check "a policy is loaded" load_policy
case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	echo a >/mnt/tree/plain
	echo b >/mnt/tree/secret
	mkdir /mnt/tree/dir
	mkfifo /mnt/tree/fifo
	ln -s secret /mnt/tree/link
	check_eq "an ordinary label" "$(label /mnt/tree/plain)" \
		"security.selinux=$((${#plain} + 1)):$(label /mnt/tree/plain |
			cut -d: -f2)"
	# With enforcement nobody may even give that label
	echo 0 >/mnt/selinux/enforce
	check "a file is labelled" \
		setxattr /mnt/tree/secret security.selinux $secret
	check "a directory is" setxattr /mnt/tree/dir security.selinux $secret
	check "a FIFO is" setxattr /mnt/tree/fifo security.selinux $secret
	echo 1 >/mnt/selinux/enforce
	check_labels
	echo 0 >/mnt/selinux/enforce
	list_tree /mnt/tree >/tmp/list
	mount_pram rooted /mnt/rooted "noatime,rootcontext=$secret" ||
		bail "no tree"
	check_eq "the option says which label the root has" \
		"$(label /mnt/rooted)" "$(label /mnt/tree/secret)"
	next_kernel -l "sum=$(digest /tmp/list)" \
		"label=$(label /mnt/tree/plain)"
	;;
2)	# Who restores may give any label
	echo 0 >/mnt/selinux/enforce
	check "the tree is mounted" mount_pram tree /mnt/tree
	list_tree /mnt/tree >/tmp/list
	check_eq "all attributes are what they were" "$(digest /tmp/list)" \
		"$(cmdline_arg sum)"
	check "the other tree is mounted, without the option" \
		mount_pram rooted /mnt/rooted
	check_eq "its root has the label that it had" \
		"$(label /mnt/rooted)" "$(label /mnt/tree/secret)"
	echo 1 >/mnt/selinux/enforce
	check_labels
	finish
	;;
esac
