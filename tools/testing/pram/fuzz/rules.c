// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "rules.h"

/* Most of a run is spent here: whole pages, which others read as well */
__attribute__((no_sanitize("address", "undefined")))
uint32_t rules_crc32c(uint32_t crc, const void *data, size_t size)
{
	static uint32_t table[256];
	const uint8_t *p = data;
	unsigned int i, bit;

	/* The entry of 0 is 0, that of 255 is not */
	for (i = 0; i < 256 && !table[255]; i++) {
		uint32_t c = i;

		for (bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0x82f63b78 : c >> 1;
		table[i] = c;
	}
	while (size--)
		crc = crc >> 8 ^ table[(crc ^ *p++) & 0xff];
	return crc;
}

static bool space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0;
}

static int digit(char c)
{
	static const char digits[] = "00112233445566778899aAbBcCdDeEfF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (at - digits) / 2 : -1;
}

/* A number in hex in at most 16 characters; 0: it is none, or 0 */
static uint64_t number(const char *p, size_t len)
{
	const char *end = p + len;
	uint64_t num = 0;
	bool any = false;

	if (len > 16)
		return 0;
	p += p < end && *p == '+';
	if (end - p >= 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	for (; p < end && digit(*p) >= 0; p++) {
		any = true;
		num = num << 4 | digit(*p);
	}
	p += p < end && *p == '\n';
	return any && p == end ? num : 0;
}

/* "off" or <pfn>.<ticket>; anything else does not count */
static struct rules_param value(const char *val)
{
	struct rules_param ret = { .set = true };
	const char *dot = strchr(val, '.');

	if (!strcmp(val, "off"))
		return ret;
	ret.pfn = dot ? number(val, dot - val) : 0;
	ret.ticket = dot ? number(dot + 1, strlen(dot + 1)) : 0;
	ret.set = ret.pfn && !(ret.pfn >> 40) && ret.ticket;
	return ret;
}

/*
 * One word of a command line as a name and a value, both of which have room for
 * the line. Returns where the next begins.
 *
 * Quotes keep spaces in a word and are part of it, but for one at the very
 * start, or at the start of the value, and with such a one also the last.
 */
static const char *word(const char *line, char *name, char *val, bool *has_val)
{
	bool strip = *line == '"', quoted = strip;
	char *out = name, *start = name;

	*has_val = false;
	line += strip;
	for (; *line && (quoted || !space(*line)); line++) {
		if (*line == '"')
			quoted = !quoted;
		if (*line == '=' && !*has_val && out > name) {
			*out = 0;
			out = val;
			start = val;
			*has_val = true;
			if (line[1] == '"') {
				strip = true;
				quoted = !quoted;
				line++;
			}
			continue;
		}
		*out++ = *line;
	}
	if (strip && out > start && out[-1] == '"')
		out--;
	*out = 0;
	while (space(*line))
		line++;
	return line;
}

/* What pram= says: the last one with a valid value before "--" */
struct rules_param rules_param(const char *line)
{
	char *name = malloc(strlen(line) + 1), *val = malloc(strlen(line) + 1);
	struct rules_param ret = {}, said;
	bool has_val;

	while (space(*line))
		line++;
	while (*line) {
		line = word(line, name, val, &has_val);
		if (!has_val && !strcmp(name, "--"))
			break;
		if (!has_val || strcmp(name, "pram"))
			continue;
		said = value(val);
		if (said.set)
			ret = said;
	}
	free(name);
	free(val);
	return ret;
}

static bool zero(const uint8_t *p, size_t size)
{
	while (size--)
		if (*p++)
			return false;
	return true;
}

/* Is the page a super block that the kernel at the other end has sealed? */
bool rules_super(const uint8_t *page, const struct rules_param *param,
		 uint64_t mark)
{
	uint64_t nr_cover = rules_get(page, 28, 4), start, end, i;
	uint64_t before = 255;	/* the first MiB is never preserved */

	if (memcmp(page, "PRMS", 4) || rules_get(page, 8, 8) != param->pfn ||
	    rules_get(page, 4, 4) != rules_crc32c(~0, page + 8, 4096 - 8))
		return false;
	if (rules_get(page, 16, 4) != 2 || rules_get(page, 20, 4) != 3288 ||
	    memcmp(page + 24, "seal", 4) || !memchr(page + 104, 0, 64) ||
	    page[3279] || !zero(page + 3288, 4096 - 3288))
		return false;
	/* For this kernel, and by the one that started it, which has left an address */
	if (rules_get(page, 88, 8) != param->ticket || mark < 4096 ||
	    mark >> 47 || rules_get(page, 96, 8) != mark)
		return false;
	if (nr_cover < 1 || nr_cover > 64)
		return false;
	for (i = 0; i < nr_cover; i++) {
		start = rules_get(page, 168 + 16 * i, 8);
		end = rules_get(page, 176 + 16 * i, 8);
		/* Ascending, not empty, not adjoining, each end a pfn */
		if (start <= before || end <= start || end >> 40)
			return false;
		before = end;
	}
	return zero(page + 168 + 16 * nr_cover, 16 * (64 - nr_cover));
}
