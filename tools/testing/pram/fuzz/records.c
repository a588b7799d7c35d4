// SPDX-License-Identifier: GPL-2.0
/*
 * The records of a tree, read once more and plainly, with nothing of the code
 * that is tested: what include/linux/pram_format.h says they may be, and the text
 * of the tree that they make.
 */
#include "text.h"

#define MAX_ENTRIES	4096
#define MAX_XATTRS	64
#define MAX_PAGES	8192

/* A name that has been used */
struct entry {
	unsigned int dir;
	u64 ino;
	unsigned int len;
	u8 name[255];
	u32 cookie;
};

struct attr {
	char name[256];
	const u8 *value;
	size_t size;
};

/*
 * @dir: the directory, as an index in @up counted from 1; 0: outside the root
 * @at: the mode of what more records may be about; 0: nothing
 */
struct reader {
	const u8 *next;
	size_t left;
	const struct text_folio *folio;
	unsigned int nr_folios;
	u64 nr_ram;
	struct text *text;
	unsigned int dir;
	unsigned int up[MAX_ENTRIES];
	unsigned int nr_dirs;
	struct entry entry[MAX_ENTRIES];
	unsigned int nr_entries;
	/* Inodes with several names: numbers */
	u64 linked[MAX_ENTRIES];
	unsigned int nr_linked;
	u32 at;
	bool rooted;
	bool want_target;
	/* Of the last inode, to be written when it is complete */
	struct text_inode inode;
	u8 name[256];
	size_t name_len;
	const u8 *target;
	size_t target_len;
	struct attr attr[MAX_XATTRS];
	unsigned int nr_attrs;
	struct { u64 index; u32 sum; bool lost, untouched; } page[MAX_PAGES];
	unsigned int nr_pages;
	u64 max_ino;
	/* What has been taken of size= and nr_inodes= */
	u64 blocks, inodes, names;
};

static const void *take(struct reader *r, size_t len)
{
	const void *p = r->next;

	if (len > r->left)
		return NULL;
	r->next += len;
	r->left -= len;
	return p;
}

/* Where tmpfs sorts them, it has them in this order */
static int compare_attrs(const void *l, const void *r)
{
	const struct attr *a = l, *b = r;

	return strcmp(b->name, a->name);
}

static int compare_pages(const void *l, const void *r)
{
	const u64 *a = l, *b = r;

	return *a < *b ? -1 : *a > *b;
}

static bool is_acl(const char *name, const char *which)
{
	return !strncmp(name, "system.posix_acl_", 17) &&
	       !strcmp(name + 17, which);
}

/* This ACL, or what is none */
static void put_attrs(struct reader *r, const char *acl)
{
	unsigned int i;

	for (i = 0; i < r->nr_attrs; i++) {
		const struct attr *attr = &r->attr[i];

		if (acl ? is_acl(attr->name, acl) :
			  !is_acl(attr->name, "default") &&
			  !is_acl(attr->name, "access"))
			text_xattr(r->text, attr->name, attr->value,
				   attr->size);
	}
}

static void finish_inode(struct reader *r)
{
	unsigned int i;

	if (!r->at)
		return;
	text_inode(r->text, r->name, r->name_len, &r->inode);
	if (r->target)
		text_target(r->text, r->target, r->target_len);
	if (SIM_XATTRS_SORTED)
		qsort(r->attr, r->nr_attrs, sizeof(r->attr[0]), compare_attrs);
	put_attrs(r, "default");
	put_attrs(r, "access");
	put_attrs(r, NULL);
	qsort(r->page, r->nr_pages, sizeof(r->page[0]), compare_pages);
	for (i = 0; i < r->nr_pages; i++) {
		if (r->page[i].lost)
			text_lost(r->text, r->page[i].index);
		else
			text_page(r->text, r->page[i].index, r->page[i].sum,
				  r->page[i].untouched);
	}
	for (i = 0; i < r->nr_attrs; i++)
		free((void *)r->attr[i].value);
	r->target = NULL;
	r->nr_attrs = 0;
	r->nr_pages = 0;
	r->at = 0;
}

static const char *take_name(struct reader *r, size_t len, u32 cookie)
{
	const u8 *name = take(r, len);
	unsigned int i;

	if (!name)
		return "the end is missing";
	if (!r->dir)
		return "a name outside the root";
	if (!len || len > 255 || memchr(name, 0, len) || memchr(name, '/', len))
		return "a name that cannot be";
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return "a name that is taken";
	for (i = 0; i < r->nr_entries; i++) {
		const struct entry *e = &r->entry[i];

		if (e->dir == r->dir && e->len == len &&
		    !memcmp(e->name, name, len))
			return "a name twice";
		if (e->dir == r->dir && e->cookie == cookie)
			return "two names in one place";
	}
	if (cookie < 3 || cookie >= S32_MAX)
		return "a place that cannot be";
	sim_assert(r->nr_entries < MAX_ENTRIES);
	r->entry[r->nr_entries].dir = r->dir;
	r->entry[r->nr_entries].len = len;
	r->entry[r->nr_entries].cookie = cookie;
	memcpy(r->entry[r->nr_entries++].name, name, len);
	memcpy(r->name, name, len);
	r->name_len = len;
	return NULL;
}

static const char *check_inode(const struct pram_tmpfs_inode *pi)
{
	const struct pram_tmpfs_time time[] = {
		pi->atime, pi->mtime, pi->ctime, pi->btime
	};
	bool dir = S_ISDIR(pi->mode), reg = S_ISREG(pi->mode);
	/* What chattr(1) can set, and what else there can be inherited */
	u32 flags = dir || reg ? 0xf0 : 0xc0;
	unsigned int i;

	if (!dir && !reg && !S_ISLNK(pi->mode) && !S_ISCHR(pi->mode) &&
	    !S_ISBLK(pi->mode) && !S_ISFIFO(pi->mode) && !S_ISSOCK(pi->mode))
		return "no such type";
	if (pi->mode & ~0177777U)
		return "a mode of more than 16 bits";
	if (pi->uid == ~0U || pi->gid == ~0U)
		return "nobody's";
	if (reg ? pi->size > S64_MAX : pi->size)
		return "a size";
	if (!pi->nlink || (dir && pi->nlink != 1))
		return "no names";
	if (pi->flags & ~flags)
		return "flags";
	if (pi->reserved)
		return "reserved";
	if (pi->write_hint > 5)
		return "a hint that is none";
	if (pi->fallocend > (reg ? 1ULL << 51 : 0))
		return "pages reserved where none can be";
	for (i = 0; i < ARRAY_SIZE(time); i++) {
		if (time[i].nsec >= 1000000000 || time[i].reserved)
			return "a time";
	}
	return NULL;
}

static const char *take_inode(struct reader *r, size_t len)
{
	const struct pram_tmpfs_inode *p;
	struct pram_tmpfs_inode pi;
	const char *why;

	if (len < sizeof(pi))
		return "a short inode";
	p = take(r, sizeof(pi));
	if (!p)
		return "the end is missing";
	memcpy(&pi, p, sizeof(pi));
	why = check_inode(&pi);
	if (why)
		return why;
	if (!r->rooted) {
		if (!S_ISDIR(pi.mode) || len != sizeof(pi) || pi.cookie)
			return "no root";
		r->name_len = 0;
	} else {
		why = take_name(r, len - sizeof(pi), pi.cookie);
		if (why)
			return why;
	}
	r->rooted = true;
	r->inodes++;
	r->names++;
	r->inode = (struct text_inode){
		.mode = pi.mode,
		.uid = pi.uid,
		.gid = pi.gid,
		.rdev = S_ISCHR(pi.mode) || S_ISBLK(pi.mode) ? pi.rdev : 0,
		.ino = pi.ino,
		.size = pi.size,
		.generation = pi.generation,
		.flags = pi.flags,
		.write_hint = pi.write_hint,
		.cookie = pi.cookie,
		.version = pi.version,
		.fallocend = pi.fallocend,
		.time = { pi.atime, pi.mtime, pi.ctime, pi.btime },
	};
	r->max_ino = max(r->max_ino, pi.ino);
	r->want_target = S_ISLNK(pi.mode);
	r->at = pi.mode;
	if (pi.nlink > 1)
		r->linked[r->nr_linked++] = pi.ino;
	if (S_ISDIR(pi.mode)) {
		r->up[r->nr_dirs++] = r->dir;
		r->dir = r->nr_dirs;
	}
	return NULL;
}

static const char *take_link(struct reader *r, size_t len)
{
	struct pram_tmpfs_link link;
	const char *why;
	unsigned int i;
	const void *p;

	if (len < sizeof(link))
		return "a short link";
	p = take(r, sizeof(link));
	if (!p)
		return "the end is missing";
	memcpy(&link, p, sizeof(link));
	if (link.reserved)
		return "reserved";
	why = take_name(r, len - sizeof(link), link.cookie);
	if (why)
		return why;
	r->names++;
	for (i = 0; i < r->nr_linked; i++) {
		if (r->linked[i] == link.ino) {
			text_link(r->text, r->name, r->name_len, link.ino,
				  link.cookie);
			return NULL;
		}
	}
	return "a name of nothing";
}

static const char *take_target(struct reader *r, size_t len)
{
	const u8 *target = take(r, len);

	if (!r->want_target)
		return "a target of nothing";
	if (!target)
		return "the end is missing";
	if (!len || len > 4095 || memchr(target, 0, len))
		return "a target that cannot be";
	r->want_target = false;
	r->target = target;
	r->target_len = len;
	r->inode.size = len;
	return NULL;
}

/* A list of entries in the order in which they have to be, of acl(5) */
static const char *take_acl(struct attr *attr, u8 *value)
{
	static const u16 order[] = { 1, 2, 4, 8, 16, 32 };
	unsigned int at, seen = 0, i;
	u32 version;

	if (attr->size < 4 + 8 || (attr->size - 4) % 8)
		return "an ACL of such a size";
	memcpy(&version, value, 4);
	if (version != 2)
		return "an ACL of another version";
	for (at = 4; at < attr->size; at += 8) {
		u16 tag, perm;
		u32 id;

		memcpy(&tag, value + at, 2);
		memcpy(&perm, value + at + 2, 2);
		memcpy(&id, value + at + 4, 4);
		for (i = 0; i < ARRAY_SIZE(order) && order[i] != tag; i++)
			;
		if (i == ARRAY_SIZE(order) || perm & ~7)
			return "an ACL with such an entry";
		if (tag == 2 || tag == 8) {
			if (id == ~0U)
				return "an ACL of nobody";
		} else {
			if (seen & tag)
				return "an ACL with an entry twice";
			/* Says nothing */
			memset(value + at + 4, 0xff, 4);
		}
		if (tag > 1 && !(seen & 1))
			return "an ACL without an owner";
		if (seen & ~(2 * tag - 1))
			return "an ACL in disorder";
		seen |= tag;
	}
	if (!(seen & 1) || !(seen & 4) || !(seen & 32) ||
	    (seen & (2 | 8) && !(seen & 16)))
		return "an ACL with an entry missing";
	return NULL;
}

static const char *check_attr(const struct reader *r, struct attr *attr,
			      u8 *value)
{
	static const char * const prefix[] = { "user.", "trusted.", "security." };
	bool deflt = is_acl(attr->name, "default");
	unsigned int i;

	if (deflt || is_acl(attr->name, "access")) {
		if (S_ISLNK(r->at) || (deflt && !S_ISDIR(r->at)))
			return "an ACL of what cannot have one";
		return take_acl(attr, value);
	}
	for (i = 0; i < ARRAY_SIZE(prefix); i++) {
		size_t len = strlen(prefix[i]);

		if (!strncmp(attr->name, prefix[i], len) && attr->name[len])
			return NULL;
	}
	return "an attribute that tmpfs does not have";
}

static void keep_attr(struct reader *r, const struct attr *attr)
{
	unsigned int i;

	for (i = 0; i < r->nr_attrs; i++) {
		if (strcmp(r->attr[i].name, attr->name))
			continue;
		free((void *)r->attr[i].value);
		r->attr[i] = *attr;
		return;
	}
	sim_assert(r->nr_attrs < MAX_XATTRS);
	r->attr[r->nr_attrs++] = *attr;
}

static const char *take_xattr(struct reader *r, size_t len)
{
	const struct pram_tmpfs_xattr *p;
	struct pram_tmpfs_xattr xattr;
	struct attr attr = {};
	const char *why;
	const u8 *data;
	u8 *value;

	if (!r->at || r->want_target)
		return "an attribute of nothing";
	if (len < sizeof(xattr))
		return "a short attribute";
	p = take(r, sizeof(xattr));
	if (!p)
		return "the end is missing";
	memcpy(&xattr, p, sizeof(xattr));
	len -= sizeof(xattr);
	if (!xattr.name_len || xattr.name_len > 255 || xattr.reserved ||
	    xattr.name_len > len || len - xattr.name_len > 65536)
		return "an attribute that cannot be";
	data = take(r, len);
	if (!data)
		return "the end is missing";
	if (memchr(data, 0, xattr.name_len))
		return "the name of an attribute";
	memcpy(attr.name, data, xattr.name_len);
	attr.size = len - xattr.name_len;
	value = malloc(attr.size + 1);
	sim_assert(value);
	memcpy(value, data + xattr.name_len, attr.size);
	attr.value = value;
	why = check_attr(r, &attr, value);
	if (why)
		free(value);
	else
		keep_attr(r, &attr);
	return why;
}

static const char *take_page(struct reader *r, u64 index, u32 sum, bool lost,
			     bool untouched)
{
	unsigned int i;

	for (i = 0; i < r->nr_pages; i++) {
		if (r->page[i].index == index)
			return "a page twice";
	}
	sim_assert(r->nr_pages < MAX_PAGES);
	r->page[r->nr_pages].index = index;
	r->page[r->nr_pages].lost = lost;
	r->page[r->nr_pages].untouched = untouched;
	r->blocks++;
	r->page[r->nr_pages++].sum = sum;
	return NULL;
}

static const char *take_pages(struct reader *r, u64 index, u64 *left)
{
	const struct text_folio *folio = r->folio;
	const char *why = NULL;
	u64 nr, i;

	if (!r->nr_folios)
		return "no pages left";
	r->folio++;
	r->nr_folios--;
	nr = 1ULL << folio->order;
	if (nr > *left || index % nr || folio->flags & ~PRAM_TMPFS_UNTOUCHED)
		return "a folio that does not fit";
	for (i = 0; i < nr && !why; i++)
		why = take_page(r, index + i, folio->sum[i],
				folio->lost >> i & 1,
				folio->flags & PRAM_TMPFS_UNTOUCHED);
	*left -= nr;
	return why;
}

/* @lost: of pages that have been lost, and are not in the page stream */
static const char *take_extent(struct reader *r, size_t len, bool lost)
{
	const u64 max = (1ULL << 51), *p;
	const char *why = NULL;
	u64 index, left;

	if (!S_ISREG(r->at))
		return "pages of no file";
	if (len != 16)
		return "an extent of such a size";
	p = take(r, 16);
	if (!p)
		return "the end is missing";
	memcpy(&index, p, 8);
	memcpy(&left, p + 1, 8);
	if (!left || left > max || index > max - left)
		return "pages where none can be";
	if (lost && left > r->nr_ram)
		return "more pages lost than there are";
	while (left && !why) {
		u64 was = left;

		if (lost)
			why = take_page(r, index, 0, left--, false);
		else
			why = take_pages(r, index, &left);
		index += was - left;
	}
	return why;
}

static const char *take_end(struct reader *r, size_t len)
{
	if (r->dir || !r->rooted || len)
		return "an end in the midst";
	if (r->nr_folios)
		return "pages left";
	return r->left ? "something behind the end" : NULL;
}

/* What the mount of the tree said */
static const char *take_options(struct reader *r, struct text_options *to)
{
	struct pram_tmpfs_options opts;
	struct pram_tmpfs_rec rec;
	const void *p;

	p = take(r, sizeof(rec));
	if (!p)
		return "no options";
	memcpy(&rec, p, sizeof(rec));
	if (rec.type != PRAM_TMPFS_OPTIONS || rec.len < sizeof(opts) ||
	    rec.len - sizeof(opts) > 1024)
		return "something else for the options";
	p = take(r, sizeof(opts));
	if (!p)
		return "the end is missing";
	memcpy(&opts, p, sizeof(opts));
	/* This machine has one node, and no policy is any good */
	p = take(r, rec.len - sizeof(opts));
	if (!p || memchr(p, 0, rec.len - sizeof(opts)))
		return "a policy";
	if (opts.max_blocks > S64_MAX || opts.max_inodes >= 1ULL << 54 ||
	    opts.mode & ~07777 || opts.uid == ~0U || opts.gid == ~0U ||
	    opts.flags & ~3 || opts.huge > 3 || opts.reserved)
		return "options that cannot be";
	*to = (struct text_options){
		.blocks = opts.max_blocks,
		.inodes = opts.max_inodes,
		.mode = opts.mode,
		.uid = opts.uid,
		.gid = opts.gid,
		.noswap = opts.flags & PRAM_TMPFS_NOSWAP,
		.inode64 = !!(opts.flags & PRAM_TMPFS_INODE64),
		.huge = opts.huge,
	};
	memcpy(to->uuid, opts.uuid, sizeof(opts.uuid));
	return NULL;
}

static const char small_size[] = "more pages than size= allows";
static const char small_inodes[] = "more names than nr_inodes= allows";

bool text_too_small(const char *why)
{
	return why == small_size || why == small_inodes;
}

/* Does it fit, if the next mount says nothing else? */
static const char *check_options(const struct reader *r,
				 const struct text_options *opts)
{
	if (opts->blocks && r->blocks > opts->blocks)
		return small_size;
	if (opts->inodes && r->names > opts->inodes)
		return small_inodes;
	return NULL;
}

static const char *take_up(struct reader *r, size_t len)
{
	struct pram_tmpfs_up up;
	const void *p;

	if (!r->dir || len != sizeof(up))
		return "up from outside the root";
	p = take(r, sizeof(up));
	if (!p)
		return "the end is missing";
	memcpy(&up, p, sizeof(up));
	if (up.reserved || up.next_cookie > S32_MAX)
		return "a next place that cannot be";
	r->dir = r->up[r->dir - 1];
	text_up(r->text, up.next_cookie);
	return NULL;
}

/* Returns false at the end */
static bool take_record(struct reader *r, const char **why)
{
	struct pram_tmpfs_rec rec;
	const void *p = take(r, sizeof(rec));

	*why = "the end is missing";
	if (!p)
		return false;
	memcpy(&rec, p, sizeof(rec));
	*why = "a link without a target";
	if (r->want_target && rec.type != PRAM_TMPFS_TARGET)
		return false;
	switch (rec.type) {
	case PRAM_TMPFS_TARGET:
		*why = take_target(r, rec.len);
		return !*why;
	case PRAM_TMPFS_XATTR:
		*why = take_xattr(r, rec.len);
		return !*why;
	case PRAM_TMPFS_EXTENT:
	case PRAM_TMPFS_LOST:
		*why = take_extent(r, rec.len, rec.type == PRAM_TMPFS_LOST);
		return !*why;
	}
	finish_inode(r);
	switch (rec.type) {
	case PRAM_TMPFS_INODE:
		*why = take_inode(r, rec.len);
		return !*why;
	case PRAM_TMPFS_LINK:
		*why = take_link(r, rec.len);
		return !*why;
	case PRAM_TMPFS_UP:
		*why = take_up(r, rec.len);
		return !*why;
	case PRAM_TMPFS_END:
		*why = take_end(r, rec.len);
		return false;
	}
	*why = "a record of no known type";
	return false;
}

const char *text_of_records(struct text *text, const u8 *bytes, size_t size,
			    const struct text_folio *folio, unsigned int nr,
			    u64 nr_ram)
{
	struct reader *r = calloc(1, sizeof(*r));
	struct text body = {};
	struct pram_tmpfs_head head;
	const char *why = "no head";
	unsigned int i;
	const void *p;

	sim_assert(r);
	r->next = bytes;
	r->left = size;
	r->folio = folio;
	r->nr_folios = nr;
	r->nr_ram = nr_ram;
	r->text = &body;
	text_free(text);
	p = take(r, sizeof(head));
	if (p) {
		memcpy(&head, p, sizeof(head));
		if (head.magic != PRAM_TMPFS_MAGIC ||
		    head.version != PRAM_TMPFS_VERSION)
			why = "another head";
		else
			why = take_options(r, &text->options);
		while (!why && take_record(r, &why))
			;
	}
	if (!why && head.nr_inodes != r->inodes)
		why = "another number of inodes";
	if (!why)
		why = check_options(r, &text->options);
	if (!why) {
		text_next(text, max(head.next_ino, r->max_ino + 1));
		text_append(text, &body);
	}
	text_free(&body);
	for (i = 0; i < r->nr_attrs; i++)
		free((void *)r->attr[i].value);
	free(r);
	return why;
}
