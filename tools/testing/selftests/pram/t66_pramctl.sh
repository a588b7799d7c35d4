#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pramctl, as an administrator uses it: trees are mounted, listed, kept over a kexec
# that it loads and starts, and discarded; values are put and got, once and more often;
# what is refused is said in a line, with the exit status of the man page.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# status WANTED NAME COMMAND...: its output is in /tmp/said, its errors in /tmp/errors
status()
{
	local wanted="$1" name="$2" status

	shift 2
	"$@" >/tmp/said 2>/tmp/errors
	status=$?
	check_eq "$name" "$status" "$wanted" && return
	diag "$* says: $(cat /tmp/said /tmp/errors)"
}

# says REGEX
says()
{
	check "it says: $1" grep -q -- "$1" /tmp/said || diag "$(cat /tmp/said)"
}

# complains REGEX: in one line
complains()
{
	check "it complains: $1" grep -q -- "^pramctl: .*$1" /tmp/errors ||
		diag "$(cat /tmp/errors)"
	check_eq "in one line" "$(wc -l </tmp/errors)" 1
}

# What load_next() does, with pramctl: the next kernel is the newest in /boot
load_by_pramctl()
{
	make_initrd /tmp/initrd || bail "cannot make an initrd"
	mv /tmp/initrd /boot/initrd.img-6.12.2-test
	cp /boot/bzImage /boot/vmlinuz-6.12.2-test
	echo old >/boot/vmlinuz-6.12.1-test
	echo old >/boot/initrd.img-6.12.1-test
	status 0 "the next kernel is loaded" pramctl load "$@" --reuse-cmdline \
		--append "gen=$((PRAM_GEN + 1)) memtest=4"
	says '^loaded /boot/vmlinuz-6.12.2-test, initramfs /boot/initrd.img-6.12.2-test$'
	check_eq "there is one pram=" \
		"$(grep -o ' pram=' /tmp/said | wc -l)" 1
	rm /boot/*-test
}

SECRET='what is taken once'

put()
{
	local value="$1"

	shift
	# shellcheck disable=SC2016 # the inner shell's
	status 0 "a value is put: $*" sh -c 'printf "%s" "$1" | { shift; pramctl put "$@"; }' - \
		"$value" "$@"
}

# get NAME WANTED
get()
{
	status 0 "value $1 is got" pramctl get "$1"
	check_eq "it is what was put" "$(cat /tmp/said)" "$2"
}

put_values()
{
	put first lease
	put second lease
	get lease second
	check_eq "it is parked" "$(sysfs nodes/lease/state)" parked
	put "$SECRET" pass --once
	status 1 "a value has its limit" sh -c 'head -c 1048577 /dev/zero | pramctl put lease'
	complains 'more than 1048576 bytes'
	status 1 "none is no value" pramctl put lease </dev/null
	get lease second
	status 0 "one has the largest size" \
		sh -c 'head -c 1048576 /dev/zero | pramctl put gone --wipe'
	status 0 "and is put again" \
		sh -c 'head -c 1048576 /dev/zero | pramctl put gone --wipe'
	check_eq "it is got as it is" "$(pramctl get gone | wc -c)" 1048576
	status 1 "one that cannot be written stays" sh -c 'pramctl get pass >/dev/full'
	complains "'pass' stays"
	{
		pramctl get pass
		echo $? >/tmp/status
	} 2>/tmp/errors | sh -c 'sleep 1'
	check_eq "one that nobody reads stays" "$(cat /tmp/status)" 1
	check "it is there" node_exists pass
	check "the reason is known" grep -q "'pass' stays" /tmp/errors
	put 'once more' gone --once
	get gone 'once more'
	check_fails "it is gone" node_exists gone
	status 4 "it cannot be got again" pramctl get gone
	status 1 "a limit to files is one to values" \
		sh -c 'ulimit -f 8; head -c 100000 /dev/zero | pramctl put gone'
	complains "'gone' cannot be written: File too large"
	check_fails "it leaves nothing behind" node_exists gone
	check_fails "no value is mounted anywhere" grep -qE 'lease|pass' /proc/mounts
}

get_values()
{
	get lease second
	get pass "$SECRET"
	check_fails "what is taken once is gone" node_exists pass
	put third lease
	get lease third
}

dump_trees()
{
	status 0 "what is kept is decoded" pramctl dump a
	says '^node a at pfn [0-9a-f]*$'
	says '^tmpfs tree of 3 inodes'
	says '^ *inode [0-9]* file mode 100644 owner 0:0 links 1 size 5000000 '
	check_fails "its checksums are right" \
		grep -q 'not that of\|do not have' /tmp/said
	status 0 "so is a value" pramctl dump lease --entries
	says '^ *inode [0-9]* pramctl.value mode 100600 owner 0:0 links 1 size 6 '
	check_fails "but not what it is" grep -q second /tmp/said
}

case $PRAM_GEN in
1)	need /boot/base.cpio
	mkdir -p /mnt/a /mnt/b /mnt/ns
	status 0 "none is listed" pramctl list
	status 4 "there is nothing to show" pramctl show a
	complains "there is no 'a'"
	status 4 "a tree that must exist does not" pramctl mount --must-exist a /mnt/a
	status 1 "there is no such directory" pramctl mount a /mnt/none
	complains "make it"
	check_fails "no tree has come of that" node_exists a
	ln -s /mnt/a /tmp/link
	status 0 "a directory may be a symbolic link" pramctl mount a /tmp/link
	says "^'a' is mounted on /tmp/link: new and empty"
	check "the tree is where that leads" \
		grep -q '^a /mnt/a tmpfs rw.*pram=a' /proc/mounts
	umount /mnt/a
	status 0 "it is discarded" pramctl discard a
	status 0 "a tree is mounted" pramctl mount a /mnt/a -o mode=0700,noatime,nodev
	says 'new and empty'
	check "its options are there" \
		grep -q '^a /mnt/a tmpfs rw,nodev,noatime.*mode=700.*pram=a' /proc/mounts
	# shellcheck disable=SC1003 # a backslash
	status 0 "one with blanks in its name" pramctl mount 'b, c "\' /mnt/b
	random_file /mnt/a/file 100000
	random_file /mnt/b/file 5000000
	status 0 "both are listed" pramctl list
	says '^a  *mounted  *100K  *25  *2  *0 /mnt/a$'
	says '^b,\\040c\\040"\\134  *mounted  *4.8M '
	status 0 "in JSON, too" pramctl list --json
	says '"name":"b, c \\"\\\\","state":"mounted","size":5001216,"pages":1221'
	status 0 "one is shown" pramctl show a
	says '^mounted on:  /mnt/a$'

	status 1 "it cannot be discarded" pramctl discard a
	complains "it is mounted on /mnt/a: unmount it"
	unshare -m sh -c 'umount /mnt/a && umount /mnt/b; mount -t tmpfs none /mnt/ns
		pramctl mount c /mnt/ns; : >/tmp/ready; sleep 1000' &
	while [ ! -e /tmp/ready ]; do sleep 0.1; done
	status 0 "another namespace is looked at" pramctl list
	says '^c  *mounted .* [0-9]*:/mnt/ns$'
	umount /mnt/a
	status 1 "all are discarded that can be" pramctl discard --all
	says '^1 discarded, 2 stay$'
	check "those that stay are named" [ "$(grep -c stays: /tmp/errors)" = 2 ]
	check "who has it is named" grep -q 'in the mount namespace of process' \
		/tmp/errors
	check_fails "the other one is gone" node_exists a

	put_values
	status 1 "a tree is no value" pramctl get c
	complains "'c' was not made by 'pramctl put'"
	status 1 "nor does one become one" sh -c 'echo x | pramctl put c'
	status 1 "there is no description of it" pramctl dump c
	complains "'c' is mounted: only what is kept"

	status 0 "a is made again" pramctl mount a /mnt/a
	cp /mnt/b/file /mnt/a/file
	status 1 "a check without an image" pramctl check
	says '^refused: no image is loaded'
	status 1 "no kexec after that" pramctl kexec
	complains 'no kexec: all is as it was'
	check "an image is loaded without pram=" load_next --no-pram
	status 1 "the check refuses" pramctl check
	says '^refused: the image has no valid pram='
	status 1 "so does the kexec" pramctl kexec
	complains 'no kexec: all is as it was'
	check "an image without PRAM is loaded" \
		load_next --kernel /boot/bzImage-nopram
	status 1 "the kexec is refused" pramctl kexec
	kexec -u
	status 1 "it is so when it is unloaded" pramctl kexec
	load_by_pramctl -c
	status 0 "the check is content" pramctl check
	says '^ok: 5 nodes'
	says '^will move: '
	says '^room for the next kernel: [0-9]*M$'
	load_by_pramctl
	digest /mnt/b/file >/mnt/a/digest
	ktap_close
	pramctl kexec
	bail "pramctl kexec came back with status $?"
	;;
2)	status 0 "trees are listed" pramctl list
	says '^a  *kept .*- *$'
	status 0 "the log says what was found" pramctl log
	says '^What is preserved has survived 1 kexecs.$'
	says '^The previous kernel was told to discard '
	says '^    gone$'
	moved="$(sysfs previous/moved)"
	if [ "$moved" -gt 0 ]; then
		says "^For the kexec $moved pages were moved"
	else
		check_fails "nothing is said to be moved" grep -q 'pages were moved' /tmp/said
	fi
	says '^  pram: adopted 5 of 5 nodes$'
	dump_trees
	get_values
	status 0 "a tree is mounted" pramctl mount --must-exist a /mnt
	says restored
	check_eq "the file is what it was" "$(digest /mnt/file)" "$(cat /mnt/digest)"
	load_by_pramctl -s
	status 0 "the check is content" pramctl check
	ktap_close
	pramctl kexec
	bail "pramctl kexec came back with status $?"
	;;
3)	status 0 "a tree is mounted" pramctl mount a /mnt
	check_eq "the file is what it was" "$(digest /mnt/file)" "$(cat /mnt/digest)"
	check_eq "the command line has one pram=" \
		"$(grep -o '[ ]pram=' /proc/cmdline | wc -l)" 1
	umount /mnt
	status 0 "all is discarded" pramctl discard --all
	says '^4 discarded$'
	check_nothing_left
	finish
	;;
esac
