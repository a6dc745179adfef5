/* SPDX-License-Identifier: BSD-3-Clause */
/* Step functions of the tests of custom devices. */
#ifndef MEMQC_TESTS_CUSTOM_H
#define MEMQC_TESTS_CUSTOM_H

#include "test.h"

#include <math.h>
#include <stdatomic.h>

/* What the functions share with the tests. */
struct host {
    atomic_int calls, released;
    atomic_int fails_at; /* the call that fails, from 1; 0: none */
    int32_t result;      /* what it returns then; 0: it makes NaN */
};

static inline void release(void *user) {
    ((struct host *)user)->released++;
}

/* LINEAR of 2 % of the window, slopes 0.6 and -0.7, with normal noise of parameter 0 times the step,
 * and every tenth step, by uniform numbers, parameter 1 times as large. */
static inline int32_t linear_step(void *user, size_t n, const float *volts, double seconds,
                                  const float *const *cells, const float *normals,
                                  const float *uniforms, float *g) {
    struct host *host = user;
    const int call = ++host->calls, fails = host->fails_at && call >= host->fails_at;
    (void)seconds;
    for (size_t i = 0; i < n; i++) {
        const float lo = cells[0][i], hi = cells[1][i], range = hi - lo;
        const int up = volts[i] > 0;
        const float y = up ? (g[i] - lo) / range : (hi - g[i]) / range;
        float f = 0.02f * range * (1 - (up ? 0.6f : -0.7f) * y);
        if (normals) {
            f += cells[2][i] * f * normals[i];
            f *= uniforms[i] < 0.1f ? cells[3][i] : 1.0f;
        }
        g[i] = fails && host->result == 0 && i == n / 2 ? NAN : g[i] + (up ? f : -f);
    }
    return fails ? host->result : 0;
}

static inline memqc_device *make_custom(struct host *host, double noise, double factor) {
    const double mean[] = {noise, factor}, lognormal[] = {0.3, 0}, normal[] = {0, 0.1};
    memqc_device *device;
    OK(memqc_device_create_custom("linear of a test", linear_step, host, release, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 100e-6));
    OK(memqc_device_set_custom(device, 2, mean, lognormal, normal));
    OK(memqc_device_set_seed(device, 77));
    return device;
}

/* The library's own model of the same parameters. */
static inline memqc_device *make_built_in(void) {
    static const struct setting settings[] = {{MEMQC_DEVICE_G_MIN, 10e-6},
                                              {MEMQC_DEVICE_G_MAX, 100e-6},
                                              {MEMQC_DEVICE_STEP, 1.8e-6},
                                              {MEMQC_DEVICE_SLOPE_UP, 0.6},
                                              {MEMQC_DEVICE_SLOPE_DOWN, -0.7}};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_LINEAR, &device));
    for (size_t i = 0; i < COUNT(settings); i++)
        OK(memqc_device_set(device, settings[i].key, settings[i].value));
    return device;
}

#endif
