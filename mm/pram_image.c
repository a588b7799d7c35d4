// SPDX-License-Identifier: GPL-2.0
/*
 * Looking into an image that has been loaded: does it keep PRAM, and will it be
 * told of this kernel's super block?
 */
#include "pram.h"

/**
 * DOC: The image
 *
 * The next kernel must have PRAM, read this version of the super block, and
 * have pram= on its command line with the pfn of the super block and its
 * ticket. Otherwise all would be lost, and the kexec is refused. This does not
 * depend on the system call by which the image was loaded. It is refused, too, if
 * the image could not use a node: flags of nodes (PRAM_NODE_*) say which version of
 * trees one has, and what is in it.
 *
 * Each bzImage and vmlinux with PRAM has a marker (struct pram_marker) in a part
 * that is not compressed. The initrd is not searched for one: it may contain
 * other kernels. The command line and the initrd are found by way of the
 * boot parameters.
 */

/* In vmlinux; that of a bzImage is its decompressor's */
static const struct pram_marker pram_marker
	__used __aligned(sizeof(struct pram_marker)) =
	PRAM_MARKER(PRAM_CMDLINE_SIZE, PRAM_LOW_END, PRAM_RAM_END);

/* No kernel reads more */
#define PRAM_CMDLINE_MAX	SZ_4K

/* pram_walk_image() for a segment that lies in its place, in CMA, and in no list */
static bool pram_walk_placed(struct kimage *image, unsigned long nr, void *arg,
			     bool (*fn)(unsigned long dest, const void *page,
					void *arg))
{
	const struct kexec_segment *segment = &image->segment[nr];
	const struct page *first = kimage_segment_cma(image, nr);
	unsigned long pos;

	for (pos = 0; first && pos < segment->memsz; pos += PAGE_SIZE) {
		if (fn(segment->mem + pos, page_address(first) + pos, arg))
			return true;
		cond_resched();
	}
	return false;
}

/*
 * Call @fn for the pages of an image that is complete, until it returns true: with
 * where they will be, and where they are. May sleep between them.
 */
static void pram_walk_image(struct kimage *image, void *arg,
			    bool (*fn)(unsigned long dest, const void *page,
				       void *arg))
{
	kimage_entry_t *ptr, entry;
	unsigned long dest = 0, i;
	void *page;
	bool done;

	for (i = 0; i < image->nr_segments; i++) {
		if (pram_walk_placed(image, i, arg, fn))
			return;
	}
	for_each_kimage_entry(image, ptr, entry) {
		if (entry & IND_DESTINATION) {
			dest = entry & PAGE_MASK;
		} else if (entry & IND_SOURCE) {
			page = kmap_local_page(boot_pfn_to_page(entry >> PAGE_SHIFT));
			done = fn(dest, page, arg);
			kunmap_local(page);
			if (done)
				return;
			dest += PAGE_SIZE;
			cond_resched();
		}
	}
}

/**
 * struct pram_reader - a part of an image that is being copied
 * @addr: where it will be, physical address
 * @buf: where it goes
 * @len: how many bytes
 * @done: how many of these have been found
 */
struct pram_reader {
	unsigned long addr;
	void *buf;
	size_t len;
	size_t done;
};

static bool pram_read_page(unsigned long dest, const void *page, void *arg)
{
	struct pram_reader *reader = arg;
	unsigned long start = max(dest, reader->addr);
	unsigned long end = min(dest + PAGE_SIZE, reader->addr + reader->len);

	if (start < end) {
		memcpy(reader->buf + (start - reader->addr),
		       page + (start - dest), end - start);
		reader->done += end - start;
	}
	return reader->done == reader->len;
}

/**
 * kimage_read - copy a part of an image
 * @image: the image, complete
 * @addr: where the part will be when the image runs, physical address
 * @buf: where to copy it to
 * @len: how many bytes
 *
 * What is not in the image is left as it is in @buf.
 *
 * Context: kexec_lock is held; may sleep.
 * Return: how many bytes were found.
 */
size_t kimage_read(struct kimage *image, unsigned long addr, void *buf,
		   size_t len)
{
	struct pram_reader reader = { .addr = addr, .buf = buf, .len = len };

	if (len && addr + len > addr)
		pram_walk_image(image, &reader, pram_read_page);
	return reader.done;
}

static bool pram_marker_good(const struct pram_marker *marker)
{
	return !memcmp(marker->magic, pram_marker.magic,
		       sizeof(marker->magic)) &&
	       marker->inverse[0] == ~marker->min_version &&
	       marker->inverse[1] == ~marker->max_version;
}

/* Is some of this page the initrd's? */
static bool pram_of_initrd(const struct pram_image *info, u64 dest)
{
	u64 end = info->initrd + info->initrd_size;

	if (end < info->initrd)
		end = U64_MAX;
	return info->initrd && dest + PAGE_SIZE > info->initrd && dest < end;
}

static bool pram_find_marker(unsigned long dest, const void *page, void *arg)
{
	struct pram_image *info = arg;
	unsigned int i;

	if (pram_of_initrd(info, dest))
		return false;
	for (i = 0; i < PAGE_SIZE; i += sizeof(struct pram_marker)) {
		const struct pram_marker *marker = page + i;

		if (!pram_marker_good(marker))
			continue;
		info->marker = dest;
		info->cmdline_size = marker->cmdline_size;
		info->node_flags = marker->node_flags;
		info->low_end = marker->low_end;
		info->ram_end = marker->ram_end;
		if (marker->min_version <= PRAM_VERSION &&
		    marker->max_version >= PRAM_VERSION)
			info->version = PRAM_VERSION;
		else
			info->version = marker->max_version;
		return true;
	}
	return false;
}

/* Look for pram= in the first @size bytes of the command line */
static int pram_look_cmdline(struct kimage *image, struct pram_image *info,
			     size_t size)
{
	char *line __free(kfree) = NULL;
	struct pram_said said = { .image = info };
	ssize_t ret;

	info->set = false;
	info->nr_no_ram = 0;
	info->apart = 0;
	info->reserved = 0;
	info->revived = 0;
	info->apart_early = 0;
	info->giant = 0;
	info->vmalloc = 0;
	info->highmem_set = false;
	if (!info->cmdline || !size)
		return 0;
	size = min_t(size_t, size, PRAM_CMDLINE_MAX);
	line = kzalloc(size, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	/* What is longer is cut off, as it will be by the image */
	kimage_read(image, info->cmdline, line, size - 1);
	ret = pram_parse_line(line, &said);
	if (ret < 0)
		return ret;
	info->set = said.set;
	info->pfn = said.param.pfn;
	info->ticket = said.param.ticket;
	return 0;
}

/**
 * pram_image_look - look into an image
 * @image: the image, complete
 * @marker: whether it matters if it keeps PRAM. If not, and it has no pram= on its
 *	command line, there is no search for the marker.
 * @info: returns what can be told
 *
 * Context: kexec_lock is held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_image_look(struct kimage *image, bool marker, struct pram_image *info)
{
	int err;

	memset(info, 0, sizeof(*info));
	err = arch_pram_find_params(image, info);
	if (err == -ENOMEM)
		return err;
	err = pram_look_cmdline(image, info, PRAM_CMDLINE_MAX);
	if (err || !(marker || info->set))
		return err;
	pram_walk_image(image, info, pram_find_marker);
	if (!info->version)
		return 0;
	arch_pram_find_run(image, info);
	err = pram_look_cmdline(image, info, info->cmdline_size);
	arch_pram_limit(info);
	if (info->ram_end)
		info->no_ram[info->nr_no_ram++] =
			(struct pram_range){ info->ram_end, U64_MAX };
	return err;
}

/**
 * pram_image_ours - will the image find the super block?
 * @info: what is known of it
 *
 * Context: pram_lock is held.
 * Return: whether it will, and read it.
 */
bool pram_image_ours(const struct pram_image *info)
{
	lockdep_assert_held(&pram_lock);
	return info->version == PRAM_VERSION && info->set &&
	       info->pfn == pram_super->head.pfn &&
	       info->ticket == pram_ticket();
}

/**
 * pram_image_off - is the image told to lose what is preserved?
 * @info: what is known of it
 *
 * Return: whether it is.
 */
bool pram_image_off(const struct pram_image *info)
{
	return info->set && !info->pfn;
}

static bool pram_is_run(const struct pram_image *info, u64 pfn)
{
	return pfn >= info->run.start && pfn < info->run.end;
}

static bool pram_no_ram(const struct pram_image *info, u64 pfn)
{
	unsigned int i;

	for (i = 0; i < info->nr_no_ram; i++) {
		if (pfn >= info->no_ram[i].start && pfn < info->no_ram[i].end)
			return true;
	}
	return false;
}

/**
 * pram_image_knows - could the image do something with all nodes?
 * @info: what is known of the image
 *
 * What trees consist of is known when they have been described.
 *
 * Context: pram_lock is held.
 * Return: 0; or -ENOEXEC, after pram_refuse().
 */
int pram_image_knows(const struct pram_image *info)
{
	const struct pram_node *node;

	list_for_each_entry(node, &pram_nodes, list) {
		u32 unknown = node->page->flags & ~info->node_flags;
		const char *what = "uses what";

		if (!pram_kept(node) || !unknown)
			continue;
		if (unknown & PRAM_NODE_TREE)
			what = "is a tree, of a version that";
		else if (unknown & PRAM_NODE_ACL)
			what = "has ACLs, which";
		else if (unknown & PRAM_NODE_XATTR)
			what = "has extended attributes, which";
		pram_refuse("node '%s' %s the image does not know: load another, discard it, or give the image pram=off",
			    node->page->name, what);
		return -ENOEXEC;
	}
	return 0;
}

/**
 * pram_image_check - say why what is preserved could not go along
 * @info: what is known of the image, which is not pram_image_off()
 *
 * Context: pram_lock is held.
 * Return: 0; or, after pram_refuse(),
 * -ENOEXEC: the image cannot take over anything, or not all;
 * -EINVAL: it will not be told of this super block, or cannot read it;
 * -EADDRNOTAVAIL: it would overwrite it.
 */
int pram_image_check(const struct pram_image *info)
{
	if (!info->version) {
		pram_refuse("the image is no kernel with CONFIG_PRAM: load one, or discard all nodes, or give it pram=off");
		return -ENOEXEC;
	}
	if (info->version != PRAM_VERSION) {
		pram_refuse("the image reads version %u of the super block, and not %u: load another, or discard all nodes, or give it pram=off",
			    info->version, PRAM_VERSION);
		return -ENOEXEC;
	}
	if (!info->params || !info->cmdline_size) {
		pram_refuse("the image takes no command line from kexec: load another, or discard all nodes");
		return -ENOEXEC;
	}
	if (!info->set) {
		pram_refuse("the image has no valid pram= on its command line, before any --: load it again with pram=$(cat /sys/kernel/mm/pram/super), or with pram=off to lose all");
		return -EINVAL;
	}
	if (pram_super->head.pfn >= pram_image_low(info)) {
		pram_refuse("the super block is where this image of 32 bits cannot read it: load it without vmalloc= and highmem=, or one of 64 bits, or discard all nodes");
		return -EINVAL;
	}
	if (pram_no_ram(info, pram_super->head.pfn)) {
		pram_refuse("mem= or memmap= takes the memory of the super block away from the image: load it again without that, or discard all nodes");
		return -EINVAL;
	}
	if (pram_is_run(info, pram_super->head.pfn)) {
		pram_refuse("the image would unpack itself over the super block: load it elsewhere (kexec -s, --mem-min=), or discard all nodes");
		return -EADDRNOTAVAIL;
	}
	if (pram_image_knows(info))
		return -ENOEXEC;
	if (!pram_image_ours(info)) {
		pram_refuse("the image has the pram= of another kernel on its command line: load it again with pram=$(cat /sys/kernel/mm/pram/super), or with pram=off to lose all");
		return -EINVAL;
	}
	return 0;
}

#include "tests/pram_image_kunit.h"
