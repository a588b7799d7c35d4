/* SPDX-License-Identifier: GPL-2.0 */
#define COMMAND_LINE_SIZE 2048
