// SPDX-License-Identifier: GPL-2.0
/*
 * Test of PRAM by many at a time.
 *
 * op=run starts threads that make, read, keep, consume and discard nodes of a
 * few names until the module is removed, or its parameter "stop" is written to,
 * or another kernel is started. They verify all that they read. op=verify does
 * so once for all nodes, and consumes them.
 *
 * What the next kernel has to find is in the ledger, a page which the threads
 * write and which is preserved itself: a word for each name that begins with
 * "led", with the serial number of the node and what is being done to it.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pram.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#define THREADS_MAGIC	0x7364616572685450ULL
#define MAX_THREADS	16
#define MAX_NAMES	64
#define MAX_FOLIOS	12
#define MAX_ORDER	4
#define MAX_BYTES	10000
#define LEDGER		"ledger"

static char *param_op = "run";
module_param_named(op, param_op, charp, 0400);
MODULE_PARM_DESC(op, "run or verify");

static unsigned int param_threads = 4;
module_param_named(threads, param_threads, uint, 0400);
MODULE_PARM_DESC(threads, "How many threads");

static unsigned int param_names = 6;
module_param_named(names, param_names, uint, 0400);
MODULE_PARM_DESC(names, "How many names with, and as many without, a ledger");

static unsigned long param_seed = 1;
module_param_named(seed, param_seed, ulong, 0400);
MODULE_PARM_DESC(seed, "Another one makes another test");

/* Out: what was done, and what went wrong */
static atomic_t nr_made, nr_kept, nr_consumed, nr_discarded, nr_busy, nr_errors;

static int get_count(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", atomic_read((atomic_t *)kp->arg));
}

static const struct kernel_param_ops count_ops = {
	.get = get_count,
};
module_param_cb(made, &count_ops, &nr_made, 0400);
module_param_cb(kept, &count_ops, &nr_kept, 0400);
module_param_cb(consumed, &count_ops, &nr_consumed, 0400);
module_param_cb(discarded, &count_ops, &nr_discarded, 0400);
module_param_cb(busy, &count_ops, &nr_busy, 0400);
module_param_cb(errors, &count_ops, &nr_errors, 0400);

/*
 * A word of the ledger: a serial number, and in the lowest bits what is being
 * done. In PRESENT the node must be there, in ABSENT it must not.
 */
enum ledger_state {
	ABSENT,
	COMING,
	PRESENT,
	GOING,
};

static atomic64_t *ledger;
static struct folio *ledger_folio;

/* The start of the byte stream; nr_bytes more follow */
struct threads_header {
	u64	magic;
	u64	serial;
	u64	name;
	u64	nr_pages;
	u64	nr_bytes;
};

static atomic64_t last_serial;

struct worker {
	struct task_struct	*task;
	struct rnd_state	rnd;
	u8			buf[MAX_BYTES];
};

static struct worker *workers[MAX_THREADS];
static DEFINE_MUTEX(stop_lock);

#define error(fmt, ...)							\
do {									\
	if (atomic_inc_return(&nr_errors) < 20)				\
		pr_err("test_pram_threads: " fmt "\n", ##__VA_ARGS__);	\
} while (0)

static u64 mix(u64 serial, u64 pos)
{
	u64 x = (serial * 0x9e3779b97f4a7c15ULL + pos) * 0xbf58476d1ce4e5b9ULL;

	return x ^ x >> 29;
}

static u32 below(struct worker *w, u32 ceil)
{
	return prandom_u32_state(&w->rnd) % ceil;
}

static u64 ledger_word(u64 serial, enum ledger_state state)
{
	return serial << 2 | state;
}

static bool in_ledger(unsigned int name)
{
	return name < param_names;
}

/* The caller has the node open, so that nobody else is about to */
static void ledger_set(unsigned int name, u64 serial, enum ledger_state state)
{
	if (in_ledger(name))
		atomic64_set(&ledger[name], ledger_word(serial, state));
}

/* The node is closed: others may have gone on with that name */
static void ledger_done(unsigned int name, u64 serial, enum ledger_state from,
			enum ledger_state to)
{
	if (in_ledger(name))
		atomic64_cmpxchg(&ledger[name], ledger_word(serial, from),
				 to == ABSENT ? 0 : ledger_word(serial, to));
}

static const char *node_name(unsigned int name, char *buf, size_t size)
{
	snprintf(buf, size, "%s%u", in_ledger(name) ? "led" : "free", name);
	return buf;
}

/* What others do at the same time is no error */
static bool expected(int err, const char *what, const char *name)
{
	if (err == -EBUSY || err == -EEXIST || err == -ENOENT ||
	    err == -ENOMEM) {
		atomic_inc(&nr_busy);
		return true;
	}
	error("%s of %s: error %d", what, name, err);
	return false;
}

static void fill_folio(struct folio *folio, u64 serial, u64 pos)
{
	unsigned long i;

	for (i = 0; i < folio_nr_pages(folio); i++)
		memset64(page_address(folio_page(folio, i)),
			 mix(serial, pos + i), PAGE_SIZE / sizeof(u64));
}

static bool folio_good(struct folio *folio, u64 serial, u64 pos)
{
	unsigned long i;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		u64 *addr = page_address(folio_page(folio, i));

		if (*addr != mix(serial, pos + i) ||
		    memcmp(addr, addr + 1, PAGE_SIZE - sizeof(u64)))
			return false;
	}
	return true;
}

static void fill_bytes(u8 *buf, u64 serial, u64 nr)
{
	u64 i;

	for (i = 0; i < nr; i++)
		buf[i] = mix(~serial, i);
}

static bool bytes_good(const u8 *buf, u64 serial, u64 nr)
{
	u64 i;

	for (i = 0; i < nr; i++) {
		if (buf[i] != (u8)mix(~serial, i))
			return false;
	}
	return true;
}

/* So that some nodes are open when the kexec comes, and closed after that */
static void linger(struct worker *w)
{
	if (!below(w, 4))
		usleep_range(1000, 1000 + below(w, 50000));
}

static int save_folio(struct worker *w, struct pram_stream *ps,
		      struct threads_header *head)
{
	struct folio *folio;
	int err;

	folio = folio_alloc(GFP_KERNEL | __GFP_NOWARN, below(w, MAX_ORDER));
	if (!folio)
		return -ENOMEM;
	fill_folio(folio, head->serial, head->nr_pages);
	err = pram_save_folio(ps, folio, 0);
	if (!err && pram_save_folio(ps, folio, 0) != -EEXIST)
		error("a folio was saved twice");
	if (!err)
		head->nr_pages += folio_nr_pages(folio);
	folio_put(folio);
	return err;
}

static int fill_node(struct worker *w, struct pram_stream *ps,
		     struct threads_header *head)
{
	ssize_t ret = 0;
	u32 nr;

	for (nr = below(w, MAX_FOLIOS); nr && !ret; nr--)
		ret = save_folio(w, ps, head);
	if (ret)
		return ret;
	head->nr_bytes = below(w, MAX_BYTES);
	fill_bytes(w->buf, head->serial, head->nr_bytes);
	ret = pram_write(ps, head, sizeof(*head));
	if (ret == sizeof(*head))
		ret = pram_write(ps, w->buf, head->nr_bytes);
	return ret < 0 ? ret : 0;
}

static void make(struct worker *w, unsigned int nr)
{
	struct threads_header head = { .magic = THREADS_MAGIC, .name = nr };
	struct pram_stream ps;
	char buf[32];
	const char *name = node_name(nr, buf, sizeof(buf));
	int err;

	err = pram_open(name, PRAM_WRITE, GFP_KERNEL | __GFP_NOWARN, &ps);
	if (err) {
		expected(err, "open", name);
		return;
	}
	head.serial = atomic64_inc_return(&last_serial);
	ledger_set(nr, head.serial, COMING);
	err = fill_node(w, &ps, &head);
	if (err)
		expected(err, "filling", name);
	linger(w);
	if (!err && below(w, 8)) {
		err = pram_close(&ps, PRAM_COMMIT);
		if (!err) {
			ledger_done(nr, head.serial, COMING, PRESENT);
			atomic_inc(&nr_made);
			return;
		}
		if (err != -EBUSY)
			error("commit of %s: error %d", name, err);
		atomic_inc(&nr_busy);
	}
	ledger_set(nr, 0, ABSENT);
	err = pram_close(&ps, PRAM_DISCARD);
	if (err)
		error("discard of %s: error %d", name, err);
}

static bool node_good(struct worker *w, struct pram_stream *ps,
		      struct threads_header *head, unsigned int nr)
{
	unsigned int flags;
	struct folio *folio;
	bool good = true;
	u64 pos = 0;

	if (pram_read(ps, head, sizeof(*head)) != sizeof(*head) ||
	    head->magic != THREADS_MAGIC || head->name != nr ||
	    head->nr_bytes > MAX_BYTES)
		return false;
	if (pram_read(ps, w->buf, head->nr_bytes) != head->nr_bytes ||
	    !bytes_good(w->buf, head->serial, head->nr_bytes) ||
	    pram_read(ps, w->buf, 1))
		return false;
	while (good && (folio = pram_load_folio(ps, &flags))) {
		/* With checksums: a kexec has begun, and that was all for now */
		if (IS_ERR(folio))
			return PTR_ERR(folio) == -EBUSY;
		good = !flags && folio_good(folio, head->serial, pos);
		pos += folio_nr_pages(folio);
		folio_put(folio);
	}
	return good && pos == head->nr_pages;
}

static bool ledger_agrees(unsigned int nr, u64 serial)
{
	return !in_ledger(nr) || (u64)atomic64_read(&ledger[nr]) >> 2 == serial;
}

static void read_node(struct worker *w, unsigned int nr, bool consume)
{
	struct threads_header head = {};
	struct pram_stream ps;
	char buf[32];
	const char *name = node_name(nr, buf, sizeof(buf));
	int err;

	err = pram_open(name, PRAM_READ, GFP_KERNEL, &ps);
	if (err) {
		expected(err, "open", name);
		return;
	}
	if (!node_good(w, &ps, &head, nr))
		error("%s is not as it was saved", name);
	else if (!ledger_agrees(nr, head.serial))
		error("%s is %llu, and %#llx in the ledger", name, head.serial,
		      (u64)atomic64_read(&ledger[nr]));
	linger(w);
	if (consume) {
		ledger_set(nr, head.serial, GOING);
		err = pram_close(&ps, PRAM_COMMIT);
		if (!err) {
			ledger_done(nr, head.serial, GOING, ABSENT);
			atomic_inc(&nr_consumed);
			return;
		}
		if (err != -EBUSY)
			error("commit of %s: error %d", name, err);
		atomic_inc(&nr_busy);
		ledger_set(nr, head.serial, PRESENT);
	}
	err = pram_close(&ps, PRAM_KEEP);
	if (err)
		error("keep of %s: error %d", name, err);
	atomic_inc(&nr_kept);
}

/* Of the names that are not in the ledger, as it is not said what goes */
static void discard(unsigned int nr)
{
	char buf[32];
	const char *name = node_name(nr, buf, sizeof(buf));
	int err = pram_discard(name);

	if (err)
		expected(err, "discard", name);
	else
		atomic_inc(&nr_discarded);
}

static int work(void *data)
{
	struct worker *w = data;

	while (!kthread_should_stop()) {
		unsigned int nr = below(w, 2 * param_names);

		switch (below(w, 8)) {
		case 0 ... 2:
			make(w, nr);
			break;
		case 3 ... 4:
			read_node(w, nr, false);
			break;
		case 5 ... 6:
			read_node(w, nr, true);
			break;
		default:
			if (!in_ledger(nr))
				discard(nr);
			break;
		}
		/* When a kexec has begun there is nothing to do */
		if (below(w, 32))
			cond_resched();
		else
			usleep_range(100, 1000);
	}
	return 0;
}

static int ledger_make(void)
{
	struct pram_stream ps;
	int err;

	ledger_folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, 0);
	if (!ledger_folio)
		return -ENOMEM;
	ledger = folio_address(ledger_folio);
	err = pram_open(LEDGER, PRAM_WRITE, GFP_KERNEL, &ps);
	if (err)
		return err;
	err = pram_save_folio(&ps, ledger_folio, 0);
	if (!err)
		err = pram_close(&ps, PRAM_COMMIT);
	if (err)
		pram_close(&ps, PRAM_DISCARD);
	return err;
}

/* The last kernel's; without the node, as nothing is going to change */
static int ledger_load(void)
{
	struct pram_stream ps;
	int err;

	err = pram_open(LEDGER, PRAM_READ, GFP_KERNEL, &ps);
	if (err)
		return err;
	ledger_folio = pram_load_folio(&ps, NULL);
	err = pram_close(&ps, PRAM_COMMIT);
	if (IS_ERR_OR_NULL(ledger_folio)) {
		ledger_folio = NULL;
		return -EIO;
	}
	ledger = folio_address(ledger_folio);
	return err;
}

static struct worker *new_worker(unsigned int nr)
{
	struct worker *w = kvzalloc(sizeof(*w), GFP_KERNEL);

	if (w)
		prandom_seed_state(&w->rnd, mix(param_seed, nr));
	return w;
}

static void stop_all(void)
{
	unsigned int i;

	guard(mutex)(&stop_lock);
	for (i = 0; i < MAX_THREADS; i++) {
		if (!workers[i])
			continue;
		if (!IS_ERR_OR_NULL(workers[i]->task))
			kthread_stop(workers[i]->task);
		kvfree(workers[i]);
		workers[i] = NULL;
	}
}

static int set_stop(const char *val, const struct kernel_param *kp)
{
	stop_all();
	return 0;
}

static const struct kernel_param_ops stop_ops = {
	.set = set_stop,
};
module_param_cb(stop, &stop_ops, NULL, 0200);

static int start_all(void)
{
	unsigned int i;
	int err;

	err = ledger_make();
	for (i = 0; i < param_threads && !err; i++) {
		workers[i] = new_worker(i);
		if (!workers[i])
			return -ENOMEM;
		workers[i]->task = kthread_run(work, workers[i], "pram/%u", i);
		err = PTR_ERR_OR_ZERO(workers[i]->task);
	}
	return err;
}

/* Is what there is, and what is not, as the ledger has it? */
static int verify_all(void)
{
	unsigned int nr, nr_present = 0, nr_moot = 0;
	struct worker *w;
	int before, err;

	err = ledger_load();
	if (err)
		return err;
	w = new_worker(0);
	if (!w)
		return -ENOMEM;
	for (nr = 0; nr < 2 * param_names; nr++) {
		enum ledger_state state = ABSENT;

		if (in_ledger(nr))
			state = atomic64_read(&ledger[nr]) & 3;
		before = atomic_read(&nr_consumed);
		read_node(w, nr, true);
		before = atomic_read(&nr_consumed) - before;
		if (state == PRESENT && !before)
			error("node %u is not there", nr);
		if (in_ledger(nr) && state == ABSENT && before)
			error("node %u is there", nr);
		nr_present += state == PRESENT;
		nr_moot += state == COMING || state == GOING;
	}
	pr_info("# %d nodes, %u of them had to be there, and %u could have been\n",
		atomic_read(&nr_consumed), nr_present, nr_moot);
	kvfree(w);
	return atomic_read(&nr_errors) ? -EIO : 0;
}

static void end(void)
{
	stop_all();
	if (ledger_folio)
		folio_put(ledger_folio);
}

static int __init test_pram_threads_init(void)
{
	int err = -EINVAL;

	if (!param_names || param_names > MAX_NAMES || !param_threads ||
	    param_threads > MAX_THREADS)
		return -EINVAL;
	/* No serial number twice in a chain of kernels with different seeds */
	atomic64_set(&last_serial, (u64)param_seed << 32);
	if (!strcmp(param_op, "run"))
		err = start_all();
	else if (!strcmp(param_op, "verify"))
		err = verify_all();
	if (err)
		end();
	return err;
}
module_init(test_pram_threads_init);

static void __exit test_pram_threads_exit(void)
{
	end();
	pr_info("# made %d, kept %d, consumed %d, discarded %d, refused %d, errors %d\n",
		atomic_read(&nr_made), atomic_read(&nr_kept),
		atomic_read(&nr_consumed), atomic_read(&nr_discarded),
		atomic_read(&nr_busy), atomic_read(&nr_errors));
}
module_exit(test_pram_threads_exit);

MODULE_DESCRIPTION("Test of memory that is kept over kexec, by many at a time");
MODULE_LICENSE("GPL");
