/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitted levels as those of a device. Levels that the data put in no order, or in the wrong one,
 * are equal after the fit; those of a device must fall, so neighbours are moved apart by a
 * thousandth of their mean spacing at least. */
#include "fit/levels_device.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/cell/levels.h"
#include "fit/curve.h"
#include "fit/ladder_noise.h"

#include <memqc/device_measured.h>

#include <math.h>

enum { MOST = MQC_MEANS_MOST_FREE };

_Static_assert((int)MQC_LEVEL_ERRORS_COLUMNS == (int)MOST + 2, "two more are of the devices");

static const double least_spacing = 1e-3; /* of the mean spacing */
static const double most_siemens = 1e3;

static double rms_sd(const struct mqc_fit_ladder *ladder) {
    double sum = 0;
    for (size_t i = 0; i < ladder->levels; i++)
        sum += ladder->sd[i] * ladder->sd[i] / (double)ladder->levels;
    return sqrt(sum);
}

static double error_of_mean(const struct mqc_fit_ladder *ladder, size_t level) {
    double sum = ladder->mean_error[level] * ladder->mean_error[level];
    for (size_t k = 0; k < MOST; k++)
        sum += ladder->root[level * MOST + k] * ladder->root[level * MOST + k];
    return sqrt(sum);
}

/* By what the errors of deviations are larger than those of normal noise; returns that of all. */
static double widen(struct mqc_fit_ladder *ladder) {
    const double least = 0.1; /* of a variance; noise of two states alone would have none */
    double table[MQC_CURVE_QUANTILES], factor = 1, squares = 0;
    for (size_t i = 0; i < ladder->levels && ladder->shaped; i++) {
        if (i == 0 || ladder->curve[i].own || ladder->curve[i - 1].own)
            factor = fmax(1 + 0.5 * mqc_fit_curve_table(&ladder->curve[i], table), least);
        squares += factor / (double)ladder->levels;
        ladder->sd_error[i] *= sqrt(factor);
    }
    if (!ladder->shaped)
        return 1;
    for (size_t j = 0; j < 2; j++)
        for (size_t k = 0; k < 2; k++)
            ladder->slope_covariance[j][k] *= squares;
    return sqrt(squares);
}

/* The ends of one device among several, by the covariance of the line over the means. */
static void tell_device(const struct mqc_fit_ladder *ladder, size_t d, double wider, double *value,
                        double *error) {
    const size_t ends[] = {0, ladder->levels - 1};
    const int keys[] = {MQC_DEVICE_AT(G_MAX), MQC_DEVICE_AT(G_MIN)};
    double w = 0, x = 0, xx = 0;
    for (size_t level = 0; level < ladder->levels; level++) {
        const double sd = ladder->noise[d] * ladder->sd[level], mean = ladder->mean[level];
        const double weight = mqc_fit_ladder_cell(ladder, d, level).n / (sd * sd);
        w += weight;
        x += weight * mean;
        xx += weight * mean * mean;
    }
    for (size_t end = 0; end < 2; end++) {
        const double mean = ladder->mean[ends[end]];
        const double variance = (xx - 2 * x * mean + w * mean * mean) / (w * xx - x * x);
        value[keys[end]] = fmax(mqc_fit_ladder_mean(ladder, d, ends[end]), 1e-15);
        error[keys[end]] = sqrt(fmax(variance, 0));
    }
    value[MQC_DEVICE_AT(SIGMA)] = ladder->noise[d] * rms_sd(ladder);
    error[MQC_DEVICE_AT(SIGMA)] =
        wider * value[MQC_DEVICE_AT(SIGMA)] / sqrt(2 * fmax(ladder->device_rows[d], 1));
}

/* The error of the rms noise: deviations with a law in common go together. */
static double error_of_rms(const struct mqc_fit_ladder *ladder) {
    const double rms = rms_sd(ladder);
    double apart = 0, together = 0;
    for (size_t i = 0; i < ladder->levels; i++) {
        const double part = ladder->sd[i] * ladder->sd_error[i] / (rms * (double)ladder->levels);
        apart += part * part;
        together += part;
    }
    return ladder->scatter == MQC_SCATTER_EACH ? sqrt(apart) : together;
}

void mqc_fit_levels_tell(struct mqc_fit_work *work) {
    const struct mqc_fit_ladder *const ladder = work->ladder;
    const size_t last = ladder->levels - 1;
    const double wider = widen(work->ladder);
    for (size_t d = 0; d < ladder->devices && ladder->spread; d++)
        tell_device(ladder, d, wider, work->value + d * MQC_FIT_KEYS,
                    work->error + d * MQC_FIT_KEYS);
    if (ladder->spread)
        return;
    work->value[MQC_DEVICE_AT(G_MAX)] = ladder->mean[0];
    work->error[MQC_DEVICE_AT(G_MAX)] = error_of_mean(ladder, 0);
    work->value[MQC_DEVICE_AT(G_MIN)] = fmax(ladder->mean[last], 0);
    work->error[MQC_DEVICE_AT(G_MIN)] = error_of_mean(ladder, last);
    work->value[MQC_DEVICE_AT(SIGMA)] = rms_sd(ladder);
    work->error[MQC_DEVICE_AT(SIGMA)] = error_of_rms(ladder);
}

/* --- the device --- */

void mqc_fit_levels_separate(size_t n, double *g) {
    const double least = least_spacing * (g[0] - g[n - 1]) / (double)(n - 1);
    for (size_t i = 1; i < n; i++)
        g[i] = fmin(g[i], g[i - 1] - least);
    g[n - 1] = fmax(g[n - 1], 0);
    for (size_t i = n - 1; i-- > 0;)
        g[i] = fmax(g[i], g[i + 1] + least);
}

/* The square root of the covariance of what the deviations have in common. */
static void take_root(const struct mqc_fit_ladder *ladder, double root[2][2]) {
    const double(*const c)[2] = ladder->slope_covariance;
    const int is_linear = ladder->scatter == MQC_SCATTER_LINEAR;
    root[0][0] = sqrt(fmax(c[0][0], 0));
    root[0][1] = 0;
    root[1][0] = is_linear && root[0][0] > 0 ? c[1][0] / root[0][0] : 0;
    root[1][1] = is_linear ? sqrt(fmax(c[1][1] - root[1][0] * root[1][0], 0)) : 0;
}

/* What is known of level i: see struct mqc_level_errors. */
static void put_errors(const struct mqc_fit_work *work, double root[2][2], size_t i,
                       struct mqc_level_errors *errors) {
    const struct mqc_fit_ladder *const ladder = work->ladder;
    const double *const error = work->report.standard_error;
    const double bottom = ladder->mean[ladder->levels - 1],
                 part = (ladder->mean[i] - bottom) / (ladder->mean[0] - bottom);
    float *const row = errors->root + i * errors->columns;
    double phi[2] = {0, 0};
    errors->mean[i] = (float)ladder->mean_error[i];
    errors->sd[i] = (float)ladder->sd_error[i];
    for (size_t k = 0; k < MOST; k++)
        row[k] = (float)ladder->root[i * MOST + k];
    if (ladder->spread) {
        row[MOST] = (float)(part * error[MQC_DEVICE_AT(G_MAX)]);
        row[MOST + 1] = (float)((1 - part) * error[MQC_DEVICE_AT(G_MIN)]);
    }
    if (ladder->scatter == MQC_SCATTER_EACH)
        return;
    mqc_fit_ladder_noise_functions(ladder, i, phi);
    errors->sd_root[2 * i] = (float)(phi[0] * root[0][0] + phi[1] * root[1][0]);
    errors->sd_root[2 * i + 1] = (float)(phi[1] * root[1][1]);
}

/* Quantiles of all levels, whose conductances and deviations are the first values. */
static void put_quantiles(const struct mqc_fit_ladder *ladder, const float *values,
                          float *quantiles) {
    const size_t n = ladder->levels;
    double table[MQC_CURVE_QUANTILES];
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || ladder->curve[i].own || ladder->curve[i - 1].own)
            mqc_fit_curve_table(&ladder->curve[i], table);
        for (size_t j = 0; j < MQC_CURVE_QUANTILES; j++) {
            const double g = (double)values[i] + table[j] * (double)values[n + i];
            quantiles[i * MQC_CURVE_QUANTILES + j] = (float)fmin(fmax(g, 0), most_siemens);
        }
    }
}

static memqc_status put(const struct mqc_fit_work *work, double *g, float *values,
                        memqc_device *device) {
    const struct mqc_fit_ladder *const ladder = work->ladder;
    const size_t n = ladder->levels;
    struct mqc_level_errors *errors = NULL;
    double root[2][2];
    for (size_t i = 0; i < n; i++)
        g[i] = ladder->mean[i];
    mqc_fit_levels_separate(n, g);
    for (size_t i = 0; i < n; i++) {
        values[i] = (float)g[i];
        values[n + i] = (float)ladder->sd[i];
    }
    const size_t each = ladder->shaped ? MQC_CURVE_QUANTILES : 0;
    if (each > 0)
        put_quantiles(ladder, values, values + 2 * n);
    MQC_TRY(memqc_device_set_levels(device, n, values, values + n, each,
                                    each > 0 ? values + 2 * n : NULL));
    MQC_TRY(mqc_level_errors_make(n, MQC_LEVEL_ERRORS_COLUMNS, &errors));
    errors->each = ladder->scatter == MQC_SCATTER_EACH;
    take_root(ladder, root);
    for (size_t i = 0; i < n; i++)
        put_errors(work, root, i, errors);
    device->levels->errors = errors;
    return MEMQC_OK;
}

memqc_status mqc_fit_levels_put(const struct mqc_fit_work *work, memqc_device *device) {
    const size_t n = work->ladder->levels;
    const size_t each = work->ladder->shaped ? MQC_CURVE_QUANTILES : 0;
    double *g = mqc_alloc(n, sizeof *g);
    float *values = mqc_alloc(n * (2 + each), sizeof *values);
    const memqc_status status = g && values ? put(work, g, values, device) : MEMQC_ERROR_NOMEM;
    mqc_free(g);
    mqc_free(values);
    return status;
}
