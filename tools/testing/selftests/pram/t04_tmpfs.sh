#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A tmpfs tree: contents, names, modes, owners, times, sizes and holes are the
# same after umount and mount, and after a kexec by kexec_load(2).
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# Names change their places: one becomes that of another file, and comes first
make_order()
{
	mkdir /mnt/order/few /mnt/order/many
	(cd /mnt/order/many && seq 50000 | xargs touch)
	(cd /mnt/order/few && touch a b c x && mv x b)
	for i in 7 123 40000; do
		mv /mnt/order/many/50000 /mnt/order/many/$i
		mv /mnt/order/many/$i /mnt/order/few/$i
		touch /mnt/order/many/50000
	done
}

# In the order of readdir()
list_order()
{
	(cd /mnt/order && find .)
}

check_order()
{
	check "the tree is mounted" mount_pram order /mnt/order
	list_order >/tmp/order
	check_eq "the names are in the same order" "$(digest /tmp/order)" \
		"$(cmdline_arg order)"
	check_eq "what is made comes first" \
		"$(touch /mnt/order/few/new && find /mnt/order/few | head -n 2 |
			tail -n 1)" /mnt/order/few/new
	check "the tree is unmounted" umount /mnt/order
}

case $PRAM_GEN in
1)	save_tree tree
	check_tree tree "$tree_digest"
	check "the mount says what it is" \
		grep -q '^none /mnt/tree tmpfs .*pram=tree' /proc/mounts
	check "the tree is saved once more" umount /mnt/tree

	# Without huge pages, too, but that is what the tree is for
	check "a tmpfs of huge pages is mounted" \
		mount_pram huge /mnt/tree noatime,huge=always
	check "there is a large file" random_file /mnt/tree/file $((9 << 20))
	sum=$(digest /mnt/tree/file)
	huge=$(meminfo ShmemHugePages)
	check "there are huge pages" [ "$huge" -ge 8192 ]
	check "they are saved" umount /mnt/tree

	check "a tree of many names is mounted" mount_pram order /mnt/order
	make_order
	list_order >/tmp/order
	check_eq "a name that becomes another comes first" \
		"$(grep few/ /tmp/order | tail -n 5 | tr -d '\n')" \
		./few/123./few/7./few/b./few/c./few/a
	next_kernel -l digest="$tree_digest" sum="$sum" huge="$huge" \
		order="$(digest /tmp/order)"
	;;
2)	check_tree tree "$(cmdline_arg digest)"
	check "the list is mounted" mount_pram tree.list /mnt/list
	check "the list is the same, line by line" \
		same /tmp/list /mnt/list/list

	# It is a file system like any other
	echo more >>/mnt/tree/sizes/size4097
	echo new >/mnt/tree/new
	echo over | dd of=/mnt/tree/sizes/big bs=1M seek=3 conv=notrunc 2>/dev/null
	truncate -s 10000 /mnt/tree/holes/middle
	rm -r /mnt/tree/dirs/deep /mnt/tree/names/-rf
	mv /mnt/tree/dirs/many/17 /mnt/tree/dirs/empty/17
	# Names of the same file are that
	echo more >>/mnt/tree/links/sub/name3
	check_eq "hard links are links" "$(cat /mnt/tree/links/file)" \
		"$(printf 'a\nmore')"
	echo new >/mnt/tree/attrs/default/new
	check "a new file has a new number" \
		[ "$(stat -c %i /mnt/tree/attrs/default/new)" -gt \
		"$(find /mnt/tree ! -path '*/new' -print0 | xargs -0 stat -c %i |
			sort -n | tail -1)" ]
	check_fails "what is immutable is" rm /mnt/tree/attrs/immutable/file
	list_tree /mnt/tree >/tmp/list
	check "the changed tree is saved" umount /mnt/tree
	check_tree tree "$(digest /tmp/list)"
	no_attrs /mnt/tree
	rm -r /mnt/tree/*
	check "an empty tree is saved" umount /mnt/tree
	check "an empty tree is mounted" mount_pram tree /mnt/tree
	check_empty "it is empty" "$(ls -A /mnt/tree)"

	check_order

	check "huge pages are mounted" \
		mount_pram huge /mnt/huge noatime,huge=always
	check_eq "their contents are the same" "$(digest /mnt/huge/file)" \
		"$(cmdline_arg sum)"
	check_eq "they are huge still" "$(meminfo ShmemHugePages)" \
		"$(cmdline_arg huge)"
	finish
	;;
esac
