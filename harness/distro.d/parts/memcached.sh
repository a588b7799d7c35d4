# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# memcached, whose memory is a file in a tree, starts warm

start()
{
	systemd-run -q -u cache -p User=memcache -p KillSignal=SIGUSR1 \
		-p RequiresMountsFor=/srv/cache -p WorkingDirectory=/srv/cache \
		memcached -m 64 -l 127.0.0.1 -p 11311 -e /srv/cache/memory
	until nc -z 127.0.0.1 11311; do sleep 0.5; done
}

ask()
{
	printf "$1quit\r\n" | nc -N 127.0.0.1 11311 | tr -d '\r'
}

prepare()
{
	local i

	tree cache /srv/cache mode=0755
	chown memcache: /srv/cache
	start
	for i in $(seq 500); do
		printf 'set k%d 0 0 %d\r\n%0*d\r\n' "$i" 100 100 "$i"
	done >"$LOG/sets"
	ask "$(sed 's/$/\\n/' "$LOG/sets" | tr -d '\n' | sed 's/\r/\\r/g')" \
		>"$LOG/stored"
	[ "$(grep -c STORED "$LOG/stored")" = 500 ]
}

verify()
{
	ls -l /srv/cache
	start
	[ "$(ask 'get k1\r\nget k500\r\n' | grep -c '^0*\(1\|500\)$')" = 2 ]
	ask 'stats\r\n' | grep -E 'curr_items 500'
	systemctl stop cache
	untree cache /srv/cache
}
