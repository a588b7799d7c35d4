# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# apt-get with lists of its own, for packages of another suite or architecture, which
# are not installed. Source it after lib.sh, and set APT, a directory, and APT_LOG.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Debian's, in what apt-get is configured with
mirror()
{
	# shellcheck disable=SC2016 # apt-get's variable
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
		grep -m 1 '/debian/*$' || true
}

apt_private()
{
	"$1" -q -o Dir::Etc::sourcelist="$APT/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$APT/lists" -o Dir::Cache="$APT/cache" \
		-o APT::Sandbox::User="$(id -un)" "${@:2}" >>"$APT_LOG" 2>&1
}

# apt_start SUITE WHAT [ARCH]: have the lists of a suite of the mirror; WHAT they are
# for
apt_start()
{
	local uri arch=${3:+arch=$3 }

	command -v apt-get >/dev/null || die "there is no apt-get to fetch $2 with"
	[ -f "$KEYRING" ] || die "missing package, please install:" \
		"debian-archive-keyring"
	uri=${PRAM_MIRROR:-$(mirror)}
	[ -n "$uri" ] || die "apt-get has no mirror of Debian to fetch $2 from:" \
		"name one with PRAM_MIRROR="
	say "fetching $2 of $1"
	rm -rf "$APT"
	mkdir -p "$APT/lists/partial" "$APT/cache/archives/partial"
	echo "deb [${arch}signed-by=$KEYRING] $uri $1 main" >"$APT/sources.list"
	: >"$APT_LOG"
	apt_private apt-get ${3:+-o "APT::Architecture=$3" -o "APT::Architectures=$3"} \
		update || die "no lists of $1, see $(rel "$APT_LOG")"
}
