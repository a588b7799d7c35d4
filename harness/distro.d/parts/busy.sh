# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# Trees that nobody can unmount at shutdown: one held open, one that is gone from
# here with umount -l, one mounted in another namespace alone. Who holds them is
# left alone by systemd as a daemon of the root file system, whose name begins with @.

hold()
{
	systemd-run -q -u "hold-$1" -p DefaultDependencies=no -p KillMode=none \
		bash -c "cd /srv/$1 && exec 5>open && echo written >&5 &&
			exec -a @hold sleep infinity"
	until [ -s "/srv/$1/open" ]; do sleep 0.2; done
}

prepare()
{
	local name

	for name in busy lazy; do
		tree $name /srv/$name
		cp /etc/services /srv/$name
		hold $name
	done
	umount -l /srv/lazy
	mkdir -p /srv/private
	systemd-run -q -u hold-private -p DefaultDependencies=no -p KillMode=none \
		-p PrivateMounts=yes bash -c "mount -t tmpfs -o pram=private private \
			/srv/private && cp /etc/services /srv/private && cd /srv/private &&
			exec -a @hold sleep infinity"
	until [ -d $PRAM/nodes/private ]; do sleep 0.2; done
	not mountpoint /srv/private
	[ "$(cat $PRAM/nodes/private/state) $(cat $PRAM/nodes/lazy/state)" = \
		'mounted mounted' ]
}

verify()
{
	local name

	for name in busy lazy private; do
		if [ $name = private ]; then
			tree $name /srv/$name pram_must_exist
		fi
		mountpoint /srv/$name
		cmp /etc/services /srv/$name/services
		[ $name = private ] || [ "$(cat /srv/$name/open)" = written ]
		untree $name /srv/$name
	done
}
