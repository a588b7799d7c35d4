# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What several tests do: the test module, sysfs, the kernel log, file trees.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The programs beside the tests
PATH=$PATH:$(cd "$(dirname "$0")" && pwd)

TEST_MODULES=${TEST_MODULES:-/lib/modules/test}

# load_module NAME [PARAM=VALUE]...
load_module()
{
	local name="$1"

	shift
	if [ -f "$TEST_MODULES/$name.ko" ]; then
		insmod "$TEST_MODULES/$name.ko" "$@"
	else
		modprobe "$name" "$@"
	fi
}

# module_param NAME PARAM: what it says
module_param()
{
	cat "/sys/module/$1/parameters/$2"
}

# test_pram OP [name=NODE] [seed=N]...: see lib/test_pram_main.c. Succeeds when all of
# its checks did; what they are is in the kernel log.
test_pram()
{
	test_pram_stay "$@" && rmmod test_pram
}

# The same, and the module stays, and with it what it has open
test_pram_stay()
{
	local op="op=$1"

	shift
	load_module test_pram "$op" "$@"
}

# As check(), quick to write: save NAME [ARG...]
save()
{
	local name="$1"

	shift
	check "node $name is saved" test_pram save "name=\"$name\"" "$@"
}

load()
{
	local name="$1"

	shift
	check "node $name is as it was saved" test_pram load "name=\"$name\"" "$@"
}

# sysfs FILE: its contents, or nothing
sysfs()
{
	cat "$PRAM_SYSFS/$1" 2>/dev/null
}

node_exists()
{
	[ -d "$PRAM_SYSFS/nodes/$1" ]
}

# No node, no page
check_nothing_left()
{
	check_eq "no node is left" "$(sysfs nr_nodes)" 0
	check_eq "no page is left" "$(sysfs pages)" 0
	check_eq "no metadata is left" "$(sysfs metadata_pages)" 0
	check_empty "no directory is left" "$(ls $PRAM_SYSFS/nodes)"
}

# The lines of the kernel; the tests' own are in the same log.
kernel_log()
{
	dmesg | grep -v 'pram-test: '
}

# logged REGEX: how many lines of the kernel say so
logged()
{
	kernel_log | grep -c -- "$1"
}

# check_log NAME REGEX: exactly one line of the kernel does
check_log()
{
	check_eq "$1" "$(logged "$2")" 1 ||
		kernel_log | grep 'pram: '
}

# meminfo FIELD: in KiB
meminfo()
{
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# Free memory in KiB, with caches dropped, when it has come to rest. What is in
# the per-CPU lists of the page allocator is free, but not in MemFree.
free_kib()
{
	local before after=0 i

	for i in 1 2 3 4 5 6 7 8 9 10; do
		before=$after
		sync
		echo 3 >/proc/sys/vm/drop_caches
		sleep 0.5
		after=$(awk '
			/^MemFree:/ { sum += $2 }
			/^ +count:/ { sum += $2 * 4 }
			END { print sum }' /proc/meminfo /proc/zoneinfo)
		[ $((after - before)) -gt 100 ] ||
			[ $((before - after)) -gt 100 ] || break
	done
	[ "$i" -lt 10 ] || diag "MemFree does not come to rest"
	echo "$after"
}

# check_near NAME GOT WANTED TOLERANCE: memory, in KiB. A debug kernel does not let
# go at once of what is freed, and takes notes of it.
check_near()
{
	local diff=$(($2 - $3)) tolerance="$4"

	[ ! -e /sys/kernel/debug/kmemleak ] || tolerance=$((8 * tolerance))
	[ $diff -ge 0 ] || diff=$((-diff))
	if [ "$diff" -le "$tolerance" ]; then
		ok "$1"
	else
		not_ok "$1 (got $2, wanted $3 +- $tolerance)"
	fi
	diag "$1: $2, $3 expected"
}

# measure: sets $total and $free, in KiB. To be compared between kernels that were
# started alike, after the same was done in each.
measure()
{
	local hash

	# The kernel sizes these tables by the memory that is free in early boot
	hash=$(kernel_log | awk '
		/(Dentry|Inode)-?.cache hash table entries/ {
			for (i = 1; i < NF; i++)
				if ($(i + 1) == "bytes,")
					sum += $i
		}
		END { print sum / 1024 }')
	free=$(($(free_kib) + hash))
	total=$(($(meminfo MemTotal) + hash))
	diag "with $hash KiB of hash tables: $total KiB, free $free KiB"
}

# check_memory TOLERANCE: as much as total= and free= on the command line say
check_memory()
{
	check_near "MemTotal is the same" "$total" "$(cmdline_arg total)" 8
	check_near "MemFree is the same" "$free" "$(cmdline_arg free)" \
		"$1"
}

# Trees. atime must not change by looking.
mount_pram()
{
	local name="$1" dir="$2" options="${3:-noatime}"

	mkdir -p "$dir" &&
		mount -t tmpfs -o "$options,pram=$name" none "$dir"
}

random_file()
{
	head -c "$2" /dev/urandom >"$1"
}

make_names()
{
	local name

	# shellcheck disable=SC2016 # it is a name, not a command
	for name in 'with space' ' leading' 'trailing ' "$(printf 'tab\there')" \
		"$(printf 'new\nline')" 'back\slash' "it's" 'dou"ble' '*?[a-z]' \
		'-rf' '--' '...' '.hidden' '$(id)' '%s%n' '#hash' ';' '~' \
		"$(printf '\001\002\033[1m')" "$(printf 'n\303\251')" \
		"$(printf '\377\376')" "$(printf '%0255d' 7)"; do
		echo "$name" >"./$name" || return 1
	done
}

make_sizes()
{
	local size

	for size in 0 1 4095 4096 4097 8191 65536 1000001; do
		random_file "size$size" $size || return 1
	done
	random_file big $((20 << 20))
}

make_holes()
{
	truncate -s 1000000 hole &&
		dd if=/dev/urandom of=middle bs=4k count=3 seek=1000 &&
		truncate -s 100M middle &&
		dd if=/dev/urandom of=end bs=1 count=5 seek=3000000 &&
		dd if=/dev/urandom of=ends bs=4k count=1 &&
		dd if=/dev/urandom of=ends bs=4k count=1 seek=511 conv=notrunc
}

# What fallocate() reserves is a hole, and is there to write to
make_reserved()
{
	setfile reserve untouched 0 200000 &&
		setfile reserve touched 0 200000 &&
		dd if=/dev/urandom of=touched bs=4k count=3 seek=7 \
			conv=notrunc &&
		random_file beyond 5000 && setfile keep beyond 0 500000 &&
		setfile keep sparse 1000000 5000 &&
		echo a >hint && setfile hint hint 4
}

make_modes()
{
	local mode

	for mode in 0 400 644 755 1755 2755 4755 6111 7777; do
		echo $mode >mode$mode && mkdir dir$mode &&
			echo inside >dir$mode/file &&
			chmod $mode mode$mode dir$mode || return 1
	done
}

make_owners()
{
	echo a >own1 && chown 1000:100 own1 &&
		echo b >own2 && chown 65534:65534 own2 &&
		echo c >own3 && chown 4294967294:4000000000 own3 &&
		chmod 4711 own3 &&
		mkdir own4 && echo d >own4/file && chown 7:8 own4
}

# Programs of 32 bits know no later dates than 2038
case $(uname -m) in
i?86)	FAR_DATE='2037-12-31 23:59:59' ;;
*)	FAR_DATE='2200-12-31 23:59:59' ;;
esac

make_times()
{
	echo a >time1 && touch -d '1970-01-01 00:00:00' time1 &&
		echo b >time2 && touch -d '1950-02-03 04:05:06' time2 &&
		echo c >time3 && touch -d "$FAR_DATE" time3 &&
		mkdir time4 && echo d >time4/file &&
		touch -d '2001-02-03 04:05:06' time4
}

make_dirs()
{
	local i dir=deep

	mkdir empty many || return 1
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		dir=$dir/a.rather.long.name.for.a.directory.$i
	done
	mkdir -p $dir && echo deep >$dir/file || return 1
	i=0
	while [ $i -lt 300 ]; do
		echo $i >many/$i || return 1
		i=$((i + 1))
	done
}

make_links()
{
	echo a >file && ln file name2 && mkdir sub && ln file sub/name3 &&
		ln -s file symlink && ln symlink symlink2 &&
		ln -s /no/such/file broken && ln -s . self &&
		mkfifo fifo && ln fifo sub/fifo2 &&
		mknod null c 1 3 && mknod disk b 8 17 && mknod whiteout c 0 0 &&
		mknod large c 4095 1048575 && mknods . &&
		chmod 600 fifo disk && chown 3:4 symlink null -h &&
		touch -h -d '2001-02-03 04:05:06' symlink broken
}

# Of those who may: one user more, and the group
ACL=0x0200000001000600ffffffff020004000100000004000400ffffffff10000400ffffffff20000400ffffffff
# What is made in a directory gets
DEFAULT_ACL=0x0200000001000700ffffffff020007000200000004000500ffffffff10000700ffffffff20000500ffffffff
# cap_net_raw+ep
CAPABILITY=0x0100000200200000000000000000000000000000

make_attrs()
{
	echo a >acl && setxattr acl system.posix_acl_access $ACL &&
		mkdir default && echo before >default/before &&
		setxattr default system.posix_acl_default $DEFAULT_ACL &&
		echo after >default/after && mkdir default/dir &&
		echo b >user && setxattr user user.a b &&
		setxattr user user.b 0x00ff00 && ln user user2 &&
		echo c >cap && setxattr cap security.capability $CAPABILITY &&
		echo d >nodump && setflags nodump 0x40 &&
		mkdir noatime && setflags noatime 0xc0 &&
		echo e >noatime/inherits && mkfifo noatime/fifo &&
		ln -s x noatime/link && echo f >noatime/not &&
		setflags noatime/not 0 &&
		echo g >append && setflags append 0x20 &&
		mkdir immutable && echo h >immutable/file &&
		setflags immutable/file 0x10 && setflags immutable 0x10
}

# So that a tree can be removed
no_attrs()
{
	setflags "$1/attrs/append" 0 && setflags "$1/attrs/immutable" 0 &&
		setflags "$1/attrs/immutable/file" 0
}

# make_tree DIR
make_tree()
{
	(
		umask 022
		cd "$1" || exit
		for part in names sizes holes reserved modes owners times \
			dirs links attrs; do
			mkdir $part || exit
			(cd $part && make_$part 2>/dev/null) || exit
		done
		chown 5:6 . && chmod 1751 .
	)
}

# list_tree DIR: all that is to come back, in a fixed order; that of a directory, too
list_tree()
{
	(
		cd "$1" || exit
		find .
		find . -type f -print0 | sort -z | xargs -0 sha256sum
		find . -print0 | sort -z |
			xargs -0 stat -c '%n %F %a %u:%g %s %b %h %x %y %z'
		find . -print0 | sort -z | attrs
	)
}

# What sha256sum says of nothing
NO_DATA=$(sha256sum </dev/null)

# digest [FILE]: a digest of it, or of what comes in. If there is nothing to read, no
# other call says the same.
digest()
{
	local sum=''

	if [ $# = 0 ]; then
		sum=$(sha256sum)
	elif [ -r "$1" ]; then
		sum=$(sha256sum <"$1")
	fi
	case $sum in
	'' | "$NO_DATA") sum=nothing-$(cut -d' ' -f1 /proc/uptime) ;;
	esac
	echo "${sum%% *}"
}

# same FILE OTHER: they are, and there is something in them
same()
{
	[ -s "$1" ] && cmp "$1" "$2"
}

# save_tree NAME: makes a tree, and leaves it in node NAME, what is in it in
# node NAME.list, and a digest of that in $tree_digest
save_tree()
{
	mount_pram "$1" /mnt/tree || bail "cannot mount pram=$1"
	mount_pram "$1.list" /mnt/list || bail "cannot mount pram=$1.list"
	check "a tree is made" make_tree /mnt/tree
	list_tree /mnt/tree >/mnt/list/list
	tree_digest=$(digest /mnt/list/list)
	diag "$(find /mnt/tree | wc -l) names," \
		"$(du -sk /mnt/tree | cut -f1) KiB, $tree_digest"
	check "the tree is unmounted" umount /mnt/tree
	check "its list is unmounted" umount /mnt/list
	check_eq "tree $1 is parked" "$(sysfs "nodes/$1/state")" parked
	check_eq "tree $1.list is parked" "$(sysfs "nodes/$1.list/state")" parked
}

# check_tree NAME DIGEST: mounts the tree, which stays mounted, and compares it
check_tree()
{
	check "the tree is mounted" mount_pram "$1" /mnt/tree
	list_tree /mnt/tree >/tmp/list
	if ! check_eq "the tree is as it was" "$(digest /tmp/list)" "$2"; then
		mount_pram "$1.list" /mnt/list &&
			diff /mnt/list/list /tmp/list | head -40
		umount /mnt/list
	fi
}

# Streams, over a kexec of one kind: save_streams -l and verify_streams are two
# generations of a test. The image is loaded between nodes.
save_streams()
{
	save a seed=1
	load_next "$1" || bail "the next kernel could not be loaded"
	save b seed=2
	save 'one more, with %s #odd characters' seed=3 pages=1
	check_eq "there are 3 nodes" "$(sysfs nr_nodes)" 3
	exec_next
}

verify_streams()
{
	check_eq "one kexec has been" "$(sysfs generation)" 1
	check_eq "there are 3 nodes" "$(sysfs nr_nodes)" 3
	check_eq "they are as old as they are" \
		"$(cat $PRAM_SYSFS/nodes/*/generation | sort -u)" 0
	check "a node can be looked at" test_pram peek name=b seed=2
	load a seed=1
	load b seed=2
	load 'one more, with %s #odd characters' seed=3
	check_nothing_left
	# The interface is as good with what is left of the last kernel's memory
	check "the interface does what it says" test_pram api
	finish
}

# refused REASON: the image that is loaded may not be started, the log says why in
# one line, and the check says so beforehand
refused()
{
	local before

	before=$(logged "pram: kexec refused: $1")
	check_fails "the check fails" sh -c "echo 1 >$PRAM_SYSFS/check"
	check "it says why" grep -q "^refused: $1" $PRAM_SYSFS/check
	check_eq "that is not in the log" "$(logged "pram: kexec refused: $1")" \
		"$before"
	check_fails "the kexec is refused" try_exec_next
	check_eq "the kernel says why: $1" \
		"$(logged "pram: kexec refused: $1")" $((before + 1))
}

# accepted [VERDICT]: it may be, as the check says
accepted()
{
	check "the check succeeds" sh -c "echo 1 >$PRAM_SYSFS/check"
	check "it says so: ${1:-ok}" grep -q "^${1:-ok: }" $PRAM_SYSFS/check
}

NR_SMALL=24

# Trees of a few files, each with its name in all of them
save_small_trees()
{
	local i=0

	while [ $i -lt $NR_SMALL ]; do
		mount_pram small$i /mnt/small || bail "cannot mount small$i"
		yes small$i | head -c $((i * 9000 + 1)) >/mnt/small/a
		echo small$i >/mnt/small/b
		umount /mnt/small
		i=$((i + 1))
	done
	check_eq "$NR_SMALL small trees are saved" \
		"$(find $PRAM_SYSFS/nodes -name 'small*' | wc -l)" $NR_SMALL
}

check_small_trees()
{
	local i=0 bad=''

	while [ $i -lt $NR_SMALL ]; do
		mkdir -p /mnt/small
		mount -t tmpfs -o pram=small$i,pram_must_exist none /mnt/small &&
			[ "$(yes small$i | head -c $((i * 9000 + 1)) |
				sha256sum)" = "$(sha256sum </mnt/small/a)" ] &&
			[ "$(cat /mnt/small/b)" = small$i ] ||
			bad="$bad small$i"
		umount /mnt/small
		i=$((i + 1))
	done
	check_empty "$NR_SMALL small trees are as they were" "$bad"
}

# Other data all over the memory
write_over()
{
	mkdir -p /mnt/over
	mount -t tmpfs none /mnt/over &&
		yes "other data" | head -c $((60 << 20)) >/mnt/over/file
	check "60 MiB are written" [ -s /mnt/over/file ]
	umount /mnt/over
}

# What this kernel leaves in the register of the mark, unless PRAM seals something: its
# entry point of system calls, which root can read
entry_point()
{
	sed -n 's/^\([0-9a-f]*\) . entry_SYSCALL_64$/\1/p' /proc/kallsyms
}

# make_cgroup: a memory cgroup, whose directory is in $group
make_cgroup()
{
	local groups=/tmp/cgroup

	group=$groups/test
	mkdir -p $groups
	mount -t cgroup2 none $groups || skip_all "no cgroup2"
	echo +memory >$groups/cgroup.subtree_control ||
		skip_all "no memory cgroups"
	mkdir $group
}

# in_group COMMAND...: by a process that is in the cgroup
in_group()
{
	(
		trap - EXIT
		sh -c 'echo "$PPID"' >"$group/cgroup.procs"
		"$@"
	)
}

# forge_super MARK: a super block that is good but for its mark, in user memory. What
# pram= would have to be is in $forged.
forge_super()
{
	rm -f /tmp/forged
	"$(dirname "$0")/forge" "$1" >/tmp/forged &
	while [ ! -s /tmp/forged ]; do
		kill -0 $! || bail "forge failed"
		sleep 0.1
	done
	# shellcheck disable=SC2034 # for who has called this
	forged=$(cat /tmp/forged)
}

# This kernel was pointed at nodes which somebody else has had: it says why it
# takes nothing over, and is as after the firmware.
check_lost_and_finish()
{
	check_log "the kernel says why there is nothing" \
		"pram: 'pram=$(cmdline_arg super)' ignored: "
	check_eq "nothing else is said" "$(logged '\] pram: ')" 1
	check_eq "no kexec has been survived" "$(sysfs generation)" 0
	check_nothing_left
	check "all is as new" test_pram api
	finish
}
