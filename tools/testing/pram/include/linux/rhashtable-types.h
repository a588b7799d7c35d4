/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of a hash table as extended attributes want: a list.
 */
#ifndef _LINUX_RHASHTABLE_TYPES_H
#define _LINUX_RHASHTABLE_TYPES_H

#include <linux/jhash.h>

struct rhash_head {
	struct rhash_head	*next;
};

struct rhashtable {
	struct rhash_head	*first;
	atomic_t		nelems;
};

struct rhashtable_compare_arg {
	struct rhashtable	*ht;
	const void		*key;
};

struct rhashtable_params {
	size_t	head_offset;
	u32	(*hashfn)(const void *data, u32 len, u32 seed);
	u32	(*obj_hashfn)(const void *obj, u32 len, u32 seed);
	int	(*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *obj);
	bool	automatic_shrinking;
};

#define rhashtable_init(ht, params)	((void)(ht), (void)(params), 0)
#define rhashtable_destroy(ht)		((void)(ht))

static inline void *rhashtable_lookup_fast(struct rhashtable *ht, const void *key,
					   struct rhashtable_params params)
{
	struct rhashtable_compare_arg arg = { .ht = ht, .key = key };
	struct rhash_head *head;

	for (head = ht->first; head; head = head->next) {
		void *obj = (void *)head - params.head_offset;

		if (!params.obj_cmpfn(&arg, obj))
			return obj;
	}
	return NULL;
}

static inline int rhashtable_insert_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	head->next = ht->first;
	ht->first = head;
	ht->nelems.counter++;
	return 0;
}

static inline int rhashtable_remove_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	struct rhash_head **p = &ht->first;

	while (*p && *p != head)
		p = &(*p)->next;
	if (!*p)
		return -ENOENT;
	*p = head->next;
	ht->nelems.counter--;
	return 0;
}

static inline int rhashtable_replace_fast(struct rhashtable *ht,
					  struct rhash_head *old,
					  struct rhash_head *head,
					  struct rhashtable_params params)
{
	int err = rhashtable_remove_fast(ht, old, params);

	return err ?: rhashtable_insert_fast(ht, head, params);
}

#endif /* _LINUX_RHASHTABLE_TYPES_H */
