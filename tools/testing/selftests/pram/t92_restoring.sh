#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# While trees are being restored: sync(2) does not wait, nor does the mount of another
# tree; two can be restored at the same time, two mounts of one name get one file
# system. A mount that is killed ends at once, and the node stays. One that is not
# through when a kexec is tried goes on after it, or goes along in it.
#
# So that a restore does not come to an end before it has been looked at, however slow or
# fast the machine is, mounts run at nice 19 and something else keeps the CPUs busy.
#
# pram-gens: 3
# pram-mem: 1G

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

nr_files=25000

state()
{
	sysfs "nodes/$1/state"
}

make_many()
{
	mkdir "/mnt/$1/dir" && cd "/mnt/$1/dir" || return
	seq $nr_files | xargs touch
	for i in $(seq 0 400 $nr_files); do
		echo "$i" >"$i"
	done
	random_file large $((32 << 20))
}

sum_many()
{
	(cd "/mnt/$1/dir" && find . -exec stat -c '%n %s %i %Y' {} + &&
		cat large 400 4000) | digest
}

# in_background COMMAND...
in_background()
{
	(
		trap - EXIT
		exec "$@"
	) >/dev/null 2>&1 &
}

# mount_in_background NAME [DIR]: sets $!
mount_in_background()
{
	mkdir -p "/mnt/${2:-$1}"
	# shellcheck disable=SC2016 # expanded by the inner shell
	in_background sh -c 'renice -n 19 -p $$ && exec "$@"' sh \
		mount -t tmpfs -o "noatime,pram=$1" none "/mnt/${2:-$1}"
}

# Mounts in the background get one or two per cent of a CPU
slow()
{
	local cpu

	busy=
	for cpu in 1 2; do
		in_background taskset $cpu sh -c 'while :; do :; done'
		busy="$busy $!"
	done
}

fast()
{
	# shellcheck disable=SC2086 # one word for each process
	kill $busy && wait $busy
}

# wait_for STATE NAME...: for all of them to be in that state
wait_for()
{
	local i=0 name wanted="$1"

	shift
	for name; do
		while [ "$(state "$name")" != "$wanted" ] && [ $i -lt 300 ]; do
			i=$((i + 1))
			sleep 0.1
		done
	done
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

# While a kexec is being prepared mounts wait, and can be killed
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
	mount_in_background two two2
	again=$!
	sleep 0.7
	check_eq "a mount waits" "$(state one)" kept
	check_eq "a check has no outcome before its end" "$(sysfs check)" none
	check_eq "nor has another one at the same time" "$(pramctl check 2>&1)" \
		"refused: an image is being loaded, or a kexec or check is under way: try again"
	check "sync does not" at_once sync
	check "nor does the mount of a tree that is alive" \
		at_once mount_pram alive /mnt/alive2
	kill -9 $one
	check "a mount that is killed ends at once" at_once gone $one
	check_eq "its node stays" "$(state one)" kept
	wait $checker
	check "the other mounts go on" wait $two
	check "both of them" wait $again
	check_eq "they have one file system" \
		"$(stat -c %d /mnt/two2/file)" "$(stat -c %d /mnt/two/file)"
	check "the one can be mounted" mount_pram one /mnt/one
	check_eq "it is as it was" "$(cat /mnt/one/file)" one
	check_eq "so is the other" "$(cat /mnt/two2/file)" two
	check "it is written" rmmod test_pram
}

# Two that take their time
at_the_same_time()
{
	slow
	mount_in_background many
	many=$!
	mount_in_background more
	more=$!
	wait_for reading many more
	check_eq "two are restored at the same time" \
		"$(state many) $(state more)" "reading reading"
	# shellcheck disable=SC2046 # two words
	set -- $(sysfs nodes/many/progress)
	check "progress says how far it is, $1 of $2 pages" \
		[ "$1" -lt "$2" -a "$2" -gt $((32 << 8)) ]
	check "sync does not wait for that" sync
	check "nor does the mount of a tree that is alive" \
		mount_pram alive /mnt/alive3
	check_eq "both are still being restored then" \
		"$(state many) $(state more)" "reading reading"
	fast
	check "it is mounted" wait $many
	check "so is the other" wait $more
	check_eq "there is no progress any more" "$(sysfs nodes/many/progress)" \
		"0 0"
}

# restored NAME: how many pages
restored()
{
	sysfs "nodes/$1/progress" | cut -d' ' -f1
}

# kill_restore NR: when that many pages have been restored. Every 400th file has one.
kill_restore()
{
	local i=0 nr

	slow
	mount_in_background last
	pid=$!
	wait_for reading last
	while nr=$(restored last) && [ "$nr" -lt "$1" ] && [ $i -lt 600 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	kill -9 $pid
	fast
	wait $pid
	check_eq "a mount that is killed after $nr pages ends, and the node stays" \
		"$? $(state last)" "137 kept"
	check "there were as many" [ "$nr" -ge "$1" ]
}

case $PRAM_GEN in
1)	for name in one two alive; do
		mount_pram $name /mnt/$name || bail "no tree"
		echo $name >/mnt/$name/file
	done
	for name in many more last; do
		mount_pram $name /mnt/$name || bail "no tree"
	done
	check "there are many files" make_many many
	check "and more" make_many more
	check "and more again" make_many last
	next_kernel -l "sum=$(sum_many last)"
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "a tree is mounted" mount_pram alive /mnt/alive
	load_next -l || bail "kexec -l"
	while_draining
	free=$(free_kib)
	for nr in 0 0 5 20; do
		kill_restore $nr
	done
	check_near "nothing stays of them" "$(free_kib)" "$free" 2048
	at_the_same_time
	slow
	mount_in_background last
	wait_for reading last
	sleep 0.5
	check "a kexec would not wait for it" sh -c "echo 1 >$PRAM_SYSFS/check"
	check_eq "it is still being restored then" "$(state last)" reading
	exec_next
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	check "what was being restored is there" mount_pram last /mnt/last
	check_eq "it is as it was" "$(sum_many last)" "$(cmdline_arg sum)"
	for name in one two alive; do
		check "$name is mounted" mount_pram $name /mnt/$name
		check_eq "$name is as it was" "$(cat /mnt/$name/file)" $name
	done
	finish
	;;
esac
