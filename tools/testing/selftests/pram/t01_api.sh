#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In one kernel: the interface as other kernel code sees it, and sysfs.
#
# pram-gens: 1
# pram-mem: 512M

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

node=$PRAM_SYSFS/nodes/n

check "the interface does what it says" test_pram api
check_nothing_left

check_eq "generation 0 after the firmware" "$(sysfs generation)" 0
check_eq "only root learns of the super block" \
	"$(stat -c %a $PRAM_SYSFS/super)" 400

check "a node is being written" test_pram_stay leave_open name=n pages=1000
check_eq "it is listed" "$(sysfs nr_nodes)" 1
check_eq "its state is writing" "$(cat $node/state)" writing
check_fails "it cannot be discarded" sh -c "echo n >$PRAM_SYSFS/discard"
check "writing ends" rmmod test_pram
check_nothing_left

# 56 bytes of header and 102477 of content are 26 pages
save n seed=7 pages=1000
pages=$(cat $node/pages)
check_eq "it is kept" "$(cat $node/state)" kept
check_eq "its bytes are counted" "$(cat $node/bytes)" 102533
check "its pages are counted" [ "$pages" -ge 1026 ]
check_eq "its generation is this kernel's" "$(cat $node/generation)" 0
check_eq "it is the only node" "$(ls $PRAM_SYSFS/nodes)" n
check_eq "all pages are its pages" "$(sysfs pages)" "$pages"
check "there is metadata" [ "$(sysfs metadata_pages)" -ge 3 ]

check "the node can be looked at" test_pram peek name=n seed=7
check "and again" test_pram peek name=n seed=7
check_eq "it is still kept" "$(cat $node/state)" kept

check "a node is being read" test_pram_stay leave_read name=n seed=7
check_eq "its state is reading" "$(cat $node/state)" reading
check_fails "it cannot be discarded" sh -c "echo n >$PRAM_SYSFS/discard"
check "reading ends" rmmod test_pram
check_eq "it is kept again" "$(cat $node/state)" kept

check_fails "another name cannot be discarded" \
	sh -c "echo m >$PRAM_SYSFS/discard"
check_fails "nor can no name" sh -c "echo >$PRAM_SYSFS/discard"
check_fails "nor can a part of the name" sh -c "echo nn >$PRAM_SYSFS/discard"
check "the node can be" sh -c "echo n >$PRAM_SYSFS/discard"
check_nothing_left
finish
