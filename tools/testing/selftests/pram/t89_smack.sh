#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# With Smack, the label that the kernel goes by is that which a file had, as soon as its
# tree is restored.
#
# pram-gens: 2
# pram-config: smack
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# As one to whom labels apply; its own is _, which may read what is labelled so
as_user()
{
	echo 'user:x:1000:1000::/:/bin/sh' >/etc/passwd
	su user -c "$*"
}

# What getxattr shows of these is what the kernel goes by
check_labels()
{
	check "Smack is there" [ "$(cat /proc/self/attr/current)" = _ ]
	check "all may read a file with the label _" \
		as_user cat /mnt/tree/plain
	check_fails "nobody may read one with another label" \
		as_user cat /mnt/tree/secret
	check_fails "nor by its other name" as_user cat /mnt/tree/dir/name
	check_fails "nor list such a directory" as_user ls /mnt/tree/dir
	check "root may" cat /mnt/tree/secret
	as_user "echo a >/mnt/tree/open/new" || true
	check_eq "what is made in a directory has the label of its maker" \
		"$(label /mnt/tree/open/new)" "$(printf _ | label_sum)"
	rm /mnt/tree/open/new
}

label_sum()
{
	cat >/tmp/label
	: >/tmp/labelled
	setxattr /tmp/labelled security.SMACK64 "$(cat /tmp/label)"
	label /tmp/labelled
}

# label FILE: a digest of it
label()
{
	printf '%s\0' "$1" | attrs | grep -o 'security.SMACK64=[^ ]*'
}

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	echo a >/mnt/tree/plain
	echo b >/mnt/tree/secret
	mkdir /mnt/tree/dir /mnt/tree/open /mnt/tree/transmute
	ln /mnt/tree/secret /mnt/tree/dir/name
	mkfifo /mnt/tree/fifo
	ln -s secret /mnt/tree/link
	chmod 777 /mnt/tree/open
	check "a file is labelled" \
		setxattr /mnt/tree/secret security.SMACK64 Secret
	check "a directory is" setxattr /mnt/tree/dir security.SMACK64 Secret
	check "a FIFO is" setxattr /mnt/tree/fifo security.SMACK64 Secret
	check "a directory hands its label on" sh -c "
		setxattr /mnt/tree/transmute security.SMACK64 Other &&
		setxattr /mnt/tree/transmute security.SMACK64TRANSMUTE TRUE"
	check "a program has the label of its process" \
		setxattr /mnt/tree/plain security.SMACK64EXEC Exec
	check_labels
	list_tree /mnt/tree >/tmp/list
	next_kernel -l "sum=$(digest /tmp/list)"
	;;
2)	check "the tree is mounted" mount_pram tree /mnt/tree
	list_tree /mnt/tree >/tmp/list
	check_eq "all attributes are what they were" "$(digest /tmp/list)" \
		"$(cmdline_arg sum)"
	check_labels
	finish
	;;
esac
