#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kernel that was not started by kexec takes nothing over, whatever pram= it
# is given. One that was and has no pram= says so. That is not how anything is
# lost: the kexec is refused while there is something to lose.
#
# pram-gens: 2
# pram-mem: 512M
# pram-append: pram=4000.1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	check_log "the kernel says why" \
		"pram: 'pram=4000.1' ignored: there is no super block"
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
	save kept seed=1
	for how in -l -s; do
		load_next $how --pram 4000.1 || bail "kexec $how"
		[ $how = -s ] || refused 'the image has the pram= of another'
	done
	check_log "kexec -s is told of ours" 'pram: added pram= '
	accepted ok:
	load_next -l --no-pram || bail "kexec -l"
	check_log "a warning is given" \
		'a kexec would be refused now: the image has no valid pram= on its'
	refused 'the image has no valid pram= on its command line, before any --: load it again'
	check "the node is discarded" sh -c \
		"echo kept >$PRAM_SYSFS/discard"
	exec_next
	;;
2)	check_log "it says that it takes nothing over" \
		'pram: .*no pram= on the command line'
	check_eq "nothing else is said" "$(logged '\] pram: ')" 1
	check "PRAM is on" [ -e $PRAM_SYSFS/super ]
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
	finish
	;;
esac
