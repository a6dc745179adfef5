/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "core/alloc.h"
#include "core/error.h"

#ifdef MQC_TESTING
#include <stdatomic.h>
#endif
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

#ifdef MQC_TESTING
static _Thread_local long allocations_left = -1;
static _Thread_local void (*watcher)(void);
/* Blocks begin with their size, which takes as much room as their alignment. */
static atomic_size_t in_use;

size_t mqc_alloc_in_use(void) {
    return atomic_load(&in_use);
}

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

/* Notes the size of a block; returns what its user gets. */
static void *count_block(void *memory, size_t bytes) {
    memcpy(memory, &bytes, sizeof bytes);
    atomic_fetch_add(&in_use, bytes);
    return (char *)memory + ALIGNMENT;
}

/* Returns what the system gave. */
static void *uncount_block(void *memory) {
    size_t bytes;
    if (!memory)
        return NULL;
    memcpy(&bytes, (char *)memory - ALIGNMENT, sizeof bytes);
    atomic_fetch_sub(&in_use, bytes);
    return (char *)memory - ALIGNMENT;
}
enum { HEADER = ALIGNMENT };
#else
enum { HEADER = 0 };
#define refused() 0
#define count_block(memory, bytes) (memory)
#define uncount_block(memory) (memory)
#endif

static void *get(size_t count, size_t size, int clear) {
    void *memory = NULL;
    if (size && count > ((size_t)-1 - 2 * ALIGNMENT) / size) {
        mqc_fail(MEMQC_ERROR_NOMEM,
                 "out of memory: %zu elements of %zu bytes are more than can be addressed", count,
                 size);
        return NULL;
    }
    const size_t product = count * size, bytes = product ? product : 1;
    if (refused() || posix_memalign(&memory, ALIGNMENT, bytes + HEADER) != 0) {
        mqc_fail(MEMQC_ERROR_NOMEM, "out of memory: %zu bytes could not be had", bytes);
        return NULL;
    }
    memory = count_block(memory, bytes);
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
    free(uncount_block(memory));
}
