// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl dump
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "kcore.h"
#include "pramctl.h"

/* An attribute in hex; 0: it cannot be read */
static uint64_t read_hex(const char *text)
{
	return text ? strtoull(text, NULL, 16) : 0;
}

/*
 * Is what is read what is there? The super block is where sysfs says, or else the
 * addresses in /proc/kcore are not those of memory.
 */
static int check_super(const struct memory *mem)
{
	struct pram_super super;
	char *text = pram_read("super");
	uint64_t pfn = read_hex(text);
	const char *wrong;

	if (!text)
		return fail("%s/super: %s", PRAM_DIR, why(errno));
	free(text);
	wrong = read_meta(mem, pfn, PRAM_SUPER_MAGIC, &super);
	if (wrong)
		return fail("memory cannot be read by way of /proc/kcore: the super block: %s",
			    wrong);
	if (super.version != PRAM_VERSION)
		return fail("the kernel has version %u of the format, and this pramctl knows %u",
			    super.version, PRAM_VERSION);
	return ST_OK;
}

/* A tree that is alive has no description: that is made for the kexec */
static int check_state(const char *name)
{
	char *state = pram_read("nodes/%s/state", name);
	int status = ST_OK;

	if (!state) {
		complain("there is no '%s' any more", name);
		return ST_NO_NAME;
	}
	if (strcmp(state, "kept") && strcmp(state, "reading"))
		status = fail("'%s' is %s: only what is kept from the previous kernel, and not mounted yet, has a description",
			      name, state);
	free(state);
	return status;
}

static int dump(const char *name, bool entries)
{
	struct kcore kcore;
	struct memory mem = { .read = kcore_read, .arg = &kcore };
	char *text;
	int status;

	/* /proc/kcore has metadata, and zeros in place of data */
	mem.stream = path_open(O_RDONLY, "%s/nodes/%s/stream", PRAM_DIR, name);
	text = pram_read("nodes/%s/pfn", name);
	if (!text)
		return fail("%s/nodes/%s/pfn: %s", PRAM_DIR, name, why(errno));
	status = kcore_open(&kcore);
	if (!status) {
		status = check_super(&mem);
		if (!status)
			status = decode_node(stdout, &mem, read_hex(text), name,
					     entries);
		kcore_close(&kcore);
	}
	if (mem.stream >= 0)
		close(mem.stream);
	free(text);
	return status;
}

int cmd_dump(int argc, char **argv)
{
	static const struct option options[] = {
		{ "entries", no_argument, NULL, 'e' },
		{}
	};
	bool entries = false;
	int opt, status;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt != 'e')
			return usage_error(argv[0], "there is no such option");
		entries = true;
	}
	if (argc - optind != 1)
		return usage_error(argv[0], "it takes one name");
	status = need_pram();
	if (!status)
		status = need_node(argv[optind]);
	if (!status)
		status = check_state(argv[optind]);
	if (!status)
		status = dump(argv[optind], entries);
	return status;
}
