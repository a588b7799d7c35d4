# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A virtual machine of QEMU, whose memory is in a tree, goes on counting

VM=/srv/vm
VM_RUN=/run/pram-vm
INNER=/pram/inner
. /pram/vm.sh

prepare()
{
	tree vm $VM
	vm_boot
	vm_reaches 20
	vm_save
	vm_step >"$STATE/vm"
}

verify()
{
	local last

	last=$(cat "$STATE/vm")
	[ "$(vm_step)" = "$last" ]
	vm_resume
	vm_reaches $((last + 20))
	vm_counted
	vm_monitor quit
	wait $vm_pid
	untree vm $VM
}
