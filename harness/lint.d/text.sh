# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2164 # errors end the check
#
# harness/lint: checks of files as text.

# Every file of the repository but what is generated
tracked()
{
	(cd "$ROOT" && find . -type f -not -path './build/*' \
		-not -path './.git/*' -not -path ./.git -printf '%P\n' | sort)
}

checkpatch()
{
	cd "$TREE"
	# its status says whether there were findings
	{ "$TREE/scripts/checkpatch.pl" --strict --terse --show-types "$@" ||
		[ $? = 1 ]; } | sed -E '/^total: |^$|has no obvious style/d'
}

checkpatch_files()
{
	local files

	mapfile -t files < <(ours .)
	[ ${#files[@]} -eq 0 ] || checkpatch -f "${files[@]}"
}

hook_patches()
{
	cut -d' ' -f1 "$BUILD/hooks" | sort -u
}

# Patches are parts of a series: who signs it, and what it says, is not in them
checkpatch_hooks()
{
	local patches

	mapfile -t patches < <(hook_patches)
	[ ${#patches[@]} -eq 0 ] || checkpatch --no-signoff \
		--ignore COMMIT_MESSAGE "${patches[@]}" | sed "s,^$ROOT/,,"
}

# The series as it would be mailed, made anew; the cover letter is no patch
checkpatch_mails()
{
	local mails=() mail

	UNSIGNED=1 "$ROOT/harness/series" >"$OUT/series" 2>&1 || {
		cat "$OUT/series" >&2
		return 1
	}
	for mail in "$BUILD/series/v${VER:-1}"/[0-9]*.patch; do
		case $mail in
		*/0000-*) ;;
		*) [ ! -f "$mail" ] || mails+=("$mail") ;;
		esac
	done
	if [ ${#mails[@]} -eq 0 ]; then
		echo "harness/series has made no mails" >&2
		return 1
	fi
	checkpatch "${mails[@]}" | sed "s,^$BUILD/,,"
}

# Of balloons they are counted apart
hook_lines()
{
	local patches

	mapfile -t patches < <(hook_patches)
	[ ${#patches[@]} -gt 0 ] || return 0
	# within a repository, git would leave out what is not below here
	(cd "$OUT" && GIT_CEILING_DIRECTORIES=$BUILD \
		git apply --numstat "${patches[@]}" |
		awk -v max="$HOOK_LINES" -v max_drivers="$DRIVER_LINES" \
			-v max_kho="$KHO_LINES" '
			$3 ~ /^drivers\/(virtio|xen)\/|(mm|include\/linux)\/balloon/ { drivers += $1 + $2; next }
			$3 ~ /kexec_handover/ { kho += $1 + $2; next }
			$3 !~ /^Documentation\// { sum += $1 + $2 }
			END {
				if (!sum)
					exit 1
				if (sum >= max)
					print "hooks into existing code have " sum \
						" lines, not under " max
				if (kho >= max_kho)
					print "hooks into KHO have " kho \
						" lines, not under " max_kho
				if (drivers >= max_drivers)
					print "hooks into balloons have " \
						drivers " lines, not under " max_drivers
			}')
}

# A mistake that harness/mutants cannot make any more tests nothing
mutants()
{
	local what file script

	while read -r what; do
		case $what in
		'#'* | '') continue ;;
		esac
		read -r file
		read -r script
		! sed -zE "$script" "$BUILD/linux/$file" |
			cmp -s - "$BUILD/linux/$file" ||
			echo "$MUTANTS: $what: nothing of this in $file"
	done <"$ROOT/$MUTANTS"
}

# covers PATTERN FILE: as scripts/get_maintainer.pl matches "F:" entries
covers()
{
	local pattern=$1 file=$2

	case $pattern in
	*/)
		[ "${file#"$pattern"}" != "$file" ]
		return
		;;
	esac
	# a * does not reach into other directories
	[ "${pattern//[^\/]/}" = "${file//[^\/]/}" ] || return
	# shellcheck disable=SC2053 # a pattern
	[[ $file == $pattern ]]
}

maintainers()
{
	local pattern file hit
	local -a patterns files

	mapfile -t patterns < <(sed -n 's/^F:[[:space:]]*//p' "$ROOT/MAINTAINERS")
	mapfile -t files < <(ours .)
	for file in "${files[@]}"; do
		hit=
		for pattern in "${patterns[@]}"; do
			! covers "$pattern" "$file" || hit=1
		done
		[ -n "$hit" ] || echo "MAINTAINERS: nothing covers $file"
	done
	for pattern in "${patterns[@]}"; do
		hit=
		for file in "${files[@]}"; do
			! covers "$pattern" "$file" || hit=1
		done
		[ -n "$hit" ] || echo "MAINTAINERS: $pattern covers no file"
	done
}

# Whatever says of itself that a shell reads it
shell_scripts()
{
	local file

	tracked | while read -r file; do
		if head -n 3 "$ROOT/$file" | tr -d '\0' |
		   grep -qE '^#! ?/.*[/ ](ba|da)?sh( |$)|^# shellcheck shell='; then
			echo "$file"
		fi
	done
}

shell_check()
{
	cd "$ROOT"
	# local is in every sh there is; the status 1 says that there are findings
	shell_scripts | xargs -P "$JOBS" -n 8 bash -c \
		'shellcheck -x -P SCRIPTDIR -e SC3043 -f gcc "$@" || [ $? = 1 ]' -
}

spelling()
{
	local files

	cd "$ROOT"
	# a corpus is not text
	mapfile -t files < <(tracked | grep -vE '^COPYING$|/corpus/')
	codespell "${files[@]}" || [ $? = 65 ]
}
