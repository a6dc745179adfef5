/* SPDX-License-Identifier: BSD-3-Clause */
/* Room for the levels of a fit, and the sums of its rows. Called by levels.c. */
#include "fit/ladder.h"
#include "core/alloc.h"

#include <math.h>
#include <string.h>

/* Sums of a level of a device are worth their memory where so many of them have a row. */
static const double filled = 0.25;

enum { BY_CELL = 4, BY_LEVEL = 12, BY_DEVICE = 5 };

/* Shares a block out among arrays of n values. */
static void share(double **block, size_t n, size_t arrays, double **const *out) {
    for (size_t i = 0; i < arrays; i++) {
        *out[i] = *block;
        *block += n;
    }
}

static void share_block(struct mqc_fit_ladder *l, double *block) {
    double **const by_cell[BY_CELL] = {&l->count, &l->sum, &l->squares, &l->zeros};
    double **const by_level[BY_LEVEL] = {
        &l->centre, &l->points, &l->weight,   &l->target,     &l->rows,     &l->rest,
        &l->mean,   &l->sd,     &l->leverage, &l->mean_error, &l->sd_error, &l->reference,
    };
    double **const by_device[BY_DEVICE] = {&l->shift, &l->scale, &l->noise, &l->device_rows,
                                           &l->device_sq};
    share(&block, l->levels * l->devices, BY_CELL, by_cell);
    share(&block, l->levels, BY_LEVEL, by_level);
    share(&block, l->devices, BY_DEVICE, by_device);
    l->root = block;
    l->last = block + MQC_MEANS_MOST_FREE * l->levels;
}

static void sort_rows(struct mqc_fit_ladder *ladder, size_t *start) {
    const struct mqc_fit_data *data = ladder->data;
    memset(start, 0, (ladder->levels + 1) * sizeof *start);
    for (size_t i = 0; i < data->n; i++)
        start[data->rows[i].level]++;
    for (size_t level = 0; level < ladder->levels; level++)
        start[level + 1] += start[level];
    for (size_t i = 0; i < data->n; i++)
        ladder->order[start[data->rows[i].level - 1]++] = i;
}

/* Room for the shape of the noise, where there are readings enough. */
static int share_shape(struct mqc_fit_ladder *ladder) {
    if ((double)ladder->data->n < MQC_LADDER_SHAPED_FROM * (double)ladder->levels)
        return 1;
    ladder->z = mqc_alloc(ladder->data->n, 2 * sizeof *ladder->z);
    ladder->curve = mqc_alloc(ladder->levels, sizeof *ladder->curve);
    ladder->gain = mqc_alloc(ladder->levels, MQC_SHAPES * sizeof *ladder->gain);
    ladder->price = ladder->z ? ladder->z + ladder->data->n : NULL;
    return ladder->z && ladder->curve && ladder->gain;
}

memqc_status mqc_fit_ladder_make(const struct mqc_fit_data *data, struct mqc_fit_ladder **out) {
    const size_t levels = (size_t)data->levels;
    struct mqc_fit_ladder *ladder = *out = mqc_alloc(1, sizeof *ladder);
    if (!ladder)
        return MEMQC_ERROR_NOMEM;
    const int is_filled = (double)data->n > filled * (double)levels * (double)data->devices;
    ladder->data = data;
    ladder->levels = levels;
    ladder->devices = is_filled ? data->devices : 1;
    const size_t cells = levels * ladder->devices;
    double *block = mqc_alloc(BY_CELL * cells + (BY_LEVEL + MQC_MEANS_MOST_FREE + 2) * levels +
                                  BY_DEVICE * ladder->devices,
                              sizeof *block);
    size_t *start = mqc_alloc(levels + 1, sizeof *start);
    ladder->count = block;
    ladder->state = mqc_alloc(data->n, sizeof *ladder->state);
    ladder->order = mqc_alloc(data->n, sizeof *ladder->order);
    ladder->values = mqc_alloc(data->n, sizeof *ladder->values);
    const int has_all =
        block && start && ladder->state && ladder->order && ladder->values && share_shape(ladder);
    if (has_all) {
        share_block(ladder, block);
        sort_rows(ladder, start);
    }
    mqc_free(start);
    return has_all ? MEMQC_OK : MEMQC_ERROR_NOMEM;
}

void mqc_fit_ladder_free(struct mqc_fit_ladder **ladder) {
    if (!*ladder)
        return;
    mqc_free((*ladder)->count);
    mqc_free((*ladder)->state);
    mqc_free((*ladder)->order);
    mqc_free((*ladder)->values);
    mqc_free((*ladder)->z);
    mqc_free((*ladder)->curve);
    mqc_free((*ladder)->gain);
    mqc_free(*ladder);
    *ladder = NULL;
}

/* --- sums --- */

static void add(struct mqc_fit_ladder *ladder, size_t device, size_t i) {
    const struct mqc_fit_row *row = &ladder->data->rows[i];
    const size_t level = (size_t)row->level - 1, cell = device * ladder->levels + level;
    const double off = row->g - ladder->centre[level];
    if (ladder->state[i] == MQC_LADDER_OUTLIER || ladder->state[i] == MQC_LADDER_HELD)
        return;
    ladder->points[level] += row->gap > 0;
    if (ladder->state[i] == MQC_LADDER_AT_ZERO) {
        ladder->zeros[cell]++;
        return;
    }
    ladder->count[cell]++;
    ladder->sum[cell] += off;
    ladder->squares[cell] += off * off;
}

void mqc_fit_ladder_sum(struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_data *data = ladder->data;
    const size_t cells = ladder->levels * ladder->devices;
    for (size_t i = 0; i < cells; i++)
        ladder->count[i] = ladder->sum[i] = ladder->squares[i] = ladder->zeros[i] = 0;
    for (size_t level = 0; level < ladder->levels; level++)
        ladder->points[level] = 0;
    for (size_t d = 0; d < data->devices; d++)
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++)
            add(ladder, ladder->devices > 1 ? d : 0, i);
}

/* Rows at 0 S would have been anywhere below: they count with the mean and the mean square of what
 * is left of the normal law there (expectation maximization; Dempster, Laird and Rubin, J. R. Stat.
 * Soc. B 39 (1977) 1). */
struct mqc_fit_sums mqc_fit_ladder_cell(const struct mqc_fit_ladder *ladder, size_t device,
                                        size_t level) {
    const size_t cell = device * ladder->levels + level;
    struct mqc_fit_sums sums = {ladder->count[cell], ladder->sum[cell], ladder->squares[cell]};
    const double zeros = ladder->zeros[cell];
    if (!(zeros > 0))
        return sums;
    const double mean = mqc_fit_ladder_mean(ladder, device, level),
                 sd = ladder->noise[device] * ladder->sd[level], off = mean - ladder->centre[level];
    const double at = mean / sd, below = 0.5 * erfc(at * 0.70710678118654752);
    const double density = exp(-0.5 * at * at) * 0.39894228040143268;
    const double hazard = below > 1e-300 ? density / below : at + 1 / at;
    sums.n += zeros;
    sums.first += zeros * (off - sd * hazard);
    sums.second += zeros * (off * off - 2 * off * sd * hazard + sd * sd * (1 + at * hazard));
    return sums;
}
