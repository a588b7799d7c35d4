# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A virtual machine of QEMU whose memory is a file in a tree: it is stopped, its
# devices are saved into the tree as well, and goes on where it was. For busybox sh
# and others. No sockets: the monitor is a FIFO.
#
# VM: the directory of the tree; VM_RUN: one that need not be kept; INNER: kernel and
# initrd for it

INNER=${INNER:-/inner}
VM_RUN=${VM_RUN:-/tmp/vm}

# vm_qemu [ARGUMENT...]: run it in the background
vm_qemu()
{
	mkdir -p "$VM_RUN" || return
	rm -f "$VM_RUN/monitor"
	mkfifo "$VM_RUN/monitor" || return
	exec 8<>"$VM_RUN/monitor"
	: >"$VM_RUN/said"
	qemu-system-x86_64 -nodefaults -no-user-config \
		-machine pc,memory-backend=ram -accel tcg -m 96 -display none \
		-object "memory-backend-file,id=ram,size=96M,mem-path=$VM/ram,share=on" \
		-chardev "file,id=console,path=$VM/console,append=on" \
		-serial chardev:console -monitor stdio "$@" \
		<&8 >"$VM_RUN/said" 2>&1 &
	vm_pid=$!
}

vm_monitor()
{
	echo "$*" >&8
}

# vm_said WORDS: wait until the monitor says that; ask it the rest of the line, again
# and again
vm_said()
{
	local want="$1" n=0

	shift
	while [ $n -lt 600 ]; do
		! grep -q "$want" "$VM_RUN/said" || return 0
		kill -0 "$vm_pid" 2>/dev/null || break
		[ $# = 0 ] || vm_monitor "$*"
		sleep 0.5
		n=$((n + 1))
	done
	cat "$VM_RUN/said"
	return 1
}

vm_boot()
{
	vm_qemu -kernel "$INNER/kernel" -initrd "$INNER/initrd" \
		-append "console=ttyS0 quiet panic=-1 no_timer_check"
}

# The number of the last complete step
vm_step()
{
	sed -n 's/^step \([0-9]*\), up .*s.*/\1/p' "$VM/console" 2>/dev/null |
		tail -n 1
}

# vm_reaches STEP: wait for it
vm_reaches()
{
	local n=0 step

	while [ $n -lt 1200 ]; do
		step=$(vm_step)
		[ "${step:-0}" -lt "$1" ] || return 0
		kill -0 "$vm_pid" 2>/dev/null || break
		sleep 0.5
		n=$((n + 1))
	done
	tail -n 5 "$VM/console"
	cat "$VM_RUN/said"
	return 1
}

# Its devices into the tree, not its memory, which is there
vm_save()
{
	vm_monitor "migrate_set_capability x-ignore-shared on"
	vm_monitor "migrate \"exec:cat >$VM/state\""
	vm_said 'Migration status: completed' info migrate || return
	vm_monitor quit
	wait "$vm_pid"
	exec 8>&-
	[ -s "$VM/state" ] && [ "$(stat -c %s "$VM/state")" -lt 8000000 ]
}

vm_resume()
{
	vm_qemu -incoming defer || return
	vm_monitor "migrate_set_capability x-ignore-shared on"
	vm_monitor "migrate_incoming \"exec:cat $VM/state\""
	vm_said 'VM status: running' info status
}

# Each step once, in order, and it has looked at its memory
vm_counted()
{
	tr -d '\r' <"$VM/console" | awk '
		/^step [0-9]+, up [0-9.]+ s/ {
			if ($2 + 0 != last + 1) {
				print "step " $2 + 0 " after step " last
				bad = 1
			}
			last = $2 + 0
		}
		/memory intact/ { looked++ }
		/DAMAGED|[Pp]anic|BUG|rcu.*stall/ { print; bad = 1 }
		END { exit bad || last < 1 || looked < 2 }'
}
