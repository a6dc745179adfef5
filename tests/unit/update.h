/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of updates: arrays under a rule, and steps for them. */
#ifndef MEMQC_TESTS_UPDATE_H
#define MEMQC_TESTS_UPDATE_H

#include "test.h"

#include "crossbar/copy.h"

#include <math.h>

enum { ROWS = 7, COLS = 6, CELLS = ROWS * COLS, BATCH = 5, LEVELS = 32 };

static inline double uniform(double low, double high) {
    return low + (high - low) * rand() / (RAND_MAX + 1.0); /* NOLINT */
}

static inline void fill(size_t n, float *x, double low, double high) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)uniform(low, high);
}

static inline memqc_crossbar *array_of(const char *preset, int32_t mapping, int32_t rule,
                                       uint64_t seed) {
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    float w[CELLS];
    srand(5);
    fill(CELLS, w, -0.6, 0.6);
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set_seed(xb, seed));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
    OK(memqc_crossbar_program(xb, w, COLS));
    return xb;
}

/* A step by `dw`, or by the sum of outer products that makes it. */
struct change {
    float dw[CELLS], x[BATCH * ROWS], d[BATCH * COLS];
    double wanted[CELLS]; /* alpha dw, in steps */
};

static inline void draw_change(struct change *change, double alpha, double size, double steps) {
    fill(BATCH * ROWS, change->x, -size, size);
    fill(BATCH * COLS, change->d, -size, size);
    for (size_t i = 0; i < CELLS; i++) {
        double sum = 0;
        for (size_t b = 0; b < BATCH; b++)
            sum += (double)change->x[b * ROWS + i / COLS] * (double)change->d[b * COLS + i % COLS];
        change->dw[i] = (float)sum;
        change->wanted[i] = alpha * sum * steps;
    }
}

static inline void apply(memqc_crossbar *xb, double alpha, const struct change *change, int outer) {
    if (outer)
        OK(memqc_crossbar_update_outer(xb, alpha, BATCH, change->x, ROWS, change->d, COLS));
    else
        OK(memqc_crossbar_update(xb, alpha, change->dw, COLS));
}

static inline double moved_report(const memqc_crossbar *xb) {
    double moved = -1;
    OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_MOVED, &moved));
    return moved;
}

#endif
