/* SPDX-License-Identifier: BSD-3-Clause */
/* From measured rows to pairs: conductances before and after one pulse. A gap, or a row that was
 * left out, is between no pair. */
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "fit/jumps.h"

#include <math.h>
#include <string.h>

enum { PARTS = 10 }; /* of the rows of a device with few cycles */
enum { FEWEST = 4 }; /* pairs that a direction has, if it is there at all */

/* Rows of a table. */
struct rows {
    size_t first, end;
};

static struct rows rows_of(const struct mqc_fit_jumps *jumps, size_t table) {
    const struct mqc_fit_data *data = jumps->data;
    const struct rows all = {0, data->n}, own = {data->start[table], data->start[table + 1]};
    return jumps->pooled ? all : own;
}

static int is_pair(const struct mqc_fit_jumps *jumps, size_t i) {
    return i > 0 && jumps->data->rows[i].gap == 1 && jumps->data->rows[i].repeat == 0 &&
           !jumps->outlier[i] && !jumps->outlier[i - 1];
}

static int row_before(const void *context, size_t a, size_t b) {
    const struct mqc_fit_row *rows = context;
    const double of_a = rows[a - 1].g, of_b = rows[b - 1].g;
    return of_a < of_b || (of_a <= of_b && a < b);
}

/* Lists the rows of a direction from place n on, in the order of the conductance before. */
static size_t list(struct mqc_fit_jumps *jumps, struct rows rows, int down, size_t n) {
    const size_t first = n;
    for (size_t i = rows.first; i < rows.end; i++)
        if (is_pair(jumps, i) && (jumps->data->rows[i].direction < 0) == down)
            jumps->row[n++] = i;
    if (n - first < FEWEST)
        return first;
    mqc_sort_places(n - first, jumps->row + first, row_before, jumps->data->rows);
    return n;
}

/* --- groups --- */

/* Numbers the cycles of the rows, or parts of equal size where they are few, in order[]. Returns how
 * many. */
static size_t number_groups(struct mqc_fit_jumps *jumps, struct rows rows) {
    const struct mqc_fit_row *row = jumps->data->rows;
    size_t cycles = 0;
    for (size_t i = rows.first; i < rows.end; i++) {
        const int begins = i == rows.first || row[i].cycle != row[i - 1].cycle ||
                           row[i].device != row[i - 1].device;
        cycles += (size_t)begins;
        jumps->order[i] = cycles - 1;
    }
    if (cycles >= MQC_JUMP_FEWEST_GROUPS)
        return cycles;
    for (size_t i = rows.first; i < rows.end; i++)
        jumps->order[i] = (i - rows.first) * PARTS / (rows.end - rows.first);
    return PARTS;
}

/* How many groups the pairs of direction k are of. */
static size_t count_groups(const struct mqc_jump_pairs *pairs, size_t k, unsigned char *seen) {
    size_t n = 0;
    memset(seen, 0, pairs->groups[k / 2]);
    for (size_t i = pairs->first[k]; i < pairs->first[k + 1]; i++) {
        n += !seen[pairs->group[i]];
        seen[pairs->group[i]] = 1;
    }
    return n;
}

/* --- bounds --- */

/* The ends of the rows where several of them stand exactly there, else -1: see find_window() of
 * robust.c. */
static void find_bounds(struct mqc_fit_jumps *jumps, struct rows rows, float *low, float *high) {
    const double slack = MQC_FIT_SLACK * jumps->data->range;
    double *const values = jumps->values;
    size_t n = 0, distinct = 1, top = 0, bottom = 0;
    for (size_t i = rows.first; i < rows.end; i++)
        if (!jumps->outlier[i])
            values[n++] = jumps->data->rows[i].g;
    mqc_sort_values(n, values);
    for (size_t i = 0; i < n; i++) {
        top += values[i] >= values[n - 1] - slack;
        bottom += values[i] <= values[0] + slack;
        distinct += i > 0 && values[i] > values[i - 1] + slack;
    }
    const int fine = distinct + top + bottom > n / 2;
    *low = fine && bottom >= FEWEST ? (float)values[0] : -1;
    *high = fine && top >= FEWEST ? (float)values[n - 1] : -1;
}

/* Finest step of the readings, by sorted values. */
static double find_finest(const struct mqc_fit_jumps *jumps) {
    const struct mqc_fit_data *data = jumps->data;
    double least = data->range;
    for (size_t i = 0; i < data->n; i++)
        jumps->values[i] = data->rows[i].g;
    mqc_sort_values(data->n, jumps->values);
    for (size_t i = 1; i < data->n; i++) {
        const double step = jumps->values[i] - jumps->values[i - 1];
        if (step > 0.5 * data->resolution)
            least = fmin(least, step);
    }
    return fmax(least, MQC_FIT_SLACK * data->range);
}

/* --- pairs --- */

/* Puts listed rows into the pairs; the groups of the table's rows stand in order[]. */
static void fill(struct mqc_fit_jumps *jumps, size_t k) {
    struct mqc_jump_pairs *pairs = jumps->pairs;
    for (size_t p = pairs->first[k]; p < pairs->first[k + 1]; p++) {
        const size_t i = jumps->row[p];
        pairs->before[p] = (float)jumps->data->rows[i - 1].g;
        pairs->after[p] = (float)jumps->data->rows[i].g;
        pairs->group[p] = (uint32_t)jumps->order[i];
    }
}

static int has_enough(const struct mqc_fit_jumps *jumps, size_t table, unsigned char *seen) {
    const struct mqc_jump_pairs *pairs = jumps->pairs;
    int any = 0;
    for (size_t k = 2 * table; k < 2 * table + 2; k++) {
        const size_t n = pairs->first[k + 1] - pairs->first[k];
        if (n == 0)
            continue;
        if (n < MQC_JUMP_FEWEST_PAIRS || count_groups(pairs, k, seen) < MQC_JUMP_FEWEST_GROUPS)
            return 0;
        any = 1;
    }
    return any;
}

memqc_status mqc_jump_gather(struct mqc_fit_jumps *jumps, int *enough) {
    const size_t tables = jumps->pooled ? 1 : jumps->data->devices;
    size_t n = 0;
    mqc_jump_pairs_free(&jumps->pairs);
    MQC_TRY(mqc_jump_pairs_make(tables, jumps->data->n, &jumps->pairs));
    struct mqc_jump_pairs *pairs = jumps->pairs;
    unsigned char *seen = mqc_alloc(jumps->data->n + PARTS, sizeof *seen);
    if (!seen)
        return MEMQC_ERROR_NOMEM;
    *enough = 1;
    for (size_t t = 0; t < tables; t++) {
        const struct rows rows = rows_of(jumps, t);
        find_bounds(jumps, rows, &pairs->low[t], &pairs->high[t]);
        pairs->groups[t] = number_groups(jumps, rows);
        for (size_t k = 2 * t; k < 2 * t + 2; k++) {
            pairs->first[k] = n;
            n = list(jumps, rows, k % 2 == 1, n);
            pairs->first[k + 1] = n;
            fill(jumps, k);
        }
        *enough = *enough && has_enough(jumps, t, seen);
    }
    pairs->n = n;
    jumps->finest = find_finest(jumps);
    mqc_free(seen);
    return MEMQC_OK;
}

struct mqc_jump_cloud mqc_jump_cloud_of(const struct mqc_fit_jumps *jumps, size_t k) {
    const struct mqc_jump_pairs *pairs = jumps->pairs;
    const size_t first = pairs->first[k];
    const struct mqc_jump_cloud cloud = {
        .n = pairs->first[k + 1] - first,
        .before = pairs->before + first,
        .after = pairs->after + first,
        .low = (double)pairs->low[k / 2],
        .high = (double)pairs->high[k / 2],
        .near = (double)pairs->near[k],
        .order = jumps->order,
        .change = jumps->change,
        .share = jumps->share,
    };
    return cloud;
}
