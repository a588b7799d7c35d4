/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What PRAM needs of the rest of the kernel: all of it, so that a simulator in
 * user space (tools/testing/pram) can put its own in the place of this header.
 */
#ifndef _MM_PRAM_INTERNAL_H
#define _MM_PRAM_INTERNAL_H

#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/crash_dump.h>
#include <linux/crash_reserve.h>
#include <linux/crc32.h>
#include <linux/ctype.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kexec.h>
#include <linux/kmemleak.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/memblock.h>
#include <linux/memory.h>
#include <linux/min_heap.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/nmi.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/overflow.h>
#include <linux/padata.h>
#include <linux/page-isolation.h>
#include <linux/page_owner.h>
#include <linux/pgalloc_tag.h>
#include <linux/random.h>
#include <linux/rbtree.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/suspend.h>
#include <linux/sysfs.h>
#include <linux/utsname.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <asm/pram.h>
#include <trace/events/pram.h>

#include "internal.h"
#include "pram_base.h"

#endif /* _MM_PRAM_INTERNAL_H */
