# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# The journal in a tree: it has both boots

prepare()
{
	tree journal /var/log/journal
	systemctl restart systemd-journald
	journalctl --flush
	logger -t pram-test "last words of $boot_id"
	journalctl --sync
	ls /var/log/journal/*/system.journal
}

verify()
{
	journalctl --list-boots
	journalctl -b -1 -t pram-test -o cat | grep "last words of $(cat "$STATE/boot_id")"
	# and goes on until what is mounted there is unmounted for the kexec
	journalctl -b -1 -u systemd-logind -o cat | grep -F 'Stopping'
	journalctl --verify
	# back to the disk
	journalctl --relinquish-var
	untree journal /var/log/journal
	journalctl --flush
}
