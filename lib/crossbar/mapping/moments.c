/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/mapping/moments.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/rungs.h"

#include <math.h>

/* Mean and variance of the conductance at each level, by level. */
struct levels {
    double *mean, *variance;
};

static void look_up(const memqc_device *device, const struct levels *levels) {
    for (size_t level = 1; level <= (size_t)mqc_device_states(device); level++) {
        double nominal = 0, sd = 0;
        device->ops->level(device, (double)level, &nominal, &levels->mean[level], &sd);
        levels->variance[level] = sd * sd;
    }
}

/* Adds a plane's part to n rungs from the first-th on, in siemens of the matrix. */
static void add_plane(const memqc_crossbar *xb, const struct levels *levels, size_t plane,
                      size_t first, size_t n, double *mean, double *variance) {
    const double factor = (double)xb->weights.map.factor[plane / xb->weights.map.sides],
                 sign = plane % xb->weights.map.sides == 0 ? 1 : -1;
    float position[MQC_CHUNK], level[MQC_CHUNK];
    for (size_t i = 0; i < n; i++)
        position[i] = xb->weights.ladder.lo + (float)(first + i);
    mqc_mapping_levels(xb, plane, n, position, level);
    for (size_t i = 0; i < n; i++) {
        mean[i] += sign * factor * levels->mean[(size_t)level[i]];
        variance[i] += factor * factor * levels->variance[(size_t)level[i]];
    }
}

/* What a single cell's matrix is less, over all slices. */
static double offset_of(const memqc_crossbar *xb) {
    double sum = 0;
    for (size_t slice = 0; slice < xb->weights.map.slices && xb->weights.map.sides == 1; slice++)
        sum += (double)xb->weights.map.factor[slice] * (double)xb->weights.map.middle;
    return sum;
}

static void fill(const memqc_crossbar *xb, const struct levels *levels, double scale, size_t rungs,
                 const struct mqc_moments *moments) {
    const double offset = offset_of(xb), unit = scale * mqc_crossbar_unit(xb);
    for (size_t first = 0; first < rungs; first += MQC_CHUNK) {
        const size_t n = rungs - first < MQC_CHUNK ? rungs - first : MQC_CHUNK,
                     planes = mqc_mapping_planes(xb);
        double mean[MQC_CHUNK] = {0}, variance[MQC_CHUNK] = {0};
        for (size_t plane = 0; plane < planes; plane++)
            add_plane(xb, levels, plane, first, n, mean, variance);
        for (size_t i = 0; i < n; i++) {
            moments->mean[first + i] = (float)(unit * (mean[i] - offset));
            moments->sd[first + i] = (float)(unit * sqrt(variance[i]));
        }
    }
}

memqc_status mqc_moments_make(memqc_crossbar *xb, double scale, struct mqc_moments *moments) {
    const size_t states = (size_t)mqc_device_states(xb->device) + 1;
    MQC_TRY(mqc_mapping_make(xb));
    const size_t rungs = (size_t)(xb->weights.ladder.hi - xb->weights.ladder.lo) + 1;
    const struct levels levels = {mqc_alloc(states, sizeof(double)),
                                  mqc_alloc(states, sizeof(double))};
    struct mqc_moments made = {
        xb->weights.ladder,
        (float)((xb->weights.map.sides == 1 ? -0.5 : 1) * xb->weights.map.last / scale),
        mqc_alloc(rungs, sizeof(float)), mqc_alloc(rungs, sizeof(float)), NULL};
    const memqc_status status = mqc_rungs_make(xb, &made.ladder, &made.rungs);
    const int complete =
        status == MEMQC_OK && levels.mean && levels.variance && made.mean && made.sd;
    *moments = made;
    if (complete) {
        look_up(xb->device, &levels);
        fill(xb, &levels, scale, rungs, moments);
    } else {
        mqc_moments_free(moments);
    }
    mqc_free(levels.mean);
    mqc_free(levels.variance);
    return complete ? MEMQC_OK : MEMQC_ERROR_NOMEM;
}

void mqc_moments_free(struct mqc_moments *moments) {
    mqc_free(moments->mean);
    mqc_free(moments->sd);
    mqc_free(moments->rungs);
    moments->mean = moments->sd = moments->rungs = NULL;
}
