/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What programs need to preserve a memfd by LUO: as in <linux/liveupdate.h>, which not
 * every system has.
 */
#ifndef _PRAM_LUO_H
#define _PRAM_LUO_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#define LUO_DEVICE	"/dev/liveupdate"
#define LUO_SESSION	"pram"
#define LUO_TOKEN	7

struct luo_session_arg {
	uint32_t size;
	int32_t fd;
	char name[64];
};

struct luo_fd_arg {
	uint32_t size;
	int32_t fd;
	uint64_t token;
};

struct luo_finish_arg {
	uint32_t size;
	uint32_t reserved;
};

#define LUO_CREATE_SESSION	_IO(0xba, 0x00)
#define LUO_RETRIEVE_SESSION	_IO(0xba, 0x01)
#define LUO_PRESERVE_FD		_IO(0xba, 0x40)
#define LUO_RETRIEVE_FD		_IO(0xba, 0x41)
#define LUO_FINISH		_IO(0xba, 0x42)

/* @how: LUO_CREATE_SESSION or LUO_RETRIEVE_SESSION. Returns its file. */
static inline int luo_session(unsigned long how)
{
	struct luo_session_arg arg = {
		.size = sizeof(arg), .name = LUO_SESSION,
	};
	int fd = open(LUO_DEVICE, O_RDWR);

	if (fd < 0 || ioctl(fd, how, &arg)) {
		perror(LUO_DEVICE);
		exit(1);
	}
	return arg.fd;
}

#endif
