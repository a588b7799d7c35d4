/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the targets have in common that run the decompressor's reader.
 */
#ifndef PRAM_FUZZ_LOADER_H
#define PRAM_FUZZ_LOADER_H

#include "../boot/reader.h"

extern const struct pram_reader *const fuzz_readers[PRAM_NR_READERS];

/* The command line that the boot loader gives to the reader */
extern char *fuzz_loader_line;

/* What is in the register that keeps the mark of a kexec */
extern uint64_t fuzz_mark;

#endif /* PRAM_FUZZ_LOADER_H */
