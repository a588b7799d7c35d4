/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pram

#if !defined(_TRACE_PRAM_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_PRAM_H

#include <linux/pram_format.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

DECLARE_EVENT_CLASS(pram_folio,

	TP_PROTO(const char *name, u64 pfn, unsigned int order,
		 unsigned int flags),

	TP_ARGS(name, pfn, order, flags),

	TP_STRUCT__entry(
		__string(name, name)
		__field(u64, pfn)
		__field(unsigned int, order)
		__field(unsigned int, flags)
	),

	TP_fast_assign(
		__assign_str(name);
		__entry->pfn = pfn;
		__entry->order = order;
		__entry->flags = flags;
	),

	TP_printk("name=%s pfn=0x%llx order=%u flags=%u", __get_str(name),
		  __entry->pfn, __entry->order, __entry->flags)
);

DEFINE_EVENT(pram_folio, pram_save,

	TP_PROTO(const char *name, u64 pfn, unsigned int order,
		 unsigned int flags),

	TP_ARGS(name, pfn, order, flags)
);

DEFINE_EVENT(pram_folio, pram_load,

	TP_PROTO(const char *name, u64 pfn, unsigned int order,
		 unsigned int flags),

	TP_ARGS(name, pfn, order, flags)
);

TRACE_EVENT(pram_seal,

	TP_PROTO(const struct pram_super *sb),

	TP_ARGS(sb),

	TP_STRUCT__entry(
		__field(u64, pfn)
		__field(u64, nodes)
		__field(u64, pages)
		__field(u64, metadata)
	),

	TP_fast_assign(
		__entry->pfn = sb->head.pfn;
		__entry->nodes = sb->nr_nodes;
		__entry->pages = sb->nr_pages;
		__entry->metadata = sb->nr_meta;
	),

	TP_printk("pfn=0x%llx nodes=%llu pages=%llu metadata=%llu",
		  __entry->pfn, __entry->nodes, __entry->pages,
		  __entry->metadata)
);

TRACE_EVENT(pram_reserve,

	TP_PROTO(u64 start, u64 end),

	TP_ARGS(start, end),

	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
	),

	TP_fast_assign(
		__entry->start = start;
		__entry->end = end;
	),

	TP_printk("start=0x%llx end=0x%llx", __entry->start, __entry->end)
);

TRACE_EVENT(pram_adopt,

	TP_PROTO(const char *name, u64 pages, u64 bytes),

	TP_ARGS(name, pages, bytes),

	TP_STRUCT__entry(
		__string(name, name)
		__field(u64, pages)
		__field(u64, bytes)
	),

	TP_fast_assign(
		__assign_str(name);
		__entry->pages = pages;
		__entry->bytes = bytes;
	),

	TP_printk("name=%s pages=%llu bytes=%llu", __get_str(name),
		  __entry->pages, __entry->bytes)
);

TRACE_EVENT(pram_drop,

	TP_PROTO(const char *name, const char *why),

	TP_ARGS(name, why),

	TP_STRUCT__entry(
		__string(name, name)
		__string(why, why)
	),

	TP_fast_assign(
		__assign_str(name);
		__assign_str(why);
	),

	TP_printk("name=%s why=%s", __get_str(name), __get_str(why))
);

#endif /* _TRACE_PRAM_H */

#include <trace/define_trace.h>
