/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of tables of jumps: all numbers stand in one block, so that kernels gather from one
 * address. A changed table makes a new block. Means and variances of the rows are those of a
 * distribution whose quantiles are linear between the given ones. */
#include "device/models/jump_tables.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/models/jumps.h"

#include <math.h>
#include <string.h>

/* --- making --- */

void mqc_jumps_free(struct mqc_jumps **jumps) {
    if (*jumps) {
        mqc_free((*jumps)->table);
        mqc_free((*jumps)->block);
        mqc_free((*jumps)->mean);
        mqc_free((*jumps)->variance);
    }
    mqc_free(*jumps);
    *jumps = NULL;
}

static struct mqc_jumps *allocate(size_t tables, size_t rows, size_t floats) {
    struct mqc_jumps *jumps = mqc_alloc(1, sizeof *jumps);
    if (!jumps)
        return NULL;
    jumps->n = tables;
    jumps->n_block = floats;
    jumps->table = mqc_alloc(2 * tables, sizeof *jumps->table);
    jumps->block = mqc_alloc(floats, sizeof *jumps->block);
    jumps->mean = mqc_alloc(rows, sizeof *jumps->mean);
    jumps->variance = mqc_alloc(rows, sizeof *jumps->variance);
    if (!jumps->table || !jumps->block || !jumps->mean || !jumps->variance)
        mqc_jumps_free(&jumps);
    return jumps;
}

/* Evenly spaced nodes are looked up without a search. Single precision rounds them. */
static void look_at_nodes(const float *g, struct mqc_jump_table *t) {
    const double first = (double)g[0], last = (double)g[t->n_g - 1];
    const double spacing = t->n_g > 1 ? (last - first) / (t->n_g - 1) : 1;
    t->even = 1;
    t->first = g[0];
    t->per_way = (float)(1 / spacing);
    for (int32_t i = 0; i < t->n_g; i++)
        t->even &= fabs((double)g[i] - (first + i * spacing)) <= 1e-3 * spacing;
    t->even &= isfinite(t->per_way) != 0;
}

/* Mean and variance over u of what is linear between n values: of a piece from a to b, (a + b) / 2
 * and, of the square, (a^2 + a b + b^2) / 3. */
static void moments(int32_t n, const float *q, double *mean, double *variance) {
    double sum = 0, squares = 0;
    for (int32_t j = 0; j + 1 < n; j++)
        sum += 0.5 * ((double)q[j] + (double)q[j + 1]) / (n - 1);
    for (int32_t j = 0; j + 1 < n; j++) {
        const double a = (double)q[j] - sum, b = (double)q[j + 1] - sum;
        squares += (a * a + a * b + b * b) / (3.0 * (n - 1));
    }
    *mean = sum;
    *variance = squares;
}

static void summarize(struct mqc_jumps *jumps) {
    size_t row = 0;
    jumps->even = 1;
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        const struct mqc_jump_table *t = &jumps->table[k];
        jumps->even &= t->even;
        for (int32_t i = 0; i < t->n_g; i++, row++)
            moments(t->n_q, jumps->block + t->q_at + i * t->n_q, &jumps->mean[row],
                    &jumps->variance[row]);
    }
}

/* Direction k of the tables as they are now. */
static struct mqc_jump_rows rows_of(const struct mqc_jumps *jumps, size_t k) {
    const struct mqc_jump_table *t = &jumps->table[k];
    const struct mqc_jump_rows rows = {k / 2,  (int)(k % 2),           t->n_g,
                                       t->n_q, jumps->block + t->g_at, jumps->block + t->q_at};
    return rows;
}

/* What direction k will be, once `change` is made. */
static struct mqc_jump_rows rows_after(const struct mqc_jumps *old,
                                       const struct mqc_jump_rows *change, size_t k) {
    if (!old || k == 2 * change->table + (size_t)change->down)
        return *change;
    return rows_of(old, k / 2 < old->n ? k : k % 2);
}

memqc_status mqc_jumps_replace(memqc_device *device, const struct mqc_jump_rows *change) {
    const struct mqc_jumps *old = device->jumps;
    const size_t have = old ? old->n : 0, tables = change->table < have ? have : have + 1;
    size_t rows = 0, floats = 0, at = 0;
    for (size_t k = 0; k < 2 * tables; k++) {
        const struct mqc_jump_rows one = rows_after(old, change, k);
        rows += (size_t)one.n_g;
        floats += (size_t)one.n_g * (1 + (size_t)one.n_q);
    }
    struct mqc_jumps *jumps = allocate(tables, rows, floats);
    if (!jumps)
        return MEMQC_ERROR_NOMEM;
    for (size_t k = 0; k < 2 * tables; k++) {
        const struct mqc_jump_rows one = rows_after(old, change, k);
        const size_t n = (size_t)one.n_g, quantiles = n * (size_t)one.n_q;
        struct mqc_jump_table *t = &jumps->table[k];
        t->n_g = one.n_g;
        t->n_q = one.n_q;
        t->g_at = (int32_t)at;
        t->q_at = (int32_t)(at + n);
        memcpy(jumps->block + at, one.g, n * sizeof(float));
        memcpy(jumps->block + at + n, one.quantiles, quantiles * sizeof(float));
        at += n + quantiles;
        look_at_nodes(one.g, t);
    }
    summarize(jumps);
    mqc_jumps_free(&device->jumps);
    device->jumps = jumps;
    return MEMQC_OK;
}

static size_t row_count(const struct mqc_jumps *jumps) {
    size_t rows = 0;
    for (size_t k = 0; k < 2 * jumps->n; k++)
        rows += (size_t)jumps->table[k].n_g;
    return rows;
}

void mqc_jumps_assign(struct mqc_jumps *to, const struct mqc_jumps *from) {
    const size_t rows = row_count(from);
    to->even = from->even;
    memcpy(to->table, from->table, 2 * from->n * sizeof *from->table);
    memcpy(to->block, from->block, from->n_block * sizeof *from->block);
    memcpy(to->mean, from->mean, rows * sizeof *from->mean);
    memcpy(to->variance, from->variance, rows * sizeof *from->variance);
}

memqc_status mqc_jumps_own(memqc_device *device) {
    const struct mqc_jumps *shared = device->jumps;
    if (!shared)
        return MEMQC_OK;
    device->jumps = allocate(shared->n, row_count(shared), shared->n_block);
    if (!device->jumps)
        return MEMQC_ERROR_NOMEM;
    mqc_jumps_assign(device->jumps, shared);
    return MEMQC_OK;
}

/* --- properties --- */

double mqc_jumps_common(const memqc_device *device) {
    const struct mqc_jumps *jumps = device->jumps;
    double sum = 0, n = 0;
    size_t row = 0;
    for (size_t k = 0; k < 2 * jumps->n; k++)
        for (int32_t i = 0; i < jumps->table[k].n_g; i++, row++, n++)
            sum += k % 2 ? -jumps->mean[row] : jumps->mean[row];
    return sum / n;
}

void mqc_jumps_scale(memqc_device *device, const struct mqc_jump_scale *scale) {
    struct mqc_jumps *jumps = device->jumps;
    size_t row = 0;
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        const struct mqc_jump_table *t = &jumps->table[k];
        const double common = k % 2 ? -scale->common : scale->common;
        for (int32_t i = 0; i < t->n_g; i++, row++) {
            const double mean = jumps->mean[row],
                         to = common + scale->mean_factor * (mean - common);
            float *q = jumps->block + t->q_at + i * t->n_q;
            for (int32_t j = 0; j < t->n_q; j++)
                q[j] = (float)(to + scale->noise_factor * ((double)q[j] - mean));
        }
    }
    summarize(jumps);
}
