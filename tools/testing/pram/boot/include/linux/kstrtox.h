/* SPDX-License-Identifier: GPL-2.0 */
/* What the decompressor has of it is in string.h */
