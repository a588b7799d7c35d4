# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# "systemctl kexec" with nothing loaded. It loads the entry of the boot menu, by
# kexec -l: kexec_load(2) without pram= with kexec-tools before 2.0.29, which the
# check refuses; kexec_file_load(2) since, where the kernel adds it.

boot1()
{
	tree mine /srv/mine
	echo precious >/srv/mine/data
	systemctl kexec
	if kexec --version | grep -F 2.0.25; then
		refused 'kexec refused: the image has no valid pram='
		kexec -u
		untree mine /srv/mine
		return
	fi
	going_down
}

boot2()
{
	arrived
	[ "$(cat /srv/mine/data)" = precious ]
	untree mine /srv/mine
}
