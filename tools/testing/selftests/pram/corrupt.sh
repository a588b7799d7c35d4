# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tests of damaged metadata share. One list of calls of broken() is run
# twice: before the kexec ($side is "before") it makes the nodes and says what
# shall happen to them, and after it ("after") it looks what became of them.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

nr_broken=0
side=
make=

# damage RULE...: done between the seal and the jump, see lib/test_pram_damage.c
damage()
{
	local rule

	[ -d /sys/module/test_pram_damage ] || load_module test_pram_damage ||
		bail "no module test_pram_damage"
	for rule; do
		echo "$rule" >/sys/module/test_pram_damage/parameters/add ||
			bail "no rule: $rule"
	done
}

# broken NAME LOGGED REASON RULE...: a node that is dropped, as LOGGED because of
# REASON, both regular expressions. $make makes it.
broken()
{
	local name="$1" logged="$2" reason="$3"

	shift 3
	nr_broken=$((nr_broken + 1))
	if [ "$side" = before ]; then
		# shellcheck disable=SC2086 # words are wanted
		test_pram $make "name=$name" seed=1 || bail "no node $name"
		damage "$@"
	else
		echo "node '$logged' dropped: $reason (page 0x" >>/tmp/reasons
		check_fails "$*: node $name is gone" node_exists "$name"
	fi
}

# As one whose page cannot be believed, and its name neither
nameless()
{
	local name="$1"

	shift
	broken "$name" '?' "$@"
}

# named NAME REASON RULE...
named()
{
	local name="$1"

	shift
	broken "$name" "$name" "$@"
}

# good NAME: one that must not suffer
good()
{
	if [ "$side" = before ]; then
		save "$1" seed=7 pages=300
	else
		load "$1" seed=7
	fi
}

# Every drop has its line, with its reason, and there are no others
check_reasons()
{
	local line

	sort /tmp/reasons | uniq -c >/tmp/counts
	while read -r count line; do
		check_eq "$count times $line" "$(logged "pram: $line")" \
			"$count" || kernel_log | grep 'pram: node'
	done </tmp/counts
	rm /tmp/reasons
	check_eq "$nr_broken nodes were dropped" \
		"$(logged "pram: node .* dropped: ")" "$nr_broken"
	check_eq "they are counted" "$(sysfs dropped)" "$nr_broken"
}
