#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A shutdown that is no kexec, with nodes, and with trees, mounted and parked: the log
# says by name what is lost. t31_reboot.check looks there.
#
# pram-gens: 1

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

save a seed=1
save b seed=2
check "a tree is mounted" mount_pram tree /mnt/tree
check "another is" mount_pram parked /mnt/parked
check "it is parked" umount /mnt/parked
check "one is discarded" sh -c "echo b >$PRAM_SYSFS/discard"
finish
