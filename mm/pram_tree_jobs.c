// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring a tmpfs tree on several CPUs.
 */
#include "pram_tree.h"

#include <linux/cpumask.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>

/**
 * DOC: Restoring on several CPUs
 *
 * The mount reads the records of a tree, and makes its inodes. The folios of large files
 * are restored by it and by work items at the same time. As long as fewer of these are
 * busy than there may be, the mount passes over some folios of the page stream, and a
 * work item restores them with a copy of the stream; else the mount restores the next
 * folios itself. So it does not wait before the end of the tree, and a tree is restored
 * with one CPU as well.
 *
 * There are half as many work items as CPUs, and at most eight, so that other services
 * can start meanwhile. They charge folios to the memory cgroup of the mount.
 *
 * Work items are looked after in the order in which their folios are in the stream.
 * What they could not read is logged by the mount. After an error, or if the mount is
 * killed, those that are busy end with their next folios. A work item does not wait for
 * a kexec that is being prepared: the mount does, and goes on itself then.
 */

/* How many work items there are at most */
#define PRAM_MAX_JOBS		8

/*
 * So many folios are worth a work item, and so are fewer large ones. The simulator has
 * smaller files.
 */
#ifndef PRAM_JOB_MIN_FOLIOS
#define PRAM_JOB_MIN_FOLIOS	256
#endif
#define PRAM_JOB_MIN_PAGES	(16 * PRAM_JOB_MIN_FOLIOS)
/* What it gets at most: two milliseconds, or so, that the mount may have to wait for */
#define PRAM_JOB_MAX_FOLIOS	(32 * PRAM_JOB_MIN_FOLIOS)
#define PRAM_JOB_MAX_PAGES	(16 * PRAM_JOB_MIN_PAGES)

/**
 * struct pram_job - some folios that a work item restores
 * @work: the work item
 * @list: in pram_jobs::idle or pram_jobs::busy
 * @jobs: what it belongs to
 * @ps: the stream, where it goes on
 * @dentry: the file, which tmpfs holds
 * @extent: what is left to be restored
 * @nr_pages: how many pages it was at first
 * @lost: what could not be read
 * @err: the error that it ended with
 * @done: it has ended, and all the above can be read
 */
struct pram_job {
	struct work_struct work;
	struct list_head list;
	struct pram_jobs *jobs;
	struct pram_stream ps;
	struct dentry *dentry;
	struct pram_tmpfs_extent extent;
	u64 nr_pages;
	struct pram_lost lost;
	int err;
	bool done;
};

/**
 * struct pram_jobs - the work items of a mount
 * @memcg: what folios are charged to, with a reference
 * @idle: those that have nothing to do
 * @busy: the others, in the order of the stream
 * @err: the first error
 * @stop: whoever is busy is to end
 * @nr: how many there are
 * @job: they
 *
 * Only the mount looks at these, but for @memcg and @stop.
 */
struct pram_jobs {
	struct mem_cgroup *memcg;
	struct list_head idle;
	struct list_head busy;
	int err;
	bool stop;
	unsigned int nr;
	struct pram_job job[] __counted_by(nr);
};

static void pram_job_run(struct pram_job *job)
{
	struct pram_jobs *jobs = job->jobs;
	struct mem_cgroup *old = set_active_memcg(jobs->memcg);
	long nr = 0;

	while (job->extent.nr_pages && nr >= 0) {
		nr = -EINTR;
		if (!READ_ONCE(jobs->stop))
			nr = pram_restore_some(&job->ps, d_inode(job->dentry),
					       &job->extent, &job->lost);
		cond_resched();
	}
	job->err = min(nr, 0);
	set_active_memcg(old);
}

static void pram_job_work(struct work_struct *work)
{
	struct pram_job *job = container_of(work, struct pram_job, work);

	pram_job_run(job);
	/* The mount may give it something else to do from here on */
	smp_store_release(&job->done, true);
}

/**
 * pram_jobs_stop - have the work items end, since the tree will not be restored
 * @jobs: the work items; NULL: there are none
 *
 * Context: the mount.
 */
void pram_jobs_stop(struct pram_jobs *jobs)
{
	if (jobs)
		WRITE_ONCE(jobs->stop, true);
}

/* What others are stopped for is the error of the mount, and not that they were */
static void pram_jobs_fail(struct pram_jobs *jobs, int err)
{
	if (!jobs->err || jobs->err == -EINTR)
		jobs->err = err;
	pram_jobs_stop(jobs);
}

/* Nobody works on it any more */
static void pram_job_end(struct pram_job *job, struct pram_lost *lost)
{
	struct pram_jobs *jobs = job->jobs;
	struct pram_node *node = job->ps.node;

	while (job->err == -EBUSY) {
		job->err = pram_wait_kexec();
		if (!job->err)
			pram_job_run(job);
	}
	if (job->err) {
		pram_no_page(job->dentry, job->extent.index, job->err);
		pram_jobs_fail(jobs, job->err);
	}
	pram_progress_add(node, job->nr_pages - job->extent.nr_pages);
	pram_lost_merge(lost, node, job->dentry, &job->lost);
	list_move(&job->list, &jobs->idle);
}

/* Look for those that have ended. What has something to say waits for its turn. */
static void pram_jobs_look(struct pram_jobs *jobs, struct pram_lost *lost)
{
	struct pram_job *job, *next;

	list_for_each_entry_safe(job, next, &jobs->busy, list) {
		/* Pairs with pram_job_work() */
		if (!smp_load_acquire(&job->done))
			continue;
		if (list_is_first(&job->list, &jobs->busy) ||
		    (!job->err && !job->lost.nr))
			pram_job_end(job, lost);
	}
}

/**
 * pram_jobs_alloc - get ready to restore a tree on several CPUs
 *
 * Context: the mount; may sleep.
 * Return: what is to be freed by pram_jobs_free(); NULL: it does without.
 */
struct pram_jobs *pram_jobs_alloc(void)
{
	unsigned int nr = min(num_online_cpus() / 2, PRAM_MAX_JOBS), i;
	struct pram_jobs *jobs;

	if (!nr)
		return NULL;
	jobs = kzalloc(struct_size(jobs, job, nr), GFP_KERNEL | __GFP_NOWARN);
	if (!jobs)
		return NULL;
	jobs->nr = nr;
	jobs->memcg = get_mem_cgroup_from_mm(current->mm);
	INIT_LIST_HEAD(&jobs->idle);
	INIT_LIST_HEAD(&jobs->busy);
	for (i = 0; i < nr; i++) {
		struct pram_job *job = &jobs->job[i];

		job->jobs = jobs;
		INIT_WORK(&job->work, pram_job_work);
		list_add_tail(&job->list, &jobs->idle);
	}
	return jobs;
}

/**
 * pram_jobs_start - have a work item restore the next folios of the page stream
 * @jobs: the work items; NULL: there are none
 * @ps: the stream, open for PRAM_READ; it goes on behind these folios
 * @dentry: the file
 * @extent: where in it, and how many pages; used up by as many
 * @lost: takes note of what others could not read
 *
 * Context: the mount; may sleep.
 * Return: how many pages; 0: the mount is to restore the next ones itself; or an error
 * that a work item has ended with, which has been logged.
 */
long pram_jobs_start(struct pram_jobs *jobs, struct pram_stream *ps,
		     struct dentry *dentry, struct pram_tmpfs_extent *extent,
		     struct pram_lost *lost)
{
	unsigned int folios;
	unsigned long pages;
	struct pram_job *job;
	u64 share;

	if (!jobs || extent->nr_pages < PRAM_JOB_MIN_FOLIOS)
		return 0;
	pram_jobs_look(jobs, lost);
	if (jobs->err || list_empty(&jobs->idle))
		return jobs->err;
	job = list_first_entry(&jobs->idle, struct pram_job, list);
	job->ps = *ps;
	/* Half of what each would have: they are not equally fast */
	share = div_u64(extent->nr_pages, 2 * (jobs->nr + 1));
	folios = clamp(share, PRAM_JOB_MIN_FOLIOS, PRAM_JOB_MAX_FOLIOS);
	pages = clamp(share, PRAM_JOB_MIN_PAGES, PRAM_JOB_MAX_PAGES);
	pages = pram_skip_folios(ps, &folios, min(extent->nr_pages, pages));
	if (folios < PRAM_JOB_MIN_FOLIOS && pages < PRAM_JOB_MIN_PAGES) {
		*ps = job->ps;
		return 0;
	}
	job->dentry = dentry;
	job->extent.index = extent->index;
	job->extent.nr_pages = pages;
	job->nr_pages = pages;
	job->lost = (struct pram_lost){};
	job->done = false;
	list_move_tail(&job->list, &jobs->busy);
	queue_work(system_dfl_wq, &job->work);
	extent->index += pages;
	extent->nr_pages -= pages;
	return pages;
}

/**
 * pram_jobs_wait - wait for all work items
 * @jobs: the work items; NULL: there are none
 * @lost: takes note of what they could not read
 *
 * Those that have not begun are done by the caller.
 *
 * Context: the mount; may sleep.
 * Return: 0, or the first error that one has ended with, which has been logged.
 */
int pram_jobs_wait(struct pram_jobs *jobs, struct pram_lost *lost)
{
	struct pram_job *job, *next;

	if (!jobs)
		return 0;
	list_for_each_entry_safe(job, next, &jobs->busy, list) {
		if (fatal_signal_pending(current))
			pram_jobs_stop(jobs);
		if (cancel_work(&job->work))
			pram_job_run(job);
		else
			flush_work(&job->work);
		pram_job_end(job, lost);
	}
	return jobs->err;
}

/**
 * pram_jobs_free - free what pram_jobs_alloc() has returned
 * @jobs: that; all are idle
 *
 * Context: the mount.
 */
void pram_jobs_free(struct pram_jobs *jobs)
{
	if (!jobs)
		return;
	mem_cgroup_put(jobs->memcg);
	kfree(jobs);
}
