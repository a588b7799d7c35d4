/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arch/x86/boot/compressed/pram.c, with what it uses of the decompressor, once
 * for each way to configure a built-in command line.
 */
#ifndef PRAM_TEST_READER_H
#define PRAM_TEST_READER_H

#include <stdbool.h>
#include <stdint.h>

struct boot_params;
struct mem_vector;

/* What it finds around it; of those who run it */
extern struct boot_params *boot_params_ptr;
unsigned long get_cmd_line_ptr(void);
void error(char *why);
uint64_t get_mark(void);

/**
 * struct pram_reader - the reader, built one way
 * @builtin: CONFIG_CMDLINE; NULL: CONFIG_CMDLINE_BOOL=n
 * @override: CONFIG_CMDLINE_OVERRIDE
 * @avoid: pram_avoid()
 * @param: pram_find_param(): what pram= says
 */
struct pram_reader {
	const char	*builtin;
	bool		override;
	void		(*avoid)(struct mem_vector *avoid);
	void		(*param)(uint64_t *pfn, uint64_t *ticket);
};

#define PRAM_NR_READERS 5

extern const struct pram_reader pram_reader_0, pram_reader_1, pram_reader_2,
				pram_reader_3, pram_reader_4;

#endif /* PRAM_TEST_READER_H */
