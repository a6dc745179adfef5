/* SPDX-License-Identifier: BSD-3-Clause */
/* Repeated readings, drawn without the library: normal numbers by Box and Muller from splitmix64. */
#ifndef MEMQC_TESTS_READINGS_H
#define MEMQC_TESTS_READINGS_H

#include "dirt.h"

enum { READS = 3 };

static int32_t read_of[MOST];

static inline double normal_number(uint64_t *state) {
    const double first = ((double)(dirt_random(state) >> 11) + 0.5) * 0x1p-53;
    const double second = ((double)(dirt_random(state) >> 11) + 0.5) * 0x1p-53;
    return sqrt(-2 * log(first)) * cos(6.283185307179586 * second);
}

/* Appends the readings after one pulse to n rows; noise in S. */
static inline size_t read_cell(size_t n, double state, double noise, uint64_t *random) {
    for (int32_t r = 0; r < READS; r++, n++) {
        g[n] = (float)(state + noise * normal_number(random));
        device_of[n] = 0;
        read_of[n] = r;
    }
    return n;
}

/* What sample A of the paper does, in S: 16 to 0.5 G0, sigma (1 - k level). */
struct levels {
    double top, step, sigma, k, noise;
};
static const struct levels sample_a = {16 * MEMQC_G0, 0.5 * MEMQC_G0, MEMQC_G0, 0.03,
                                       0.2 * MEMQC_G0};

/* CYCLES staircases of LEVELS levels; returns the number of rows. */
static inline size_t draw_levels(const struct levels *of, uint64_t seed) {
    size_t n = 0;
    uint64_t random = seed * 7919;
    for (int32_t cycle = 0; cycle < CYCLES; cycle++) {
        for (int32_t level = 1; level <= LEVELS; level++) {
            const double sd = of->sigma * (1 - of->k * level);
            const double state = of->top - (level - 1) * of->step + sd * normal_number(&random);
            for (size_t i = n; i < n + READS; i++) {
                cycle_of[i] = cycle;
                pulse_of[i] = level;
                direction_of[i] = -1;
            }
            n = read_cell(n, state, of->noise, &random);
        }
    }
    return n;
}

/* Soft bounds: a pulse moves by `part` of the rest of the window, times 1 + spread N(0, 1). */
struct soft_bounds {
    double low, high, part, spread, noise;
};
static const struct soft_bounds soft_cell = {10e-6, 100e-6, 0.125, 0.3, 1e-6};

/* `cycles` trains of TRAIN pulses up and as many down. */
static inline size_t draw_soft_bounds(const struct soft_bounds *of, int32_t cycles, uint64_t seed) {
    size_t n = 0;
    uint64_t random = seed * 104729;
    for (int32_t cycle = 0; cycle < cycles; cycle++) {
        double state = of->low + 0.05 * (of->high - of->low);
        for (int32_t pulse = 1; pulse <= 2 * TRAIN; pulse++) {
            const int up = pulse <= TRAIN;
            const double step = of->part * (up ? of->high - state : state - of->low);
            state += (up ? step : -step) * (1 + of->spread * normal_number(&random));
            for (size_t i = n; i < n + READS; i++) {
                cycle_of[i] = cycle;
                pulse_of[i] = pulse;
                direction_of[i] = up ? 1 : -1;
            }
            n = read_cell(n, state, of->noise, &random);
        }
    }
    return n;
}

/* With the column of the readings. */
static inline memqc_status fit_readings(int32_t model, size_t n, memqc_device **out) {
    const int32_t *const columns[] = {
        [MEMQC_DEVICE_COLUMN_DEVICE] = device_of, [MEMQC_DEVICE_COLUMN_CYCLE] = cycle_of,
        [MEMQC_DEVICE_COLUMN_PULSE] = pulse_of,   [MEMQC_DEVICE_COLUMN_DIRECTION] = direction_of,
        [MEMQC_DEVICE_COLUMN_READ] = read_of,
    };
    return memqc_device_fit(model, n, 5, columns, g, NULL, NULL, out);
}

#endif
