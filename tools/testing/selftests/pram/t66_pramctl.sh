#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pramctl, as an administrator uses it: trees are mounted, listed, kept over a kexec
# that it loads and starts, and discarded; what is refused is said in a line, with the
# exit status of the man page. It is static, and the only tool here.
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
	says '^ok: 3 nodes'
	digest /mnt/b/file >/mnt/a/digest
	ktap_close
	pramctl kexec
	bail "pramctl kexec came back with status $?"
	;;
2)	status 0 "trees are listed" pramctl list
	says '^a  *kept .*- *$'
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
	says '^3 discarded$'
	check_nothing_left
	finish
	;;
esac
