// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation made to fail: for each scenario the first, the second, and so
 * on until none is left, alone and with all that come after it.
 *
 * A scenario sets something up, does one thing, and is told whether it may fail.
 * What has failed must have changed nothing, and must work the next time.
 */
#include "oracle.h"
#include "ops.h"

#include "../../../mm/pram.h"

#include <unistd.h>

/**
 * struct scenario - one thing that allocates
 * @name: for the log
 * @setup: what comes before, without faults
 * @again: what comes before every attempt, without faults
 * @act: the thing itself: 0 or an error
 * @done: what the model is to know when it has succeeded
 */
struct scenario {
	const char *name;
	void (*setup)(void);
	void (*again)(void);
	int (*act)(void);
	void (*done)(void);
};

static struct sim_machine machine = {
	.ram = {
		{ 0, 0x9f }, { 0x100, 0x6000 }, { SIM_FAR, SIM_FAR + 0x2000 },
	},
	.nr_ram = 3,
	.loader = 0xd,
};

static int mem_fd;
static struct pram_stream ps;
static struct folio *folio;
static struct kimage image;
static u64 serial;

/* Pages of bytes in the last link before it is full, and what is too much */
#define NEARLY_FULL	(490 * PAGE_SIZE + 777)
#define NEARLY_FULL_CSUM	(330 * PAGE_SIZE + 777)
#define LONG_WRITE	(40 * PAGE_SIZE + 123)
static u8 buffer[NEARLY_FULL];

static struct o_node *model(unsigned int i)
{
	return &ORACLE->node[i];
}

static struct folio *new_folio(unsigned int order)
{
	struct folio *new = folio_alloc(GFP_KERNEL, order);

	sim_assert(new);
	o_fill(folio_pfn(new), 1UL << order, ++serial, 0);
	return new;
}

static void model_save(struct o_node *node, struct folio *new,
		       unsigned int flags, u64 content)
{
	u32 i = o_new_folio();
	struct o_folio *f = &ORACLE->folio[i];

	f->pfn = folio_pfn(new);
	f->content = content;
	f->order = folio_order(new);
	f->flags = flags;
	o_add_folio(node, i);
}

/* A node that is open for writing, with @nr folios and @len bytes in it */
static void open_node(unsigned int i, unsigned int nr, unsigned int max_order,
		      size_t len, unsigned int mode)
{
	struct o_node *node = model(i);
	unsigned int flags;

	sim_assert(!pram_open(o_name(i), PRAM_WRITE | mode, GFP_KERNEL, &ps));
	node->state = O_WRITING;
	node->csum = mode & PRAM_CSUM;
	node->key = ++serial;
	node->generation = pram_generation;
	while (nr--) {
		struct folio *new = new_folio(sim_below(max_order + 1));

		/* Not two with the same flags: no two are one entry */
		flags = nr & 1;
		sim_assert(!pram_save_folio(&ps, new, flags));
		model_save(node, new, flags, serial);
		folio_put(new);
	}
	o_bytes(node->key, 0, buffer, len);
	sim_assert(pram_write(&ps, buffer, len) == (ssize_t)len);
	node->nr_bytes = len;
}

void make_node(unsigned int i, unsigned int nr, unsigned int max_order,
	       size_t len, unsigned int mode)
{
	open_node(i, nr, max_order, len, mode);
	sim_assert(!pram_close(&ps, PRAM_COMMIT));
	model(i)->state = O_READY;
}

/*
 * Opening, saving, writing
 */
static int act_open(void)
{
	return pram_open(o_name(3), PRAM_WRITE, GFP_KERNEL, &ps);
}

static void done_open(void)
{
	model(3)->state = O_WRITING;
	model(3)->generation = pram_generation;
	model(3)->key = ++serial;
}

static void setup_save_first(void)
{
	open_node(3, 0, 0, 0, 0);
	folio = new_folio(0);
}

/* The last link is full */
static void setup_save_link(void)
{
	open_node(3, PRAM_LINK_ENTRIES, 0, 10, 0);
	folio = new_folio(0);
}

static void setup_save_csum(void)
{
	open_node(3, PRAM_LINK_ENTRIES_CSUM, 0, 10, PRAM_CSUM);
	folio = new_folio(0);
}

static void setup_save_large(void)
{
	open_node(3, 5, 3, 10, 0);
	folio = new_folio(MAX_PAGE_ORDER);
}

static int act_save(void)
{
	return pram_save_folio(&ps, folio, 5);
}

static void done_save(void)
{
	model_save(model(3), folio, 5, serial);
	folio_put(folio);
	folio = NULL;
}

static void setup_write(void)
{
	open_node(3, 4, 2, NEARLY_FULL, 0);
}

static void setup_write_csum(void)
{
	open_node(3, 4, 2, NEARLY_FULL_CSUM, PRAM_CSUM);
}

static int act_write(void)
{
	ssize_t ret;

	o_bytes(model(3)->key, model(3)->nr_bytes, buffer, LONG_WRITE);
	ret = pram_write(&ps, buffer, LONG_WRITE);
	return ret < 0 ? ret : ret == LONG_WRITE ? 0 : -EIO;
}

static void done_write(void)
{
	model(3)->nr_bytes += LONG_WRITE;
}

/*
 * What does not allocate cannot fail
 */
static int act_close(void)
{
	int err = pram_close(&ps, PRAM_COMMIT);

	return err == -ENOMEM ? -EIO : err;
}

static void done_close(void)
{
	model(3)->state = O_READY;
}

static int act_discard(void)
{
	int err = pram_discard(o_name(3));

	return err == -ENOMEM ? -EIO : err;
}

static void done_discard(void)
{
	o_clear_node(model(3));
}

static void setup_nodes(void)
{
	make_node(3, 30, 3, 100000, 0);
	make_node(4, 30, 0, 100000, PRAM_CSUM);
}

static int act_load(void)
{
	struct folio *got;
	ssize_t ret;

	if (pram_open(o_name(3), PRAM_READ, GFP_KERNEL, &ps))
		return -EIO;
	while ((got = pram_load_folio(&ps, NULL))) {
		if (IS_ERR(got))
			return -EIO;
		folio_put(got);
	}
	do {
		ret = pram_read(&ps, buffer, 999);
	} while (ret > 0);
	return ret || pram_close(&ps, PRAM_KEEP) ? -EIO : 0;
}

/*
 * The way to the kexec
 */
static void load_image_at(u64 pfn, u64 nr)
{
	image = (struct kimage) { .nr_segments = 2 };
	image.segment[0].mem = PFN_PHYS(pfn);
	image.segment[0].memsz = PFN_PHYS(nr);
	image.segment[1].mem = PFN_PHYS(0x3000);
	image_ours(&image);
}

static void setup_image(void)
{
	setup_nodes();
	load_image_at(SIM_FAR + 0x200, 0x800);
}

static int act_image(void)
{
	return pram_kexec_load(&image);
}

/* The super block makes way, or nothing happens */
static u64 old_super;

static void setup_over_super(void)
{
	old_super = sim_super_pfn();
	load_image_at(old_super - 3, 8);
}

static void setup_over_super_node(void)
{
	make_node(3, 10, 0, 1000, 0);
	setup_over_super();
}

/* With nothing to preserve an image is loaded in any case */
static int act_over_super(void)
{
	sim_assert(!act_image());
	return sim_super_pfn() == old_super ? -ENOMEM : 0;
}

static int act_over_super_node(void)
{
	int err = act_image();

	/* It has been moved: the image is to be loaded again */
	if (err == -EADDRNOTAVAIL && sim_super_pfn() != old_super)
		return 0;
	return err ? -ENOMEM : -EINVAL;
}

static void done_over_super(void)
{
	sim_assert(sim_super_pfn() != old_super);
	sim_assert(!pram_super_meets(&image));
	sim_assert(pram_super->head.csum == walk_crc(pram_super));
}

/* A part of what is preserved is where the image goes */
static void setup_prepare(void)
{
	make_node(3, 60, 3, 60000, 0);
	make_node(4, 60, 2, 60000, PRAM_CSUM);
	make_node(5, 10, 0, 1000, 0);
	load_image_at(SIM_FAR + 0x200, 0x1000);
	sim_assert(!pram_kexec_load(&image));
}

static void setup_prepare_dir(void)
{
	unsigned int i;

	for (i = 10; i < 10 + PRAM_LINK_ENTRIES + 3; i++)
		make_node(i, 0, 0, 0, 0);
	load_image_at(SIM_FAR + 0x200, 0x800);
	sim_assert(!pram_kexec_load(&image));
}

/* An empty segment in the middle of what is preserved tears nothing apart */
static void setup_prepare_empty(void)
{
	make_node(3, 0, 0, 0, 0);
	open_node(4, 0, 0, 0, 0);
	folio = new_folio(3);
	load_image_at(SIM_FAR + 0x1800, 0x100);
	image.segment[1].mem = PFN_PHYS(folio_pfn(folio) + 3);
	sim_assert(!pram_save_folio(&ps, folio, 0));
	model_save(model(4), folio, 0, serial);
	folio_put(folio);
	folio = NULL;
	sim_assert(!pram_close(&ps, PRAM_COMMIT));
	model(4)->state = O_READY;
	sim_assert(!pram_kexec_load(&image));
}

static int act_check(void)
{
	return pram_kexec_check(&image);
}

static int act_prepare(void)
{
	return pram_kexec_prepare(&image);
}

static void again_prepare(void)
{
	load_image_at(SIM_FAR + 0x200, 0x1000);
	sim_assert(!act_prepare());
	load_image_at(SIM_FAR + 0x1000, 0x400);
}

/* Thawed by the time it fails */
static void done_prepare(void)
{
	sim_assert(pram_frozen);
	sim_notify_reboot(SYS_RESTART);
	sim_finish();
	walk_sealed(&image);
	pram_super->state = PRAM_SUPER_OPEN;
}

static void setup_cmdline(void)
{
	setup_nodes();
	image.cmdline_buf = kstrdup("quiet pram=123 -- pram=off", GFP_KERNEL);
	image.cmdline_buf_len = strlen(image.cmdline_buf) + 1;
}

static int act_cmdline(void)
{
	return pram_kexec_cmdline(&image);
}

static void done_cmdline(void)
{
	const char *line = image.cmdline_buf;
	char want[64];

	snprintf(want, sizeof(want), " pram=%llx.%llx -- pram=off",
		 sim_super_pfn(), pram_super->ticket);
	if (strncmp(line, "quiet pram=123 ", 15) || !strstr(line, want) ||
	    strlen(strstr(line, want)) != strlen(want) ||
	    image.cmdline_buf_len != strlen(line) + 1)
		sim_fail("the command line is '%s'", line);
	kfree(image.cmdline_buf);
	image.cmdline_buf = NULL;
}

#define SCENARIO(what, _setup, _act, _done)	\
	{ .name = what, .setup = _setup, .act = _act, .done = _done }

static const struct scenario scenario[] = {
	SCENARIO("open", NULL, act_open, done_open),
	SCENARIO("save, first of all", setup_save_first, act_save, done_save),
	SCENARIO("save, new link", setup_save_link, act_save, done_save),
	SCENARIO("save, new link with checksums", setup_save_csum, act_save,
		 done_save),
	SCENARIO("save, large folio", setup_save_large, act_save, done_save),
	SCENARIO("write", setup_write, act_write, done_write),
	SCENARIO("write with checksums", setup_write_csum, act_write,
		 done_write),
	SCENARIO("close", setup_write, act_close, done_close),
	SCENARIO("discard", setup_nodes, act_discard, done_discard),
	SCENARIO("load and read", setup_nodes, act_load, NULL),
	SCENARIO("load of an image", setup_image, act_image, NULL),
	SCENARIO("load over the super block", setup_over_super_node,
		 act_over_super_node, done_over_super),
	SCENARIO("load over the super block, no nodes", setup_over_super,
		 act_over_super, done_over_super),
	SCENARIO("check", setup_prepare, act_check, NULL),
	SCENARIO("prepare", setup_prepare, act_prepare, done_prepare),
	SCENARIO("prepare, empty segment", setup_prepare_empty, act_prepare,
		 done_prepare),
	SCENARIO("prepare, long directory", setup_prepare_dir, act_prepare,
		 done_prepare),
	{
		.name = "prepare again",
		.setup = setup_prepare,
		.again = again_prepare,
		.act = act_prepare,
		.done = done_prepare,
	},
	SCENARIO("command line", setup_cmdline, act_cmdline, done_cmdline),
};

static void boot(void)
{
	sim_reset();
	memset(ORACLE->node, 0, sizeof(ORACLE->node));
	ORACLE->nr_folios = 1;
	ORACLE->free_folios = 0;
	ORACLE->full = machine;
	image = (struct kimage) {};
	folio = NULL;
	ps.node = NULL;
	sim_srand(1);
	serial = 0;
	if (ftruncate(mem_fd, 0))
		sim_fail("ftruncate: %m");
	sim_map(mem_fd, &machine);
	sim_assert(!sim_boot());
	sim_assert(pram_super);
}

static void inject(unsigned long n, bool all)
{
	sim_exhausted = false;
	sim_nr_faults = 0;
	sim_fail_at = n;
	sim_fail_all = all;
}

static void check_unchanged(unsigned long used, unsigned long objects)
{
	walk_live();
	sim_check_pages();
	if (sim_nr_used() != used)
		sim_fail("%lu pages are in use, there were %lu", sim_nr_used(),
			 used);
	if (sim_nr_kmalloc != objects)
		sim_fail("%lu objects are in use, there were %lu",
			 sim_nr_kmalloc, objects);
}

/* All is given back: nothing must be left */
static void tear_down(void)
{
	unsigned int i;

	if (pram_frozen) {
		inject(1, true);
		sim_assert(pram_kexec_prepare(&image) == -ENOMEM);
		inject(0, false);
	}
	if (ps.node && ps.mode == PRAM_WRITE)
		sim_assert(!pram_close(&ps, PRAM_DISCARD));
	if (folio)
		folio_put(folio);
	kfree(image.cmdline_buf);
	for (i = 0; i < O_MAX_NODES; i++) {
		if (model(i)->state == O_READY)
			sim_assert(!pram_discard(o_name(i)));
	}
	sim_check_pages();
	if (sim_nr_used() != 1 || sim_nr_kmalloc != 1)
		sim_fail("%lu pages and %lu objects have leaked",
			 sim_nr_used() - 1, sim_nr_kmalloc - 1);
}

static const char *current;
static unsigned long current_n;
static bool current_all;

static void say_where(void)
{
	fprintf(stderr, "--- faults: %s, allocation %lu%s\n", current,
		current_n, current_all ? " and all after it" : "");
}

/* Returns how many attempts it took */
static unsigned long run_scenario(const struct scenario *s, bool all)
{
	unsigned long used = 0, objects = 0, n;
	bool up = false, failed;
	int err;

	current = s->name;
	current_all = all;
	for (n = 1; ; n++) {
		current_n = n;
		if (!up) {
			boot();
			if (s->setup)
				s->setup();
			used = sim_nr_used();
			objects = sim_nr_kmalloc;
			up = true;
		}
		if (s->again)
			s->again();
		inject(n, all);
		err = s->act();
		failed = sim_nr_faults;
		sim_fail_at = 0;
		if (err) {
			if (err != -ENOMEM || !failed)
				sim_fail("%s: %d", s->name, err);
			sim_assert(!pram_frozen);
			check_unchanged(used, objects);
			continue;
		}
		/* Perhaps it has done without what there was none of */
		if (s->done)
			s->done();
		/* The model has gone on to the next kernel with what was sealed */
		if (!pram_frozen)
			walk_live();
		tear_down();
		up = false;
		if (!failed)
			return n;
	}
}

/*
 * At boot nothing can be refused: what there is no memory for is dropped, and the
 * rest is right.
 */
static bool boot_one(unsigned long n, bool all)
{
	struct pram_node *node;
	unsigned int i;
	bool failed;
	int err;

	boot();
	setup_prepare();
	sim_assert(!sim_shutdown(&image));
	walk_sealed(&image);
	snprintf(machine.cmdline, sizeof(machine.cmdline), "pram=%llx.%llx",
		 sim_super_pfn(), pram_super->ticket);
	sim_reset();
	sim_map(mem_fd, &machine);
	inject(n, all);
	err = sim_boot();
	failed = sim_nr_faults;
	inject(0, false);
	machine.cmdline[0] = 0;
	if (err && err != -ENOMEM)
		sim_fail("boot: %d", err);
	if (err && !failed)
		sim_fail("boot: no memory, although there is");
	sim_check_pages();
	if (!pram_super) {
		sim_assert(failed);
		return true;
	}
	if (!pram_generation)
		sim_assert(failed);
	for (i = 0; i < O_MAX_NODES; i++) {
		if (model(i)->state == O_WRITING)
			model(i)->state = O_NONE;
		if (model(i)->state == O_NONE)
			continue;
		scoped_guard(mutex, &pram_lock)
			node = pram_find(o_name(i));
		if (!node) {
			if (!failed)
				sim_fail("node %u is gone", i);
			o_clear_node(model(i));
		}
	}
	check_counts();
	walk_live();
	ps.node = NULL;
	folio = NULL;
	tear_down();
	return failed;
}

void run_faults(int fd)
{
	unsigned long n, nr = 0;
	unsigned int i;
	int all;

	mem_fd = fd;
	sim_on_failure = say_where;
	for (i = 0; i < ARRAY_SIZE(scenario); i++) {
		for (all = 0; all < 2; all++)
			nr += run_scenario(&scenario[i], all);
	}
	for (all = 0; all < 2; all++) {
		for (n = 1; ; n++) {
			current = "boot";
			current_n = n;
			current_all = all;
			nr++;
			if (!boot_one(n, all))
				break;
		}
	}
	printf("%lu failing allocations in %zu scenarios\n", nr,
	       ARRAY_SIZE(scenario) + 1);
}
