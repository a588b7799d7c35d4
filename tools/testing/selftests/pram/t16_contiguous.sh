#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# 1 GiB that is contiguous costs less than 64 KiB of metadata, as single pages
# and as large folios.
#
# pram-gens: 2
# pram-mem: 1536M
# pram-timeout: 400

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

check_metadata()
{
	local kib=$(($(sysfs metadata_pages) * 4))

	check "there is a GiB" [ "$(sysfs pages)" -ge 262144 ]
	check "it has metadata" [ "$kib" -gt 0 ]
	check "metadata of a GiB is less than 64 KiB" [ "$kib" -lt 64 ]
	diag "$kib KiB of metadata for $(($(sysfs pages) / 256)) MiB"
}

case $PRAM_GEN in
1)	check "a GiB of single pages is saved" \
		test_pram contig name=c seed=6 order=0 pages=262144
	check_metadata
	next_kernel -l
	;;
2)	check_metadata
	load c seed=6
	check_nothing_left
	check "a GiB of large folios is saved" \
		test_pram contig name=d seed=7 order=9 pages=262144
	check_metadata
	check "it is discarded" test_pram discard name=d
	check_nothing_left
	finish
	;;
esac
