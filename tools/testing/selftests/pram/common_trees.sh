# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2086,SC2015,SC2317 # no variable has blanks
#
# Random trees, which treegen makes from a number and treelist lists. Their lists are
# in a tree of their own. The same tree made again in an ordinary tmpfs is what it
# is compared with besides, by rsync.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# rsync without sockets
same_by_rsync()
{
	LD_PRELOAD=/lib/socketpair.so rsync -aHAX --checksum --dry-run \
		--itemize-changes --delete --exclude='%huge*' \
		--exclude='/%deep' "$@"
}

# Every third tree is one of huge pages
tree_options()
{
	case $1 in
	*[0369]) echo noatime,huge=always ;;
	*) echo noatime ;;
	esac
}

# Some of both kinds are restored lazily
mount_tree()
{
	local lazy=''

	case $1 in
	*[1348]) lazy=,pram_lazy ;;
	esac
	mount_pram "tree$1" "/mnt/tree$1" "$(tree_options "$1")$lazy$2"
}

# make_trees FIRST LAST SEED: tree N is made by number SEED + N
make_trees()
{
	local i=$1 bad=''

	while [ "$i" -le "$2" ]; do
		mount_tree "$i" && treegen $(($3 + i)) "/mnt/tree$i" &&
			treelist ${LIST_FLAGS--f} "/mnt/tree$i" >"/mnt/lists/$i" &&
			[ "$(wc -l <"/mnt/lists/$i")" -gt 30 ] ||
			bad="$bad $i"
		# parked, and mounted
		[ $((i % 2)) = 0 ] || umount "/mnt/tree$i"
		i=$((i + 1))
	done
	check_empty "trees $1 to $2 are made" "$bad"
}

# A list differs: in what?
show_difference()
{
	diff -U 0 "$1" "$2" | grep '^[-+][0-9]' | cut -c 1-800 | head -n 6
}

# check_trees FIRST LAST STEP: mounts every STEPth, and compares it with its list. They
# stay mounted.
check_trees()
{
	local i=$1 bad='' nr=0

	while [ "$i" -le "$2" ]; do
		nr=$((nr + 1))
		grep -q " /mnt/tree$i " /proc/mounts ||
			mount_tree "$i" ,pram_must_exist || bad="$bad !$i"
		treelist ${LIST_FLAGS--f} "/mnt/tree$i" >/tmp/now
		same /tmp/now "/mnt/lists/$i" || {
			bad="$bad $i"
			show_difference "/mnt/lists/$i" /tmp/now
		}
		i=$((i + $3))
	done
	rm -f /tmp/now
	check_empty "$nr trees from $1 to $2 are as they were" "$bad"
}

# compare_trees FIRST LAST STEP SEED: with trees made again. Which sizes large folios
# have there, and so where holes are, depends on the memory that was free.
compare_trees()
{
	local i=$1 bad='' nr=0 blocks='' flags

	[ "${LIST_FLAGS:-}" != -b ] || blocks=b
	mkdir -p /mnt/again
	while [ "$i" -le "$2" ]; do
		nr=$((nr + 1))
		flags=-r$blocks
		case $(tree_options "$i") in
		*huge=*) flags=${flags}h ;;
		esac
		mount -t tmpfs -o "$(tree_options "$i")" none /mnt/again &&
			treegen $(($4 + i)) /mnt/again || bad="$bad !$i"
		treelist "$flags" /mnt/again >/tmp/again
		treelist "$flags" "/mnt/tree$i" >/tmp/now
		same /tmp/again /tmp/now || {
			bad="$bad $i"
			show_difference /tmp/again /tmp/now
		}
		same_by_rsync -U /mnt/again/ "/mnt/tree$i/" >/tmp/changes 2>&1 &&
			[ ! -s /tmp/changes ] || {
			bad="$bad rsync:$i"
			cut -c 1-300 /tmp/changes | head -n 6
		}
		umount /mnt/again
		i=$((i + $3))
	done
	rm -f /tmp/now /tmp/again /tmp/changes
	check_empty "$nr trees from $1 to $2 are what is made again" "$bad"
}

# Trees that change while the kexec comes: see mutate.c

# start_mutators NR SEED: each goes on where it was
start_mutators()
{
	local i=1 from

	while [ "$i" -le "$1" ]; do
		mkdir -p "/mnt/mutated/$i"
		from=1
		[ ! -e "/mnt/mutated/$i/.step" ] || from=$(cat "/tmp/from$i")
		mutate $(($2 + i)) "/mnt/mutated/$i" "$from" 0 \
			</dev/null >/dev/null 2>&1 &
		i=$((i + 1))
	done
}

# replayed_to SEED STEP DIR: is DIR as after that step?
replayed_to()
{
	local same=1

	mkdir -p /mnt/again
	mount -t tmpfs none /mnt/again || return
	mkdir /mnt/again/tree
	mutate "$1" /mnt/again/tree 1 "$2"
	# Where new names come in directories depends on how the kernel has stored others
	treelist -srnz /mnt/again/tree | grep -v '^1 \.step ' >/tmp/again
	treelist -srnz "$3" | grep -v '^1 \.step ' >/tmp/now
	same /tmp/again /tmp/now &&
		same_by_rsync --no-times --exclude=/.step /mnt/again/tree/ "$3/" \
			>/tmp/changes 2>&1 && [ ! -s /tmp/changes ] && same=0
	[ $same = 0 ] || show_difference /tmp/again /tmp/now >>/tmp/differs
	umount /mnt/again
	return $same
}

# check_mutated NR SEED: they are as after the last step that was begun, or as before it
check_mutated()
{
	local i=1 bad='' step

	while [ "$i" -le "$1" ]; do
		step=$(mutate step "/mnt/mutated/$i")
		rm -f /tmp/differs
		if replayed_to $(($2 + i)) "$step" "/mnt/mutated/$i"; then
			diag "mutator $i: after step $step"
			echo $((step + 1)) >"/tmp/from$i"
		elif replayed_to $(($2 + i)) $((step - 1)) "/mnt/mutated/$i"; then
			diag "mutator $i: before step $step"
			echo "$step" >"/tmp/from$i"
		else
			bad="$bad $i:$step"
			cat /tmp/differs
			echo $((step + 1)) >"/tmp/from$i"
		fi
		i=$((i + 1))
	done
	rm -f /tmp/now /tmp/again /tmp/changes
	check_empty "what changes is as of one moment" "$bad"
}

# Programs of harness/extra that the first kernel only is given: they go along in a
# tree. The next kernels run them from their own root directory.
keep_programs()
{
	local program

	mount_pram programs /mnt/programs || return
	if [ "$PRAM_GEN" != 1 ]; then
		cp -a /mnt/programs/. /
		return
	fi
	mkdir -p /mnt/programs/usr/bin
	cp -a /lib /lib64 /mnt/programs || return
	[ ! -d /usr/lib ] || cp -a /usr/lib /mnt/programs/usr || return
	for program; do
		cp -a "/usr/bin/$program" /mnt/programs/usr/bin || return
	done
}
