# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# The image goes away while units are stopped: the machine comes up again, by
# itself, in the same kernel

boot1()
{
	tree mine /srv/mine
	echo precious >/srv/mine/data
	load
	# stopped at shutdown
	systemd-run -q -u unload -p Type=oneshot -p RemainAfterExit=yes \
		-p ExecStop='/usr/sbin/kexec -u' true
	jump
}

boot2()
{
	[ "$boot_id" = "$(cat "$STATE/boot_id")" ]
	not systemctl is-active unload
	said 'PRAM: kexec refused: no image is loaded'
	said 'PRAM: nothing is lost. What was stopped is started again.'
	mountpoint /srv/mine
	[ "$(cat /srv/mine/data)" = precious ]
	for unit in multi-user.target systemd-logind dbus.socket systemd-journald; do
		systemctl is-active $unit
	done
	untree mine /srv/mine
}
