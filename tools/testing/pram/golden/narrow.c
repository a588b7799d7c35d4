// SPDX-License-Identifier: GPL-2.0
/*
 * Trees of a kernel of 64 bits in one of 32 bits. Documentation/mm/pram.rst says what
 * that cannot have.
 */
#include "../fuzz/image.h"

#include "../../../../mm/pram.h"

#include "narrow.h"

static u8 *bytes_of_node(const char *name, size_t *len)
{
	struct pram_stream ps;
	size_t room = SZ_1M;
	ssize_t got;
	u8 *bytes;

	bytes = malloc(room);
	sim_assert(bytes);
	sim_assert(!pram_open(name, PRAM_READ, GFP_KERNEL, &ps));
	got = pram_read(&ps, bytes, room);
	sim_assert(got > 0 && (size_t)got < room);
	sim_assert(!pram_close(&ps, PRAM_KEEP));
	*len = got;
	return bytes;
}

static void look_at_inode(struct wide *wide, const u8 *bytes)
{
	struct pram_tmpfs_inode inode;

	memcpy(&inode, bytes, sizeof(inode));
	if (wide->too_wide)
		return;
	if (inode.ino > U32_MAX)
		wide->too_wide = -EOVERFLOW;
	else if (inode.size >> PAGE_SHIFT >= U32_MAX)
		wide->too_wide = -EFBIG;
}

/**
 * wide_of_node - read the description of a tree
 * @wide: what is in it
 * @name: of the node, which stays
 */
void wide_of_node(struct wide *wide, const char *name)
{
	struct pram_tmpfs_rec rec;
	size_t len, at;
	u8 *bytes;

	memset(wide, 0, sizeof(*wide));
	bytes = bytes_of_node(name, &len);
	for (at = sizeof(struct pram_tmpfs_head); at < len; at += rec.len) {
		sim_assert(len - at >= sizeof(rec));
		memcpy(&rec, bytes + at, sizeof(rec));
		at += sizeof(rec);
		sim_assert(len - at >= rec.len);
		if (rec.type == PRAM_TMPFS_OPTIONS)
			memcpy(&wide->options, bytes + at,
			       sizeof(wide->options));
		else if (rec.type == PRAM_TMPFS_INODE &&
			 !IS_ENABLED(CONFIG_64BIT))
			look_at_inode(wide, bytes + at);
	}
	free(bytes);
}

/**
 * wide_options - put options as they were in the place of what this kernel can have
 * @wide: what they were
 * @options: those of the tree that was restored
 *
 * They must be as near as they can be.
 */
void wide_options(const struct wide *wide, struct text_options *options)
{
	const struct pram_tmpfs_options *was = &wide->options;

	if (IS_ENABLED(CONFIG_64BIT))
		return;
	sim_assert(options->blocks == min_t(u64, was->max_blocks, S32_MAX));
	sim_assert(options->inodes == min(was->max_inodes, (u64)U32_MAX / 1024));
	sim_assert(!options->inode64);
	options->blocks = was->max_blocks;
	options->inodes = was->max_inodes;
	options->inode64 = !!(was->flags & PRAM_TMPFS_INODE64);
}
