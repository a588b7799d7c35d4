// SPDX-License-Identifier: GPL-2.0
/*
 * Loads an image of one page, which goes to a place of one's choice. It does
 * nothing that is any good: starting it must be refused.
 *
 *	kexec_at load PFN	kexec_load(2)
 *	kexec_at unload
 *	kexec_at exec		reboot(2)
 *
 * PFN is decimal, or hexadecimal with 0x. Prints the error, as a word, or "ok".
 */
#include <errno.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE	4096UL

static long load(unsigned long pfn)
{
	static unsigned char code[PAGE] = { 0x0f, 0x0b };	/* ud2 */
	struct kexec_segment segment = {
		.buf	= code,
		.bufsz	= sizeof(code),
		.mem	= (void *)(pfn * PAGE),
		.memsz	= PAGE,
	};

	return syscall(SYS_kexec_load, pfn * PAGE, 1UL, &segment,
		       (unsigned long)KEXEC_ARCH_DEFAULT);
}

static long unload(void)
{
	return syscall(SYS_kexec_load, 0UL, 0UL, NULL,
		       (unsigned long)KEXEC_ARCH_DEFAULT);
}

static long exec(void)
{
	return syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		       LINUX_REBOOT_CMD_KEXEC, NULL);
}

int main(int argc, char **argv)
{
	long ret;

	if (argc == 3 && !strcmp(argv[1], "load")) {
		ret = load(strtoul(argv[2], NULL, 0));
	} else if (argc == 2 && !strcmp(argv[1], "unload")) {
		ret = unload();
	} else if (argc == 2 && !strcmp(argv[1], "exec")) {
		ret = exec();
	} else {
		fprintf(stderr, "usage: kexec_at load PFN | unload | exec\n");
		return 2;
	}

	if (!ret)
		puts("ok");
	else if (errno == EADDRNOTAVAIL)
		puts("EADDRNOTAVAIL");
	else
		puts(strerror(errno));

	return !!ret;
}
