// SPDX-License-Identifier: GPL-2.0
/*
 * What an image that kexec has loaded says: where its command line and its initrd
 * are, and which memory it will not have.
 */
#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#include <linux/log2.h>
#include <linux/memblock.h>
#include <linux/overflow.h>
#include <linux/pram.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <asm/bootparam.h>
#include <asm/pram.h>

/* "HdrS" */
#define SETUP_HEADER_MAGIC	0x53726448

/* Is this byte in a segment of the image? */
static bool pram_in_image(const struct kimage *image, u64 addr)
{
	unsigned long i;

	for (i = 0; i < image->nr_segments; i++) {
		if (addr >= image->segment[i].mem &&
		    addr - image->segment[i].mem < image->segment[i].memsz)
			return true;
	}
	return false;
}

/**
 * arch_pram_find_params - find the boot parameters of an image
 * @image: the image, complete
 * @info: returns the physical addresses of the command line, of the initrd and
 *	of the boot parameters, each 0 if there is none
 *
 * kexec_load(2) takes segments without saying what they are. The boot
 * parameters begin one of them, and know where the others are. The file of another
 * kernel, as an initrd or a module may be one, begins like them, but no command line
 * in the image belongs to it.
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0, -ENOENT: there are none, or -ENOMEM.
 */
int arch_pram_find_params(struct kimage *image, struct pram_image *info)
{
	struct boot_params *params __free(kfree) = NULL;
	const struct setup_header *hdr;
	unsigned long i;
	u64 cmdline;

	params = kmalloc(sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	hdr = &params->hdr;
	for (i = 0; i < image->nr_segments; i++) {
		unsigned long mem = image->segment[i].mem;

		memset(params, 0, sizeof(*params));
		/* What a loader leaves out at the end is of no interest */
		kimage_read(image, mem, params, sizeof(*params));
		cmdline = hdr->cmd_line_ptr |
			  (u64)params->ext_cmd_line_ptr << 32;
		if (hdr->header != SETUP_HEADER_MAGIC ||
		    !pram_in_image(image, cmdline))
			continue;
		info->params = mem;
		info->cmdline = cmdline;
		info->initrd = hdr->ramdisk_image |
			       (u64)params->ext_ramdisk_image << 32;
		info->initrd_size = hdr->ramdisk_size |
				    (u64)params->ext_ramdisk_size << 32;
		return 0;
	}
	return -ENOENT;
}

/**
 * arch_pram_find_run - find out where an image will run
 * @image: the image, complete
 * @info: what is known of it; returns the place in @run
 *
 * kexec_load(2) may be given no more of a bzImage than its file has, and for it a place
 * where it does not run: kexec-tools does so with images of 32 bits. What it needs to
 * unpack itself, and where, is in its header.
 *
 * Context: kexec_lock is held; may sleep.
 */
void arch_pram_find_run(struct kimage *image, struct pram_image *info)
{
	struct setup_header hdr = {};
	u64 start = 0;
	unsigned long i;

	if (!info->params || !info->marker)
		return;
	kimage_read(image, info->params + offsetof(struct boot_params, hdr),
		    &hdr, sizeof(hdr));
	/* Not of a vmlinux, for which the loader makes a header */
	if (!hdr.init_size || !is_power_of_2(hdr.kernel_alignment))
		return;
	for (i = 0; i < image->nr_segments && hdr.relocatable_kernel; i++) {
		if (info->marker >= image->segment[i].mem &&
		    info->marker - image->segment[i].mem <
		    image->segment[i].memsz)
			start = ALIGN((u64)image->segment[i].mem,
				      hdr.kernel_alignment);
	}
	start = max(start, hdr.pref_address);
	info->run.start = start >> PAGE_SHIFT;
	info->run.end = (start + hdr.init_size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* One of the parts of memmap=, separated by commas */
static void pram_memmap(char *val, u64 *start, u64 *end)
{
	u64 size;
	char *p;

	/* It is followed by what is RAM: which of it is not worth the trouble */
	if (!strncmp(val, "exactmap", 8)) {
		*end = U64_MAX;
		return;
	}
	size = memparse(val, &p);
	if (p == val)
		return;
	*start = size;
	*end = U64_MAX;
	switch (*p) {
	case '@':
		*end = size;
		break;
	case '#':
	case '$':
	case '!':
	case '%':
		*start = memparse(p + 1, &p);
		if (check_add_overflow(*start, size, end))
			*end = U64_MAX;
		break;
	}
}

/**
 * arch_pram_saw_low - look for a parameter of kernels of 32 bits
 * @param: a parameter of the kernel's command line
 * @val: its value; NULL: none
 * @info: returns what it says of low and high memory
 */
void arch_pram_saw_low(const char *param, const char *val, struct pram_image *info)
{
	if (!val)
		return;
	if (!strcmp(param, "vmalloc")) {
		info->vmalloc = memparse(val, NULL);
	} else if (!strcmp(param, "highmem")) {
		info->highmem_set = true;
		info->highmem = memparse(val, NULL) >> PAGE_SHIFT;
	}
}

/* The pfn behind the RAM that the command line leaves */
static u64 pram_image_top(const struct pram_image *info)
{
	u64 top = max_pfn, before;
	unsigned int i;

	do {
		before = top;
		for (i = 0; i < info->nr_no_ram; i++) {
			if (info->no_ram[i].end >= top)
				top = min(top, info->no_ram[i].start);
		}
	} while (top != before);
	return top;
}

/**
 * arch_pram_limit - find out what parameters leave of a kernel of 32 bits' memory
 * @info: what is known of the image; lowers @low_end and @ram_end
 *
 * Rather less than more: if there is too little memory for highmem=, the kernel
 * ignores it.
 */
void arch_pram_limit(struct pram_image *info)
{
	u64 low = info->low_end, size;
	bool high = info->ram_end > info->low_end;

	if (!low)
		return;
	/* The kernel adds a hole of 8 MiB to what is asked for */
	size = min_t(u64, info->vmalloc, SZ_4G) + SZ_8M;
	if (size > SZ_128M)
		low -= min(low, (size - SZ_128M) >> PAGE_SHIFT);
	if (!high) {
		info->ram_end = low;
	} else if (info->highmem_set) {
		u64 top = pram_image_top(info);
		u64 end = low + min_t(u64, info->highmem, U32_MAX);

		/* Of more memory than can be low it has so much, and no more */
		info->ram_end = min_t(u64, info->ram_end, end);
		/* Of less, so much is high */
		low = min(low, top - min(top, info->highmem));
	}
	/* 0 would be no limit */
	info->ram_end = max(info->ram_end, 1U);
	info->low_end = max(low, 1ULL);
}

/**
 * arch_pram_no_ram - look for memory that a parameter takes away
 * @param: a parameter of the kernel's command line
 * @val: its value; NULL: none
 * @start: returns the physical address of the first byte
 * @end: of the byte after the last; @start if nothing is taken away
 *
 * Rather more than less: what is to become something else than RAM (memmap=%) is
 * taken away even if it is to become RAM.
 *
 * Return: the rest of the value, to be called with again; NULL: there is none.
 */
char *arch_pram_no_ram(const char *param, char *val, u64 *start, u64 *end)
{
	char *rest;

	*start = 0;
	*end = 0;
	if (!val)
		return NULL;
	if (!strcmp(param, "mem")) {
		*start = memparse(val, NULL);
		*end = *start ? U64_MAX : 0;
		return NULL;
	}
	if (strcmp(param, "memmap"))
		return NULL;
	rest = strchr(val, ',');
	if (rest)
		*rest++ = 0;
	pram_memmap(val, start, end);
	return rest;
}
