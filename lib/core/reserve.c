/* SPDX-License-Identifier: BSD-3-Clause */
/* The callers' pointers have different types, so that they are copied as bytes: writing to a float
 * as a void * would break the rule of strict aliasing. */
#include "core/reserve.h"
#include "core/alloc.h"

#include <string.h>

memqc_status mqc_have(void *memory, size_t count, size_t size) {
    void *now;
    memcpy(&now, memory, sizeof now);
    if (now)
        return MEMQC_OK;
    now = mqc_alloc(count, size);
    memcpy(memory, &now, sizeof now);
    return now ? MEMQC_OK : MEMQC_ERROR_NOMEM;
}

memqc_status mqc_reserve(void *memory, size_t *room, size_t keep, size_t count, size_t size) {
    void *old;
    if (count <= *room)
        return MEMQC_OK;
    void *const more = mqc_alloc(count, size);
    if (!more)
        return MEMQC_ERROR_NOMEM;
    memcpy(&old, memory, sizeof old);
    if (keep)
        memcpy(more, old, keep * size);
    mqc_free(old);
    memcpy(memory, &more, sizeof more);
    *room = count;
    return MEMQC_OK;
}
