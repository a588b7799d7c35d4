// SPDX-License-Identifier: GPL-2.0
/*
 * Small allocations. They are malloc()'s, so that the address sanitizer knows
 * their bounds, and any of them can be made to fail.
 */
#include "sim.h"

#include <sanitizer/asan_interface.h>

unsigned long sim_fail_at;
bool sim_fail_all;
unsigned long sim_nr_faults;

unsigned long sim_nr_kmalloc;
unsigned long sim_nr_xa_nodes;

struct kmem_cache *radix_tree_node_cachep;

bool sim_should_fail(gfp_t gfp)
{
	if (sim_stopped)
		sim_fail("allocating when all has stopped");
	if (gfp & __GFP_DIRECT_RECLAIM)
		might_sleep();
	if (!sim_fail_at || gfp & __GFP_NOFAIL)
		return false;
	if (sim_fail_at > 1) {
		sim_fail_at--;
		return false;
	}
	if (!sim_fail_all)
		sim_fail_at = 0;
	sim_nr_faults++;
	return true;
}

/* In front of every object, out of bounds for all but this file */
struct object {
	struct object *next;
	struct object **pprev;
	size_t size;
	unsigned long *count;
};

static struct object *objects;

static void *object_alloc(size_t size, gfp_t gfp, unsigned long *count)
{
	struct object *obj;

	if (sim_should_fail(gfp))
		return NULL;
	/* The kernel's has a limit, too, and no pfn is so large */
	if (size > SZ_64M)
		sim_fail("allocation of %zu bytes", size);
	obj = malloc(sizeof(*obj) + size);
	if (!obj)
		sim_fail("malloc of %zu bytes failed", size);
	obj->size = size;
	obj->count = count;
	obj->next = objects;
	obj->pprev = &objects;
	if (objects) {
		ASAN_UNPOISON_MEMORY_REGION(objects, sizeof(*obj));
		objects->pprev = &obj->next;
		ASAN_POISON_MEMORY_REGION(objects, sizeof(*obj));
	}
	objects = obj;
	ASAN_POISON_MEMORY_REGION(obj, sizeof(*obj));
	memset(obj + 1, gfp & __GFP_ZERO ? 0 : 0xa5, size);
	(*count)++;
	return obj + 1;
}

static void object_free(void *p)
{
	struct object *obj = (struct object *)p - 1, *next;

	/* Somebody else's, or freed before: the sanitizer says so, and where */
	ASAN_UNPOISON_MEMORY_REGION(obj, sizeof(*obj));
	next = obj->next;
	if (obj->pprev != &objects)
		ASAN_UNPOISON_MEMORY_REGION((struct object *)obj->pprev,
					    sizeof(*obj));
	*obj->pprev = next;
	if (obj->pprev != &objects)
		ASAN_POISON_MEMORY_REGION((struct object *)obj->pprev,
					  sizeof(*obj));
	if (next) {
		ASAN_UNPOISON_MEMORY_REGION(next, sizeof(*next));
		next->pprev = obj->pprev;
		ASAN_POISON_MEMORY_REGION(next, sizeof(*next));
	}
	(*obj->count)--;
	free(obj);
}

/* Free all, on behalf of a kernel that is no more */
void sim_slab_reset(void)
{
	while (objects)
		object_free(objects + 1);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	return object_alloc(size, gfp, &sim_nr_kmalloc);
}

void kfree(const void *p)
{
	if (p)
		object_free((void *)p);
}

bool slab_is_available(void)
{
	return sim_nr_pages(SIM_BOOT) == 0;
}

/* There is one cache: nodes of xarrays */
void *kmem_cache_alloc_lru(struct kmem_cache *cache, struct list_lru *lru,
			   gfp_t gfp)
{
	struct xa_node *node = object_alloc(sizeof(*node), gfp | __GFP_ZERO,
					    &sim_nr_xa_nodes);

	if (node)
		INIT_LIST_HEAD(&node->private_list);
	return node;
}

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	object_free(p);
}

void radix_tree_node_rcu_free(struct rcu_head *head)
{
	kmem_cache_free(NULL, container_of(head, struct xa_node, rcu_head));
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	size_t len = strnlen(s, max);
	char *p = kmalloc(len + 1, gfp);

	if (p) {
		memcpy(p, s, len);
		p[len] = 0;
	}
	return p;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return kstrndup(s, SIZE_MAX, gfp);
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = kmalloc(len + 1, gfp);
	if (p) {
		va_start(ap, fmt);
		vsnprintf(p, len + 1, fmt, ap);
		va_end(ap);
	}
	return p;
}
