#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A whole Debian in a tree, from which a program is running when the kexec comes. In the
# next kernels it is what is in its archive, by rsync and by a list of what is unpacked
# anew, and its own dpkg finds all files as they were packed.
#
# pram-gens: 3
# pram-mem: 2G
# pram-timeout: 1200
# pram-extra: once rsync debian
# pram-long: 1

# shellcheck source=common_trees.sh
. "$(dirname "$0")/common_trees.sh"

# What is the same each time that it is unpacked: busybox sets no times of
# directories and links
list_debian()
{
	treelist -srnz "$1" | grep -v '^0 '
}

compare()
{
	mkdir -p /mnt/again
	mount -t tmpfs none /mnt/again || return
	check "the archive is unpacked" tar -C /mnt/again -xf \
		/mnt/archive/debian.tar
	check "it is compared by rsync" sh -c ". ./common_trees.sh; trap - EXIT; \
		same_by_rsync -O -J --exclude=/proc --exclude=/dev/null \
		/mnt/again/ /mnt/debian/ >/tmp/changes"
	check_empty "nothing is different" "$(head -n 5 /tmp/changes)"
	list_debian /mnt/again >/tmp/again
	list_debian /mnt/debian >/tmp/now
	check "nor is the list" same /tmp/again /tmp/now ||
		show_difference /tmp/again /tmp/now
	check "there are thousands of files" [ "$(wc -l </tmp/now)" -gt 5000 ]
	umount /mnt/again
}

check "programs are kept" keep_programs rsync
for name in debian archive; do
	mount_pram $name /mnt/$name || bail "no $name"
done
if [ "$PRAM_GEN" = 1 ]; then
	check "there is an archive" cp /debian.tar /mnt/archive
	rm /debian.tar
	check "it is unpacked" tar -C /mnt/debian -xf /mnt/archive/debian.tar
	digest=$(digest /mnt/archive/debian.tar)
else
	check_eq "nothing was dropped" "$(sysfs dropped)" 0
	digest=$(cmdline_arg digest)
	check_eq "the archive is as it was" \
		"$(digest /mnt/archive/debian.tar)" "$digest"
	compare
	check_empty "dpkg finds nothing wrong" \
		"$(chroot /mnt/debian dpkg --verify 2>&1 | head -n 5)"
	check "its programs run" chroot /mnt/debian sh -c \
		'perl -e "exit 0" && find /usr -name libc.so.6 | grep -q .'
fi
[ "$PRAM_GEN" != 3 ] || finish
chroot /mnt/debian sleep 1000 </dev/null >/dev/null 2>&1 &
how=-l
[ "$PRAM_GEN" = 1 ] || how=-s
next_kernel $how "digest=$digest"
