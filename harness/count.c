// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of QEMU (-plugin count.so,out=FILE,mark=ADDR,...): counts the instructions
 * that each CPU of a guest executes, and writes the counts to FILE, in one line,
 * whenever one of the addresses is executed:
 *
 *	ADDR COUNT...
 *
 * What is needed of QEMU's interface is declared here, as its header is not packaged.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CPUS	64
#define MAX_MARKS	16

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
		void (*fn)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
		void (*fn)(unsigned int cpu, void *arg),
		enum qemu_plugin_cb_flags flags, void *arg);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
		void (*fn)(unsigned int cpu, void *arg),
		enum qemu_plugin_cb_flags flags, void *arg);

/* The version of the interface, which is another one with each QEMU */
__attribute__((visibility("default")))
int qemu_plugin_version = PLUGIN_VERSION;

static FILE *out;
static uint64_t count[MAX_CPUS], mark[MAX_MARKS];
static unsigned int nr_marks, nr_cpus;

/* QEMU runs all CPUs in one thread with -icount */
static void executed(unsigned int cpu, void *insns)
{
	if (cpu >= MAX_CPUS)
		return;
	count[cpu] += (uintptr_t)insns;
	if (cpu >= nr_cpus)
		nr_cpus = cpu + 1;
}

static void marked(unsigned int cpu, void *which)
{
	unsigned int i;

	(void)cpu;
	fprintf(out, "%" PRIx64, *(uint64_t *)which);
	for (i = 0; i < nr_cpus; i++)
		fprintf(out, " %" PRIu64, count[i]);
	fprintf(out, "\n");
	fflush(out);
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), i;
	unsigned int m;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, executed,
					     QEMU_PLUGIN_CB_NO_REGS,
					     (void *)(uintptr_t)n);
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t addr = qemu_plugin_insn_vaddr(insn);

		for (m = 0; m < nr_marks; m++) {
			if (mark[m] != addr)
				continue;
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked,
					QEMU_PLUGIN_CB_NO_REGS, &mark[m]);
		}
	}
}

__attribute__((visibility("default")))
int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc,
			char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
		else if (!strncmp(argv[i], "mark=", 5) && nr_marks < MAX_MARKS)
			mark[nr_marks++] = strtoull(argv[i] + 5, NULL, 16);
		else
			return -1;
	}
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
