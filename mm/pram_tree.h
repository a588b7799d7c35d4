/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tmpfs trees: what those files know of each other that describe and restore them.
 */
#ifndef _MM_PRAM_TREE_H
#define _MM_PRAM_TREE_H

#include "pram.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/maple_tree.h>
#include <linux/pagemap.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/xattr.h>

/* pram_tree.c */
struct super_block *pram_tree_get(const char *name);
void pram_tree_live(struct pram_stream *ps, struct super_block *sb);

/* pram_tree_freeze.c */
int pram_wait(bool (*done)(void *arg), void *arg);
int pram_wait_kexec(void);
int pram_tree_freeze(struct pram_node *node);
void pram_tree_thaw(struct pram_node *node);
bool pram_tree_armed(struct inode *inode);

/* pram_tree_save.c */
int pram_save_tree(struct pram_stream *ps, struct super_block *sb);

/* pram_tree_load.c */
int pram_restore_tree(struct pram_stream *ps, struct super_block *sb);

#endif /* _MM_PRAM_TREE_H */
