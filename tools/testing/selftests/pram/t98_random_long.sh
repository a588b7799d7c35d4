#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# As t44, 300 trees in 22 kernels, each of which makes 15, compares the older ones, and
# discards the oldest. "seed=" on the command line has the same again.
#
# pram-gens: 22
# pram-mem: 1G
# pram-timeout: 3600
# pram-extra: rsync
# pram-long: 1

# shellcheck source=common_trees.sh
. "$(dirname "$0")/common_trees.sh"

# After so many kernels there are not always 2 MiB in one piece to move a folio to, and
# what is in smaller pieces may lose those behind the end of its file
LIST_FLAGS=-b
LAST=22
NR=15
NR_MUTATORS=3
seed=$(cmdline_arg seed) || seed=$((0x$(head -c 4 /dev/urandom |
	od -An -tx4 | tr -d ' ')))
diag "seed=$seed"

# The trees that a kernel has made: sets $first and $last
made_by()
{
	first=$((NR * ($1 - 1) + 1))
	last=$((NR * $1))
}

discard_trees()
{
	local i="$1" bad=''

	while [ "$i" -le "$2" ]; do
		umount "/mnt/tree$i" && echo "tree$i" >"$PRAM_SYSFS/discard" ||
			bad="$bad $i"
		rm -f "/mnt/lists/$i"
		i=$((i + 1))
	done
	check_empty "trees $1 to $2 are discarded" "$bad"
}

mount_pram lists /mnt/lists || bail "no lists"
mount_pram mutated /mnt/mutated || bail "no tree"
digest=
if [ "$PRAM_GEN" -gt 1 ]; then
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check_eq "the lists are as they were" \
		"$(cat /mnt/lists/* | sha256sum | cut -d' ' -f1)" \
		"$(cmdline_arg digest)"
	check_mutated $NR_MUTATORS "$((seed + PRAM_GEN / 4))"
	# Some are not mounted at all
	made_by $((PRAM_GEN - 1))
	[ $((PRAM_GEN % 2)) = 0 ] || check_trees "$first" "$last" 1
fi
if [ "$PRAM_GEN" -gt 2 ]; then
	made_by $((PRAM_GEN - 2))
	check_trees "$first" "$last" 1
	compare_trees "$first" "$last" 1 "$seed"
	discard_trees "$first" "$last"
fi
[ "$PRAM_GEN" != $LAST ] || finish
made_by "$PRAM_GEN"
make_trees "$first" "$last" "$seed"
# It takes all steps to compare: begin anew
if [ $(((PRAM_GEN + 1) % 4)) = 0 ]; then
	rm -r /mnt/mutated/*
fi
digest=$(cat /mnt/lists/* | sha256sum | cut -d' ' -f1)
how=-l
[ $((PRAM_GEN % 2)) = 1 ] || how=-s
load_next $how "digest=$digest" "seed=$seed" ||
	bail "the next kernel could not be loaded"
start_mutators $NR_MUTATORS $((seed + (PRAM_GEN + 1) / 4))
sleep 1
exec_next
