#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Values of pram= that are none. Each is refused in one line, and PRAM works as
# after the firmware.
#
# pram-gens: 12
# pram-mem: 256M
# pram-timeout: 400

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

nine='999999999999999999999999'

# The value that generation $1 gets
bad_pram()
{
	case $1 in
	2)	echo 'xyz' ;;
	3)	echo '0' ;;
	4)	echo '' ;;
	5)	echo '12g4' ;;
	6)	echo '-1' ;;
	7)	echo "$nine$nine$nine$nine$nine$nine$nine$nine$nine$nine" ;;
	8)	echo '10000000000' ;;	# more than 40 bits
	9)	echo 'ffffffffff' ;;	# beyond any RAM
	10)	echo '9f' ;;		# not RAM, or in use
	11)	echo "$1" ;;		# RAM, but below 1 MiB
	12)	echo '4000' ;;		# RAM, without a super block
	esac
}

if [ "$PRAM_GEN" = 1 ]; then
	check_eq "without pram= nothing is said" "$(logged "'pram=")" 0
	check "PRAM is on" [ -e $PRAM_SYSFS/super ]
else
	check_log "'pram=$(bad_pram "$PRAM_GEN" | cut -b1-32)' is refused" \
		"\] pram: .*'pram=.* ignored: "
	check_eq "nothing else is said" "$(logged '\] pram: ')" 1
fi
check_eq "no kexec has been survived" "$(sysfs generation)" 0
check_nothing_left
save a seed=1 pages=100
load a seed=1
[ "$PRAM_GEN" != 12 ] || finish

# What was saved is lost, too, when nothing says where it is
save lost seed=2 pages=100
next_kernel -l --pram "$(bad_pram $((PRAM_GEN + 1)))"
