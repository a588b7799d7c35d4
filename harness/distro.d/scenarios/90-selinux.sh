# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# SELinux, enforcing, with Debian's policy: the labels of a tree are there as soon as it
# is mounted at boot, and the units at shutdown may do what they do. The last one: all
# files of the root file system get labels.

boot1()
{
	sed -i 's/^SELINUX=.*/SELINUX=permissive/; s/^SELINUXTYPE=.*/SELINUXTYPE=default/' \
		/etc/selinux/config
	# what the harness has is on the root file system from now on: no labels elsewhere
	sed -i '/^LABEL=pram-test/d' /etc/fstab
	mount --bind / /mnt
	cp -r /pram/. /mnt/pram
	# last of all, also below mount points: what is made later has no label
	setfiles -F -r /mnt /etc/selinux/default/contexts/files/file_contexts /mnt 2>&1 |
		tail -3
	chcon -R system_u:object_r:bin_t:s0 /mnt/pram
	umount /mnt
	# from here, with nothing to preserve
	kexec -s -l "$KERNEL" --initrd="$INITRD" \
		--append="$(cmdline) security=selinux enforcing=1"
	jump
}

labels()
{
	stat -c '%C %n' /srv/mine /srv/mine/*
}

boot2()
{
	[ "$(getenforce)" = Enforcing ]
	tree mine /srv/mine rootcontext=system_u:object_r:var_t:s0
	mkdir /srv/mine/log
	echo precious >/srv/mine/data
	echo other >/srv/mine/log/file
	ln -s data /srv/mine/link
	chcon -t etc_t /srv/mine/data
	chcon -R -t var_log_t /srv/mine/log
	labels >"$STATE/labels"
	cat "$STATE/labels"
	grep -F ':etc_t:s0 /srv/mine/data' "$STATE/labels"
	grep -F ':var_log_t:s0 /srv/mine/log' "$STATE/labels"
	# the label of the mount is for a new tree only
	sed -i '/^mine /s/,rootcontext=[^ ]*//' /etc/fstab

	echo "a refusal is told, and the kexec goes ahead"
	kexec -c -l "$KERNEL" --initrd="$INITRD" --append="$(cmdline)"
	systemctl kexec
	# journalctl(1) has a domain that shows us nothing here
	until [ "$(systemctl is-failed pram-check.service)" = failed ]; do sleep 1; done
	grep 'refused: the image has no valid pram=' $PRAM/check
	systemctl is-active multi-user.target
	systemctl reset-failed pram-check.service
	kexec -u
	# Debian 13's policy denies kexec the memfd in which -s has the kernel
	load -c -l
	jump
}

boot3()
{
	arrived
	[ "$(getenforce)" = Enforcing ]
	mountpoint /srv/mine
	labels | diff "$STATE/labels" -
	[ "$(cat /srv/mine/data)" = precious ]
	runcon -u system_u -r system_r -t initrc_t cat /srv/mine/log/file
	untree mine /srv/mine
}
