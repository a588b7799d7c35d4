#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation that PRAM makes fails in turn, in saving, loading, making, parking,
# checking and restoring trees, loading an image, and getting ready for the kexec,
# until there is none left to fail: the error is ENOMEM, nothing of the attempt stays,
# and the next attempt is as good as if there had not been one. No tree is lost by
# that, or frozen. Only in a kernel that has fault injection ("make test-debug").
#
# What is failed are allocations with a function of PRAM on the stack: those of
# others, and there are thousands to read an image, are not what is tested.
#
# pram-gens: 2
# pram-config: debug
# pram-mem: 512M
# pram-timeout: 600
# pram-append: kunit.enable=1 kunit.filter_glob=pram_kexec

# shellcheck source=common_faults.sh
. "$(dirname "$0")/common_faults.sh"

need /proc/self/fail-nth /sys/kernel/debug/failslab/require-start \
	/sys/kernel/debug/fail_page_alloc/require-start

dir=$(dirname "$0")

# fault N OP ARG...: see failnth.c. Sets $errno and $failed.
fault()
{
	local said

	said=$("$dir/failnth" "$@") || bail "failnth $*"
	errno=${said% *} failed=${said#* }
}

# All that must be as it was, in $state. It is looked at a thousand times, by a
# kernel in which a fork takes a second: so there is none.
get_state()
{
	local file value

	state=$(echo $PRAM_SYSFS/nodes/*)
	for file in $PRAM_SYSFS/nr_nodes $PRAM_SYSFS/pages \
			$PRAM_SYSFS/metadata_pages /sys/kernel/kexec_loaded; do
		read -r value <"$file"
		state="$state ${file##*/}=$value"
	done
	while read -r value; do
		case $value in
		*" tmpfs "*pram=*) state="$state ${value%% tmpfs *}" ;;
		esac
	done </proc/mounts
}

# sweep NAME UNDO OP ARG...: with the first, the second, ... allocation failing.
# Then the operation has failed with ENOMEM and nothing is different; or it has
# done without, and UNDO takes it back. Ends with the operation done.
sweep()
{
	local name="$1" undo="$2" before nth=0 enomem=0 without=0 bad=0 also=12

	# what tmpfs says when there is no memory for an inode
	case $name in
	mount | *tree) also=28 ;;
	esac

	shift 2
	get_state
	before=$state
	while :; do
		nth=$((nth + 1))
		fault $nth "$@"
		[ "$failed" = 1 ] || break
		case $errno in
		12 | "$also")
			enomem=$((enomem + 1))
			;;
		0)	without=$((without + 1))
			$undo || bail "$name, allocation $nth: cannot be undone"
			;;
		*)	bad=$((bad + 1))
			diag "$name, allocation $nth: error $errno"
			;;
		esac
		get_state
		[ "$state" = "$before" ] || {
			bad=$((bad + 1))
			diag "$name, allocation $nth, error $errno:" \
				"'$state' and not '$before'"
		}
		[ $bad -lt 5 ] || break
	done
	diag "$name: ENOMEM $enomem times, done without $without times"
	check_eq "$name: each failure is clean" $bad 0
	check_eq "$name: then it works" "$errno" 0
	swept=$((enomem + without))
}

run=/sys/module/test_pram_faults/parameters/run

# What PRAM has allocated, by the stacks of page_owner; not what a slab or a
# debugging aid has, and keeps, because PRAM wanted something of it
pages_owned()
{
	awk '/ pram_/ { ours = 1 }
	     /slab|kmemleak|stack_depot/ { other = 1 }
	     /^nr_base_pages:/ {
		if (ours && !other)
			sum += $2
		ours = other = 0
	     }
	     END { print sum + 0 }' \
		/sys/kernel/debug/page_owner_stacks/show_stacks
}

nothing_undone()
{
	return 0
}

discard_a()
{
	echo a >$PRAM_SYSFS/discard
}

make_small_tree()
{
	mkdir -p /mnt/t/d/e /mnt/t/f && echo one >/mnt/t/1 &&
		echo two >/mnt/t/d/2 && head -c 50000 /dev/zero >/mnt/t/d/e/3 &&
		truncate -s 1M /mnt/t/f/hole && echo end >>/mnt/t/f/hole
}

small_tree_good()
{
	[ "$(cat /mnt/t/1 /mnt/t/d/2 | paste -s)" = "one	two" ] &&
		[ "$(stat -c %s /mnt/t/d/e/3 /mnt/t/f/hole | paste -s)" = \
			"50000	1048580" ] &&
		[ "$(tail -c 4 /mnt/t/f/hole)" = end ]
}

# It was made for all that
discard_t()
{
	umount /mnt/t && echo t >$PRAM_SYSFS/discard
}

unmount_t()
{
	small_tree_good && umount /mnt/t && node_exists t
}

# It is checked for all that, and can be written to
write_t()
{
	small_tree_good && echo more >/mnt/t/more && rm /mnt/t/more
}

# Nothing is described when the last mount goes: nothing can fail
sweep_park()
{
	local nth=0 bad=0

	while :; do
		nth=$((nth + 1))
		fault $nth umount /mnt/t
		if [ "$errno" != 0 ] || ! read -r state <$PRAM_SYSFS/nodes/t/state ||
			[ "$state" != parked ] || ! mount_pram t /mnt/t ||
			! write_t; then
			bad=$((bad + 1))
		fi
		[ "$failed" = 1 ] || break
		[ $bad -lt 5 ] || break
	done
	diag "umount: $nth times"
	check_eq "umount: the tree is parked each time" $bad 0
}

# More than there are allocations that it can do without
NR_COPIES=60

make_copies()
{
	local i=1

	while [ $i -le $NR_COPIES ]; do
		mount_pram copy$i /mnt/t && make_small_tree && umount /mnt/t ||
			return
		i=$((i + 1))
	done
}

# A tree that cannot be restored stays as it is; one that has been is alive, and the
# next one has its turn
sweep_restore()
{
	local nth=0 copy=1 bad=0 enomem=0 without=0 before

	while :; do
		nth=$((nth + 1))
		get_state
		before=$state
		fault $nth mount copy$copy /mnt/t
		[ "$failed" = 1 ] || break
		case $errno in
		12 | 28)
			enomem=$((enomem + 1))
			get_state
			[ "$state" = "$before" ] || {
				bad=$((bad + 1))
				diag "restore, allocation $nth:" \
					"'$state' and not '$before'"
			}
			;;
		0)	without=$((without + 1))
			small_tree_good || bad=$((bad + 1))
			umount /mnt/t
			echo copy$copy >$PRAM_SYSFS/discard
			copy=$((copy + 1))
			[ $copy -lt $NR_COPIES ] || break
			;;
		*)	bad=$((bad + 1))
			diag "restore, allocation $nth: error $errno"
			;;
		esac
		[ $bad -lt 5 ] || break
	done
	diag "restore: ENOMEM $enomem times, done without $without times"
	check_eq "restore: each failure is clean" $bad 0
	check_eq "restore: then it works" "$errno $failed" "0 0"
	check "restore: there was something to fail" [ $enomem -gt 10 ]
	check "the tree is as it was" small_tree_good
	umount /mnt/t
	while [ $copy -le $NR_COPIES ]; do
		mount_pram copy$copy /mnt/t && small_tree_good && umount /mnt/t &&
			echo copy$copy >$PRAM_SYSFS/discard || bad=$((bad + 1))
		copy=$((copy + 1))
	done
	check_eq "the others are, too" $bad 0
}

one_kernel()
{
	local owned

	# Whatever is allocated once and for all
	check "a node is saved and taken" sh -c \
		"echo save a >$run && echo take a >$run"
	owned=$(pages_owned)

	sweep save discard_a write $run "save a"
	check "save: there was something to fail" [ $swept -gt 20 ]
	check "the node is good" sh -c "echo take a >$run"
	check_nothing_left

	nth=0 bad=0
	while :; do
		nth=$((nth + 1))
		fault $nth write $run "retry a"
		if [ "$errno" != 0 ] || ! echo take a >$run; then
			bad=$((bad + 1))
		fi
		if [ "$failed" = 0 ] || [ $bad = 5 ]; then
			break
		fi
	done
	check_eq "a call that failed works when it is made again" $bad 0
	check_nothing_left

	mkdir -p /mnt/t
	sweep "a new tree" discard_t mount t /mnt/t
	check "a new tree: there was something to fail" [ $swept -gt 5 ]
	check "it is filled" make_small_tree
	check "and parked" umount /mnt/t
	sweep mount unmount_t mount t /mnt/t
	check "the tree is good" small_tree_good
	sweep_park
	check "it is given up" discard_t
	check_nothing_left
	check_eq "no page is left but those from before" "$(pages_owned)" \
		"$owned"
}

unload()
{
	kexec -u
}

sweep_images()
{
	sweep "kexec_load" unload segment 0x2000000
	check "kexec_load: there was something to fail" [ $swept -ge 1 ]
	unload
	# The kernel adds the pram= that is not there
	sweep "kexec_file_load" unload load /boot/bzImage /boot/base.cpio \
		"console=ttyS0"
	check "kexec_file_load: there was something to fail" [ $swept -ge 3 ]
	unload
}

# Getting ready for a kexec that is not to come is for a KUnit suite to try
sweep_prepare()
{
	local suite=/sys/kernel/debug/kunit/pram_kexec nr

	echo 1 >$suite/run || return
	nr=$(sed -n 's/.*: \([0-9]*\) allocations failed/\1/p' $suite/results |
		tail -n 1)
	diag "prepare: ${nr:-0} allocations failed"
	[ "${nr:-0}" -ge 10 ] && grep -q '^ok 1 pram_kexec' $suite/results
}

# With trees that are alive, which it freezes, and thaws. What is said as the verdict is
# that of the last one.
sweep_check()
{
	sweep check write_t write $PRAM_SYSFS/check 1
	check "check: there was something to fail" [ $swept -gt 20 ]
	check "check: the tree is alive" write_t
}

# The kexec is refused for want of memory, until it can do without what failed.
# No result can come after that: see the .check file.
exec_refused()
{
	local before nth=0

	get_state
	before=$state
	ktap_close
	while :; do
		nth=$((nth + 1))
		fault $nth exec
		[ "$errno $failed" = "12 1" ] ||
			bail "exec, allocation $nth: error $errno, failed $failed"
		get_state
		[ "$state" = "$before" ] ||
			bail "exec, allocation $nth: '$state' and not '$before'"
	done
}

check "faults are set up" set_up_faults
check "the module is there" load_module test_pram_faults
case $PRAM_GEN in
1)	one_kernel
	owned=$(pages_owned)
	check "all of getting ready for a kexec can fail" sweep_prepare
	check_eq "and then no page is left" "$(pages_owned)" "$owned"
	# Pages all over memory: some of them are in the way of any image
	check "scattered pages are saved" \
		test_pram scatter name=s seed=3 step=600 pages=300
	check "a node is saved" sh -c "echo save a >$run"
	sweep_images
	check "a tree is mounted" mount_pram t /mnt/t
	check "and filled" make_small_tree
	load_next -l || bail "the next kernel could not be loaded"
	sweep_check
	check "it is as it was" small_tree_good
	check "it is parked" umount /mnt/t
	check "more trees are made" make_copies
	check "the first one is mounted" mount_pram t /mnt/t
	exec_refused
	;;
2)	sweep "loading" nothing_undone write $run "peek a"
	sweep "loading again" nothing_undone write $run "peek a"
	load s seed=3
	discard_a
	mkdir -p /mnt/t
	sweep_restore
	check "the tree that was mounted is there" mount_pram t /mnt/t
	check "it is as it was, too" small_tree_good
	discard_t
	check_nothing_left
	finish
	;;
esac
