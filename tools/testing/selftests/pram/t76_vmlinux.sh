#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An image that is a vmlinux, loaded by kexec_load(2): it has a marker, and its command
# line is found, as that of a bzImage is. One that gets no command line, one without
# PRAM, and one that is not told are refused.
#
# pram-gens: 3
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

need /boot/bzImage-nopram

# number FILE OFFSET SIZE
number()
{
	hexdump -s "$2" -n "$3" -e "1/$3 \"%u\"" "$1"
}

# vmlinux BZIMAGE FILE: what it has compressed; Documentation/arch/x86/boot.rst has
# the offsets
vmlinux()
{
	local start

	start=$((($(number "$1" 0x1f1 1) + 1) * 512 + $(number "$1" 0x248 4)))
	tail -c +$((start + 1)) "$1" | head -c "$(number "$1" 0x24c 4)" |
		gunzip >"$2" 2>/dev/null
	[ "$(head -c 4 "$2" | tail -c 3)" = ELF ]
}

# With the command line where a kernel looks for it
load_vmlinux()
{
	KEXEC="kexec --args-linux"
	load_next -l --kernel /tmp/vmlinux "$@" || bail "kexec -l vmlinux"
	KEXEC=kexec
}

check "there is a vmlinux" vmlinux /boot/bzImage /tmp/vmlinux
case $PRAM_GEN in
1)	save a seed=1
	save_tree tree
	check "there is one without PRAM" \
		vmlinux /boot/bzImage-nopram /tmp/vmlinux-nopram
	KEXEC="kexec --args-linux"
	load_next -l --kernel /tmp/vmlinux-nopram || bail "kexec -l vmlinux"
	refused 'the image is no kernel with CONFIG_PRAM'
	KEXEC="kexec --args-none"
	load_next -l --kernel /tmp/vmlinux || bail "kexec -l vmlinux"
	refused 'the image takes no command line from kexec'
	load_vmlinux --no-pram
	refused 'the image has no valid pram= on its command line'
	load_vmlinux --pram 4000.1
	refused 'the image has the pram= of another kernel'
	load_vmlinux "digest=$tree_digest"
	accepted 'ok: 3 nodes'
	exec_next
	;;
2)	check_eq "the kernel is where a vmlinux goes" \
		"$(sed -n 's/^ *0*\([0-9a-f]*\)-.* : Kernel code$/\1/p' /proc/iomem)" \
		1000000
	load a seed=1
	# Where it goes there is something
	check "pages all over memory are saved" \
		test_pram scatter name=s seed=3 pages=48000
	load_vmlinux
	accepted 'ok: 3 nodes'
	exec_next
	;;
3)	check "pages have moved" [ "$(sysfs previous/moved)" -gt 0 ]
	load s seed=3
	check_tree tree "$(cmdline_arg digest)"
	finish
	;;
esac
