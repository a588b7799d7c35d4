#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Single pages are saved all over memory, with an image loaded already: those
# that lie where it goes, or where the next kernel needs room, move. Where that
# cannot be done the kexec is refused, and nothing has changed.
#
# pram-gens: 3
# pram-mem: 512M
# pram-timeout: 600

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

share=/sys/module/pram/parameters/boot_share

# With 32 bits no share asks for more than a quarter of low memory
more=''
[ -z "$(meminfo LowTotal)" ] || more=cma=4G

case $PRAM_GEN in
1)	check "an image is loaded" load_next -l ${more:+"$more"}
	save b seed=2
	check "pages all over memory are saved" \
		test_pram scatter name=s seed=5 pages=48000
	save a seed=1
	free=$(free_kib)

	check "more room is asked for than there is" sh -c "echo 1 >$share"
	check_fails "the kexec is refused" try_exec_next
	check_log "the kernel says what is missing" \
		'pram: kexec refused: .*MiB'
	# The kernel has less to tell about an image it has loaded itself
	check "an image is loaded by kexec_file_load" load_next -s ${more:+"$more"}
	check_fails "this kexec is refused, too" try_exec_next
	check "the first image is loaded again" load_next -l
	# A quarter of memory, or of low memory, is to be free: much has to move
	check "the share is put right" sh -c "echo 4 >$share"
	check_near "nothing leaked" "$(free_kib)" "$free" 1024
	check "a node is as it was" test_pram peek name=b seed=2
	check "the others too" test_pram peek name=s seed=5
	exec_next
	;;
2|3)	diag "$(kernel_log | grep 'pram: reserved ')"
	check "the node nobody opens is there" node_exists a
	if [ "$PRAM_GEN" = 2 ]; then
		check "the pages are as they were saved" \
			test_pram peek name=s seed=5
		next_kernel -s
	fi
	load s seed=5
	# There may have been no room for large folios as such
	load b seed=2 pieces=1
	load a seed=1 pieces=1
	check_nothing_left
	finish
	;;
esac
