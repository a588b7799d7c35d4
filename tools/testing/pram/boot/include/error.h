/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BOOT_COMPRESSED_ERROR_H
#define BOOT_COMPRESSED_ERROR_H

void error(char *why) __attribute__((noreturn));

#endif /* BOOT_COMPRESSED_ERROR_H */
