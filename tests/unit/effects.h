/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of what happens to a programmed cell: handles, and the same bits however cells are
 * grouped. */
#ifndef MEMQC_TESTS_EFFECTS_H
#define MEMQC_TESTS_EFFECTS_H

#include "moments.h"

#include "device/cell/effect_kernels.h"
#include "device/effects/age.h"
#include "device/effects/faults.h"
#include "device/effects/read.h"
#include "device/effects/telegraph.h"

#include <pthread.h>

enum { MILLION = 1000000 };

static inline memqc_device *make(int32_t model, size_t n, const struct setting *settings) {
    memqc_device *device;
    OK(memqc_device_create(model, &device));
    OK(memqc_device_set_seed(device, 4711));
    for (size_t i = 0; i < n; i++)
        OK(memqc_device_set(device, settings[i].key, settings[i].value));
    return device;
}

#define MAKE(model, ...)                                                                \
    make(model, sizeof((const struct setting[]){__VA_ARGS__}) / sizeof(struct setting), \
         (const struct setting[]){__VA_ARGS__})

static inline float *floats(size_t n, float value) {
    float *x = malloc(n * sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (size_t i = 0; i < n; i++)
        x[i] = value;
    return x;
}

/* --- the same bits in one call, in pieces from the end, from threads, and through lists --- */

enum { CELLS = 5000, FIRST = 77, PIECE = 131, THREADS = 3, DRAW = 1000003 };

/* A public function, and the internal one behind it, on cells whose numbers go in and come out as
 * floats. */
struct effect {
    void (*call)(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n, float *x);
    void (*list)(const memqc_device *device, const struct mqc_draws *where, size_t n, float *x);
};

struct job {
    const memqc_device *device;
    const struct effect *effect;
    float *x;
    size_t number;
};

/* Every third piece, from the last one on. */
static void *work(void *argument) {
    const struct job *job = argument;
    for (size_t piece = (CELLS + PIECE - 1) / PIECE; piece-- > 0;) {
        const size_t begin = piece * PIECE, n = CELLS - begin < PIECE ? CELLS - begin : PIECE;
        if (piece % THREADS == job->number)
            job->effect->call(job->device, FIRST + begin, DRAW, n, job->x + begin);
    }
    return NULL;
}

static inline void check_bits(const memqc_device *device, const struct effect *effect,
                              const float *start) {
    static float whole[CELLS], other[CELLS];
    static uint64_t cells[CELLS], draws[CELLS];
    pthread_t threads[THREADS];
    struct job jobs[THREADS];
    memcpy(whole, start, sizeof whole);
    memcpy(other, start, sizeof other);
    effect->call(device, FIRST, DRAW, CELLS, whole);
    for (size_t t = 0; t < THREADS; t++) {
        const struct job job = {device, effect, other, t};
        jobs[t] = job;
        ck_assert_int_eq(pthread_create(&threads[t], NULL, work, &jobs[t]), 0);
    }
    for (size_t t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
    ck_assert_mem_eq(whole, other, sizeof whole);
    for (size_t i = 0; i < CELLS; i++) { /* 7 has no common factor with CELLS */
        cells[i] = FIRST + 7 * i % CELLS;
        draws[i] = DRAW;
        other[i] = start[7 * i % CELLS];
    }
    const struct mqc_draws where = {device->seed, 0, 0, cells, draws};
    effect->list(device, &where, CELLS, other);
    size_t wrong = 0;
    for (size_t i = 0; i < CELLS; i++)
        wrong += memcmp(&other[i], &whole[7 * i % CELLS], sizeof *other) != 0;
    ck_assert_uint_eq(wrong, 0);
}

/* The kernels of the instruction sets that this machine runs. */
static inline size_t effect_tables(const struct mqc_effect_kernels *out[MQC_ISA_COUNT]) {
    const struct mqc_effect_kernels *const all[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_effect_kernels);
    for (size_t i = 0; i <= (size_t)mqc_isa(); i++)
        out[i] = all[i];
    return (size_t)mqc_isa() + 1;
}

#endif
