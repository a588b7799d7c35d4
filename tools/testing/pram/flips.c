// SPDX-License-Identifier: GPL-2.0
/*
 * One bit flipped, between the seal and the jump, in each page of metadata of a
 * large set of nodes, each time in that page alone. What it may cost:
 *
 *	super block		all
 *	directory		nothing: nodes know each other
 *	node			that node
 *	link			the node that it belongs to
 *	list of broken pages	nothing: only that they are is not known any more
 */
#include "oracle.h"
#include "ops.h"

#include "../../../mm/pram.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than a page of the directory has room for */
#define FLIP_NODES	(PRAM_LINK_ENTRIES + 13)

static struct sim_machine machine = {
	.ram = {
		{ 0, 0x9f }, { 0x100, 0x6000 }, { SIM_FAR, SIM_FAR + 0x2000 },
	},
	.nr_ram = 3,
	.loader = 0xd,
};

static const char * const kind_names[NR_KINDS] = {
	[SUPER] = "super block",
	[DIR] = "directory",
	[NODE] = "node",
	[LINK] = "link",
	[BROKEN] = "list of broken pages",
};

static u64 current;
static unsigned int current_bit;

static void say_where(void)
{
	fprintf(stderr, "--- flips: bit %u of pfn %#llx, %s\n", current_bit,
		current, kind_names[kind_of(current)] ?: "data");
}

/* Most have little in them; some have several links */
static void make_nodes(void)
{
	unsigned int i;

	for (i = 0; i < FLIP_NODES; i++) {
		switch (i % 100) {
		case 0:
			make_node(i, PRAM_LINK_ENTRIES + 9, 0, 20000, 0);
			break;
		case 1:
			make_node(i, PRAM_LINK_ENTRIES_CSUM + 9, 0, 20000,
				  PRAM_CSUM);
			break;
		case 2 ... 10:
			make_node(i, 6, 3, 5000, 0);
			break;
		case 11 ... 15:
			make_node(i, 3, 2, 5000, PRAM_CSUM);
			break;
		default:
			make_node(i, 0, 0, 0, 0);
		}
	}
}

/* A page of data that has not been moved breaks: so there is a list of them */
static void break_one(void)
{
	unsigned int i;

	for (i = 0; i < FLIP_NODES; i++) {
		const struct o_node *node = &ORACLE->node[i];
		u64 pfn = ORACLE->folio[node->first].pfn;

		if (node->csum || !node->first || pram_forbidden(pfn, 1))
			continue;
		sim_break(pfn);
		return;
	}
	sim_fail("all that there is has moved");
}

/* One kernel, up to the jump */
static void seal(int fd)
{
	struct kimage image = { .nr_segments = 1 };

	ORACLE->full = machine;
	sim_srand(1);
	sim_map(fd, &machine);
	sim_assert(!sim_boot() && pram_super);
	make_nodes();
	image.segment[0].mem = PFN_PHYS(SIM_FAR + 0x200);
	image.segment[0].memsz = PFN_PHYS(0x800);
	image_ours(&image);
	sim_assert(!pram_kexec_load(&image));
	sim_assert(!pram_kexec_prepare(&image));
	break_one();
	sim_notify_reboot(SYS_RESTART);
	sim_finish();
	walk_sealed(&image);
	snprintf(machine.cmdline, sizeof(machine.cmdline), "pram=%llx.%llx",
		 sim_super_pfn(), pram_super->ticket);
}

static void flip(int fd)
{
	off_t pos = PFN_PHYS(current) + current_bit / 8;
	u8 byte;

	if (pread(fd, &byte, 1, pos) != 1)
		sim_fail("pread: %m");
	byte ^= 1 << current_bit % 8;
	if (pwrite(fd, &byte, 1, pos) != 1)
		sim_fail("pwrite: %m");
}

static void expect(u64 pfn, enum kind kind)
{
	struct oracle *o = ORACLE;
	unsigned int i;

	switch (kind) {
	case SUPER:
		for (i = 0; i < FLIP_NODES; i++)
			o_clear_node(&o->node[i]);
		break;
	case NODE:
	case LINK:
		o_clear_node(&o->node[(o->owner[pfn] & ~O_OWNER_META) - 1]);
		break;
	default:
		break;
	}
}

/* The next kernel, in a process of its own: memory and model are as before after it */
static void boot_flipped(int fd, int oracle, enum kind kind)
{
	if (mmap(ORACLE, sizeof(*ORACLE), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_FIXED, oracle, 0) != ORACLE)
		sim_fail("mmap: %m");
	expect(current, kind);
	sim_reset();
	sim_gentle = true;
	sim_private = true;
	sim_map(fd, &machine);
	sim_assert(!sim_boot() && pram_super);
	sim_assert(pram_generation == (kind != SUPER));
	/* Those that are to be there, with all that is in them, and no other */
	check_all();
	if (kind != SUPER)
		sim_assert(pram_nr_broken() == (kind != BROKEN));
}

/* Do each @of-th page, from the @part-th on */
void run_flips(int fd, int oracle, unsigned int part, unsigned int of)
{
	unsigned int i, nr[NR_KINDS] = {}, sum = 0, done = 0;
	int status;
	u64 pfn;

	sim_on_failure = say_where;
	seal(fd);
	for (i = 0; i < machine.nr_ram; i++) {
		for (pfn = machine.ram[i].start; pfn < machine.ram[i].end;
		     pfn++) {
			enum kind kind;

			if (!ORACLE->owner[pfn])
				continue;
			kind = kind_of(pfn);
			if (kind == DATA)
				continue;
			current = pfn;
			current_bit = sim_below(8 * PAGE_SIZE);
			nr[kind]++;
			if (sum++ % of != part - 1)
				continue;
			done++;
			flip(fd);
			if (!fork()) {
				boot_flipped(fd, oracle, kind);
				_exit(0);
			}
			if (wait(&status) < 0 || status)
				sim_fail("the next kernel failed");
			flip(fd);
		}
	}
	/* None of the kinds has been left out */
	sim_assert(nr[SUPER] == 1 && nr[DIR] == 2 && nr[BROKEN] >= 1);
	sim_assert(nr[NODE] == FLIP_NODES && nr[LINK] > 100);
	printf("%u bits flipped, each in a page of its own, of %u nodes and %u links\n",
	       done, nr[NODE], nr[LINK]);
}
