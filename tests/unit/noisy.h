/* SPDX-License-Identifier: BSD-3-Clause */
/* Readings whose noise hides the steps: a train up and one down, drawn without the library. */
#ifndef MEMQC_TESTS_NOISY_H
#define MEMQC_TESTS_NOISY_H

#include "fits.h"

#include <math.h>

enum { NOISY_PULSES = 1000, NOISY_ROWS = 2 * NOISY_PULSES + 1 };

/* Noise stays above 0 S: the bottom is ten times as large as the noise of 50 mean steps. */
static const double noisy_low = 40e-6, noisy_high = 130e-6, noisy_correlation = 0.9;

struct noisy_course {
    int32_t model;
    double covered; /* part of the window that the train up covers */
    double shape, a;
    double pulse;       /* noise of each step, as a part of it */
    double white, slow; /* sd of the reading's noise, in mean steps */
    double step;        /* at the start, as a part of the window: see noisy_prepare() */
};

/* xorshift64* (Vigna 2016), and Box and Muller's normal numbers. */
static inline double noisy_uniform(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return ((double)(*state * 2685821657736338717u >> 11) + 0.5) * 0x1p-53;
}

static inline double noisy_normal(uint64_t *state) {
    const double radius = sqrt(-2 * log(noisy_uniform(state)));
    return radius * cos(6.283185307179586 * noisy_uniform(state));
}

/* What a pulse moves, from the place y of the window, 0 at its start. */
static inline double noisy_law(const struct noisy_course *course, double y) {
    switch (course->model) {
    case MEMQC_DEVICE_LINEAR:
        return course->step * (1 - course->shape * y);
    case MEMQC_DEVICE_SOFT_BOUNDS:
        return course->step * (1 - y);
    case MEMQC_DEVICE_EXPONENTIAL:
        return course->step * fmax(1 - course->a * exp(course->shape * (y - 0.5)), 0);
    case MEMQC_DEVICE_POWER:
        return course->step * pow(fmax(1 - y, 0), course->shape);
    case MEMQC_DEVICE_NEUROSIM: /* G = B (1 - exp(-P / A)), of which 1 - y is left */
        return course->step * (1 - (1 - exp(-course->shape)) * y);
    case MEMQC_DEVICE_TABLE: /* a hump in the middle */
        return course->step * (1 + course->shape * (y < 0.5 ? y : 1 - y));
    default:
        return course->step;
    }
}

/* The step with which a train without noise covers what it shall. */
static inline void noisy_prepare(struct noisy_course *course) {
    double low = 0, high = 0.1;
    for (int i = 0; i < 60; i++) {
        double at = 0;
        course->step = 0.5 * (low + high);
        for (int pulse = 0; pulse < NOISY_PULSES; pulse++)
            at = fmin(at + noisy_law(course, at), 1);
        if (at < course->covered)
            low = course->step;
        else
            high = course->step;
    }
}

static inline double noisy_siemens(const struct noisy_course *course, double mean_steps) {
    return mean_steps * course->covered / NOISY_PULSES * (noisy_high - noisy_low);
}

/* A train up and one down into the arrays of fits.h. Returns the root mean square of the steps, S. */
static inline double noisy_measure(const struct noisy_course *course, uint64_t seed) {
    uint64_t state = 88172645463325252u + 977 * seed;
    const double fresh = sqrt(1 - noisy_correlation * noisy_correlation);
    double at = 0, squares = 0, slow = noisy_normal(&state);
    for (int32_t i = 0; i < NOISY_ROWS; i++) {
        const int32_t direction = i <= NOISY_PULSES ? 1 : -1;
        if (i > 0) {
            const double moved = noisy_law(course, direction > 0 ? at : 1 - at);
            squares += moved * moved / (NOISY_ROWS - 1);
            at += direction * moved * (1 + course->pulse * noisy_normal(&state));
            at = fmin(fmax(at, 0), 1);
            slow = noisy_correlation * slow + fresh * noisy_normal(&state);
        }
        const double noise = course->white * noisy_normal(&state) + course->slow * slow;
        g[i] = (float)(noisy_low + (noisy_high - noisy_low) * at + noisy_siemens(course, noise));
        pulse_of[i] = i;
        direction_of[i] = direction;
    }
    return sqrt(squares) * (noisy_high - noisy_low);
}

static inline memqc_device *noisy_fit(int32_t model) {
    memqc_device *fitted;
    OK(fit(model, NOISY_ROWS, NULL, NULL, pulse_of, direction_of, g, &fitted));
    return fitted;
}

#endif
