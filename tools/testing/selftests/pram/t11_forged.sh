#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Super blocks that are not right in one thing each. They are refused in one
# line, and what is wrong behind a good super block takes nothing down with it.
#
# pram-gens: 28
# pram-mem: 256M
# pram-timeout: 700

# shellcheck source=corrupt.sh
. "$(dirname "$0")/corrupt.sh"

LAST=28
another='another kernel ran'

# What is done to the super block that generation $1 is given, after a colon what
# that must say
fault()
{
	case $1 in
	2)	echo ':reserved 1 ranges, 1 pages' ;;
	3)	echo 'head.csum ^0x80000000 raw:fails its checksum' ;;
	4)	echo 'head.magic 0x4c4d5250:no super block' ;;
	5)	echo 'head.pfn *super+1:no super block' ;;
	6)	echo 'version 3:another version' ;;
	7)	echo 'version 1:another version' ;;
	8)	echo 'size 1:malformed' ;;
	9)	echo 'state 0x6e65706f:not sealed' ;;
	10)	echo 'state 0:not sealed' ;;
	11)	echo 'reserved[0] 1:malformed' ;;
	12)	echo 'nr_cover 0:bad number of ranges' ;;
	13)	echo 'nr_cover 65:bad number of ranges' ;;
	14)	echo 'cover[0].end *super:bad range' ;;
	15)	echo 'cover[0].end 1:bad range' ;;
	16)	echo 'cover[0].start 0:bad range' ;;
	17)	echo 'cover[0].end 0x8000000000000000:bad range' ;;
	18)	echo 'cover[0].start *super+1,cover[0].end *super+2:outside of its ranges' ;;
	19)	echo 'nr_cover 2,cover[1].start *super-2,cover[1].end *super-1:bad range' ;;
	20)	echo 'nr_cover 2,cover[1].start *super+1,cover[1].end *super+2:bad range' ;;
	21)	echo 'dir *super:the directory is damaged: ' ;;
	22)	echo 'dir 0xffffffffff:the directory is damaged: ' ;;
	23)	echo 'nr_nodes 1000:counts 1000 nodes' ;;
	24)	echo 'ticket ^1:ticket is that of another kernel' ;;
	25)	echo "mark ^1:$another" ;;
	26)	echo "mark 0:$another" ;;
	27)	echo 'report.names[2047] 1:malformed' ;;
	28)	echo 'first *super:adopted 0 of 0 nodes' ;;
	esac
}

# A kernel that has taken nothing over has survived no kexec
generation()
{
	case $1 in
	2) echo 1 ;;
	21 | 22 | 23 | 28) echo 1 ;;
	*) echo 0 ;;
	esac
}

if [ "$PRAM_GEN" != 1 ]; then
	what=$(fault "$PRAM_GEN")
	check_log "${what%%:*}: the kernel says why" "pram: .*${what#*:}"
	check_eq "it was taken over, or was not" \
		"$(logged 'reserved 1 ranges')" "$(generation "$PRAM_GEN")"
fi
check_nothing_left
save a seed=1 pages=100
load a seed=1
[ "$PRAM_GEN" != $LAST ] || finish

what=$(fault $((PRAM_GEN + 1)))
echo "${what%%:*}" | tr ',' '\n' | while read -r rule; do
	[ -z "$rule" ] || echo "super $rule"
done >/tmp/rules
while IFS= read -r rule <&3; do
	damage "$rule"
done 3</tmp/rules
next_kernel -l
