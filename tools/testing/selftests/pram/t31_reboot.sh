#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A shutdown that is no kexec, with nodes, and with a tree that is still mounted:
# the log says by name what is lost. t31_reboot.check looks there.
#
# pram-gens: 1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

save a seed=1
save b seed=2
check "a tree is mounted" mount_pram tree /mnt/tree
check "one is discarded" sh -c "echo b >$PRAM_SYSFS/discard"
finish
