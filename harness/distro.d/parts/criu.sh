# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A process that CRIU has dumped into a tree goes on where it was

prepare()
{
	local n

	tree criu /srv/criu
	mkdir /srv/criu/images
	cat >/srv/criu/count <<-'END'
		n=0
		while :; do n=$((n + 1)); echo $n; sleep 0.05; done
	END
	setsid bash /srv/criu/count </dev/null >/srv/criu/out 2>&1 &
	echo $! >/srv/criu/pid
	until [ "$(wc -l </srv/criu/out)" -ge 20 ]; do sleep 0.2; done
	criu dump -t "$(cat /srv/criu/pid)" -D /srv/criu/images -o dump.log ||
		{ tail -5 /srv/criu/images/dump.log; false; }
	n=$(wc -l </srv/criu/out)
	sleep 1
	[ "$(wc -l </srv/criu/out)" = "$n" ]
	echo "$n" >"$STATE/criu"
}

verify()
{
	local n

	criu restore -d -D /srv/criu/images -o restore.log ||
		{ tail -5 /srv/criu/images/restore.log; false; }
	n=$(cat "$STATE/criu")
	until [ "$(wc -l </srv/criu/out)" -ge $((n + 20)) ]; do sleep 0.2; done
	kill "$(cat /srv/criu/pid)"
	sleep 1
	# no step twice, none left out
	seq "$(wc -l </srv/criu/out)" | cmp - /srv/criu/out
	untree criu /srv/criu
}
