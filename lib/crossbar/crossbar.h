/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a crossbar. A weight stands on a rung of a ladder of evenly spaced weights; its position says on which:
 *
 *     single        position = level - 1, 0 .. N - 1, falling with the weight
 *     differential  position = -(N - 1) .. N - 1, rising; G+ is at level N - max(position, 0), G- at N - max(-position, 0)
 *
 * The position is the only state of a weight besides its drawn conductances. */
#ifndef MQC_CROSSBAR_CROSSBAR_H
#define MQC_CROSSBAR_CROSSBAR_H

#include <memqc/crossbar.h>

#include "core/params.h"
#include "crossbar/kernels.h"
#include "device/device.h"

enum {
    MQC_CROSSBAR_KEYS = MEMQC_CROSSBAR_ADC_ENERGY,
    MQC_CROSSBAR_COUNTERS = MEMQC_CROSSBAR_COUNT_SATURATED_LAST,
    MQC_READ_COSTS = MEMQC_CROSSBAR_COST_READ_TIME - MEMQC_CROSSBAR_COST_READ_CELLS + 1,
    MQC_PLANES = 2
};

extern const struct mqc_params mqc_crossbar_params;

/* What reading keeps: by direction, [0] forward and [1] transposed. All made when it is needed. */
struct mqc_reader {
    float *range[2];   /* A, calibrated: sources x tiles x outputs */
    size_t ranges[2];  /* how many */
    double *total[2];  /* S, conductances behind each input, and as the kernels want them */
    float *sums[2];
    int summed[2];     /* are they of the present conductances? */
    float *squares;    /* of G / G_MAX: sources x cells */
    size_t squares_room, squares_sources;
    float *scratch;
    size_t scratch_room;
    double cost[MQC_READ_COSTS];
};

struct memqc_crossbar {
    memqc_device *device;
    size_t rows, cols, cells; /* cells = rows x cols, of one plane */
    uint64_t seed;
    double value[MQC_CROSSBAR_KEYS + 1];
    uint64_t counter[MQC_CROSSBAR_COUNTERS + 1];

    /* From the first programming on: */
    int programmed;
    size_t planes;
    struct mqc_ladder ladder;
    float *scale; /* s: one value, or one a column */
    float *slope; /* d position / d weight, likewise */
    float *position;
    float *g[MQC_PLANES];
    uint32_t *count[MQC_PLANES]; /* how often each cell was programmed */
    /* What a product multiplies with: G less the middle of the range, or G+ - G-. Kept beside G because the rank-one
     * term of an offset, subtracted from a product with G itself, would cancel most of the digits of a float. */
    float *matrix;

    /* Scratch */
    float *next;       /* positions of an update */
    uint64_t *changed; /* and which of them are new */
    float *scaled;
    size_t scaled_room;

    struct mqc_reader read;
};

static inline int mqc_crossbar_by_column(const memqc_crossbar *xb) {
    return xb->value[MEMQC_CROSSBAR_NORMALIZATION] == MEMQC_CROSSBAR_NORMALIZATION_COLUMN;
}

/* Level of a plane's cell, as the device wants it. */
static inline float mqc_crossbar_level(const memqc_crossbar *xb, size_t plane, float position) {
    if (xb->planes == 1)
        return position + 1.0f;
    const float up = plane == 0 ? position : -position;
    return xb->ladder.hi + 1.0f - (up > 0 ? up : 0);
}

/* A weight is scale x unit x its element of the matrix. */
static inline double mqc_crossbar_unit(const memqc_crossbar *xb) {
    const double range = mqc_device_g_max(xb->device) - mqc_device_g_min(xb->device);
    return xb->planes == 1 ? 2 / range : 1 / range;
}

static inline double mqc_crossbar_middle(const memqc_crossbar *xb) {
    return 0.5 * (mqc_device_g_max(xb->device) + mqc_device_g_min(xb->device));
}

/* Fails with STATE before the first programming. */
memqc_status mqc_crossbar_ready(const memqc_crossbar *xb, const char *function);

/* Puts n (at most MQC_CHUNK) different weights to their positions and draws the conductances of their cells: all of them, or
 * only those whose level changes. index may be NULL: first, first + 1, ... */
enum { MQC_CHUNK = 1024 };
void mqc_crossbar_place(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index, const float *position, int all);

/* Allocates what the mapping needs and sets its ladder; what was had before a failure is kept for the next try. */
memqc_status mqc_crossbar_settle(memqc_crossbar *xb);

/* A copy, and copying back into an array of the same shape that has been programmed like it. */
memqc_status mqc_crossbar_clone(const memqc_crossbar *xb, memqc_crossbar **out);
void mqc_crossbar_assign(memqc_crossbar *to, const memqc_crossbar *from);

#endif
