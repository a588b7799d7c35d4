/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The simulated machine, for those who run something in it.
 *
 *	sim_map()	give it memory: what a memfd has in it, or nothing
 *	sim_boot()	from setup_arch() to the initcalls
 *	...		the functions of include/linux/pram.h
 *	sim_shutdown()	pram_kexec_prepare() and all that comes before the jump
 *	sim_reset()	forget all that a kernel knows; memory stays as it is
 *
 * A kexec is sim_shutdown() and exec of the same program, or else sim_reset(),
 * and then sim_map() and sim_boot().
 */
#ifndef _SIM_H
#define _SIM_H

#include "pram_internal.h"

#include <linux/pram.h>
#include <linux/pram_format.h>

/* Failure of a check of our own */
#define sim_fail(fmt, ...)	\
	__sim_fail("%s:%d: " fmt, __FILE__, __LINE__, ##__VA_ARGS__)
#define sim_assert(cond)	\
	do { if (!(cond)) sim_fail("not so: %s", #cond); } while (0)

void __noreturn __printf(1, 2) __sim_fail(const char *fmt, ...);

/* Called with what went wrong printed, to say how to see it again */
extern void (*sim_on_failure)(void);

/* kernel.c: random numbers, the same for the same seed */
void sim_srand(u64 seed);
u64 sim_rand(void);
u64 sim_below(u64 limit);
bool sim_chance(unsigned int one_in);
u64 sim_mix(u64 a, u64 b);

/*
 * kernel.c: the register that holds the mark of a kexec. It goes along in one, and
 * a reset clears it.
 */
extern u64 sim_mark;

/* kernel.c: the log; 0: nothing goes to stderr, 7: all */
extern int sim_loglevel;
bool sim_logged(const char *text);
void sim_clear_log(void);
/* Lines of pr_warn() and worse, and the last of them */
extern unsigned long sim_nr_warnings;
extern char sim_last_warning[];

#define SIM_MAX_RANGES	128

/*
 * A pfn far from the first RAM, at 4 GiB or, in a kernel of 32 bits, where it has
 * high memory and images can be
 */
#define SIM_FAR		(IS_ENABLED(CONFIG_64BIT) ? 0x100000 : 0x80000)

/**
 * struct sim_machine - what the firmware and the boot loader say
 * @ram: RAM, in ascending order
 * @nr_ram: how many
 * @nr_plugged: how many of them, at the end, the firmware does not know: they
 *	have been plugged in
 * @fw: parts of RAM that the new kernel must not use, known when it starts
 * @nr_fw: how many
 * @late: more of them, which it finds later: the first, third and so on by the
 *	memory map, the others by their address
 * @nr_late: how many
 * @cut: pages behind the last of @ram that there are, but for mem=
 * @cmdline: command line
 * @loader: type_of_loader: 0xd is kexec
 * @kdump: this is a crash kernel
 */
struct sim_machine {
	struct pram_range ram[SIM_MAX_RANGES];
	unsigned int nr_ram;
	unsigned int nr_plugged;
	struct pram_range fw[SIM_MAX_RANGES];
	unsigned int nr_fw;
	struct pram_range late[SIM_MAX_RANGES];
	unsigned int nr_late;
	u64 cut;
	char cmdline[2048];
	unsigned int loader;
	bool kdump;
};

/* memory.c */
/* What is written to memory that is mapped then stays within this process */
extern bool sim_private;
int sim_create_memory(void);
void sim_map(int fd, const struct sim_machine *machine);
void sim_unmap(void);
const struct sim_machine *sim_machine(void);
/* Direct map; what is not RAM is not mapped */
void *sim_phys(u64 pfn);
bool sim_is_ram(u64 pfn);
/* Is it no longer System RAM, because something was found there late? */
bool sim_is_late(u64 pfn);
/* A page at the address that is its physical one; NULL: there is no room */
void *sim_map_identity(u64 pfn);
void sim_unmap_identity(void *virt);
/* Overwrite whole pages with @pattern, cheaply where they hold nothing */
void sim_scribble(u64 start, u64 end, u64 pattern);

/* boot.c */
/* What is done before the page allocator takes over, after pram_reserve() */
extern void (*sim_after_reserve)(void);
/* In pram_reserve(), memblock had to move its array of what is reserved */
extern bool sim_memblock_grown;
/* Pages of its own that the array has by now; 0: it was never moved */
unsigned long sim_memblock_pages(void);
/* The kernel overwrites nothing that it need not */
extern bool sim_gentle;
int sim_boot(void);
int sim_shutdown(struct kimage *image);
void sim_finish(void);
void sim_reset(void);
/* Is it off; the pfn of the super block, or 0 */
u64 sim_super_pfn(void);

/* boot/decompressor.c */
int sim_decompress(struct pram_range *avoid);

/* page.c */
void sim_pages_init(void);
void sim_pages_reset(void);
enum sim_state sim_page_state(u64 pfn);
/* Pages in each state */
unsigned long sim_nr_pages(enum sim_state state);
/* They count as managed since memblock has handed over */
void sim_managed_early(unsigned long pfn, unsigned long end);
/* Pages in use: allocated, or reserved but counted as managed */
unsigned long sim_nr_used(void);
/* Are free lists, states and counts right? Slow. */
void sim_check_pages(void);
/* The memory of a page breaks: from now on nobody may read it */
void sim_break(u64 pfn);
bool sim_is_broken(u64 pfn, unsigned int order);
extern bool (*sim_secret)(u64 pfn);
void sim_set_secret(struct folio *folio, bool secret);
extern bool sim_exhausted;	/* an allocation failed for lack of memory */

/* slab.c */
extern unsigned long sim_nr_kmalloc;	/* live objects */
extern unsigned long sim_nr_xa_nodes;
void sim_slab_reset(void);

/*
 * Faults: the @sim_fail_at-th allocation from now on fails, and each one after
 * it if @sim_fail_all. 0: none does. Those that must not fail do not count.
 */
extern unsigned long sim_fail_at;
extern bool sim_fail_all;
extern unsigned long sim_nr_faults;	/* how many have been made to fail */
bool sim_should_fail(gfp_t gfp);

/*
 * Sections: variables of the kernel code that is compiled here, which the
 * Makefile gives sections of their own, early_param(), and initcalls
 */
extern char __start_sim_data[], __stop_sim_data[];
extern char __start_sim_bss[], __stop_sim_bss[];
extern const struct obs_kernel_param __start_sim_setup[], __stop_sim_setup[];
/* There may be none of a level */
extern int (*const __start_sim_initcalls_core[])(void) __weak;
extern int (*const __stop_sim_initcalls_core[])(void) __weak;
extern int (*const __start_sim_initcalls_subsys[])(void) __weak;
extern int (*const __stop_sim_initcalls_subsys[])(void) __weak;
extern int (*const __start_sim_initcalls_late[])(void) __weak;
extern int (*const __stop_sim_initcalls_late[])(void) __weak;

/* kernel.c */
void sim_parse_cmdline(const char *line);
int sim_initcalls(void);
void sim_notify_reboot(unsigned long action);
int sim_notify_pm(unsigned long action);
void sim_kernel_reset(void);
void sim_rcu_flush(void);
/* Where the next kernel boots, if KHO is on; otherwise empty */
extern struct pram_range sim_scratch;
/* From machine_shutdown() on, locks and allocations are errors */
extern bool sim_stopped;

#endif /* _SIM_H */
