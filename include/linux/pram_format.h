/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What PRAM leaves in memory for the next kernel.
 *
 * This header is the whole contract between two kernels. It uses fixed-width
 * types only, so that the decompressor and user-space tools can include it.
 * All fields are little endian, a page is 4 KiB, and a "pfn" is a physical
 * address divided by 4096. 0 as a pfn means "none": the first MiB is never
 * preserved.
 *
 *	pram=<pfn>.<ticket> ---> super block ---> directory ---> directory ...
 *	                           |  cover[]        |  |
 *	                           |               node  node -> node -> node ...
 *	                           |               |  |
 *	                           | page stream: link+  +link :byte stream
 *	                           |               |      |
 *	                           |              link   link
 *	                           |               |
 *	                           |              ...
 *	                           +-> broken pages: link ---> link ...
 *
 * The nodes are listed twice, by the directory and by their own links, so that
 * a damaged page of one or the other hides no node but its own.
 *
 * Every one of these is one page that starts with struct pram_head. The csum
 * of a head covers the page from its pfn field to its end. The own pfn tells a
 * page that was copied or left over from another time from the real one.
 *
 * Reserved fields and unused entries are zero. A reader refuses an object of
 * which it does not know every flag. The version in the super block changes
 * when a reader of an earlier version would misread any of this; a reader
 * takes PRAM_VERSION and nothing else.
 */
#ifndef _LINUX_PRAM_FORMAT_H
#define _LINUX_PRAM_FORMAT_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define PRAM_VERSION		2

#define PRAM_PAGE_SHIFT		12
#define PRAM_PAGE_SIZE		4096

#define PRAM_SUPER_MAGIC	0x534d5250	/* "PRMS" */
#define PRAM_DIR_MAGIC		0x444d5250	/* "PRMD" */
#define PRAM_NODE_MAGIC		0x4e4d5250	/* "PRMN" */
#define PRAM_LINK_MAGIC		0x4c4d5250	/* "PRML" */
#define PRAM_BROKEN_MAGIC	0x424d5250	/* "PRMB" */

/**
 * struct pram_head - the first bytes of every metadata page
 * @magic: which kind of page this is, PRAM_*_MAGIC
 * @csum: crc32c, seed ~0, of the rest of the page, starting with @pfn
 * @pfn: the pfn of this very page
 */
struct pram_head {
	__u32	magic;
	__u32	csum;
	__u64	pfn;
};

/**
 * struct pram_range - a range of pfns
 * @start: the first pfn in the range
 * @end: the first pfn after it
 */
struct pram_range {
	__u64	start;
	__u64	end;
};

#define PRAM_MAX_COVER		64
#define PRAM_RELEASE_LEN	64

/* struct pram_super.state. A kernel takes over a sealed super block only. */
#define PRAM_SUPER_OPEN		0x6e65706f	/* "open": in use, or used up */
#define PRAM_SUPER_SEALED	0x6c616573	/* "seal": complete */

/*
 * struct pram_report.names: strings, each with its NUL, one behind the other,
 * and zeros. The first character says what became of the node whose name
 * follows. Names for which there is no room are left out.
 */
#define PRAM_REPORT_DROPPED	'd'
#define PRAM_REPORT_DISCARDED	'x'
#define PRAM_REPORT_NAMES	2048

/**
 * struct pram_report - what a kernel hands over besides the nodes
 * @nr_dropped: nodes of the kernel before it that it could not use
 * @nr_discarded: nodes that it was told to discard
 * @nr_moved: pages that were migrated for this kexec
 * @nr_split: folios that were migrated in pieces
 * @nr_remote: pages that were migrated to another NUMA node
 * @names: of the first two, PRAM_REPORT_*
 */
struct pram_report {
	__u64	nr_dropped;
	__u64	nr_discarded;
	__u64	nr_moved;
	__u64	nr_split;
	__u64	nr_remote;
	char	names[PRAM_REPORT_NAMES];
};

/*
 * A mark has so many bits: it is the value of a register (arch_pram_set_mark())
 * that takes addresses only.
 */
#define PRAM_MARK_BITS		47

/**
 * struct pram_super - the one page that the next kernel is told of
 * @head: magic PRAM_SUPER_MAGIC
 * @version: PRAM_VERSION
 * @size: size of this structure, in bytes
 * @state: PRAM_SUPER_OPEN or PRAM_SUPER_SEALED
 * @nr_cover: valid entries in @cover
 * @generation: how many kexecs this memory had survived when it was sealed
 * @nr_nodes: nodes in the directory
 * @nr_pages: preserved pages of data
 * @nr_meta: preserved pages of metadata, without this one and the list @broken
 * @dir: pfn of the first directory page; 0: no nodes
 * @first: pfn of the first node
 * @broken: pfn of the first link with broken pages; 0: none are known
 * @ticket: random number of the kernel that sealed this, and on the command
 *	line of the kernel that it is for
 * @mark: random number of this kexec; 0: not sealed. Nobody is shown it. It is
 *	left in a register that survives a kexec and no reset
 * @release: release string of the kernel that sealed this, NUL padded
 * @cover: ranges that contain this page and every page of every node, in
 *	ascending order, neither overlapping nor adjoining
 * @report: what else there is to say
 * @nr_wipe: nodes with PRAM_NODE_WIPE
 * @reserved: zero
 */
struct pram_super {
	struct pram_head	head;
	__u32			version;
	__u32			size;
	__u32			state;
	__u32			nr_cover;
	__u64			generation;
	__u64			nr_nodes;
	__u64			nr_pages;
	__u64			nr_meta;
	__u64			dir;
	__u64			first;
	__u64			broken;
	__u64			ticket;
	__u64			mark;
	char			release[PRAM_RELEASE_LEN];
	struct pram_range	cover[PRAM_MAX_COVER];
	struct pram_report	report;
	__u64			nr_wipe;
	__u8			reserved[808];
};

static_assert(sizeof(struct pram_head) == 16);
static_assert(sizeof(struct pram_range) == 16);
static_assert(offsetof(struct pram_report, names) == 40);
static_assert(sizeof(struct pram_report) == 40 + PRAM_REPORT_NAMES);
static_assert(offsetof(struct pram_super, version) == 16);
static_assert(offsetof(struct pram_super, state) == 24);
static_assert(offsetof(struct pram_super, dir) == 64);
static_assert(offsetof(struct pram_super, cover) == 168);
static_assert(offsetof(struct pram_super, report) == 1192);
static_assert(offsetof(struct pram_super, nr_wipe) == 3280);
static_assert(sizeof(struct pram_super) == PRAM_PAGE_SIZE);

/*
 * An entry of a link or of the directory stands for `count` folios of one
 * order which follow each other in memory, the first at `pfn`:
 *
 *	 63           48 47   45 44   40 39                             0
 *	+---------------+-------+-------+--------------------------------+
 *	|     count     | flags | order |              pfn               |
 *	+---------------+-------+-------+--------------------------------+
 *
 * pfn is a multiple of 1 << order and count is at least 1. The flags are those
 * the folio was saved with: they belong to the user and mean nothing to PRAM.
 */
#define PRAM_ENTRY_PFN_BITS	40
#define PRAM_ENTRY_ORDER_SHIFT	40
#define PRAM_ENTRY_ORDER_MASK	0x1fULL
#define PRAM_ENTRY_FLAGS_SHIFT	45
#define PRAM_ENTRY_FLAGS_MASK	0x7ULL
#define PRAM_ENTRY_COUNT_SHIFT	48
#define PRAM_ENTRY_COUNT_MAX	0xffffULL
#define PRAM_ENTRY_PFN_MASK	((1ULL << PRAM_ENTRY_PFN_BITS) - 1)

/*
 * struct pram_link.flags: the last nr_entries words of 32 bits of the page
 * are the crc32c (seed ~0) of the folios that the entries stand for, the last
 * word that of the first entry. There is room for fewer entries then, and each
 * stands for one folio. All links of a node have this flag, or none.
 *
 * Of a folio that is known to be damaged, or whose memory is broken, the word is
 * PRAM_DATA_BAD; it need not be read to know. A crc32c of less than
 * PRAM_DATA_CSUM_MIN is written as PRAM_DATA_CSUM_MIN, so no word is 0.
 */
#define PRAM_LINK_CSUM		0x1

#define PRAM_DATA_BAD		1
#define PRAM_DATA_CSUM_MIN	2

#define PRAM_LINK_ENTRIES	507
#define PRAM_LINK_ENTRIES_CSUM	338

/**
 * struct pram_link - a piece of a stream, of the directory, or of a list of pages
 * @head: magic PRAM_LINK_MAGIC, PRAM_DIR_MAGIC or PRAM_BROKEN_MAGIC
 * @next: pfn of the next link; 0: this is the last
 * @pos: position of the first entry: in pages of the stream or list, or in nodes
 * @nr_entries: used entries; at least 1
 * @flags: PRAM_LINK_*; none but in streams
 * @entry: what is preserved, in the order in which it was saved
 *
 * In the directory each entry is the pfn of one node, order 0 and count 1. In
 * the list of broken pages each is a run of pages, of order 0, whose memory
 * must not be read.
 */
struct pram_link {
	struct pram_head	head;
	__u64			next;
	__u64			pos;
	__u32			nr_entries;
	__u32			flags;
	__u64			entry[PRAM_LINK_ENTRIES];
};

static_assert(offsetof(struct pram_link, entry) == 40);
static_assert(sizeof(struct pram_link) == PRAM_PAGE_SIZE);
static_assert(PRAM_LINK_ENTRIES_CSUM * (sizeof(__u64) + sizeof(__u32)) <=
	      PRAM_LINK_ENTRIES * sizeof(__u64));

/* The streams of a node, as indices of struct pram_node_page.chain */
#define PRAM_PAGES		0	/* folios of any order */
#define PRAM_BYTES		1	/* bytes, in single pages */
#define PRAM_NR_CHAINS		2

/**
 * struct pram_chain - where a stream is
 * @first: pfn of the first link; 0: the stream is empty
 * @nr_links: links
 * @nr_pages: pages of data
 */
struct pram_chain {
	__u64	first;
	__u64	nr_links;
	__u64	nr_pages;
};

#define PRAM_NAME_MAX		255

/*
 * struct pram_node_page.flags
 *
 * PRAM_NODE_WIPE: the memory of the node is cleared before it becomes free.
 *
 * PRAM_NODE_ABSENT: the pages of the page stream are not backed, and not touched. There
 * are no bytes, no checksums of data and no other flags. Who cannot do anything with
 * the node may free the pages. It has a name of its own kind: a node without this flag
 * may have the same.
 *
 * PRAM_NODE_TREE: the byte stream is a tmpfs tree in version 2 of that format. Another
 * version has another flag.
 *
 * PRAM_NODE_XATTR, PRAM_NODE_ACL: inodes of the tree have extended attributes, or ACLs.
 */
#define PRAM_NODE_WIPE		0x1
#define PRAM_NODE_ABSENT	0x2
#define PRAM_NODE_TREE		0x4
#define PRAM_NODE_XATTR		0x8
#define PRAM_NODE_ACL		0x10
#define PRAM_NODE_KNOWN		0x1f

/*
 * Of them those that a kernel can do something with. It passes on nodes with the others,
 * but is no kernel to change to with them.
 */
#define PRAM_NODE_USED							\
	(PRAM_NODE_WIPE | PRAM_NODE_ABSENT |				\
	 (IS_ENABLED(CONFIG_PRAM_TMPFS) ? PRAM_NODE_TREE : 0) |		\
	 (IS_ENABLED(CONFIG_TMPFS_XATTR) ? PRAM_NODE_XATTR : 0) |	\
	 (IS_ENABLED(CONFIG_TMPFS_POSIX_ACL) ? PRAM_NODE_ACL : 0))

/*
 * struct pram_marker.node_flags, no flag of a node: the image takes heed of the list of
 * broken pages. One that does not would read them.
 */
#define PRAM_KNOWS_BROKEN	0x80000000

/* The same: the image boots in KHO's scratch areas, if it is handed over any */
#define PRAM_KNOWS_KHO		0x40000000

/* struct pram_node_page.csum_mode: which data its links carry checksums of */
#define PRAM_CSUM_NONE		0
#define PRAM_CSUM_DATA		1	/* both streams */

/**
 * struct pram_node_page - a node
 * @head: magic PRAM_NODE_MAGIC
 * @flags: PRAM_NODE_*
 * @csum_mode: PRAM_CSUM_*
 * @generation: generation of the kernel in which the node was created
 * @nr_bytes: length of the byte stream
 * @next: pfn of the next node, in the order of the directory; 0: the last
 * @chain: the streams; PRAM_BYTES has as many pages as @nr_bytes takes
 * @name: NUL padded; see pram_open() for what a name may be
 * @absent_size: with PRAM_NODE_ABSENT: the size that the device has been told, in
 *	units of its own; else 0
 * @reserved: zero
 */
struct pram_node_page {
	struct pram_head	head;
	__u32			flags;
	__u32			csum_mode;
	__u64			generation;
	__u64			nr_bytes;
	__u64			next;
	struct pram_chain	chain[PRAM_NR_CHAINS];
	char			name[PRAM_NAME_MAX + 1];
	__u64			absent_size;
	__u8			reserved[3736];
};

static_assert(sizeof(struct pram_chain) == 24);
static_assert(offsetof(struct pram_node_page, chain) == 48);
static_assert(offsetof(struct pram_node_page, name) == 96);
static_assert(offsetof(struct pram_node_page, absent_size) == 352);
static_assert(sizeof(struct pram_node_page) == PRAM_PAGE_SIZE);

/**
 * struct pram_marker - what says of an image that it keeps PRAM
 * @magic: PRAM_MARKER_MAGIC
 * @min_version: the first version of the super block that it reads
 * @max_version: the last
 * @inverse: ~@min_version and ~@max_version
 * @cmdline_size: how many bytes of its command line it reads, the last one for
 *	the NUL
 * @node_flags: which flags of nodes it can do something with, PRAM_NODE_USED; and
 *	PRAM_KNOWS_*
 * @low_end: the pfn behind the memory that the image can always access, where metadata
 *	has to be, and room to boot; 0: it can access all
 * @ram_end: the pfn behind the memory that it has any use for; 0: it is not limited
 * @reserved: zero
 *
 * One is in a part of every image that is not compressed, at an address that is
 * a multiple of its size.
 */
struct pram_marker {
	__u8	magic[16];
	__u32	min_version;
	__u32	max_version;
	__u32	inverse[2];
	__u32	cmdline_size;
	__u32	node_flags;
	__u32	low_end;
	__u32	ram_end;
	__u32	reserved[4];
};

#define PRAM_MARKER_MAGIC						\
	{ 0x7f, 'P', 'R', 'A', 'M', 0xf0, 0x9b, 0x1c,			\
	  'k', 'e', 'e', 'p', 's', 0xd3, 0x00, 0x8e }

/* To be defined as __used and __aligned(sizeof(struct pram_marker)) */
#define PRAM_MARKER(size, low, ram)					\
	{								\
		.magic = PRAM_MARKER_MAGIC,				\
		.min_version = PRAM_VERSION,				\
		.max_version = PRAM_VERSION,				\
		.inverse = { ~(__u32)PRAM_VERSION, ~(__u32)PRAM_VERSION }, \
		.cmdline_size = (size),					\
		.node_flags = PRAM_NODE_USED |				\
			(IS_ENABLED(CONFIG_MEMORY_FAILURE) ?		\
			 PRAM_KNOWS_BROKEN : 0) |			\
			(IS_ENABLED(CONFIG_KEXEC_HANDOVER) ?		\
			 PRAM_KNOWS_KHO : 0),				\
		.low_end = (low),					\
		.ram_end = (ram),					\
	}

static_assert(offsetof(struct pram_marker, low_end) == 40);
static_assert(sizeof(struct pram_marker) == 64);

/*
 * A tmpfs tree is a node whose byte stream is a struct pram_tmpfs_head and
 * then records in depth-first order, each starting with struct pram_tmpfs_rec:
 *
 *	tree:	OPTIONS INODE(root, empty name) XATTR* inside UP END
 *	inside:	{ INODE(directory) XATTR* inside UP
 *		| INODE(symbolic link) TARGET XATTR*
 *		| INODE(regular file) XATTR* { EXTENT | LOST }*
 *		| INODE(any other) XATTR*
 *		| LINK }*
 *
 * The page stream holds the folios of the extents in the order of the records. An
 * inode with several names has its INODE where the first one is, and a LINK for
 * each of the others. A folio with the flag PRAM_TMPFS_UNTOUCHED holds nothing: it
 * has been allocated by fallocate(2), and nobody has written to it.
 */
#define PRAM_TMPFS_MAGIC	0x74706d74	/* "tmpt" */
#define PRAM_TMPFS_VERSION	2

/* What PRAM_NODE_TREE says of a node */
static_assert(PRAM_TMPFS_VERSION == 2);

enum pram_tmpfs_type {
	PRAM_TMPFS_END		= 0,
	PRAM_TMPFS_INODE	= 1,	/* struct pram_tmpfs_inode, name */
	PRAM_TMPFS_LINK		= 2,	/* struct pram_tmpfs_link, name */
	PRAM_TMPFS_EXTENT	= 3,	/* struct pram_tmpfs_extent */
	PRAM_TMPFS_UP		= 4,	/* struct pram_tmpfs_up */
	PRAM_TMPFS_XATTR	= 5,	/* struct pram_tmpfs_xattr, name, value */
	PRAM_TMPFS_TARGET	= 6,	/* of a symbolic link */
	PRAM_TMPFS_OPTIONS	= 7,	/* struct pram_tmpfs_options, mpol= */
	PRAM_TMPFS_LOST		= 8,	/* struct pram_tmpfs_extent */
};

/* The flags of a folio in the page stream */
#define PRAM_TMPFS_UNTOUCHED	0x1

/**
 * struct pram_tmpfs_head - the start of the description of a tree
 * @magic: PRAM_TMPFS_MAGIC
 * @version: PRAM_TMPFS_VERSION
 * @next_ino: the number that the next new inode would have had
 * @nr_inodes: how many there are in the tree
 */
struct pram_tmpfs_head {
	__u32	magic;
	__u32	version;
	__u64	next_ino;
	__u64	nr_inodes;
};

/**
 * struct pram_tmpfs_rec - the start of a record
 * @type: enum pram_tmpfs_type
 * @len: bytes that follow
 */
struct pram_tmpfs_rec {
	__u32	type;
	__u32	len;
};

/* struct pram_tmpfs_options.flags */
#define PRAM_TMPFS_NOSWAP	0x1
#define PRAM_TMPFS_INODE64	0x2
#define PRAM_TMPFS_FLAGS	0x3

/* struct pram_tmpfs_options.huge */
#define PRAM_TMPFS_HUGE_NEVER	0
#define PRAM_TMPFS_HUGE_ALWAYS	1
#define PRAM_TMPFS_HUGE_SIZE	2	/* within_size */
#define PRAM_TMPFS_HUGE_ADVISE	3

/* How long what is said of mpol= may be */
#define PRAM_TMPFS_MPOL_MAX	1024

/**
 * struct pram_tmpfs_options - the mount options of a tree
 * @max_blocks: size=, in pages; 0: no limit
 * @max_inodes: nr_inodes=; 0: no limit
 * @mode: mode=, that is what the root directory had at first
 * @uid: uid=, in the initial user namespace
 * @gid: gid=
 * @flags: PRAM_TMPFS_NOSWAP and others
 * @huge: huge=, PRAM_TMPFS_HUGE_*
 * @reserved: zero
 * @uuid: that of the super block, which f_fsid of statfs(2) is made from
 *
 * What follows is mpol=, without a NUL; nothing: there is none.
 */
struct pram_tmpfs_options {
	__u64	max_blocks;
	__u64	max_inodes;
	__u32	mode;
	__u32	uid;
	__u32	gid;
	__u32	flags;
	__u32	huge;
	__u32	reserved;
	__u8	uuid[16];
};

struct pram_tmpfs_time {
	__s64	sec;
	__u32	nsec;
	__u32	reserved;
};

/**
 * struct pram_tmpfs_inode - an inode
 * @mode: type and permissions
 * @uid: owner, in the initial user namespace
 * @gid: likewise
 * @rdev: of a device: 32 bits as in stat(2)
 * @ino: its number
 * @size: of a regular file, in bytes; else 0
 * @generation: for file handles
 * @flags: FS_*_FL, as chattr(1) sets them
 * @nlink: how many names it has; 1 if it is a directory
 * @write_hint: F_SET_RW_HINT of fcntl(2)
 * @version: i_version, as it is in the inode
 * @fallocend: behind the last page that fallocate(2) has reserved in a regular
 *	file, in pages; else 0
 * @cookie: the place of the name in its directory, for telldir(3), which no other
 *	name in it has; 0: the root
 * @reserved: zero
 * @atime: times
 * @mtime: likewise
 * @ctime: likewise
 * @btime: when it was made
 */
struct pram_tmpfs_inode {
	__u32			mode;
	__u32			uid;
	__u32			gid;
	__u32			rdev;
	__u64			ino;
	__u64			size;
	__u32			generation;
	__u32			flags;
	__u32			nlink;
	__u32			write_hint;
	__u64			version;
	__u64			fallocend;
	__u32			cookie;
	__u32			reserved;
	struct pram_tmpfs_time	atime;
	struct pram_tmpfs_time	mtime;
	struct pram_tmpfs_time	ctime;
	struct pram_tmpfs_time	btime;
};

/**
 * struct pram_tmpfs_link - one more name of an inode
 * @ino: its number
 * @cookie: the place of the name in its directory
 * @reserved: zero
 */
struct pram_tmpfs_link {
	__u64	ino;
	__u32	cookie;
	__u32	reserved;
};

/**
 * struct pram_tmpfs_up - the end of a directory, and back to its parent
 * @next_cookie: where the next new name in it will be
 * @reserved: zero
 */
struct pram_tmpfs_up {
	__u32	next_cookie;
	__u32	reserved;
};

/**
 * struct pram_tmpfs_xattr - an extended attribute, or an ACL as one
 * @name_len: length of the name; what is behind that is the value
 * @reserved: zero
 */
struct pram_tmpfs_xattr {
	__u32	name_len;
	__u32	reserved;
};

/**
 * struct pram_tmpfs_extent - pages of a file
 * @index: where in the file they begin, in pages
 * @nr_pages: how many follow each other; the folios in the page stream add up
 *	to this, or are none where the pages are lost: they cannot be read
 */
struct pram_tmpfs_extent {
	__u64	index;
	__u64	nr_pages;
};

/* There is no padding, wherever the ABI aligns 64 bits to */
static_assert(sizeof(struct pram_tmpfs_head) == 24);
static_assert(sizeof(struct pram_tmpfs_rec) == 8);
static_assert(offsetof(struct pram_tmpfs_options, mode) == 16);
static_assert(sizeof(struct pram_tmpfs_options) == 56);
static_assert(sizeof(struct pram_tmpfs_time) == 16);
static_assert(offsetof(struct pram_tmpfs_inode, version) == 48);
static_assert(offsetof(struct pram_tmpfs_inode, atime) == 72);
static_assert(sizeof(struct pram_tmpfs_inode) == 136);
static_assert(sizeof(struct pram_tmpfs_link) == 16);
static_assert(sizeof(struct pram_tmpfs_up) == 8);
static_assert(sizeof(struct pram_tmpfs_xattr) == 8);
static_assert(sizeof(struct pram_tmpfs_extent) == 16);

#endif /* _LINUX_PRAM_FORMAT_H */
