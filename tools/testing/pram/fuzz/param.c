// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: what pram= says. The decompressor, whichever way it was
 * configured, and the kernel must take the same from the same command line, and
 * what the rules say.
 *
 * Input: the command line.
 */
#include <string.h>

#include "../boot/kernel.h"
#include "../boot/reader.h"
#include "fuzz.h"
#include "rules.h"

static const struct pram_reader *const readers[PRAM_NR_READERS] = {
	&pram_reader_0, &pram_reader_1, &pram_reader_2, &pram_reader_3,
	&pram_reader_4,
};

struct boot_params *boot_params_ptr;
static char *loader_line;

unsigned long get_cmd_line_ptr(void);
unsigned long get_cmd_line_ptr(void)
{
	return (unsigned long)loader_line;
}

void error(char *why);
void error(char *why)
{
	fuzz_fail("the decompressor halts: %s", why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int i;

	loader_line = malloc(size + 1);
	memcpy(loader_line, data, size);
	loader_line[size] = 0;
	for (i = 0; i < PRAM_NR_READERS; i++) {
		char *line = malloc(PRAM_CMDLINE_SIZE);
		unsigned long long wrapper, kernel, rules;

		kernel_command_line(line, readers[i]->builtin,
				    readers[i]->override, loader_line);
		wrapper = readers[i]->param();
		kernel = kernel_param(line);
		rules = rules_param(line);
		if (wrapper != kernel || kernel != rules)
			fuzz_fail("reader %u: the decompressor takes %#llx, the kernel %#llx, the rules %#llx",
				  i, wrapper, kernel, rules);
		free(line);
	}
	free(loader_line);
	return 0;
}
