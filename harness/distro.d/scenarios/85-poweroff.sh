# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# The machine is switched off in place of a kexec: what is in trees is lost, which is
# said when it begins. The harness switches it on again.

boot1()
{
	tree mine /srv/mine
	echo precious >/srv/mine/data
	kexec -u || true
	sync
	tell "off"
	systemctl poweroff
	going_down
}

boot2()
{
	said_before
	lost_by_firmware
}
