// SPDX-License-Identifier: GPL-2.0
/*
 * How much memory the next kernel needs, by what this one has needed.
 */
#include "pram.h"

#include <linux/async.h>
#include <linux/hugetlb.h>
#include <linux/initrd.h>

/**
 * DOC: Need
 *
 * How much memory a kernel needs until its user space runs depends on its
 * configuration, its command line, the machine and the initramfs. The next
 * kernel is assumed to be much like this one. So each kernel records how much
 * memory it uses: all except what is free, preserved (by KHO, too), in a balloon,
 * reserved for a crash kernel, or set apart by its command line: huge pages and
 * reserve_mem=, of which there may be less.
 *
 * - When nodes have been adopted: the next kernel must have as much in the
 *   windows and in the places of its image.
 * - When the initramfs has been unpacked: as much, with the size of the next
 *   initramfs in place of this one's, must fit in beside what is preserved. It
 *   need not be in the windows, as gaps between preserved pages are free by
 *   that time.
 *
 * An eighth is added to each.
 */

/* Where the ratio is not known, see "Initramfs" */
#define PRAM_INITRD_RATIO	5

/**
 * struct pram_recorded - what this kernel has needed
 * @initrd_size: its initrd, in bytes
 * @early: pages in use after nodes have been adopted, less the initrd
 * @late: pages in use when the initramfs has been unpacked, less its files; 0: not
 *	known yet
 * @files: pages of these
 */
struct pram_recorded {
	u64 initrd_size;
	u64 early;
	u64 late;
	u64 files;
};

static struct pram_recorded pram_recorded;

static u64 pram_crash_pages(void)
{
	u64 size = 0;

	if (!IS_ENABLED(CONFIG_CRASH_RESERVE))
		return 0;
	if (crashk_res.end)
		size += resource_size(&crashk_res);
	if (crashk_low_res.end)
		size += resource_size(&crashk_low_res);
	return PFN_UP(size);
}

/* How many pages a balloon may have got while others are counted */
#define PRAM_BALLOON_SLACK	1024

/*
 * Pages that are free, preserved or in a balloon. While this kernel boots, that inflates,
 * or takes up what was preserved: such a page may be missed, or be counted twice.
 */
static u64 pram_nr_unused(void)
{
	u64 before, after, nr;
	int tries = 100;

	do {
		before = pram_absent_nr();
		nr = before + pram_map_nr() + nr_free_pages();
		after = pram_absent_nr();
	} while (abs_diff(before, after) > PRAM_BALLOON_SLACK && --tries);
	return nr;
}

/* What this kernel had to set apart, or was given by KHO, which may be the same */
static u64 pram_nr_apart(void)
{
	struct pram_image image = {};
	struct pram_said said = { .image = &image };

	if (is_kho_boot())
		return kho_nr_retrieved();
	return pram_parse_line(saved_command_line, &said) < 0 ? 0 : image.reserved;
}

/* Pages that are in use, less @other of them. No user space has run yet. */
static u64 pram_nr_used(u64 other)
{
	u64 total = get_num_physpages();

	other += pram_nr_unused() + pram_crash_pages() + hugetlb_total_pages() +
		 pram_nr_apart();
	return total > other ? total - other : 0;
}

/* Nodes are adopted at core_initcall, and the initramfs is unpacked later */
static int __init pram_record_early(void)
{
	if (!pram_super)
		return 0;
	if (IS_ENABLED(CONFIG_BLK_DEV_INITRD))
		pram_recorded.initrd_size = initrd_end - initrd_start;
	pram_recorded.early =
		pram_nr_used(PFN_UP(pram_recorded.initrd_size));
	return 0;
}
postcore_initcall(pram_record_early);

/* There is no user space yet that could have files other than the initramfs */
static void pram_record_late(void *data, async_cookie_t cookie)
{
	wait_for_initramfs();
	pram_recorded.files = global_node_page_state(NR_FILE_PAGES);
	WRITE_ONCE(pram_recorded.late, pram_nr_used(pram_recorded.files));
}

static int __init pram_record_init(void)
{
	if (pram_super)
		async_schedule(pram_record_late, NULL);
	return 0;
}
late_initcall(pram_record_init);

/* By how much this kernel's initrd was compressed */
static unsigned int pram_initrd_ratio(const struct pram_recorded *recorded)
{
	u64 ratio = 0;

	if (recorded->initrd_size)
		ratio = DIV64_U64_ROUND_UP(recorded->files << PAGE_SHIFT,
					   recorded->initrd_size);
	return clamp_t(u64, ratio, PRAM_INITRD_RATIO, 1000);
}

/**
 * struct pram_segment - where the initrd is
 * @image: the image
 * @addr: where the initrd will be
 */
struct pram_segment {
	struct kimage *image;
	unsigned long addr;
};

static size_t pram_read_initrd(void *arg, u64 pos, void *buf, size_t len)
{
	struct pram_segment *segment = arg;

	return kimage_read(segment->image, segment->addr + pos, buf, len);
}

/* The pages of the initrd in the image, and of the files in it */
static void pram_initrd_pages(struct kimage *image,
			      const struct pram_image *info,
			      const struct pram_recorded *recorded,
			      u64 *pages, u64 *files)
{
	struct pram_segment segment = { .image = image, .addr = info->initrd };
	struct pram_initrd initrd = {
		.read = pram_read_initrd,
		.arg = &segment,
		.size = info->initrd ? info->initrd_size : 0,
	};
	unsigned int ratio = pram_initrd_ratio(recorded);
	void *buf __free(kvfree) = NULL;

	*pages = PFN_UP(initrd.size);
	/* Without memory to look, all of it is at the same ratio */
	*files = *pages * ratio;
	if (!initrd.size)
		return;
	buf = kvmalloc(PRAM_PEEK_SIZE, GFP_KERNEL);
	if (!buf)
		return;
	initrd.buf = buf;
	*files = PFN_UP(pram_unpacked_size(&initrd, ratio));
}

/* The margin between what this kernel has needed and what the next one may */
static u64 pram_with_margin(u64 pages)
{
	return pages + pages / 8;
}

/* The pages of huge pages as large as these that fit in, were nothing preserved */
static u64 pram_giant(const struct pram_image *info, u64 room)
{
	u64 left;

	div64_u64_rem(room, info->giant_size, &left);
	return min(info->giant, room - left);
}

/**
 * pram_boot_need - what the next kernel needs until its user space runs
 * @image: the image
 * @info: what is known of it
 * @nr_image: pages to which it will be copied
 * @nr_ram: pages of memory which the next kernel boots with
 * @need: returns the pages it needs in windows; 0: not known
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0; or, after pram_refuse(), -ENOSPC: there is not as much as it will need
 * besides what is preserved, wherever that is.
 */
int pram_boot_need(struct kimage *image, const struct pram_image *info,
		   u64 nr_image, u64 nr_ram, u64 *need)
{
	/* What KHO preserves is not in @nr_ram */
	u64 revived = pram_boots_in_scratch(image, info) ? info->revived : 0;
	u64 nr_initrd, files, late, taken, giant = 0;

	*need = 0;
	/* Written last, at boot */
	if (!READ_ONCE(pram_recorded.late))
		return 0;
	pram_initrd_pages(image, info, &pram_recorded, &nr_initrd, &files);
	late = pram_with_margin(pram_recorded.late + files) + nr_initrd +
	       info->apart - revived;
	/* What there would be no room for anyway is not taken */
	if (info->giant)
		giant = pram_giant(info, nr_ram - min(nr_ram, late));
	late += giant;
	/* It has the places of its image, the initrd's as long as it needs that */
	*need = pram_with_margin(pram_recorded.early) + nr_initrd +
		info->apart_early - revived + giant;
	*need -= min(*need, nr_image);

	taken = pram_map_nr() + pram_crash_pages();
	if (taken + late <= nr_ram)
		return 0;
	pram_refuse("the next kernel needs %llu MiB until its initramfs is unpacked, and can have only %llu MiB: discard a node, use a smaller initramfs or fewer hugepages=, or see pram.boot_share",
		    late >> (20 - PAGE_SHIFT),
		    (nr_ram - min(taken, nr_ram)) >> (20 - PAGE_SHIFT));
	return -ENOSPC;
}

#include "tests/pram_need_kunit.h"
