// SPDX-License-Identifier: GPL-2.0
/*
 * A tree as text; that of a live file system.
 */
#include "text.h"

#include "rules.h"

#include "../../../../mm/pram_base.h"

static void __printf(2, 3) put(struct text *text, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (text->len + len + 1 > text->room) {
		text->room = 2 * text->room + len + 256;
		text->buf = realloc(text->buf, text->room);
		sim_assert(text->buf);
	}
	va_start(ap, fmt);
	text->len += vsnprintf(text->buf + text->len, len + 1, fmt, ap);
	va_end(ap);
}

u32 text_sum(const void *data, size_t size)
{
	u64 sum = size, word;
	size_t at;

	for (at = 0; at < size; at += sizeof(word)) {
		word = 0;
		memcpy(&word, data + at, min(size - at, sizeof(word)));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
		sum ^= sum >> 29;
	}
	return sum >> 32 ^ sum;
}

/* As it is, or as numbers, or, if it is long, its length and sum */
static void put_bytes(struct text *text, const void *data, size_t len)
{
	const u8 *p = data;
	size_t i;

	if (len > 300) {
		put(text, "(%zu bytes, %08x)", len, text_sum(p, len));
		return;
	}
	for (i = 0; i < len; i++) {
		if (p[i] > ' ' && p[i] < 127 && p[i] != '\\')
			put(text, "%c", p[i]);
		else
			put(text, "\\%02x", p[i]);
	}
}

void text_free(struct text *text)
{
	free(text->buf);
	memset(text, 0, sizeof(*text));
}

bool text_same(const struct text *a, const struct text *b)
{
	return a->len == b->len && !memcmp(a->buf, b->buf, a->len);
}

bool text_same_options(const struct text *a, const struct text *b)
{
	return !memcmp(&a->options, &b->options, sizeof(a->options));
}

void text_differ(const struct text *a, const struct text *b)
{
	size_t i = 0, line = 0;

	while (i < min(a->len, b->len) && a->buf[i] == b->buf[i]) {
		if (a->buf[i++] == '\n')
			line = i;
	}
	fprintf(stderr, "not the same: %.*s\n         but: %.*s\n",
		(int)min(a->len - line, 400UL), a->buf + line,
		(int)min(b->len - line, 400UL), b->buf + line);
}

u32 text_crc(const struct text *text)
{
	u32 crc = rules_crc32c(~0, text->buf, text->len);

	return rules_crc32c(crc, &text->options, sizeof(text->options));
}

void text_append(struct text *text, const struct text *more)
{
	put(text, "%.*s", (int)more->len, more->buf);
}

void text_next(struct text *text, u64 next_ino)
{
	put(text, "next %llu\n", next_ino);
}

void text_inode(struct text *text, const void *name, size_t len,
		const struct text_inode *inode)
{
	unsigned int i;

	put_bytes(text, name, len);
	put(text, " %o %u %u %x %llu %llu %x %x", inode->mode, inode->uid,
	    inode->gid, inode->rdev, inode->ino, inode->size,
	    inode->generation, inode->flags);
	for (i = 0; i < ARRAY_SIZE(inode->time); i++)
		put(text, " %lld.%09u", inode->time[i].sec,
		    inode->time[i].nsec);
	put(text, " at %u v%llu hint %u reserved %llu\n", inode->cookie,
	    inode->version, inode->write_hint, inode->fallocend);
}

void text_link(struct text *text, const void *name, size_t len, u64 ino,
	       u32 cookie)
{
	put_bytes(text, name, len);
	put(text, " is %llu at %u\n", ino, cookie);
}

void text_target(struct text *text, const void *target, size_t len)
{
	put(text, " to ");
	put_bytes(text, target, len);
	put(text, "\n");
}

void text_xattr(struct text *text, const char *name, const void *value,
		size_t size)
{
	put(text, " has ");
	put_bytes(text, name, strlen(name));
	put(text, "=");
	put_bytes(text, value, size);
	put(text, "\n");
}

void text_page(struct text *text, u64 index, u32 sum, bool untouched)
{
	if (untouched)
		put(text, " page %llu untouched\n", index);
	else
		put(text, " page %llu %08x\n", index, sum);
}

/* One that cannot be read */
void text_lost(struct text *text, u64 index)
{
	put(text, " page %llu is lost\n", index);
}

void text_up(struct text *text, u32 next_cookie)
{
	put(text, "up, next at %u\n", next_cookie);
}

/*
 * That of a file system
 */
static struct pram_tmpfs_time time_of(struct timespec64 ts)
{
	return (struct pram_tmpfs_time){ ts.tv_sec, ts.tv_nsec };
}

static void acl_of(struct text *text, const char *name,
		   const struct posix_acl *acl)
{
	size_t size;
	void *buf;

	if (!acl || is_uncached_acl(acl))
		return;
	buf = posix_acl_to_xattr(&init_user_ns, acl, &size,
				 GFP_KERNEL | __GFP_NOFAIL);
	sim_assert(buf);
	text_xattr(text, name, buf, size);
	kfree(buf);
}

static void xattrs_of(struct text *text, struct inode *inode)
{
	struct simple_xattr *xattr;

	acl_of(text, XATTR_NAME_POSIX_ACL_DEFAULT, inode->i_default_acl);
	acl_of(text, XATTR_NAME_POSIX_ACL_ACCESS, inode->i_acl);
	pram_for_each_xattr(xattr, inode)
		text_xattr(text, xattr->name, xattr->value, xattr->size);
}

static bool is_restored;

static void folio_of(struct text *text, struct folio *folio,
		     const struct inode *inode, u64 index)
{
	bool untouched = !folio_test_uptodate(folio);
	long i;

	if (is_restored && (folio_order(folio) > sim_max_folio_order ||
			    sim_is_broken(folio_pfn(folio), folio_order(folio))))
		sim_fail("the folio at %llu cannot be in a file", index);
	if (folio->mapping != inode->i_mapping || folio->index != index ||
	    folio_test_locked(folio))
		sim_fail("the folio at %llu does not know where it is", index);
	for (i = 0; i < folio_nr_pages(folio); i++) {
		if (PageHWPoison(folio_page(folio, i)))
			text_lost(text, index + i);
		else
			text_page(text, index + i,
				  untouched ? 0 :
				  text_sum(folio_address(folio) + i * PAGE_SIZE,
					   PAGE_SIZE), untouched);
	}
}

static void pages_of(struct text *text, struct inode *inode)
{
	unsigned long index;
	void *entry;

	xa_for_each(&inode->i_mapping->i_pages, index, entry) {
		if (entry == xa_mk_value(SIM_POISONED))
			text_lost(text, index);
		else if (xa_is_value(entry))
			text_page(text, index,
				  text_sum((void *)xa_to_value(entry),
					   PAGE_SIZE), false);
		else
			folio_of(text, entry, inode, index);
	}
}

static void inode_of(struct text *text, struct dentry *dentry,
		     struct inode *inode)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	bool dir = S_ISDIR(inode->i_mode);
	const struct text_inode ti = {
		.mode = inode->i_mode,
		.uid = inode->i_uid.val,
		.gid = inode->i_gid.val,
		.rdev = S_ISCHR(inode->i_mode) || S_ISBLK(inode->i_mode) ?
			new_encode_dev(inode->i_rdev) : 0,
		.ino = inode->i_ino,
		.size = dir ? 0 : inode->i_size,
		.generation = inode->i_generation,
		.flags = info->fsflags,
		.write_hint = inode->i_write_hint,
		.cookie = IS_ROOT(dentry) ? 0 : dentry->offset,
		.version = inode->version,
		.fallocend = info->fallocend,
		.time = {
			time_of(inode->atime), time_of(inode->mtime),
			time_of(inode->ctime), time_of(info->i_crtime),
		},
	};
	const char *target = inode->i_link ?: info->target;

	text_inode(text, dentry->d_name.name, IS_ROOT(dentry) ? 0 :
		   dentry->d_name.len, &ti);
	if (!dir && inode->i_nlink != inode->names)
		sim_fail("'%s' has %u names, not %u", dentry->d_name.name,
			 inode->names, inode->i_nlink);
	if (!!(info->fsflags & FS_NOATIME_FL) !=
	    !!(inode->i_flags & S_NOATIME))
		sim_fail("'%s' has other flags inside", dentry->d_name.name);
	if (target)
		text_target(text, target, strlen(target));
	xattrs_of(text, inode);
	pages_of(text, inode);
}

/* What readdir() shows, the last one first; returns how many there are */
static unsigned int children_of(struct dentry *dir, struct dentry ***children)
{
	struct xarray *names = &SHMEM_I(dir->d_inode)->dir_offsets.mt.xa;
	unsigned int nr = 0, room = 0;
	struct dentry *child;

	*children = NULL;
	hlist_for_each_entry(child, &dir->d_children, d_sib)
		room++;
	if (!room)
		return 0;
	*children = malloc(room * sizeof(**children));
	sim_assert(*children);
	hlist_for_each_entry(child, &dir->d_children, d_sib) {
		if (child->unhashed)
			continue;
		if (child->d_parent != dir ||
		    xa_load(names, child->offset) != child)
			sim_fail("'%s' does not know where it is",
				 child->d_name.name);
		(*children)[nr++] = child;
	}
	return nr;
}

static void dir_of(struct text *text, struct dentry *dir, struct xarray *seen)
{
	unsigned int nr_dirs = 0, nr;
	struct dentry **children;

	nr = children_of(dir, &children);
	while (nr--) {
		struct dentry *child = children[nr];
		struct inode *inode = child->d_inode;
		unsigned long key = (unsigned long)inode >> 4;

		if (xa_load(seen, key)) {
			text_link(text, child->d_name.name, child->d_name.len,
				  inode->i_ino, child->offset);
			continue;
		}
		xa_store(seen, key, inode, GFP_KERNEL);
		inode_of(text, child, inode);
		if (!S_ISDIR(inode->i_mode))
			continue;
		nr_dirs++;
		dir_of(text, child, seen);
	}
	free(children);
	if (dir->d_inode->i_nlink != 2 + nr_dirs)
		sim_fail("'%s' has %u links", dir->d_name.name,
			 dir->d_inode->i_nlink);
	text_up(text, SHMEM_I(dir->d_inode)->dir_offsets.next_offset);
}

void text_of_tree(struct text *text, struct super_block *sb, bool restored)
{
	struct shmem_sb_info *sbinfo = sb->s_fs_info;
	struct xarray seen;

	is_restored = restored;
	sim_check_tree(sb);
	xa_init(&seen);
	text_free(text);
	text->options = (struct text_options){
		.blocks = sbinfo->max_blocks,
		.inodes = sbinfo->max_inodes,
		.mode = sbinfo->mode,
		.uid = sbinfo->uid.val,
		.gid = sbinfo->gid.val,
		.noswap = sbinfo->noswap,
		.inode64 = sbinfo->full_inums,
		.huge = sbinfo->huge,
	};
	memcpy(text->options.uuid, &sb->s_uuid, sizeof(sb->s_uuid));
	text_next(text, sbinfo->next_ino);
	inode_of(text, sb->s_root, sb->s_root->d_inode);
	dir_of(text, sb->s_root, &seen);
	xa_destroy(&seen);
}
