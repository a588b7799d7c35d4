// SPDX-License-Identifier: GPL-2.0
/*
 * Damage to what PRAM leaves for the next kernel.
 *
 * It is done after the super block has been sealed, right before the jump. What
 * it shall be is said beforehand, one rule a line:
 *
 *	insmod test_pram_damage.ko
 *	cd /sys/module/test_pram_damage/parameters
 *	echo 'link:vm0:0:1 nr_entries 0' >add
 *	echo 'node:vm1 chain[0].first *node:vm0' >add
 *
 * A rule is PAGE FIELD VALUE, and perhaps "raw". Page numbers count from 0, and
 * STREAM is 0 for pages and 1 for bytes.
 *
 *	PAGE	super, dir:N, node:NAME, link:NAME:STREAM:N, data:NAME:STREAM:N
 *	FIELD	as include/linux/pram_format.h calls it; entry[N].pfn, .order,
 *		.flags or .count; name[N], reserved[N]: one byte; FIRST-LAST:
 *		these bytes of the page
 *	VALUE	a number; ^ and a number to exclusive-or with; * and a PAGE, and
 *		perhaps + or - and a number: the pfn of that. In arrays it goes
 *		to every byte.
 *
 * The checksum in the head of the page is mended unless the rule is raw.
 *
 * A pfn in "reset": the super block is copied there, and the machine is reset
 * before it comes to the jump.
 */
#include <linux/crc32.h>
#include <linux/highmem.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram_format.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <trace/events/pram.h>

#include "../mm/pram_base.h"

#define MAX_RULES	64
#define RULE_LEN	128

enum page_kind {
	KIND_ANY,
	KIND_SUPER,
	KIND_NODE,
	KIND_LINK,
	KIND_DATA,
};

struct page_at {
	enum page_kind	kind;
	u64		pfn;
};

/* Bits of a word, or single bytes, each of which gets the value */
struct field {
	unsigned int	offset;
	unsigned int	shift;
	unsigned int	bits;
	bool		bytes;
};

struct damage {
	struct page_at	at;
	struct field	field;
	u64		value;
	bool		flip;
	bool		raw;
};

static char rules[MAX_RULES][RULE_LEN];
static unsigned int nr_rules;

static const struct field_name {
	enum page_kind	kind;
	const char	*name;
	unsigned int	offset;
	unsigned int	size;
} field_names[] = {
#define FIELD(kind, type, member)					\
	{ kind, #member, offsetof(struct type, member),			\
	  sizeof_field(struct type, member) }
	FIELD(KIND_ANY, pram_link, head.magic),
	FIELD(KIND_ANY, pram_link, head.csum),
	FIELD(KIND_ANY, pram_link, head.pfn),

	FIELD(KIND_SUPER, pram_super, version),
	FIELD(KIND_SUPER, pram_super, size),
	FIELD(KIND_SUPER, pram_super, state),
	FIELD(KIND_SUPER, pram_super, nr_cover),
	FIELD(KIND_SUPER, pram_super, generation),
	FIELD(KIND_SUPER, pram_super, nr_nodes),
	FIELD(KIND_SUPER, pram_super, nr_pages),
	FIELD(KIND_SUPER, pram_super, nr_meta),
	FIELD(KIND_SUPER, pram_super, dir),
	FIELD(KIND_SUPER, pram_super, first),
	FIELD(KIND_SUPER, pram_super, broken),
	FIELD(KIND_SUPER, pram_super, ticket),
	FIELD(KIND_SUPER, pram_super, mark),
	FIELD(KIND_SUPER, pram_super, cover[0].start),
	FIELD(KIND_SUPER, pram_super, cover[0].end),
	FIELD(KIND_SUPER, pram_super, cover[1].start),
	FIELD(KIND_SUPER, pram_super, cover[1].end),
	FIELD(KIND_SUPER, pram_super, report.names),
	FIELD(KIND_SUPER, pram_super, release),
	FIELD(KIND_SUPER, pram_super, reserved),

	FIELD(KIND_NODE, pram_node_page, flags),
	FIELD(KIND_NODE, pram_node_page, csum_mode),
	FIELD(KIND_NODE, pram_node_page, generation),
	FIELD(KIND_NODE, pram_node_page, nr_bytes),
	FIELD(KIND_NODE, pram_node_page, next),
	FIELD(KIND_NODE, pram_node_page, chain[0].first),
	FIELD(KIND_NODE, pram_node_page, chain[0].nr_links),
	FIELD(KIND_NODE, pram_node_page, chain[0].nr_pages),
	FIELD(KIND_NODE, pram_node_page, chain[1].first),
	FIELD(KIND_NODE, pram_node_page, chain[1].nr_links),
	FIELD(KIND_NODE, pram_node_page, chain[1].nr_pages),
	FIELD(KIND_NODE, pram_node_page, name),
	FIELD(KIND_NODE, pram_node_page, absent_size),
	FIELD(KIND_NODE, pram_node_page, reserved),

	FIELD(KIND_LINK, pram_link, next),
	FIELD(KIND_LINK, pram_link, pos),
	FIELD(KIND_LINK, pram_link, nr_entries),
	FIELD(KIND_LINK, pram_link, flags),
};

static const struct {
	const char	*name;
	unsigned int	shift;
	unsigned int	bits;
} entry_parts[] = {
	{ "",		0,			64 },
	{ ".pfn",	0,			PRAM_ENTRY_PFN_BITS },
	{ ".order",	PRAM_ENTRY_ORDER_SHIFT,	5 },
	{ ".flags",	PRAM_ENTRY_FLAGS_SHIFT,	3 },
	{ ".count",	PRAM_ENTRY_COUNT_SHIFT,	16 },
};

static bool set_field(struct field *field, unsigned int offset,
		      unsigned int shift, unsigned int bits)
{
	*field = (struct field){ offset, shift, bits, false };
	return true;
}

static bool set_bytes(struct field *field, unsigned int offset,
		      unsigned int size)
{
	*field = (struct field){ offset, 0, size * 8, true };
	return size && offset < PAGE_SIZE && size <= PAGE_SIZE - offset;
}

/* entry[N], name[N] and the like */
static bool parse_element(const char *name, enum page_kind kind,
			  struct field *field)
{
	const char *bracket = strchr(name, '['), *end;
	unsigned int i, nr;

	end = bracket ? strchr(bracket, ']') : NULL;
	if (!end || sscanf(bracket, "[%u]", &nr) != 1)
		return false;
	if (kind == KIND_LINK && str_has_prefix(name, "entry[")) {
		for (i = 0; i < ARRAY_SIZE(entry_parts); i++) {
			if (!strcmp(end + 1, entry_parts[i].name))
				return nr < PRAM_LINK_ENTRIES &&
				       set_field(field,
						 offsetof(struct pram_link,
							  entry[nr]),
						 entry_parts[i].shift,
						 entry_parts[i].bits);
		}
		return false;
	}
	for (i = 0; i < ARRAY_SIZE(field_names); i++) {
		if (field_names[i].kind == kind && nr < field_names[i].size &&
		    strlen(field_names[i].name) == bracket - name &&
		    str_has_prefix(name, field_names[i].name))
			return set_bytes(field, field_names[i].offset + nr, 1);
	}
	return false;
}

static bool parse_field(const char *name, enum page_kind kind,
			struct field *field)
{
	unsigned int i, first, last;

	for (i = 0; i < ARRAY_SIZE(field_names); i++) {
		const struct field_name *known = &field_names[i];

		if ((known->kind != kind && known->kind != KIND_ANY) ||
		    strcmp(known->name, name))
			continue;
		if (known->size > sizeof(u64))
			return set_bytes(field, known->offset, known->size);
		return set_field(field, known->offset, 0, known->size * 8);
	}
	if (sscanf(name, "%u-%u", &first, &last) == 2)
		return last < PAGE_SIZE &&
		       set_bytes(field, first, last - first + 1);
	return parse_element(name, kind, field);
}

static struct pram_link *link_at(u64 pfn)
{
	return pfn ? pfn_to_kaddr(pfn) : NULL;
}

static u64 find_link(u64 pfn, unsigned long nr)
{
	for (; pfn && nr; nr--)
		pfn = link_at(pfn)->next;
	return pfn;
}

static struct pram_node_page *find_node(const struct pram_super *sb,
					const char *name)
{
	const struct pram_link *dir;
	unsigned int i;

	for (dir = link_at(sb->dir); dir; dir = link_at(dir->next)) {
		for (i = 0; i < dir->nr_entries; i++) {
			struct pram_node_page *node =
				pfn_to_kaddr(dir->entry[i] &
					     PRAM_ENTRY_PFN_MASK);

			if (!strcmp(node->name, name))
				return node;
		}
	}
	return NULL;
}

/* Page @nr of the stream */
static u64 find_data(u64 pfn, unsigned long nr)
{
	const struct pram_link *link;
	unsigned int i;

	for (link = link_at(pfn); link; link = link_at(link->next)) {
		for (i = 0; i < link->nr_entries; i++) {
			u64 entry = link->entry[i];
			u64 pages = (entry >> PRAM_ENTRY_COUNT_SHIFT) <<
				    (entry >> PRAM_ENTRY_ORDER_SHIFT &
				     PRAM_ENTRY_ORDER_MASK);

			if (nr < pages)
				return (entry & PRAM_ENTRY_PFN_MASK) + nr;
			nr -= pages;
		}
	}
	return 0;
}

static bool find_page(char *text, const struct pram_super *sb,
		      struct page_at *at)
{
	const char *kind = strsep(&text, ":"), *name;
	unsigned long stream, nr;
	struct pram_node_page *node;

	*at = (struct page_at){ KIND_SUPER, sb->head.pfn };
	if (!strcmp(kind, "super"))
		return !text;
	if (!text)
		return false;
	if (!strcmp(kind, "dir")) {
		at->kind = KIND_LINK;
		at->pfn = kstrtoul(text, 0, &nr) ? 0 : find_link(sb->dir, nr);
		return at->pfn;
	}
	name = strsep(&text, ":");
	node = find_node(sb, name);
	if (!node)
		return false;
	at->kind = KIND_NODE;
	at->pfn = node->head.pfn;
	if (!strcmp(kind, "node"))
		return !text;
	if (!text || sscanf(text, "%lu:%lu", &stream, &nr) != 2 ||
	    stream >= PRAM_NR_CHAINS)
		return false;
	if (!strcmp(kind, "link")) {
		at->kind = KIND_LINK;
		at->pfn = find_link(node->chain[stream].first, nr);
	} else if (!strcmp(kind, "data")) {
		at->kind = KIND_DATA;
		at->pfn = find_data(node->chain[stream].first, nr);
	} else {
		return false;
	}
	return at->pfn;
}

static bool parse_value(char *text, const struct pram_super *sb,
			struct damage *damage)
{
	struct page_at at;
	s64 add = 0;
	char *sign;

	if (*text == '*') {
		sign = strpbrk(text, "+-");
		if (sign && kstrtos64(sign, 0, &add))
			return false;
		if (sign)
			*sign = '\0';
		if (!find_page(text + 1, sb, &at))
			return false;
		damage->value = at.pfn + add;
		return true;
	}
	damage->flip = *text == '^';
	text += damage->flip;
	if (*text == '-')
		return !kstrtos64(text, 0, (s64 *)&damage->value);
	return !kstrtou64(text, 0, &damage->value);
}

static bool parse_rule(const char *rule, const struct pram_super *sb,
		       struct damage *damage)
{
	char copy[RULE_LEN], *left = copy, *page, *field, *value;

	strscpy(copy, rule);
	page = strsep(&left, " ");
	field = strsep(&left, " ");
	value = strsep(&left, " ");
	damage->raw = left && !strcmp(left, "raw");
	return value && (!left || damage->raw) &&
	       find_page(page, sb, &damage->at) &&
	       parse_field(field, damage->at.kind, &damage->field) &&
	       parse_value(value, sb, damage);
}

static void do_damage(const struct damage *damage)
{
	const struct field *field = &damage->field;
	/* Data may be in high memory */
	struct pram_head *head = kmap_local_page(pfn_to_page(damage->at.pfn));
	size_t skip = offsetof(struct pram_head, pfn);
	u8 *bytes = (u8 *)head + field->offset;
	u64 word = 0, mask;
	unsigned int i;

	if (field->bytes) {
		for (i = 0; i < field->bits / 8; i++)
			bytes[i] = damage->value ^ (damage->flip ? bytes[i] : 0);
	} else {
		size_t size = DIV_ROUND_UP(field->shift + field->bits, 8);

		mask = GENMASK_ULL(field->shift + field->bits - 1,
				   field->shift);
		memcpy(&word, bytes, size);
		if (damage->flip)
			word ^= damage->value << field->shift & mask;
		else
			word = (word & ~mask) |
			       (damage->value << field->shift & mask);
		memcpy(bytes, &word, size);
	}
	if (!damage->raw && damage->at.kind != KIND_DATA &&
	    bytes != (u8 *)&head->csum)
		head->csum = crc32c(~0, (u8 *)head + skip, PAGE_SIZE - skip);
	kunmap_local(head);
}

static ulong reset;
module_param(reset, ulong, 0600);
MODULE_PARM_DESC(reset, "Reset the machine, with a copy of the super block there (pfn)");

static void reset_machine(const struct pram_super *sb)
{
	struct pram_super *copy = pfn_to_kaddr(reset);
	size_t skip = offsetof(struct pram_head, pfn);

	memcpy(copy, sb, sizeof(*copy));
	copy->head.pfn = reset;
	copy->head.csum = crc32c(~0, (u8 *)copy + skip, PAGE_SIZE - skip);
	pr_info("test_pram_damage: resetting\n");
	emergency_restart();
}

/* All pages are looked up before the first one changes */
static void sealed(void *unused, const struct pram_super *sb)
{
	static struct damage damage[MAX_RULES];
	unsigned int i;

	for (i = 0; i < nr_rules; i++) {
		if (!parse_rule(rules[i], sb, &damage[i])) {
			pr_err("test_pram_damage: not ok - %s\n", rules[i]);
			return;
		}
	}
	for (i = 0; i < nr_rules; i++) {
		do_damage(&damage[i]);
		pr_info("test_pram_damage: %s: page 0x%llx value 0x%llx\n",
			rules[i], damage[i].at.pfn, damage[i].value);
	}
	if (reset)
		reset_machine(sb);
}

static int add_rule(const char *val, const struct kernel_param *kp)
{
	const char *end = strchrnul(val, '\n');

	if (nr_rules == MAX_RULES)
		return -ENOSPC;
	if (end - val >= RULE_LEN)
		return -ENAMETOOLONG;
	memcpy(rules[nr_rules], val, end - val);
	nr_rules++;
	return 0;
}

static const struct kernel_param_ops add_ops = {
	.set = add_rule,
};
module_param_cb(add, &add_ops, NULL, 0200);
MODULE_PARM_DESC(add, "Write a rule");

static int __init test_pram_damage_init(void)
{
	return register_trace_pram_seal(sealed, NULL);
}
module_init(test_pram_damage_init);

static void __exit test_pram_damage_exit(void)
{
	unregister_trace_pram_seal(sealed, NULL);
	tracepoint_synchronize_unregister();
}
module_exit(test_pram_damage_exit);

MODULE_DESCRIPTION("Damage to memory that is kept over kexec, for tests");
MODULE_LICENSE("GPL");
