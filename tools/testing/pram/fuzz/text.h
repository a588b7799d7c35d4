/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tree as text, so that two can be compared, and differences be read: a line for
 * each name, in the order of directories, depth first, and what belongs to it
 * below.
 */
#ifndef PRAM_FUZZ_TEXT_H
#define PRAM_FUZZ_TEXT_H

#include "../sim.h"
#include "../vfs.h"

/* The mount options of a tree, as shmem_sb_info has them */
struct text_options {
	u64 blocks, inodes;
	u32 mode, uid, gid;
	u8 noswap, inode64, huge, unused;
	u8 uuid[16];
};

/**
 * struct text - a tree
 * @options: of the mount; they are not part of the text
 * @buf: the text
 * @len: how long it is
 * @room: how long it may become
 */
struct text {
	struct text_options options;
	char *buf;
	size_t len;
	size_t room;
};

/**
 * struct text_folio - a folio of a page stream
 * @order: its order
 * @flags: what it was saved with
 * @sum: of each of its pages, by text_sum()
 * @lost: which of them cannot be read
 */
struct text_folio {
	unsigned int order;
	unsigned int flags;
	u32 sum[64];
	u64 lost;
};

/* What both writers say */
struct text_inode {
	u32 mode, uid, gid, rdev;
	u64 ino, size;
	u32 generation, flags;
	u32 write_hint, cookie;
	u64 version, fallocend;
	struct pram_tmpfs_time time[4];
};

/* text.c */
/* A sum over data, as good as any and faster than most */
u32 text_sum(const void *data, size_t size);
void text_free(struct text *text);
bool text_same(const struct text *a, const struct text *b);
bool text_same_options(const struct text *a, const struct text *b);
/* Print where they differ */
void text_differ(const struct text *a, const struct text *b);
u32 text_crc(const struct text *text);

void text_append(struct text *text, const struct text *more);
void text_next(struct text *text, u64 next_ino);
void text_inode(struct text *text, const void *name, size_t len,
		const struct text_inode *inode);
void text_link(struct text *text, const void *name, size_t len, u64 ino,
	       u32 cookie);
void text_target(struct text *text, const void *target, size_t len);
void text_xattr(struct text *text, const char *name, const void *value,
		size_t size);
/* @untouched: nobody has written to it */
void text_page(struct text *text, u64 index, u32 sum, bool untouched);
void text_lost(struct text *text, u64 index);
void text_up(struct text *text, u32 next_cookie);

/*
 * The files of a super block. @restored: they have no pages that have broken, and no
 * folios that are larger than this kernel has in files.
 */
void text_of_tree(struct text *text, struct super_block *sb, bool restored);

/*
 * records.c: the tree that is described by records and folios, by what
 * include/linux/pram_format.h says, in a machine with @nr_ram pages. Returns NULL, or
 * what is wrong with it.
 */
const char *text_of_records(struct text *text, const u8 *bytes, size_t size,
			    const struct text_folio *folio, unsigned int nr,
			    u64 nr_ram);
/* Is that wrong only as long as the mount does not say otherwise? */
bool text_too_small(const char *why);

#endif /* PRAM_FUZZ_TEXT_H */
