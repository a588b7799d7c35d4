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
#include "fuzz.h"
#include "loader.h"
#include "rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int i;

	fuzz_loader_line = malloc(size + 1);
	memcpy(fuzz_loader_line, data, size);
	fuzz_loader_line[size] = 0;
	for (i = 0; i < PRAM_NR_READERS; i++) {
		char *line = malloc(PRAM_CMDLINE_SIZE);
		unsigned long long wrapper, kernel, rules;

		kernel_command_line(line, fuzz_readers[i]->builtin,
				    fuzz_readers[i]->override, fuzz_loader_line);
		wrapper = fuzz_readers[i]->param();
		kernel = kernel_param(line);
		rules = rules_param(line);
		if (wrapper != kernel || kernel != rules)
			fuzz_fail("reader %u: the decompressor takes %#llx, the kernel %#llx, the rules %#llx",
				  i, wrapper, kernel, rules);
		free(line);
	}
	free(fuzz_loader_line);
	return 0;
}
