#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# While trees are being restored: sync(2) does not wait, nor does the mount of another
# tree; two can be restored at the same time, two mounts of one name get one file
# system. A mount that is killed ends at once, and the node stays. One that is not
# through when a kexec is tried goes on after it, or goes along in it.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

nr_files=8000

state()
{
	sysfs "nodes/$1/state"
}

make_many()
{
	mkdir /mnt/many/dir && cd /mnt/many/dir || return
	seq $nr_files | xargs touch
	for i in $(seq 0 400 $nr_files); do
		echo "$i" >"$i"
	done
	random_file large $((48 << 20))
}

sum_many()
{
	(cd /mnt/many/dir && stat -c '%n %s %i %Y' -- * && cat -- *) |
		digest /dev/stdin
}

# in_background COMMAND...
in_background()
{
	(
		trap - EXIT
		exec "$@"
	) >/dev/null 2>&1 &
}

mount_in_background()
{
	mkdir -p "/mnt/$1"
	in_background mount -t tmpfs -o "noatime,pram=$1" none "/mnt/$1"
}

# at_once COMMAND...: takes less than a second and a half, on a slow machine
at_once()
{
	local before after

	before=$(cut -d. -f1 /proc/uptime)
	"$@" || return
	after=$(cut -d. -f1 /proc/uptime)
	[ $((after - before)) -le 1 ]
}

gone()
{
	wait "$1"
	[ $? = 137 ]
}

# Until something is written, nothing is prepared, and what is restored is not alive
while_draining()
{
	check "a node is being written" \
		test_pram_stay leave_open name=torn seed=2 pages=10
	in_background sh -c "echo 1 >$PRAM_SYSFS/check"
	checker=$!
	sleep 0.5
	mount_in_background one
	one=$!
	mount_in_background two
	two=$!
	mount_in_background two
	again=$!
	sleep 0.7
	check_eq "one is being restored" "$(state one)" reading
	check_eq "so is another at the same time" "$(state two)" reading
	check "sync does not wait" at_once sync
	check "nor does the mount of a tree that is alive" \
		at_once mount_pram alive /mnt/alive2
	kill -9 $one
	check "a mount that is killed ends at once" at_once gone $one
	check_eq "its node stays" "$(state one)" ready
	wait $checker
	check "the other mounts go on" wait $two
	check "both of them" wait $again
	check_eq "they have one file system" \
		"$(grep -c 'pram=two' /proc/mounts)" 2
	check "the one can be mounted" mount_pram one /mnt/one
	check_eq "it is as it was" "$(cat /mnt/one/file)" one
	check_eq "so is the other" "$(cat /mnt/two/file)" two
	check "it is written" rmmod test_pram
}

kill_restore()
{
	mount_in_background many
	pid=$!
	sleep "$1"
	kill -9 $pid 2>/dev/null
	wait $pid
	echo "$? $(state many)" >>/tmp/killed
}

case $PRAM_GEN in
1)	for name in one two alive; do
		mount_pram $name /mnt/$name || bail "no tree"
		echo $name >/mnt/$name/file
	done
	mount_pram many /mnt/many || bail "no tree"
	check "there are many files" make_many
	next_kernel -l "sum=$(sum_many)"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "a tree is mounted" mount_pram alive /mnt/alive
	load_next -l || bail "kexec -l"
	while_draining
	free=$(free_kib)
	for delay in 0.1 0.2 0.3 0.5 0.8; do
		kill_restore $delay
	done
	check "a restore was killed" grep -q '^137 ready' /tmp/killed
	diag "$(tr '\n' ',' </tmp/killed)"
	check_fails "none has left the node otherwise" \
		grep -vq '^137 ready\|^0 mounted' /tmp/killed
	[ "$(state many)" != ready ] ||
		check_near "nothing stays of it" "$(free_kib)" "$free" 2048
	mount_in_background many
	sleep 0.3
	diag "it is $(state many)"
	exec_next
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "what was being restored is there" mount_pram many /mnt/many
	check_eq "it is as it was" "$(sum_many)" "$(cmdline_arg sum)"
	for name in one two alive; do
		check "$name is mounted" mount_pram $name /mnt/$name
		check_eq "$name is as it was" "$(cat /mnt/$name/file)" $name
	done
	finish
	;;
esac
