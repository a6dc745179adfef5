/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise cell by cell. Independent normal noise of the cells behind an output sums to a normal whose
 * variance is the sum of theirs, so that mqc_readout_run() draws one number an output; this is the
 * same, one number a cell. */
#include "crossbar/read/noise.h"

#include "crossbar/array/read_kernels.h"
#include "device/cell/effect_kernels.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

uint32_t mqc_readout_attempt(const struct mqc_readout_plan *plan, size_t group, int phase,
                             int bit) {
    return (uint32_t)(((group * MQC_READ_BITS + (size_t)bit) * 2 + (size_t)phase) * 2 +
                      (size_t)plan->transposed);
}

/* Attempts of flicker have this bit beside those of the other noise. */
static const uint32_t flickering = UINT32_C(1) << 20;

/* The inputs of a tile: first .. end - 1. */
static size_t tile_end(const struct mqc_readout_plan *plan, size_t tile) {
    return plan->value_tiles == 1 || tile + 1 == plan->in_tiles ? plan->in
                                                                : (tile + 1) * plan->in_tile;
}

/* Makes z, of which the fastest part is there, that of noise with READ_NOISE_OCTAVES. Part j
 * changes every 2^j vectors, and is the same in all reads of one, in either direction. */
static void add_octaves(const memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                        int reference, uint64_t cell, uint64_t draw, size_t n, float *more,
                        float *z) {
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

/* Whose noise is wanted: n cells from `cell` on, of the planes or of the reference lines. */
struct line {
    uint64_t cell, draw;
    size_t n;
    int reference;
};

/* The slow part, of unit variance. Parts are shared as those of READ_NOISE_OCTAVES are. */
static void draw_slow(const memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                      const struct line *line, float *more, float *z) {
    memset(z, 0, line->n * sizeof *z);
    for (int j = 0; j < plan->parts.parts; j++) {
        const uint32_t attempt =
            (uint32_t)(MQC_SLOW_ATTEMPT + j) << 12 | (line->reference ? 1u << 11 : 0);
        const struct mqc_rng rng =
            mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL_READ, attempt));
        mqc_rng_kernels()->normal(&rng, line->cell, line->draw >> j, line->n, more);
        mqc_effect_kernels()->add_times(line->n, plan->parts.share[j], more, z);
    }
}

/* Flicker of a line: one number of its own for each cell, of the attempt of the read. */
static void draw_flicker(const memqc_crossbar *xb, const struct line *line, uint32_t attempt,
                         float *z) {
    const struct mqc_rng rng =
        mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL_READ, attempt | flickering));
    mqc_rng_kernels()->normal(&rng, line->cell, line->draw, line->n, z);
}

float mqc_readout_reference(const memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                            size_t group, size_t tile, uint32_t attempt, uint64_t draw,
                            const float *v, float *z, float *more) {
    const struct mqc_rng rng =
        mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL_READ, attempt));
    const size_t first = tile * plan->in_tile, n = tile_end(plan, tile) - first;
    const float absolute = (float)((double)plan->absolute * plan->unit * plan->unit);
    const float *g = plan->group[group].reference + first;
    const struct line line = {group * xb->shape.rows + first, draw, n, 1};
    mqc_rng_kernels()->normal(&rng, line.cell, draw, n, z);
    add_octaves(xb, plan, 1, line.cell, draw, n, more, z);
    double sum = mqc_readout_kernels()->cells_sum(n, v + first, absolute, plan->own_relative, g, z);
    if (plan->slow > 0) {
        draw_slow(xb, plan, &line, more, z);
        sum += mqc_readout_kernels()->cells_sum(n, v + first, plan->slow, 0, g, z);
    }
    if (plan->flicker) {
        draw_flicker(xb, &line, attempt, z);
        sum += mqc_readout_kernels()->cells_sum(n, v + first, 0, 1,
                                                xb->cells.reference[group].flicker + first, z);
    }
    return (float)sum;
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
                relative = plan->own_relative;
    for (size_t plane = s->plane; plane < s->plane + s->planes; plane++) {
        const uint64_t cell = (uint64_t)plane * xb->shape.cells;
        const float *g = xb->cells.plane[plane].g, *flicker = xb->cells.plane[plane].flicker;
        for (size_t i = first; i < end && !plan->transposed; i++) {
            const size_t at = i * xb->shape.cols;
            const struct line line = {cell + at, draw, xb->shape.cols, 0};
            mqc_rng_kernels()->normal(&rng, line.cell, draw, line.n, z);
            add_octaves(xb, plan, 0, line.cell, draw, line.n, more, z);
            k->cells(line.n, v[i], absolute, relative, g + at, z, acc);
            if (plan->slow > 0) {
                draw_slow(xb, plan, &line, more, z);
                k->cells(line.n, v[i], plan->slow, 0, g + at, z, acc);
            }
            if (plan->flicker) {
                draw_flicker(xb, &line, attempt, z);
                k->cells(line.n, v[i], 0, 1, flicker + at, z, acc);
            }
        }
        for (size_t i = 0; i < xb->shape.rows && plan->transposed; i++) {
            const size_t at = i * xb->shape.cols + first;
            const struct line line = {cell + at, draw, end - first, 0};
            mqc_rng_kernels()->normal(&rng, line.cell, draw, line.n, z);
            add_octaves(xb, plan, 0, line.cell, draw, line.n, more, z);
            acc[i] += (float)k->cells_sum(line.n, v + first, absolute, relative, g + at, z);
            if (plan->slow > 0) {
                draw_slow(xb, plan, &line, more, z);
                acc[i] += (float)k->cells_sum(line.n, v + first, plan->slow, 0, g + at, z);
            }
            if (plan->flicker) {
                draw_flicker(xb, &line, attempt, z);
                acc[i] += (float)k->cells_sum(line.n, v + first, 0, 1, flicker + at, z);
            }
        }
    }
}
