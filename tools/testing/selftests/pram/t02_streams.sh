#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Folios of every order, and bytes, over a kexec by kexec_load(2). The image is
# loaded after one node has been saved, and before the others.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	# When the kernel has a seed to give, kexec-tools has a segment more
	head -c 1 /dev/random >/dev/null
	save a seed=1
	load_next -l || bail "the next kernel could not be loaded"
	save b seed=2
	save 'one more, with %s #odd characters' seed=3 pages=1
	check_eq "there are 3 nodes" "$(sysfs nr_nodes)" 3
	exec_next
	;;
2)	check_eq "one kexec has been" "$(sysfs generation)" 1
	check_eq "there are 3 nodes" "$(sysfs nr_nodes)" 3
	check_eq "they are as old as they are" \
		"$(cat $PRAM_SYSFS/nodes/*/generation | sort -u)" 0
	check "a node can be looked at" test_pram peek name=b seed=2
	load a seed=1
	load b seed=2
	load 'one more, with %s #odd characters' seed=3
	check_nothing_left
	# The interface is as good with what is left of the last kernel's memory
	check "the interface does what it says" test_pram api
	finish
	;;
esac
