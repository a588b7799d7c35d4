# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2164 # errors end the check
#
# harness/lint: checks of documents.

kernel_doc()
{
	local files

	mapfile -t files < <(ours '^(mm|lib|include|arch|kernel)/.*\.[ch]$')
	[ ${#files[@]} -gt 0 ] || return 0
	cd "$TREE"
	scripts/kernel-doc -none "${files[@]}" 2>&1 | grep -E 'warning|error' || true
}

# A Documentation/ with our files, those that hooks change, and nothing else:
# that of the base takes half an hour
docs_tree()
{
	local docs=$OUT/docs dir file rst=

	rm -rf "$docs"
	mkdir -p "$docs/Documentation"
	# what extensions of Sphinx read
	ln -s "$TREE/scripts" "$TREE/tools" "$TREE/MAINTAINERS" "$docs/"
	for dir in conf.py sphinx sphinx-static; do
		ln -s "$TREE/Documentation/$dir" "$docs/Documentation/$dir"
	done
	{ ours '^Documentation/'
	  cut -d' ' -f2 "$BUILD/hooks" | grep '^Documentation/.*\.rst$'
	} | while read -r file; do
		mkdir -p "$docs/${file%/*}"
		cp "$TREE/$file" "$docs/$file"
	done
	{
		printf 'Pages\n=====\n\n.. toctree::\n\n'
		cd "$docs/Documentation"
		find . -name '*.rst' -printf '   %P\n' | sort
		# what later is always so
		! grep -q '"rst"' "$TREE/Documentation/sphinx/kernel_abi.py" ||
			rst='   :rst:'
		printf '\n.. kernel-abi:: ABI/testing\n%s\n' "$rst"
	} >"$docs/index.rst"
	mv "$docs/index.rst" "$docs/Documentation/index.rst"
	# what is missing here is not missing in the base
	(
		cd "$TREE/Documentation"
		find . -name '*.rst' -printf '%P\n' | sed 's/\.rst$//'
		grep -rhoE --include='*.rst' '^\.\. _[^:]+:' . |
			sed -E 's/^\.\. _(.*):$/\L\1/'
	) >"$docs/base"
}

# Warnings, but those of what the tree above lacks: pages and labels of the base
htmldocs()
{
	local docs=$OUT/docs bin=()

	docs_tree
	! grep -q '^kerneldoc_bin' "$TREE/Documentation/conf.py" ||
		bin=(-D "kerneldoc_bin=$TREE/scripts/kernel-doc")
	(cd "$docs/Documentation" && srctree=$docs sphinx-build -q -b html -c . \
		-D kerneldoc_srctree="$TREE" -D version=0 -D release=0 \
		"${bin[@]}" -D html_logo= -D html_favicon= -d "$docs/doctrees" . "$docs/html") \
		>"$docs/log" 2>&1 || {
		cat "$docs/log" >&2
		return 1
	}
	sed -nE "/dot\(1\) not found/d; s,($docs|$TREE)/,,g
		 /WARNING|ERROR|CRITICAL|SEVERE/p" "$docs/log" |
	awk -v base="$docs/base" '
		BEGIN { while ((getline l < base) > 0) known[l] = 1 }
		/toctree contains reference to nonexisting document|undefined label:/ {
			label = $0
			gsub(/^.*(document|label:) .|.$/, "", label)
			if (label in known)
				next
		}
		{ print }'
}

# One line for all that is found in an entry; of newer bases the program is another
abi()
{
	local dir=$OUT/abi get_abi=scripts/get_abi.pl

	rm -rf "$dir"
	mkdir -p "$dir"
	ours '^Documentation/ABI/' | while read -r file; do
		cp "$TREE/$file" "$dir/"
	done
	cd "$TREE"
	[ -e "$get_abi" ] || get_abi=tools/docs/get_abi.py
	"$get_abi" --dir "$dir" validate 2>&1 | sed "s,$dir/,,g"
}

# What the kernel says must be in the guide, for those who look it up there
messages()
{
	local files

	cd "$TREE"
	mapfile -t files < <(ours '^(mm|arch|include/linux)/.*\.[ch]$' |
		grep -v /tests/)
	[ ${#files[@]} -eq 0 ] ||
		perl "$ROOT/harness/lint.d/messages.pl" "$GUIDE" "${files[@]}"
}
