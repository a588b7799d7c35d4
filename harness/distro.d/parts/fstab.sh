# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A tree with a line in /etc/fstab, and options

prepare()
{
	tree fstab /srv/fstab size=300M,mode=0750,huge=within_size
	chown postgres:postgres /srv/fstab
	cp -a /usr/share/bash-completion /srv/fstab/files
	ln -s files /srv/fstab/link
	setfacl -m u:postgres:rx /srv/fstab/files
	setfattr -n user.pram -v kept /srv/fstab/files
	truncate -s 10G /srv/fstab/sparse
	echo end >>/srv/fstab/sparse
	[ "$(stat -c %b /srv/fstab/sparse)" -lt 100 ]
}

verify()
{
	mountpoint /srv/fstab
	findmnt -n -o OPTIONS /srv/fstab | grep size=307200k
	[ "$(stat -c '%U %a' /srv/fstab)" = 'postgres 750' ]
	diff -r /usr/share/bash-completion /srv/fstab/link
	getfacl /srv/fstab/files | grep user:postgres:r-x
	[ "$(getfattr --only-values -n user.pram /srv/fstab/files)" = kept ]
	[ "$(stat -c %b /srv/fstab/sparse)" -lt 100 ]
	[ "$(tail -c 4 /srv/fstab/sparse)" = end ]
	untree fstab /srv/fstab
}
