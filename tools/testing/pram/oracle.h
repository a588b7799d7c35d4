/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What there should be: a plain model of nodes and of what is in them, in
 * memory that is handed from one kernel to the next beside the simulated one.
 */
#ifndef _ORACLE_H
#define _ORACLE_H

#include "sim.h"

#define O_MAX_PFN	0x180000UL
#define O_MAX_NODES	1200
#define O_MAX_FOLIOS	(128 * 1024U)

enum o_state {
	O_NONE,		/* there is no such node */
	O_WRITING,
	O_READY,
	O_READING,
	O_LOST,		/* was, and cannot be found by the next kernel */
};

/**
 * struct o_folio - a folio in a node
 * @pfn: where it is
 * @content: what its pages hold, see o_fill()
 * @base: index of its first page in what was saved as one
 * @next: the next one of the node; 0: none
 * @pool: index + 1 in the pool, while a user has a reference, too; else 0
 * @order: its order
 * @flags: as it was saved with
 * @bad: its data has been damaged; in a node without checksums nobody can tell
 */
struct o_folio {
	u64	pfn;
	u64	content;
	u32	base;
	u32	next;
	u32	pool;
	u8	order;
	u8	flags;
	bool	bad;
};

/**
 * struct o_node - a node; its name is made from its index
 * @state: enum o_state
 * @csum: has data checksums
 * @wipe: is wiped
 * @flags: what other flags of PRAM_NODE_* it has
 * @unknown: was damaged in a way that leaves it valid, perhaps: may be missing,
 *	and if it is there, its contents are not known
 * @maybe: intact, but another node may have claimed pages of it
 * @sealed: pfn of its page, as the next kernel is told
 * @first: its first folio; 0: none
 * @last: its last folio
 * @nr_folios: how many
 * @nr_pages: how many pages they have
 * @nr_bytes: length of the byte stream
 * @bad_byte: index + 1 of a page of bytes that has been damaged; 0: none
 * @broken_byte: the same of a page whose memory has broken in this kernel
 * @broken_pfn: where that is
 * @key: what the bytes are made from, see o_byte()
 * @generation: of the kernel that created it
 */
struct o_node {
	u8	state;
	bool	csum;
	bool	wipe;
	u8	flags;
	bool	unknown;
	bool	maybe;
	u64	sealed;
	u32	first;
	u32	last;
	u32	nr_folios;
	u64	nr_pages;
	u64	nr_bytes;
	u64	bad_byte;
	u64	broken_byte;
	u64	broken_pfn;
	u64	key;
	u64	generation;
};

/**
 * struct o_reached - how often that was tested which is not to be forgotten
 * @avoided: the decompressor has avoided what was then taken over
 * @grown: memblock's array had to grow for what was taken over
 * @broken: pages of nodes have broken
 * @broken_moved: they had been copied for the next kernel before
 * @broken_listed: they were on the list for the next kernel
 * @broken_refused: a kexec would have had to move them
 * @free: it has avoided nothing, and nothing was taken over
 * @vain: it has avoided what the kernel refused for other reasons
 * @refused: kexecs that were refused for what is in the image
 * @writing: and for a node that is being written
 * @off: kexecs that went ahead and lost nodes, by pram=off
 * @stale: super blocks that were refused after a reset, or another kernel
 * @super_moved: times that the super block has made way for an image
 */
struct o_reached {
	u32	avoided;
	u32	free;
	u32	vain;
	u32	refused;
	u32	writing;
	u32	off;
	u32	stale;
	u32	super_moved;
	u32	grown;
	u32	broken;
	u32	broken_moved;
	u32	broken_refused;
	u32	broken_listed;
	u32	scratch;
};

/* oracle.owner[]: a node is its index + 1 */
#define O_OWNER_SUPER	0xffff
#define O_OWNER_META	0x4000	/* a node's metadata */
#define O_OWNER_DIR	0xf000	/* + number of the page of the directory */
#define O_OWNER_BROKEN	0xfffe	/* the list of broken pages */

/**
 * struct oracle - all that is known
 * @seed: of this run
 * @boot: how many kernels have run before
 * @boots: how many are to run
 * @ops: operations to do in each
 * @done: operations that were done, in all
 * @reached: and of what tests there were, how many
 * @full: the RAM of the machine; a kernel may see less
 * @image: what is loaded: its segments are where the next kernel starts
 * @super: pfn that the next kernel is given with pram=; 0: none
 * @ticket: and the ticket
 * @mark: what the next kernel finds in the register
 * @between: and what ran before it is another kernel, with pram=off
 * @report: what it is told besides
 * @accept: and it is to accept it
 * @any_super: or perhaps not
 * @any_generation: what the super block says of that may be wrong
 * @any_report: likewise
 * @forged: there is damaged metadata with good checksums
 * @dir_lost: a page of the directory is damaged
 * @doubts: which may have taken the place of something that is intact
 * @generation: kexecs that the super block has survived
 * @nr_sealed: nodes in the directory
 * @sealed: which, in that order
 * @nr_free: entries in @free_folio
 */
struct oracle {
	u64			seed;
	u64			boot;
	u64			boots;
	u64			ops;
	u64			done;
	struct o_reached	reached;
	struct sim_machine	full;
	struct sim_machine	next;
	u64			super;
	u64			ticket;
	u64			mark;
	struct pram_report	report;
	bool			between;
	bool			accept;
	bool			any_super;
	bool			any_generation;
	bool			any_report;
	bool			forged;
	bool			dir_lost;
	bool			doubts;
	u64			generation;
	u32			nr_sealed;
	u16			sealed[O_MAX_NODES];
	u32			nr_folios;
	u32			free_folios;
	u32			nr_free_folios;
	struct o_node		node[O_MAX_NODES];
	u16			owner[O_MAX_PFN];
	struct o_folio		folio[O_MAX_FOLIOS];
};

#ifdef CONFIG_64BIT
#define ORACLE	((struct oracle *)0x400000000000UL)
#else
#define ORACLE	((struct oracle *)0xc8000000UL)
#endif

/* oracle.c */
void o_map(int fd);
const char *o_name(unsigned int node);
int o_find(const char *name);
u32 o_new_folio(void);
void o_add_folio(struct o_node *node, u32 folio);
void o_clear_node(struct o_node *node);
void o_free_after(struct o_node *node, u32 folio);
void o_fill(u64 pfn, u64 nr, u64 content, u32 base);
bool o_filled(u64 pfn, u64 nr, u64 content, u32 base);
void o_bytes(u64 key, u64 pos, u8 *buf, size_t len);

/* walk.c */
void walk_live(void);
void walk_sealed(const struct kimage *image);
struct pram_super;
bool walk_covered(const struct pram_super *sb, u64 pfn);
u32 walk_crc(const void *page);
bool walk_secret(u64 pfn);

/* corrupt.c */
/* What a page is */
enum kind {
	SUPER,
	DIR,
	NODE,
	LINK,
	DATA,
	BROKEN,
	NR_KINDS
};

enum kind kind_of(u64 pfn);
void corrupt(void);
void clean_up_forged(void);

#endif /* _ORACLE_H */
