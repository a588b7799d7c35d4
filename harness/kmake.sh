# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel's make, and .config files that are what they say. For scripts that
# have sourced lib.sh, and set TREE and OBJ.
#
# KBUILD_ARGS: further arguments for make (W=1, C=2, ARCH=i386)
# TOOLCHAIN: gcc, or clang with all of LLVM's tools

# The same source gives the same kernel, whoever builds it and where
export KBUILD_BUILD_TIMESTAMP='2024-11-17 00:00:00 UTC' KBUILD_BUILD_VERSION=1
export KBUILD_BUILD_USER=pram KBUILD_BUILD_HOST=pram
# Hits in other clones, too; without preprocessing for it, which would make the
# first build a quarter longer
export CCACHE_BASEDIR=$BUILD CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1

# have_llvm SUFFIX: have, or install, clang and what belongs to it
have_llvm()
{
	want "clang$1:clang$1" "ld.lld$1:lld$1" "llvm-ar$1:llvm$1"
}

# The LLVM to build this kernel with: what is called clang, or the oldest of the others
# that is not too old for it. LLVM is how make wants it named.
find_llvm()
{
	local version

	LLVM_MIN=$(SRCARCH=x86 ARCH=x86 "$TREE/scripts/min-tool-version.sh" llvm)
	if have_llvm ''; then
		version=$(clang -dumpversion)
		LLVM=1
		[ "${version%%.*}" -lt "${LLVM_MIN%%.*}" ] || return 0
	fi
	for version in $({ apt-cache pkgnames clang-; compgen -c clang-; } 2>/dev/null |
			 sed -n 's/^clang-\([0-9]*\)$/\1/p' | sort -nu); do
		LLVM=-$version
		[ "$version" -lt "${LLVM_MIN%%.*}" ] || ! have_llvm "$LLVM" || return 0
	done
	return 1
}

need_toolchain()
{
	need gcc:gcc make:make flex:flex bison:bison bc:bc xz:xz-utils perl:perl \
		/usr/include/libelf.h:libelf-dev /usr/include/stdlib.h:libc6-dev
	[ -f "$BUILD/tree.stamp" ] || die "there is no tree yet: run 'make tree'"
	LLVM=
	[ "${TOOLCHAIN:-gcc}" != clang ] ||
		find_llvm || die "there is no clang of $LLVM_MIN or later"
	CCACHE=
	! want ccache:ccache || CCACHE="$ROOT/harness/ccache "
}

# What runs while building is made by gcc, whoever makes the kernel
kmake()
{
	local args=() llvm=() cc=${TOOLCHAIN:-gcc}

	[ "$cc" != clang ] || llvm=("LLVM=$LLVM") cc+=${LLVM#1}
	read -rd '' -a args <<<"${KBUILD_ARGS:-}" || true
	make -s -C "$TREE" O="$OBJ" "${llvm[@]}" CC="$CCACHE$cc" \
		HOSTCC="${CCACHE}gcc" "${args[@]}" "$@"
}

# merge_fragments FILE...: put what they say into the .config there is
merge_fragments()
{
	(cd "$OBJ" && "$TREE/scripts/kconfig/merge_config.sh" -m -O "$OBJ" \
		"$OBJ/.config" "$@")
	kmake olddefconfig
}

# The last word on every option of the fragments, as it must be in .config
wanted()
{
	sed -nE 's/^(CONFIG_[A-Z0-9_a-z]+)=.*$/\1 &/p
		 s/^# (CONFIG_[A-Z0-9_a-z]+) is not set$/\1 &/p' "$@" |
	awk '{ o = $1; sub(/^[^ ]+ /, ""); want[o] = $0 }
	     END { for (o in want) print want[o] }' | sort
}

# lost FILE...: what the fragments say and the .config does not
lost()
{
	local line option

	wanted "$@" | while read -r line; do
		case $line in
		CONFIG_*)
			grep -qxF -- "$line" "$OBJ/.config" || echo "$line"
			;;
		*)
			option=${line#\# }
			! grep -q "^${option% is not set}=" "$OBJ/.config" ||
				echo "${option/ is not set/=n}"
			;;
		esac
	done
}
