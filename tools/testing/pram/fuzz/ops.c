// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: sequences of operations and kexecs, compared with the model.
 *
 * Input: a seed, how many kernels, how many operations in each, and then what
 * the operations ask for instead of random numbers: which one, on what, how
 * much. When it is used up, random numbers follow.
 *
 * This is the chain of kernels of the simulator, with the exec of the next one
 * replaced by forgetting all that a kernel knows.
 */
#include "../oracle.h"

#include <setjmp.h>
#include <unistd.h>

#include "fuzz.h"

static struct fuzz_input input;
static jmp_buf next_kernel;

/* What chain.c, ops.c and corrupt.c have in place of functions; see Makefile */
u64 fuzz_rand(void);
u64 fuzz_below(u64 limit);
bool fuzz_chance(unsigned int one_in);
int fuzz_execv(const char *path, char *const argv[]);
int fuzz_printf(const char *fmt, ...);
int chain_main(int argc, char **argv);

u64 fuzz_rand(void)
{
	return input.left ? fuzz_take(&input, 8) : sim_rand();
}

u64 fuzz_below(u64 limit)
{
	if (!input.left || limit < 2)
		return sim_below(limit);
	return fuzz_take(&input, limit > 65536 ? 8 : limit > 256 ? 2 : 1) %
	       limit;
}

bool fuzz_chance(unsigned int one_in)
{
	return !fuzz_below(one_in);
}

int fuzz_execv(const char *path, char *const argv[])
{
	longjmp(next_kernel, 1);
}

int fuzz_printf(const char *fmt, ...)
{
	return 0;
}

/* Small, for the sake of speed, and enough to boot the next kernel in */
static const struct sim_machine machine = {
	.ram = { { 0, 0x9f }, { 0x100, 0x6100 } },
	.nr_ram = 2,
};

static void start(int mem_fd, int oracle_fd)
{
	struct oracle *o = ORACLE;

	sim_reset();
	if (ftruncate(mem_fd, 0) || ftruncate(oracle_fd, 0))
		sim_fail("ftruncate: %m");
	o_map(oracle_fd);
	o->seed = fuzz_take(&input, 2);
	o->boots = 1 + fuzz_take(&input, 1) % 4;
	o->ops = fuzz_take(&input, 1);
	o->full = machine;
	o->next = machine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int mem_fd = -1, oracle_fd;
	char mem[16], oracle[16];
	char *argv[] = { "pram-sim", "--resume", mem, oracle, NULL };

	if (mem_fd < 0) {
		mem_fd = sim_create_memory();
		oracle_fd = sim_create_memory();
		if (getenv("PRAM_LOGLEVEL"))
			sim_loglevel = atoi(getenv("PRAM_LOGLEVEL"));
	}
	input.next = data;
	input.left = size;
	start(mem_fd, oracle_fd);
	sprintf(mem, "%d", mem_fd);
	sprintf(oracle, "%d", oracle_fd);
	if (setjmp(next_kernel))
		sim_reset();
	chain_main(4, argv);
	sim_reset();
	return 0;
}
