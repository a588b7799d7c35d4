#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A virtual machine goes on while the kernel below it is replaced: see vm.sh.
# harness/demo-vm runs it.

. "$(dirname "$0")/lib.sh"
VM=/mnt
. "$(dirname "$0")/vm.sh"

STEPS=40

mount_tree()
{
	mount -t tmpfs -o "pram=vm0${1:+,$1}" vm0 $VM
}

uptime()
{
	cut -d' ' -f1 /proc/uptime
}

show()
{
	sed -n "s/\r$//; /^step $1,/p" $VM/console | while read -r line; do
		diag "  inner guest: $line"
	done
}

case $PRAM_GEN in
1)
	need /inner/kernel
	check "tmpfs with pram=vm0 is mounted" mount_tree || exit
	check "a virtual machine starts, its memory is a file there" vm_boot || exit
	check "it counts to $STEPS" vm_reaches $STEPS || exit
	start=$(uptime)
	check "it is stopped, and its devices are saved there" vm_save || exit
	last=$(vm_step)
	show 1
	show "$last"
	diag "its memory has $(stat -c %s $VM/ram) bytes, its devices $(stat -c %s $VM/state)"
	check "the next kernel is loaded" load_next "last=$last" || exit
	stopped=$(echo "$start $(uptime)" | awk '{ print $2 - $1 }')
	diag "stopped for $stopped s when the kexec begins"
	exec_next
	;;
2)
	last=$(cmdline_arg last)
	check "tmpfs with pram=vm0 is mounted" mount_tree pram_must_exist || exit
	check_eq "nothing has gone on meanwhile" "$(vm_step)" "$last"
	check "the virtual machine goes on" vm_resume || exit
	diag "it does, $(uptime) s after this kernel has started"
	check "it counts on by $STEPS" vm_reaches $((last + STEPS))
	show $((last + 1))
	show $((last + STEPS))
	check "no step is lost, none is made twice, its memory is intact" vm_counted
	vm_monitor quit
	finish
	;;
esac
