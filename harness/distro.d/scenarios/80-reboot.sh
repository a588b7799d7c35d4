# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A reboot by way of the firmware: it loses what is in trees, and says so while
# somebody could still see it. The boot that follows is not held up.

boot1()
{
	tree mine /srv/mine
	echo precious >/srv/mine/data
	kexec -u || true
	sync
	systemctl reboot
	going_down
}

boot2()
{
	said_before
	lost_by_firmware
	# with nothing to preserve, a kernel that is installed is not loaded
	[ "$(cat $PRAM/nr_nodes)" = 0 ]
	/etc/kernel/postinst.d/zz-pram "$(uname -r)" "$KERNEL"
	[ "$(cat /sys/kernel/kexec_loaded)" = 0 ]
}
