# SPDX-License-Identifier: GPL-2.0
#
# The verbs of this repository. Each is a script in harness/ of the same name.

.PHONY: help tree build run demo test test-long test-debug lint matrix selftest kunit sim \
	bench fuzz golden mutants refresh series bisect tools deb clean

help:
	@echo 'PRAM: pages kept in RAM over kexec'
	@echo
	@echo '  make demo             save a file tree in one kernel, find it in the next'
	@echo '  make demo-vm          a virtual machine goes on over a kexec of its host'
	@echo '  make test             build, lint, series, simulator, KUnit suites, all selftests;'
	@echo '                        ends in "N passed, N failed"'
	@echo
	@echo '  make test-long        what takes longer: long selftests, bisect, matrix, mutants,'
	@echo '                        test-debug; hours'
	@echo '  make test-debug [T=x] [DEBUG=kcsan]  under KASAN and all that: slow'
	@echo '  make test-distro [T=x] [SUITES=bookworm]  on Debian 12 and 13: systemd, UEFI'
	@echo
	@echo '  make tree             assemble build/linux: base kernel, our files, hooks'
	@echo '  make build            tree, kernels and initramfs'
	@echo '  make run              a shell in a guest'
	@echo '  make selftest [T=x]   all selftests, or those named like x'
	@echo '  make kunit            the KUnit suites'
	@echo '  make sim [SEED=n]     the simulator: mm/pram*.c in user space, with a seed again'
	@echo '  make fuzz [FUZZ_TIME=60] [T=x]  look for bad input, 60 seconds with each target'
	@echo '  make bench            what it costs, in instructions; build/bench/results.json'
	@echo '  make mutants          show that mistakes in mm/pram*.c are noticed'
	@echo '  make golden           write images of the format that are not there yet'
	@echo '  make lint [LINT=x]    all static checks of sources and documents, or those named like x'
	@echo '  make matrix [M=x]     our objects in 22 configurations, and 8 random ones; or only in x'
	@echo '  make series           the patches as mails, in build/series/; VER=n, RFC=1,'
	@echo '                        BASE_GIT=<tree> makes them for its last commit'
	@echo '  make bisect           build after each of the mails; BISECT=short: less'
	@echo '  make refresh [P=NN-topic]  bring edits made in build/linux back; P takes the new ones'
	@echo '  make tools            tests of pramctl that take no guest'
	@echo '  make deb              a Debian package of pramctl, in build/'
	@echo '  make clean            remove build/'
	@echo
	@echo '  BASE=7.3              for Linux 7.3 in place of 6.12, in build/7.3'
	@echo '  LINUX=<tree>          use this kernel tree for the base, and not the'
	@echo '                        linux-source-6.12 package'

tree build lint test test-long demo kunit golden bench deb tools:
	@harness/$@

.PHONY: demo-vm
demo-vm:
	@harness/demo-vm

matrix:
	@harness/matrix $(M)

run:
	@harness/build
	@harness/guest --shell --name run

sim:
	@SEED='$(SEED)' harness/sim

selftest:
	@harness/selftest $(T)

test-debug:
	@DEBUG='$(DEBUG)' harness/test-debug $(T)

.PHONY: test-distro
test-distro:
	@harness/distro $(T)

fuzz:
	@FUZZ_TIME='$(FUZZ_TIME)' T='$(T)' harness/fuzz

mutants:
	@T='$(T)' harness/mutants

series:
	@VER='$(VER)' RFC='$(RFC)' BASE_GIT='$(BASE_GIT)' harness/series

bisect:
	@BISECT='$(BISECT)' harness/bisect

refresh:
	@P='$(P)' harness/refresh

clean:
	rm -rf build
