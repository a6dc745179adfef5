/* SPDX-License-Identifier: BSD-3-Clause */
/* From weights to rungs to levels. */
#include "crossbar/crossbar.h"

#include <math.h>
#include <string.h>

static int is_pair(const memqc_crossbar *xb) {
    return xb->value[MEMQC_CROSSBAR_MAPPING] == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL;
}

size_t mqc_mapping_planes(const memqc_crossbar *xb) {
    return is_pair(xb) ? 2 : 1;
}

void mqc_mapping_make(memqc_crossbar *xb) {
    struct mqc_mapping *map = &xb->map;
    const double low = mqc_device_g_min(xb->device), high = mqc_device_g_max(xb->device);
    map->sides = is_pair(xb) ? 2 : 1;
    map->slices = 1;
    map->base = mqc_device_states(xb->device);
    map->stride = 1;
    map->last = map->base - 1;
    map->unit = map->sides == 1 ? 2 / (high - low) : 1 / (high - low);
    map->middle = (float)(0.5 * (high + low));
    map->factor[0] = 1;
    xb->ladder.lo = map->sides == 1 ? 0 : (float)-map->last;
    xb->ladder.hi = (float)map->last;
    xb->ladder.offset = map->sides == 1 ? 0.5f * xb->ladder.hi : 0;
}

/* A scale of (almost) nothing has no use, and its inverse would overflow. */
static float no_zero(float scale) {
    return scale > 1e-30f ? scale : 1;
}

void mqc_mapping_scale(memqc_crossbar *xb, const float *w, size_t ldw, float most) {
    const size_t scales = mqc_crossbar_by_column(xb) ? xb->cols : 1;
    if (mqc_crossbar_by_column(xb)) {
        memset(xb->scale, 0, xb->cols * sizeof *xb->scale);
        for (size_t i = 0; i < xb->rows; i++)
            for (size_t j = 0; j < xb->cols; j++)
                xb->scale[j] = fmaxf(xb->scale[j], fabsf(w[i * ldw + j]));
        for (size_t j = 0; j < xb->cols; j++)
            xb->scale[j] = no_zero(xb->scale[j]);
    } else if (xb->value[MEMQC_CROSSBAR_NORMALIZATION] == MEMQC_CROSSBAR_NORMALIZATION_ARRAY) {
        xb->scale[0] = no_zero(most);
    } else {
        xb->scale[0] = (float)xb->value[MEMQC_CROSSBAR_W_MAX];
    }
    for (size_t j = 0; j < scales; j++)
        xb->slope[j] = (float)((xb->map.sides == 1 ? -0.5 : 1) * xb->map.last / (double)xb->scale[j]);
}

void mqc_mapping_levels(const memqc_crossbar *xb, size_t plane, size_t n, const float *position, float *levels) {
    const float bottom = (float)xb->map.last + 1.0f;
    if (xb->map.sides == 1) {
        for (size_t i = 0; i < n; i++)
            levels[i] = position[i] + 1.0f;
        return;
    }
    const float sign = plane == 0 ? 1.0f : -1.0f;
    for (size_t i = 0; i < n; i++) {
        const float up = sign * position[i];
        levels[i] = bottom - (up > 0 ? up : 0);
    }
}
