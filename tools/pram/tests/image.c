// SPDX-License-Identifier: GPL-2.0
/*
 * image GOLDEN ROOT: a directory in place of /, with an image in proc/kcore, and
 * its nodes in sysfs, whose names it prints.
 */
#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "golden.h"
#include "pramctl.h"

/* As the kernel does, at an offset that has nothing to do with the address */
#define DATA_AT		0x10000

static void put_file(const char *text, const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out || fputs(text, out) < 0 || fclose(out))
		err(1, "%s", path);
}

static void put_attr(const char *dir, const char *attr, const char *text)
{
	char *path = xformat("%s/%s", dir, attr);

	put_file(text, path);
	free(path);
}

static void put_node(const char *root, const char *name, uint64_t pfn)
{
	char *dir = xformat("%s%s/nodes/%s", root, PRAM_DIR, name);
	char *text = xformat("%" PRIx64 "\n", pfn);

	if (mkdir(dir, 0755))
		err(1, "%s", dir);
	put_attr(dir, "state", "kept\n");
	put_attr(dir, "pfn", text);
	free(text);
	free(dir);
	puts(name);
}

static void put_kcore(const struct golden *golden, int fd)
{
	Elf64_Ehdr ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB },
		.e_type = ET_CORE,
		.e_phoff = sizeof(ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = golden->nr_ram,
	};
	uint64_t at = DATA_AT;
	unsigned int r;
	size_t i;

	if (pwrite(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr))
		err(1, "kcore");
	for (r = 0; r < golden->nr_ram; r++) {
		const struct pram_range *ram = &golden->ram[r];
		Elf64_Phdr phdr = {
			.p_type = PT_LOAD,
			.p_offset = at,
			.p_paddr = ram->start * PRAM_PAGE_SIZE,
			.p_memsz = (ram->end - ram->start) * PRAM_PAGE_SIZE,
		};

		if (pwrite(fd, &phdr, sizeof(phdr), ehdr.e_phoff +
			   r * sizeof(phdr)) != sizeof(phdr))
			err(1, "kcore");
		for (i = 0; i < golden->nr; i++) {
			const struct golden_page *page = &golden->page[i];

			if (page->pfn < ram->start || page->pfn >= ram->end)
				continue;
			if (pwrite(fd, page->data, PRAM_PAGE_SIZE, at +
				   (page->pfn - ram->start) * PRAM_PAGE_SIZE) !=
			    PRAM_PAGE_SIZE)
				err(1, "kcore");
		}
		at += phdr.p_memsz;
	}
	if (ftruncate(fd, at))
		err(1, "kcore");
}

int main(int argc, char **argv)
{
	struct golden golden;
	const char *name;
	char *path, *text;
	size_t i;
	int fd;

	if (argc != 3)
		errx(2, "usage: image GOLDEN ROOT");
	golden_load(&golden, argv[1]);
	path = xformat("%s/proc/kcore", argv[2]);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		err(1, "%s", path);
	free(path);
	put_kcore(&golden, fd);
	close(fd);
	path = xformat("%s%s/super", argv[2], PRAM_DIR);
	text = xformat("%" PRIx64 ".1\n", golden.super);
	put_file(text, path);
	free(path);
	free(text);
	for (i = 0; i < golden.nr; i++) {
		if (golden_is_node(&golden.page[i], &name))
			put_node(argv[2], name, golden.page[i].pfn);
	}
	golden_free(&golden);
	return 0;
}
