#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Load, save, unload, load again, exec, by both system calls, and with the
# memory map from /proc/iomem in place of /sys/firmware/memmap.
#
# pram-gens: 4
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# again GEN: load, save, unload, load again
again()
{
	check "an image is loaded" load_next "$1"
	check "pages all over memory are saved" \
		test_pram scatter "name=s$PRAM_GEN" seed="$PRAM_GEN" pages=12000
	check "it is unloaded" unload_next
	save "a$PRAM_GEN" seed="$PRAM_GEN"
	check "another is loaded" load_next "$2" "$3"
	save "b$PRAM_GEN" seed="$PRAM_GEN"
	exec_next
}

verify()
{
	load "s$1" seed="$1"
	load "a$1" seed="$1" pieces=1
	check "node b$1 is there" test_pram peek "name=b$1" seed="$1" pieces=1
}

case $PRAM_GEN in
1)	again -l -s x=1 ;;
2)	verify 1
	again -s -l --no-fwmap
	;;
3)	verify 2
	again -s -s x=1
	;;
4)	verify 3
	load b1 seed=1 pieces=1
	load b2 seed=2 pieces=1
	load b3 seed=3 pieces=1
	check_nothing_left
	finish
	;;
esac
