#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Super blocks that are not right in one thing each. They are refused in one
# line, and what is wrong behind a good super block takes nothing down with it.
#
# pram-gens: 22
# pram-mem: 256M
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# What generation $1 is given, and what it must say
fault()
{
	case $1 in
	2)	echo none 'reserved 1 ranges, 1 pages' ;;
	3)	echo csum 'fails its checksum' ;;
	4)	echo magic 'no super block' ;;
	5)	echo pfn 'no super block' ;;
	6)	echo version 'another version' ;;
	7)	echo size malformed ;;
	8)	echo open 'not sealed' ;;
	9)	echo state 'not sealed' ;;
	10)	echo reserved malformed ;;
	11)	echo nr_cover_none 'bad number of ranges' ;;
	12)	echo nr_cover_many 'bad number of ranges' ;;
	13)	echo cover_empty 'bad range' ;;
	14)	echo cover_wrapped 'bad range' ;;
	15)	echo cover_low 'bad range' ;;
	16)	echo cover_huge 'bad range' ;;
	17)	echo cover_elsewhere 'outside of its ranges' ;;
	18)	echo cover_unsorted 'bad range' ;;
	19)	echo cover_adjoining 'bad range' ;;
	20)	echo dir_self 'directory is lost: ' ;;
	21)	echo dir_beyond 'directory is lost: ' ;;
	22)	echo counts 'counts 1000 nodes' ;;
	esac
}

# A kernel whose super block is forged survives one more kexec than that says
generation()
{
	case $1 in
	2 | 20 | 21 | 22) echo 42 ;;
	*) echo 0 ;;
	esac
}

if [ "$PRAM_GEN" != 1 ]; then
	what=$(fault "$PRAM_GEN")
	check_log "${what%% *}: the kernel says why" "pram: .*${what#* }"
fi
check_eq "generation" "$(sysfs generation)" "$(generation "$PRAM_GEN")"
check_nothing_left
save a seed=1 pages=100
load a seed=1
[ "$PRAM_GEN" != 22 ] || finish

what=$(fault $((PRAM_GEN + 1)))
"$(dirname "$0")/forge" "${what%% *}" >/tmp/pfn 2>/dev/null &
while [ ! -s /tmp/pfn ]; do
	kill -0 $! || bail "forge ${what%% *} failed"
	sleep 0.1
done
next_kernel -l --pram "$(cat /tmp/pfn)"
