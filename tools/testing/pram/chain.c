// SPDX-License-Identifier: GPL-2.0
/*
 * A chain of kernels. Each one is a process of its own: it boots, finds what
 * the one before it has left, works for a while, and makes room for the next.
 */
#include "oracle.h"
#include "ops.h"
#include "fuzz/rules.h"

#include "../../../mm/pram.h"

#include <unistd.h>

static int mem_fd, oracle_fd;

/* As it was sealed */
static struct pram_super super;

static const char usage[] =
	"usage: pram-sim [-v] [--seed=N] [--boots=N] [--ops=N]\n"
	"       pram-sim [-v] --faults\n"
	"       pram-sim [-v] --flips[=N/M]\n";

static void say_how(void)
{
	struct oracle *o = ORACLE;

	fprintf(stderr,
		"--- seed %llu, kernel %llu, after %llu operations in it\n"
		"--- again: pram-sim --seed=%llu --boots=%llu --ops=%llu\n",
		o->seed, o->boot, op_stats.done, o->seed, o->boots, o->ops);
}

/* In a form that harness/sim can sum up: how often what was tested */
static void say_reached(void)
{
	const struct oracle *o = ORACLE;

	printf("seed %llu: %llu operations, %llu kernels", o->seed, o->done,
	       o->boot + 1);
	printf(", %u covers avoided, %u in vain, %u not there",
	       o->reached.avoided, o->reached.vain, o->reached.free);
	printf(", %u stale and refused, %u super blocks moved",
	       o->reached.stale, o->reached.super_moved);
	printf(", %u kexecs refused for the image, %u for a writer, %u with pram=off",
	       o->reached.refused, o->reached.writing, o->reached.off);
	printf(", %u arrays grown", o->reached.grown);
	printf(", %u pages broken, %u of them moved, %u listed, %u kexecs refused for them",
	       o->reached.broken, o->reached.broken_moved,
	       o->reached.broken_listed, o->reached.broken_refused);
	if (SIM_KHO)
		printf(", %u blocks of scratch areas left", o->reached.scratch);
	putchar('\n');
}

/*
 * The machine
 */
static void add_ram(struct sim_machine *m, u64 start_mib, u64 max_mib)
{
	struct pram_range *r = &m->ram[m->nr_ram];
	u64 start = start_mib << 8;

	/* In sizes that are multiples of little */
	r->start = start;
	r->end = start + (max_mib << 7) + sim_below(max_mib << 7);
	if (sim_chance(2))
		r->end &= ~0x1ffULL;
	m->nr_ram++;
}

static void make_machine(struct sim_machine *m)
{
	m->ram[0].start = sim_chance(2);
	m->ram[0].end = 0x9f;
	m->nr_ram = 1;
	add_ram(m, 1, sim_chance(4) ? 24 : 160);
	if (sim_chance(2)) {
		/* A hole */
		m->ram[m->nr_ram].start = m->ram[m->nr_ram - 1].end +
					  1 + sim_below(0x2000);
		m->ram[m->nr_ram].end = m->ram[m->nr_ram].start +
					sim_below(0x1000) + 1;
		m->nr_ram++;
	}
	if (sim_chance(2))
		add_ram(m, 2048 - sim_below(64), 96);
	if (m->nr_ram == 2 || !sim_chance(3))
		add_ram(m, 4096, 160);
}

static void add_fw(struct sim_machine *m, u64 start, u64 nr)
{
	m->fw[m->nr_fw].start = start;
	m->fw[m->nr_fw++].end = start + nr;
}

static void random_range(const struct sim_machine *m, u64 max,
			 struct pram_range *r)
{
	const struct pram_range *ram = &m->ram[sim_below(m->nr_ram)];
	u64 nr = 1 + sim_below(max);

	nr = min(nr, ram->end - ram->start);
	r->start = ram->start + sim_below(ram->end - ram->start - nr + 1);
	r->end = r->start + nr;
}

/* mem=: the end of RAM is nearer */
static void cut_ram(struct sim_machine *m)
{
	struct pram_range *last = &m->ram[m->nr_ram - 1];
	u64 size = last->end - last->start;

	/* The smallest machine has to be able to boot */
	if (m->nr_ram < 3)
		return;
	m->cut = sim_below(size / 2);
	last->end -= m->cut;
	/* Or a memory map that has less in it */
	if (sim_chance(2))
		m->cut = 0;
}

static bool meets(const struct pram_range *ranges, unsigned int nr,
		  const struct pram_range *r)
{
	while (nr--) {
		if (r->start < ranges[nr].end && ranges[nr].start < r->end)
			return true;
	}
	return false;
}

/* Where nothing is preserved, which is where firmware has always been */
static bool unused_range(const struct sim_machine *m, struct pram_range *r)
{
	u64 pfn;

	random_range(m, 8, r);
	if (r->start < 0x100 || meets(m->fw, m->nr_fw, r) ||
	    meets(m->late, m->nr_late, r))
		return false;
	for (pfn = r->start; pfn < r->end; pfn++) {
		if (ORACLE->owner[pfn])
			return false;
	}
	return true;
}

static void add_late(struct sim_machine *m)
{
	struct pram_range r;

	if (unused_range(m, &r))
		m->late[m->nr_late++] = r;
}

/* Until init_mem_mapping() the first MiB is where memblock's arrays can go */
static bool room_for_array(const struct sim_machine *m)
{
	u64 pfn, run = 0;

	for (pfn = 0x10; pfn < m->ram[0].end && run < 8; pfn++) {
		struct pram_range r = { pfn, pfn + 1 };

		run = meets(m->fw, m->nr_fw, &r) ? 0 : run + 1;
	}
	return run == 8;
}

/*
 * So much that memblock's array has little room left, or none; but not so much
 * of it within the cover that this is in more pieces than PRAM can count.
 */
static void add_much_fw(struct sim_machine *m)
{
	unsigned int tries, within = 0, want = SIM_MAX_RANGES - 2 - sim_below(8);
	struct pram_range r;

	for (tries = 0; m->nr_fw < want && tries < 1000; tries++) {
		bool covered;

		if (!unused_range(m, &r))
			continue;
		covered = walk_covered(&super, r.start) ||
			  walk_covered(&super, r.end - 1);
		if (covered && within == 40)
			continue;
		within += covered;
		add_fw(m, r.start, r.end - r.start);
	}
}

/* Pages that are neither covered nor taken when pram_reserve() looks */
static u64 room_left(const struct sim_machine *m)
{
	unsigned int i;
	u64 pfn, left = 0;

	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			struct pram_range r = { pfn, pfn + 1 };

			left += pfn >= 0x10 && sim_is_low(pfn) &&
				!walk_covered(&super, pfn) &&
				!meets(m->fw, m->nr_fw, &r);
		}
	}
	return left;
}

/*
 * How the next kernel is started
 */
static void plan_next(const struct kimage *image)
{
	struct oracle *o = ORACLE;
	struct sim_machine *m = &o->next;
	u64 pfn = o->super;
	bool refuse = !pfn;
	unsigned int i, how = sim_below(40);
	struct pram_range r;

	*m = o->full;
	m->loader = 0xd;
	for (i = 0; i < image->nr_segments; i++)
		add_fw(m, PHYS_PFN(image->segment[i].mem),
		       PFN_UP(image->segment[i].memsz));
	if (image->params)
		strscpy(m->cmdline, image->line);
	o->mark = sim_mark;
	o->between = false;

	switch (how) {
	case 0:
		strscpy(m->cmdline, "pram=off");
		refuse = true;
		break;
	case 1:
		strscpy(m->cmdline, "quiet -- pram=off");
		refuse = true;
		break;
	case 2:
		/* Another page, or what is no RAM on any machine */
		snprintf(m->cmdline, sizeof(m->cmdline), "pram=%llx.%llx",
			 sim_chance(2) ? pfn + 1 : 0xa0 + sim_below(0x60),
			 o->ticket ?: 1);
		refuse = true;
		break;
	case 3:
		/* A reset that left memory as it is */
		o->mark = 0;
		if (sim_chance(2))
			m->loader = sim_below(0xd);
		o->reached.stale += o->accept && !o->any_super;
		refuse = true;
		break;
	case 19:
		/* A kernel that took nothing over, and overwrote nothing */
		o->between = true;
		o->reached.stale += o->accept && !o->any_super;
		refuse = true;
		break;
	case 20:
		/* Another ticket */
		snprintf(m->cmdline, sizeof(m->cmdline), "pram=%llx.%llx", pfn ?: 1,
			 o->ticket ^ 1ULL << sim_below(64) ?: 1);
		refuse = true;
		break;
	case 4:
		m->kdump = true;
		refuse = true;
		break;
	case 5 ... 7:
		if (!o->forged)
			cut_ram(m);
		break;
	case 8 ... 11:
		if (o->forged)
			break;
		for (i = sim_below(8); i; i--) {
			random_range(m, 64, &r);
			add_fw(m, r.start, r.end - r.start);
		}
		if (pfn && sim_chance(4))
			add_fw(m, pfn, 1);
		break;
	case 12 ... 15:
		/* To be unplugged for the kernel after that */
		if (m->nr_ram > 2 && pfn < m->ram[m->nr_ram - 1].start)
			m->nr_plugged = 1;
		break;
	case 16 ... 18:
		if (!o->forged && room_for_array(m))
			add_much_fw(m);
		break;
	default:
		break;
	}
	m->nr_ram -= sim_machine()->nr_plugged;
	if (sim_machine()->nr_plugged) {
		m->nr_plugged = 0;
		m->cut = 0;
	}
	for (i = sim_below(5); i; i--)
		add_late(m);
	/* What is less is not believed to be enough for a kernel */
	if (o->accept && !o->any_super && room_left(m) < PHYS_PFN(SZ_16M))
		refuse = true;
	if (refuse) {
		o->accept = false;
		o->any_super = false;
	}
	/* A super block that is made anew is in what there is at boot */
	if (!o->accept || o->any_super)
		m->nr_plugged = 0;
}

/*
 * After the jump: what is there, and is it what it should be?
 */
static bool lost_page(u64 pfn)
{
	const struct sim_machine *m = &ORACLE->next;
	struct pram_range r = { pfn, pfn + 1 };

	return !meets(m->ram, m->nr_ram, &r) || meets(m->fw, m->nr_fw, &r);
}

static struct o_node *owner_node(u16 owner)
{
	return &ORACLE->node[(owner & ~O_OWNER_META) - 1];
}

/*
 * Strike from the model what cannot have survived: returns the nodes that the
 * next kernel should find.
 */
static void expect_losses(void)
{
	const struct sim_machine *m = &ORACLE->full;
	struct oracle *o = ORACLE;
	bool all = true;
	unsigned int i;
	u64 pfn;

	for (i = 0; i < O_MAX_NODES; i++) {
		if (o->node[i].state == O_READING)
			o->node[i].state = O_READY;
		if (o->node[i].state != O_READY || !o->accept)
			o_clear_node(&o->node[i]);
	}
	if (o->accept && lost_page(o->super))
		o->accept = false;
	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			u16 owner = o->owner[pfn];

			if (!owner || !lost_page(pfn) ||
			    owner == O_OWNER_SUPER)
				continue;
			if (owner >= O_OWNER_DIR)
				o->dir_lost = true;
			else
				o_clear_node(owner_node(owner));
		}
	}
	for (i = 0; i < o->nr_sealed; i++) {
		if (!o->accept)
			o_clear_node(&o->node[o->sealed[i]]);
		all &= o->node[o->sealed[i]].state == O_READY;
	}
	/*
	 * Without a page of the directory, nodes are found by their links. What is
	 * behind one that is lost, too, may be found.
	 */
	for (i = 0; o->dir_lost && !all && i < o->nr_sealed; i++) {
		o->node[o->sealed[i]].maybe = true;
		o->forged = true;
	}
	o->dir_lost = false;
}

/* As a cover: what the decompressor has told KASLR to keep away from */
static struct pram_super avoided;
/* It could not be run */
static bool avoids_unknown;

static void decompress(void)
{
	int nr = sim_decompress(avoided.cover);

	avoids_unknown = nr < 0;
	avoided.nr_cover = max(nr, 0);
}

/* What memblock has allocated in pram_reserve() */
static struct pram_range new_array(void)
{
	const struct memblock_type *type = &memblock.reserved;
	struct pram_range r = {};

	if (sim_memblock_grown) {
		r.start = PHYS_PFN(__pa(type->regions));
		r.end = PFN_UP(__pa(type->regions + type->max));
	}
	return r;
}

/*
 * The array was written before all of the cover had been reserved. Where it is,
 * nothing may be preserved, and nothing be freed later as a gap in the cover.
 */
static void check_array(void)
{
	struct pram_range r = new_array();

	ORACLE->reached.grown += r.start < r.end;
	for (; r.start < r.end; r.start++) {
		if (ORACLE->owner[r.start] ||
		    walk_covered(&avoided, r.start))
			sim_fail("memblock's array is at pfn %#llx, which is preserved",
				 r.start);
	}
}

/* Is the page RAM for the decompressor, and not for the kernel? */
static bool is_cut(u64 pfn)
{
	const struct sim_machine *m = sim_machine();
	u64 end = m->ram[m->nr_ram - 1].end;

	return pfn >= end && pfn < end + m->cut;
}

/*
 * The kernel has refused. Would the decompressor have avoided the cover of a
 * good super block? Yes if the reason is none that it could know.
 */
static bool refused_later(u64 *pfn)
{
	struct rules_param param = {};
	static const char * const why[] = {
		"the page cannot be mapped",
		"the super block is outside of its ranges",
		"its ranges leave no memory to boot in",
		"its page could not be reserved",
	};
	const char *line = strstr(sim_last_warning, "'pram=");
	unsigned int i;
	u64 ticket;

	if (!line || sscanf(line, "'pram=%llx.%llx' ignored", pfn,
			    &ticket) != 2)
		return false;
	param.pfn = *pfn;
	param.ticket = ticket;
	for (i = 0; i < ARRAY_SIZE(why); i++) {
		if (strstr(line, why[i]))
			return true;
	}
	/* By mem=, or because something else is there */
	return strstr(line, "the page is not RAM, or in use") &&
	       (sim_is_ram(*pfn) ?
		rules_super(sim_phys(*pfn), &param, ORACLE->mark) :
		is_cut(*pfn) && avoided.nr_cover);
}

/*
 * Right after pram_reserve(): what it has taken over is what KASLR has kept away
 * from, and where it has taken nothing, KASLR was free but for what the
 * decompressor cannot know.
 */
static void check_avoided(void)
{
	const struct sim_machine *m = sim_machine();
	u64 i, pfn, super = ORACLE->super;
	struct pram_range array = new_array();
	const struct pram_super *sb;
	phys_addr_t start, end;
	bool taken = false;

	for_each_reserved_mem_range(i, &start, &end) {
		for (pfn = max(PFN_DOWN(start), 0x100ULL); pfn < PFN_UP(end);
		     pfn++) {
			struct pram_range r = { pfn, pfn + 1 };

			if (taken && walk_covered(&avoided, pfn))
				continue;
			if (!meets(m->ram, m->nr_ram, &r) ||
			    meets(m->fw, m->nr_fw, &r) ||
			    meets(&array, 1, &r))
				continue;
			taken = true;
			if (!avoids_unknown && !walk_covered(&avoided, pfn))
				sim_fail("pfn %#llx is taken over, and KASLR does not avoid it",
					 pfn);
		}
	}
	/* A crash kernel does not even look */
	if (avoids_unknown || (m->kdump && avoided.nr_cover))
		return;
	if (!taken && !refused_later(&super)) {
		if (avoided.nr_cover)
			sim_fail("KASLR avoids %#llx although nothing is taken over: %s",
				 avoided.cover[0].start, sim_last_warning);
		ORACLE->reached.free++;
		return;
	}
	if (taken)
		ORACLE->reached.avoided++;
	else
		ORACLE->reached.vain++;
	if (is_cut(super))
		return;
	/* All of it, even what is no RAM any more, or in use */
	sb = sim_phys(super);
	if (avoided.nr_cover != sb->nr_cover ||
	    memcmp(avoided.cover, sb->cover,
		   sb->nr_cover * sizeof(sb->cover[0])))
		sim_fail("KASLR avoids something else than the cover");
}

/* The last super block has been found and taken over */
static bool accepted;

/* How many nodes it had, if it is good, and was not */
static u64 all_lost;

/* Right after pram_reserve(), as nothing of it has been overwritten yet */
static void note_lost(void)
{
	static const char * const why[] = {
		"the super block is outside of its ranges",
		"its ranges leave no memory to boot in",
		"its page could not be reserved",
	};
	const char *line = strstr(sim_last_warning, "'pram=");
	unsigned int i;
	u64 pfn;

	all_lost = 0;
	if (!line || sscanf(line, "'pram=%llx", &pfn) != 1)
		return;
	for (i = 0; i < ARRAY_SIZE(why); i++) {
		if (strstr(line, why[i]))
			all_lost = ((struct pram_super *)sim_phys(pfn))->nr_nodes;
	}
}

/* Right after pram_reserve(): no page of a node may be had by anybody */
static void check_reserved(void)
{
	const struct sim_machine *m = sim_machine();
	struct oracle *o = ORACLE;
	unsigned int i;
	u64 pfn;

	accepted = o->super && !lost_page(o->super) &&
		   memblock_is_reserved(PFN_PHYS(o->super));
	for (i = 0; i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			u16 owner = o->owner[pfn];

			if (!owner || !o->accept || o->any_super)
				continue;
			if (owner < O_OWNER_DIR &&
			    owner_node(owner)->state == O_NONE)
				continue;
			if (!memblock_is_reserved(PFN_PHYS(pfn)))
				sim_fail("pfn %#llx, preserved, is not reserved",
					 pfn);
		}
	}
	check_array();
	check_avoided();
	note_lost();
}

/* What firmware has put somewhere stays reserved, whoever has found it */
static void check_firmware(void)
{
	const struct sim_machine *m = sim_machine();
	unsigned int i;
	u64 pfn;

	for (i = 0; i < m->nr_late; i++) {
		for (pfn = m->late[i].start; pfn < m->late[i].end; pfn++) {
			if (sim_page_state(pfn) != SIM_RESERVED)
				sim_fail("pfn %#llx, the firmware's, was freed",
					 pfn);
		}
	}
}

/* What the kernel before has to say */
static void check_previous(void)
{
	struct oracle *o = ORACLE;
	struct pram_report none = {};

	if (o->any_report && accepted)
		return;
	if (memcmp(&pram_previous, accepted ? &o->report : &none,
		   sizeof(pram_previous)))
		sim_fail("the report of the previous kernel is another");
}

static void check_adopted(void)
{
	struct rules_param said = rules_param(sim_machine()->cmdline);
	const struct sim_machine *m = sim_machine();
	struct oracle *o = ORACLE;
	unsigned int i, nodes = 0;
	struct pram_node *node;
	u64 pfn;

	check_firmware();
	if (m->kdump || (said.set && !said.pfn) ||
	    (sim_exhausted && !pram_super)) {
		if (pram_super)
			sim_fail("PRAM is not off");
		sim_assert(!o->accept);
		return;
	}
	if (!pram_super)
		sim_fail("PRAM is off");
	if (o->any_super)
		o->accept = accepted;
	if (o->accept != accepted)
		sim_fail("the super block at %#llx is %saccepted", o->super,
			 o->accept ? "not " : "");
	check_previous();
	if (all_lost && pram_dropped != all_lost)
		sim_fail("%llu nodes are dropped, and not all %llu",
			 pram_dropped, all_lost);
	if (accepted && sim_super_pfn() != o->super)
		sim_fail("the super block has moved to %#llx",
			 sim_super_pfn());
	if (!o->any_generation &&
	    pram_generation != (accepted ? o->generation + 1 : 0))
		sim_fail("generation %llu comes after %llu", pram_generation,
			 o->generation);
	sim_assert(pram_super->state == PRAM_SUPER_OPEN);
	sim_assert(pram_super->head.csum == walk_crc(pram_super));
	o->generation = pram_generation;
	if (o->forged) {
		clean_up_forged();
		/* What had been preserved may have been let go */
		check_all();
		return;
	}

	list_for_each_entry(node, &pram_nodes, list) {
		int index = o_find(node->page->name);

		if (index < 0 || o->node[index].state != O_READY)
			sim_fail("node '%s' should not be there",
				 node->page->name);
		nodes++;
	}
	for (i = 0; i < O_MAX_NODES; i++)
		nodes -= o->node[i].state != O_NONE;
	if (nodes)
		sim_fail("%d nodes are missing", -(int)nodes);
	/* Where nothing is wrong, data is raw until it is loaded, and metadata in use */
	for (i = 0; o->accept && i < m->nr_ram; i++) {
		for (pfn = m->ram[i].start; pfn < m->ram[i].end; pfn++) {
			u16 owner = o->owner[pfn];
			bool kept = owner == O_OWNER_SUPER ||
				    (owner && owner < O_OWNER_DIR &&
				     owner_node(owner)->state != O_NONE);

			if (kept && sim_page_state(pfn) !=
				    (owner & O_OWNER_META ? SIM_ALLOCATED :
							    SIM_OFFLINE))
				sim_fail("pfn %#llx, preserved, is in the wrong state",
					 pfn);
		}
	}
	check_all();
}

/* With PRAM off, nothing may work, and nothing may break */
static void run_off(void)
{
	struct pram_stream ps;
	struct kimage image;

	sim_assert(pram_open("x", PRAM_WRITE, GFP_KERNEL, &ps) == -ENODEV);
	sim_assert(pram_open("x", PRAM_READ, GFP_KERNEL, &ps) == -ENODEV);
	sim_assert(pram_discard("x") == -ENODEV);
	sim_assert(pram_close(&ps, PRAM_COMMIT) == -EINVAL);
	random_image(&image, 1000);
	sim_assert(!pram_kexec_load(&image));
	sim_assert(!sim_shutdown(&image));
	sim_check_pages();
	sim_assert(!sim_nr_used() && !sim_nr_kmalloc);
	ORACLE->accept = false;
	ORACLE->super = 0;
	ORACLE->ticket = 0;
	plan_next(&image);
}

/*
 * To the next kernel
 */
static void __noreturn jump(void)
{
	char mem[16], oracle[16];
	char * const argv[] = {
		sim_loglevel ? "pram-sim-v" : "pram-sim", "--resume", mem,
		oracle, NULL
	};

	snprintf(mem, sizeof(mem), "%d", mem_fd);
	snprintf(oracle, sizeof(oracle), "%d", oracle_fd);
	fflush(NULL);
	/* fuzz/ops.c has something else in its place */
	execv("/proc/self/exe", argv);
	sim_fail("exec: %m");
}

static void shut_down(void)
{
	struct oracle *o = ORACLE;
	struct kimage image;
	unsigned int i, tries = 0;
	bool seal = !sim_chance(30);
	int err;

	o->accept = false;
	o->any_super = false;
	o->any_generation = false;
	o->any_report = false;
	o->forged = false;
	o->doubts = false;
	ops_close_writers();
	for (;;) {
		random_image(&image, sim_chance(2) ? 1000 : 8000);
		sim_exhausted = false;
		sim_nr_faults = 0;
		if (!load_image(&image))
			continue;
		err = prepare(&image);
		if (!err)
			break;
		/* What is said is heeded: another image, or no writer */
		if (err == -EBUSY)
			ops_close_writers();
		if (err == -EBUSY || err == -ENOEXEC || err == -EINVAL)
			continue;
		/* Too full, or too small: make room */
		if (++tries > 4)
			ops_end();
	}
	o->super = sim_super_pfn();
	o->ticket = pram_super->ticket;
	ops_break();
	ops_scribble();
	if (seal && !op_stats.sealed) {
		/* By pram=off, or there is nothing */
		sim_notify_reboot(SYS_RESTART);
		sim_finish();
		sim_assert(pram_super->state == PRAM_SUPER_OPEN);
		memset(&super, 0, sizeof(super));
	} else if (seal) {
		/* Any other notifier may end the chain before PRAM's */
		if (!sim_chance(4))
			sim_notify_reboot(SYS_RESTART);
		ops_scribble();
		sim_finish();
		walk_sealed(&image);
		super = *pram_super;
		o->report = super.report;
		o->accept = true;
		if (sim_chance(3))
			corrupt();
	} else {
		/* A reset, or a kexec by way of a crash */
		sim_notify_reboot(SYS_RESTART);
	}
	plan_next(&image);
	for (i = 0; i < image.nr_segments; i++)
		sim_scribble(PHYS_PFN(image.segment[i].mem),
			     PFN_UP(image.segment[i].mem +
				    image.segment[i].memsz),
			     0xdeadbeefdeadbeefULL);
	o->done += op_stats.done;
}

/* A kernel that does nothing but boot, with PRAM off */
static void pass_through(void)
{
	static struct sim_machine machine;
	int mem = mem_fd, oracle = oracle_fd;

	machine = ORACLE->next;
	machine.kdump = false;
	machine.nr_plugged = 0;
	strscpy(machine.cmdline, "pram=off");
	sim_gentle = true;
	sim_map(mem_fd, &machine);
	sim_assert(!sim_boot() && !pram_super);
	sim_reset();
	/* In fuzz/ops.c these have just been reset, too */
	mem_fd = mem;
	oracle_fd = oracle;
	sim_gentle = false;
}

/*
 * Every other kernel has KHO on. Nothing is drawn for that: with the same seed, or the same
 * input of a fuzzer, kernels without KHO do the same.
 */
static void choose_scratch(void)
{
	u64 random = sim_mix(ORACLE->seed, ORACLE->boot);
	const struct sim_machine *m = sim_machine();
	const struct pram_range *ram = &m->ram[random % m->nr_ram];
	u64 start = ALIGN(ram->start, pageblock_nr_pages);
	u64 end = ALIGN_DOWN(ram->end, pageblock_nr_pages);

	if (!SIM_KHO || start >= end || random >> 63)
		return;
	start += ALIGN_DOWN((random >> 8) % (end - start), pageblock_nr_pages);
	sim_scratch.start = start;
	sim_scratch.end = min(end, start + (1 + (random >> 4) % 16) * pageblock_nr_pages);
}

static void run(void)
{
	struct oracle *o = ORACLE;

	sim_on_failure = say_how;
	sim_srand(sim_mix(o->seed, o->boot));
	sim_mark = o->mark;
	if (o->between) {
		pass_through();
		o->mark = sim_mark;
	}
	expect_losses();
	sim_map(mem_fd, &o->next);
	decompress();
	sim_after_reserve = check_reserved;
	sim_exhausted = false;
	if (sim_boot())
		sim_fail("an initcall failed");
	check_adopted();
	choose_scratch();
	if (!pram_super) {
		run_off();
	} else {
		ops_begin();
		ops_break();
		ops_run(o->ops);
		check_all();
		if (o->boot + 1 >= o->boots || sim_chance(8)) {
			ops_end();
			if (o->boot + 1 < o->boots)
				ops_run(o->ops / 2);
		}
	}
	if (o->boot + 1 >= o->boots) {
		o->done += op_stats.done;
		say_reached();
		return;
	}
	if (pram_super)
		shut_down();
	o->boot++;
	jump();
}

int main(int argc, char **argv)
{
	u64 seed = 1, boots = 20, ops = 20000;
	unsigned int part = 0, of = 1;
	bool faults = false;
	int i;

	if (!strcmp(argv[0], "pram-sim-v"))
		sim_loglevel = 7;
	if (argc == 4 && !strcmp(argv[1], "--resume")) {
		mem_fd = atoi(argv[2]);
		oracle_fd = atoi(argv[3]);
		o_map(oracle_fd);
		run();
		return 0;
	}
	for (i = 1; i < argc; i++) {
		if (sscanf(argv[i], "--seed=%llu", &seed) == 1 ||
		    sscanf(argv[i], "--boots=%llu", &boots) == 1 ||
		    sscanf(argv[i], "--ops=%llu", &ops) == 1)
			continue;
		if (!strcmp(argv[i], "--faults")) {
			faults = true;
			continue;
		}
		if (!strcmp(argv[i], "--flips")) {
			part = 1;
			continue;
		}
		if (sscanf(argv[i], "--flips=%u/%u", &part, &of) == 2 &&
		    part && part <= of)
			continue;
		if (strcmp(argv[i], "-v")) {
			fputs(usage, stderr);
			return 2;
		}
		sim_loglevel = 7;
	}
	mem_fd = sim_create_memory();
	oracle_fd = sim_create_memory();
	o_map(oracle_fd);
	if (faults) {
		run_faults(mem_fd);
		return 0;
	}
	if (part) {
		run_flips(mem_fd, oracle_fd, part, of);
		return 0;
	}
	ORACLE->seed = seed;
	ORACLE->boots = boots;
	ORACLE->ops = ops;
	sim_srand(seed);
	make_machine(&ORACLE->full);
	ORACLE->next = ORACLE->full;
	run();
	return 0;
}
