#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Ten times as many nodes cost ten times as much, and not a hundred times: making
# them, finding each in sysfs, looking through them for a kexec, adopting them, and
# discarding them. The guest's clock counts instructions.
#
# pram-gens: 3
# pram-mem: 2G
# pram-icount: 1
# pram-timeout: 3600
# pram-long: 1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

FEW=10000
MANY=100000

# Thousands of instructions, so far
now()
{
	# shellcheck disable=SC3028 # busybox has it
	echo "${EPOCHREALTIME%.*}${EPOCHREALTIME#*.}"
}

# count NAME COMMAND...: what the command takes is in $costs, as "NAME:COST,"
costs=
count()
{
	local name="$1" start

	shift
	start=$(now)
	check "$name: no error" "$@"
	costs="$costs$name:$(($(now) - start)),"
}

make_nodes()
{
	test_pram many name=n pages="$1"
}

list_nodes()
{
	[ "$(find $PRAM_SYSFS/nodes -mindepth 1 -maxdepth 1 | wc -l)" = "$1" ]
}

read_states()
{
	[ "$(find $PRAM_SYSFS/nodes -name state -exec cat {} + |
		grep -c '^kept$')" = "$1" ]
}

try_kexec()
{
	echo 1 >$PRAM_SYSFS/check
}

discard_nodes()
{
	test_pram no_more name=n pages="$1" && [ "$(sysfs nr_nodes)" = 0 ]
}

# From the line before to that which says it is done
adoption()
{
	kernel_log | sed 's/^\[ *//' | awk '
		/pram: adopted / {
			printf "%.0f\n", (substr($1, 1, length($1) - 1) - last) * 1e6
			exit
		}
		{ last = substr($1, 1, length($1) - 1) }'
}

# Make them, look at them, and go on with them
save_all()
{
	count making make_nodes "$1"
	count listing list_nodes "$1"
	count reading read_states "$1"
	load_next -l || bail "the next kernel could not be loaded"
	count checking try_kexec
	# What the nodes of this kernel have cost is for the last one
	next_kernel -l "$2$costs"
}

# $costs of the nodes of the previous kernel
load_all()
{
	check_eq "all nodes are there" "$(sysfs nr_nodes)" "$1"
	costs="adopting:$(adoption),"
	count discarding discard_nodes "$1"
	check_nothing_left
}

# cost LIST NAME
cost()
{
	echo "$1" | tr ',' '\n' | sed -n "s/^$2://p"
}

case $PRAM_GEN in
1)	save_all $FEW few=
	;;
2)	load_all $FEW
	few=$(cmdline_arg few)$costs
	diag "$FEW nodes, thousands of instructions: $few"
	costs=
	save_all $MANY "few=$few many="
	;;
3)	load_all $MANY
	few=$(cmdline_arg few)
	many=$(cmdline_arg many)$costs
	diag "$MANY nodes, thousands of instructions: $many"
	for what in making listing reading checking adopting discarding; do
		was=$(cost "$few" $what)
		is=$(cost "$many" $what)
		check "$what is counted" [ "${was:-0}" -gt 0 -a "${is:-0}" -gt 0 ]
		check "$what: $is for $MANY, $was for $FEW" \
			[ "$is" -le $((was * 12)) ]
	done
	finish
	;;
esac
