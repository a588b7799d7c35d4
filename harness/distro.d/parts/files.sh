# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# What writes its own files: sqlite, git, fio

prepare()
{
	tree files /srv/files
	cd /srv/files
	sqlite3 db 'PRAGMA journal_mode=wal; CREATE TABLE t(n INTEGER PRIMARY KEY, v);
		WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<20000)
		INSERT INTO t SELECT n, hex(randomblob(20)) FROM c;'
	sqlite3 db 'SELECT count(*), sum(length(v)), max(v) FROM t' >"$STATE/sqlite"
	git init -q repo
	cd repo
	git config user.name test
	git config user.email test@localhost
	cp -r /usr/lib/systemd/system units
	git add .
	git commit -q -m units
	git rev-parse HEAD >"$STATE/git"
	cd ..
	fio --name=v --filename=fio --size=48M --bs=16k --rw=randwrite \
		--randseed=5 --verify=crc32c --do_verify=0 --verify_state_save=0 \
		--ioengine=psync >/dev/null
}

verify()
{
	cd /srv/files
	[ "$(sqlite3 db 'PRAGMA integrity_check')" = ok ]
	sqlite3 db 'SELECT count(*), sum(length(v)), max(v) FROM t' |
		cmp - "$STATE/sqlite"
	cd repo
	git fsck --full --strict
	[ "$(git rev-parse HEAD)" = "$(cat "$STATE/git")" ]
	[ -z "$(git status --porcelain)" ]
	cd ..
	fio --name=v --filename=fio --size=48M --bs=16k --rw=randwrite \
		--randseed=5 --verify=crc32c --verify_only --verify_fatal=1 \
		--ioengine=psync
	cd /
	untree files /srv/files
}
