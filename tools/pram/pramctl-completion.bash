# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# bash completion for pramctl(8)

# Names may have blanks: each line is one, quoted for the command line
_pramctl_names()
{
	local name

	while IFS= read -r name; do
		[[ $name == "$1"* ]] || continue
		printf -v name %q "$name"
		COMPREPLY+=("$name")
	done < <(pramctl list --names 2>/dev/null)
}

_pramctl_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_pramctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local commands="check discard dump get help kexec list load log mount
		put show version"

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		_pramctl_words "$commands --help --version" "$cur"
		return
	fi
	case ${COMP_WORDS[1]} in
	list) _pramctl_words "--json --names" "$cur" ;;
	discard)
		[[ $cur != -* ]] || _pramctl_words --all "$cur"
		_pramctl_names "$cur"
		;;
	dump)
		[[ $cur != -* ]] || _pramctl_words --entries "$cur"
		_pramctl_names "$cur"
		;;
	show | get) _pramctl_names "$cur" ;;
	put)
		[[ $cur != -* ]] || _pramctl_words "--once --wipe" "$cur"
		_pramctl_names "$cur"
		;;
	mount)
		if [[ $cur == -* ]]; then
			_pramctl_words "--must-exist -o" "$cur"
		elif [ "$COMP_CWORD" = 2 ]; then
			_pramctl_names "$cur"
		else
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		fi
		;;
	load)
		if [[ $cur == -* ]]; then
			_pramctl_words "--initrd --no-initrd --append
				--reuse-cmdline -s -c" "$cur"
		elif [ "$prev" != --append ]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		;;
	esac
}

complete -F _pramctl pramctl
