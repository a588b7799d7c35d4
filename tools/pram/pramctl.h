/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of pramctl share.
 */
#ifndef PRAMCTL_H
#define PRAMCTL_H

#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses: part of the interface, see pramctl(8) */
enum pramctl_status {
	ST_OK		= 0,
	ST_FAILED	= 1,	/* refused by the kernel, or failed */
	ST_USAGE	= 2,
	ST_OFF		= 3,	/* this kernel has no PRAM, or it is off */
	ST_NO_NAME	= 4,	/* there is nothing of that name */
};

#define NAME_LONGEST	255
#define PRAM_DIR	"/sys/kernel/mm/pram"

/* As in the kernel's compiler_attributes.h */
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))

/* util.c */
void complain(const char *fmt, ...) __printf(1, 2);
int fail(const char *fmt, ...) __printf(1, 2);
int usage_error(const char *command, const char *fmt, ...) __printf(2, 3);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xformat(const char *fmt, ...) __printf(1, 2);
char *xvformat(const char *fmt, va_list args) __printf(1, 0);
void *grow(void *array, size_t nr, size_t size);
const char *why(int err);

/* paths.c */
char *path_of(const char *fmt, ...) __printf(1, 2);
bool path_exists(const char *fmt, ...) __printf(1, 2);
int path_open(int flags, const char *fmt, ...) __printf(2, 3);
DIR *path_opendir(const char *fmt, ...) __printf(1, 2);
char *read_file(const char *path, size_t max);
char *path_read(size_t max, const char *fmt, ...) __printf(2, 3);

/* sysfs.c */
bool pram_on(void);
int need_pram(void);
char *pram_read(const char *fmt, ...) __printf(1, 2);
uint64_t pram_number(const char *fmt, ...) __printf(1, 2);
int pram_write(const char *attr, const char *value);
bool name_valid(const char *name);
bool node_exists(const char *name);
int need_node(const char *name);

/* text.c */
void escape(FILE *out, const char *text);
char *escaped(const char *text);
void unescape(char *text);
void json_string(FILE *out, const char *text);
char *in_units(uint64_t bytes);

/* mounts.c */
struct mount_at {
	char *name;		/* of the tree */
	char *dir;		/* as a process in that namespace sees it */
	long pid;		/* one of that namespace; 0: this one */
};

struct mounts {
	struct mount_at *at;
	size_t nr;
};

void mounts_read(struct mounts *mounts);
void mounts_free(struct mounts *mounts);
bool mountinfo_line(char *line, char **name, char **dir);

/* nodes.c */
struct node {
	char *name;
	char *state;
	char *csum;
	char *refused;		/* why a kexec would be; NULL: no reason known */
	uint64_t pages;
	uint64_t bytes;
	uint64_t inodes;
	uint64_t swapped;
	uint64_t generation;
	uint64_t lost_pages;
};

struct nodes {
	struct node *node;
	size_t nr;
	char *reasons;		/* of the last check, one a line, or NULL */
};

int nodes_read(struct nodes *nodes);
void nodes_free(struct nodes *nodes);
char *reasons_read(void);
bool node_read(const char *name, const char *reasons, struct node *node);
void node_free(struct node *node);
bool reason_names(const char *reason, const char *name);

/* kmsg.c */
int kmsg_open(bool from_now);
unsigned int kmsg_print(int fd, FILE *out, const char *prefix);
bool kmsg_record(char *line, const char **text);

/* progress.c */
int with_progress(int (*work)(void *arg), void *arg, const char *name);

/* tree.c */
#define TREE_MUST_EXIST	0x1
#define TREE_RDONLY	0x2	/* this mount, not the tree */

struct mount_options {
	unsigned int attr;	/* MOUNT_ATTR_* */
	char **set;		/* key or key=value, for the file system */
	size_t nr;
};

int parse_options(const char *text, struct mount_options *options);
void free_options(struct mount_options *options);
int tree_mount(const char *name, const struct mount_options *options,
	       unsigned int flags, int *fd);
int tree_attach(int fd, const char *dir);

/* discard.c */
int discard_node(const char *name);

/* boot.c */
bool ends_with(const char *text, const char *end);
int compare_releases(const char *a, const char *b);
char *newest_kernel(const char *dir);
char *initrd_of(const char *kernel);
size_t cmdline_max(const char *kernel);

/* initrd.c */
int initrd_check(const char *path);

/* entries.c */
struct boot_entry {
	char *path;
	char *version;
	char *kernel;
	char *initrd;		/* the last one; NULL: none, or it is not there */
	unsigned int nr_initrds;
};

bool newest_entry(struct boot_entry *entry);
void entry_free(struct boot_entry *entry);
char *unified_image(void);

/* cmdline.c */
const char *cmdline_clean(const char *line, const char *pram, char **clean);
size_t cmdline_kernel_part(const char *line);
bool cmdline_says_off(const char *line);

/* check.c */
int show_verdict(int argc, char **argv);

/* kexec.c */
bool image_is_loaded(void);

/* The commands, each with its name as argv[0] */
int cmd_list(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_mount(int argc, char **argv);
int cmd_discard(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_kexec(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_put(int argc, char **argv);
int cmd_get(int argc, char **argv);

#endif /* PRAMCTL_H */
