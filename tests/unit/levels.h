/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices of the tests of levels one by one. */
#ifndef MEMQC_TESTS_LEVELS_H
#define MEMQC_TESTS_LEVELS_H

#include "test.h"

#include <math.h>

enum { LADDER = 24 };

/* Conductances from 100 uS down to 2 uS at equal ratios. */
static inline void log_ladder(float *g) {
    for (size_t i = 0; i < LADDER; i++)
        g[i] = (float)(100e-6 * pow(0.02, (double)i / (LADDER - 1)));
}

/* That device, each level with a standard deviation of so many hundredths of its conductance. */
static inline memqc_device *log_device(double percent) {
    memqc_device *device = NULL;
    float g[LADDER], sd[LADDER];
    log_ladder(g);
    for (size_t i = 0; i < LADDER; i++)
        sd[i] = (float)(0.01 * percent * (double)g[i]);
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_levels(device, LADDER, g, sd, 0, NULL));
    return device;
}

#endif
