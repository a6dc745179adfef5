/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls from several threads at once. */
#ifndef MEMQC_TESTS_THREADS_H
#define MEMQC_TESTS_THREADS_H

#include "test.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, ROWS = 6, COLS = 5, CELLS = ROWS * COLS, SAMPLES = 24, ROOM = 1 << 17 };

/* What a thread found, to be compared with what one thread alone finds. Sums of results, weighted so
 * that no two of them may change places. */
struct found {
    double sum, weight;
};

static inline void find(struct found *found, double value) {
    found->weight = found->weight * 1.0009765625 + 1;
    found->sum += found->weight * value;
}

static inline void find_all(struct found *found, size_t n, const float *values) {
    for (size_t i = 0; i < n; i++)
        find(found, (double)values[i]);
}

/* A status, and the text that goes with a failure. */
static inline void find_status(struct found *found, memqc_status status) {
    const char *text = status == MEMQC_OK ? "" : memqc_last_error();
    find(found, status);
    for (size_t i = 0; text[i]; i++)
        find(found, text[i]);
}

extern float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
extern int32_t labels[SAMPLES];

/* All functions that take a const handle, on a handle of several threads. */
void use_device(const memqc_device *device, struct found *found);
void use_fitted(const memqc_device *device, struct found *found);
void use_crossbar(const memqc_crossbar *xb, struct found *found);
void use_mlp(const memqc_mlp *mlp, struct found *found);

#endif
