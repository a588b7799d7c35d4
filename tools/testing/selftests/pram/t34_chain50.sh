#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# 50 kexecs. Each generation makes a node of one of five kinds, looks at some of
# the others and loads the one that is five generations old, so that from the
# sixth on the same is carried every time. Now and then there is much more, which
# has to move. In the end there is as much memory as there was.
#
# 256 KiB of difference are granted, twice of what is seen between kernels that did
# the same. What is kept is counted to the page.
#
# pram-gens: 51
# pram-mem: 256M
# pram-smp: 1
# pram-timeout: 1200

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

LAST=51
csum=/sys/module/pram/parameters/csum
share=/sys/module/pram/parameters/boot_share

# make GEN: the node of that generation
make()
{
	case $(($1 % 5)) in
	0)	# The orders go by the last digit of the seed
		save "n$1" "seed=$((2 * $1))" pages=200
		;;
	1)	check "n$1 is saved" \
			test_pram single "name=n$1" "seed=$1" pages=600
		;;
	2)	mount_pram "n$1" /mnt/tree || bail "no tree"
		mkdir /mnt/tree/dir
		yes "n$1" | head -c 100000 >/mnt/tree/dir/file
		check "tree n$1 is saved" umount /mnt/tree
		;;
	3)	check "n$1 is saved" \
			test_pram contig "name=n$1" "seed=$1" order=3 pages=64
		;;
	4)	echo data >$csum
		check "n$1 is saved, with checksums" \
			test_pram contig "name=n$1" "seed=$1" order=0 pages=512
		echo off >$csum
		;;
	esac
}

# take GEN [peek]
take()
{
	local op="${2:-load}" seed="$1"

	if [ $(($1 % 5)) != 2 ]; then
		[ $(($1 % 5)) != 0 ] || seed=$((2 * $1))
		check "n$1 is as it was" \
			test_pram "$op" "name=n$1" "seed=$seed" pieces=1
	elif [ "$op" = load ]; then
		check "tree n$1 is mounted" mount_pram "n$1" /mnt/tree
		check_eq "it is as it was" "$(digest /mnt/tree/dir/file)" \
			"$(yes "n$1" | head -c 100000 | sha256sum |
			cut -d' ' -f1)"
		rm -r /mnt/tree/dir
		umount /mnt/tree
		check "it is discarded" test_pram discard "name=n$1"
	fi
}

# Only what it takes goes on
if [ "$PRAM_GEN" = 1 ] && [ -z "${PRAM_INITRD:-}" ]; then
	for image in /boot/bzImage-*; do
		[ "$image" = "$(readlink -f /boot/bzImage)" ] || rm "$image"
	done
fi

check_eq "generation" "$(sysfs generation)" $((PRAM_GEN - 1))
if [ "$PRAM_GEN" = 1 ]; then
	save old seed=100 pages=300
else
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	super=$(sysfs super)
	check_eq "the super block is where it was" "${super%%.*}" \
		"$(cmdline_arg super)"
fi
case $PRAM_GEN in
*9)	load far seed="$PRAM_GEN" pieces=1
	;;
esac
if [ "$PRAM_GEN" -gt 5 ]; then
	take $((PRAM_GEN - 5))
fi
if [ "$PRAM_GEN" -gt 2 ]; then
	take $((PRAM_GEN - 2)) peek
fi
make "$PRAM_GEN"

how=-l
[ $((PRAM_GEN % 3)) != 0 ] || how=-s
case $PRAM_GEN in
1)	super=$(sysfs super)
	next_kernel -l "super=${super%%.*}"
	;;
6)	measure
	next_kernel -l "total=$total" "free=$free" \
		"meta=$(sysfs metadata_pages)" "pages=$(sysfs pages)"
	;;
*8)	# Room in a quarter of the memory
	echo 4 >$share
	check "an image is loaded" load_next $how
	check "much more is saved" \
		test_pram scatter name=far "seed=$((PRAM_GEN + 1))" pages=16000
	exec_next
	;;
*0)	check "the oldest node is as it was" \
		test_pram peek name=old seed=100 pieces=1
	;;
*6)	measure
	check_memory 256
	;;
"$LAST")
	measure
	check_memory 256
	check_eq "as many pages are kept" "$(sysfs pages)" \
		"$(cmdline_arg pages)"
	check_eq "with as many of metadata" "$(sysfs metadata_pages)" \
		"$(cmdline_arg meta)"
	for gen in 47 48 49 50 51; do
		take $gen
	done
	load old seed=100 pieces=1
	check_nothing_left
	finish
	;;
esac
next_kernel $how
