/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints that nobody has enabled */
#define trace_pram_adopt(...)	sim_trace(__VA_ARGS__)
#define trace_pram_drop(...)	sim_trace(__VA_ARGS__)
#define trace_pram_load(...)	sim_trace(__VA_ARGS__)
#define trace_pram_reserve(...)	sim_trace(__VA_ARGS__)
#define trace_pram_save(...)	sim_trace(__VA_ARGS__)
#define trace_pram_seal(...)	sim_trace(__VA_ARGS__)

#define EXPORT_TRACEPOINT_SYMBOL_GPL(name)

#define sim_trace(...)		do { } while (0)
