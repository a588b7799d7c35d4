// SPDX-License-Identifier: GPL-2.0
/*
 * Physical memory, by way of /proc/kcore: an ELF file whose program headers say
 * where in it a physical address is.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "kcore.h"
#include "pramctl.h"

static bool pread_all(int fd, void *buf, size_t len, uint64_t at)
{
	return at <= (uint64_t)INT64_MAX - len && pread(fd, buf, len, at) == (ssize_t)len;
}

static bool header_good(const Elf64_Ehdr *ehdr)
{
	return !memcmp(ehdr->e_ident, ELFMAG, SELFMAG) &&
	       ehdr->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ehdr->e_ident[EI_DATA] == ELFDATA2LSB &&
	       ehdr->e_type == ET_CORE && ehdr->e_phnum &&
	       ehdr->e_phentsize == sizeof(Elf64_Phdr);
}

/* Returns a status, after it has said why */
int kcore_open(struct kcore *kcore)
{
	Elf64_Ehdr ehdr;

	memset(kcore, 0, sizeof(*kcore));
	kcore->fd = path_open(O_RDONLY, "/proc/kcore");
	if (kcore->fd < 0 && errno == ENOENT)
		return fail("there is no /proc/kcore: this kernel is without CONFIG_PROC_KCORE");
	if (kcore->fd < 0 && errno == EPERM)
		return fail("/proc/kcore cannot be opened: the kernel is locked down, or this is not root");
	if (kcore->fd < 0)
		return fail("/proc/kcore cannot be opened: %s", why(errno));
	if (!pread_all(kcore->fd, &ehdr, sizeof(ehdr), 0) || !header_good(&ehdr)) {
		kcore_close(kcore);
		return fail("/proc/kcore is not what it should be");
	}
	kcore->nr = ehdr.e_phnum;
	kcore->phdr = xrealloc(NULL, kcore->nr * sizeof(*kcore->phdr));
	if (!pread_all(kcore->fd, kcore->phdr, kcore->nr * sizeof(*kcore->phdr),
		       ehdr.e_phoff)) {
		kcore_close(kcore);
		return fail("/proc/kcore is not what it should be");
	}
	return ST_OK;
}

void kcore_close(struct kcore *kcore)
{
	free(kcore->phdr);
	kcore->phdr = NULL;
	close(kcore->fd);
}

/* A page of RAM; what is no RAM, such as modules, has no physical address */
int kcore_read(void *arg, uint64_t pfn, void *page)
{
	const struct kcore *kcore = arg;
	uint64_t addr = pfn * PRAM_PAGE_SIZE;
	size_t i;

	for (i = 0; i < kcore->nr; i++) {
		const Elf64_Phdr *phdr = &kcore->phdr[i];

		if (phdr->p_type != PT_LOAD || phdr->p_paddr == UINT64_MAX ||
		    addr < phdr->p_paddr || phdr->p_memsz < PRAM_PAGE_SIZE ||
		    addr - phdr->p_paddr > phdr->p_memsz - PRAM_PAGE_SIZE)
			continue;
		return pread_all(kcore->fd, page, PRAM_PAGE_SIZE,
				 phdr->p_offset + (addr - phdr->p_paddr)) ?
		       0 : EIO;
	}
	return EFAULT;
}
