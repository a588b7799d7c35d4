#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kexec_file_load: where there is something to preserve, and the command line has
# no pram= that leads to the super block, it is added; pram=off is left alone. Where
# there is nothing, the command line is as it was given.
#
# pram-gens: 6
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

added='pram: added pram= '

# $1 x's, so that a command line comes close to its limit
long()
{
	head -c "$1" /dev/zero | tr '\0' x
}

case $PRAM_GEN in
1)	check "with nothing to preserve, a kernel is loaded without pram=" \
		load_next -s --no-pram
	check "so it is with a line of the length that the load takes" \
		kexec -s -l /boot/bzImage --initrd=/boot/base.cpio \
		--command-line="$(long 2015)"
	check_eq "nothing is added, and nothing said" "$(logged 'pram: ')" 0
	next_kernel -s --no-pram "x=$(long 100)"
	;;
2)	check_fails "there was no pram= on the command line" cmdline_arg pram
	save a seed=1
	save b seed=2
	super=$(sysfs super)
	check "with pram=, a kernel is loaded" load_next --drop x -s
	check_eq "nothing is added" "$(logged "$added")" 0
	check "it is unloaded" unload_next
	check_fails "a line that leaves no room for it is too long" \
		kexec -s -l /boot/bzImage --initrd=/boot/base.cpio \
		--command-line="$(long 2015)"
	check_log "it was added" "$added"
	check "without pram=, too, and with a quote left open" \
		load_next --drop x -s --no-pram super="$super" 'quote="a b'
	check_eq "it is added, and the kernel says so" "$(logged "$added")" 2
	check_eq "the ticket is not in the log" \
		"$(kernel_log | grep -c "${super#*.}")" 0
	accepted 'ok: 2 nodes'
	exec_next
	;;
3)	check_eq "it was on the command line" "$(cmdline_arg pram)" \
		"$(cmdline_arg super)"
	load a seed=1
	check "a kernel with another pram= is loaded" \
		load_next -s --pram 12345.6 x=1 --
	check_log "ours is added" "$added"
	exec_next
	;;
4)	check "the node is there" test_pram peek name=b seed=2
	check "a kernel with arguments for init is loaded" \
		load_next --drop -- -s --no-pram x=1 -- pram=1
	check_log "ours is added" "$added"
	exec_next
	;;
5)	check "the node is there" test_pram peek name=b seed=2
	check "a kernel with pram=off is loaded" load_next --drop -- -s --pram off
	check_eq "nothing is added" "$(logged "$added")" 0
	check_eq "no warning is given" "$(logged 'would be refused')" 0
	exec_next
	;;
6)	check_fails "PRAM is off" [ -e $PRAM_SYSFS ]
	finish
	;;
esac
