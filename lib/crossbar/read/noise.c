/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise cell by cell. Independent normal noise of the cells behind an output sums to a normal whose
 * variance is the sum of theirs, so that mqc_readout_run() draws one number an output; this is the
 * same, one number a cell. */
#include "crossbar/read/noise.h"

#include "crossbar/array/read_kernels.h"
#include "rng/rng.h"

#include <math.h>

uint32_t mqc_readout_attempt(const struct mqc_readout_plan *plan, size_t group, int phase,
                             int bit) {
    return (uint32_t)(((group * MQC_READ_BITS + (size_t)bit) * 2 + (size_t)phase) * 2 +
                      (size_t)plan->transposed);
}

/* The inputs of a tile: first .. end - 1. */
static size_t tile_end(const struct mqc_readout_plan *plan, size_t tile) {
    return plan->value_tiles == 1 || tile + 1 == plan->in_tiles ? plan->in
                                                                : (tile + 1) * plan->in_tile;
}

/* Makes z, of which the fastest part is there, that of noise with READ_NOISE_OCTAVES. Part j
 * changes every 2^j vectors, and is the same in all reads of one, in either direction. */
static void add_slow(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, int reference,
                     uint64_t cell, uint64_t draw, size_t n, float *more, float *z) {
    const float share = (float)(1 / sqrt(plan->octaves + 1.0));
    for (int j = 1; j <= plan->octaves; j++) {
        const uint32_t attempt = (uint32_t)j << 12 | (reference ? 1u << 11 : 0);
        const struct mqc_rng rng =
            mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL_READ, attempt));
        mqc_rng_kernels()->normal(&rng, cell, draw >> j, n, more);
        mqc_readout_kernels()->add(n, more, z);
    }
    for (size_t i = 0; plan->octaves > 0 && i < n; i++)
        z[i] *= share;
}

float mqc_readout_reference(const memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                            size_t group, size_t tile, uint32_t attempt, uint64_t draw,
                            const float *v, float *z, float *more) {
    const struct mqc_rng rng =
        mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL_READ, attempt));
    const size_t first = tile * plan->in_tile, n = tile_end(plan, tile) - first;
    const float absolute = (float)((double)plan->absolute * plan->unit * plan->unit);
    mqc_rng_kernels()->normal(&rng, group * xb->shape.rows + first, draw, n, z);
    add_slow(xb, plan, 1, group * xb->shape.rows + first, draw, n, more, z);
    return (float)mqc_readout_kernels()->cells_sum(n, v + first, absolute, plan->relative,
                                                   plan->group[group].reference + first, z);
}

void mqc_readout_cells(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                       size_t tile, uint32_t attempt, uint64_t draw, const float *v, float *z,
                       float *more, float *acc) {
    const struct mqc_readout_kernels *k = mqc_readout_kernels();
    const struct mqc_rng rng =
        mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL_READ, attempt));
    const struct mqc_adc_group *s = &plan->group[group];
    const size_t first = tile * plan->in_tile, end = tile_end(plan, tile);
    const float absolute = (float)((double)plan->absolute * plan->unit * plan->unit),
                relative = plan->relative;
    for (size_t plane = s->plane; plane < s->plane + s->planes; plane++) {
        const uint64_t cell = (uint64_t)plane * xb->shape.cells;
        const float *g = xb->cells.plane[plane].g;
        for (size_t i = first; i < end && !plan->transposed; i++) {
            mqc_rng_kernels()->normal(&rng, cell + i * xb->shape.cols, draw, xb->shape.cols, z);
            add_slow(xb, plan, 0, cell + i * xb->shape.cols, draw, xb->shape.cols, more, z);
            k->cells(xb->shape.cols, v[i], absolute, relative, g + i * xb->shape.cols, z, acc);
        }
        for (size_t i = 0; i < xb->shape.rows && plan->transposed; i++) {
            mqc_rng_kernels()->normal(&rng, cell + i * xb->shape.cols + first, draw, end - first,
                                      z);
            add_slow(xb, plan, 0, cell + i * xb->shape.cols + first, draw, end - first, more, z);
            acc[i] += (float)k->cells_sum(end - first, v + first, absolute, relative,
                                          g + i * xb->shape.cols + first, z);
        }
    }
}
