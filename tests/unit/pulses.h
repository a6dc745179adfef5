/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of pulses share: a device with a plain window. */
#ifndef MEMQC_TESTS_PULSES_H
#define MEMQC_TESTS_PULSES_H

#include "moments.h"
#include "test.h"

#include "device/cell/inside.h"

enum { MILLION = 1000000, MODELS = 7 };

static const double lo = 10e-6, hi = 100e-6;

static inline memqc_device *make(int32_t model, double step) {
    memqc_device *d;
    OK(memqc_device_create(model, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, lo));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, hi));
    step_by_levels(d);
    if (step > 0)
        OK(memqc_device_set(d, MEMQC_DEVICE_STEP, step));
    if (model == MEMQC_DEVICE_TABLE) {
        const float g[] = {20e-6f, 90e-6f}, up[] = {4e-6f, 1e-6f}, down[] = {2e-6f, 5e-6f};
        OK(memqc_device_set_table(d, 1, 2, g, up));
        OK(memqc_device_set_table(d, -1, 2, g, down));
    }
    OK(memqc_device_set_seed(d, 77));
    return d;
}

static inline float *room(size_t n) {
    float *memory = malloc(n * sizeof *memory);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* --- courses --- */

/* A model's f(y) as the header states it, and what it has of parameters. */
struct course {
    int32_t model;
    const char *label;
    struct {
        int32_t key;
        double value;
    } set[7];
    double (*f)(int down, double y); /* in units of S */
};

static inline double f_constant(int down, double y) {
    (void)down, (void)y;
    return 1;
}

static inline double f_linear(int down, double y) {
    return 1 - (down ? -0.7 : 0.6) * y;
}

static inline double f_soft(int down, double y) {
    (void)down;
    return 1 - y;
}

static inline double f_power(int down, double y) {
    return pow(1 - y, down ? 0.5 : 2.5);
}

static inline double f_exponential(int down, double y) {
    const double x = down ? 1 - y : y, z = 0.8 * (2 * x - 1) + 0.1;
    return fmax(0, down ? 1 - 0.3 * exp(-1.7 * z) : 1 - 0.4 * exp(1.2 * z));
}

static const struct course courses[] = {
    {MEMQC_DEVICE_CONSTANT, "constant", {{0, 0}}, f_constant},
    {MEMQC_DEVICE_LINEAR,
     "linear",
     {{MEMQC_DEVICE_SLOPE_UP, 0.6}, {MEMQC_DEVICE_SLOPE_DOWN, -0.7}},
     f_linear},
    {MEMQC_DEVICE_SOFT_BOUNDS, "soft bounds", {{0, 0}}, f_soft},
    {MEMQC_DEVICE_POWER,
     "power",
     {{MEMQC_DEVICE_POWER_UP, 2.5}, {MEMQC_DEVICE_POWER_DOWN, 0.5}},
     f_power},
    {MEMQC_DEVICE_EXPONENTIAL,
     "exponential",
     {{MEMQC_DEVICE_A_UP, 0.4},
      {MEMQC_DEVICE_A_DOWN, 0.3},
      {MEMQC_DEVICE_GAMMA_UP, 1.2},
      {MEMQC_DEVICE_GAMMA_DOWN, 1.7},
      {MEMQC_DEVICE_EXP_SCALE, 0.8},
      {MEMQC_DEVICE_EXP_OFFSET, 0.1}},
     f_exponential},
};

enum { COURSES = sizeof courses / sizeof *courses, PULSES = 200 };

static inline memqc_device *make_course(const struct course *c, double step) {
    memqc_device *d = make(c->model, step);
    for (size_t i = 0; i < sizeof c->set / sizeof *c->set && c->set[i].key; i++)
        OK(memqc_device_set(d, c->set[i].key, c->set[i].value));
    return d;
}

/* --- noise --- */

static const int32_t all_models[MODELS] = {MEMQC_DEVICE_CONSTANT,    MEMQC_DEVICE_LINEAR,
                                           MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_EXPONENTIAL,
                                           MEMQC_DEVICE_POWER,       MEMQC_DEVICE_NEUROSIM,
                                           MEMQC_DEVICE_TABLE};

#endif
