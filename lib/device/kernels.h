/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_DEVICE_KERNELS_H
#define MQC_DEVICE_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

/* Mean and sd of the levels as polynomials in y = last - level: a table of 4096 levels would be gathered one by one. Counted
 * from the lowest level no coefficient is negative (for k >= 0), so that rounding cannot make a conductance so. */
struct mqc_staircase {
    float last, mean[3], sd[2];
};

struct mqc_device_kernels {
    /* g[i] = mean + sd z[i] at states[i]; returns how many are below zero. */
    uint64_t (*staircase)(const struct mqc_staircase *stairs, size_t n, const float *states, const float *z, float *g);
    /* The same, each value below zero becoming 0. */
    uint64_t (*staircase_clamped)(const struct mqc_staircase *stairs, size_t n, const float *states, const float *z, float *g);
    /* states[i] = levels[i]; returns whether any is outside 1 .. last. */
    int (*states)(size_t n, const int32_t *levels, int32_t last, float *states);
};

const struct mqc_device_kernels *mqc_device_kernels(void);

MQC_DECLARE_KERNELS(mqc_device_kernels, mqc_device_kernels);

#endif
