// SPDX-License-Identifier: GPL-2.0
/*
 * Physical memory: a memfd, in which an offset is a physical address. RAM is
 * mapped at a fixed address, the direct map, and there is nothing in between.
 */
#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

static struct sim_machine machine;
static int mem_fd = -1;
bool sim_private;
static unsigned int nr_early_maps;

const struct sim_machine *sim_machine(void)
{
	return &machine;
}

void *sim_phys(u64 pfn)
{
	return __va(PFN_PHYS(pfn));
}

/* Every other one has an entry in the memory map by then */
static bool is_claimed(unsigned int late)
{
	return late % 2 == 0;
}

static bool in_ranges(u64 pfn, const struct pram_range *range, unsigned int nr)
{
	while (nr--) {
		if (pfn >= range[nr].start && pfn < range[nr].end)
			return true;
	}
	return false;
}

bool sim_is_ram(u64 pfn)
{
	return in_ranges(pfn, machine.ram, machine.nr_ram);
}

bool sim_is_late(u64 pfn)
{
	unsigned int i;

	for (i = 0; i < machine.nr_late; i++) {
		if (is_claimed(i) && in_ranges(pfn, &machine.late[i], 1))
			return true;
	}
	return false;
}

int sim_create_memory(void)
{
	int fd = memfd_create("pram-sim", 0);

	if (fd < 0)
		sim_fail("memfd_create: %m");
	return fd;
}

/* Few large faults rather than many small ones: each kernel makes them anew */
static void prefer_huge(void *start, size_t size)
{
	madvise((void *)ALIGN_DOWN((unsigned long)start, SZ_2M),
		ALIGN((unsigned long)start % SZ_2M + size, SZ_2M),
		MADV_HUGEPAGE);
}

/* Where the address sanitizer keeps what it knows of an address */
static void *shadow_of(void *p)
{
	size_t scale, offset;

	__asan_get_shadow_mapping(&scale, &offset);
	return (void *)(((unsigned long)p >> scale) + offset);
}

static void map_ram(const struct pram_range *range)
{
	size_t size = PFN_PHYS(range->end - range->start);
	void *virt = sim_phys(range->start);

	if (mmap(virt, size, PROT_READ | PROT_WRITE, MAP_FIXED |
		 (sim_private ? MAP_PRIVATE : MAP_SHARED),
		 mem_fd, PFN_PHYS(range->start)) != virt)
		sim_fail("cannot map %#llx-%#llx: %m", range->start,
			 range->end);
	prefer_huge(shadow_of(virt), size / 8);
	ASAN_UNPOISON_MEMORY_REGION(virt, size);
}

void sim_map(int fd, const struct sim_machine *m)
{
	size_t size;
	unsigned int i;

	sim_unmap();
	machine = *m;
	mem_fd = fd;
	max_pfn = m->ram[m->nr_ram - 1].end;
	max_low_pfn = max_pfn;
	if (IS_ENABLED(CONFIG_HIGHMEM))
		max_low_pfn = min(max_pfn, SIM_LOW_END);
	/* Memory that is no longer used stays in the file */
	if (lseek(fd, 0, SEEK_END) < (off_t)PFN_PHYS(max_pfn) &&
	    ftruncate(fd, PFN_PHYS(max_pfn)))
		sim_fail("ftruncate: %m");
	for (i = 0; i < m->nr_ram; i++)
		map_ram(&m->ram[i]);
	size = max_pfn * sizeof(struct page);
	if (mmap(pfn_to_page(0), size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
		 0) != pfn_to_page(0))
		sim_fail("cannot map struct pages: %m");
	for (i = 0; i < m->nr_ram; i++)
		prefer_huge(pfn_to_page(m->ram[i].start),
			    (m->ram[i].end - m->ram[i].start) *
			    sizeof(struct page));
	sim_pages_init();
}

void sim_unmap(void)
{
	unsigned int i;

	for (i = 0; i < machine.nr_ram; i++)
		munmap(sim_phys(machine.ram[i].start),
		       PFN_PHYS(machine.ram[i].end - machine.ram[i].start));
	if (max_pfn)
		munmap(pfn_to_page(0), max_pfn * sizeof(struct page));
	machine.nr_ram = 0;
	max_pfn = 0;
	sim_pages_reset();
	if (nr_early_maps)
		sim_fail("%u early mappings are left", nr_early_maps);
}

static __attribute__((no_sanitize("address")))
void fill_raw(u64 *p, const u64 *end, u64 pattern)
{
	while (p < end)
		*p++ = pattern;
}

/*
 * What holds nothing in the file reads as zeros, and need not be overwritten:
 * whoever finds zeros does not find what was there.
 */
void sim_scribble(u64 start, u64 end, u64 pattern)
{
	off_t pos = PFN_PHYS(start), stop = PFN_PHYS(end), hole;

	while (pos < stop) {
		pos = lseek(mem_fd, pos, SEEK_DATA);
		if (pos < 0 || pos >= stop)
			break;
		hole = min(lseek(mem_fd, pos, SEEK_HOLE), stop);
		if (!pattern) {
			if (fallocate(mem_fd, FALLOC_FL_PUNCH_HOLE |
				      FALLOC_FL_KEEP_SIZE, pos, hole - pos))
				sim_fail("fallocate: %m");
		} else {
			fill_raw(__va(pos), __va(pos) + (hole - pos), pattern);
		}
		pos = hole;
	}
}

/* There is no direct map yet: an address of its own */
void *early_memremap(resource_size_t phys, unsigned long size)
{
	void *virt;

	if (phys & ~PAGE_MASK || size != PAGE_SIZE)
		sim_fail("early mapping of %#llx, %lu bytes", phys, size);
	if (!sim_is_ram(PHYS_PFN(phys)))
		sim_fail("early mapping of %#llx, which is not RAM", phys);
	if (sim_should_fail(0))
		return NULL;
	virt = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, mem_fd,
		    phys);
	if (virt == MAP_FAILED)
		sim_fail("mmap: %m");
	nr_early_maps++;
	return virt;
}

void early_memunmap(void *virt, unsigned long size)
{
	munmap(virt, size);
	nr_early_maps--;
}

/* The decompressor has no direct map; what is around the page is not mapped */
void *sim_map_identity(u64 pfn)
{
	void *want = (void *)(unsigned long)PFN_PHYS(pfn), *virt;

	virt = mmap(want, PAGE_SIZE, PROT_READ, MAP_SHARED |
		    MAP_FIXED_NOREPLACE, mem_fd, PFN_PHYS(pfn));
	if (virt == MAP_FAILED && errno == EEXIST)
		return NULL;
	if (virt != want)
		sim_fail("cannot map pfn %#llx at its address: %m", pfn);
	return virt;
}

void sim_unmap_identity(void *virt)
{
	munmap(virt, PAGE_SIZE);
}

/* What the firmware says, and so what the next kernel boots with */
bool arch_pram_boot_ram(u64 start, u64 end)
{
	unsigned int i;

	for (i = 0; i < machine.nr_ram - machine.nr_plugged; i++) {
		if (PFN_PHYS(machine.ram[i].start) < end &&
		    start < PFN_PHYS(machine.ram[i].end))
			return true;
	}
	return false;
}

/* System RAM is what has not been claimed since */
int walk_system_ram_range(unsigned long pfn, unsigned long nr, void *arg,
			  int (*func)(unsigned long, unsigned long, void *))
{
	unsigned long end = pfn + nr, stop;
	unsigned int i;
	int ret = 0;

	while (pfn < end && !ret) {
		for (i = 0; i < machine.nr_ram && machine.ram[i].end <= pfn; i++)
			;
		if (i == machine.nr_ram)
			break;
		pfn = max_t(u64, pfn, machine.ram[i].start);
		stop = min_t(u64, end, machine.ram[i].end);
		for (i = 0; i < machine.nr_late; i++) {
			if (!is_claimed(i))
				continue;
			if (machine.late[i].start > pfn)
				stop = min_t(u64, stop, machine.late[i].start);
			else if (machine.late[i].end > pfn)
				stop = pfn;
			if (stop == pfn)
				break;
		}
		if (stop == pfn) {
			pfn = machine.late[i].end;
			continue;
		}
		if (pfn < stop)
			ret = func(pfn, stop - pfn, arg);
		pfn = stop;
	}
	return ret;
}
