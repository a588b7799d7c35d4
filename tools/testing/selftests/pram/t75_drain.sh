#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Whoever writes a node when the kexec is requested gets some time to come to an end, and
# nobody may begin meanwhile: so is the check, and so is the kexec, and the node goes
# along. A writer that does not come to an end has the kexec refused, after that time.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# Hundredths of a second since the kernel has booted
now()
{
	cut -d' ' -f1 /proc/uptime | tr -d .
}

# writer NAME: writes a node until end_soon, or rmmod
writer()
{
	check "node $1 is being written" \
		test_pram_stay leave_open "name=$1" seed=2 pages=2000 commit=1
}

# It comes to an end in two seconds
end_soon()
{
	(
		trap - EXIT
		sleep 1
		# Nobody else may begin to write, or to read: a mount waits
		(mount_pram new /mnt/new && echo >/tmp/mounted) &
		echo whole >$PRAM_SYSFS/discard && echo discarded >>/tmp/began
		sleep 1
		[ ! -e /tmp/mounted ] || echo mounted >>/tmp/began
		rmmod test_pram
		wait
	) </dev/null >/dev/null 2>&1 &
}

case $PRAM_GEN in
1)	save whole seed=1
	load_next -l || bail "kexec -l"

	writer endless
	start=$(now)
	check_fails "the check fails" sh -c "echo 1 >$PRAM_SYSFS/check"
	took=$(($(now) - start))
	check "it has waited" [ $took -ge 450 ]
	check "not for ever" [ $took -lt 3000 ]
	check_eq "the node is still being written" \
		"$(sysfs nodes/endless/state)" writing
	check "writing goes on afterwards" rmmod test_pram
	check_eq "and comes to an end" "$(sysfs nodes/endless/state)" kept

	writer checked
	end_soon
	start=$(now)
	accepted 'ok: 3 nodes'
	took=$(($(now) - start))
	check "the check has waited for the writer" [ $took -ge 150 ]
	wait
	check_fails "nobody began meanwhile ($(cat /tmp/began 2>/dev/null))" \
		[ -e /tmp/began ]
	check "afterwards a tree is mounted" [ -e /tmp/mounted ]
	umount /mnt/new
	check "and be discarded" sh -c "echo new >$PRAM_SYSFS/discard"

	rm /tmp/mounted
	writer late
	end_soon
	exec_next
	;;
2)	check_eq "all are there" "$(cd $PRAM_SYSFS/nodes && echo *)" \
		'checked endless late whole'
	for name in checked endless late; do
		load $name seed=2
	done
	load whole seed=1
	check_nothing_left
	finish
	;;
esac
