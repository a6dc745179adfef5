/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/update/trains.h"
#include "core/reserve.h"
#include "core/error.h"
#include "core/math.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/own.h"
#include "crossbar/cells/plane.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/write/place.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

double mqc_crossbar_pulse_weight(const memqc_crossbar *xb) {
    const memqc_device *device = xb->device;
    const double step = device->ops->middle_step(device);
    /* A burst moves both cells of a pair. */
    const double cells = mqc_device_takes_bursts(device) ? (double)xb->weights.map.sides : 1;
    return (double)xb->weights.scale[0] * mqc_crossbar_unit(xb) * step * cells;
}

/* Room for the counts, and for the trains of all lines: bits and random words; signs, and the values
 * of those lines that have one; which lines these are. */
memqc_status mqc_crossbar_outer_room(memqc_crossbar *xb) {
    const size_t lines = xb->shape.rows + xb->shape.cols,
                 most = xb->shape.rows > xb->shape.cols ? xb->shape.rows : xb->shape.cols;
    /* Cells without bursts may be programmed as often as there are samples. */
    if (!mqc_device_takes_bursts(xb->device))
        MQC_TRY(mqc_counts_room(xb, HUGE_VAL));
    MQC_TRY(MQC_HAVE(&xb->scratch.train_bits, 2 * lines + MQC_TRAIN_PLANES * most));
    return MQC_HAVE(&xb->scratch.train_signs, lines + most);
}

/* One side's lines that are not 0, in their order, and their trains. */
struct lines {
    size_t n;
    uint32_t *line, *bits;
    float *sign;
};

/* Trains are numbered among the lines that fire at all, the columns' from rows on. */
static struct lines fire(memqc_crossbar *xb, size_t first, size_t n, const float *x, double gain,
                         uint32_t slots) {
    const size_t all = xb->shape.rows + xb->shape.cols;
    uint32_t *random = xb->scratch.train_bits + 2 * all;
    float *value = xb->scratch.train_signs + all;
    struct lines lines = {0, xb->scratch.train_bits + all + first, xb->scratch.train_bits + first,
                          xb->scratch.train_signs + first};
    for (size_t i = 0; i < n; i++) {
        lines.line[lines.n] = (uint32_t)i;
        value[lines.n] = x[i];
        lines.n += x[i] != 0;
        if (lines.n == n)
            break;
    }
    for (uint32_t plane = 0; plane < MQC_TRAIN_PLANES && plane < slots; plane++) {
        const struct mqc_rng rng =
            mqc_rng_make(xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_TRAIN, plane));
        mqc_rng_kernels()->words(&rng, first, xb->account.bursts, lines.n,
                                 random + plane * lines.n);
    }
    mqc_outer_kernels()->trains(lines.n, value, (float)gain, slots, random, lines.bits, lines.sign);
    return lines;
}

/* The columns' trains, to all columns: those that do not fire have no bits. */
static void spread(const struct lines *lines, size_t n) {
    for (size_t i = n, k = lines->n; i-- > 0;) {
        const int fires = k > 0 && lines->line[k - 1] == i;
        k -= (size_t)fires;
        lines->bits[i] = fires ? lines->bits[k] : 0;
        lines->sign[i] = fires ? lines->sign[k] : 1;
    }
}

enum { BLOCK = 64 };

/* Cells that get pulses, gathered over many rows: worth it where they are few. */
struct few { /* at and counts hold n each */
    size_t n;
    uint32_t at[MQC_CHUNK];
    float counts[MQC_CHUNK];
    struct mqc_coincidences sum;
};

/* A run of cells, all of which may get pulses, or those of an index. */
struct run {
    size_t first, n;
    const uint32_t *index;
    float *counts;
    struct mqc_coincidences sum;
};

/* Pulses on the listed cells, whose conductances before and after are left in the two arrays. */
static void burst_few(memqc_crossbar *xb, struct mqc_plane *plane, const struct run *run,
                      float *before, float *after) {
    uint64_t numbers[MQC_CHUNK], draws[MQC_CHUNK];
    float block[MQC_CELL_ARRAYS * MQC_CHUNK];
    const uint64_t first = plane->number;
    for (size_t i = 0; i < run->n; i++) {
        numbers[i] = first + run->index[i];
        draws[i] = xb->account.bursts;
        before[i] = after[i] = plane->g[run->index[i]];
    }
    const struct mqc_cell_arrays own = mqc_plane_own_of(plane, run->n, run->index, block);
    const struct mqc_draws where = {xb->seed, 0, 0, numbers, draws};
    const struct mqc_cell_set set = {&where, own.lo ? &own : NULL, run->n, after, NULL, NULL};
    xb->device->ops->burst(xb->device, &set, run->counts);
}

static void burst_all(memqc_crossbar *xb, struct mqc_plane *plane, const struct run *run,
                      float *before, float *after) {
    const struct mqc_draws where = {xb->seed, plane->number + run->first, xb->account.bursts, NULL,
                                    NULL};
    const struct mqc_cell_arrays own = mqc_plane_own_from(plane, run->first);
    memcpy(before, plane->g + run->first, run->n * sizeof *before);
    memcpy(after, before, run->n * sizeof *after);
    const struct mqc_cell_set set = {&where, own.lo ? &own : NULL, run->n, after, NULL, NULL};
    xb->device->ops->burst(xb->device, &set, run->counts);
}

/* J of a pulse for each siemens before and after. */
static double per_pair(const memqc_crossbar *xb, int32_t voltage) {
    const double volts = mqc_device_value(xb->device, voltage);
    return 0.5 * volts * volts * xb->device->value[MQC_DEVICE_AT(PULSE_TIME)];
}

/* Pulses on one plane; level is where those that the conductances now stand nearest to are left. */
static void burst_plane(memqc_crossbar *xb, struct mqc_plane *plane, const struct run *run,
                        float *level) {
    float before[MQC_CHUNK], after[MQC_CHUNK];
    (run->index ? burst_few : burst_all)(xb, plane, run, before, after);
    const double up = 0.5 * ((double)run->sum.all + (double)run->sum.net);
    xb->account.cost[MEMQC_DEVICE_COST_SET] += up;
    xb->account.cost[MEMQC_DEVICE_COST_RESET] += (double)run->sum.all - up;
    xb->account.cost[MEMQC_DEVICE_COST_ENERGY] +=
        mqc_device_kernels()->energy(run->n, run->counts, per_pair(xb, MEMQC_DEVICE_SET_VOLTAGE),
                                     per_pair(xb, MEMQC_DEVICE_RESET_VOLTAGE), before, after);
    const float top = (float)mqc_device_g_max(xb->device),
                per = (float)(1 / mqc_device_step(xb->device));
    mqc_outer_kernels()->levels(run->n, after, top, per, (float)mqc_device_states(xb->device),
                                level);
    if (!run->index)
        mqc_crossbar_kernels()->keep_levels(run->n, level, plane->level + run->first);
    for (size_t i = 0; run->index && i < run->n; i++)
        plane->level[run->index[i]] = (uint16_t)level[i];
    mqc_plane_store(xb, plane, run->n, run->first, run->index, after);
}

static void burst(memqc_crossbar *xb, struct run *run) {
    float level[2][MQC_CHUNK];
    for (size_t i = 0; i < run->n; i++)
        xb->account.report.moved += run->counts[i] != 0;
    for (size_t side = 0; side < xb->weights.map.sides; side++) {
        burst_plane(xb, &xb->cells.plane[side], run, level[side]);
        for (size_t i = 0; i < run->n; i++)
            run->counts[i] = -run->counts[i];
        run->sum.net = -run->sum.net;
    }
    for (size_t i = 0; xb->weights.position && i < run->n; i++)
        xb->weights.position[run->index ? run->index[i] : run->first + i] =
            xb->weights.map.sides == 2 ? level[1][i] - level[0][i] : level[0][i] - 1.0f;
    mqc_crossbar_refresh(xb, run->n, run->first, run->index);
}

static void flush(memqc_crossbar *xb, struct few *few) {
    struct run run = {0, few->n, few->at, few->counts, few->sum};
    if (few->n)
        burst(xb, &run);
    memset(&few->sum, 0, sizeof few->sum);
    few->n = 0;
}

static void gather(memqc_crossbar *xb, const struct run *run, const uint64_t *hits,
                   struct few *few) {
    if (few->n + run->n > MQC_CHUNK)
        flush(xb, few);
    for (size_t block = 0; block * BLOCK < run->n; block++) {
        for (uint64_t bits = hits[block]; bits; bits &= bits - 1) {
            const size_t i = block * BLOCK + (size_t)__builtin_ctzll(bits);
            few->at[few->n] = (uint32_t)(run->first + i);
            few->counts[few->n++] = run->counts[i];
        }
    }
    few->sum.all += run->sum.all;
    few->sum.net += run->sum.net;
}

static void pulse_row(memqc_crossbar *xb, size_t row, uint32_t bits, float sign, struct few *few) {
    const uint32_t *const columns = xb->scratch.train_bits + xb->shape.rows;
    const float *const signs = xb->scratch.train_signs + xb->shape.rows;
    float counts[MQC_CHUNK];
    uint64_t hits[MQC_CHUNK / BLOCK];
    for (size_t j = 0; j < xb->shape.cols; j += MQC_CHUNK) {
        const size_t n = xb->shape.cols - j < MQC_CHUNK ? xb->shape.cols - j : MQC_CHUNK;
        struct run run = {row * xb->shape.cols + j, n, NULL, counts, {0, 0}};
        run.sum =
            mqc_outer_kernels()->coincide(n, bits, sign, columns + j, signs + j, counts, hits);
        if (run.sum.all >= n / 3)
            burst(xb, &run);
        else if (run.sum.all)
            gather(xb, &run, hits, few);
    }
}

/* One level a pulse, for devices whose state is the level. */
static void move_row(memqc_crossbar *xb, size_t row, uint32_t bits, float sign) {
    const uint32_t *const columns = xb->scratch.train_bits + xb->shape.rows;
    float counts[MQC_CHUNK], position[MQC_CHUNK];
    uint64_t hits[MQC_CHUNK / BLOCK];
    const float toward =
        xb->weights.map.sides == 2 ? 1.0f : -1.0f; /* the position of a single cell falls
                                                               with its weight */
    for (size_t j = 0; j < xb->shape.cols; j += MQC_CHUNK) {
        const size_t n = xb->shape.cols - j < MQC_CHUNK ? xb->shape.cols - j : MQC_CHUNK,
                     first = row * xb->shape.cols + j;
        if (!mqc_outer_kernels()
                 ->coincide(n, bits, sign, columns + j,
                            xb->scratch.train_signs + xb->shape.rows + j, counts, hits)
                 .all)
            continue;
        mqc_positions_get(xb, n, first, NULL, position);
        for (size_t i = 0; i < n; i++) {
            const float p = position[i] + toward * counts[i],
                        next = mqc_clamp(p, xb->weights.ladder.lo, xb->weights.ladder.hi);
            xb->account.report.moved += next != position[i];
            position[i] = next;
        }
        mqc_crossbar_place(xb, n, first, NULL, position, 0);
    }
}

static void finish(memqc_crossbar *xb, struct few *few, uint32_t slots) {
    flush(xb, few);
    if (mqc_device_takes_bursts(xb->device))
        xb->account.cost[MEMQC_DEVICE_COST_TIME] +=
            slots * xb->device->value[MQC_DEVICE_AT(PULSE_TIME)];
    xb->account.bursts++;
}

static void one_row(memqc_crossbar *xb, size_t row, uint32_t bits, float sign, struct few *few) {
    if (mqc_device_takes_bursts(xb->device))
        pulse_row(xb, row, bits, sign, few);
    else
        move_row(xb, row, bits, sign);
}

memqc_status mqc_crossbar_outer(memqc_crossbar *xb, const float *x, const float *d, double gain_x,
                                double gain_d, uint32_t slots, int direction) {
    struct few few = {.n = 0};
    const float sign = direction < 0 ? -1.0f : 1.0f;
    MQC_TRY(mqc_crossbar_outer_room(xb));
    const struct lines columns = fire(xb, xb->shape.rows, xb->shape.cols, d, gain_d, slots),
                       rows = fire(xb, 0, xb->shape.rows, x, gain_x, slots);
    spread(&columns, xb->shape.cols);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.bits[i])
            one_row(xb, rows.line[i], rows.bits[i], sign * rows.sign[i], &few);
    finish(xb, &few, slots);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_outer_row(memqc_crossbar *xb, size_t row, const float *d, double gain_d,
                                    uint32_t slots) {
    struct few few = {.n = 0};
    MQC_TRY(mqc_crossbar_outer_room(xb));
    const struct lines columns = fire(xb, xb->shape.rows, xb->shape.cols, d, gain_d, slots);
    spread(&columns, xb->shape.cols);
    one_row(xb, row, 0xffffffffu, 1, &few);
    finish(xb, &few, slots);
    return MEMQC_OK;
}

void mqc_crossbar_alternate(memqc_crossbar *xb, size_t pairs) {
    float counts[MQC_CHUNK];
    if (!mqc_device_takes_bursts(xb->device))
        return;
    for (size_t pulse = 0; pulse < 2 * pairs; pulse++, xb->account.bursts++) {
        for (size_t first = 0; first < xb->shape.cells; first += MQC_CHUNK) {
            struct run run = {first,
                              xb->shape.cells - first < MQC_CHUNK ? xb->shape.cells - first
                                                                  : MQC_CHUNK,
                              NULL,
                              counts,
                              {0, 0}};
            run.sum.all = (uint32_t)run.n;
            run.sum.net = pulse % 2 ? -(int32_t)run.n : (int32_t)run.n;
            for (size_t i = 0; i < run.n; i++)
                counts[i] = pulse % 2 ? -1 : 1;
            burst(xb, &run);
        }
        xb->account.cost[MEMQC_DEVICE_COST_TIME] += xb->device->value[MQC_DEVICE_AT(PULSE_TIME)];
    }
}
