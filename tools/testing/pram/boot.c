// SPDX-License-Identifier: GPL-2.0
/*
 * What setup_arch(), start_kernel() and kernel_kexec() do, as far as PRAM can
 * tell.
 */
#include "sim.h"
#include "vfs.h"

#include "../../../mm/pram.h"

#include <sanitizer/asan_interface.h>

void (*sim_after_reserve)(void);
bool sim_memblock_grown;
bool sim_gentle;

/* How much memblock has room for when it starts */
static unsigned long memblock_max;

/* The variables of a kernel, as they are when it starts */
static char *saved_data;

static __attribute__((no_sanitize("address", "undefined")))
void copy_raw(char *to, const char *from, size_t size)
{
	while (size--) {
		to[size] = from ? from[size] : 0;
		/* No call of memcpy(), which is the sanitizer's */
		barrier();
	}
}

static void save_variables(void)
{
	size_t size = __stop_sim_data - __start_sim_data;

	if (saved_data)
		return;
	saved_data = malloc(size);
	sim_assert(saved_data);
	copy_raw(saved_data, __start_sim_data, size);
}

/* Whatever a kernel knows is gone; nothing that it had allocated is freed */
void sim_reset(void)
{
	sim_vfs_reset();
	sim_kernel_reset();
	sim_slab_reset();
	sim_fail_at = 0;
	sim_unmap();
	if (!saved_data)
		return;
	copy_raw(__start_sim_data, saved_data,
		 __stop_sim_data - __start_sim_data);
	copy_raw(__start_sim_bss, NULL, __stop_sim_bss - __start_sim_bss);
}

u64 sim_super_pfn(void)
{
	return pram_super ? pram_super->head.pfn : 0;
}

static void reserve_firmware(void)
{
	const struct sim_machine *m = sim_machine();
	unsigned int i;

	/* As early_reserve_memory() does */
	memblock_reserve(0, SZ_64K);
	for (i = 0; i < m->nr_fw; i++)
		memblock_reserve(PFN_PHYS(m->fw[i].start),
				 PFN_PHYS(m->fw[i].end - m->fw[i].start));
}

/*
 * memtest= overwrites all memory that is not reserved when the direct map is
 * made, and whatever else is in the first MiB is not to be relied on.
 */
static void memtest(void)
{
	static const u64 pattern[] = {
		0, ~0ULL, 0x5555555555555555ULL, 0x4c4d52504e4d5250ULL,
	};
	u64 with = pattern[sim_below(ARRAY_SIZE(pattern))], i;
	phys_addr_t start, end;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end,
				NULL)
		sim_scribble(PFN_UP(start), PFN_DOWN(end), with);
}

/* What is found late is no longer System RAM, or is found by its address */
static void late_firmware(void)
{
	const struct sim_machine *m = sim_machine();
	unsigned int i;

	for (i = 0; i < m->nr_late; i++) {
		u64 start = PFN_PHYS(m->late[i].start);
		u64 size = PFN_PHYS(m->late[i].end) - start;

		bool reserved = memblock_is_reserved(start) &&
				memblock_is_reserved(start + size - 1);

		/* Not System RAM any more: that has to be enough for a page */
		if (sim_is_late(m->late[i].start) && reserved &&
		    size == PAGE_SIZE)
			continue;
		/* As EFI does, whose things are not System RAM any more either */
		if (sim_is_late(m->late[i].start) || !reserved)
			memblock_reserve(start, size);
		/* Parts of pages count */
		else
			memblock_reserve(start + size % 13, size - size % 13 - 7);
	}
}

/* What the kernel takes for itself while there is memblock only */
static void early_allocations(void)
{
	unsigned int nr = sim_below(20);

	while (nr--) {
		size_t size = 1 + sim_below(sim_chance(4) ? SZ_1M : SZ_16K);
		phys_addr_t at = memblock_phys_alloc(size, SMP_CACHE_BYTES);

		if (at)
			memset(__va(at), 0xee, size);
	}
}

unsigned long sim_memblock_pages(void)
{
	if (memblock.reserved.max == memblock_max)
		return 0;
	return PFN_UP(memblock.reserved.max * sizeof(*memblock.reserved.regions));
}

/*
 * As mem_init() does on x86 with 32 bits. There it comes first; here nobody reads the
 * struct pages of what is reserved before memblock has them initialised. In other
 * kernels memblock has freed it.
 */
static void free_high_memory(void)
{
	phys_addr_t start, end;
	u64 i, pfn;

	if (!IS_ENABLED(CONFIG_HIGHMEM))
		return;
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end,
				NULL) {
		pfn = max_t(u64, PFN_UP(start), max_low_pfn);
		for (; pfn < PFN_DOWN(end); pfn++) {
			if (pfn_to_page(pfn)->state == SIM_BOOT)
				sim_memblock_free_pages(pfn, 0);
		}
	}
}

/* Returns what the initcalls do: 0, or the last error of one */
int sim_boot(void)
{
	const struct sim_machine *m = sim_machine();
	unsigned int i;

	save_variables();
	memblock_max = memblock.reserved.max;
	/* setup_arch() */
	sim_parse_cmdline(m->cmdline);
	reserve_firmware();
	memblock_set_current_limit(SZ_1M);
	memblock_allow_resize();
	for (i = 0; i < m->nr_ram; i++)
		memblock_add(PFN_PHYS(m->ram[i].start),
			     PFN_PHYS(m->ram[i].end - m->ram[i].start));
	pram_reserve();
	sim_memblock_grown = memblock.reserved.max > memblock_max;
	if (sim_after_reserve)
		sim_after_reserve();
	/* syscall_init(): it is where system calls go to from now on */
	sim_mark = 0xffffffff81c00080ULL;
	memblock_reserve(0, SZ_1M);
	if (!sim_gentle)
		memtest();
	memblock_set_current_limit(PFN_PHYS((u64)max_low_pfn));
	late_firmware();
	if (!sim_gentle)
		early_allocations();
	/* start_kernel(). Only the last zone is initialised late, if any is. */
	sim_node.first_deferred_pfn =
		IS_ENABLED(CONFIG_HIGHMEM) || sim_chance(3) ? ULONG_MAX : 0;
	memblock_free_all();
	free_high_memory();
	pram_memmap_late();
	for (i = 0; i < pram_nr_owned; i++)
		sim_managed_early(pram_owned[i].start, pram_owned[i].end);
	if (sim_nr_pages(SIM_BOOT))
		sim_fail("%lu pages are neither free nor reserved",
			 sim_nr_pages(SIM_BOOT));
	return sim_initcalls();
}

/* What kernel_kexec() does after the reboot notifiers */
void sim_finish(void)
{
	sim_stopped = true;
	pram_kexec_finish();
	sim_stopped = false;
}

/* kernel_kexec(), up to the jump */
int sim_shutdown(struct kimage *image)
{
	int err = pram_kexec_prepare(image);

	if (err)
		return err;
	sim_notify_reboot(SYS_RESTART);
	sim_finish();
	return 0;
}
