#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A check names all that is in the way of a kexec: the image, each tree that cannot be
# described, and each node that is being written. When that is gone, so are the reasons,
# and the kexec goes ahead.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# User space fills in a page of a file of the tree; adds to $pids
arm()
{
	(
		trap - EXIT
		exec uffd map "/mnt/$1/mapped"
	) >/tmp/ready 2>&1 &
	pids="$pids $!"
	sleep 1
	grep -q ready /tmp/ready || skip_all "no userfaultfd: $(cat /tmp/ready)"
}

# reasons NR: a check is refused for as many
reasons()
{
	check_fails "the check is refused" sh -c "echo 1 >$PRAM_SYSFS/check"
	cat $PRAM_SYSFS/check_reasons >/tmp/reasons
	diag "$(cut -c 1-500 /tmp/reasons)"
	check_eq "there are $1 reasons" "$(wc -l </tmp/reasons)" "$1"
	check_eq "the verdict is the first one" "$(cat $PRAM_SYSFS/check)" \
		"refused: $(head -n 1 /tmp/reasons)"
}

reason()
{
	check "one is: $1" grep -q -- "$1" /tmp/reasons
}

# Names are as long as they can be, and have a newline: all is said, in a line
long_names()
{
	local long tree pids='' deep="1/2/3/4/5/6 a
b"

	long=$(printf '%0250d' 0)
	tree=t$long
	mount_pram "$tree" /mnt/long || bail "cannot mount $tree"
	mkdir -p "/mnt/long/1$long/2$long/3$long/4$long/5$long" "/mnt/long/$deep"
	arm "long/1$long/2$long/3$long/4$long/5$long"
	reasons 2
	check "the end of a long path is there" grep -qx \
		"'3$long/4$long/5$long/mapped' in tmpfs '$tree' is.*: end the process" \
		/tmp/reasons
	# shellcheck disable=SC2086 # several
	kill -9 $pids
	sleep 2
	rm -r "/mnt/long/1$long"
	pids=
	arm "long/$deep"
	reasons 2
	check "a path is whole, and in one line" grep -qx \
		"'/1/2/3/4/5/6 a?b/mapped' in tmpfs '$tree' is.*: end the process" \
		/tmp/reasons
	# shellcheck disable=SC2086 # several
	kill -9 $pids
	sleep 2
	umount /mnt/long
	echo "$tree" >$PRAM_SYSFS/discard
}

armed()
{
	reason "'/mapped' in tmpfs '$1' is registered with userfaultfd"
}

case $PRAM_GEN in
1)	pids=
	for name in a b c; do
		mount_pram $name /mnt/$name || bail "cannot mount $name"
		echo $name >/mnt/$name/file
	done
	load_next -l --no-pram || bail "kexec -l"
	check_empty "without a check there is no reason" \
		"$(cat $PRAM_SYSFS/check_reasons)"
	long_names
	arm a
	arm c
	reasons 3
	reason 'the image has no valid pram='
	armed a
	armed c
	# shellcheck disable=SC2016 # the inner shell's
	check "the trees can be written to" timeout 2 \
		sh -c 'for n in a b c; do echo $n >>/mnt/$n/file; done'
	status=0
	pramctl check >/tmp/said 2>&1 || status=$?
	check_eq "pramctl refuses" $status 1
	check_eq "it has each" "$(grep -c '^refused: ' /tmp/said)" 3
	pramctl list >/tmp/said 2>&1
	check "it lists one tree that is in the way" \
		grep -q "^refused: a: '/mapped' in tmpfs 'a'" /tmp/said
	check "it lists the other" \
		grep -q "^refused: c: '/mapped' in tmpfs 'c'" /tmp/said
	check_fails "but not the third" grep -q '^refused: b:' /tmp/said

	check "a node is being written" \
		test_pram_stay leave_open name=torn seed=2 pages=20
	reasons 2
	reason "node 'torn' is still being written"
	check "it is written" rmmod test_pram

	load_next -l || bail "kexec -l"
	check_empty "of another image nothing is known" \
		"$(cat $PRAM_SYSFS/check_reasons)"
	reasons 2
	armed a
	armed c
	# shellcheck disable=SC2086 # several
	kill -9 $pids
	sleep 2
	accepted 'ok: 3 nodes'
	check_empty "there is no reason any more" \
		"$(cat $PRAM_SYSFS/check_reasons)"
	exec_next
	;;
2)	for name in a b c; do
		check "$name is there" mount_pram $name /mnt/$name pram_must_exist
		check_eq "$name is as it was" "$(tr '\n' ' ' </mnt/$name/file)" \
			"$name $name "
	done
	finish
	;;
esac
