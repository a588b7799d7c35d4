# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# What people do wrong: "systemctl kexec" is refused before anything is stopped, says
# why, and the next attempt is not in the way of the last one's failure

ask()
{
	systemctl kexec
	refused "$1"
	[ "$(cat /srv/mine/data)" = precious ]
	systemctl is-active witness
}

boot1()
{
	local new=$KERNEL none=/pram/vmlinuz-nopram

	tree mine /srv/mine
	echo precious >/srv/mine/data
	# busy or not, it is the same
	systemd-run -q -u witness -p WorkingDirectory=/srv/mine sleep infinity

	echo "a forgotten pram=, with either system call"
	kexec -c -l "$new" --initrd="$INITRD" --append="$(cmdline)"
	ask 'kexec refused: the image has no valid pram= on its command line'
	kexec -s -l "$new" --initrd="$INITRD" --append="$(cmdline)"
	echo 1 >$PRAM/check
	grep 'ok: .* nodes will be preserved' $PRAM/check
	kexec -u

	echo "that of an earlier kernel"
	kexec -c -l "$new" --initrd="$INITRD" --append="$(cmdline) pram=1000.0123456789abcdef"
	ask 'kexec refused: the image has'
	kexec -u

	echo "a kernel without PRAM"
	kexec -l "$none" --initrd="$INITRD" \
		--append="$(cmdline) pram=$(cat $PRAM/super)"
	ask 'kexec refused: the image is no kernel with CONFIG_PRAM'
	kexec -u

	echo "a next machine that is too small"
	kexec -c -l "$new" --initrd="$INITRD" \
		--append="$(cmdline) pram=$(cat $PRAM/super) mem=64M"
	ask 'mem='
	kexec -u

	echo "a second mount of a name, and a name misspelt"
	mkdir -p /srv/again
	mount -t tmpfs -o pram=mine again /srv/again
	cmp /srv/mine/data /srv/again/data
	umount /srv/again
	not mount -t tmpfs -o pram=mien,pram_must_exist again /srv/again
	mount -t tmpfs -o pram=mien again /srv/again
	dmesg | grep "tmpfs 'mien': new and empty"
	umount /srv/again
	echo mien >$PRAM/discard

	echo "and then, with pram=: nothing is in the way any more"
	load
	/usr/lib/pram/shutdown early
	jump
}

boot2()
{
	arrived
	[ "$(cat /srv/mine/data)" = precious ]
	untree mine /srv/mine
}
