// SPDX-License-Identifier: GPL-2.0
/*
 * Where the command line and the initrd of an image are that kexec has loaded.
 */
#include <linux/cleanup.h>
#include <linux/kexec.h>
#include <linux/pram.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <asm/bootparam.h>
#include <asm/pram.h>

/* "HdrS" */
#define SETUP_HEADER_MAGIC	0x53726448

/**
 * arch_pram_find_params - find the boot parameters of an image
 * @image: the image, complete
 * @info: returns the physical addresses of the command line, of the initrd and
 *	of the boot parameters, each 0 if there is none
 *
 * kexec_load(2) takes segments without saying what they are. The boot
 * parameters begin one of them, and know where the others are.
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0, -ENOENT: there are none, or -ENOMEM.
 */
int arch_pram_find_params(struct kimage *image, struct pram_image *info)
{
	struct boot_params *params __free(kfree) = NULL;
	const struct setup_header *hdr;
	unsigned long i;

	params = kmalloc(sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	hdr = &params->hdr;
	for (i = 0; i < image->nr_segments; i++) {
		unsigned long mem = image->segment[i].mem;

		memset(params, 0, sizeof(*params));
		/* What a loader leaves out at the end is of no interest */
		kimage_read(image, mem, params, sizeof(*params));
		if (hdr->header != SETUP_HEADER_MAGIC)
			continue;
		info->params = mem;
		info->cmdline = hdr->cmd_line_ptr |
				(u64)params->ext_cmd_line_ptr << 32;
		info->initrd = hdr->ramdisk_image |
			       (u64)params->ext_ramdisk_image << 32;
		info->initrd_size = hdr->ramdisk_size |
				    (u64)params->ext_ramdisk_size << 32;
		return 0;
	}
	return -ENOENT;
}
