# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A new kernel is installed while /boot is full: it has no initramfs. It is not loaded,
# and "pramctl load" says why. The kernel that runs can be loaded.

. /pram/package.sh

boot1()
{
	local new used status=0

	new=$(uname -r)-full
	package "$new"
	tree mine /srv/mine
	echo precious >/srv/mine/data
	kexec -u || true
	# in place of a partition: room for one more kernel, and for no initramfs
	used=$(du -skx /boot | cut -f1)
	mkdir /run/boot
	mount -t tmpfs -o "size=$((used + $(stat -c %s "$KERNEL") / 1024 + 2048))k" \
		boot /run/boot
	cp -ax /boot/. /run/boot
	mount --bind /run/boot /boot
	dpkg -i /root/package.deb >"$LOG/dpkg" 2>&1 || status=$?
	cat "$LOG/dpkg"
	[ $status != 0 ]
	[ -e "/boot/vmlinuz-$new" ]
	[ ! -e "/boot/initrd.img-$new" ]
	[ "$(cat /sys/kernel/kexec_loaded)" = 0 ]
	not pramctl load 2>"$LOG/errors"
	grep "there is no initramfs beside /boot/vmlinuz-$new: " "$LOG/errors"
	[ "$(cat /sys/kernel/kexec_loaded)" = 0 ]
	pramctl load "$KERNEL"
	pramctl check
	dpkg -r --force-remove-reinstreq "linux-image-$new" || true
	rm -rf "/lib/modules/$new"
	umount /boot /run/boot
	[ ! -e "/boot/vmlinuz-$new" ]
	jump
}

boot2()
{
	arrived
	[ "$(cat /srv/mine/data)" = precious ]
	untree mine /srv/mine
}
