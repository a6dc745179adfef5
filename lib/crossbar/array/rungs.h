/* SPDX-License-Identifier: BSD-3-Clause */
/* Rungs of an uneven ladder. */
#ifndef MQC_CROSSBAR_ARRAY_RUNGS_H
#define MQC_CROSSBAR_ARRAY_RUNGS_H

#include "crossbar/array/kernels.h"

/* The rung nearest to a height, counted from 0: by bisection, without a branch that depends on it.
 * NaN is on the first one. */
static inline uint32_t mqc_rung_at(const struct mqc_ladder *ladder, float height) {
    uint32_t rung = 0;
    for (uint32_t step = ladder->half; step; step >>= 1)
        rung += ladder->bound[rung + step - 1] <= height ? step : 0;
    return rung;
}

/* The height of a position. */
static inline float mqc_height_of(const struct mqc_ladder *ladder, float position) {
    return ladder->height ? ladder->height[(uint32_t)(position - ladder->lo)] : position;
}

#endif
