# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the harness scripts share. Source it first:
#
#	. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
umask 022

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# The kernel that all is put over. Scripts have a BASE of their own.
PRAM_BASE=${PRAM_BASE:-${BASE:-}}
unset BASE
export PRAM_BASE
# shellcheck disable=SC2034 # used by those that source this
DEFAULT_BASE=6.12
case ${PRAM_BASE:-$DEFAULT_BASE} in
[1-9]*.[0-9]*) ;;
*)
	echo "BASE=$PRAM_BASE: not a version like $DEFAULT_BASE" >&2
	exit 1
	;;
esac

# build_dir VERSION: of that base, each has its own
build_dir()
{
	if [ "$1" = "$DEFAULT_BASE" ]; then
		echo "$ROOT/build"
	else
		echo "$ROOT/build/$1"
	fi
}

BUILD=${PRAM_BUILD:-$(build_dir "${PRAM_BASE:-$DEFAULT_BASE}")}
LOGS=${PRAM_LOGS:-$BUILD/logs}
# shellcheck disable=SC2034 # used by those that source this
SELFTESTS=$ROOT/tools/testing/selftests/pram
# Kernels that are built; the first one is what guests boot by default
# shellcheck disable=SC2034
CONFIGS=${PRAM_CONFIGS:-pram nopram}
# One for each first kernel: they are large
INITRAMFS=$BUILD/initramfs
[ "${CONFIGS%% *}" = pram ] || INITRAMFS+=-${CONFIGS%% *}
# shellcheck disable=SC2034
JOBS=${PRAM_JOBS:-$(nproc)}

# Run from a git hook, git would take the outer repository for every tree
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX
# "make T=x" hands MAKEFLAGS down; the kernel's make must not see them
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

mkdir -p "$BUILD" "$LOGS"

say()
{
	echo "${0##*/}: $*"
}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# Paths in messages are easier to read relative to the repository
rel()
{
	echo "${1#"$ROOT"/}"
}

# One writer in build/ at a time. Scripts that call each other share the lock.
lock()
{
	[ -z "${PRAM_LOCKED:-}" ] || return 0
	exec 9>"$BUILD/.lock"
	if ! flock -n 9; then
		say "waiting for another run that holds $(rel "$BUILD")/.lock"
		flock 9
	fi
	export PRAM_LOCKED=1
}

unlock()
{
	exec 9>&-
	unset PRAM_LOCKED
}

# have TEST: a command's name, or /path of a file
have()
{
	case $1 in
	/*) [ -e "$1" ] ;;
	static-busybox)
		command -v busybox >/dev/null &&
			! ldd "$(command -v busybox)" >/dev/null 2>&1 ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

apt_install()
{
	local sudo=()

	command -v apt-get >/dev/null || return 1
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || return 1
		if sudo -n true 2>/dev/null; then
			sudo=(sudo -n)
		elif [ -t 0 ]; then
			sudo=(sudo)
		else
			return 1
		fi
	fi
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq
		-o DPkg::Lock::Timeout=600)
	local install=(install -y --no-install-recommends "$@")
	local lists=/var/lib/apt/lists/lock message i

	# One at a time: two guests may want the same. Others may be at it, too, as a
	# machine is by itself that has just been switched on.
	(
		flock 8
		"${sudo[@]}" "${apt[@]}" "${install[@]}" && exit
		for ((i = 0; i < 30; i++)); do
			message=$("${sudo[@]}" "${apt[@]}" update 2>&1) && break
			echo "$message"
			case $message in *"$lists"*) sleep 20 ;; *) exit 1 ;; esac
		done
		"${sudo[@]}" "${apt[@]}" "${install[@]}"
	) 8>>"$LOGS/apt.log" >>"$LOGS/apt.log" 2>&1
}

# want TEST:PACKAGE...: install what is missing; false, with the missing
# packages in $MISSING, where that is impossible
want()
{
	local pair
	MISSING=()

	for pair; do
		have "${pair%:*}" || MISSING+=("${pair##*:}")
	done
	[ ${#MISSING[@]} -gt 0 ] || return 0
	say "installing ${MISSING[*]} with apt-get"
	apt_install "${MISSING[@]}" || return 1
	for pair; do
		have "${pair%:*}" || return 1
	done
}

need()
{
	want "$@" || die "missing packages, please install: ${MISSING[*]}" \
		"(see $(rel "$LOGS")/apt.log)"
}

# Counted results. harness/test sets PRAM_RESULTS to sum up over scripts.
PASSED=0 FAILED=0 SKIPPED=0

result()
{
	case $1 in
	PASS) PASSED=$((PASSED + 1)) ;;
	FAIL) FAILED=$((FAILED + 1)) ;;
	SKIP) SKIPPED=$((SKIPPED + 1)) ;;
	esac
	printf '%-4s  %s\n' "$1" "${*:2}"
	[ -z "${PRAM_RESULTS:-}" ] || echo "$@" >>"$PRAM_RESULTS"
}

# The last line of output, and the exit status
totals()
{
	if [ "$SKIPPED" -gt 0 ]; then
		echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
	else
		echo "$PASSED passed, $FAILED failed"
	fi
	[ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}

# took START: seconds since $SECONDS was START
took()
{
	echo "$((SECONDS - $1)) s"
}

# kernel_version TREE [full]: of that kernel, 6.12 or 6.12.1-rc2
kernel_version()
{
	awk -v full="${2:-}" '
		$1 == "VERSION" { v = $3 }
		$1 == "PATCHLEVEL" { p = $3 }
		$1 == "SUBLEVEL" { s = $3 }
		$1 == "EXTRAVERSION" { x = $3; exit }
		END { print v "." p (full ? "." s x : "") }' "$1/Makefile"
}

# base_dir TREE: where that is which is for this base only, hooks above all; else that
# of the newest kernel which is older, or of the oldest
base_dir()
{
	local version dir found=

	version=$(kernel_version "$1")
	while read -r dir; do
		if [ -z "$found" ] || [ "$(printf '%s\n' "$dir" "$version" |
				sort -V | head -1)" = "$dir" ]; then
			found=$dir
		fi
	done < <(find "$ROOT/patches" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' |
			sort -V)
	[ -n "$found" ] || die "there are no hooks in patches/"
	echo "$ROOT/patches/$found"
}
