/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As in the kernel, and not as in tools/include: u64 is what __u64 is, so that
 * the formats and pointers of kernel code are right here, too.
 */
#ifndef _TOOLS_LINUX_TYPES_H_
#define _TOOLS_LINUX_TYPES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A type, and not a macro: module_param() makes names of it */
#undef bool
typedef _Bool bool;

#include <asm/types.h>
#include <asm/posix_types.h>

typedef __u64 u64;
typedef __s64 s64;
typedef __u32 u32;
typedef __s32 s32;
typedef __u16 u16;
typedef __s16 s16;
typedef __u8 u8;
typedef __s8 s8;

typedef unsigned long pgoff_t;

#define __bitwise
#define __force
#define __user
#define __iomem
#define __must_check
#define __cold

typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;

#define __aligned_u64 __u64 __attribute__((__aligned__(8)))

typedef u64 phys_addr_t;
typedef u64 resource_size_t;
typedef unsigned int gfp_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic_long_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};

#define rcu_head callback_head

#define DECLARE_FLEX_ARRAY(type, name) type name[]
#define struct_group_tagged(tag, name, ...)				\
	union {								\
		struct { __VA_ARGS__ };					\
		struct tag { __VA_ARGS__ } name;			\
	}

#endif /* _TOOLS_LINUX_TYPES_H_ */
