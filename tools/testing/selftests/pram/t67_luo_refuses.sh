#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# LUO refuses a kexec for which PRAM has got ready: trees are thawed, nodes can be made and
# discarded, and what has been written since then goes over the next kexec.
#
# pram-gens: 2
# pram-needs: LIVEUPDATE
# pram-mem: 1G
# pram-append: kho=on liveupdate=on
# pram-timeout: 600

# shellcheck source=common_kho.sh
. "$(dirname "$0")/common_kho.sh"

PAGES=1024

need /dev/liveupdate

# goes_on COMMAND...: it does not wait for a file system to be thawed
goes_on()
{
	timeout 20 "$@"
}

case $PRAM_GEN in
1)	mount_pram beside /mnt/beside || bail "cannot mount pram=beside"
	check "another tree is mounted" mount_pram other /mnt/other
	echo before >/mnt/other/before
	check "it is unmounted" umount /mnt/other
	luo_keep /mnt/beside/file $PAGES
	load_next -s --no-memtest || bail "kexec -s"
	check "LUO is made to refuse" load_module test_pram_luo
	for i in 1 2; do
		check_fails "kexec $i is refused" try_exec_next
		check_eq "by LUO, after PRAM was ready" \
			"$(logged 'luo: Freeze failed')" $i
		check "what is mounted can be written to" \
			goes_on sh -c "echo $i >>/mnt/beside/after"
		check "what is parked can be mounted" \
			goes_on mount -t tmpfs -o pram=other none /mnt/other
		check "and written to" goes_on sh -c "echo $i >>/mnt/other/after"
		check "and unmounted" goes_on umount /mnt/other
		check "a node can be saved" \
			goes_on insmod "$TEST_MODULES/test_pram.ko" op=save \
			name=node$i seed=$i
		rmmod test_pram
	done
	check "a node can be discarded" \
		goes_on sh -c "echo node1 >$PRAM_SYSFS/discard"
	check "a kexec would not be refused by PRAM" \
		goes_on sh -c "echo 1 >$PRAM_SYSFS/check"
	check "LUO is itself again" rmmod test_pram_luo
	exec_next
	;;
2)	check_eq "there are 3 nodes" "$(sysfs nr_nodes)" 3
	check_eq "none has been lost" "$(logged dropped)" 0
	load node2 seed=2
	check "the tree is mounted" \
		mount_pram beside /mnt/beside noatime,pram_must_exist
	check "its file is as it was" \
		liveupdate compare /mnt/beside/file $PAGES
	check_eq "so is what came later" \
		"$(tr "\n" " " </mnt/beside/after)" "1 2 "
	check "the other is mounted" \
		mount_pram other /mnt/other noatime,pram_must_exist
	check_eq "it is as it was" \
		"$(cat /mnt/other/before /mnt/other/after | tr '\n' ' ')" \
		"before 1 2 "
	check "the memfd is as it was" liveupdate check $PAGES
	finish
	;;
esac
