/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "device/kernels.h"

static inline float stair(const struct mqc_staircase *stairs, float state, float z) {
    const float y = stairs->last - state;
    const float mean = stairs->mean[0] + y * (stairs->mean[1] + y * stairs->mean[2]);
    return mean + (stairs->sd[0] + stairs->sd[1] * y) * z;
}

static uint64_t staircase(const struct mqc_staircase *stairs, size_t n, const float *restrict states,
                          const float *restrict z, float *restrict g) {
    const struct mqc_staircase s = *stairs;
    uint32_t below = 0; /* callers give fewer than 2^32 at once */
    for (size_t i = 0; i < n; i++) {
        const float value = stair(&s, states[i], z[i]);
        below += value < 0.0f;
        g[i] = value;
    }
    return below;
}

static uint64_t staircase_clamped(const struct mqc_staircase *stairs, size_t n, const float *restrict states,
                                  const float *restrict z, float *restrict g) {
    const struct mqc_staircase s = *stairs;
    uint32_t below = 0;
    for (size_t i = 0; i < n; i++) {
        const float value = stair(&s, states[i], z[i]);
        below += value < 0.0f;
        g[i] = value > 0.0f ? value : 0.0f;
    }
    return below;
}

static int states_of(size_t n, const int32_t *restrict levels, int32_t last, float *restrict states) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (uint32_t)(levels[i] < 1) | (uint32_t)(levels[i] > last);
        states[i] = (float)levels[i];
    }
    return bad != 0;
}

const struct mqc_device_kernels MQC_KERNEL(mqc_device_kernels) = {staircase, staircase_clamped, states_of};
