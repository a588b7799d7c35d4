#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# 30 random trees, of all that a tmpfs can hold, go over three kexecs. Each is listed
# before and after, and compared with the same tree made again in an ordinary tmpfs, by
# its list and by rsync. Some are not mounted in some of the kernels. Three more
# change while the kexec comes: they are as of one moment between two system calls.
#
# pram-gens: 4
# pram-mem: 1G
# pram-extra: rsync

# shellcheck source=common_trees.sh
. "$(dirname "$0")/common_trees.sh"

NR=30
NR_MUTATORS=3
seed=1000

how=-l
[ $((PRAM_GEN % 2)) = 1 ] || how=-s
mount_pram lists /mnt/lists || bail "no lists"
mount_pram mutated /mnt/mutated || bail "no tree"
if [ "$PRAM_GEN" = 1 ]; then
	make_trees 1 $NR $seed
	digest=$(cat /mnt/lists/* | sha256sum | cut -d' ' -f1)
else
	digest=$(cmdline_arg digest)
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_eq "the lists are as they were" \
		"$(cat /mnt/lists/* | sha256sum | cut -d' ' -f1)" "$digest"
	check_mutated $NR_MUTATORS $seed
fi
case $PRAM_GEN in
2)	check_trees 2 $NR 3
	compare_trees 2 $NR 3 $seed
	;;
3)	check_trees 1 $NR 3
	compare_trees 1 $NR 3 $seed
	;;
4)	check_trees 1 $NR 1
	compare_trees 3 $NR 3 $seed
	finish
	;;
esac
load_next $how "digest=$digest" || bail "the next kernel could not be loaded"
start_mutators $NR_MUTATORS $seed
sleep 2
exec_next
