#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An image that reads another version of the format, or that cannot use what a tree has,
# is refused while the tree can still be read: whether it is alive, or has come from the
# last kernel and was not mounted. What no tree has is not asked for.
#
# pram-gens: 3

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

TREE=0x4
XATTR=0x8
ACLS=0x10

# load_other VERB VALUE: an image with another marker
load_other()
{
	cp /boot/bzImage /tmp/bzImage
	check "the marker is changed: $*" marker /tmp/bzImage "$@"
	load_next -l --kernel /tmp/bzImage || bail "kexec -l"
}

# As for an image without tmpfs trees, and for one without what the tree has
refuse_all()
{
	load_other not $TREE
	refused "node 'tree' is a tree, of a version that the image does not know"
	load_other not $ACLS
	refused "node 'tree' has ACLs, which the image does not know"
	load_other not $XATTR
	refused "node 'tree' has extended attributes, which the image does not know"
}

case $PRAM_GEN in
1)	load_other version 99
	accepted 'ok: there is nothing to preserve'
	save a seed=1
	load_other version 99
	refused 'the image reads version 99 of the super block'
	load_other not $((TREE | XATTR | ACLS))
	accepted 'ok: 1 nodes'
	mount_pram tree /mnt/tree
	echo contents >/mnt/tree/file
	load_other not $TREE
	refused "node 'tree' is a tree, of a version that the image does not know"
	load_other not $((XATTR | ACLS))
	accepted 'ok: 2 nodes'
	check "it has an ACL" setxattr /mnt/tree/file system.posix_acl_access $ACL
	load_other not $ACLS
	refused "node 'tree' has ACLs, which the image does not know"
	check "it is alive" touch /mnt/tree/file
	load_other not $XATTR
	accepted 'ok: 2 nodes'
	mkdir /mnt/tree/dir
	check "it has an attribute" setxattr /mnt/tree/dir user.a b
	refused "node 'tree' has extended attributes, which the image does not know"
	rmdir /mnt/tree/dir
	accepted 'ok: 2 nodes'
	mkdir /mnt/tree/dir
	setxattr /mnt/tree/dir user.a b
	load_next -l || bail "kexec -l"
	accepted 'ok: 2 nodes'
	exec_next
	;;
2)	load a seed=1
	refuse_all
	next_kernel -s
	;;
3)	refuse_all
	check "it is there" mount_pram tree /mnt/tree
	check_eq "its contents" "$(cat /mnt/tree/file)" contents
	refuse_all
	check "it is unmounted" umount /mnt/tree
	refuse_all
	check "it is discarded" test_pram discard name=tree
	load_other not $((TREE | XATTR | ACLS))
	accepted 'ok: 0 nodes'
	check_nothing_left
	finish
	;;
esac
