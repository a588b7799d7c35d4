#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kexec_file_load: where the command line has no pram= that leads to the super
# block, it is added; pram=off is left alone.
#
# pram-gens: 5
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

added='pram: added pram='

case $PRAM_GEN in
1)	super=$(sysfs super)
	check "with pram=, a kernel is loaded" load_next -s
	check_eq "nothing is added" "$(logged "$added")" 0
	check "it is unloaded" unload_next
	check "without pram=, too, and with a quote left open" \
		load_next -s --no-pram super="$super" 'quote="a b'
	check_log "it is added, and the kernel says so" "$added$super"
	# What is to be found is made last, as in a shutdown
	save a seed=1
	save b seed=2
	exec_next
	;;
2)	check_eq "it was on the command line" "$(cmdline_arg pram)" \
		"$(cmdline_arg super)"
	load a seed=1
	check "a kernel with another pram= is loaded" \
		load_next -s --pram 12345 x=1 --
	check_log "ours is added" "$added"
	exec_next
	;;
3)	check "the node is there" test_pram peek name=b seed=2
	check "a kernel with arguments for init is loaded" \
		load_next --drop -- -s --no-pram x=1 -- pram=1
	check_log "ours is added" "$added"
	exec_next
	;;
4)	check "the node is there" test_pram peek name=b seed=2
	check "a kernel with pram=off is loaded" load_next --drop -- -s --pram off
	check_eq "nothing is added" "$(logged "$added")" 0
	exec_next
	;;
5)	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	finish
	;;
esac
