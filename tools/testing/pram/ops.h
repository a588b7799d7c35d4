/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _OPS_H
#define _OPS_H

struct kimage;

/**
 * struct op_stats - what has been done
 * @done: operations
 * @prepared: kexecs that were prepared and did not come
 * @faults: whether allocations are made to fail
 * @breaks: pages that may yet break
 * @discarded: nodes that were discarded
 * @sealed: what was prepared last is to be sealed
 */
struct op_stats {
	u64 done;
	u64 prepared;
	bool faults;
	unsigned int breaks;
	u64 discarded;
	bool sealed;
};

extern struct op_stats op_stats;

void ops_begin(void);
void ops_run(u64 nr);
void ops_break(void);
void ops_scribble(void);
void ops_close_writers(void);
void ops_end(void);
void random_image(struct kimage *image, u64 max_pages);
void image_ours(struct kimage *image);
bool load_image(struct kimage *image);
int discard(const char *name);
int prepare(struct kimage *image);
void thaw(void);
void check_counts(void);
void check_all(void);

/* faults.c */
void make_node(unsigned int i, unsigned int nr, unsigned int max_order,
	       size_t len, unsigned int mode);
void run_faults(int fd);

/* flips.c */
void run_flips(int fd, int oracle, unsigned int part, unsigned int of);

#endif /* _OPS_H */
