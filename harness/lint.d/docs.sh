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
	local docs=$OUT/docs dir file

	rm -rf "$docs"
	mkdir -p "$docs/Documentation"
	ln -s "$TREE/scripts" "$docs/scripts"
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
		printf '\n.. kernel-abi:: ABI/testing\n   :rst:\n'
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
	local docs=$OUT/docs

	docs_tree
	(cd "$docs/Documentation" && srctree=$docs sphinx-build -q -b html -c . \
		-D kerneldoc_srctree="$TREE" -D version=0 -D release=0 \
		-D kerneldoc_bin="$TREE/scripts/kernel-doc" \
		-D html_logo= -d "$docs/doctrees" . "$docs/html") \
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

# get_abi.pl has one line for all it finds in an entry
abi()
{
	local dir=$OUT/abi

	rm -rf "$dir"
	mkdir -p "$dir"
	ours '^Documentation/ABI/' | while read -r file; do
		cp "$TREE/$file" "$dir/"
	done
	cd "$TREE"
	scripts/get_abi.pl validate --dir "$dir" 2>&1 | sed "s,$dir/,,g"
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
