#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An initramfs of 25 MiB that unpacks to 250 MiB: the kexec is refused while most of
# the memory is preserved, and where it is not refused, the next kernel unpacks all
# of it, although hardly a page is free in a row.
#
# pram-gens: 2
# pram-mem: 1G
# pram-timeout: 900

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

PRAM_INITRD=/tmp/next.cpio.gz

# A tenth of it is random
make_big()
{
	local i=0

	while [ $i -lt 100 ]; do
		head -c 256k /dev/urandom && head -c 2304k /dev/zero || return 1
		i=$((i + 1))
	done
}

# Not compressed and then compressed, as with microcode in front
make_big_initrd()
{
	local initrd="$PRAM_INITRD"

	PRAM_INITRD='' make_initrd "$initrd" || return 1
	mkdir /tmp/big && make_big >/tmp/big/big || return 1
	sum=$(md5sum </tmp/big/big)
	sum=${sum%% *}
	(cd /tmp/big && find big | cpio -o -H newc 2>/dev/null) |
		gzip -1 >>"$initrd" && rm -r /tmp/big
}

case $PRAM_GEN in
1)	check "an initramfs is made" make_big_initrd
	diag "it has $(stat -c %s $PRAM_INITRD) bytes"
	check "an image is loaded" load_next -l "sum=$sum"
	check "pages all over memory are saved" \
		test_pram scatter name=a seed=1 pages=95000
	check "and what is between them" \
		test_pram single name=b seed=2 pages=70000
	check_fails "the kexec is refused" try_exec_next
	check_log "the kernel says what is missing" \
		'pram: kexec refused: the next kernel needs .* can have only .* MiB: discard a node'
	check "a node is discarded" test_pram discard name=b
	exec_next
	;;
2)	check_eq "the initramfs is all there" \
		"$(md5sum </big | cut -d' ' -f1)" "$(cmdline_arg sum)"
	load a seed=1
	check_nothing_left
	finish
	;;
esac
