#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Folios of every order, and bytes, over a kexec by kexec_file_load(2). The image is
# loaded after one node has been saved, and before the others.
#
# pram-gens: 2
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $PRAM_GEN in
1)	save_streams -s ;;
2)	verify_streams ;;
esac
