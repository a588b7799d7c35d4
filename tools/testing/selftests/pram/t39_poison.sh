#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A page of a tree is broken: the kexec is refused, and the log names the file. The
# tree is as it was. Without the file it goes along.
#
# pram-gens: 2
# pram-mem: 512M
# pram-allow: Memory failure

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

here=$(cd "$(dirname "$0")" && pwd)

case $PRAM_GEN in
1)	mount_pram tree /mnt/tree || bail "no tree"
	random_file /mnt/tree/before 20000
	random_file /mnt/tree/hurt 50000
	random_file /mnt/tree/after 20000
	mount_pram other /mnt/other || bail "no tree"
	random_file /mnt/other/file 50000
	sum=$(digest /mnt/other/file)
	check "a page of a file is broken" "$here/poison" /mnt/tree/hurt 5
	load_next -l "sum=$sum" || bail "kexec -l"
	refused "a page of '/hurt' in tmpfs 'tree' is broken: remove the file"
	check "the tree can be written to" rm /mnt/tree/hurt
	umount /mnt/tree
	accepted 'ok: 2 nodes'
	exec_next
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "the tree is mounted" mount_pram tree /mnt/tree
	check "the rest of it is there" \
		[ -s /mnt/tree/after -a -s /mnt/tree/before ]
	check_fails "the file is not" [ -e /mnt/tree/hurt ]
	check "the other tree is mounted" mount_pram other /mnt/other
	check_eq "it is as it was" "$(digest /mnt/other/file)" \
		"$(cmdline_arg sum)"
	finish
	;;
esac
