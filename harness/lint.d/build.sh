# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2164 # errors end the check
#
# harness/lint: checks by compilers, and of what they make.

BOOT_DIR=arch/x86/boot/compressed
# The decompressor has no -Wall of its own, and headers that need some lenience
BOOT_CFLAGS='-Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-type-limits'
STACK=-Wframe-larger-than=$MAX_STACK

# Objects of kernel code, and those of the decompressor
objects()
{
	ours '^(mm|lib|kernel|arch|drivers|fs)/.*\.c$' | grep -v '/boot/' |
		sed 's/c$/o/'
}

boot_objects()
{
	ours "^$BOOT_DIR/.*\.c\$" | sed 's/c$/o/'
}

# The objects of what hooks change
hooked_objects()
{
	# the kernel of configs/efi.config has those of drivers/firmware/efi
	cut -d" " -f2 "$BUILD/hooks" |
		sed -n "/^arch\/x86\/boot/d; /^drivers\/firmware\/efi/d; s/\.c\$/.o/p"
}

# build OBJ TARGET...
build()
{
	OBJ=$1 MAKEFILES=$ROOT/harness/boot.mk "$ROOT/harness/kbuild" pram \
		"${@:2}" >"$OUT/kbuild" 2>&1 && return
	cat "$OUT/kbuild" >&2
	return 1
}

# compile OBJ ARG...: our objects in that directory with these arguments for
# make, all of them anew; leaves them there
compile()
{
	local obj=$1 targets

	shift
	build "$obj" modules_prepare
	mapfile -t targets < <(objects)
	compile_some "$obj" "$*" "${targets[@]}" -- "${targets[@]}"
	mapfile -t targets < <(boot_objects)
	BOOT_OBJECTS=${targets[*]} BOOT_CFLAGS="$BOOT_CFLAGS $STACK" \
		compile_some "$obj" "$*" "${targets[@]}" -- boot-objects
}

# compile_some OBJ ARGS OBJECT... -- TARGET...: prints what the compiler says
compile_some()
{
	local obj=$1 args=$2 status=0 log=$LOGS/kbuild-${1##*/obj-}.log

	shift 2
	[ "$1" != -- ] || return 0
	while [ "$1" != -- ]; do
		rm -f "$obj/$1"
		shift
	done
	shift
	KBUILD_ARGS="-k $args" build "$obj" "$@" || status=1
	if [ "$status" != 0 ] && ! grep -q 'warning:\|error:' "$log"; then
		tail -5 "$log" >&2
		return 1
	fi
	sed -E "s,^($TREE|\.\./linux)/,," "$log"
}

warnings()
{
	local found

	# in a pipeline, that it failed would be found out too late
	found=$(compile "$@")
	grep -E 'warning:|error:' <<<"$found" || true
}

# The frames of functions come along, and are another check
gcc_warnings()
{
	warnings "$OBJ" W=1 "KCFLAGS=$STACK" >"$OUT/gcc"
	grep -v 'frame-larger-than' "$OUT/gcc" || true
}

# Not checkstack.pl: it counts what a function gives back, too, at each return
stack()
{
	[ -f "$OUT/gcc" ] || gcc_warnings >/dev/null
	grep 'frame-larger-than' "$OUT/gcc" || true
}

clang_warnings()
{
	TOOLCHAIN=clang warnings "$OBJ-clang" W=1 "KCFLAGS=$STACK"
}

# Sparse has its opinions on the base's headers as well
sparse_warnings()
{
	warnings "$OBJ" C=2 | grep -Ff <(ours '\.[ch]$' | sed 's/$/:/') || true
}

# Our objects are there, as gcc or sparse have left them or, if not, made now
need_built()
{
	local object

	[ -f "$OBJ/mm/pram.o" ] || compile "$OBJ" >&2
	for object in $(objects) $(boot_objects); do
		[ -f "$OBJ/$object" ] || {
			echo "there is no $object" >&2
			return 1
		}
	done
}

# globals OBJECT...: its symbols that others can see
globals()
{
	nm --defined-only --extern-only --format=posix "$1" | cut -d' ' -f1 | sort -u
}

# words FILE: what could be a name in it
words()
{
	grep -oE '[A-Za-z_][A-Za-z_0-9]*' "$1" | sort -u
}

# Names that others could have: all of our objects, and those that hooks add
symbols()
{
	local object file

	need_built
	for object in $(objects) $(boot_objects); do
		globals "$OBJ/$object" | { grep -v '^pram_' || true; } |
			sed "s,^,$object: global symbol ,"
	done

	for object in $(hooked_objects); do
		build "$OBJ" "$object"
		file=${object%.o}.c
		globals "$OBJ/$object" |
			comm -12 - <(comm -23 <(words "$TREE/$file") \
					<(words "$BUILD/base/$file")) |
			{ grep -v '^pram_' || true; } |
			sed "s,^,$object: global symbol ,"
	done
}

# All semantic patches of the base but those with scripts in OCaml, for which
# Debian's spatch would need a compiler, and those that cannot report
semantic_patches()
{
	(cd "$TREE" && grep -rL 'script:ocaml' --include='*.cocci' \
		scripts/coccinelle | xargs grep -lE '^virtual.*\breport\b' | sort)
}

# spatch_one FILE: a semantic patch over all of our files
spatch_one()
{
	local options files out=$OUT/spatch/${1##*/}

	cd "$TREE"
	mapfile -t files <"$OUT/spatch/files"
	read -ra options < <(sed -n 's,^// Options: *,,p' "$1"; echo)
	spatch -D report --no-show-diff --very-quiet --cocci-file "$1" \
		"${options[@]}" -I include -I arch/x86/include "${files[@]}" \
		>"$out" 2>"$out.err" || {
		cat "$out.err" >&2
		return 1
	}
}

coccicheck()
{
	mkdir -p "$OUT/spatch"
	rm -f "$OUT/spatch"/*
	ours '^(mm|lib|kernel|arch|drivers|fs)/.*\.c$' >"$OUT/spatch/files"
	export -f spatch_one
	export TREE OUT
	semantic_patches | xargs -P "$JOBS" -I {} bash -c 'spatch_one {}' ||
		return 1
	find "$OUT/spatch" -name '*.cocci' -exec cat {} +
}
