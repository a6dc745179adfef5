/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of levels given one by one: checks, moments, and tables made of other tables. */
#include "device/cell/levels.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

static const float most_siemens = 1e3f;

/* --- checks --- */

static memqc_status check_values(const char *function, const char *name, size_t rows, size_t cols,
                                 const float *values) {
    for (size_t i = 0; values && i < rows * cols; i++)
        if (!(values[i] >= 0 && values[i] <= most_siemens))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: %s[%zu] = %g S; allowed is 0 .. 1e3 S", function,
                            name, i, (double)values[i]);
    return MEMQC_OK;
}

static memqc_status check_sizes(const char *function, const struct mqc_levels_given *given) {
    if (given->n < 2 || given->n > MQC_LEVELS_MOST)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu levels; allowed is 2 .. %d", function,
                        given->n, (int)MQC_LEVELS_MOST);
    if (!given->quantile && given->quantiles != 0)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: n_quantiles = %zu, and quantiles is NULL; 0 is the normal law",
                        function, given->quantiles);
    if (given->quantile && (given->quantiles < 2 || given->quantiles > MQC_LEVELS_QUANTILES))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: n_quantiles = %zu; allowed is 2 .. %d, or 0 without quantiles",
                        function, given->quantiles, (int)MQC_LEVELS_QUANTILES);
    return MEMQC_OK;
}

static memqc_status check_order(const char *function, const struct mqc_levels_given *given) {
    const float *g = given->g, *q = given->quantile;
    const int falls = g[1] < g[0];
    for (size_t i = 1; i < given->n; i++)
        if (falls ? !(g[i] < g[i - 1]) : !(g[i] > g[i - 1]))
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: g[%zu] = %g S after g[%zu] = %g S; levels must fall, or rise, "
                            "from each to the next",
                            function, i, (double)g[i], i - 1, (double)g[i - 1]);
    for (size_t i = 0; q && i < given->n * given->quantiles; i++)
        if (i % given->quantiles != 0 && q[i] < q[i - 1])
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: quantiles[%zu] = %g S is below quantiles[%zu] = %g S of the same "
                            "level",
                            function, i, (double)q[i], i - 1, (double)q[i - 1]);
    return MEMQC_OK;
}

/* The highest level becomes G_MAX, which no device has any smaller. */
static memqc_status check_top(const char *function, const struct mqc_levels_given *given) {
    static const double least = 1e-15;
    const size_t n = given->n, top = given->g[0] > given->g[n - 1] ? 0 : n - 1;
    if ((double)given->g[top] >= least)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_DATA,
                    "%s: g[%zu] = %g S is the highest level; it must be %g S or more", function,
                    top, (double)given->g[top], least);
}

/* --- tables --- */

static struct mqc_levels *allot(size_t n, size_t quantiles) {
    struct mqc_levels *levels = mqc_alloc(1, sizeof *levels);
    if (!levels)
        return NULL;
    atomic_init(&levels->holders, 1);
    levels->n = n;
    levels->quantiles = quantiles;
    levels->g = mqc_alloc(n * (2 + quantiles), sizeof *levels->g);
    if (!levels->g) {
        mqc_levels_free(&levels);
        return NULL;
    }
    levels->sd = levels->g + n;
    levels->quantile = levels->sd + n;
    return levels;
}

static int is_even(const struct mqc_levels *levels) {
    const double top = (double)levels->g[0],
                 step = (top - (double)levels->g[levels->n - 1]) / (double)(levels->n - 1);
    const double rounding = 1.2e-7 * top; /* of single precision */
    for (size_t i = 0; i < levels->n; i++)
        if (!(fabs((double)levels->g[i] - (top - (double)i * step)) <= rounding))
            return 0;
    return 1;
}

void mqc_levels_finish(struct mqc_levels *levels) {
    const struct mqc_level_table table = {(int32_t)levels->quantiles, levels->g, levels->sd,
                                          levels->quantile};
    levels->even = is_even(levels);
    levels->table = table;
}

memqc_status mqc_levels_make(const char *function, const struct mqc_levels_given *given,
                             struct mqc_levels **out) {
    const size_t n = given->n, m = given->quantiles;
    *out = NULL;
    MQC_TRY(check_sizes(function, given));
    MQC_TRY(check_values(function, "g", n, 1, given->g));
    MQC_TRY(check_values(function, "sd", n, 1, given->sd));
    MQC_TRY(check_values(function, "quantiles", n, m, given->quantile));
    MQC_TRY(check_order(function, given));
    MQC_TRY(check_top(function, given));
    struct mqc_levels *levels = allot(n, m);
    if (!levels)
        return MEMQC_ERROR_NOMEM;
    const int falls = given->g[1] < given->g[0];
    for (size_t i = 0; i < n; i++) {
        const size_t from = falls ? i : n - 1 - i;
        levels->g[i] = given->g[from];
        levels->sd[i] = given->sd && m == 0 ? given->sd[from] : 0;
        if (m > 0)
            memcpy(levels->quantile + i * m, given->quantile + from * m,
                   m * sizeof *levels->quantile);
    }
    mqc_levels_finish(levels);
    *out = levels;
    return MEMQC_OK;
}

memqc_status mqc_level_errors_make(size_t n, size_t columns, struct mqc_level_errors **out) {
    struct mqc_level_errors *errors = *out = mqc_alloc(1, sizeof *errors);
    if (!errors)
        return MEMQC_ERROR_NOMEM;
    errors->columns = columns;
    errors->mean = mqc_alloc(mqc_level_errors_size(n, columns), sizeof *errors->mean);
    if (!errors->mean) {
        mqc_level_errors_free(out);
        return MEMQC_ERROR_NOMEM;
    }
    errors->sd = errors->mean + n;
    errors->sd_root = errors->sd + n;
    errors->root = errors->sd_root + 2 * n;
    return MEMQC_OK;
}

void mqc_level_errors_free(struct mqc_level_errors **errors) {
    if (*errors)
        mqc_free((*errors)->mean);
    mqc_free(*errors);
    *errors = NULL;
}

static memqc_status copy_errors(const struct mqc_levels *from, struct mqc_levels *to) {
    const struct mqc_level_errors *const errors = from->errors;
    if (!errors)
        return MEMQC_OK;
    MQC_TRY(mqc_level_errors_make(from->n, errors->columns, &to->errors));
    to->errors->each = errors->each;
    memcpy(to->errors->mean, errors->mean,
           mqc_level_errors_size(from->n, errors->columns) * sizeof *errors->mean);
    return MEMQC_OK;
}

memqc_status mqc_levels_copy(const struct mqc_levels *levels, struct mqc_levels **out) {
    *out = allot(levels->n, levels->quantiles);
    if (!*out)
        return MEMQC_ERROR_NOMEM;
    memcpy((*out)->g, levels->g, levels->n * (2 + levels->quantiles) * sizeof *levels->g);
    mqc_levels_finish(*out);
    const memqc_status status = copy_errors(levels, *out);
    if (status != MEMQC_OK)
        mqc_levels_free(out);
    return status;
}

void mqc_levels_hold(struct mqc_levels *levels) {
    if (levels)
        atomic_fetch_add_explicit(&levels->holders, 1, memory_order_relaxed);
}

void mqc_levels_free(struct mqc_levels **levels) {
    struct mqc_levels *const table = *levels;
    *levels = NULL;
    if (!table || atomic_fetch_sub_explicit(&table->holders, 1, memory_order_acq_rel) != 1)
        return;
    mqc_level_errors_free(&table->errors);
    mqc_free(table->g);
    mqc_free(table);
}

void mqc_levels_leave(memqc_device *device) {
    mqc_levels_free(&device->levels);
    device->ladder = NULL;
}

/* --- moments --- */

void mqc_levels_moments(const struct mqc_levels *levels, size_t level, double *mean, double *sd) {
    const size_t m = levels->quantiles;
    const float *q = levels->quantile + (level - 1) * m;
    double first = 0, square = 0;
    for (size_t j = 0; j + 1 < m; j++)
        first += 0.5 * ((double)q[j] + (double)q[j + 1]) / (double)(m - 1);
    for (size_t j = 0; j + 1 < m; j++) {
        const double a = (double)q[j] - first, b = (double)q[j + 1] - first;
        square += (a * a + a * b + b * b) / 3 / (double)(m - 1);
    }
    *mean = first;
    *sd = sqrt(square);
}

double mqc_levels_sigma(const struct mqc_levels *levels) {
    double sum = 0;
    for (size_t i = 0; i < levels->n; i++) {
        double mean = 0, sd = (double)levels->sd[i];
        if (levels->quantiles)
            mqc_levels_moments(levels, i + 1, &mean, &sd);
        sum += sd * sd;
    }
    return sqrt(sum / (double)levels->n);
}

/* --- the ladder in force --- */

double mqc_device_spacing(const memqc_device *d, double level) {
    if (!d->uneven)
        return mqc_device_step(d);
    const size_t i = (size_t)level - 1, last = (size_t)mqc_device_states(d) - 1;
    const double above = i > 0 ? (double)d->ladder[i - 1] - (double)d->ladder[i] : INFINITY;
    const double below = i < last ? (double)d->ladder[i] - (double)d->ladder[i + 1] : INFINITY;
    return fmin(above, below);
}

double mqc_device_uneven_level(const memqc_device *d, double g) {
    const float *ladder = d->ladder;
    size_t low = 0, high = (size_t)mqc_device_states(d) - 1; /* by falling conductance */
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if ((double)ladder[middle] >= g)
            low = middle;
        else
            high = middle;
    }
    return (double)ladder[low] - g <= g - (double)ladder[high] ? (double)(low + 1)
                                                               : (double)(high + 1);
}

/* --- other tables --- */

static void replace(memqc_device *device, struct mqc_levels *by) {
    mqc_levels_finish(by);
    mqc_levels_leave(device);
    device->levels = by;
    device->ladder = by->g;
}

memqc_status mqc_levels_scale_noise(memqc_device *device, double factor) {
    const struct mqc_levels *from = device->levels;
    const size_t m = from->quantiles;
    struct mqc_levels *to = allot(from->n, m);
    if (!to)
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < from->n; i++) {
        to->g[i] = from->g[i];
        to->sd[i] = (float)fmin(factor * (double)from->sd[i], (double)most_siemens);
        for (size_t j = i * m; j < (i + 1) * m; j++) {
            const double g = (double)from->g[i];
            to->quantile[j] = (float)fmax(0, g + factor * ((double)from->quantile[j] - g));
        }
    }
    replace(device, to);
    return MEMQC_OK;
}

memqc_status mqc_levels_scale_unevenness(memqc_device *device, double factor) {
    const struct mqc_levels *from = device->levels;
    const size_t m = from->quantiles;
    const double top = (double)from->g[0], low = (double)from->g[from->n - 1];
    struct mqc_levels *to = allot(from->n, m);
    if (!to)
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < from->n; i++) {
        const double even = top - (top - low) * (double)i / (double)(from->n - 1),
                     by = (1 - factor) * (even - (double)from->g[i]);
        to->g[i] = (float)((double)from->g[i] + by);
        to->sd[i] = from->sd[i];
        for (size_t j = i * m; j < (i + 1) * m; j++)
            to->quantile[j] = (float)fmax(0, (double)from->quantile[j] + by);
    }
    to->g[from->n - 1] = from->g[from->n - 1];
    replace(device, to);
    return MEMQC_OK;
}

/* `part` of the way from a row to the next, for n values of each. */
static void between(size_t n, const float *row, double part, size_t next, float *to) {
    for (size_t j = 0; j < n; j++)
        to[j] = (float)((1 - part) * (double)row[j] + part * (double)row[next + j]);
}

memqc_status mqc_levels_resample(memqc_device *device, size_t n) {
    const struct mqc_levels *from = device->levels;
    const size_t m = from->quantiles;
    struct mqc_levels *to = allot(n, m);
    if (!to)
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const double at = (double)(from->n - 1) * (double)i / (double)(n - 1);
        size_t row = (size_t)at;
        row = row > from->n - 2 ? from->n - 2 : row;
        const double part = at - (double)row;
        between(1, from->g + row, part, 1, to->g + i);
        between(1, from->sd + row, part, 1, to->sd + i);
        between(m, from->quantile + row * m, part, m, to->quantile + i * m);
    }
    replace(device, to);
    return MEMQC_OK;
}
