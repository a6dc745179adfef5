/* SPDX-License-Identifier: BSD-3-Clause */
/* A custom device of even steps, a twentieth of the window, with noise of a quarter of that. */
#ifndef MEMQC_TESTS_EVEN_STEPS_H
#define MEMQC_TESTS_EVEN_STEPS_H

#include "test.h"

enum { EVEN_STEPS_FAILURE = 7 };

/* It fails at more than 3 V. */
static inline int32_t even_step(void *user, size_t n, const float *volts, double seconds,
                                const float *const *cells, const float *normals,
                                const float *uniforms, float *g) {
    (void)user, (void)seconds, (void)uniforms;
    for (size_t i = 0; i < n; i++) {
        const float part = 0.05f * (cells[1][i] - cells[0][i]) * (normals ? 1 + normals[i] / 4 : 1);
        if (volts[i] > 3)
            return EVEN_STEPS_FAILURE;
        g[i] += volts[i] > 0 ? part : -part;
    }
    return 0;
}

static inline memqc_device *make_even_steps(void) {
    static const double mean[] = {0.1};
    memqc_device *device;
    OK(memqc_device_create_custom("even steps", even_step, NULL, NULL, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 110e-6));
    OK(memqc_device_set_custom(device, 1, mean, mean, NULL));
    return device;
}

#endif
