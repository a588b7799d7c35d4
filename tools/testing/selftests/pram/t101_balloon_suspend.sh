#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A guest with a balloon that is deflated when memory is short, and with an image loaded:
# memory runs out, and the devices are suspended and resumed. The balloon is empty for
# that time. When it inflates again it keeps off the image, and goes along with the kexec.
#
# pram-gens: 2
# pram-mem: 2G
# pram-host: 1
# pram-timeout: 600
# pram-qemu: -object memory-backend-memfd,id=ram,size=2G -machine memory-backend=ram -device virtio-balloon-pci,deflate-on-oom=on,free-page-reporting=on

# shellcheck source=common_balloon.sh
. "$(dirname "$0")/common_balloon.sh"

need /sys/power/pm_test

# Devices, for 5 seconds. t101_balloon_suspend.check looks at the balloon meanwhile.
suspend()
{
	local status=0

	host phase "suspended$PRAM_GEN"
	if ! echo devices >/sys/power/pm_test || ! echo freeze >/sys/power/state; then
		status=1
	fi
	host phase resumed
	return $status
}

case $PRAM_GEN in
1)	save a seed=1
	resize 768
	load_there -l

	check "more is had than the guest has" fill 1000
	check "the balloon was deflated for it" \
		[ "$(pageflags $OFFLINE)" -lt 327680 ]
	check_eq "nobody was killed" "$(logged 'Out of memory: Killed')" 0
	resize 800
	resize 768
	check_eq "nothing of the image is in it" "$(in_ranges)" 0

	check "devices are suspended and resumed" suspend
	resize 800
	resize 768
	check_eq "nothing of the image is in the balloon" "$(in_ranges)" 0
	check_eq "the image still is loaded" "$(cat /sys/kernel/kexec_loaded)" 1
	exec_next
	;;
2)	load a seed=1
	check "the driver has come" wait_taken_up
	check "the balloon is as large as it was" wait_size 768
	check_pages "it was taken up" "$(taken_up)" 327680
	# taken up once, however often the driver starts
	check "devices are suspended and resumed" suspend
	check "the balloon inflates again" wait_size 768
	check_eq "no page waits" "$(sysfs absent_pages)" 0
	finish
	;;
esac
