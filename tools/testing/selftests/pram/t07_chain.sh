#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Nodes that nobody opens go through every kexec, and the super block stays
# where it is, so that the command line can be handed down whole.
#
# pram-gens: 5
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# The whole command line again, and what is new behind it, as scripts do it
next_kernel_whole()
{
	make_initrd /tmp/next.cpio || bail "cannot make the next kernel's initrd"
	kexec "$1" -l "${PRAM_KERNEL:-/boot/bzImage}" --initrd=/tmp/next.cpio \
		--command-line="$(cat /proc/cmdline) memtest=4 pram=$(
		sysfs super) gen=$((PRAM_GEN + 1)) $2" || bail "kexec -l failed"
	rm /tmp/next.cpio
	exec_next
}

check_eq "generation" "$(sysfs generation)" $((PRAM_GEN - 1))
case $PRAM_GEN in
1)	save first seed=11
	save_tree tree
	next_kernel_whole -c "digest=$tree_digest super=$(sysfs super)"
	;;
2)	check_eq "nodes" "$(sysfs nr_nodes)" 3
	save second seed=22
	next_kernel_whole "$FILE_LOAD"
	;;
3)	check_eq "nodes" "$(sysfs nr_nodes)" 4
	save third seed=33
	load second seed=22
	next_kernel_whole -c
	;;
4)	check_eq "nodes" "$(sysfs nr_nodes)" 4
	check "a node is looked at" test_pram peek name=first seed=11
	next_kernel_whole "$FILE_LOAD"
	;;
5)	check_eq "nodes" "$(sysfs nr_nodes)" 4
	super=$(cmdline_arg super)
	check_eq "the super block is where it was" \
		"$(sysfs super | cut -d. -f1)" "${super%.*}"
	check "its ticket is another" [ "$(sysfs super)" != "$super" ]
	check_eq "a node knows when it was made" \
		"$(cat $PRAM_SYSFS/nodes/first/generation \
			$PRAM_SYSFS/nodes/third/generation | paste -s)" \
		"$(printf '0\t2')"
	load third seed=33
	load first seed=11
	check_tree tree "$(cmdline_arg digest)"
	check "the list of the tree is left" node_exists tree.list
	check_fails "the others are not" node_exists first
	finish
	;;
esac
