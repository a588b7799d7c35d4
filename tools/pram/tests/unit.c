// SPDX-License-Identifier: GPL-2.0
/*
 * Parsing and formatting, one result each.
 */
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

static unsigned int failed;

static void check(bool good, const char *what)
{
	printf("%s %s\n", good ? "PASS" : "FAIL", what);
	failed += !good;
}

static bool same(const char *a, const char *b)
{
	if (a && b && !strcmp(a, b))
		return true;
	fprintf(stderr, "got:    %s\nwanted: %s\n", a ? a : "(null)",
		b ? b : "(null)");
	return a == b;
}

static int sign(int number)
{
	return number > 0 ? 1 : number < 0 ? -1 : 0;
}

/* Expect to have them in this order */
static void test_releases(void)
{
	static const char * const order[] = {
		"5.9.16", "5.10.0-9-amd64", "5.10.0-28-amd64", "6.1.0-rc1",
		"6.1.0-rc10", "6.1.0", "6.1.0-10-amd64", "6.12.9-amd64",
		"6.12.38+deb13-amd64", "6.12.43+deb13-amd64", "6.13~rc2-amd64",
		"6.13-amd64", "7.0.0",
	};
	size_t nr = sizeof(order) / sizeof(*order), i, j;
	bool good = true;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < nr; j++) {
			int diff = compare_releases(order[i], order[j]);

			if (sign(diff) != sign((int)i - (int)j)) {
				fprintf(stderr, "%s %s: %d\n", order[i],
					order[j], diff);
				good = false;
			}
		}
	}
	check(good, "releases are in the right order");
}

static bool cleans(const char *line, const char *pram, const char *wanted)
{
	char *clean = NULL;
	const char *wrong = cmdline_clean(line, pram, &clean);
	bool ret;

	ret = same(wrong ? wrong : clean, wanted);
	free(clean);
	return ret;
}

static void test_cmdline(void)
{
	bool good;

	check(cleans("BOOT_IMAGE=/vmlinuz root=/dev/vda1  ro pram=1.2 quiet\n",
		     "3.4", "root=/dev/vda1 ro quiet pram=3.4"),
	      "what is stale goes from the command line");
	good = cleans("a pram=1.2 b pram=off pram=3.4", "5.6", "a b pram=5.6");
	good &= cleans("a b pram=5.6", "7.8", "a b pram=7.8");
	check(good, "it does not grow by each kexec");
	check(cleans("a \"pram=1.2\" b=\"c pram=3.4\" d", "5.6",
		     "a b=\"c pram=3.4\" d pram=5.6"),
	      "quotes are heeded");
	check(cleans("a -- b pram=1.2 -- c", "5.6", "a pram=5.6 -- b pram=1.2 -- c"),
	      "what is for init stays as it is");
	check(cleans("pram.csum=data spram=1 pramx=2 initrd=a elfcorehdr=1M kexec_jump_back_entry=0x1",
		     NULL, "pram.csum=data spram=1 pramx=2"),
	      "what only looks alike stays");
	check(cleans("", "5.6", "pram=5.6") && cleans("", NULL, ""),
	      "an empty command line is one, too");
	check(cleans("a b=\"c", "5.6",
		     "a quote is not closed, and what is behind it would not be read"),
	      "a quote that is open is an error");
	good = cmdline_says_off("a pram=1.2 pram=off") &&
	       cmdline_says_off("\"pram=off\"") &&
	       !cmdline_says_off("pram=off pram=1.2") &&
	       !cmdline_says_off("pram=offline") &&
	       !cmdline_says_off("-- pram=off") && !cmdline_says_off("");
	check(good, "pram=off is noticed where it counts");
	check(cmdline_kernel_part("a --b -- c") == 6 &&
	      cmdline_kernel_part("a \" -- \"") == 8, "a -- is found");
}

static bool mount_is(const char *text, const char *name, const char *dir)
{
	char *line = xstrdup(text), *got_name = NULL, *got_dir = NULL;
	bool ret;

	ret = mountinfo_line(line, &got_name, &got_dir);
	if (!name)
		ret = !ret;
	else
		ret = ret && same(got_name, name) && same(got_dir, dir);
	free(line);
	return ret;
}

static void test_mounts(void)
{
	check(mount_is("36 35 0:32 / /srv/a\\040b rw,noatime shared:1 - tmpfs none rw,size=4k,pram=a\\040b\\054c\\134,noswap",
		       "a b,c\\", "/srv/a b"), "a mount is understood");
	check(mount_is("36 35 0:32 / /srv rw - tmpfs  rw,pram=a", "a", "/srv"),
	      "a source may be empty");
	check(mount_is("36 35 0:32 / /srv rw - ext4 none rw,pram=a", NULL, NULL) &&
	      mount_is("36 35 0:32 / /srv rw - tmpfs none rw,spram=a", NULL, NULL) &&
	      mount_is("36 35 0:32 - tmpfs none rw,pram=a", NULL, NULL) &&
	      mount_is("36 35 0:32 / /srv rw tmpfs none rw,pram=a", NULL, NULL) &&
	      mount_is("", NULL, NULL), "what is none is not taken for one");
}

static void test_options(void)
{
	struct mount_options options = {};
	bool good;

	good = !parse_options("noatime,size=1g,,mpol=bind:0,2-3,nr_inodes=5,nodev,dev,x-a.b,ro",
			      &options) &&
	       options.attr == (MOUNT_ATTR_NOATIME | MOUNT_ATTR_RDONLY) &&
	       options.nr == 4 && same(options.set[0], "size=1g") &&
	       same(options.set[1], "mpol=bind:0,2-3") &&
	       same(options.set[2], "nr_inodes=5") && same(options.set[3], "ro");
	check(good, "mount options are told apart");
	free_options(&options);
	check(parse_options("remount", &options) == ST_USAGE &&
	      parse_options("noatime,pram=a", &options) == ST_USAGE,
	      "those that are none are refused");
	free_options(&options);
}

static bool json_is(const char *text, const char *wanted)
{
	char *buf = NULL;
	size_t len;
	FILE *out = open_memstream(&buf, &len);
	bool ret;

	json_string(out, text);
	fclose(out);
	ret = same(buf, wanted);
	free(buf);
	return ret;
}

static void test_text(void)
{
	char text[] = "a\\040b\\134\\x\\09\\777\\";
	char *name;
	bool good;

	unescape(text);
	check(same(text, "a b\\\\x\\09\\777\\"), "octal is undone");
	name = escaped("a b\\\t\xff~");
	check(same(name, "a\\040b\\134\\011\\377~"), "blanks become octal");
	free(name);
	good = json_is("a \"b\\\n\x7f", "\"a \\\"b\\\\\\u000a\\u007f\"") &&
	       json_is("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80",
		       "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	check(good, "JSON has what it takes as it is");
	good = json_is("\xff\xc3", "\"\\udcff\\udcc3\"") &&
	       json_is("\xc0\x80\xed\xa0\x80\xf5\x80\x80\x80",
		       "\"\\udcc0\\udc80\\udced\\udca0\\udc80\\udcf5\\udc80\\udc80\\udc80\"");
	check(good, "bytes that are no UTF-8 are escaped in JSON");
}

static bool units_are(uint64_t bytes, const char *wanted)
{
	char *text = in_units(bytes);
	bool ret = same(text, wanted);

	free(text);
	return ret;
}

static void test_units(void)
{
	check(units_are(0, "0") && units_are(1023, "1023") &&
	      units_are(1024, "1.0K") && units_are(10240, "10K") &&
	      units_are(1025, "1.1K") && units_are(4096 * 1221, "4.8M") &&
	      units_are(1ULL << 30, "1.0G") && units_are(1023ULL << 20, "1023M") &&
	      units_are(UINT64_MAX, "16E"), "sizes have units");
}

static bool record_is(const char *line, const char *wanted)
{
	char *copy = xstrdup(line);
	const char *text = NULL;
	bool ret;

	ret = kmsg_record(copy, &text) ? wanted && same(text, wanted) : !wanted;
	free(copy);
	return ret;
}

static void test_records(void)
{
	check(record_is("6,339,5140900,-;pram: adopted 1 of 1 nodes",
			"pram: adopted 1 of 1 nodes") &&
	      record_is("3,1,2,-,caller=T1;tmpfs: Bad value for 'pram'",
			"tmpfs: Bad value for 'pram'") &&
	      record_is("3,1,2,-;tmpfs: tmpfs 'a' is alive with other options: mount it without them",
			"tmpfs: tmpfs 'a' is alive with other options: mount it without them"),
	      "lines of the kernel are found");
	check(record_is("14,1,2,-;pram: forged", NULL) &&
	      record_is("6,1,2,-;sprams: x", NULL) &&
	      record_is("3,1,2,-;tmpfs: Bad value for 'size'", NULL) &&
	      record_is(" SUBSYSTEM=pram: x", NULL) && record_is("", NULL) &&
	      record_is("6;pram: x", NULL), "other lines are not");
}

static void test_reasons(void)
{
	check(reason_names("node 'a' is still being written: wait", "a") &&
	      reason_names("tmpfs 'a b' cannot be frozen", "a b") &&
	      reason_names("no memory to describe tmpfs 'a', or to", "a"),
	      "it is known whom a reason names");
	check(!reason_names("node 'a' is", "b") &&
	      !reason_names("node 'ab' is", "a") &&
	      !reason_names("node 'a'b' is", "a") && !reason_names("", "a"),
	      "and whom it does not");
}

static void test_names(void)
{
	char longest[NAME_LONGEST + 2];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[NAME_LONGEST + 1] = '\0';
	check(!name_valid(longest) && name_valid(longest + 1) &&
	      name_valid("a b,c\\") && name_valid("...") && !name_valid("") &&
	      !name_valid(".") && !name_valid("..") && !name_valid("a/b") &&
	      !name_valid("a\n") && !name_valid("\xc3\xa4"),
	      "names are what the kernel takes");
}

int main(void)
{
	test_releases();
	test_cmdline();
	test_mounts();
	test_options();
	test_text();
	test_units();
	test_records();
	test_reasons();
	test_names();
	return failed != 0;
}
