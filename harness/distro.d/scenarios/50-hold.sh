# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# The image goes away after the last unit has been stopped: systemd would reboot by
# way of the firmware. The machine waits. At the console somebody asks for a shell,
# loads a kernel, and the kexec goes on (50-hold.replies).

boot1()
{
	tree mine /srv/mine
	echo precious >/srv/mine/data
	load
	unload_late
	# for who is at the console; longer than systemd-shutdown waits
	{
		echo "INITRD=$INITRD KERNEL=$KERNEL"
		echo "echo we are in; sleep \${1:-0}"
		echo 'kexec -l $KERNEL --initrd=$INITRD --append="$(sed "s/ *pram=[^ ]*//g" \
			/proc/cmdline) pram=$(cat /sys/kernel/mm/pram/super)"'
	} >/root/reload
	jump
}

boot2()
{
	arrived
	[ "$(cat /srv/mine/data)" = precious ]
	untree mine /srv/mine
}
