#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A tmpfs tree over a kexec by kexec_file_load(2), with the image loaded before
# there is a tree, and by somebody who does not know of pram=. A reboot notifier
# that ends the chain of them takes nothing away.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	load_next -s --no-pram || bail "the next kernel could not be loaded"
	save_tree tree
	check "a reboot notifier will fail" test_pram_stay veto
	exec_next
	;;
2)	# What it is to be is in another tree: the command line is older
	check "the list is mounted" mount_pram tree.list /mnt/list
	check "there is something in it" [ -s /mnt/list/list ]
	check_tree tree "$(digest /mnt/list/list)"
	finish
	;;
esac
