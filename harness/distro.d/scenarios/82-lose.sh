# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# The machine is held as in 50. At the console somebody says "lose" (82-lose.replies):
# it reboots by way of the firmware, and all that was preserved is lost.

boot1()
{
	tree mine /srv/mine
	echo precious >/srv/mine/data
	load
	unload_late
	jump
}

boot2()
{
	lost_by_firmware
}
