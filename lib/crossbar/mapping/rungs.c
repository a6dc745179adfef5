/* SPDX-License-Identifier: BSD-3-Clause */
/* The height of a rung is where it would be if the levels were even:
 *
 *     single, reference   h = offset - last (G - G_zero) / (G_MAX - G_MIN)
 *     pairs               h = last (G_up - G_down) / (G_MAX - G_MIN)
 *
 * with the nominal G of its levels; G_zero is the middle of the window, or the reference cell. */
#include "crossbar/mapping/rungs.h"
#include "core/alloc.h"
#include "crossbar/array/rungs.h"
#include "crossbar/mapping/mapping.h"

#include <math.h>

/* Height of a siemens. */
static double per_siemens(const memqc_crossbar *xb) {
    return xb->weights.map.last / (mqc_device_g_max(xb->device) - mqc_device_g_min(xb->device));
}

static double zero_of(const memqc_crossbar *xb) {
    if (xb->weights.map.kind != MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return (double)xb->weights.map.middle;
    return mqc_device_level_g(xb->device, (double)mqc_mapping_reference_level(xb, 0));
}

static void fill(const memqc_crossbar *xb, const struct mqc_ladder *ladder, size_t first, size_t n,
                 float *height) {
    const double zero = zero_of(xb), slope = per_siemens(xb), offset = (double)ladder->offset;
    float position[MQC_CHUNK], level[2][MQC_CHUNK];
    for (size_t i = 0; i < n; i++)
        position[i] = ladder->lo + (float)(first + i);
    for (size_t side = 0; side < xb->weights.map.sides; side++)
        mqc_mapping_levels(xb, side, n, position, level[side]);
    for (size_t i = 0; i < n; i++) {
        const double up = mqc_device_level_g(xb->device, (double)level[0][i]);
        const double h = xb->weights.map.sides == 1
                             ? offset - slope * (up - zero)
                             : slope * (up - mqc_device_level_g(xb->device, (double)level[1][i]));
        height[first + i] = (float)h;
    }
}

static void bounds(struct mqc_ladder *ladder, size_t rungs, const float *height, float *bound) {
    ladder->least = INFINITY;
    for (size_t i = 0; i < 2 * (size_t)ladder->half - 1; i++) {
        bound[i] = NAN; /* which no height reaches, not even an infinite one */
        if (i + 1 >= rungs)
            continue;
        bound[i] = 0.5f * (height[i] + height[i + 1]);
        ladder->least = fminf(ladder->least, height[i + 1] - height[i]);
    }
}

memqc_status mqc_rungs_make(const memqc_crossbar *xb, struct mqc_ladder *ladder, float **block) {
    const size_t rungs = (size_t)(ladder->hi - ladder->lo) + 1;
    mqc_free(*block);
    *block = NULL;
    ladder->height = ladder->bound = NULL;
    if (!xb->device->uneven)
        return MEMQC_OK;
    ladder->half = 1;
    while (2 * (size_t)ladder->half < rungs)
        ladder->half *= 2;
    *block = mqc_alloc(rungs + 2 * (size_t)ladder->half, sizeof **block);
    if (!*block)
        return MEMQC_ERROR_NOMEM;
    for (size_t first = 0; first < rungs; first += MQC_CHUNK)
        fill(xb, ladder, first, rungs - first < MQC_CHUNK ? rungs - first : MQC_CHUNK, *block);
    bounds(ladder, rungs, *block, *block + rungs);
    ladder->height = *block;
    ladder->bound = *block + rungs;
    return MEMQC_OK;
}

double mqc_rungs_zero(const memqc_device *device) {
    const double middle = 0.5 * (mqc_device_g_max(device) + mqc_device_g_min(device));
    double up = 0;
    while (up + 1 < mqc_device_states(device) &&
           mqc_device_level_g(device, mqc_device_states(device) - (up + 1)) <= middle)
        up++;
    return up;
}

float mqc_rungs_of_pair(const memqc_crossbar *xb, double up_level, double down_level) {
    const double difference =
        mqc_device_level_g(xb->device, up_level) - mqc_device_level_g(xb->device, down_level);
    const struct mqc_ladder *ladder = &xb->weights.ladder;
    return ladder->lo + (float)mqc_rung_at(ladder, (float)(per_siemens(xb) * difference));
}
