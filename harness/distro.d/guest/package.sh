# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034,SC2059,SC2086,SC2103,SC2154,SC2164 # errors end it; lib.sh
#
# A package with a new kernel, as Debian makes them

package()
{
	local dir=/root/package version=$1

	mkdir -p $dir/DEBIAN $dir/boot
	cp "$KERNEL" "$dir/boot/vmlinuz-$version"
	cp "/boot/config-$(uname -r)" "$dir/boot/config-$version"
	mkdir -p "/lib/modules/$version"
	cp -r "/lib/modules/$(uname -r)/." "/lib/modules/$version/"
	printf '%s\n' "Package: linux-image-$version" 'Version: 1' 'Architecture: amd64' \
		'Maintainer: none' 'Description: test' >$dir/DEBIAN/control
	printf '#!/bin/sh\nset -e\nexport DEB_MAINT_PARAMS="$*"\n%s\n' \
		"run-parts --verbose --exit-on-error --arg=$version \
			--arg=/boot/vmlinuz-$version /etc/kernel/postinst.d" \
		>$dir/DEBIAN/postinst
	chmod 755 $dir/DEBIAN/postinst
	dpkg-deb -b $dir /root/package.deb
	rm -r $dir
}
