# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# PostgreSQL, its data in a tree, stopped by systemd before the kexec

. /pram/postgres.sh

prepare()
{
	pg_make
	pg pgbench -q -i -s 2 bench
	pg pgbench -n -c 2 -t 100 bench
	pg_sums >"$STATE/postgres"
}

verify()
{
	pg_wait
	pg_sums | diff - "$STATE/postgres"
	pg_check
	# it was stopped: nothing had to be recovered
	grep -F 'database system was shut down at' "$PG_LOG" | tail -1
	not grep -F 'was not properly shut down' "$PG_LOG"
}
