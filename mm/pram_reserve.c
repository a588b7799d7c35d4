// SPDX-License-Identifier: GPL-2.0
/*
 * Right after the jump: reserving what the previous kernel left.
 */
#include "pram.h"

/**
 * DOC: Reserving
 *
 * pram_reserve() runs in setup_arch(), as soon as memblock knows the memory
 * and before anything is allocated from it. It reads the super block, and only
 * that, and reserves the cover.
 *
 * The cover has gaps, which are reserved along with what is preserved. Others find
 * things at fixed places after that: firmware's tables, or what was preserved by
 * other means. What they reserve is theirs, wherever it is: memblock marks what PRAM
 * has reserved (MEMBLOCK_RSRV_PRAM), and the mark goes where anybody else reserves
 * something. Only what still has it when memblock hands over is PRAM's.
 */

/* No kernel boots in less; a cover that leaves less is not believed */
#define PRAM_MIN_FREE		SZ_16M

/* How many parts the cover may be in when it is reserved */
#define PRAM_MAX_PARTS		128

/*
 * The parts of the cover that are PRAM's, in order: not those which are no RAM in this
 * kernel, or were reserved by somebody else, before or after. Nodes with a page in
 * those are lost, and PRAM does not free them.
 */
static struct pram_range pram_parts[PRAM_MAX_PARTS] __initdata;
struct pram_range *pram_owned __initdata = pram_parts;
unsigned int pram_nr_owned __initdata;

/* Does memblock have marks? From pram_reserve() on, until it hands over */
bool pram_marked __initdata_memblock;

/* Whether there is PRAM: not with pram=off, nor in a crash kernel */
bool pram_on __initdata;

/* The super block to take over; 0: none */
unsigned long pram_super_pfn __initdata;

/* How many nodes it says there are, if it is good */
u64 pram_nr_left __initdata;

/* What pram= says */
static bool pram_given __initdata;
static struct pram_param pram_param __initdata;

static int __init pram_setup(char *str)
{
	if (pram_parse(str, &pram_param))
		pr_warn("'pram=%.32s' ignored: neither \"off\" nor <pfn>.<ticket> in hex\n",
			str ? str : "");
	else
		pram_given = true;
	return 0;
}
early_param("pram", pram_setup);

/**
 * pram_is_owned - are these pages PRAM's, as the previous kernel left them?
 * @pfn: the first
 * @nr: how many
 *
 * Return: whether all of them are.
 */
bool __init pram_is_owned(u64 pfn, u64 nr)
{
	unsigned int first = 0, last = pram_nr_owned;

	while (first < last) {
		unsigned int i = first + (last - first) / 2;
		const struct pram_range *range = &pram_owned[i];

		if (pfn < range->start)
			last = i;
		else if (pfn >= range->end)
			first = i + 1;
		else
			return nr <= range->end - pfn;
	}
	return false;
}

/* How much of what is free can a kernel boot in, which is no high memory? */
static u64 __init pram_nr_bootable(u64 start, u64 end)
{
	u64 limit = IS_ENABLED(CONFIG_64BIT) ? U64_MAX : max_low_pfn;

	return start < end ? min(end, limit) - min(start, limit) : 0;
}

/* Note which parts of the cover are free RAM now. Returns how many pages else are. */
static u64 __init pram_own(const struct pram_super *sb)
{
	phys_addr_t start, end;
	unsigned int i;
	bool full = false;
	u64 j, left = 0;

	for_each_free_mem_range(j, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end,
				NULL) {
		u64 first = PFN_UP(start);
		u64 last = min_t(u64, PFN_DOWN(end), pram_ram_end());

		left += pram_nr_bootable(first, last);
		for (i = 0; i < sb->nr_cover; i++) {
			struct pram_range r = {
				.start = max(first, sb->cover[i].start),
				.end = min(last, sb->cover[i].end),
			};

			if (r.start >= r.end)
				continue;
			left -= pram_nr_bootable(r.start, r.end);
			if (pram_nr_owned == PRAM_MAX_PARTS) {
				if (!full)
					pr_warn("memory is too scattered: all from %#llx on is lost\n",
						(unsigned long long)PFN_PHYS(r.start));
				full = true;
				continue;
			}
			pram_owned[pram_nr_owned++] = r;
		}
	}
	return left;
}

/* The range could not be reserved: it is nobody's, and will be anybody's */
static void __init pram_disown(const struct pram_range *range)
{
	unsigned int i;

	pr_err("no memory to reserve %#llx-%#llx: what it held is lost\n",
	       (u64)PFN_PHYS(range->start), (u64)PFN_PHYS(range->end) - 1);
	for (i = 0; i < pram_nr_owned; i++) {
		struct pram_range *r = &pram_owned[i];

		if (r->start >= range->start && r->end <= range->end)
			r->end = r->start;
	}
}

/* Mark what is PRAM's of what has been reserved. What has no mark stays reserved. */
static void __init pram_mark(void)
{
	unsigned int i;

	for (i = 0; i < pram_nr_owned; i++) {
		struct pram_range *r = &pram_owned[i];

		if (r->start < r->end &&
		    memblock_reserved_mark_pram(PFN_PHYS(r->start),
						PFN_PHYS(r->end - r->start)))
			pram_disown(r);
	}
	pram_marked = true;
}

/*
 * Reserve the cover. memblock may have to move its array for that, and must not
 * move it onto preserved pages: until init_mem_mapping() it allocates below
 * ISA_END_ADDRESS only, where nothing is preserved.
 */
static const char *__init pram_take_over(const struct pram_super *sb, u64 pfn)
{
	u64 owned = 0, covered = 0, left;
	const char *why = NULL;
	unsigned int i;

	left = pram_own(sb);
	if (!pram_is_owned(pfn, 1))
		why = "the super block is outside of its ranges";
	else if (left < PHYS_PFN(PRAM_MIN_FREE))
		why = "its ranges leave no memory to boot in";
	if (why) {
		pram_nr_owned = 0;
		return why;
	}
	for (i = 0; i < pram_nr_owned; i++)
		owned += pram_owned[i].end - pram_owned[i].start;
	for (i = 0; i < sb->nr_cover; i++) {
		struct pram_range r = sb->cover[i];

		covered += r.end - r.start;
		/* There may be less RAM than there was (mem=) */
		r.end = min3(r.end, (u64)PFN_UP(memblock_end_of_DRAM()),
			     pram_ram_end());
		if (r.start < r.end &&
		    memblock_reserve(PFN_PHYS(r.start),
				     PFN_PHYS(r.end - r.start)))
			pram_disown(&r);
	}
	pram_mark();
	if (!pram_is_owned(pfn, 1)) {
		pram_marked = false;
		for (i = 0; i < pram_nr_owned; i++)
			memblock_phys_free(PFN_PHYS(pram_owned[i].start),
					   PFN_PHYS(pram_owned[i].end -
						    pram_owned[i].start));
		pram_nr_owned = 0;
		return "its page could not be reserved";
	}
	pram_generation = sb->generation + 1;
	pr_info("reserved %u ranges, %llu pages, for %llu nodes of %llu pages left by %s, generation %llu\n",
		sb->nr_cover, covered, sb->nr_nodes, sb->nr_pages, sb->release,
		pram_generation);
	/* Of firmware, and between what is preserved; else nodes are dropped */
	if (covered != owned)
		pr_info("%llu of these pages are not RAM, or in use\n",
			covered - owned);
	return NULL;
}

static const char *__init pram_find_super(const struct pram_param *param,
					  u64 mark)
{
	phys_addr_t addr = PFN_PHYS(param->pfn);
	struct pram_super *sb;
	const char *why;

	if (!pram_is_low(param->pfn))
		return "the page is in high memory, where only a 64-bit kernel finds it";
	if (!memblock_is_memory(addr) || memblock_is_reserved(addr))
		return "the page is not RAM, or in use";
	sb = early_memremap(addr, PAGE_SIZE);
	if (!sb)
		return "the page cannot be mapped";
	why = pram_check_super(sb, param, mark, pram_csum(sb));
	if (!why) {
		pram_nr_left = sb->nr_nodes;
		why = pram_take_over(sb, param->pfn);
	}
	if (!why)
		pram_report_take(&sb->report);
	early_memunmap(sb, PAGE_SIZE);
	return why;
}

/**
 * pram_reserve - reserve what the previous kernel has preserved
 *
 * Context: early boot, when memblock is complete and still untouched.
 */
void __init pram_reserve(void)
{
	const char *why;
	u64 mark;

	if (!arch_pram_mark_bits()) {
		pr_info("off: the CPU has no register that a kexec keeps and a reset clears\n");
		return;
	}
	mark = arch_pram_mark();
	/* It is for one kernel only */
	arch_pram_set_mark(0);
	/* A crash kernel lives in a corner of memory that is not its own */
	if (is_kdump_kernel())
		return;
	if (pram_given && !pram_param.pfn) {
		pr_info("off, by pram=off\n");
		return;
	}
	pram_on = true;
	if (!pram_given) {
		if (arch_pram_kexeced())
			pr_info("nothing is taken over from the previous kernel: there is no pram= on the command line\n");
		return;
	}
	why = pram_find_super(&pram_param, mark);
	if (!why) {
		pram_super_pfn = pram_param.pfn;
		return;
	}
	if (pram_nr_left)
		pr_err("'pram=%llx.%llx' ignored, and %llu nodes dropped: %s\n",
		       pram_param.pfn, pram_param.ticket, pram_nr_left, why);
	else
		pr_warn("'pram=%llx.%llx' ignored: %s\n", pram_param.pfn,
			pram_param.ticket, why);
}

/* What memblock has marked in [start, end); false: nothing */
static bool __init_memblock pram_is_marked(phys_addr_t start, phys_addr_t end)
{
	const struct memblock_region *r;

	for_each_reserved_mem_region(r) {
		if (r->flags & MEMBLOCK_RSRV_PRAM && r->base < end &&
		    r->base + r->size > start)
			return true;
	}
	return false;
}

/**
 * pram_keep_off - leave memory alone that somebody else reserves
 * @start: physical address of the first byte
 * @size: in bytes
 *
 * memblock_reserve() calls it. The memory may be in the middle of a gap in what is
 * preserved, which the page allocator would get: the previous kernel did not use it
 * either.
 *
 * Context: boot, before memblock hands over; later it does nothing.
 */
void __init_memblock pram_keep_off(phys_addr_t start, phys_addr_t size)
{
	struct memblock_region *r;

	if (!pram_marked || !size || !pram_is_marked(start, start + size) ||
	    !memblock_reserved_clear_pram(start, size))
		return;
	/* All around it, then: nobody else's memory is given away */
	pr_err("no memory to note that %pa is reserved: what is around it is lost\n",
	       &start);
	for_each_reserved_mem_region(r) {
		if (r->base < start + size && r->base + r->size > start)
			r->flags &= ~MEMBLOCK_RSRV_PRAM;
	}
}

#include "tests/pram_super_kunit.h"
