# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A cluster in a tree, as pg_createcluster(1) of Debian makes it

PG_VERSION=$(ls /usr/lib/postgresql)
PG_LOG=/var/log/postgresql/postgresql-$PG_VERSION-pram.log
PATH=$PATH:/usr/lib/postgresql/$PG_VERSION/bin
export PGPORT=5999

pg()
{
	runuser -u postgres -- "$@"
}

sql()
{
	pg psql -v ON_ERROR_STOP=1 -qAt "${@:2}" -c "$1" bench
}

pg_make()
{
	local unit=postgresql@$PG_VERSION-pram.service

	tree pg /srv/pg mode=0755
	install -d -o postgres -g postgres /srv/pg/data
	pg_createcluster -p $PGPORT -d /srv/pg/data "$PG_VERSION" pram
	mkdir -p "/etc/systemd/system/$unit.d"
	printf '[Unit]\nRequiresMountsFor=/srv/pg\n[Service]\nTimeoutSec=300\n' \
		>"/etc/systemd/system/$unit.d/pram.conf"
	systemctl daemon-reload
	systemctl enable --now "postgresql@$PG_VERSION-pram"
	pg_wait
	pg createdb bench
	sql 'CREATE EXTENSION amcheck'
}

pg_wait()
{
	local i

	for i in $(seq 120); do
		! pg pg_isready -q || return 0
		sleep 1
	done
	systemctl status --no-pager "postgresql@$PG_VERSION-pram"
	return 1
}

pg_sums()
{
	local table

	for table in accounts tellers branches; do
		sql "SELECT count(*), sum(${table:0:1}balance) FROM pgbench_$table"
	done
	sql 'SELECT count(*), sum(delta) FROM pgbench_history'
}

# Every index against its table, and all that is said to have been paid was
pg_check()
{
	[ "$(sql "SELECT count(bt_index_parent_check(i.indexrelid, true))
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		JOIN pg_am a ON a.oid = c.relam
		WHERE a.amname = 'btree' AND c.relpersistence = 'p'
		AND c.relkind = 'i' AND i.indisvalid")" -gt 100 ]
	[ "$(sql 'SELECT (SELECT sum(abalance) FROM pgbench_accounts) =
		(SELECT coalesce(sum(delta), 0) FROM pgbench_history)')" = t ]
}
