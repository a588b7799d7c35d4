/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PRAMCTL_KCORE_H
#define PRAMCTL_KCORE_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

struct kcore {
	int fd;
	Elf64_Phdr *phdr;
	size_t nr;
};

int kcore_open(struct kcore *kcore);
void kcore_close(struct kcore *kcore);
int kcore_read(void *kcore, uint64_t pfn, void *page);

#endif /* PRAMCTL_KCORE_H */
