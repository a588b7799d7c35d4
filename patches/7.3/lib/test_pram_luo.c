// SPDX-License-Identifier: GPL-2.0
/*
 * As long as this module is loaded, LUO refuses a kexec with a memfd to preserve. That is
 * after PRAM has got ready for it.
 */
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>

/* Return from the function that has just been entered */
static int luo_refuse(struct kprobe *kp, struct pt_regs *regs)
{
	regs_set_return_value(regs, -EBUSY);
	instruction_pointer_set(regs, regs_get_kernel_stack_nth(regs, 0));
	regs->sp += sizeof(long);
	return 1;
}

/* A kprobe that has this is not replaced by a jump, which could not return so */
static void luo_after(struct kprobe *kp, struct pt_regs *regs,
		      unsigned long flags)
{
}

static struct kprobe luo_probe = {
	.symbol_name = "memfd_luo_freeze",
	.pre_handler = luo_refuse,
	.post_handler = luo_after,
};

static int __init luo_init(void)
{
	return register_kprobe(&luo_probe);
}

static void __exit luo_exit(void)
{
	unregister_kprobe(&luo_probe);
}

module_init(luo_init);
module_exit(luo_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Have LUO refuse a kexec, for the tests of PRAM");
