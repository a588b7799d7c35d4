# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # of harness/tools
#
# harness/tools: what comes with pramctl for systemd, and for those who install kernels,
# with a directory in place of /.

SCRIPTS=$OUT/scripts

# In place of programs that these call
script_programs()
{
	mkdir -p "$SCRIPTS"
	ln -sf ../test/pramctl "$SCRIPTS/pramctl"
	cat >"$SCRIPTS/dd" <<-END
		#!/bin/sh
		# the kernel, which agrees unless $OUT/refuses is there
		cat >/dev/null
		[ ! -e "$OUT/refuses" ] || { echo 'dd: Invalid argument' >&2; exit 1; }
	END
	cat >"$SCRIPTS/wall" <<-END
		#!/bin/sh
		if [ \$# = 0 ]; then cat; else printf '%s\n' "\$*"; fi >>"$OUT/walled"
	END
	for program in setsid sulogin; do
		cat >"$SCRIPTS/$program" <<-END
			#!/bin/sh
			echo $program "\$@" >>"$OUT/called"
		END
	done
	# a process beside it has some time
	echo 'exec /bin/sleep 0.5' >>"$SCRIPTS/sulogin"
	printf '#!/bin/sh\necho sleep "$@" >>"%s"\nexec /bin/sleep 0.1\n' \
		"$OUT/called" >"$SCRIPTS/sleep"
	chmod +x "$SCRIPTS/"{dd,wall,setsid,sulogin,sleep}
}

# scripted STATUS NAME FILE ARG...: run one; $OUT/said has what it says
scripted()
{
	local wanted=$1 name=$2 file=$3 status=0

	shift 3
	: >"$OUT/walled"
	: >"$OUT/called"
	: >"$FAKE/dev/console"
	sed "s,/sys/,$FAKE&,g; s,/dev/console,$FAKE&,g; s,>$FAKE/dev/console,>&,g
		s,/dev/watchdog0,$FAKE&,g; s,/lib/modules/,$FAKE&,g
		s,\([^#].*\)/etc/,\1$FAKE/etc/,; s,/var/tmp/,$FAKE&,; s,\"/boot/,\"$FAKE/boot/," \
		"$DIR/systemd/${file%.install}" >"$SCRIPTS/script-$file"
	PATH=$SCRIPTS:$PATH sh "$SCRIPTS/script-$file" "$@" >"$OUT/said" 2>"$OUT/errors" ||
		status=$?
	if [ "$status" = "$wanted" ]; then
		result PASS "tools $name"
	else
		cat "$OUT/said" "$OUT/errors"
		result FAIL "tools $name: status $status, not $wanted"
	fi
}

# has NAME FILE LINE: FILE has this line
has()
{
	if grep -qxF -- "$3" "$2"; then
		result PASS "tools $1"
	else
		cat "$2"
		result FAIL "tools $1: no line '$3'"
	fi
}

# lacks NAME FILE: FILE has no line
lacks()
{
	local text

	# it may be a pipe
	text=$(cat "$2")
	if [ -z "$text" ]; then
		result PASS "tools $1"
	else
		echo "$text"
		result FAIL "tools $1"
	fi
}

test_shutdown()
{
	local names="'a\\nb c', '.x', '...', '..foo'" name

	fresh_root
	rm -f "$OUT/refuses"
	for name in 'a\nb c' .x ... ..foo; do
		node "$name" mounted 1
	done
	echo 4 >"$PRAM/nr_nodes"
	scripted 0 "shutdown lost" shutdown lost
	for name in said walled ../tools/root/dev/console; do
		has "shutdown lost, all names, in ${name##*/}" "$OUT/$name" \
			"PRAM: this is not a kexec: $names will be lost. To keep that: pramctl load, systemctl kexec."
	done
	rm -r "$PRAM/nodes/"{a,.x}* "$PRAM/nodes/..."
	scripted 0 "shutdown lost, dots" shutdown lost
	has "shutdown lost, one name" "$OUT/walled" \
		"PRAM: this is not a kexec: '..foo' will be lost. To keep that: pramctl load, systemctl kexec."
	echo 'ok: 1 nodes will be lost, by pram=off' >"$PRAM/check"
	for name in early late; do
		scripted 0 "shutdown $name, pram=off" shutdown $name
		has "shutdown $name, pram=off, to all terminals" "$OUT/walled" \
			"PRAM: the next kernel has pram=off on its command line: '..foo' will be lost."
	done
	echo 'ok: 1 nodes will be preserved' >"$PRAM/check"
	scripted 0 "shutdown early" shutdown early
	has "shutdown early, in the journal" "$OUT/said" 'ok: 1 nodes will be preserved'
	lacks "shutdown early, nobody is told" "$OUT/walled"
	: >"$OUT/refuses"
	printf '%s\n' "refused: node '\\074' is" >"$PRAM/check"
	printf '%s\n' "node '\\074' is" "node '\\t' is" 'and 3 more' >"$PRAM/check_reasons"
	scripted 1 "shutdown early, refused" shutdown early
	for name in "kexec refused: node '\\074' is." "kexec refused: node '\\t' is." \
		'and 3 more.' 'nothing has been stopped, and nothing is lost.'; do
		has "shutdown early, refused, in words" "$OUT/walled" "PRAM: $name"
	done
	echo 0 >"$PRAM/nr_nodes"
	scripted 0 "shutdown early, nothing to preserve" shutdown early
	rm "$PRAM/nr_nodes"
	mkdir "$PRAM/nr_nodes"
	scripted 1 "shutdown early, an unknown number of nodes" shutdown early
	rm -r "$PRAM"
	scripted 0 "shutdown early, no PRAM" shutdown early
	lacks "shutdown early, no PRAM, nobody is told" "$OUT/walled"
}

test_system_shutdown()
{
	local hold=$FAKE/sys/fs/cgroup/pram-hold

	fresh_root
	: >"$OUT/refuses"
	echo 1 >"$PRAM/nr_nodes"
	printf '%s\n' "refused: node '\\074' is" >"$PRAM/check"
	: >"$PRAM/check_reasons"
	mkdir -p "$hold"
	: >"$hold/cgroup.freeze"
	scripted 0 "system-shutdown, refused" system-shutdown kexec
	has "system-shutdown, systemd is frozen" "$hold/cgroup.freeze" 1
	has "system-shutdown, the machine is held" "$OUT/called" \
		"setsid -c -w $SCRIPTS/script-system-shutdown hold"
	rm -r "$hold"
	scripted 0 "system-shutdown, cgroups of version 1" system-shutdown kexec
	has "system-shutdown, cgroups of version 1, in words" "$FAKE/dev/console" \
		'PRAM: cannot hold the machine for longer than 90 s'
	lacks "system-shutdown, cgroups of version 1, no files" <(ls "$hold")
	printf 'x\nshell\nlose\n' >"$OUT/answers"
	scripted 0 "system-shutdown, at the console" system-shutdown hold <"$OUT/answers"
	has "system-shutdown, the reason" "$OUT/said" \
		"PRAM: the kernel refuses the kexec: node '\\074' is."
	has "system-shutdown, a shell" "$OUT/called" 'sulogin'
	mkdir -p "$FAKE/etc/pram"
	: >"$FAKE/etc/pram/sulogin-force"
	scripted 0 "system-shutdown, root is locked" system-shutdown hold <"$OUT/answers"
	has "system-shutdown, a shell, root is locked" "$OUT/called" 'sulogin -e'
	rm -r "$FAKE/etc/pram"
	test_watchdog
	rm "$PRAM/nr_nodes"
	mkdir "$PRAM/nr_nodes"
	scripted 0 "system-shutdown, an unknown number of nodes" system-shutdown kexec
	has "system-shutdown, an unknown number of nodes, held" "$OUT/called" \
		"setsid -c -w $SCRIPTS/script-system-shutdown hold"
	rm -r "$PRAM"
	scripted 0 "system-shutdown, no PRAM" system-shutdown kexec
	lacks "system-shutdown, no PRAM, not held" "$OUT/called"
}

# It is fed while somebody thinks, unless that would arm it
test_watchdog()
{
	local state=$FAKE/sys/class/watchdog/watchdog0/state

	mkdir -p "${state%/*}"
	ln -s /dev/null "$FAKE/dev/watchdog0"
	echo active >"$state"
	scripted 0 "system-shutdown, a watchdog" system-shutdown hold <"$OUT/answers"
	has "system-shutdown, a watchdog is fed" "$OUT/called" 'sleep 5'
	echo inactive >"$state"
	scripted 0 "system-shutdown, an idle watchdog" system-shutdown hold \
		<"$OUT/answers"
	lacks "system-shutdown, an idle watchdog is left alone" \
		<(grep sleep "$OUT/called")
}

# newest VERSION NAME LINE: what is called when a kernel is installed says this line
newest()
{
	echo 2 >"$PRAM/nr_nodes"
	scripted 0 "load, $2" load-newest "$1" "$FAKE/boot/vmlinuz-$1"
	says "load, $2, in words" "$3"
}

# By kernel-install: it passes on what plugins before ours have made
test_kernel_install()
{
	local stage=$OUT/stage boot=$FAKE/boot dir=$FAKE/etc/kernel/postinst.d
	local args=(add 6.9.1 "$OUT/entry" "$boot/vmlinuz-6.9.1")

	fresh_root
	echo 2 >"$PRAM/nr_nodes"
	echo 'root=/dev/a' >"$FAKE/proc/cmdline"
	mkdir -p "$dir" "$FAKE/var/tmp"
	touch "$boot/vmlinuz-6.9.1" "$dir/zz-pram"
	chmod +x "$dir/zz-pram"
	rm -rf "$stage" "$OUT/refuses"
	mkdir "$stage"
	archive >"$stage/initrd.img"
	export KERNEL_INSTALL_STAGING_AREA=$stage
	scripted 0 "kernel-install" load-newest.install "${args[@]}"
	has "kernel-install, what is staged" "$OUT/said" \
		"<-a> <-l> <$boot/vmlinuz-6.9.1> <--command-line=root=/dev/a pram=fff.123> <--initrd=$stage/initrd.img>"
	DEB_MAINT_PARAMS="'configure' ''" \
		scripted 0 "kernel-install, by a package" load-newest.install "${args[@]}"
	lacks "kernel-install, by a package, postinst.d has done it" "$OUT/said"
	cat >"$SCRIPTS/systemd-analyze" <<-"END"
		#!/bin/sh
		[ "$1 $3" = "compare-versions gt" ] || exit 2
		[ "$2" != "$4" ] && [ "$(printf '%s\n' "$2" "$4" | sort -V | tail -n 1)" = "$2" ]
	END
	chmod +x "$SCRIPTS/systemd-analyze"
	mkdir -p "$FAKE/lib/modules/6.9.1" "$FAKE/lib/modules/6.10.1" \
		"$FAKE/lib/modules/7.0"
	touch "$FAKE/lib/modules/6.9.1/modules.builtin" \
		"$FAKE/lib/modules/6.10.1/modules.builtin"
	echo 1 >"$FAKE/sys/kernel/kexec_loaded"
	scripted 0 "kernel-install, an older kernel" load-newest.install "${args[@]}"
	has "kernel-install, an older kernel, in words" "$OUT/said" \
		'pram: Linux 6.9.1 is not the newest, and not loaded, as another kernel is'
	rm -r "$FAKE/lib/modules/6.10.1"
	scripted 0 "kernel-install, the newest kernel" load-newest.install "${args[@]}"
	has "kernel-install, the newest kernel, in words" "$OUT/said" \
		'pram: loading Linux 6.9.1, to preserve 2 nodes'
	rm "$dir/zz-pram"
	DEB_MAINT_PARAMS="'configure' ''" \
		scripted 0 "kernel-install, without postinst.d" load-newest.install "${args[@]}"
	has "kernel-install, without postinst.d, in words" "$OUT/said" \
		'pram: loading Linux 6.9.1, to preserve 2 nodes'
	scripted 0 "kernel-install remove" load-newest.install remove "${args[@]:1}"
	lacks "kernel-install remove, nothing" "$OUT/said"
	microcode >"$stage/microcode.cpio"
	printf 1234 >"$OUT/file"
	archive "$OUT/file" >"$OUT/initrd"
	# kexec is gone when this is
	cat >"$SCRIPTS/kexec" <<-END
		#!/bin/sh
		for arg; do :; done
		cp "\${arg#--initrd=}" "$OUT/loaded"
	END
	chmod +x "$SCRIPTS/kexec"
	: >"$stage/initrd.img"
	archive >"$stage/initrd-second"
	printf '\0\0\0\0\0' >>"$stage/microcode.cpio"
	scripted 0 "kernel-install, several" load-newest.install "${args[@]}" "$OUT/initrd"
	rm "$SCRIPTS/kexec"
	if cmp "$OUT/loaded" <(cat "$stage/microcode.cpio"; printf '\0\0\0'
		cat "$OUT/initrd" "$stage/initrd-second"); then
		result PASS "tools kernel-install, several, in order and aligned"
	else
		result FAIL "tools kernel-install, several, in order and aligned"
	fi
	lacks "kernel-install, several, nothing is left" <(ls "$FAKE/var/tmp")
	rm "$stage/initrd-second" "$stage/initrd.img"
	scripted 0 "kernel-install, microcode only" load-newest.install "${args[@]}"
	has "kernel-install, microcode only, in words" "$OUT/said" \
		'pram: a kexec will not start it; see above'
	unset KERNEL_INSTALL_STAGING_AREA
	rm -f "$SCRIPTS/pramctl" "$OUT/bin/pramctl"
	scripted 0 "pramctl has been removed" load-newest 6.9.1
	lacks "pramctl has been removed, nothing" "$OUT/said"
	ln -sf ../test/pramctl "$SCRIPTS/pramctl"
}

# The parts find each other, whatever the prefix is
test_install_prefix()
{
	local dest="$OUT/dest b" lib=/usr/lib/systemd file

	rm -rf "$dest"
	install_to "$dest" "install, with a prefix" prefix=/opt/pram
	for file in /usr/lib/kernel/install.d/95-pram.install \
		/etc/kernel/postinst.d/zz-pram $lib/system-shutdown/pram \
		$lib/system-generators/pram-generator /opt/pram/sbin/pramctl; do
		[ -x "$dest$file" ] || result FAIL "tools install, with a prefix: $file"
	done
	for file in pram-check.service pram-lost.service \
		systemd-kexec.service.d/10-pram.conf; do
		file=$dest$lib/system/$file
		[ -x "$dest$(sed -n 's/^Exec[A-Za-z]*=\([^ ]*\).*/\1/p' "$file")" ] ||
			result FAIL "tools install, with a prefix: what ${file##*/} starts"
	done
	echo edited >"$dest/etc/kernel/postinst.d/zz-pram"
	install_to "$dest" "install, once more"
	has "install, an edited zz-pram stays" \
		"$dest/etc/kernel/postinst.d/zz-pram" edited
	if cmp -s "$dest/etc/kernel/postinst.d/zz-pram.new" "$DIR/systemd/load-newest" &&
	   grep -q 'zz-pram differs, and stays' "$LOGS/tools.log"; then
		result PASS "tools install, an edited zz-pram, in words"
	else
		result FAIL "tools install, an edited zz-pram, in words"
	fi
}
