/* SPDX-License-Identifier: BSD-3-Clause */
/* What the benchmark programs share. Define _POSIX_C_SOURCE before. */
#ifndef MEMQC_TESTS_BENCH_COMMON_H
#define MEMQC_TESTS_BENCH_COMMON_H

#include <memqc/memqc.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now(void) {
    struct timespec t = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of all threads. Others may be busy on the machine. */
static inline double processor_seconds(void) {
    struct timespec t = {0, 0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline void must(memqc_status status) {
    if (status != MEMQC_OK) {
        fprintf(stderr, "bench: %s: %s\n", memqc_status_name(status), memqc_last_error());
        exit(EXIT_FAILURE);
    }
}

static inline void *room(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory) {
        fprintf(stderr, "bench: no memory for %zu x %zu bytes\n", count, size);
        exit(EXIT_FAILURE);
    }
    return memory;
}

/* For qsort() of doubles. */
static inline int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

#endif
