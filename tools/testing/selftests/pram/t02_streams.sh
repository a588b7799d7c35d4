#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Folios of every order, and bytes, over a kexec by kexec_load(2). The image is
# loaded after one node has been saved, and before the others.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	# When the kernel has a seed to give, kexec-tools has a segment more
	head -c 1 /dev/random >/dev/null
	save_streams -l
	;;
2)	verify_streams ;;
esac
