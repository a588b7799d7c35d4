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
		uint64_t wrapper, kernel, wrapper_ticket, kernel_ticket;
		struct rules_param rules;

		kernel_command_line(line, fuzz_readers[i]->builtin,
				    fuzz_readers[i]->override, fuzz_loader_line);
		fuzz_readers[i]->param(&wrapper, &wrapper_ticket);
		kernel_param(line, &kernel, &kernel_ticket);
		rules = rules_param(line);
		if (wrapper != kernel || kernel != rules.pfn ||
		    wrapper_ticket != kernel_ticket ||
		    kernel_ticket != rules.ticket)
			fuzz_fail("reader %u: the decompressor takes %#lx.%#lx, the kernel %#lx.%#lx, the rules %#lx.%#lx",
				  i, wrapper, wrapper_ticket, kernel,
				  kernel_ticket, rules.pfn, rules.ticket);
		free(line);
	}
	free(fuzz_loader_line);
	return 0;
}
