// SPDX-License-Identifier: GPL-2.0
/*
 * The byte stream of a tmpfs tree as text: names and properties, but not what
 * extended attributes and files hold.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decode.h"
#include "pramctl.h"

/* The longest record is an extended attribute */
#define RECORD_MAX	(sizeof(struct pram_tmpfs_xattr) + 255 + 65536)

/* Deeper than any path that can be used */
#define DEPTH_MAX	4096

/**
 * struct bytes - a reader of the byte stream
 * @mem: where it is read from
 * @walk: where that is in it
 * @offset: where it is in @mem->stream
 * @page: the page that is being read
 * @at: how much of that has been read
 * @pfn: the next page of the entry
 * @count: how many of these are left
 * @left: bytes of the stream that have not been read
 */
struct bytes {
	const struct memory *mem;
	struct walk walk;
	off_t offset;
	unsigned char page[PRAM_PAGE_SIZE];
	unsigned int at;
	uint64_t pfn;
	uint64_t count;
	uint64_t left;
};

static const char *next_stream_page(struct bytes *bytes)
{
	unsigned int len = 0;
	ssize_t got;

	do {
		got = pread(bytes->mem->stream, bytes->page + len,
			    PRAM_PAGE_SIZE - len, bytes->offset + len);
		len += got > 0 ? got : 0;
	} while (got > 0 && len < PRAM_PAGE_SIZE);
	if (got < 0)
		return "the byte stream cannot be read";
	/* What is read ends where the stream says that it does */
	memset(bytes->page + len, 0, PRAM_PAGE_SIZE - len);
	bytes->offset += PRAM_PAGE_SIZE;
	bytes->at = 0;
	return len ? NULL : "the byte stream is shorter than it says";
}

static const char *next_page(struct bytes *bytes)
{
	uint64_t entry;

	if (bytes->mem->stream >= 0)
		return next_stream_page(bytes);
	if (!bytes->count) {
		if (!walk_next(&bytes->walk, &entry))
			return bytes->walk.why ? bytes->walk.why :
			       "the byte stream is shorter than it says";
		bytes->pfn = entry_pfn(entry);
		bytes->count = entry_pages(entry);
	}
	if (bytes->mem->read(bytes->mem->arg, bytes->pfn, bytes->page))
		return "a page cannot be read";
	bytes->pfn++;
	bytes->count--;
	bytes->at = 0;
	return NULL;
}

static const char *read_bytes(struct bytes *bytes, void *to, size_t len)
{
	const char *why;
	size_t part;

	if (len > bytes->left)
		return "a record goes beyond the end of the byte stream";
	for (; len; len -= part, to = (char *)to + part) {
		if (bytes->at == PRAM_PAGE_SIZE) {
			why = next_page(bytes);
			if (why)
				return why;
		}
		part = PRAM_PAGE_SIZE - bytes->at;
		part = part < len ? part : len;
		memcpy(to, bytes->page + bytes->at, part);
		bytes->at += part;
		bytes->left -= part;
	}
	return NULL;
}

/* Anything but what is printable is in octal: it goes to a terminal */
static void print_text(FILE *out, const unsigned char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '\\')
			fprintf(out, "\\%03o", text[i]);
		else
			fputc(text[i], out);
	}
}

static void print_time(FILE *out, const char *name,
		       const struct pram_tmpfs_time *time)
{
	fprintf(out, " %s %" PRId64 ".%09u", name, (int64_t)time->sec,
		time->nsec);
}

static const char *print_inode(FILE *out, const unsigned char *data, size_t len,
			       unsigned int *depth)
{
	struct pram_tmpfs_inode inode;

	if (len < sizeof(inode) || len > sizeof(inode) + 255)
		return "an inode has a bad length";
	memcpy(&inode, data, sizeof(inode));
	fprintf(out, "inode %" PRIu64 " ", (uint64_t)inode.ino);
	print_text(out, data + sizeof(inode), len - sizeof(inode));
	fprintf(out, "%s mode %o owner %u:%u links %u size %" PRIu64,
		S_ISDIR(inode.mode) ? "/" : "", inode.mode, inode.uid,
		inode.gid, inode.nlink, (uint64_t)inode.size);
	if (S_ISCHR(inode.mode) || S_ISBLK(inode.mode))
		fprintf(out, " device %x", inode.rdev);
	fprintf(out, " flags %x cookie %u", inode.flags, inode.cookie);
	print_time(out, "mtime", &inode.mtime);
	print_time(out, "ctime", &inode.ctime);
	fputc('\n', out);
	if (S_ISDIR(inode.mode) && ++*depth > DEPTH_MAX)
		return "directories are too deep";
	return NULL;
}

static const char *print_options(FILE *out, const unsigned char *data,
				 size_t len)
{
	struct pram_tmpfs_options options;

	if (len < sizeof(options) || len > sizeof(options) + PRAM_TMPFS_MPOL_MAX)
		return "the options have a bad length";
	memcpy(&options, data, sizeof(options));
	fprintf(out, "options size %" PRIu64 " pages, %" PRIu64 " inodes, mode %o owner %u:%u flags %x huge %u",
		(uint64_t)options.max_blocks, (uint64_t)options.max_inodes,
		options.mode, options.uid, options.gid, options.flags,
		options.huge);
	if (len > sizeof(options)) {
		fputs(" mpol=", out);
		print_text(out, data + sizeof(options), len - sizeof(options));
	}
	fputc('\n', out);
	return NULL;
}

static const char *print_xattr(FILE *out, const unsigned char *data, size_t len)
{
	struct pram_tmpfs_xattr xattr;

	if (len < sizeof(xattr))
		return "an attribute has a bad length";
	memcpy(&xattr, data, sizeof(xattr));
	len -= sizeof(xattr);
	if (!xattr.name_len || xattr.name_len > 255 || xattr.name_len > len)
		return "an attribute has a bad name";
	fputs("attribute ", out);
	print_text(out, data + sizeof(xattr), xattr.name_len);
	fprintf(out, " of %zu bytes\n", len - xattr.name_len);
	return NULL;
}

static const char *print_link(FILE *out, const unsigned char *data, size_t len)
{
	struct pram_tmpfs_link link;

	if (len <= sizeof(link) || len > sizeof(link) + 255)
		return "a link has a bad length";
	memcpy(&link, data, sizeof(link));
	fputs("link ", out);
	print_text(out, data + sizeof(link), len - sizeof(link));
	fprintf(out, " to inode %" PRIu64 " cookie %u\n", (uint64_t)link.ino,
		link.cookie);
	return NULL;
}

static const char *print_extent(FILE *out, const unsigned char *data, size_t len,
				const char *what)
{
	struct pram_tmpfs_extent extent;

	if (len != sizeof(extent))
		return "an extent has a bad length";
	memcpy(&extent, data, sizeof(extent));
	fprintf(out, "%s page %" PRIu64 ", %" PRIu64 " pages\n", what,
		(uint64_t)extent.index, (uint64_t)extent.nr_pages);
	return NULL;
}

static const char *print_up(FILE *out, const unsigned char *data, size_t len,
			    unsigned int *depth)
{
	struct pram_tmpfs_up up;

	if (len != sizeof(up) || !*depth)
		return "a directory ends where there is none";
	memcpy(&up, data, sizeof(up));
	fprintf(out, "up, next cookie %u\n", up.next_cookie);
	--*depth;
	return NULL;
}

static const char *print_record(FILE *out, uint32_t type,
				const unsigned char *data, size_t len,
				unsigned int *depth)
{
	fprintf(out, "  %*s", *depth < 40 ? (int)*depth : 40, "");
	switch (type) {
	case PRAM_TMPFS_END:
		fputs("end\n", out);
		return len || *depth ? "the tree ends too early" : NULL;
	case PRAM_TMPFS_INODE:
		return print_inode(out, data, len, depth);
	case PRAM_TMPFS_LINK:
		return print_link(out, data, len);
	case PRAM_TMPFS_EXTENT:
		return print_extent(out, data, len, "extent");
	case PRAM_TMPFS_UP:
		return print_up(out, data, len, depth);
	case PRAM_TMPFS_XATTR:
		return print_xattr(out, data, len);
	case PRAM_TMPFS_TARGET:
		fputs("target ", out);
		print_text(out, data, len);
		fputc('\n', out);
		return NULL;
	case PRAM_TMPFS_OPTIONS:
		return print_options(out, data, len);
	case PRAM_TMPFS_LOST:
		return print_extent(out, data, len, "lost");
	default:
		fprintf(out, "record of type %u, %zu bytes\n", type, len);
		return "a record is of a type that is not known";
	}
}

static const char *print_tree(FILE *out, struct bytes *bytes,
			      unsigned char *data)
{
	struct pram_tmpfs_rec rec = { .type = PRAM_TMPFS_INODE };
	unsigned int depth = 0;
	const char *why;

	while (rec.type != PRAM_TMPFS_END) {
		why = read_bytes(bytes, &rec, sizeof(rec));
		if (why)
			return why;
		if (rec.len > RECORD_MAX)
			return "a record is too long";
		why = read_bytes(bytes, data, rec.len);
		if (!why)
			why = print_record(out, rec.type, data, rec.len, &depth);
		if (why)
			return why;
	}
	return bytes->left ? "there is something behind the tree" : NULL;
}

/* Returns what is wrong with it, or NULL; a node that is no tree is all right */
const char *decode_tree(FILE *out, const struct memory *mem,
			const struct pram_node_page *node)
{
	struct bytes *bytes = xrealloc(NULL, sizeof(*bytes));
	unsigned char *data = xrealloc(NULL, RECORD_MAX);
	struct pram_tmpfs_head head;
	const char *why = NULL;

	memset(bytes, 0, sizeof(*bytes));
	bytes->mem = mem;
	bytes->at = PRAM_PAGE_SIZE;
	bytes->left = node->nr_bytes;
	walk_start(&bytes->walk, mem, node, PRAM_BYTES);
	if (node->nr_bytes >= sizeof(head))
		why = read_bytes(bytes, &head, sizeof(head));
	if (why || node->nr_bytes < sizeof(head) ||
	    head.magic != PRAM_TMPFS_MAGIC) {
		if (!why)
			fputs("no tmpfs tree\n", out);
	} else if (head.version != PRAM_TMPFS_VERSION) {
		fprintf(out, "tmpfs tree of version %u, which is not known\n",
			head.version);
	} else {
		fprintf(out, "tmpfs tree of %" PRIu64 " inodes, the next number is %" PRIu64 "\n",
			(uint64_t)head.nr_inodes, (uint64_t)head.next_ino);
		why = print_tree(out, bytes, data);
	}
	free(data);
	free(bytes);
	return why;
}
