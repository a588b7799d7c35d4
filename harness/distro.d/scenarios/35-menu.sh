# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# The entry of the boot menu that is booted by default is a kernel without PRAM.
# "systemctl kexec" with nothing loaded takes that, and is refused.

boot1()
{
	local esp=/boot/efi

	tree mine /srv/mine
	echo precious >/srv/mine/data
	kexec -u || true
	cp /pram/vmlinuz-nopram $esp/pram/nopram
	sed 's/^title .*/title Another/; s,/pram/vmlinuz,/pram/nopram,' \
		$esp/loader/entries/debian.conf >$esp/loader/entries/other.conf
	cp $esp/loader/loader.conf "$STATE/loader.conf"
	echo 'default other.conf' >>$esp/loader/loader.conf
	systemctl kexec
	refused 'kexec refused: the image is no kernel with CONFIG_PRAM'
	[ "$(cat /srv/mine/data)" = precious ]
	kexec -u
	cp "$STATE/loader.conf" $esp/loader/loader.conf
	rm $esp/loader/entries/other.conf $esp/pram/nopram
	untree mine /srv/mine
}
