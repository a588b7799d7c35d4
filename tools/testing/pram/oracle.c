// SPDX-License-Identifier: GPL-2.0
/*
 * The model: its memory, and what contents are made of.
 */
#include "oracle.h"

#include <sys/mman.h>
#include <unistd.h>

void o_map(int fd)
{
	if (ftruncate(fd, sizeof(struct oracle)) ||
	    mmap(ORACLE, sizeof(struct oracle), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, 0) != ORACLE)
		sim_fail("cannot map the oracle: %m");
	/* 0 is no folio */
	if (!ORACLE->nr_folios)
		ORACLE->nr_folios = 1;
}

/* Names of all lengths, with all characters there may be */
const char *o_name(unsigned int node)
{
	static char name[PRAM_NAME_MAX + 1];
	unsigned int len, i;

	len = snprintf(name, sizeof(name), "n%u", node);
	if (node % 8 != 7)
		return name;
	name[len++] = '-';
	for (i = len; i < PRAM_NAME_MAX && i < len + node * 3; i++) {
		name[i] = ' ' + (i + node) % ('~' - ' ' + 1);
		if (name[i] == '/')
			name[i] = '.';
	}
	name[i] = 0;
	return name;
}

/* The node of that name, or -1 */
int o_find(const char *name)
{
	unsigned int node;

	if (sscanf(name, "n%u", &node) != 1 || node >= O_MAX_NODES ||
	    strcmp(name, o_name(node)))
		return -1;
	return node;
}

u32 o_new_folio(void)
{
	struct oracle *o = ORACLE;
	u32 i = o->free_folios;

	if (i) {
		o->free_folios = o->folio[i].next;
		o->nr_free_folios--;
	} else {
		if (o->nr_folios == O_MAX_FOLIOS)
			sim_fail("the oracle is full");
		i = o->nr_folios++;
	}
	o->folio[i] = (struct o_folio){};
	return i;
}

void o_add_folio(struct o_node *node, u32 folio)
{
	struct oracle *o = ORACLE;

	o->folio[folio].next = 0;
	if (node->last)
		o->folio[node->last].next = folio;
	else
		node->first = folio;
	node->last = folio;
	node->nr_folios++;
	node->nr_pages += 1ULL << o->folio[folio].order;
}

/* Nothing is known of the node any more */
void o_clear_node(struct o_node *node)
{
	struct oracle *o = ORACLE;
	u32 i, next;

	for (i = node->first; i; i = next) {
		next = o->folio[i].next;
		o->folio[i].next = o->free_folios;
		o->free_folios = i;
		o->nr_free_folios++;
	}
	*node = (struct o_node){};
}

/*
 * A few words of each page, one of them at a place that depends on what it is:
 * enough to tell any page from any other.
 */
static u64 *some_word(u64 pfn, u64 content)
{
	return (u64 *)sim_phys(pfn) + 1 + content % 510;
}

void o_fill(u64 pfn, u64 nr, u64 content, u32 base)
{
	u64 i;

	for (i = 0; i < nr; i++) {
		u64 *word = sim_phys(pfn + i);
		u64 is = sim_mix(content, base + i);

		word[0] = is;
		word[511] = ~is;
		*some_word(pfn + i, is) = is ^ content;
	}
}

bool o_filled(u64 pfn, u64 nr, u64 content, u32 base)
{
	u64 i;

	for (i = 0; i < nr; i++) {
		u64 *word = sim_phys(pfn + i);
		u64 is = sim_mix(content, base + i);

		if (word[0] != is || word[511] != ~is ||
		    *some_word(pfn + i, is) != (is ^ content))
			return false;
	}
	return true;
}

/* Bytes [pos, pos + len) of a stream */
void o_bytes(u64 key, u64 pos, u8 *buf, size_t len)
{
	u64 word = 0;
	size_t i;

	for (i = 0; i < len; i++, pos++) {
		if (!i || !(pos & 7))
			word = sim_mix(key, pos >> 3);
		buf[i] = word >> 8 * (pos & 7);
	}
}
