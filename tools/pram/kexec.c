// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl kexec
 */
#include <errno.h>
#include <linux/reboot.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pramctl.h"

bool image_is_loaded(void)
{
	char *text = path_read(4096, "/sys/kernel/kexec_loaded");
	bool ret = text && *text == '1';

	free(text);
	return ret;
}

/* As sd_booted(3) */
static bool systemd_runs(void)
{
	return path_exists("/run/systemd/system");
}

/* Stop what runs, and jump at the end. Returns only if that cannot begin. */
static int by_systemd(void)
{
	fflush(NULL);
	execlp("systemctl", "systemctl", "kexec", NULL);
	return fail("systemctl cannot be run: %s", strerror(errno));
}

/* Jump at once; interfaces stay up, in case the kernel refuses after all */
static int at_once(void)
{
	int kmsg = kmsg_open(true), err;

	fflush(NULL);
#ifdef PRAMCTL_TEST
	return puts("jump") < 0;
#endif
	sync();
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_KEXEC, NULL);
	err = errno;
	if (!kmsg_print(kmsg, stderr, "pramctl: "))
		complain("the kexec has failed: %s", why(err));
	if (kmsg >= 0)
		close(kmsg);
	return ST_FAILED;
}

/* It runs, but in a chroot systemctl would do nothing */
static bool systemd_is_hidden(void)
{
	char *name = path_read(4096, "/proc/1/comm");
	bool ret = name && !strcmp(name, "systemd\n");

	free(name);
	return ret;
}

static int start(void)
{
	if (systemd_runs())
		return by_systemd();
	if (systemd_is_hidden())
		return fail("there is no /run of systemd, which runs: leave the chroot, or use 'kexec -x -e', which stops no services");
	return at_once();
}

int cmd_kexec(int argc, char **argv)
{
	int status;

	/* What the kernel would not refuse */
	if (argc == 1 && !pram_on() && image_is_loaded()) {
		complain("PRAM is off in this kernel, or not built in: there is nothing to preserve");
		return start();
	}
	status = show_verdict(argc, argv);
	if (status == ST_FAILED)
		return fail("no kexec: all is as it was");
	if (status != ST_OK)
		return status;
	return start();
}
