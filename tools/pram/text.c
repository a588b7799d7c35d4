// SPDX-License-Identifier: GPL-2.0
/*
 * Names and paths as text: in columns, in JSON, and as /proc/self/mountinfo has them.
 */
#include <stdlib.h>
#include <string.h>

#include "pramctl.h"

/* Blanks would end a column, and others are for no terminal: in octal */
void escape(FILE *out, const char *text)
{
	const unsigned char *c;

	for (c = (const unsigned char *)text; *c; c++) {
		if (*c <= ' ' || *c > '~' || *c == '\\')
			fprintf(out, "\\%03o", *c);
		else
			fputc(*c, out);
	}
}

char *escaped(const char *text)
{
	char *buf = NULL;
	size_t len;
	FILE *out = open_memstream(&buf, &len);

	if (!out)
		exit(fail("out of memory"));
	escape(out, text);
	if (fclose(out))
		exit(fail("out of memory"));
	return buf;
}

static bool octal(char c)
{
	return c >= '0' && c <= '7';
}

/* In place */
void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' &&
		    octal(text[2]) && octal(text[3])) {
			*to++ = (text[1] - '0') << 6 | (text[2] - '0') << 3 |
				(text[3] - '0');
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* How many bytes are one character in UTF-8; 0: it is none */
static unsigned int utf8_len(const unsigned char *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int len, i;
	uint32_t code;

	if (c[0] < 0x80)
		return 1;
	len = c[0] >= 0xf8 ? 0 : c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 :
	      c[0] >= 0xc0 ? 2 : 0;
	if (!len)
		return 0;
	code = c[0] & (0x7f >> len);
	/* A NUL is no continuation, so this stays in the string */
	for (i = 1; i < len; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (c[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return len;
}

/* Bytes that are no UTF-8 become U+DC00 and more, as os.fsdecode() of Python has it */
void json_string(FILE *out, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	unsigned int len;

	fputc('"', out);
	for (; *c; c += len ? len : 1) {
		len = utf8_len(c);
		if (!len)
			fprintf(out, "\\udc%02x", *c);
		else if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else if (*c < ' ' || *c == 0x7f)
			fprintf(out, "\\u%04x", *c);
		else
			fwrite(c, len, 1, out);
	}
	fputc('"', out);
}

/* As ls -h has it */
char *in_units(uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	unsigned int unit = 0;
	uint64_t tenths;

	if (bytes < 1024)
		return xformat("%u", (unsigned int)bytes);
	while (bytes >> 20 && unit < sizeof(units) - 2) {
		bytes >>= 10;
		unit++;
	}
	/* Rounded up, so that what is there is never 0 */
	tenths = (bytes * 10 + 1023) / 1024;
	if (tenths < 100)
		return xformat("%u.%u%c", (unsigned int)(tenths / 10),
			       (unsigned int)(tenths % 10), units[unit]);
	return xformat("%u%c", (unsigned int)((bytes + 1023) / 1024),
		       units[unit]);
}
