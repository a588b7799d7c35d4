# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Archives for guests, made by gen_init_cpio without root. Source it after lib.sh.

MTIME=1731801600

# A line for gen_init_cpio, after those for the directories above it
entry()
{
	local dir='' parts part

	IFS=/ read -ra parts <<<"${2%/*}"
	for part in "${parts[@]:1}"; do
		dir+=/$part
		echo "dir $dir 0755 0 0"
	done
	echo "$@"
}

# A program with the libraries it is linked with
program()
{
	local lib

	entry file "$1" "$2" 0755 0 0
	for lib in $(ldd "$2" 2>/dev/null | grep -o '/[^ ]*'); do
		entry file "$lib" "$(realpath "$lib")" 0755 0 0
	done
}

# archive NAME: NAME.cpio by NAME.list, untouched where it is the same
archive()
{
	# what is named twice (directories above all) goes in once
	"$INITRAMFS/gen_init_cpio" -t "$MTIME" - < \
		<(awk '!seen[$2]++' "$1.list") >"$1.new"
	if cmp -s "$1.new" "$1.cpio"; then
		rm "$1.new"
	else
		mv "$1.new" "$1.cpio"
	fi
}
