/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of fits share: curves that the library draws itself. */
#ifndef MEMQC_TESTS_FITS_H
#define MEMQC_TESTS_FITS_H

#include "test.h"

enum { CYCLES = 12, LEVELS = 32, ROWS = CYCLES * LEVELS, SEEDS = 100, MOST = 8192, TRAIN = 32 };

static float g[MOST];
static int32_t device_of[MOST], cycle_of[MOST], pulse_of[MOST], direction_of[MOST];

/* The columns one by one; NULL for those that there are not. */
static inline memqc_status fit(int32_t model, size_t n, const int32_t *device, const int32_t *cycle,
                               const int32_t *pulse, const int32_t *direction,
                               const float *conductance, memqc_device **out) {
    const int32_t *const columns[] = {[MEMQC_DEVICE_COLUMN_DEVICE] = device,
                                      [MEMQC_DEVICE_COLUMN_CYCLE] = cycle,
                                      [MEMQC_DEVICE_COLUMN_PULSE] = pulse,
                                      [MEMQC_DEVICE_COLUMN_DIRECTION] = direction};
    return memqc_device_fit(model, n, 4, columns, conductance, NULL, NULL, out);
}

static inline double get(const memqc_device *d, int32_t key) {
    double value;
    OK(memqc_device_get(d, key, &value));
    return value;
}

static inline double report(const memqc_device *d, int32_t what, int32_t which) {
    double value;
    OK(memqc_device_fit_value(d, what, which, &value));
    return value;
}

static inline double error_of(const memqc_device *d, int32_t key) {
    return report(d, MEMQC_DEVICE_FIT_STANDARD_ERROR, key);
}

/* How many rows the fit left out. */
static inline size_t rows_left_out(const memqc_device *d) {
    size_t n = 0;
    OK(memqc_device_fit_left_out(d, 0, NULL, NULL, NULL, &n));
    return n;
}

/* How many standard errors lie between an estimate and the truth. */
static inline double off(const memqc_device *fitted, int32_t key, double truth) {
    return (get(fitted, key) - truth) / error_of(fitted, key);
}

static inline memqc_device *staircases(double sigma, double k, uint64_t seed) {
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, sigma));
    OK(memqc_device_set(d, MEMQC_DEVICE_K, k));
    OK(memqc_device_set_seed(d, seed));
    OK(memqc_device_staircase(d, 0, 0, CYCLES, g, LEVELS, NULL));
    for (int32_t i = 0; i < ROWS; i++) {
        cycle_of[i] = i / LEVELS;
        pulse_of[i] = i % LEVELS + 1;
    }
    return d;
}

static inline memqc_device *fit_staircases(int32_t model) {
    memqc_device *fitted;
    OK(fit(model, ROWS, NULL, cycle_of, pulse_of, NULL, g, &fitted));
    return fitted;
}

/* Devices whose trains of TRAIN pulses show what makes their model. */
static inline memqc_device *pulsed(int32_t model, uint64_t seed) {
    static const struct {
        int32_t model;
        struct setting set[6];
    } devices[] = {
        {MEMQC_DEVICE_CONSTANT, {{MEMQC_DEVICE_STATES, 25}}},
        {MEMQC_DEVICE_LINEAR,
         {{MEMQC_DEVICE_STATES, 17}, {MEMQC_DEVICE_SLOPE_UP, 0.7}, {MEMQC_DEVICE_SLOPE_DOWN, 0.3}}},
        {MEMQC_DEVICE_SOFT_BOUNDS, {{MEMQC_DEVICE_STATES, 9}}},
        {MEMQC_DEVICE_EXPONENTIAL,
         {{MEMQC_DEVICE_STATES, 15},
          {MEMQC_DEVICE_GAMMA_UP, 6},
          {MEMQC_DEVICE_GAMMA_DOWN, 6},
          {MEMQC_DEVICE_A_UP, 0.04},
          {MEMQC_DEVICE_A_DOWN, 0.04}}},
        {MEMQC_DEVICE_POWER,
         {{MEMQC_DEVICE_STATES, 9}, {MEMQC_DEVICE_POWER_UP, 2}, {MEMQC_DEVICE_POWER_DOWN, 1.6}}},
        {MEMQC_DEVICE_NEUROSIM,
         {{MEMQC_DEVICE_PULSES_UP, TRAIN},
          {MEMQC_DEVICE_PULSES_DOWN, TRAIN},
          {MEMQC_DEVICE_NL_DOWN, -3}}},
        {MEMQC_DEVICE_TABLE, {{0, 0}}},
    };
    static const float nodes[] = {10e-6f, 40e-6f, 60e-6f, 100e-6f},
                       steps[] = {6e-6f, 1.5e-6f, 6e-6f, 1e-6f};
    memqc_device *d;
    OK(memqc_device_create(model, &d));
    OK(memqc_device_set_seed(d, seed));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 100e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0.3));
    for (size_t i = 0; i < 6 && devices[model - MEMQC_DEVICE_CONSTANT].set[i].key; i++)
        OK(memqc_device_set(d, devices[model - MEMQC_DEVICE_CONSTANT].set[i].key,
                            devices[model - MEMQC_DEVICE_CONSTANT].set[i].value));
    step_by_levels(d);
    for (int32_t way = -1; way < 2 && model == MEMQC_DEVICE_TABLE; way += 2)
        OK(memqc_device_set_table(d, way, 4, nodes, steps));
    return d;
}

/* Cycles of TRAIN pulses up and as many down. */
static inline size_t trains(const memqc_device *d, size_t devices, int32_t cycles) {
    size_t n = 0;
    for (size_t c = 0; c < devices; c++) {
        float state;
        uint64_t draw = 0;
        for (int32_t cycle = 0; cycle < cycles; cycle++) {
            OK(memqc_device_cells(d, MEMQC_DEVICE_G_MIN, c, 1, &state));
            for (int32_t p = 1; p <= 2 * TRAIN; p++, n++) {
                direction_of[n] = p <= TRAIN ? 1 : -1;
                OK(memqc_device_pulse(d, c, draw++, 1, direction_of[n], &state, NULL, NULL));
                g[n] = state;
                device_of[n] = (int32_t)c;
                cycle_of[n] = cycle;
                pulse_of[n] = p;
            }
        }
    }
    return n;
}

#endif
