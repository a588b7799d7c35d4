/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tmpfs trees: what those files know of each other that describe and restore them.
 */
#ifndef _MM_PRAM_TREE_H
#define _MM_PRAM_TREE_H

#include "pram.h"

#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/iversion.h>
#include <linux/maple_tree.h>
#include <linux/mempolicy.h>
#include <linux/pagemap.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/writeback.h>
#include <linux/xattr.h>

/**
 * struct pram_lost - pages that cannot be read, while a tree is restored
 * @dentry: the file
 * @nr: how many of it
 * @first: the first of them; pages of the file
 * @why: what is the matter with that, an error
 * @nr_files: how many files have been logged
 * @known: pages that the description says are lost, of all files
 */
struct pram_lost {
	struct dentry *dentry;
	u64 nr;
	u64 first;
	int why;
	unsigned int nr_files;
	u64 known;
};

struct pram_jobs;

/* pram_tree.c */
struct page *pram_tree_head(const struct pram_node *node);
struct super_block *pram_tree_get(const char *name);
void pram_each_inode(struct super_block *sb,
		     void (*fn)(struct inode *inode, void *arg), void *arg);
void pram_wipe_tree(struct super_block *sb);
int pram_tree_live(struct pram_stream *ps, struct super_block *sb, bool wipe);

/* pram_tree_freeze.c */
int pram_wait(bool (*done)(void *arg), void *arg);
int pram_wait_kexec(void);
void pram_trees_freeze_ahead(struct pram_node *node);
int pram_tree_freeze(struct pram_node *node);
void pram_tree_thaw(struct pram_node *node, unsigned long deadline);
bool pram_tree_armed(struct inode *inode);

/* pram_tree_options.c */
int pram_save_options(struct pram_stream *ps, const struct super_block *sb);
int pram_restore_options(struct pram_stream *ps, struct super_block *sb,
			 const struct pram_tmpfs_head *head, unsigned int seen);

/* pram_tree_run.c */
struct pram_runs;

struct pram_runs *pram_runs_alloc(const struct pram_stream *ps);
pgoff_t pram_save_resident(struct pram_stream *ps, struct inode *inode,
			   pgoff_t index, struct pram_runs *runs);

/* pram_tree_pages.c */
int pram_save_pages(struct pram_stream *ps, struct inode *inode,
		    struct pram_runs *runs);

/* pram_tree_save.c */
int pram_put_rec(struct pram_stream *ps, u32 type, const void *data,
		 size_t len, const void *more, size_t more_len,
		 const void *last, size_t last_len);
int pram_save_tree(struct pram_stream *ps, struct super_block *sb);

/* pram_tree_attr.c */
int pram_save_attrs(struct pram_stream *ps, struct inode *inode, bool root);
int pram_restore_attr(struct pram_stream *ps, struct dentry *dentry, size_t len);

/* pram_tree_load.c */
int pram_get(struct pram_stream *ps, void *buf, size_t len);
int pram_restore_tree(struct pram_stream *ps, struct super_block *sb,
		      unsigned int seen);

/* pram_tree_progress.c */
void pram_progress_start(struct pram_node *node, const char *what, u64 total);
void pram_progress_add(struct pram_node *node, u64 nr);
void pram_progress_end(struct pram_node *node);

/* pram_tree_fill.c */
void *pram_in_the_way(struct xa_state *xas, pgoff_t index, unsigned int order,
		      bool next);
int pram_fill(struct inode *inode, pgoff_t index, struct folio **folio,
	      unsigned int nr, gfp_t gfp);
int pram_fill_lost(struct inode *inode, pgoff_t index, u64 nr, gfp_t gfp);
int pram_fill_entry(struct inode *inode, pgoff_t index, void *entry,
		    unsigned int order, struct folio **folio, unsigned int nr,
		    gfp_t gfp);

/* pram_tree_lazy.c */
int pram_lazy_add(struct inode *inode, pgoff_t index, const struct pram_run *runs,
		  unsigned int nr, gfp_t gfp);

/* pram_tree_rest.c */
int pram_lazy_start(struct pram_node *node);
void pram_lazy_commit(struct pram_node *node);
void pram_lazy_live(struct pram_node *node);
int pram_lazy_finish(struct pram_node *node);
u64 pram_lazy_left(const struct pram_node *node);
void pram_lazy_cancel(struct pram_node *node);
void pram_lazy_free(struct pram_node *node);

/* pram_tree_data.c */
int pram_may_charge(struct folio *spare);
void pram_mark_loaded(struct folio *folio, unsigned int flags);
void pram_no_page(struct dentry *dentry, u64 index, int err);
long pram_restore_some(struct pram_stream *ps, struct inode *inode,
		       struct pram_tmpfs_extent *extent,
		       struct pram_lost *lost);
int pram_restore_pages(struct pram_stream *ps, struct dentry *dentry,
		       struct pram_tmpfs_extent *extent, struct pram_jobs *jobs,
		       struct pram_lost *lost);
int pram_restore_lost(struct pram_stream *ps, struct dentry *dentry,
		      const struct pram_tmpfs_extent *extent,
		      struct pram_jobs *jobs, struct pram_lost *lost);
void pram_unrestore_pages(struct pram_stream *ps);

/* pram_tree_jobs.c */
struct pram_jobs *pram_jobs_alloc(void);
long pram_jobs_start(struct pram_jobs *jobs, struct pram_stream *ps,
		     struct dentry *dentry, struct pram_tmpfs_extent *extent,
		     struct pram_lost *lost);
int pram_jobs_wait(struct pram_jobs *jobs, struct pram_lost *lost);
void pram_jobs_stop(struct pram_jobs *jobs);
void pram_jobs_free(struct pram_jobs *jobs);

/* pram_tree_lost.c */
void pram_lost_add(struct pram_lost *lost, u64 index, u64 nr, int why);
void pram_lost_file(struct pram_lost *lost, struct pram_node *node);
void pram_lost_merge(struct pram_lost *lost, struct pram_node *node,
		     struct dentry *dentry, const struct pram_lost *more);
void pram_lost_start(struct pram_node *node);

#endif /* _MM_PRAM_TREE_H */
