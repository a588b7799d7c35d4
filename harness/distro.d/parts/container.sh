# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A container whose changes are in a tree: systemd-nspawn on an overlay

container()
{
	mount -t overlay -o "lowerdir=/srv/lower,upperdir=/srv/machine/upper,workdir=/srv/machine/work" \
		machine /srv/root
	systemd-nspawn -q --register=no --keep-unit -D /srv/root -P "$@"
	umount /srv/root
}

prepare()
{
	mkdir -p /srv/root /srv/lower
	tree machine /srv/machine
	mkdir /srv/machine/upper /srv/machine/work
	mount --bind / /srv/lower
	mount --make-private /srv/lower
	container sh -c 'echo changed >/etc/changed; rm /etc/services;
		mv /etc/kernel /etc/moved; chown memcache /etc/hostname'
	umount /srv/lower
}

verify()
{
	mount --bind / /srv/lower
	mount --make-private /srv/lower
	container sh -c '[ "$(cat /etc/changed)" = changed ] && [ ! -e /etc/services ] &&
		[ -d /etc/moved/postinst.d ] && [ ! -e /etc/kernel ] &&
		[ "$(stat -c %U /etc/hostname)" = memcache ]'
	umount /srv/lower
	[ -e /etc/services ]
	untree machine /srv/machine
}
