# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A new kernel is installed, as a package of Debian does it: it is loaded, and a
# kexec starts it

. /pram/package.sh

boot1()
{
	local new

	new=$(uname -r)-new
	package "$new"
	tree mine /srv/mine
	echo precious >/srv/mine/data
	kexec -u || true
	dpkg -i /root/package.deb 2>&1 | tee "$LOG/dpkg"
	grep -F "pram: loading Linux $new" "$LOG/dpkg"
	[ "$(cat /sys/kernel/kexec_loaded)" = 1 ]
	jump
}

boot2()
{
	arrived
	[ "$(cat /srv/mine/data)" = precious ]
	untree mine /srv/mine
	dpkg -r "linux-image-$(uname -r)-new"
	# made when it was installed
	rm "/boot/initrd.img-$(uname -r)-new"
}
