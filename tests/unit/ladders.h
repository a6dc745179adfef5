/* SPDX-License-Identifier: BSD-3-Clause */
/* Ladders of levels and their readings, for the tests of levels one by one. The numbers come from a
 * generator of the tests' own, so that the library does not judge itself. */
#ifndef MEMQC_TESTS_LADDERS_H
#define MEMQC_TESTS_LADDERS_H

#include "fits.h"

static uint64_t seed_of_numbers;

/* Steele, Lea and Flood, OOPSLA 2014: splitmix64. */
static inline double uniform_number(void) {
    uint64_t z = seed_of_numbers += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static inline double normal_number(void) {
    return sqrt(-2 * log(uniform_number())) * cos(6.283185307179586 * uniform_number());
}

struct ladder {
    double g[LEVELS], sd[LEVELS];
};

enum shape { LOG, QUADRATIC, RANDOM, EVEN };

/* From 100 uS down to 2 uS, with a deviation of half a mean spacing. */
static inline struct ladder ladder_of(enum shape shape) {
    struct ladder ladder;
    double place = 0, all = 0, at[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
        at[i] = place;
        place += 0.1 + 1.9 * uniform_number();
        all = at[i];
    }
    for (int i = 0; i < LEVELS; i++) {
        const double x = (double)i / (LEVELS - 1);
        ladder.sd[i] = 0.5 * 98e-6 / (LEVELS - 1);
        ladder.g[i] = 100e-6 - 98e-6 * (shape == RANDOM ? at[i] / all : x);
        if (shape == LOG)
            ladder.g[i] = 100e-6 * pow(0.02, x);
        if (shape == QUADRATIC)
            ladder.g[i] = 2e-6 + 98e-6 * (1 - x) * (1 - x);
    }
    return ladder;
}

/* Readings of so many cycles; below 0 S an instrument reads 0. The noise of a level has the
 * correlation c from one cycle to the next. */
static inline size_t read_with_memory(const struct ladder *ladder, double c, int32_t device,
                                      int32_t cycles, size_t n) {
    double noise[LEVELS] = {0};
    for (int32_t cycle = 0; cycle < cycles; cycle++)
        for (int32_t i = 0; i < LEVELS; i++, n++) {
            const double fresh = normal_number(), part = cycle > 0 ? c : 0;
            noise[i] = part * noise[i] + sqrt(1 - part * part) * fresh;
            g[n] = (float)fmax(ladder->g[i] + ladder->sd[i] * noise[i], 0);
            device_of[n] = device;
            cycle_of[n] = cycle;
            pulse_of[n] = i + 1;
        }
    return n;
}

static inline size_t read_out(const struct ladder *ladder, int32_t device, int32_t cycles,
                              size_t n) {
    return read_with_memory(ladder, 0, device, cycles, n);
}

static inline memqc_device *fit_rows(int32_t model, size_t n) {
    memqc_device *fitted;
    OK(fit(model, n, device_of, cycle_of, pulse_of, NULL, g, &fitted));
    return fitted;
}

static inline int32_t taken(const memqc_device *fitted) {
    return (int32_t)report(fitted, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST);
}

#endif
