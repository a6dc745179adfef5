/* SPDX-License-Identifier: BSD-3-Clause */
/* From rungs to levels. */
#include "crossbar/array/kernels.h"
#include "crossbar/mapping/mapping.h"

#include <math.h>

/* The whole number that a side holds at each of n positions. */
static void numbers(const struct mqc_mapping *map, size_t side, size_t n, const float *position,
                    float *up) {
    const float last = (float)map->last, sign = side == 0 ? 1.0f : -1.0f;
    if (map->sides == 1) {
        for (size_t i = 0; i < n; i++)
            up[i] = last - position[i];
    } else if (map->kind == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL) {
        for (size_t i = 0; i < n; i++)
            up[i] = sign * position[i] > 0 ? sign * position[i] : 0;
    } else {
        for (size_t i = 0; i < n; i++) {
            const float first = (float)(int32_t)(0.5f * (last + position[i]));
            up[i] = side == 0 ? first : first - position[i];
        }
    }
}

void mqc_mapping_levels(const memqc_crossbar *xb, size_t plane, size_t n, const float *position,
                        float *levels) {
    const struct mqc_mapping *map = &xb->weights.map;
    const float bottom = (float)mqc_device_states(xb->device);
    float up[MQC_CHUNK];
    if (xb->cells.planes ==
        1) { /* last - position levels up from level N, of which there are last + 1 */
        for (size_t i = 0; i < n; i++)
            levels[i] = position[i] + 1.0f;
        return;
    }
    numbers(map, plane % map->sides, n, position, up);
    if (map->slices > 1) {
        const double per = pow(map->base, (double)(map->slices - 1 - plane / map->sides));
        mqc_crossbar_kernels()->digits(n, up, per, map->base, (float)map->stride, bottom, levels);
        return;
    }
    for (size_t i = 0; i < n; i++)
        levels[i] = bottom - up[i];
}

float mqc_mapping_reference_level(const memqc_crossbar *xb, size_t slice) {
    const struct mqc_mapping *map = &xb->weights.map;
    const float zero = (float)map->zero;
    float level;
    mqc_crossbar_kernels()->digits(1, &zero, pow(map->base, (double)(map->slices - 1 - slice)),
                                   map->base, (float)map->stride,
                                   (float)mqc_device_states(xb->device), &level);
    return level;
}
