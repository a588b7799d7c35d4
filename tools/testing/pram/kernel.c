// SPDX-License-Identifier: GPL-2.0
/*
 * What is small: the log, locks, parameters, initcalls, notifiers, random
 * numbers.
 */
#include "sim.h"

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

void (*sim_on_failure)(void);

#define LOG_LINES	40
#define LOG_WIDTH	256

int sim_loglevel;
unsigned long sim_nr_warnings;
char sim_last_warning[LOG_WIDTH];

/* The last lines of the log, for those who look at a failure */
static char log_line[LOG_LINES][LOG_WIDTH];
static unsigned int log_next;

struct kimage *kexec_image;
static struct notifier_block *reboot_nb;

/* Is there a line with @text since sim_clear_log()? Long logs lose what is first. */
bool sim_logged(const char *text)
{
	unsigned int i;

	for (i = 0; i < LOG_LINES; i++) {
		if (strstr(log_line[i], text))
			return true;
	}
	return false;
}

void sim_clear_log(void)
{
	memset(log_line, 0, sizeof(log_line));
}

static void print_log(void)
{
	unsigned int i;

	for (i = 0; i < LOG_LINES; i++)
		fputs(log_line[(log_next + i) % LOG_LINES], stderr);
}

/* Also called by the sanitizers, when they have something to say */
static void print_end(void)
{
	static bool ending;

	if (ending)
		return;
	ending = true;
	fputs("--- the last lines of the kernel log:\n", stderr);
	print_log();
	if (sim_on_failure)
		sim_on_failure();
}

static void __noreturn sim_end(void)
{
	__sanitizer_print_stack_trace();
	print_end();
	abort();
}

static __attribute__((__constructor__)) void set_print_end(void)
{
	__sanitizer_set_death_callback(print_end);
}

void __sim_fail(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("FAILED: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	sim_end();
}

void sim_bug(const char *what, const char *file, int line)
{
	__sim_fail("%s:%d: the kernel warns: %s", file, line, what);
}

void sim_printk(int level, const char *fmt, ...)
{
	char *line = log_line[log_next++ % LOG_LINES];
	va_list ap;

	va_start(ap, fmt);
	memset(line, 0, sizeof(log_line[0]));
	vsnprintf(line, sizeof(log_line[0]), fmt, ap);
	va_end(ap);
	if (!strchr(line, '\n'))
		line[min(strlen(line), sizeof(log_line[0]) - 2)] = '\n';
	if (level < sim_loglevel)
		fputs(line, stderr);
	if (level <= 4) {
		sim_nr_warnings++;
		memcpy(sim_last_warning, line, LOG_WIDTH);
	}
}

/*
 * Random numbers: splitmix64
 */
static u64 rand_state;

static u64 scramble(u64 z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

void sim_srand(u64 seed)
{
	rand_state = scramble(seed + 0x9e3779b97f4a7c15ULL);
}

u64 sim_rand(void)
{
	rand_state += 0x9e3779b97f4a7c15ULL;
	return scramble(rand_state);
}

u64 sim_below(u64 limit)
{
	return limit ? sim_rand() % limit : 0;
}

bool sim_chance(unsigned int one_in)
{
	return !sim_below(one_in);
}

u64 sim_mix(u64 a, u64 b)
{
	return scramble(a * 0x9e3779b97f4a7c15ULL + scramble(b + 1));
}

/* What the kernel draws is none of the numbers that decide what is done */
u64 get_random_u64(void)
{
	static u64 drawn;

	return sim_mix(rand_state, ++drawn);
}

/*
 * Locks
 */
static const char *held[8];
static unsigned int nr_held;
static unsigned int nr_spinlocks;

/* All other CPUs have stopped, wherever they were: nobody gives locks back */
bool sim_stopped;

void might_sleep(void)
{
	if (sim_stopped)
		sim_fail("sleeping when all has stopped");
	if (nr_spinlocks)
		sim_fail("sleeping with a spinlock held");
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	if (lock->locked)
		sim_fail("%s is taken twice", lock->name);
	/* It is the outermost */
	if (nr_held && !strcmp(lock->name, "pram_lock"))
		sim_fail("%s is taken inside of %s", lock->name,
			 held[nr_held - 1]);
	sim_assert(nr_held < ARRAY_SIZE(held));
	held[nr_held++] = lock->name;
	lock->locked = true;
}

void mutex_unlock(struct mutex *lock)
{
	if (!lock->locked)
		sim_fail("%s is not locked", lock->name);
	sim_assert(nr_held);
	nr_held--;
	lock->locked = false;
}

void spin_lock(spinlock_t *lock)
{
	if (sim_stopped)
		sim_fail("taking a lock when all has stopped");
	if (lock->locked)
		sim_fail("a spinlock is taken twice");
	lock->locked = true;
	nr_spinlocks++;
}

void spin_unlock(spinlock_t *lock)
{
	if (!lock->locked)
		sim_fail("a spinlock is not locked");
	lock->locked = false;
	nr_spinlocks--;
}

/*
 * RCU: whatever somebody might still look at stays for a while.
 */
static struct rcu_head *rcu_list, **rcu_tail = &rcu_list;
static unsigned int nr_rcu;

void sim_rcu_flush(void)
{
	while (rcu_list) {
		struct rcu_head *head = rcu_list;

		rcu_list = head->next;
		head->func(head);
	}
	rcu_tail = &rcu_list;
	nr_rcu = 0;
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	if (nr_rcu >= 64 && !nr_spinlocks)
		sim_rcu_flush();
	head->next = NULL;
	head->func = func;
	*rcu_tail = head;
	rcu_tail = &head->next;
	nr_rcu++;
}

/*
 * Parameters: early_param() and module_param(), by the parser of the kernel
 */
static int early_one(char *param, char *val, const char *unused, void *arg)
{
	const struct obs_kernel_param *p;

	for (p = __start_sim_setup; p < __stop_sim_setup; p++) {
		if (p->early && parameq(param, p->str))
			p->setup_func(val);
	}
	return 0;
}

static int ignore_one(char *param, char *val, const char *unused, void *arg)
{
	return 0;
}

void sim_parse_cmdline(const char *line)
{
	char *copy = strdup(line);

	sim_assert(copy);
	parse_args("early options", copy, NULL, 0, 0, 0, NULL, early_one);
	free(copy);
	/* It has been cut up */
	copy = strdup(line);
	sim_assert(copy);
	parse_args("Booting kernel", copy, __start___param,
		   __stop___param - __start___param, -1, -1, NULL, ignore_one);
	free(copy);
}

static int initcalls_between(int (*const *call)(void), int (*const *stop)(void))
{
	int err, ret = 0;

	for (; call < stop; call++) {
		err = (*call)();
		if (err)
			ret = err;
	}
	return ret;
}

int sim_initcalls(void)
{
	int core, subsys, late;

	core = initcalls_between(__start_sim_initcalls_core,
				 __stop_sim_initcalls_core);
	subsys = initcalls_between(__start_sim_initcalls_subsys,
				   __stop_sim_initcalls_subsys);
	late = initcalls_between(__start_sim_initcalls_late,
				 __stop_sim_initcalls_late);
	return core ?: subsys ?: late;
}

/* As they would be done, one after the other, from either end */
void padata_do_multithreaded(struct padata_mt_job *job)
{
	unsigned long chunk = ALIGN(job->min_chunk, job->align) << sim_below(4);
	unsigned long last = job->start + job->size, start, end;
	bool back = sim_chance(2);

	if (sim_chance(3))
		chunk = BIT(BITS_PER_LONG - 1);
	start = job->start;
	end = last;
	while (start < end) {
		unsigned long at = back ? max(start, ALIGN_DOWN(end - 1, chunk)) :
				   min(end, ALIGN(start + 1, chunk));

		if (back) {
			job->thread_fn(at, end, job->fn_arg);
			end = at;
		} else {
			job->thread_fn(start, at, job->fn_arg);
			start = at;
		}
	}
}

int register_reboot_notifier(struct notifier_block *nb)
{
	nb->next = reboot_nb;
	reboot_nb = nb;
	return 0;
}

notifier_fn_t sim_pm_notifier;

int sim_notify_pm(unsigned long action)
{
	return 0x8000 - sim_pm_notifier(NULL, action, NULL);
}

void sim_notify_reboot(unsigned long action)
{
	struct notifier_block *nb;

	for (nb = reboot_nb; nb; nb = nb->next)
		nb->notifier_call(nb, action, NULL);
}

/*
 * x86
 */
u64 sim_mark;

void arch_pram_set_mark(u64 mark)
{
	/* Boot clears it before there are any */
	if (!sim_stopped && mark)
		sim_fail("the register is overwritten while there are system calls");
	sim_mark = mark;
}

u64 arch_pram_mark(void)
{
	return sim_mark;
}

bool arch_pram_kexeced(void)
{
	return sim_machine()->loader == 0xd;
}

/*
 * Images. There is no more in them than the command line and the marker, each in
 * a page of its own. They are in no segment: the next kernel overwrites what is
 * there with other things.
 */
#define IMAGE_AT	SZ_1M

/* Images in the simulator have all memory */
char *arch_pram_no_ram(const char *param, char *val, u64 *start, u64 *end)
{
	*start = 0;
	*end = 0;
	return NULL;
}

int arch_pram_find_params(struct kimage *image, struct pram_image *info)
{
	if (!image->params)
		return -ENOENT;
	info->params = IMAGE_AT;
	info->cmdline = IMAGE_AT + PAGE_SIZE;
	return 0;
}

/* Boot parameters, which nobody reads, command line and marker: a page each */
kimage_entry_t *sim_image_entries(const struct kimage *image)
{
	static const struct pram_marker good =
		PRAM_MARKER(PRAM_CMDLINE_SIZE, 0, 0);
	static u8 page[3][PAGE_SIZE] __aligned(PAGE_SIZE);
	static kimage_entry_t list[5];
	struct pram_marker *marker;
	unsigned int i;

	memset(page, 0, sizeof(page));
	if (image->params)
		memcpy(page[1], image->line, sizeof(image->line));
	if (image->marker) {
		marker = (void *)page[3] - sizeof(*marker);
		*marker = good;
		marker->min_version = image->version;
		marker->max_version = image->version;
		marker->inverse[0] = ~image->version;
		marker->inverse[1] = ~image->version;
	}
	list[0] = IMAGE_AT | IND_DESTINATION;
	for (i = 0; i < 3; i++)
		list[1 + i] = (unsigned long)page[i] | IND_SOURCE;
	list[4] = IND_DONE;
	return list;
}

bool is_kdump_kernel(void)
{
	return sim_machine()->kdump;
}

int __sysfs_match_string(const char * const *array, size_t n, const char *s)
{
	size_t i, len = strcspn(s, "\n");

	for (i = 0; i < n && array[i]; i++) {
		if (strlen(array[i]) == len && !strncmp(array[i], s, len))
			return i;
	}
	return -EINVAL;
}

struct new_utsname *init_utsname(void)
{
	static struct new_utsname name = { "6.12.0-sim" };

	return &name;
}

ssize_t sim_strscpy(char *dest, const char *src, size_t count)
{
	size_t len = strnlen(src, count);

	if (!count)
		return -E2BIG;
	if (len == count) {
		memcpy(dest, src, count - 1);
		dest[count - 1] = 0;
		return -E2BIG;
	}
	memcpy(dest, src, len + 1);
	return len;
}

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	return strtoull(s, end, base);
}

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return strtol(s, end, base);
}

void *memchr_inv(const void *start, int c, size_t bytes)
{
	u64 all = (u8)c * 0x0101010101010101ULL, word;
	const u8 *p = start;

	/* Most of what is looked at is large and the same all over */
	for (; bytes >= sizeof(word); bytes -= sizeof(word), p += sizeof(word)) {
		__builtin_memcpy(&word, p, sizeof(word));
		if (word != all)
			break;
	}
	for (; bytes; bytes--, p++) {
		if (*p != (u8)c)
			return (void *)p;
	}
	return NULL;
}

char *skip_spaces(const char *str)
{
	while (isspace((unsigned char)*str))
		str++;
	return (char *)str;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return min_t(size_t, len, size ? size - 1 : 0);
}

struct pram_range sim_scratch;

bool kho_is_enabled(void)
{
	return sim_scratch.end;
}

bool kho_scratch_overlap(phys_addr_t phys, size_t size)
{
	return PFN_PHYS(sim_scratch.start) < phys + size &&
	       phys < PFN_PHYS(sim_scratch.end);
}

int kho_walk_preserved(int (*fn)(unsigned long pfn, unsigned long nr, void *arg),
		       void *arg)
{
	return 0;
}

void sim_kernel_reset(void)
{
	memset(&sim_scratch, 0, sizeof(sim_scratch));
	sim_rcu_flush();
	kexec_image = NULL;
	reboot_nb = NULL;
	sim_pm_notifier = NULL;
	nr_held = 0;
	nr_spinlocks = 0;
	sim_stopped = false;
	sim_nr_warnings = 0;
	sim_last_warning[0] = 0;
}

/* No memory is set aside for a crash kernel */
struct resource crashk_res, crashk_low_res;

/* What a kernel has used at boot is not known here */
int pram_boot_need(struct kimage *image, const struct pram_image *info,
		   u64 nr_image, u64 nr_ram, u64 *need);

int pram_boot_need(struct kimage *image, const struct pram_image *info,
		   u64 nr_image, u64 nr_ram, u64 *need)
{
	*need = 0;
	return 0;
}
