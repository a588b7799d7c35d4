#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What others test file systems with: fio writes files that it can verify, with system
# calls and through mappings, and finds them good in the next kernel; the stressors of
# stress-ng verify what they do, before a kexec, while it comes, and in the
# tree that was restored, with all that the last run has left behind. The programs
# themselves run from a tree.
#
# pram-gens: 3
# pram-mem: 2G
# pram-timeout: 1800
# pram-extra: once fio stress-ng
# pram-long: 1

# shellcheck source=common_trees.sh
. "$(dirname "$0")/common_trees.sh"

STRESSORS='access chdir chmod chown copy-file dentry dir dirdeep dirmany fallocate
	filename flock fpunch fstat getdent handle hdd iomix link lockf
	mknod mmap open rename revio seek symlink touch utime xattr'

# run_fio NAME VERIFY ARG...: jobs that are the same each time
# shellcheck disable=SC2317 # run by check
run_fio()
{
	local name="$1" verify="$2"

	shift 2
	fio --directory=/mnt/fio --thread --randrepeat=1 --fallocate=none \
		--verify="$verify" --verify_fatal=1 --verify_state_save=0 \
		--output=/tmp/fio.log "$@" \
		--name="$name-psync" --ioengine=psync --rw=randwrite \
		--bs=4k --filesize=24M --io_size=24M \
		--name="$name-odd" --ioengine=psync --rw=randwrite \
		--bs=3k --filesize=24M \
		--name="$name-mmap" --ioengine=mmap --rw=randwrite --bs=4k \
		--filesize=16M --name="$name-aio" --ioengine=libaio \
		--iodepth=8 --rw=write --bs=64k --filesize=32M
}

write_fio()
{
	check "fio writes $1" run_fio "$@" --do_verify=0 ||
		grep -v "^ " /tmp/fio.log | head -n 20
}

verify_fio()
{
	check "fio verifies $1" run_fio "$@" --verify_only ||
		grep -v "^ " /tmp/fio.log | head -n 20
}

# One after the other
stress()
{
	local stressor

	for stressor in $STRESSORS; do
		stress-ng --"$stressor" 1 --timeout 3 --verify \
			--temp-path /mnt/stress --no-rand-seed >/tmp/stress.log 2>&1
		case $? in
		0) ;;
		# not here
		3 | 4) skipped="$skipped $stressor" ;;
		*)	bad="$bad $stressor"
			grep -i 'fail\|error' /tmp/stress.log | head -n 5
			;;
		esac
	done
}

check_stress()
{
	bad='' skipped=''
	stress
	check_empty "stressors are content" "$bad"
	diag "not here:$skipped"
	check "most of them run" [ "$(echo "$skipped" | wc -w)" -lt 10 ]
}

check "programs are kept" keep_programs fio stress-ng
for name in fio stress; do
	mount_pram $name /mnt/$name || bail "no $name"
done
how=-l
case $PRAM_GEN in
1)	write_fio first crc32c
	verify_fio first crc32c
	check_stress
	;;
2)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	verify_fio first crc32c
	check_stress
	write_fio second sha256
	how=-s
	;;
3)	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	verify_fio first crc32c
	verify_fio second sha256
	check_stress
	finish
	;;
esac
load_next $how || bail "the next kernel could not be loaded"
for stressor in hdd rename link xattr fallocate dentry; do
	stress-ng --$stressor 1 --timeout 600 --verify \
		--temp-path /mnt/stress </dev/null >/dev/null 2>&1 &
done
sleep 5
exec_next
