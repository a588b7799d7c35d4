# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the PRAM selftests share: KTAP output, and going on in the next kernel.
# For busybox sh and every other POSIX shell. A test begins with
#
#	. "$(dirname "$0")/lib.sh"
#
# and is run once by each kernel of its chain, with $PRAM_GEN counting them from
# 1. Each generation's tests are numbered and counted on their own:
#
#	case $PRAM_GEN in
#	1)	check "node is written" write_node
#		next_kernel -l
#		;;
#	2)	check "node is there" read_node
#		finish
#		;;
#	esac
#
# The harness reads these directives from the head of a test:
#
#	# pram-gens: 2		kernels in the chain, the first one included
#	# pram-jumps: 1		kexecs, where not all of them start by one
#	# pram-firmware: 1	how often the firmware runs
#	# pram-mem: 1G		guest memory
#	# pram-smp: 2		guest CPUs
#	# pram-kernel: pram	the first kernel, configs/NAME.config
#	# pram-config: NAME	only kernels of configs/NAME.config can run it
#	# pram-needs: NAME	only kernels with CONFIG_NAME=y can run it
#	# pram-efi: 1		a machine with UEFI, a TPM and KASLR; the kernel
#				is that of configs/efi.config
#	# pram-icount: 1	one CPU, and a clock that counts instructions: 1 ns each
#	# pram-timeout: 300	seconds
#	# pram-append: ...	more command line for the first kernel
#	# pram-qemu: ...	more arguments for QEMU
#	# pram-host: 1		what the test prints after "# host:" is done by the
#				host: see harness/qmp
#	# pram-extra: NAME...	more programs for the guest, see harness/extra
#	# pram-long: 1		takes more than two minutes: only when asked for
#	# pram-allow: REGEX	kernel messages that look like a splat and are none
#
# An executable t*.check beside a test is run on the host after it, with the
# path of the serial log.

PRAM_SYSFS=/sys/kernel/mm/pram

# What loads an image, and how kexec_file_load(2) does: with 32 bits there is none
KEXEC=kexec
FILE_LOAD=-s
case $(uname -m) in
i?86)	FILE_LOAD=-c ;;
esac

# Exit codes of kselftest
KSFT_FAIL=1
KSFT_SKIP=4

ktap_count=0
ktap_failed=0
ktap_skipped=0
ktap_planned=
ktap_ended=

# A line of results. In the harness it goes to the kernel log, see harness/init.
ktap_print()
{
	if [ -n "${PRAM_KMSG:-}" ]; then
		echo "<5>pram-test: $*" >/dev/kmsg
	else
		echo "$*"
	fi
}

# cmdline_arg NAME: the value of the last NAME= on the kernel's command line;
# false where there is none
cmdline_arg()
{
	local arg value='' found=1

	# What is given anew would be there twice, and the line has a limit
	for arg; do
		drop="$drop${arg%%=*} "
	done
	# shellcheck disable=SC2013 # words are wanted
	for arg in $(cat /proc/cmdline); do
		case $arg in
		"$1"=*)
			value=${arg#*=}
			found=0
			;;
		esac
	done
	[ "$found" != 0 ] || echo "$value"
	return "$found"
}

PRAM_GEN=${PRAM_GEN:-$(cmdline_arg gen || echo 1)}

# ktap_plan N: say beforehand how many tests this generation runs. Without it
# the plan comes at the end and is what was run.
ktap_plan()
{
	ktap_planned=$1
	ktap_print "TAP version 13"
	ktap_print "1..$1"
}

ok()
{
	ktap_count=$((ktap_count + 1))
	ktap_print "ok $ktap_count - $*"
}

not_ok()
{
	ktap_count=$((ktap_count + 1))
	ktap_failed=$((ktap_failed + 1))
	ktap_print "not ok $ktap_count - $*"
}

# skip NAME REASON
skip()
{
	ktap_count=$((ktap_count + 1))
	ktap_skipped=$((ktap_skipped + 1))
	ktap_print "ok $ktap_count - $1 # SKIP $2"
}

# check NAME COMMAND...: ok or not ok, as the command succeeds or fails, which
# is its value as well
check()
{
	local name="$1"

	shift
	if "$@"; then
		ok "$name"
	else
		not_ok "$name ($*: $?)"
		return 1
	fi
}

# check_fails NAME COMMAND...: the command must fail
check_fails()
{
	local name="$1"

	shift
	if "$@"; then
		not_ok "$name ($* did not fail)"
		return 1
	fi
	ok "$name"
}

# check_eq NAME GOT WANTED: they are the same, and not nothing
check_eq()
{
	if [ -z "$3" ]; then
		not_ok "$1 (got '$2', and nothing to compare it with)"
		return 1
	elif [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1 (got '$2', wanted '$3')"
		return 1
	fi
}

# check_empty NAME GOT: nothing
check_empty()
{
	if [ -z "$2" ]; then
		ok "$1"
	else
		not_ok "$1 (got '$2')"
		return 1
	fi
}

diag()
{
	ktap_print "# $*"
}

# The test cannot go on
bail()
{
	ktap_ended=1
	ktap_print "Bail out! $*"
	exit "$KSFT_FAIL"
}

# The whole test cannot be run here
skip_all()
{
	ktap_ended=1
	ktap_print "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

# need FILE...: skip the test where one is missing
need()
{
	local file

	for file; do
		[ -e "$file" ] || skip_all "no $file"
	done
}

# Where the kernel looks for leaks: has it found one? An object that has just
# been allocated is none, and one that is being changed is looked at twice.
kmemleak_close()
{
	local kmemleak=/sys/kernel/debug/kmemleak

	[ -e $kmemleak ] || return 0
	if ! echo scan >$kmemleak; then
		diag "kmemleak is off"
		# The harness has none that begins so: an error ended it
		[ -z "${PRAM_KMSG:-}" ] || ktap_failed=$((ktap_failed + 1))
		return 0
	fi
	sleep 6
	echo scan >$kmemleak
	[ -n "$(cat $kmemleak)" ] || return 0
	while IFS= read -r line; do
		diag "$line"
	done <$kmemleak
	ktap_failed=$((ktap_failed + 1))
}

# Close this generation's results
ktap_close()
{
	kmemleak_close
	if [ -z "$ktap_planned" ]; then
		[ "$ktap_count" = 0 ] || ktap_print "1..$ktap_count"
	elif [ "$ktap_planned" != "$ktap_count" ]; then
		ktap_failed=$((ktap_failed + 1))
		diag "planned $ktap_planned tests but ran $ktap_count"
	fi
	ktap_print "# gen $PRAM_GEN:" \
		"pass:$((ktap_count - ktap_failed - ktap_skipped))" \
		"fail:$ktap_failed skip:$ktap_skipped"
}

# The end of the last generation
finish()
{
	ktap_ended=1
	ktap_close
	[ "$ktap_failed" = 0 ] || exit "$KSFT_FAIL"
	exit 0
}

ktap_at_exit()
{
	local status=$?

	[ -z "$ktap_ended" ] || exit "$status"
	ktap_print "Bail out! the test ended early, with status $status"
	exit "$KSFT_FAIL"
}
trap ktap_at_exit EXIT

# make_initrd FILE [BASE]: the initrd of the next kernel: the programs and tests, and
# /boot again, so that it can go on to one more. On a machine without them, it is
# $PRAM_INITRD.
make_initrd()
{
	if [ -n "${PRAM_INITRD:-}" ]; then
		cp "$PRAM_INITRD" "$1"
		return
	fi
	[ -f "${2:-/boot/base.cpio}" ] || return 1
	cat "${2:-/boot/base.cpio}" >"$1" || return
	[ ! -f /boot/extra.cpio ] || cat /boot/extra.cpio >>"$1" || return
	(cd / && find boot | cpio -o -H newc 2>/dev/null) >>"$1"
}

# load_next [OPTION...] [ARG...]: load the next kernel. Its command line is
# this kernel's, less what is counted anew, with the ARGs behind. If no_memtest is on
# it, there is no memtest=.
#
#	-l, -s		kexec_load(2), as without, or kexec_file_load(2), if there is one
#	--kernel FILE	what to load, as without /boot/bzImage
#	--base FILE	its programs, as without /boot/base.cpio
#	--pram VALUE	this pram= in place of the super block's pfn
#	--no-pram	without pram=
#	--no-memtest	without memtest=4, which destroys memory nobody reserved
#	--kaslr		without nokaslr
#	--no-fwmap	as where /sys/firmware/memmap is missing: kexec then
#			takes the memory map from /proc/iomem
#	--drop NAME	without NAME or NAME= of this kernel's command line
load_next()
{
	local how=-c kernel="${PRAM_KERNEL:-/boot/bzImage}" memtest=memtest=4
	local kaslr=nokaslr pram='' drop=' ' initrd="${PRAM_INITRD:-}" args='' arg
	local fwmap=1 base=/boot/base.cpio status

	pram=pram=$(cat $PRAM_SYSFS/super 2>/dev/null) || pram=none
	while [ $# -gt 0 ]; do
		case $1 in
		-l) how=-c ;;
		-s) how=$FILE_LOAD ;;
		--kernel) kernel=$2; shift ;;
		--base) base=$2; shift ;;
		--pram) pram=pram=$2; shift ;;
		--no-pram) pram='' ;;
		--no-memtest) memtest='' ;;
		--kaslr) kaslr='' ;;
		--no-fwmap) fwmap='' ;;
		--drop) drop="$drop$2 "; shift ;;
		-*) bail "load_next: unknown option $1" ;;
		*) break ;;
		esac
		shift
	done
	if [ "$pram" = none ]; then
		diag "no $PRAM_SYSFS/super: is PRAM off? then use --no-pram"
		return 1
	fi
	# What is given anew replaces what this kernel was given
	for arg; do
		drop="$drop${arg%%=*} "
	done
	# shellcheck disable=SC2013 # words are wanted
	for arg in $(cat /proc/cmdline); do
		case $arg in
		gen=*|pram=*|memtest=*|nokaslr|initrd=*|BOOT_IMAGE=*)
			continue
			;;
		no_memtest) memtest='' ;;
		esac
		case $drop in
		*" ${arg%%=*} "*) continue ;;
		esac
		args="$args $arg"
	done
	cmdline_arg pramtest >/dev/null || args="$args pramtest=${0##*/}"
	args="${args# } $kaslr $memtest $pram gen=$((PRAM_GEN + 1)) $*"

	if [ -z "$initrd" ]; then
		initrd=/tmp/next.cpio
		make_initrd "$initrd" "$base" || bail "cannot make the next kernel's initrd"
	fi
	[ -n "$fwmap" ] || mount -t tmpfs none /sys/firmware ||
		bail "cannot hide /sys/firmware"
	# shellcheck disable=SC2086 # it may be several words
	$KEXEC $how -l "$kernel" --initrd="$initrd" --command-line="$args"
	status=$?
	[ -n "$fwmap" ] || umount /sys/firmware
	[ -n "${PRAM_INITRD:-}" ] || rm -f "$initrd"
	[ $status = 0 ] || diag "kexec $how -l $kernel: status $status"
	return $status
}

unload_next()
{
	kexec -u
}

# Jump. Comes back, with kexec's status, only where the kernel refuses.
try_exec_next()
{
	# nothing is up that could be taken down
	kexec -x -e
}

# Jump. Must not come back.
exec_next()
{
	ktap_close
	try_exec_next
	bail "kexec -e came back with status $?"
}

# next_kernel [OPTION...] [ARG...]: load_next and exec_next
next_kernel()
{
	load_next "$@" || bail "the next kernel could not be loaded"
	exec_next
}
