/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that is made when it is needed first, and grows. */
#ifndef MQC_CORE_RESERVE_H
#define MQC_CORE_RESERVE_H

#include <memqc/base.h>

/* Memory for count elements of size bytes at *memory, a pointer to any object type. Where there is
 * memory already, nothing happens, whatever its size. NOMEM. */
memqc_status mqc_have(void *memory, size_t count, size_t size);

/* Memory for at least count elements at *memory, where there are *room. What grows keeps its first
 * keep elements; the others become 0. After NOMEM everything is as before. */
memqc_status mqc_reserve(void *memory, size_t *room, size_t keep, size_t count, size_t size);

/* The same for a pointer to a typed pointer: the size is that of its elements. */
#define MQC_HAVE(memory, count) mqc_have((memory), (count), sizeof **(memory))
/* What the memory held is lost where it grows. */
#define MQC_RESERVE(memory, room, count) \
    mqc_reserve((memory), (room), 0, (count), sizeof **(memory))
#define MQC_GROW(memory, room, keep, count) \
    mqc_reserve((memory), (room), (keep), (count), sizeof **(memory))

#endif
