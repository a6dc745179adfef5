/* SPDX-License-Identifier: BSD-3-Clause */
/* Repeated readings: three after each pulse, drawn without the library, of sample A and of soft
 * bounds. The model is given: how often of SEEDS is the law of the levels the drawn one, and how
 * often are the noise of the pulse and that of the measurement within 2 standard errors?
 *
 * usage: fit_reads [seeds] */
#include "unit/readings.h"

#include <stdio.h>
#include <stdlib.h>

struct parameter {
    int32_t key;
    double truth;
    int within;
};

static void tell(const char *what, int seeds, int right, const struct parameter *parameters,
                 size_t n) {
    printf("%s, of %d seeds: right law %d; within 2 standard errors", what, seeds, right);
    for (size_t i = 0; i < n; i++)
        printf(", %s %d", memqc_device_key_text(parameters[i].key, MEMQC_KEY_NAME),
               parameters[i].within);
    printf("\n");
    fflush(stdout);
}

static int is_below(int seeds, int right, const struct parameter *parameters, size_t n) {
    int below = 10 * right < 9 * seeds;
    for (size_t i = 0; i < n; i++)
        below |= 10 * parameters[i].within < 9 * seeds;
    return below;
}

static void count(const memqc_device *fitted, struct parameter *parameters, size_t n) {
    for (size_t i = 0; i < n; i++)
        parameters[i].within += fabs(off(fitted, parameters[i].key, parameters[i].truth)) <= 2;
}

static int levels(int seeds) {
    struct parameter parameters[] = {{MEMQC_DEVICE_G_MAX, sample_a.top, 0},
                                     {MEMQC_DEVICE_SIGMA, sample_a.sigma, 0},
                                     {MEMQC_DEVICE_K, sample_a.k, 0},
                                     {MEMQC_DEVICE_READ_NOISE, sample_a.noise, 0}};
    int right = 0;
    for (int seed = 1; seed <= seeds; seed++) {
        memqc_device *fitted;
        OK(fit_readings(MEMQC_DEVICE_QUANTIZED, draw_levels(&sample_a, (uint64_t)seed), &fitted));
        right += (int32_t)report(fitted, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST) ==
                 MEMQC_DEVICE_FIT_QUANTIZED_LINEAR;
        count(fitted, parameters, COUNT(parameters));
        memqc_device_destroy(&fitted);
    }
    tell("levels", seeds, right, parameters, COUNT(parameters));
    return is_below(seeds, right, parameters, COUNT(parameters));
}

static int soft_bounds(int seeds) {
    struct parameter parameters[] = {
        {MEMQC_DEVICE_G_MAX, soft_cell.high, 0},
        {MEMQC_DEVICE_STEP, soft_cell.part * (soft_cell.high - soft_cell.low), 0},
        {MEMQC_DEVICE_C2C_STEP, soft_cell.spread, 0},
        {MEMQC_DEVICE_READ_NOISE, soft_cell.noise, 0}};
    for (int seed = 1; seed <= seeds; seed++) {
        memqc_device *fitted;
        OK(fit_readings(MEMQC_DEVICE_SOFT_BOUNDS, draw_soft_bounds(&soft_cell, 4, (uint64_t)seed),
                        &fitted));
        count(fitted, parameters, COUNT(parameters));
        memqc_device_destroy(&fitted);
    }
    tell("soft bounds", seeds, seeds, parameters, COUNT(parameters));
    return is_below(seeds, seeds, parameters, COUNT(parameters));
}

int main(int argc, char *argv[]) {
    const int seeds = argc > 1 ? atoi(argv[1]) : 50;
    return levels(seeds) | soft_bounds(seeds);
}
