# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# For the scenarios. An administrator's shell: PATH as root's, no set -u.

export LC_ALL=C.UTF-8 HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
STATE=/var/lib/pram-test
LOG=/var/log/pram-test
TELL=/dev/ttyS1
PRAM=/sys/kernel/mm/pram
KERNEL=/boot/vmlinuz-$(uname -r)
INITRD=/boot/initrd.img-$(uname -r)
boot_id=$(cat /proc/sys/kernel/random/boot_id)

# tell LINE: to the harness
tell()
{
	echo "$*" >>"$TELL"
}

# not COMMAND...: it must fail. After "! COMMAND" the shell goes on in any case.
not()
{
	! "$@"
}

finish()
{
	tell "end"
	sync
	systemctl poweroff --force --force
	sleep infinity
}

# Command line for the next kernel: this one's, without what an earlier jump has added
cmdline()
{
	sed 's/ *pram=[^ ]*//g' /proc/cmdline
}

# load [KEXEC ARGUMENT...]: the guide's command
load()
{
	kexec "${@:--l}" "$KERNEL" --initrd="$INITRD" \
		--append="$(cmdline) pram=$(cat $PRAM/super)"
}

# The machine goes down; see guest/run
going_down()
{
	echo "$boot_id" >"$STATE/boot_id"
	exit 77
}

# jump: kexec into what has been loaded, the administrator's way
jump()
{
	sync
	systemctl kexec
	going_down
}

# arrived: this is another kernel, started by kexec and not by the firmware
arrived()
{
	[ "$boot_id" != "$(cat "$STATE/boot_id")" ]
	grep -q 'pram=' /proc/cmdline
	[ "$(cat $PRAM/dropped)" = 0 ]
	dmesg | grep -F 'pram: adopted'
}

# tree NAME DIR [OPTIONS]: make it, and have it in /etc/fstab for the next boots
tree()
{
	mkdir -p "$2"
	mount -t tmpfs -o "pram=$1${3:+,$3}" "$1" "$2"
	echo "$1 $2 tmpfs pram=$1,pram_must_exist,nofail${3:+,$3} 0 0" >>/etc/fstab
	systemctl daemon-reload
}

# untree NAME DIR: leave nothing of it
untree()
{
	sed -i "/^$1 /d" /etc/fstab
	systemctl daemon-reload
	! mountpoint -q "$2" || umount "$2"
	[ ! -d "$PRAM/nodes/$1" ] || echo "$1" >$PRAM/discard
}

# After a scenario that has failed: the next one is not to suffer from it
clean_up()
{
	systemctl stop witness unload
	untree mine /srv/mine
	kexec -u
	rm -f /run/systemd/system/systemd-kexec.service.d/90-test.conf
	systemctl daemon-reload
	systemctl reset-failed
}

# unload_late: the image goes away after the check that is made when all units have
# been stopped
unload_late()
{
	printf '[Service]\nExecStartPre=/usr/sbin/kexec -u\n' >"$STATE/unload.conf"
	mkdir -p /run/systemd/system/systemd-kexec.service.d
	cp "$STATE/unload.conf" \
		/run/systemd/system/systemd-kexec.service.d/90-test.conf
	systemctl daemon-reload
}

# lost_by_firmware: this kernel was started by the firmware, nothing is in the way of
# that, and "mine" is not there
lost_by_firmware()
{
	[ "$boot_id" != "$(cat "$STATE/boot_id")" ]
	not grep pram= /proc/cmdline
	systemctl is-active multi-user.target
	not mountpoint /srv/mine
	[ "$(systemctl is-failed srv-mine.mount)" = failed ]
	[ ! -d $PRAM/nodes/mine ]
	untree mine /srv/mine
	systemctl reset-failed
}

# said_before: in the last boot somebody was told that this loses something
said_before()
{
	journalctl -b -1 -o cat |
		grep "PRAM: this is not a kexec: .*'mine'.* will be lost"
}

# said WORDS: a person at this machine was told so
said()
{
	journalctl -b -o cat | grep -F -- "$*" && return
	echo "nobody was told: $*"
	return 1
}

# refused REASON: the kexec that was asked for is refused, and nothing else has
# happened: the units that ran go on to run
refused()
{
	local i

	for i in $(seq 60); do
		[ "$(systemctl is-failed pram-check.service)" != failed ] || break
		sleep 1
	done
	systemctl status --no-pager -l pram-check.service || true
	[ "$(systemctl is-failed pram-check.service)" = failed ]
	journalctl -b -u pram-check.service -o cat --cursor-file="$STATE/cursor" |
		grep -F -- "$1"
	[ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot_id" ]
	[ -z "$(systemctl list-jobs --no-legend | sed -n '/stop/p')" ]
	systemctl is-active multi-user.target
	systemctl reset-failed pram-check.service
}
