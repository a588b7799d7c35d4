#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Threads make, read, keep, consume and discard nodes of a few names, while user
# space reads sysfs, mounts and unmounts a tree, loads and unloads images, and
# asks for kexecs: one that is refused, and then one that is not. What was
# complete by then is in the next kernel, and nothing else is.
#
# "seconds=60" on the command line makes it last longer than 4 seconds at a time.
#
# pram-gens: 3
# pram-mem: 512M
# pram-smp: 2
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

here=$(cd "$(dirname "$0")" && pwd)
share=/sys/module/pram/parameters/boot_share
seconds=$(cmdline_arg seconds || echo 4)
threads=$(cmdline_arg threads || echo 6)

threads_param()
{
	module_param test_pram_threads "$1"
}

start_threads()
{
	rm -f /tmp/stop /tmp/bad /tmp/used
	check "threads are started" load_module test_pram_threads \
		op=run threads="$threads" "seed=$1"
}

# Until /tmp/stop is there
read_sysfs()
{
	while [ ! -e /tmp/stop ]; do
		cat $PRAM_SYSFS/* $PRAM_SYSFS/nodes/*/* >/dev/null 2>&1
	done
}

# A file that says what is in it
tree_good()
{
	[ -s "$1/file" ] &&
		[ "$(tail -n +2 "$1/file" | sha256sum)" = "$(head -1 "$1/file")" ]
}

change_tree()
{
	head -c 50000 /dev/urandom | hexdump >/tmp/body
	{ sha256sum </tmp/body; cat /tmp/body; } >"$1/next"
	# Whenever the kexec comes, the file is whole
	mv "$1/next" "$1/file"
}

# Until then or until mounting is refused, as a kexec has begun
use_tree()
{
	while [ ! -e /tmp/stop ] && mount_pram tree /mnt/tree 2>/dev/null; do
		# The first time there is none
		[ ! -e /tmp/used ] || tree_good /mnt/tree || echo tree >>/tmp/bad
		change_tree /mnt/tree
		umount /mnt/tree
		echo >>/tmp/used
	done
}

# Images where nodes may be, so that they make way for what comes after
use_images()
{
	local pfn=0x2000

	while [ ! -e /tmp/stop ]; do
		"$here/kexec_at" load "$pfn" >/dev/null
		"$here/kexec_at" unload >/dev/null
		pfn=$(((pfn * 5 + 0x1234) % 0x1e000 + 0x1000))
	done
}

in_background()
{
	(
		trap - EXIT
		"$@"
	) </dev/null >/dev/null 2>&1 &
}

# All of it in one kernel, and all comes to an end
stress()
{
	start_threads "$1"
	in_background read_sysfs
	in_background use_tree
	in_background use_images
	sleep "$seconds"
	touch /tmp/stop
	wait
	check "an image is loaded" load_next -l
	check "no room is enough" sh -c "echo 1 >$share"
	check_fails "a kexec is refused in the middle" try_exec_next
	check "the share is put right" sh -c "echo 16 >$share"
	made=$(threads_param made)
	sleep 1
	check "threads go on" [ "$(threads_param made)" -gt "$made" ]
	check "the image is unloaded" unload_next
	check "threads stop" \
		sh -c "echo 1 >/sys/module/test_pram_threads/parameters/stop"
	for what in made kept consumed discarded busy; do
		diag "$what: $(threads_param $what)"
		check "there has been work: $what" \
			[ "$(threads_param $what)" -gt 20 ]
	done
	check_eq "threads saw no error" "$(threads_param errors)" 0
	check "the tree was used" [ -s /tmp/used ]
	check "the tree was always good" [ ! -e /tmp/bad ]
	rmmod test_pram_threads
	verify "$1"
}

# What the threads and the tree have left
verify()
{
	check_eq "all nodes are listed" "$(sysfs nr_nodes)" \
		"$(find $PRAM_SYSFS/nodes -mindepth 1 -maxdepth 1 | wc -l)"
	check "the nodes are those of the ledger" \
		load_module test_pram_threads op=verify "seed=$1"
	check_eq "no error" "$(threads_param errors)" 0
	rmmod test_pram_threads
	check "the tree is mounted" mount_pram tree /mnt/tree
	check "it is good" tree_good /mnt/tree
	rm -f /mnt/tree/file
	umount /mnt/tree
	check "it is discarded" test_pram discard name=tree
	check_nothing_left
}

# stress_until_kexec SEED OPTION
stress_until_kexec()
{
	check "an image is loaded" load_next "$2"
	start_threads "$1"
	in_background read_sysfs
	in_background use_tree
	sleep "$seconds"
	check_eq "threads saw no error" "$(threads_param errors)" 0
	# It is refused while a node is being written
	ktap_close
	tries=0
	while [ $tries -lt 100 ]; do
		kexec -x -e
		tries=$((tries + 1))
		sleep 0.1
	done
	bail "no kexec in $tries tries"
}

case $PRAM_GEN in
1)	stress 1
	stress_until_kexec 2 -l
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	verify 2
	# Much of what there is has to move
	check "more room is asked for" sh -c "echo 3 >$share"
	stress_until_kexec 3 -s
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	verify 3
	check "all is as new" test_pram api
	finish
	;;
esac
