# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tests of room for a crash kernel share: kernels at places that KASLR
# chooses, each of which is to have as much memory for a crash kernel as the first.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# crash_areas: where they are, in MiB, below 4 GiB or above
crash_areas()
{
	sed -n 's/^ *\([0-9a-f]*\)-\([0-9a-f]*\) : Crash kernel$/\1 \2/p' \
		/proc/iomem | while read -r start end; do
		start=$((0x$start)) end=$((0x$end + 1))
		if [ $start -ge $((1 << 32)) ]; then
			echo "high $(((end - start) >> 20))"
		else
			echo "low $(((end - start) >> 20))"
		fi
	done | sort | paste -sd' '
}

# crash_chain LAST AREAS SAVE...: one generation of LAST. The first one calls SAVE,
# which makes node s with seed 1 of as many pages as it wants; AREAS is what
# crash_areas should say in each.
crash_chain()
{
	local last="$1" areas="$2"

	shift 2
	check_eq "there is memory for a crash kernel" "$(crash_areas)" "$areas"
	if [ "$PRAM_GEN" = 1 ]; then
		"$@"
	else
		check "what was saved is there" test_pram peek name=s seed=1
	fi
	if [ "$PRAM_GEN" = "$last" ]; then
		load s seed=1
		check_nothing_left
		finish
	fi
	if [ $((PRAM_GEN % 2)) = 0 ]; then
		next_kernel -s --kaslr --no-memtest memtest=1
	else
		next_kernel -l --kaslr --no-memtest memtest=1
	fi
}
