// SPDX-License-Identifier: GPL-2.0
/*
 * pramctl load: kexec-tools, with the right pram=
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pramctl.h"

/*
 * By how many characters a command line of kexec_file_load(2) has to be shorter than
 * the kernel allows: a NUL, and the room for the elfcorehdr= of a crash kernel.
 */
#define FILE_LOAD_KEEPS	31

struct load {
	char *kernel;
	char *initrd;		/* NULL: none */
	const char *append;	/* NULL: not given */
	const char *how;	/* for kexec: -s, -c; NULL: not given */
	bool reuse;
	bool no_initrd;
};

/* Where login shells of others than root do not look */
static void set_path(void)
{
	const char *path = getenv("PATH");
	char *longer = xformat("%s%s/usr/local/sbin:/usr/sbin:/sbin",
			       path ? path : "", path ? ":" : "");

	setenv("PATH", longer, 1);
	free(longer);
}

/* Take an entry of the boot loader; a kernel in /boot is preferred if it is as new */
static int choose_entry(struct load *load, const struct boot_entry *entry)
{
	const char *version = load->kernel ? strrchr(load->kernel, '/') : NULL;

	if (version && compare_releases(version + strlen("/vmlinuz-"),
					entry->version) >= 0)
		return ST_OK;
	free(load->kernel);
	load->kernel = xstrdup(entry->kernel);
	if (load->initrd || load->no_initrd)
		return ST_OK;
	if (entry->nr_initrds > 1)
		return fail("%s has %u initramfs files, and kexec takes one: name a kernel, and its initramfs with --initrd",
			    entry->path, entry->nr_initrds);
	if (!entry->initrd)
		return fail("%s has no initramfs that is there: name one with --initrd, or say --no-initrd",
			    entry->path);
	load->initrd = xstrdup(entry->initrd);
	return ST_OK;
}

static int no_kernel(void)
{
	char *image = unified_image();

	if (!image)
		return fail("there is no /boot/vmlinuz-* and no entry of the boot loader: name the kernel to be loaded");
	fail("%s is a unified kernel image, which kexec cannot load: extract .linux and .initrd with objcopy, and name them",
	     image);
	free(image);
	return ST_FAILED;
}

static int choose_newest(struct load *load)
{
	char *boot = path_of("/boot");
	struct boot_entry entry;
	int status = ST_OK;

	load->kernel = newest_kernel(boot);
	free(boot);
	if (newest_entry(&entry)) {
		status = choose_entry(load, &entry);
		entry_free(&entry);
	}
	if (!status && !load->kernel)
		status = no_kernel();
	return status;
}

static int choose_kernel(struct load *load)
{
	int status = load->kernel ? ST_OK : choose_newest(load);

	if (status)
		return status;
	if (access(load->kernel, R_OK))
		return fail("%s: %s", load->kernel, strerror(errno));
	return ST_OK;
}

/* A kernel without the initramfs that it needs panics, and all is lost */
static int choose_initrd(struct load *load)
{
	if (load->no_initrd)
		return ST_OK;
	if (!load->initrd)
		load->initrd = initrd_of(load->kernel);
	if (!load->initrd)
		return fail("there is no initramfs beside %s: name it with --initrd, or say --no-initrd",
			    load->kernel);
	return initrd_check(load->initrd);
}

/*
 * The command line of the next kernel: this one's, or what is given, or both, in
 * this order. Returns a status.
 */
static int make_line(const struct load *load, const char *pram, char **line)
{
	char *old = NULL, *both;
	const char *wrong;

	*line = NULL;
	if (load->reuse) {
		old = path_read(1 << 20, "/proc/cmdline");
		if (!old)
			return fail("/proc/cmdline: %s", strerror(errno));
	}
	/* What is asked for is done: this loses all, and says so */
	if (load->append && cmdline_says_off(load->append)) {
		complain("the next kernel will find nothing, by pram=off");
		pram = "off";
	}
	if (old && load->append) {
		size_t len = cmdline_kernel_part(old);

		both = xformat("%.*s %s %s", (int)len, old, load->append,
			       old + len);
	} else {
		both = xstrdup(old ? old : load->append);
	}
	free(old);
	wrong = cmdline_clean(both, pram, line);
	free(both);
	if (wrong)
		return fail("the command line: %s", wrong);
	return ST_OK;
}

/*
 * Is the command line short enough? One that is not for kexec_file_load(2) may be so
 * for kexec_load(2), which is taken then. Returns a status.
 */
static int check_line(const struct load *load, const char *line, const char **how)
{
	size_t len = strlen(line), max = cmdline_max(load->kernel), file_max;

	*how = load->how ?: "-a";
	if (len > max)
		return fail("the command line is longer than the %zu characters that %s takes: shorten it",
			    max, load->kernel);
	file_max = max - (max < FILE_LOAD_KEEPS ? max : FILE_LOAD_KEEPS);
	if (len <= file_max || !strcmp(*how, "-c"))
		return ST_OK;
	if (load->how)
		return fail("the command line is longer than the %zu characters that kexec_file_load(2) takes: shorten it, or say -c",
			    file_max);
	complain("the command line is longer than the %zu characters that kexec_file_load(2) takes: trying kexec_load(2)",
		 file_max);
	*how = "-c";
	return ST_OK;
}

/* Returns a status */
static int run_kexec(const struct load *load, const char *how, const char *line)
{
	char *initrd = load->initrd ? xformat("--initrd=%s", load->initrd) : NULL;
	char *command_line = xformat("--command-line=%s", line);
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		execlp("kexec", "kexec", how, "-l", load->kernel, command_line,
		       initrd, NULL);
		_exit(errno == ENOENT ? 127 : 126);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	free(command_line);
	free(initrd);
	if (pid < 0)
		return fail("kexec cannot be run: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return fail("there is no kexec: install kexec-tools");
	if (WIFSIGNALED(status))
		return fail("kexec was killed by signal %d%s", WTERMSIG(status),
			    WTERMSIG(status) == SIGKILL ?
			    ": was there not enough memory?" : "");
	return status ? ST_FAILED : ST_OK;
}

static int load_once(const struct load *load, const char *pram)
{
	const char *how;
	char *line;
	int status;

	status = make_line(load, pram, &line);
	if (status)
		return status;
	status = check_line(load, line, &how);
	if (!status)
		status = run_kexec(load, how, line);
	if (!status) {
		printf("loaded %s, %s%s\n", load->kernel,
		       load->initrd ? "initramfs " : "without an initramfs",
		       load->initrd ? load->initrd : "");
		printf("command line: %s\n", line);
	}
	free(line);
	return status;
}

/* What the kernel warns of goes to whoever has loaded the image */
static int load_image(const struct load *load)
{
	int kmsg = kmsg_open(true), status;
	char *pram, *again;

	pram = pram_read("super");
	if (!pram && pram_on()) {
		status = fail("%s/super: %s", PRAM_DIR, why(errno));
		goto out;
	}
	/* In a chroot, perhaps: there may well be something */
	if (!pram && !path_exists("/sys/kernel")) {
		status = need_pram();
		goto out;
	}
	if (!pram)
		complain("PRAM is off in this kernel, or not built in: there is nothing to preserve");
	status = load_once(load, pram);
	again = pram_read("super");
	/* The super block was in the way of the image, and has moved */
	if (status && pram && again && strcmp(pram, again))
		status = load_once(load, again);
	free(again);
	kmsg_print(kmsg, stderr, "pramctl: ");
	if (status)
		complain("%s is not loaded%s", load->kernel, image_is_loaded() ?
			 ": what was loaded before still is" : "");
out:
	free(pram);
	if (kmsg >= 0)
		close(kmsg);
	return status;
}

int cmd_load(int argc, char **argv)
{
	static const struct option options[] = {
		{ "initrd", required_argument, NULL, 'i' },
		{ "no-initrd", no_argument, NULL, 'n' },
		{ "append", required_argument, NULL, 'a' },
		{ "reuse-cmdline", no_argument, NULL, 'r' },
		{}
	};
	struct load load = {};
	bool twice = false;
	int opt, status;

	while ((opt = getopt_long(argc, argv, "sc", options, NULL)) != -1) {
		switch (opt) {
		case 'i':
			twice |= !!load.initrd;
			free(load.initrd);
			load.initrd = xstrdup(optarg);
			break;
		case 'n':
			load.no_initrd = true;
			break;
		case 'a':
			twice |= !!load.append;
			load.append = optarg;
			break;
		case 'r':
			load.reuse = true;
			break;
		case 's':
			twice |= !!load.how;
			load.how = "-s";
			break;
		case 'c':
			twice |= !!load.how;
			load.how = "-c";
			break;
		default:
			free(load.initrd);
			return usage_error(argv[0], "there is no such option, or it takes a value");
		}
	}
	/* The first would have no effect */
	if (twice) {
		free(load.initrd);
		return usage_error(argv[0], "it takes one --initrd, one --append, and -s or -c");
	}
	if (argc - optind > 1 || (load.initrd && load.no_initrd)) {
		free(load.initrd);
		return usage_error(argv[0], "it takes one kernel, and one initramfs or none");
	}
	if (optind < argc)
		load.kernel = xstrdup(argv[optind]);
	/* With nothing said, it is booted as this kernel was */
	load.reuse |= !load.append;
	set_path();
	status = choose_kernel(&load);
	if (!status)
		status = choose_initrd(&load);
	if (!status)
		status = load_image(&load);
	free(load.kernel);
	free(load.initrd);
	return status;
}
