# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# One kexec for all of /pram/parts, each of which has something in a tree, and
# finds it again

quiet()
{
	: >"$STATE/quiet"
}

# each WHAT: in all parts; one that fails does not keep others from being tried
each()
{
	local part name status

	for part in /pram/parts/*.sh; do
		name=$(basename "$part" .sh)
		[ ! -e "$STATE/failed.$name" ] || continue
		status=0
		tell "# $1 $name, up $(cut -d' ' -f1 /proc/uptime) s"
		bash -c ". /pram/lib.sh; . $part
			set -eE
			trap 'echo \"failed: line \$LINENO: \$BASH_COMMAND\" >&2' ERR
			set -x; $1" >"$LOG/$name.$1" 2>&1 || status=$?
		if [ $status != 0 ]; then
			: >"$STATE/failed.$name"
			tail -12 "$LOG/$name.$1" | sed 's/^/#   /' >>"$TELL"
			tell "not ok $name ($1)"
		elif [ "$1" = verify ]; then
			tell "ok $name"
		fi
	done
}

boot1()
{
	each prepare
	load
	cat $PRAM/check || true
	jump
}

boot2()
{
	arrived
	dmesg | grep pram: || true
	each verify
}
