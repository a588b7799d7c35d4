// SPDX-License-Identifier: GPL-2.0
/*
 * The decompressor around its reader: what a boot loader has told it, and its
 * last words.
 */
#include "fuzz.h"
#include "loader.h"

const struct pram_reader *const fuzz_readers[PRAM_NR_READERS] = {
	&pram_reader_0, &pram_reader_1, &pram_reader_2, &pram_reader_3,
	&pram_reader_4,
};

struct boot_params *boot_params_ptr;
char *fuzz_loader_line;

unsigned long get_cmd_line_ptr(void);
unsigned long get_cmd_line_ptr(void)
{
	return (unsigned long)fuzz_loader_line;
}

uint64_t fuzz_mark;

uint64_t get_mark(void)
{
	return fuzz_mark;
}

bool sim_logged(const char *text)
{
	return false;
}

void sim_clear_log(void)
{
}

void error(char *why);
void error(char *why)
{
	fuzz_fail("the decompressor halts: %s", why);
}
