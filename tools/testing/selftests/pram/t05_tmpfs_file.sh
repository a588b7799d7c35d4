#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A tmpfs tree over a kexec by kexec_file_load(2), by somebody who does not know
# of pram=. With an image that was loaded before there was anything to preserve
# the kexec is refused; one that is loaded then, or while the tree is mounted, is
# told, and a tree that is mounted goes along. A reboot notifier that ends the chain
# of them takes nothing away.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	load_next -s --no-pram || bail "the next kernel could not be loaded"
	check_eq "nothing is added" "$(logged 'pram: added pram=')" 0
	save_tree tree
	refused 'the image has no valid pram= on its command line'
	mount_pram late /mnt/late || bail "cannot mount pram=late"
	check "a kernel is loaded with a tree mounted" load_next -s --no-pram
	check_log "it is told" 'pram: added pram= '
	echo late >/mnt/late/file
	accepted 'ok: 3 nodes'
	check "a reboot notifier will fail" test_pram_stay veto
	exec_next
	;;
2)	# What it is to be is in another tree: the command line is older
	check "the list is mounted" mount_pram tree.list /mnt/list
	check "there is something in it" [ -s /mnt/list/list ]
	check_tree tree "$(digest /mnt/list/list)"
	check "the late one is mounted" mount_pram late /mnt/late
	check_eq "it is as it was" "$(cat /mnt/late/file)" late
	finish
	;;
esac
