#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What others keep in trees, and rely on: the upper and work directory of an overlay,
# a chain of memory images with links to the one before (as CRIU makes them), a
# journal's directory with its ACLs, and a git checkout, of which git must not think
# that any file has changed, not even for as long as it takes to look into it.
#
# pram-gens: 3
# pram-mem: 512M
# pram-extra: rsync git

# What check() is given is reached, and no variable has blanks
# shellcheck disable=SC2317,SC2086
# shellcheck source=common_trees.sh
. "$(dirname "$0")/common_trees.sh"

export HOME=/tmp
overlay=lowerdir=/mnt/overlay/lower,upperdir=/mnt/overlay/upper
overlay=$overlay,workdir=/mnt/overlay/work,redirect_dir=on,metacopy=on
# File handles must lead to what they did
overlay=$overlay,index=on,uuid=off

mount_overlay()
{
	mkdir -p /mnt/merged
	mount -t overlay -o "$overlay" none /mnt/merged
}

make_overlay()
{
	mkdir /mnt/overlay/lower /mnt/overlay/upper /mnt/overlay/work
	(
		cd /mnt/overlay/lower && mkdir a b c d &&
			for dir in a b c d; do
				echo "$dir" >"$dir/1" && echo "2$dir" >"$dir/2" &&
					mkdir "$dir/sub" && echo 3 >"$dir/sub/3"
			done && ln a/1 a/link && ln -s a/1 symlink
	) && mount_overlay && (
		cd /mnt/merged && echo more >>a/1 && rm a/2 && rm -r b &&
			mkdir b && echo new >b/new && mv c moved &&
			chmod 4711 d/1 && chown 5:6 d/2 && rm symlink &&
			mkfifo fifo && setxattr d user.x y
	)
}

# Of what is merged: inode numbers are the overlay's affair
list_overlay()
{
	treelist -r /mnt/merged >"$1"
}

overlay_works()
{
	(
		cd /mnt/merged && echo again >a/2 && [ ! -e b/1 ] &&
			[ "$(cat moved/sub/3)" = 3 ] &&
			echo "gen$PRAM_GEN" >>a/link &&
			[ "$(tail -n 1 a/1)" = "gen$PRAM_GEN" ] && rm a/2 &&
			[ ! -e a/2 ] && [ ! -e symlink ] &&
			[ "$(cat a/sub/3)" = 3 ]
	)
}

# Ten pages, of which each image has those that have changed
make_images()
{
	local image page

	for image in 1 2 3; do
		mkdir /mnt/images/$image &&
			touch /mnt/images/$image/pages-1.img || return
		[ $image = 1 ] ||
			ln -s ../$((image - 1)) /mnt/images/$image/parent
		for page in 0 1 2 3 4 5 6 7 8 9; do
			[ $((page % image)) != 0 ] ||
				yes "$image $page" |
				dd of=/mnt/images/$image/pages-1.img bs=4096 \
					count=1 iflag=fullblock seek=$page \
					conv=notrunc 2>/dev/null || return
			[ $((page % image)) != 0 ] ||
				echo $page >>/mnt/images/$image/pagemap
		done
	done
}

# The pages as of the last image, found the way that CRIU does
read_images()
{
	local page dir

	for page in 0 1 2 3 4 5 6 7 8 9; do
		dir=/mnt/images/3
		until grep -qx $page $dir/pagemap; do
			dir=$dir/parent
		done
		dd if=$dir/pages-1.img bs=4096 count=1 skip=$page 2>/dev/null
	done
}

make_journal()
{
	local dir=/mnt/journal/0123456789abcdef0123456789abcdef

	mkdir $dir && chown 0:999 $dir && chmod 2755 $dir &&
		setxattr $dir system.posix_acl_access $DEFAULT_ACL &&
		setxattr $dir system.posix_acl_default $DEFAULT_ACL &&
		touch $dir/system.journal && chmod 640 $dir/system.journal &&
		setxattr $dir/system.journal user.crtime_usec \
			0xb0a1928374650600 &&
		fallocate -l 8388608 $dir/system.journal &&
		yes entry | head -c 100000 |
		dd of=$dir/system.journal conv=notrunc 2>/dev/null
}

git_quietly()
{
	git -c user.name=test -c user.email=test "$@" >/tmp/git.out 2>&1 || {
		head -n 5 /tmp/git.out
		return 1
	}
}

make_checkout()
{
	mkdir /mnt/git/tree && cd /mnt/git/tree && git_quietly init . &&
		mkdir src && cp /pram/*.sh src && cp /boot/base.cpio large &&
		ln -s src/lib.sh link && git_quietly add . &&
		git_quietly commit -m test &&
		git_quietly clone --local . /mnt/git/clone && cd / || return
	# what is as new as the index is looked into
	sleep 2
	touch /mnt/git/tree/.git/index /mnt/git/clone/.git/index
}

# Clean, without having looked into a single file, nor written the index
check_checkout()
{
	cd "/mnt/git/$1" || return
	digest .git/index >/tmp/index
	rm -f /tmp/trace
	check_empty "$1: git status is clean" \
		"$(GIT_TRACE2_EVENT=/tmp/trace git status --porcelain)"
	check "$1: files were looked at" grep -q \
		'"refresh/sum_lstat","value":"[1-9]' /tmp/trace
	check "$1: none was looked into" grep -q \
		'"refresh/sum_scan","value":"0"' /tmp/trace
	check_eq "$1: the index is as it was" "$(digest .git/index)" \
		"$(cat /tmp/index)"
	cd /
}

list_trees()
{
	local name

	for name in overlay images journal git; do
		treelist -sz /mnt/$name
	done
}

for name in overlay images journal git lists; do
	mount_pram $name /mnt/$name || bail "cannot mount pram=$name"
done
case $PRAM_GEN in
1)	check "an overlay is made" make_overlay
	list_overlay /mnt/lists/merged
	check "a chain of images is made" make_images
	read_images >/mnt/lists/pages
	handle make /mnt/images/3/pagemap >/mnt/lists/handle
	check_eq "it has ten pages" "$(stat -c %s /mnt/lists/pages)" 40960
	check "a journal is made" make_journal
	check "a checkout is made" make_checkout
	check_checkout tree
	check_checkout clone
	# this is what it is like with another file of the same contents
	cp -a /mnt/git/tree /tmp/tree
	rm -f /tmp/trace
	GIT_TRACE2_EVENT=/tmp/trace git -C /tmp/tree status >/dev/null
	check_fails "a copy would be looked into" grep -q \
		'"refresh/sum_scan","value":"0"' /tmp/trace
	rm -r /tmp/tree
	;;
*)	# Before anything makes one again
	check_eq "a file handle leads to its file" \
		"$(handle cat /mnt/images "$(cat /mnt/lists/handle)")" \
		"$(cat /mnt/images/3/pagemap)"
	list_trees >/tmp/now
	check "all is as it was" same /tmp/now /mnt/lists/trees ||
		show_difference /mnt/lists/trees /tmp/now
	check "the overlay is mounted" mount_overlay
	list_overlay /tmp/merged
	check "it is as it was" same /tmp/merged /mnt/lists/merged ||
		show_difference /mnt/lists/merged /tmp/merged
	check "it works as ever" overlay_works
	list_overlay /mnt/lists/merged
	read_images >/tmp/pages
	check "the last image is whole" same /tmp/pages /mnt/lists/pages
	check "the journal knows when it was made" grep -q \
		' system.journal .* user.crtime_usec=8:' /tmp/now
	check_checkout tree
	check_checkout clone
	check "git has all" git_quietly -C /mnt/git/clone fsck --full
	echo "$PRAM_GEN" >>/mnt/git/tree/src/lib.sh
	check_eq "a change is seen" \
		"$(git -C /mnt/git/tree status --porcelain)" ' M src/lib.sh'
	check "it is committed" git_quietly -C /mnt/git/tree commit -am more
	check "and pulled" git_quietly -C /mnt/git/clone pull
	sleep 2
	touch /mnt/git/tree/.git/index /mnt/git/clone/.git/index
	check_checkout clone
	;;
esac
[ "$PRAM_GEN" != 3 ] || finish
# All of them are mounted
load_next -l || bail "the next kernel could not be loaded"
list_trees >/mnt/lists/trees
exec_next
