#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Values of pram= that are none, or not ours. With something to preserve, an image
# that is told so is not started. Without, it is, and refuses each in one line;
# PRAM works as after the firmware.
#
# pram-gens: 14
# pram-mem: 256M
# pram-timeout: 400

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

LAST=14
nine='999999999999999999999999'

# The value that generation $1 gets
bad_pram()
{
	case $1 in
	2)	echo 'xyz' ;;
	3)	echo '0' ;;
	4)	echo '' ;;
	5)	echo '12g4.5' ;;
	6)	echo '-1.5' ;;
	7)	echo "$nine$nine$nine$nine$nine.$nine$nine$nine$nine$nine" ;;
	8)	echo '10000000000.5' ;;	# more than 40 bits
	9)	echo 'ffffffffff.5' ;;	# beyond any RAM
	10)	echo '9f.5' ;;		# not RAM, or in use
	11)	echo "$1.5" ;;		# RAM, but below 1 MiB
	12)	echo '4000.5' ;;	# RAM, without a super block
	13)	echo "${super%.*}" ;;	# no ticket
	14)	echo "${super}1" ;;	# another ticket
	esac
}

if [ "$PRAM_GEN" = 1 ]; then
	check_eq "without pram= nothing is said" "$(logged 'pram: ')" 0
	check "PRAM is on" [ -e $PRAM_SYSFS/super ]
else
	super=$(cmdline_arg super)
	check_log "'pram=$(bad_pram "$PRAM_GEN" | cut -b1-32)' is refused" \
		"\] pram: .*'pram=.* ignored: "
	check_eq "nothing else is said" "$(logged '\] pram: ')" \
		"$(logged "\] pram: .*'pram=.* ignored: \|no pram= on the")"
fi
check_eq "no kexec has been survived" "$(sysfs generation)" 0
check_nothing_left
save a seed=1 pages=100
load a seed=1
[ "$PRAM_GEN" != $LAST ] || finish

super=$(sysfs super)
save kept seed=2 pages=100
load_next -l --pram "$(bad_pram $((PRAM_GEN + 1)))" "super=$super" ||
	bail "kexec -l"
refused 'the image has '
check "all is discarded" sh -c "echo 1 >$PRAM_SYSFS/discard_all"
check_nothing_left
accepted 'ok: there is nothing to preserve'
exec_next
