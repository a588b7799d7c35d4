#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Trees that are in use when the kexec comes: mounted, with open files, with a
# working directory, with a file that is mapped and being written, unmounted lazily,
# mounted in another mount namespace, under an overlay. All go along. Before that they
# are mounted again and again, and a check and a kexec that is refused change nothing.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

state()
{
	sysfs "nodes/$1/state"
}

in_background()
{
	(
		trap - EXIT
		"$@"
	) </dev/null >/dev/null 2>&1 &
}

# A process for each way to use a tree
hold_open()
{
	exec 3>>/mnt/open/file
	echo held >&3
	rm /mnt/open/gone
	exec sleep 1000
}

stay_in()
{
	cd /mnt/cwd/dir && exec sleep 1000
}

keep_open_lazily()
{
	exec 3</mnt/lazy/file
	exec sleep 1000
}

in_namespace()
{
	# shellcheck disable=SC2016 # the inner shell's
	exec unshare -m sh -c '
		for name in mounted open cwd mapped lazy lower; do
			umount -l /mnt/$name
		done
		exec sleep 1000'
}

use_trees()
{
	for name in mounted open cwd mapped lazy space lower; do
		mount_pram $name /mnt/$name || bail "cannot mount pram=$name"
		yes $name | head -c 100000 >/mnt/$name/file
	done
	mkdir /mnt/cwd/dir
	echo gone >/mnt/open/gone
	in_background hold_open
	in_background stay_in
	in_background keep_open_lazily
	in_background in_namespace
	in_background "$(dirname "$0")/mapwrite" /mnt/mapped/map $((1 << 20))
	mkdir /mnt/lower/upper /mnt/lower/work /mnt/lower/lower /mnt/overlay
	echo below >/mnt/lower/lower/file
	sleep 2
	check "a tree is unmounted lazily" umount -l /mnt/lazy
	check "one is unmounted here" umount /mnt/space
	check_eq "it is mounted elsewhere" "$(state space)" mounted
	check_eq "what is open is in use" "$(state lazy)" mounted
}

# Mounted again, it is the same
mount_again()
{
	check "it is mounted a second time" mount_pram mounted /mnt/again
	echo more >/mnt/again/more
	check_eq "the files are the same" "$(cat /mnt/mounted/more)" more
	check_fails "not with another size" \
		mount_pram mounted /mnt/other size=12M
	check_log "the kernel says what to do" "alive with other options: mount it without"
	check_fails "nor as a new file system" mountnew mounted
	check_eq "the kernel says that it is alive" "$(mountnew mounted 2>/dev/null)" \
		"e tmpfs: 'mounted' is alive, and the mount asks for a new file system"
	check "another size by remount" mount -o remount,size=200M /mnt/again
	check "with that size then" mount_pram mounted /mnt/other size=200M
	check "it is unmounted once" umount /mnt/other
	check "it is unmounted" umount /mnt/again
	check "and here" umount /mnt/mounted
	check_eq "it is parked" "$(state mounted)" parked
	check_fails "it is no new file system now, either" mountnew mounted
	check_eq "it is still parked" "$(state mounted)" parked
	check "one that is not there is" mountnew fresh
	check "it is discarded" sh -c "echo fresh >$PRAM_SYSFS/discard"
	check "it is mounted read-only" mount_pram mounted /mnt/mounted ro
	check_fails "nobody can write to it" touch /mnt/mounted/new
	check_fails "nor where it is mounted elsewhere" \
		mount_pram mounted /mnt/other
	check "it is unmounted once more" umount /mnt/mounted
	check "it is mounted again" mount_pram mounted /mnt/mounted
	check "it can be written to" touch /mnt/mounted/new
	rm -f /mnt/mounted/new
	check_eq "the files are there" "$(cat /mnt/mounted/more)" more
	check_eq "it is mounted" "$(state mounted)" mounted
	check_fails "what is mounted is not discarded" \
		sh -c "echo mounted >$PRAM_SYSFS/discard"
}

# Nothing hangs, and what is written is there
still_works()
{
	check "it can be written to: $1" sh -c "echo '$1' >/mnt/mounted/last"
	check_eq "that is there" "$(cat /mnt/mounted/last)" "$1"
}

check_file()
{
	check "$1 is mounted" mount_pram "$1" "/mnt/$1" noatime,pram_must_exist
	check_eq "$1 is as it was" "$(head -c 100000 "/mnt/$1/file" | sha256sum)" \
		"$(yes "$1" | head -c 100000 | sha256sum)"
}

case $PRAM_GEN in
1)	use_trees
	mount_again
	load_next -l --no-pram || bail "kexec -l"
	free=$(free_kib)
	refused 'the image has no valid pram='
	still_works 'after a refusal'
	load_next -l || bail "kexec -l"
	echo 1 >/sys/module/pram/parameters/boot_share
	refused 'the next kernel '
	echo 16 >/sys/module/pram/parameters/boot_share
	still_works 'after another'
	accepted 'ok: 7 nodes'
	still_works 'after a check'
	check_near "nothing leaked" "$(free_kib)" "$free" 1024
	next_kernel -l
	;;
2)	check_eq "all are there" "$(sysfs nr_nodes)" 7
	for name in mounted open cwd lazy space; do
		check_file $name
	done
	check_eq "what was written last is there" "$(cat /mnt/mounted/last)" \
		'after a check'
	check_eq "so is what was written to an open file" \
		"$(tail -n 1 /mnt/open/file)" held
	check_fails "what was removed is not" [ -e /mnt/open/gone ]
	check "the mapped one is mounted" mount_pram mapped /mnt/mapped
	check "the mapped file is whole" \
		"$(dirname "$0")/mapwrite" check /mnt/mapped/map
	check "the lower tree is mounted" mount_pram lower /mnt/lower
	check_eq "it is as it was" "$(cat /mnt/lower/lower/file)" below
	# All of them are mounted
	next_kernel -s
	;;
3)	for name in mounted open cwd lazy space; do
		check_file $name
	done
	umount /mnt/*
	check "all are discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
	check_nothing_left
	finish
	;;
esac
