// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/mm/pram
 */
#include "pram.h"

#include <linux/security.h>

static struct kobject *pram_kobj;
static struct kobject *pram_nodes_kobj;

struct pram_kobject {
	struct kobject kobj;
	struct pram_node *node;
};

static struct pram_node *pram_kobj_node(struct kobject *kobj)
{
	return container_of(kobj, struct pram_kobject, kobj)->node;
}

static u64 pram_glance(const u64 *count)
{
	/* Whoever has the node open may change it: this is of some moment */
	return data_race(*count);
}

static u64 pram_node_pages(const struct pram_node *node)
{
	const struct pram_chain *chain = node->page->chain;

	if (READ_ONCE(node->state) == PRAM_ALIVE)
		return pram_tree_pages(node);
	return pram_glance(&chain[PRAM_PAGES].nr_pages) +
	       pram_glance(&chain[PRAM_BYTES].nr_pages);
}

static u64 pram_node_meta(const struct pram_node *node)
{
	const struct pram_chain *chain = node->page->chain;

	return 1 + pram_glance(&chain[PRAM_PAGES].nr_links) +
	       pram_glance(&chain[PRAM_BYTES].nr_links);
}

/*
 * These run without a lock: a node goes only after its directory, and the
 * directory only when nobody is in here any more.
 */
static ssize_t node_pages_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", pram_node_pages(pram_kobj_node(kobj)));
}

static struct kobj_attribute node_pages_attr =
	__ATTR(pages, 0444, node_pages_show, NULL);

static ssize_t bytes_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  pram_glance(&pram_kobj_node(kobj)->page->nr_bytes));
}

static struct kobj_attribute bytes_attr = __ATTR_RO(bytes);

static ssize_t node_generation_show(struct kobject *kobj,
				    struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", pram_kobj_node(kobj)->page->generation);
}

static struct kobj_attribute node_generation_attr =
	__ATTR(generation, 0444, node_generation_show, NULL);

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	static const char * const names[] = {
		[PRAM_WRITING] = "writing",
		[PRAM_READY] = "kept",
		[PRAM_READING] = "reading",
		[PRAM_ALIVE] = "parked",
		[PRAM_DYING] = "dying",
	};
	struct pram_node *node = pram_kobj_node(kobj);

	guard(mutex)(&pram_lock);
	if (node->state == PRAM_ALIVE && pram_tree_mounted(node))
		return sysfs_emit(buf, "mounted\n");
	return sysfs_emit(buf, "%s\n", names[node->state]);
}

static struct kobj_attribute state_attr = __ATTR_RO(state);

static ssize_t csum_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  pram_csum_names[pram_kobj_node(kobj)->page->csum_mode]);
}

static struct kobj_attribute csum_attr = __ATTR_RO(csum);

static ssize_t lost_pages_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	guard(mutex)(&pram_lock);
	return sysfs_emit(buf, "%llu\n", pram_kobj_node(kobj)->nr_lost);
}

static struct kobj_attribute lost_pages_attr = __ATTR_RO(lost_pages);

static ssize_t lost_files_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	const struct pram_node *node = pram_kobj_node(kobj);

	guard(mutex)(&pram_lock);
	if (!node->lost_names)
		return 0;
	return sysfs_emit(buf, "%s\n", node->lost_names);
}

static struct kobj_attribute lost_files_attr = __ATTR_RO(lost_files);

/* The two are read one after the other, but nobody acts on it */
static ssize_t progress_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	const struct pram_progress *progress = &pram_kobj_node(kobj)->progress;

	return sysfs_emit(buf, "%llu %llu\n", READ_ONCE(progress->done),
			  READ_ONCE(progress->total));
}

static struct kobj_attribute progress_attr = __ATTR_RO(progress);

static ssize_t inodes_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  pram_tree_inodes(pram_kobj_node(kobj)));
}

static struct kobj_attribute inodes_attr = __ATTR_RO(inodes);

static ssize_t swapped_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  pram_tree_swapped(pram_kobj_node(kobj)));
}

static struct kobj_attribute swapped_attr = __ATTR_RO(swapped);

static ssize_t pfn_show(struct kobject *kobj, struct kobj_attribute *attr,
			char *buf)
{
	guard(mutex)(&pram_lock);
	return sysfs_emit(buf, "%llx\n",
			  pram_kobj_node(kobj)->page->head.pfn);
}

/* Physical addresses are for nobody else */
static struct kobj_attribute pfn_attr = __ATTR_RO_MODE(pfn, 0400);

static ssize_t stream_read(struct file *file, struct kobject *kobj,
			   PRAM_BIN_CONST struct bin_attribute *attr, char *buf, loff_t pos,
			   size_t count)
{
	int err = security_locked_down(LOCKDOWN_KCORE);

	if (err)
		return err;
	guard(mutex)(&pram_lock);
	return pram_peek_bytes(pram_kobj_node(kobj), buf, pos, count);
}

static PRAM_BIN_CONST struct bin_attribute stream_attr = {
	.attr = { .name = "stream", .mode = 0400 },
	.read = stream_read,
};

static struct attribute *pram_node_attrs[] = {
	&node_pages_attr.attr,
	&bytes_attr.attr,
	&node_generation_attr.attr,
	&state_attr.attr,
	&csum_attr.attr,
	&lost_pages_attr.attr,
	&lost_files_attr.attr,
	&inodes_attr.attr,
	&swapped_attr.attr,
	&progress_attr.attr,
	&pfn_attr.attr,
	NULL,
};

static PRAM_BIN_CONST struct bin_attribute *PRAM_BIN_CONST pram_node_bin_attrs[] = {
	&stream_attr,
	NULL,
};

static const struct attribute_group pram_node_group = {
	.attrs = pram_node_attrs,
	.bin_attrs = pram_node_bin_attrs,
};
__ATTRIBUTE_GROUPS(pram_node);

static void pram_kobj_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct pram_kobject, kobj));
}

static const struct kobj_type pram_node_ktype = {
	.release = pram_kobj_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = pram_node_groups,
};

/**
 * pram_sysfs_add_node - give a node its directory
 * @node: the node; nobody else can end it meanwhile
 *
 * A node without a directory is as good as any other: failure is not an error.
 *
 * Context: may sleep; pram_lock is not held.
 */
void pram_sysfs_add_node(struct pram_node *node)
{
	struct pram_kobject *pk;

	if (!pram_nodes_kobj)
		return;
	pk = kzalloc(sizeof(*pk), GFP_KERNEL);
	if (!pk)
		return;
	pk->node = node;
	if (kobject_init_and_add(&pk->kobj, &pram_node_ktype, pram_nodes_kobj,
				 "%s", node->page->name)) {
		pr_warn("node '%s' will not show up in sysfs\n",
			node->page->name);
		kobject_put(&pk->kobj);
		return;
	}
	node->kobj = &pk->kobj;
}

/**
 * pram_sysfs_del_node - take the directory of a node away
 * @node: the node; it is PRAM_DYING
 *
 * Context: may sleep; pram_lock is not held.
 */
void pram_sysfs_del_node(struct pram_node *node)
{
	if (!node->kobj)
		return;
	kobject_del(node->kobj);
	kobject_put(node->kobj);
	node->kobj = NULL;
}

static ssize_t super_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	guard(mutex)(&pram_lock);
	return sysfs_emit(buf, "%llx.%llx\n", pram_super->head.pfn,
			  pram_ticket());
}

/* The ticket is what makes the next kernel believe its command line */
static struct kobj_attribute super_attr = __ATTR_RO_MODE(super, 0400);

static ssize_t check_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	guard(mutex)(&pram_lock);
	return sysfs_emit(buf, "%s\n", pram_get_verdict());
}

static ssize_t check_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	int err = kexec_try(pram_kexec_check);

	if (err == -EINVAL && !READ_ONCE(kexec_image)) {
		guard(mutex)(&pram_lock);
		pram_clear_verdict();
		pram_set_verdict("refused: no image is loaded");
	}
	return err ? err : count;
}

static struct kobj_attribute check_attr = __ATTR_RW_MODE(check, 0600);

static ssize_t check_reasons_show(struct kobject *kobj,
				  struct kobj_attribute *attr, char *buf)
{
	guard(mutex)(&pram_lock);
	return pram_show_reasons(buf);
}

static struct kobj_attribute check_reasons_attr =
	__ATTR_RO_MODE(check_reasons, 0400);

static ssize_t pram_checked_show(char *buf, const u64 *count)
{
	guard(mutex)(&pram_lock);
	/* Of another image */
	if (!pram_has_verdict())
		return sysfs_emit(buf, "0\n");
	return sysfs_emit(buf, "%llu\n", *count);
}

static ssize_t check_moved_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	return pram_checked_show(buf, &pram_checked.moved);
}

static struct kobj_attribute check_moved_attr = __ATTR_RO(check_moved);

static ssize_t check_room_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return pram_checked_show(buf, &pram_checked.room);
}

static struct kobj_attribute check_room_attr = __ATTR_RO(check_room);

static ssize_t generation_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", pram_generation);
}

static struct kobj_attribute generation_attr = __ATTR_RO(generation);

static ssize_t dropped_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%llu\n", pram_dropped);
}

static struct kobj_attribute dropped_attr = __ATTR_RO(dropped);

static u64 pram_one(const struct pram_node *node)
{
	return 1;
}

static ssize_t pram_sum(char *buf, u64 (*of)(const struct pram_node *node))
{
	struct pram_node *node;
	u64 sum = 0;

	scoped_guard(mutex, &pram_lock) {
		list_for_each_entry(node, &pram_nodes, list)
			sum += of(node);
	}
	return sysfs_emit(buf, "%llu\n", sum);
}

static ssize_t nr_nodes_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	return pram_sum(buf, pram_one);
}

static struct kobj_attribute nr_nodes_attr = __ATTR_RO(nr_nodes);

static ssize_t pages_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return pram_sum(buf, pram_node_pages);
}

/* Trees without a limit are walked, under pram_lock: that is not for everybody */
static struct kobj_attribute pages_attr = __ATTR_RO_MODE(pages, 0400);

/* Those of trees that are alive are in Shmem of /proc/meminfo, or in swap */
static u64 pram_kept_pages(const struct pram_node *node)
{
	return node->state == PRAM_ALIVE ? 0 : pram_node_pages(node);
}

static ssize_t kept_pages_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return pram_sum(buf, pram_kept_pages);
}

static struct kobj_attribute kept_pages_attr = __ATTR_RO(kept_pages);

static ssize_t metadata_pages_show(struct kobject *kobj,
				   struct kobj_attribute *attr, char *buf)
{
	return pram_sum(buf, pram_node_meta);
}

static struct kobj_attribute metadata_pages_attr = __ATTR_RO(metadata_pages);

static ssize_t absent_pages_show(struct kobject *kobj,
				 struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", pram_absent_waiting());
}

static struct kobj_attribute absent_pages_attr = __ATTR_RO(absent_pages);

static ssize_t discard_store(struct kobject *kobj, struct kobj_attribute *attr,
			     const char *buf, size_t count)
{
	char *name __free(kfree) = NULL;
	size_t len = count;
	int err;

	/* What echo adds; blanks are part of a name */
	if (len && buf[len - 1] == '\n')
		len--;
	if (memchr(buf, '\0', len))
		return -EINVAL;
	name = kmemdup_nul(buf, len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = pram_discard(name);
	return err ? err : count;
}

static struct kobj_attribute discard_attr = __ATTR_WO(discard);

static ssize_t discard_all_store(struct kobject *kobj,
				 struct kobj_attribute *attr, const char *buf,
				 size_t count)
{
	bool really;
	int err = kstrtobool(buf, &really);

	if (!err)
		err = really ? pram_discard_all() : -EINVAL;
	return err ? err : count;
}

static struct kobj_attribute discard_all_attr = __ATTR_WO(discard_all);

static struct attribute *pram_attrs[] = {
	&super_attr.attr,
	&check_attr.attr,
	&check_reasons_attr.attr,
	&check_moved_attr.attr,
	&check_room_attr.attr,
	&generation_attr.attr,
	&nr_nodes_attr.attr,
	&pages_attr.attr,
	&kept_pages_attr.attr,
	&metadata_pages_attr.attr,
	&absent_pages_attr.attr,
	&dropped_attr.attr,
	&discard_attr.attr,
	&discard_all_attr.attr,
	NULL,
};

static const struct attribute_group pram_group = {
	.attrs = pram_attrs,
};

/* What the previous kernel has handed over: counts, and names */
#define PRAM_PREVIOUS_COUNT(_name)					\
static ssize_t previous_##_name##_show(struct kobject *kobj,		\
				       struct kobj_attribute *attr,	\
				       char *buf)			\
{									\
	return sysfs_emit(buf, "%llu\n", pram_previous.nr_##_name);	\
}									\
									\
static struct kobj_attribute previous_##_name##_attr =			\
	__ATTR(_name, 0444, previous_##_name##_show, NULL)

PRAM_PREVIOUS_COUNT(dropped);
PRAM_PREVIOUS_COUNT(discarded);
PRAM_PREVIOUS_COUNT(moved);
PRAM_PREVIOUS_COUNT(split);
PRAM_PREVIOUS_COUNT(remote);

static ssize_t previous_names(char *buf, char what)
{
	const char *name = NULL;
	ssize_t len = 0;

	while ((name = pram_report_next(what, name)))
		len += sysfs_emit_at(buf, len, "%s\n", name);
	return len;
}

static ssize_t dropped_names_show(struct kobject *kobj,
				  struct kobj_attribute *attr, char *buf)
{
	return previous_names(buf, PRAM_REPORT_DROPPED);
}

static struct kobj_attribute dropped_names_attr = __ATTR_RO(dropped_names);

static ssize_t discarded_names_show(struct kobject *kobj,
				    struct kobj_attribute *attr, char *buf)
{
	return previous_names(buf, PRAM_REPORT_DISCARDED);
}

static struct kobj_attribute discarded_names_attr = __ATTR_RO(discarded_names);

static struct attribute *pram_previous_attrs[] = {
	&previous_dropped_attr.attr,
	&previous_discarded_attr.attr,
	&previous_moved_attr.attr,
	&previous_split_attr.attr,
	&previous_remote_attr.attr,
	&dropped_names_attr.attr,
	&discarded_names_attr.attr,
	NULL,
};

static const struct attribute_group pram_previous_group = {
	.name = "previous",
	.attrs = pram_previous_attrs,
};

static int __init pram_sysfs_init(void)
{
	struct pram_node *node;

	if (!pram_super)
		return 0;
	pram_kobj = kobject_create_and_add("pram", mm_kobj);
	if (!pram_kobj)
		return -ENOMEM;
	if (sysfs_create_group(pram_kobj, &pram_group) ||
	    sysfs_create_group(pram_kobj, &pram_previous_group))
		goto put_pram;
	pram_nodes_kobj = kobject_create_and_add("nodes", pram_kobj);
	if (!pram_nodes_kobj)
		goto put_pram;
	list_for_each_entry(node, &pram_nodes, list)
		pram_sysfs_add_node(node);
	return 0;

put_pram:
	kobject_put(pram_kobj);
	pr_warn("no memory for sysfs\n");
	return -ENOMEM;
}
subsys_initcall(pram_sysfs_init);
