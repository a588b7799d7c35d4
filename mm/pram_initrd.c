// SPDX-License-Identifier: GPL-2.0
/*
 * How much memory an initramfs takes when it has been unpacked.
 */
#include "pram.h"

/**
 * DOC: Initramfs
 *
 * The size of the files of an initramfs is not known to the loader. It is read from
 * the archive, as far as that is possible without unpacking it:
 *
 * - An archive that is not compressed says so of each file.
 * - gzip has the size in the last four bytes, and several archives may be in a row:
 *   so the header of another is looked for. What is less than the compressed size
 *   is not believed.
 * - zstd and lz4 consist of blocks with a size that can be added up: 128 KiB and
 *   8 MiB at most. Only the last one is smaller.
 * - Of the others, xz, lzma, lzo and bzip2, the ratio is that of the initramfs with
 *   which this kernel has booted, but at least 5: kernel modules and programs are
 *   reduced to a third or a fourth.
 *
 * The kernel unpacks all archives that are in a row, so all are added up.
 */

/* What a file takes besides its contents: inode, dentry, and their share of slabs */
#define PRAM_FILE_OVERHEAD	SZ_1K

#define CPIO_HEADER_SIZE	110
#define CPIO_FILESIZE		54
#define CPIO_NAMESIZE		94

#define GZIP_HEADER_SIZE	10
#define GZIP_RATIO_MAX		1032

#define ZSTD_BLOCK_MAX		SZ_128K
#define LZ4_LEGACY_MAGIC	0x184c2102
#define LZ4_BLOCK_MAX		SZ_8M
#define LZ4_RATIO_MAX		255

/* The bytes [pos, pos + len), at most 256; NULL: there are none, or no more */
static const u8 *pram_peek(struct pram_initrd *initrd, u64 pos, size_t len)
{
	if (pos > initrd->size || len > initrd->size - pos)
		return NULL;
	if (pos < initrd->start || pos + len > initrd->start + initrd->len) {
		initrd->start = pos;
		initrd->len = min_t(u64, PRAM_PEEK_SIZE, initrd->size - pos);
		initrd->len = initrd->read(initrd->arg, pos, initrd->buf,
					   initrd->len);
		cond_resched();
		if (initrd->len < len)
			return NULL;
	}
	return initrd->buf + (pos - initrd->start);
}

/* A number of @nr bytes, the lowest first; 0 behind the end */
static u64 pram_peek_number(struct pram_initrd *initrd, u64 pos,
			    unsigned int nr)
{
	const u8 *byte = pram_peek(initrd, pos, nr);
	u64 number = 0;

	while (byte && nr--)
		number = number << 8 | byte[nr];
	return number;
}

static u64 pram_cpio_number(const u8 *field)
{
	char text[9] = {};
	u32 number;

	memcpy(text, field, 8);
	return kstrtou32(text, 16, &number) ? 0 : number;
}

/* One member of an archive; false: there is none. Moves @pos on. */
static bool pram_unpack_cpio(struct pram_initrd *initrd, u64 *pos, u64 *total)
{
	const u8 *head = pram_peek(initrd, *pos, CPIO_HEADER_SIZE);
	u64 size;

	if (!head || (memcmp(head, "070701", 6) && memcmp(head, "070702", 6)))
		return false;
	size = pram_cpio_number(head + CPIO_FILESIZE);
	*pos += CPIO_HEADER_SIZE + pram_cpio_number(head + CPIO_NAMESIZE);
	*pos = ALIGN(ALIGN(*pos, 4) + size, 4);
	*total += PAGE_ALIGN(size) + PRAM_FILE_OVERHEAD;
	return true;
}

/* See RFC 1952. Chance makes one in 2^37 */
static bool pram_is_gzip(const u8 *head)
{
	return head[0] == 0x1f && head[1] == 0x8b && head[2] == 8 &&
	       head[3] < 0x20 && head[8] <= 4 && !(head[8] & 1) &&
	       (head[9] <= 13 || head[9] == 255);
}

/* Where the next archive begins behind @pos, or all ends */
static u64 pram_next_gzip(struct pram_initrd *initrd, u64 pos)
{
	const u8 *from, *found;
	u64 len;

	while ((from = pram_peek(initrd, pos, GZIP_HEADER_SIZE))) {
		/* As far as there is room for a header */
		len = initrd->start + initrd->len - pos - GZIP_HEADER_SIZE + 1;
		found = memchr(from, 0x1f, len);
		if (found && pram_is_gzip(found))
			return pos + (found - from);
		pos += found ? found - from + 1 : len;
	}
	return initrd->size;
}

/* What the archive in [start, end) says of its size; 0: nothing that can be */
static u64 pram_gzip_size(struct pram_initrd *initrd, u64 start, u64 end)
{
	u64 len = end - start, size, at = end;
	unsigned int i;

	size = pram_peek_number(initrd, end - 4, 4);
	if (size)
		return size >= len ? size : 0;
	/* Behind it there is padding, which is 0, as may be the last bytes of the size */
	while (at > start + GZIP_HEADER_SIZE &&
	       !pram_peek_number(initrd, at - 1, 1))
		at--;
	/* The smallest that can be: one less is as likely as a ratio of 256 */
	for (i = 0; i < 4; i++) {
		size = pram_peek_number(initrd, at - 1 - i, 4);
		if (size >= at - start && size <= (at - start) * GZIP_RATIO_MAX)
			return size;
	}
	return 0;
}

static bool pram_unpack_gzip(struct pram_initrd *initrd, u64 *pos, u64 *total)
{
	const u8 *head = pram_peek(initrd, *pos, GZIP_HEADER_SIZE);
	u64 end, size;

	if (!head || !pram_is_gzip(head))
		return false;
	end = pram_next_gzip(initrd, *pos + GZIP_HEADER_SIZE);
	size = pram_gzip_size(initrd, *pos, end);
	if (!size)
		return false;
	*total += size;
	*pos = end;
	return true;
}

static bool pram_unpack_lz4(struct pram_initrd *initrd, u64 *pos, u64 *total)
{
	u64 len, at = *pos + 4;

	if (pram_peek_number(initrd, *pos, 4) != LZ4_LEGACY_MAGIC)
		return false;
	/* Padding is 0, and another archive begins with the magic number */
	while ((len = pram_peek_number(initrd, at, 4)) &&
	       len != LZ4_LEGACY_MAGIC) {
		*total += min_t(u64, len * LZ4_RATIO_MAX, LZ4_BLOCK_MAX);
		at += 4 + len;
	}
	*pos = at;
	return true;
}

/* See RFC 8878. A frame that can be skipped begins with 0x184d2a50 to ...5f */
static bool pram_unpack_zstd(struct pram_initrd *initrd, u64 *pos, u64 *total)
{
	static const u8 id_size[] = { 0, 1, 2, 4 };
	static const u8 content_size[] = { 0, 2, 4, 8 };
	u64 at = *pos, magic = pram_peek_number(initrd, at, 4), block, len;
	unsigned int flags;

	if (magic >> 4 == 0x184d2a5) {
		*pos += 8 + pram_peek_number(initrd, at + 4, 4);
		return true;
	}
	if (magic != 0xfd2fb528)
		return false;
	flags = pram_peek_number(initrd, at + 4, 1);
	at += 5 + id_size[flags & 3] + content_size[flags >> 6];
	/* A single segment has no size of the window, but one of its contents */
	if (!(flags & BIT(5)) || !(flags >> 6))
		at++;
	do {
		block = pram_peek_number(initrd, at, 3);
		len = block >> 3;
		/* Of repeated bytes there is one */
		at += 3 + ((block >> 1 & 3) == 1 ? 1 : len);
		if ((block >> 1 & 3) == 2)
			len = ZSTD_BLOCK_MAX;
		*total += min_t(u64, len, ZSTD_BLOCK_MAX);
	} while (!(block & 1) && at < initrd->size);
	*pos = at + (flags & BIT(2) ? 4 : 0);
	return true;
}

/**
 * pram_unpacked_size - how much memory an initramfs takes
 * @initrd: the initramfs
 * @ratio: by how much it is compressed, where that cannot be told
 *
 * Context: may sleep.
 * Return: bytes.
 */
u64 pram_unpacked_size(struct pram_initrd *initrd, unsigned int ratio)
{
	u64 pos = 0, total = 0;

	while (pos < initrd->size) {
		const u8 *byte = pram_peek(initrd, pos, 1);

		if (!byte)
			break;
		if (!*byte)
			pos++;
		else if (!pram_unpack_cpio(initrd, &pos, &total) &&
			 !pram_unpack_gzip(initrd, &pos, &total) &&
			 !pram_unpack_lz4(initrd, &pos, &total) &&
			 !pram_unpack_zstd(initrd, &pos, &total))
			break;
	}
	if (pos < initrd->size)
		total += (initrd->size - pos) * ratio;
	return total;
}

#include "tests/pram_initrd_kunit.h"
