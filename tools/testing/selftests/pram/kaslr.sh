# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tests of KASLR share: kernels that choose their place by chance, and
# are told of the super block in ever other ways.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# way N: the N-th way to say $super, as $before and $behind the other arguments.
# 4000.1 is in ordinary RAM, and what is wrong must not win.
NR_WAYS=16
way()
{
	before=''
	behind=''
	case $1 in
	0)	behind="pram=$super" ;;
	1)	before="pram=$super" ;;
	2)	before="pram=$super" behind="pram=$super" ;;
	3)	before="pram=4000.1" behind="pram=$super" ;;
	4)	before="pram=$super" behind='pram=xyz' ;;
	5)	before="pram=$super" behind="pram pram= pram=0 pram=${super}g" ;;
	6)	before='pram=off' behind="pram=$super pram=offf" ;;
	7)	behind="\"pram=$super\"" ;;
	8)	before='pram=4000.1' behind="pram=\"$super\"" ;;
	9)	behind="pram=+0x$super pram=-$super" ;;
	10)	behind="pram=$super x=\"y pram=4000.1 z\"" ;;
	11)	behind="pram=$super -- pram=4000.1" ;;
	12)	before='pram=4000.1' behind="pram=0X00000000$super" ;;
	13)	behind="pram=$super pram=10000000000.1 pram=1.99999999999999999 pram=${super%.*}" ;;
	14)	behind="pram=$super xpram=4000.1 pramx=4000.1 pram.x=4000.1" ;;
	15)	# kexec_file_load wants to add to it
		how=-c pad=2046 behind="pram=$super"
		;;
	esac
}

# load_random [OPTION...] [ARG...]: load the next kernel. OPTIONs are -l and -s as
# in load_next, and kexec's own. What is told in our ways is not passed on.
load_random()
{
	local how=-c options='' args='' arg pad=0 before behind super

	while [ $# -gt 0 ]; do
		case $1 in
		-l) how=-c ;;
		-s) how=$FILE_LOAD ;;
		-*) options="$options $1" ;;
		*) break ;;
		esac
		shift
	done
	# shellcheck disable=SC2013 # words are wanted
	for arg in $(cat /proc/cmdline); do
		case $arg in
		*pram=* | pram | pramx=* | pram.x=* | x=* | z\" | -- | pad=* | \
		nokaslr | memtest=* | gen=* | places=* | "${1%%=*}="* | \
		initrd=* | BOOT_IMAGE=*)
			continue
			;;
		esac
		args="$args $arg"
	done
	super=$(sysfs super)
	way $((PRAM_GEN % NR_WAYS))
	args="$before${args:- } memtest=1 gen=$((PRAM_GEN + 1))"
	args="$args places=$places $*"
	if [ $pad != 0 ]; then
		pad=$((pad - ${#args} - ${#behind} - 6))
		args="$args pad=$(head -c $pad /dev/zero | tr '\0' x)"
	fi
	diag "$how, $before ... $behind (${#args} before that)"

	make_initrd /tmp/next.cpio || bail "cannot make the next kernel's initrd"
	# shellcheck disable=SC2086 # options are words
	kexec $how -l "${PRAM_KERNEL:-/boot/bzImage}" $options \
		--initrd=/tmp/next.cpio --command-line="$args $behind" ||
		bail "kexec $how -l failed"
	rm /tmp/next.cpio
}

# Where this kernel is. $places has that of all since the first, which was
# started by a boot loader, as physical-virtual.
kernel_place()
{
	phys=$(sed -n 's/^ *\([0-9a-f]*\)-.* : Kernel code$/\1/p' /proc/iomem)
	virt=$(sed -n 's/^\([0-9a-f]*\) . _text$/\1/p' /proc/kallsyms)
	virt=${virt#ffffffff}
	places=$(cmdline_arg places)
	diag "physical $phys, virtual $virt"
	[ "$PRAM_GEN" = 1 ] || places=${places:+$places,}$phys-$virt
}

# How many different ones there are of field $1 of $places
nr_places()
{
	echo "$places" | tr ',' '\n' | cut -d- -f"$1" | sort -u | wc -l
}

# Nobody has been put onto anything that was to be left alone
check_spared()
{
	check_eq "generation" "$(sysfs generation)" $((PRAM_GEN - 1))
	check_eq "the kernel is not where something is preserved" \
		"$(logged 'of these pages are not RAM')" 0
	check_eq "no node has been dropped" "$(logged 'dropped: ')" 0
}

peek()
{
	check "node $1 is good" test_pram peek "name=$1" "seed=$2"
}

# strew NAME SEED MIB: save one page of each MiB, of so many or all that is free
strew()
{
	check "node $1 is saved" \
		test_pram scatter "name=$1" "seed=$2" "pages=$3" step=256
	diag "in $(cat $PRAM_SYSFS/nodes/"$1"/pages) pages"
}

# take NAME MIB: take the free memory that is given out first: what has been
# freed last, and then from below. It is free again after give NAME.
take()
{
	mkdir -p "/mnt/$1"
	mount -t tmpfs -o size=100% none "/mnt/$1"
	dd if=/dev/zero "of=/mnt/$1/file" bs=1M "count=$2" 2>/dev/null
}

give()
{
	umount "/mnt/$1"
}

# Kernels of 32 bits from the one on that is generation FIRST, up to LAST, which choose
# their place by chance: random_i386 FIRST LAST
random_i386()
{
	local first="$1" last="$2"

	if [ "$PRAM_GEN" = "$first" ]; then
		# KASLR of 32 bits knows places below 512 MiB only
		take high $(($(meminfo HighFree) / 1024))
		take low 200
		check "pages of many places are saved" \
			test_pram scatter name=s seed=5 pages=300 step=100
		give high
		give low
		save_tree tree
		load_random -l "tree=$tree_digest"
		exec_next
	fi
	kernel_place
	check_eq "each kexec has been survived" "$(sysfs generation)" \
		$((PRAM_GEN - first))
	check_eq "no node has been dropped" "$(logged 'dropped: ')" 0
	peek s 5
	check_tree tree "$(cmdline_arg tree)"
	umount /mnt/tree
	if [ "$PRAM_GEN" != "$last" ]; then
		load_random -l "tree=$(cmdline_arg tree)"
		exec_next
	fi
	check "places differ" [ "$(nr_places 1)" -ge 3 ]
	diag "$(nr_places 1) places of $((last - first))"
	finish
}
