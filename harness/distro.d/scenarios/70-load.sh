# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# PostgreSQL at work, and nobody stops it: what a client was told is committed is there

. /pram/postgres.sh

boot1()
{
	[ -d /srv/pg/data ] || { pg_make; pg pgbench -q -i -s 2 bench; }
	pg_wait
	sql 'CREATE TABLE acked(n int PRIMARY KEY)'
	tree acked /srv/acked
	chown postgres: /srv/acked
	seq 1000000 | sed 's/.*/INSERT INTO acked VALUES (&) RETURNING n;/' |
		pg psql -qAt bench >/srv/acked/log &
	pg pgbench -n -c 2 -T 600 bench &
	until [ "$(wc -l </srv/acked/log)" -ge 200 ]; do sleep 0.5; done
	load
	echo "$boot_id" >"$STATE/boot_id"
	sync "$STATE/boot_id" "$STATE/at"
	# no systemctl: at once, under load
	kexec -x -e
	exit 77
}

boot2()
{
	arrived
	pg_wait
	grep -F 'was not properly shut down' "$PG_LOG"
	# the last line may have been cut short, on its way to the file
	sed '$d' /srv/acked/log >"$LOG/acked"
	[ "$(wc -l <"$LOG/acked")" -ge 199 ]
	sql 'SELECT n FROM acked ORDER BY n' >"$LOG/there"
	head -n "$(wc -l <"$LOG/acked")" "$LOG/there" | cmp - "$LOG/acked"
	pg_check
	systemctl disable --now "postgresql@$PG_VERSION-pram"
	untree pg /srv/pg
	untree acked /srv/acked
}
