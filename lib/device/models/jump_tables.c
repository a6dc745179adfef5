/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of tables of jumps: all numbers stand in one block, so that kernels gather from one
 * address. A changed table makes a new block. Means and variances of the rows are those of a
 * distribution whose quantiles are linear between the given ones. */
#include "device/models/jump_tables.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/models/jump_pairs.h"
#include "device/models/jumps.h"

#include <math.h>
#include <string.h>

/* --- making --- */

void mqc_jumps_free(struct mqc_jumps **jumps) {
    if (*jumps) {
        mqc_free((*jumps)->table);
        mqc_free((*jumps)->block);
        mqc_free((*jumps)->bucket);
        mqc_free((*jumps)->line);
        mqc_free((*jumps)->mean);
        mqc_free((*jumps)->variance);
    }
    mqc_free(*jumps);
    *jumps = NULL;
}

/* As many tables, of which nothing is known yet. */
static struct mqc_jumps *begin(size_t tables) {
    struct mqc_jumps *jumps = mqc_alloc(1, sizeof *jumps);
    if (!jumps)
        return NULL;
    jumps->n = tables;
    jumps->table = mqc_alloc(2 * tables, sizeof *jumps->table);
    if (!jumps->table)
        mqc_jumps_free(&jumps);
    return jumps;
}

static size_t row_count(const struct mqc_jumps *jumps) {
    size_t rows = 0;
    for (size_t k = 0; k < 2 * jumps->n; k++)
        rows += (size_t)jumps->table[k].n_g;
    return rows;
}

/* Room for what the tables hold, whose sizes are known now. */
static memqc_status make_room(struct mqc_jumps *jumps) {
    const size_t rows = row_count(jumps);
    jumps->block = mqc_alloc(jumps->n_block, sizeof *jumps->block);
    jumps->line = mqc_alloc(4 * jumps->n, sizeof *jumps->line);
    jumps->mean = mqc_alloc(rows, sizeof *jumps->mean);
    jumps->variance = mqc_alloc(rows, sizeof *jumps->variance);
    if (jumps->n_bucket > 0)
        jumps->bucket = mqc_alloc(jumps->n_bucket, sizeof *jumps->bucket);
    return jumps->block && jumps->line && jumps->mean && jumps->variance &&
                   (jumps->bucket || !jumps->n_bucket)
               ? MEMQC_OK
               : MEMQC_ERROR_NOMEM;
}

/* --- nodes --- */

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

enum { FEWEST_BUCKETS = 64, MOST_BUCKETS = 8192 };

/* The most nodes in a bucket, of those that a look-up may answer. */
static int32_t fullest(const float *g, const struct mqc_jump_table *t) {
    int32_t most = 0, here = 0, last = -1;
    for (int32_t i = 1; i < t->n_g - 1; i++) {
        const int32_t bucket = mqc_jump_bucket(t, g[i]);
        here = bucket == last ? here + 1 : 1;
        last = bucket;
        most = here > most ? here : most;
    }
    return most;
}

static void cut_into(const float *g, struct mqc_jump_table *t, int32_t buckets) {
    const double range = (double)g[t->n_g - 1] - (double)g[0];
    t->buckets = buckets;
    t->per_bucket = t->n_g > 1 ? (float)(buckets / range) : 1;
}

/* As many as leave at most one node to each, if these are not too many. Returns how many. */
static int32_t choose_buckets(const float *g, struct mqc_jump_table *t) {
    int32_t buckets = FEWEST_BUCKETS;
    cut_into(g, t, buckets);
    while (buckets < MOST_BUCKETS && fullest(g, t) > 1)
        cut_into(g, t, buckets *= 2);
    return buckets;
}

/* Bisection among the nodes of a bucket and the one below takes as many compares as their number has
 * binary digits. */
static int32_t compares_among(int32_t nodes) {
    int32_t compares = 1;
    while (nodes >> compares > 0)
        compares++;
    return compares;
}

static void fill_bucket(struct mqc_jumps *jumps, const struct mqc_jump_table *t) {
    const float *g = jumps->block + t->g_at;
    const int32_t compares = compares_among(fullest(g, t));
    jumps->compares = compares > jumps->compares ? compares : jumps->compares;
    for (int32_t b = 0, node = 0; b < t->buckets; b++) {
        while (node < t->n_g - 2 && mqc_jump_bucket(t, g[node + 1]) < b)
            node++;
        jumps->bucket[2 * (t->bucket_at + b)] = (float)node;
        jumps->bucket[2 * (t->bucket_at + b) + 1] = node < t->n_g - 2 ? g[node + 1] : INFINITY;
    }
}

static void fill_lookup(struct mqc_jumps *jumps, int32_t buckets) {
    jumps->compares = 0;
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        struct mqc_jump_table *t = &jumps->table[k];
        cut_into(jumps->block + t->g_at, t, buckets);
        if (!jumps->even)
            fill_bucket(jumps, t);
        jumps->line[2 * k] = t->first;
        jumps->line[2 * k + 1] = jumps->even ? t->per_way : t->per_bucket;
    }
}

/* Which look-ups suit all directions. Buckets are as many in each, or none where all nodes are evenly
 * spaced. */
static void choose_lookup(struct mqc_jumps *jumps, int32_t buckets) {
    jumps->even = jumps->alike = 1;
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        struct mqc_jump_table *t = &jumps->table[k];
        jumps->even &= t->even;
        jumps->alike &= t->n_g == jumps->table->n_g && t->n_q == jumps->table->n_q;
        t->bucket_at = (int32_t)k * buckets;
    }
    jumps->n_bucket = jumps->even ? 0 : 4 * jumps->n * (size_t)buckets;
}

/* --- rows --- */

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
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        const struct mqc_jump_table *t = &jumps->table[k];
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

/* Returns how many buckets it needs. */
static int32_t lay_out(struct mqc_jumps *jumps, size_t k, const struct mqc_jump_rows *rows) {
    struct mqc_jump_table *t = &jumps->table[k];
    t->n_g = rows->n_g;
    t->n_q = rows->n_q;
    t->g_at = (int32_t)jumps->n_block;
    t->q_at = t->g_at + t->n_g;
    jumps->n_block += (size_t)t->n_g * (1 + (size_t)t->n_q);
    look_at_nodes(rows->g, t);
    return choose_buckets(rows->g, t);
}

memqc_status mqc_jumps_replace(memqc_device *device, const struct mqc_jump_rows *change) {
    const struct mqc_jumps *old = device->jumps;
    const size_t have = old ? old->n : 0, tables = change->table < have ? have : have + 1;
    struct mqc_jumps *jumps = begin(tables);
    int32_t buckets = 0;
    if (!jumps)
        return MEMQC_ERROR_NOMEM;
    for (size_t k = 0; k < 2 * tables; k++) {
        const struct mqc_jump_rows one = rows_after(old, change, k);
        const int32_t need = lay_out(jumps, k, &one);
        buckets = need > buckets ? need : buckets;
    }
    choose_lookup(jumps, buckets);
    if (make_room(jumps) != MEMQC_OK) {
        mqc_jumps_free(&jumps);
        return MEMQC_ERROR_NOMEM;
    }
    for (size_t k = 0; k < 2 * tables; k++) {
        const struct mqc_jump_rows one = rows_after(old, change, k);
        const size_t n = (size_t)one.n_g;
        memcpy(jumps->block + jumps->table[k].g_at, one.g, n * sizeof(float));
        memcpy(jumps->block + jumps->table[k].q_at, one.quantiles,
               n * (size_t)one.n_q * sizeof(float));
    }
    fill_lookup(jumps, buckets);
    summarize(jumps);
    mqc_jumps_free(&device->jumps);
    device->jumps = jumps;
    return MEMQC_OK;
}

void mqc_jumps_assign(struct mqc_jumps *to, const struct mqc_jumps *from) {
    const size_t rows = row_count(from);
    to->even = from->even;
    to->alike = from->alike;
    to->compares = from->compares;
    memcpy(to->line, from->line, 4 * from->n * sizeof *from->line);
    memcpy(to->table, from->table, 2 * from->n * sizeof *from->table);
    memcpy(to->block, from->block, from->n_block * sizeof *from->block);
    if (from->n_bucket > 0)
        memcpy(to->bucket, from->bucket, from->n_bucket * sizeof *from->bucket);
    memcpy(to->mean, from->mean, rows * sizeof *from->mean);
    memcpy(to->variance, from->variance, rows * sizeof *from->variance);
}

memqc_status mqc_jumps_own(memqc_device *device) {
    const struct mqc_jumps *shared = device->jumps;
    if (!shared)
        return MEMQC_OK;
    device->jumps = begin(shared->n);
    if (!device->jumps)
        return MEMQC_ERROR_NOMEM;
    memcpy(device->jumps->table, shared->table, 2 * shared->n * sizeof *shared->table);
    device->jumps->n_block = shared->n_block;
    device->jumps->n_bucket = shared->n_bucket;
    if (make_room(device->jumps) != MEMQC_OK) {
        mqc_jumps_free(&device->jumps);
        return MEMQC_ERROR_NOMEM;
    }
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
    mqc_jump_pairs_free(&device->pairs);
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
