/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The decompressor has string functions of its own. Here they are static, so
 * that they do not become those of the whole program.
 */
#ifndef BOOT_STRING_H
#define BOOT_STRING_H

#include <linux/types.h>

void *memcpy(void *dst, const void *src, size_t len);

static int memcmp(const void *s1, const void *s2, size_t len);
static int bcmp(const void *s1, const void *s2, size_t len);
static int strcmp(const char *str1, const char *str2);
static int strncmp(const char *cs, const char *ct, size_t count);
static size_t strlen(const char *s);
static size_t strnlen(const char *s, size_t maxlen);
static char *strstr(const char *s1, const char *s2);
static char *strchr(const char *s, int c);
static unsigned int atou(const char *s);
static unsigned long long simple_strtoull(const char *cp, char **endp,
					  unsigned int base);
static long simple_strtol(const char *cp, char **endp, unsigned int base);
static int kstrtoull(const char *s, unsigned int base, unsigned long long *res);
static int boot_kstrtoul(const char *s, unsigned int base, unsigned long *res);

#endif /* BOOT_STRING_H */
