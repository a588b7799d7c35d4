#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The administrator's guide, taken at its word: the commands of "A session" and
# of two more sections succeed, and their output is as it is shown there, but for
# the numbers. harness/initramfs puts the guide beside the tests.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

GUIDE=$(dirname "$0")/pram.rst
# Where the guide has the files to be kept
BIG=/var/cache/big

# section TITLE: its literal blocks, with commands in one line each
section()
{
	awk -v title="$1" '
		/^(===|---)/ { inside = last == title }
		{ last = $0 }
		/^[^ ]/ { literal = /::$/ }
		!inside || !literal || !sub(/^  /, "") { next }
		sub(/\\$/, "") { printf "%s", $0; next }
		{ print }' "$GUIDE"
}

# Without what differs from machine to machine
shape()
{
	sed 's/ left by [^ ,]*/ left by RELEASE/; s/[0-9][0-9]*/N/g' "$1"
}

# Run $command, if it is this kernel's turn, and compare with /tmp/shown
step()
{
	[ -n "$command" ] || return 0
	if [ "$command" = "kexec -x -e" ] && [ -n "$turn" ]; then
		ktap_close
		eval "$command"
		bail "$command came back with status $?"
	fi
	if [ -n "$turn" ]; then
		eval "$command" >/tmp/said 2>&1
		check_eq "succeeds: $command" $? 0
		# much can be in the log, and nothing need be shown
		[ ! -s /tmp/shown ] ||
			check_eq "says what the guide shows" \
				"$(shape /tmp/said)" "$(shape /tmp/shown)"
	fi
	[ "$command" != "kexec -x -e" ] || turn=1
}

# follow TITLE: do what this section says; where $turn is empty, what it says
# after the jump
follow()
{
	section "$1" >/tmp/section
	command=
	: >/tmp/shown
	while IFS= read -r line <&3; do
		case $line in
		'# '*)
			step
			command=${line#\# }
			: >/tmp/shown
			;;
		*)
			echo "$line" >>/tmp/shown
			;;
		esac
	done 3</tmp/section
	[ -n "$command" ] || bail "the guide has no commands in \"$1\""
	step
}

# contents DIR: a digest of names, kinds, modes, owners, times of change, and
# contents
contents()
{
	(
		cd "$1" || exit
		find . -print0 | sort -z | xargs -0 stat -c '%n %f %u %g %Y'
		find . -type f -print0 | sort -z | xargs -0 sha256sum
	) >/tmp/contents
	digest /tmp/contents
}

case $PRAM_GEN in
1)	# it needs what only a guest has to spare: /boot, /srv, /var/cache
	need /boot/base.cpio
	mkdir -p $BIG
	(cd $BIG && make_sizes 2>/dev/null && make_dirs) ||
		bail "cannot make $BIG"
	make_initrd /tmp/initrd || bail "cannot make an initrd"
	mv /tmp/initrd /boot/initrd
	# This is what the guide hands on to the next kernel
	echo "$(cat /proc/cmdline) gen=2 memtest=4 digest=$(contents $BIG)" \
		>/tmp/cmdline
	mount -o bind /tmp/cmdline /proc/cmdline || bail "cannot bind a file"
	turn=1
	follow "A session"
	bail "there is no kexec -x -e in the session"
	;;
2)	turn=
	follow "A session"
	check_eq "the files are there, and the same" "$(contents /srv/cache/big)" \
		"$(cmdline_arg digest)"
	turn=1
	follow "Troubleshooting"
	check "the tree is saved again" umount /srv/cache
	follow "Files in sysfs"
	check_nothing_left
	finish
	;;
esac
