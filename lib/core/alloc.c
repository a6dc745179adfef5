/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "core/alloc.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

#ifdef MQC_TESTING
static _Thread_local long allocations_left = -1;
static _Thread_local void (*watcher)(void);

void mqc_alloc_fail_after(long n) {
    allocations_left = n;
}

void mqc_alloc_watch(void (*watch)(void)) {
    watcher = watch;
}

/* Does a test let this allocation fail? */
static int refused(void) {
    if (watcher)
        watcher();
    if (allocations_left < 0)
        return 0;
    if (allocations_left == 0)
        return 1;
    allocations_left--;
    return 0;
}
#else
#define refused() 0
#endif

static void *get(size_t count, size_t size, int clear) {
    void *memory = NULL;
    if (size && count > ((size_t)-1 - ALIGNMENT) / size) {
        mqc_fail(MEMQC_ERROR_NOMEM,
                 "out of memory: %zu elements of %zu bytes are more than can be addressed", count,
                 size);
        return NULL;
    }
    const size_t product = count * size, bytes = product ? product : 1;
    if (refused() || posix_memalign(&memory, ALIGNMENT, bytes) != 0) {
        mqc_fail(MEMQC_ERROR_NOMEM, "out of memory: %zu bytes could not be had", bytes);
        return NULL;
    }
    if (clear)
        memset(memory, 0, bytes);
    return memory;
}

void *mqc_alloc(size_t count, size_t size) {
    return get(count, size, 1);
}

void *mqc_alloc_unset(size_t count, size_t size) {
    return get(count, size, 0);
}

void mqc_free(void *memory) {
    free(memory);
}
