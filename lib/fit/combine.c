/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of a model from the fits of single devices: values and standard errors of each,
 * then mean and spread over the devices. Called by fit.c. */
#include "fit/combine.h"
#include "core/alloc.h"
#include "core/error.h"
#include "fit/errors.h"
#include "fit/filter.h"
#include "fit/jumps.h"
#include "fit/jumps_device.h"
#include "fit/levels.h"
#include "fit/levels_device.h"
#include "fit/memory.h"
#include "fit/models.h"
#include "fit/parts.h"
#include "fit/posterior.h"
#include "fit/report.h"
#include "fit/solve.h"
#include "fit/spread.h"

#include <math.h>
#include <string.h>

/* Values of keys of a part and, by linear propagation, their standard errors and covariance. */
static void read_part(struct mqc_fit_work *work, double *value, double *error, double *covariance) {
    struct mqc_fit_problem *problem = work->problem;
    double moved[MQC_FIT_THETA], slope[MQC_FIT_MOST_FREE][MQC_FIT_KEYS] = {{0}},
                                 other[MQC_FIT_KEYS] = {0};
    problem->restricted = mqc_fit_is_quantized(problem->candidate) && !mqc_fit_is_filtered(problem);
    if (problem->restricted)
        mqc_fit_solve(problem);
    mqc_fit_covariance(problem);
    mqc_fit_keys(problem, problem->theta, value);
    for (int j = 0; j < problem->n_free; j++) {
        const double h = 0.01 * sqrt(fmax(problem->covariance[j][j], 0));
        memcpy(moved, problem->theta, sizeof moved);
        moved[problem->fitted[j]] += h;
        mqc_fit_keys(problem, moved, other);
        for (int key = 0; key < MQC_FIT_KEYS && h > 0; key++)
            slope[j][key] = (other[key] - value[key]) / h;
    }
    for (int key = 0; key < MQC_FIT_KEYS; key++) {
        double variance = 0;
        for (int j = 0; j < problem->n_free; j++)
            for (int k = 0; k < problem->n_free; k++)
                variance += slope[j][key] * problem->covariance[j][k] * slope[k][key];
        error[key] = sqrt(fmax(variance, 0));
    }
    mqc_fit_tell(problem, slope, covariance);
}

/* The drift as the parts tell it, where they do: the mean of what is left of it, and its variance. */
struct drift {
    double left, variance;
};

static void add_drift(const struct mqc_fit_problem *problem, double parts, struct drift *drift) {
    drift->left += problem->theta[MQC_FIT_DRIFT] / parts;
    for (int j = 0; j < problem->n_free; j++)
        if (problem->fitted[j] == MQC_FIT_DRIFT)
            drift->variance += problem->covariance[j][j] / (parts * parts);
}

static void tell_drift(struct mqc_fit_data *data, const struct drift *drift) {
    if (!(drift->variance > 0))
        return;
    data->drift = data->drift_taken + drift->left;
    data->drift_error = sqrt(drift->variance);
}

/* Conductances, steps and noise vary by log-normal factors: the logarithms have the spread. */
static const struct {
    int32_t key, spread;
} varying[] = {
    {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_D2D_G_MAX},
    {MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_D2D_G_MIN},
    {MEMQC_DEVICE_STEP, MEMQC_DEVICE_D2D_STEP},
    {MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_D2D_NOISE},
    {MEMQC_DEVICE_C2C_STEP, MEMQC_DEVICE_D2D_NOISE},
    {MEMQC_DEVICE_C2C_RELATIVE, MEMQC_DEVICE_D2D_NOISE},
    {MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_D2D_NOISE},
};

static size_t index_of(int32_t key) {
    return (size_t)(key - MEMQC_DEVICE_MODEL);
}

/* By how much a device's value of a key moves that of the model. */
static void weigh_devices(struct mqc_fit_work *work, size_t key, double spread, int logs,
                          const double *x, const double *se) {
    const size_t n = work->data.devices;
    const double mean = work->value[key];
    double weights = 0;
    for (size_t d = 0; d < n; d++)
        weights += 1 / (spread * spread + se[d] * se[d] + 1e-300);
    for (size_t d = 0; d < n; d++) {
        const double weight = 1 / (spread * spread + se[d] * se[d] + 1e-300) / weights;
        work->influence[d * MQC_FIT_KEYS + key] = logs ? weight * mean / exp(x[d]) : weight;
    }
}

/* One key over the devices; x and se are room for them. */
static void combine_key(struct mqc_fit_work *work, int32_t key, int32_t spread_key, double *x,
                        double *se) {
    const size_t n = work->data.devices;
    int logs = spread_key != 0;
    /* The error of K follows from how far it is from 1 / levels, where noise vanishes: the logarithm
     * of that distance has errors that do not depend on the estimate. */
    const int to_end = key == MEMQC_DEVICE_K;
    const double end = 1.0 / work->data.levels;
    double least = INFINITY;
    logs |= to_end;
    for (size_t d = 0; d < n; d++) {
        x[d] = work->value[d * MQC_FIT_KEYS + index_of(key)];
        x[d] = to_end ? end - x[d] : x[d];
        se[d] = work->error[d * MQC_FIT_KEYS + index_of(key)];
        logs &= x[d] > 3 * se[d] && x[d] > 0;
        least = se[d] > 0 ? fmin(least, se[d]) : least;
    }
    for (size_t d = 0; d < n; d++) {
        if (logs) {
            se[d] /= x[d];
            x[d] = log(x[d]);
        } else if (!(se[d] > 0) && least < INFINITY) {
            se[d] = 1e3 * fmax(fabs(x[d]), least); /* on a bound: this device does not tell */
        }
    }
    const struct mqc_fit_spread s = mqc_fit_spread(n, x, se);
    double *value = &work->value[index_of(key)], *error = work->report.standard_error;
    *value = logs ? exp(s.mean + 0.5 * s.spread * s.spread) : s.mean;
    weigh_devices(work, index_of(key), s.spread, logs, x, se);
    error[index_of(key)] = logs ? *value * hypot(s.mean_se, s.spread * s.spread_se) : s.mean_se;
    *value = to_end ? end - *value : *value;
    if (!spread_key || !(*value > 0))
        return;
    double *spread = &work->value[index_of(spread_key)],
           *spread_error = &error[index_of(spread_key)];
    *spread = logs ? sqrt(expm1(s.spread * s.spread)) : s.spread / *value;
    if (!logs)
        *spread_error = s.spread_se / *value;
    else if (*spread > 0)
        *spread_error = exp(s.spread * s.spread) * s.spread / *spread * s.spread_se;
    else
        *spread_error = s.spread_se;
}

static memqc_status combine_all(struct mqc_fit_work *work, int32_t model) {
    const size_t n = work->data.devices;
    double *room = mqc_alloc(2 * n, sizeof *room);
    if (!room)
        return MEMQC_ERROR_NOMEM;
    for (size_t k = 0; k < MQC_FIT_KEYS; k++) {
        const int32_t key = mqc_keys_at(&mqc_device_keys, k);
        int32_t spread = 0;
        int any = 0;
        for (size_t d = 0; d < n; d++)
            any |= work->value[d * MQC_FIT_KEYS + k] != 0;
        if (!any || (key >= MEMQC_DEVICE_D2D_G_MAX && key <= MEMQC_DEVICE_D2D_NOISE))
            continue;
        for (size_t i = 0; i < sizeof varying / sizeof *varying; i++)
            if (varying[i].key == key && mqc_device_model_uses(model, varying[i].spread) &&
                !(key == MEMQC_DEVICE_STEP && model == MEMQC_DEVICE_QUANTIZED))
                spread = varying[i].spread;
        combine_key(work, key, spread, room, room + n);
    }
    mqc_free(room);
    return MEMQC_OK;
}

/* The rows that the final fit of a part leaves out. */
static void list_outliers(struct mqc_fit_work *work) {
    const struct mqc_fit_problem *problem = work->problem;
    for (size_t i = 0; i < problem->n; i++)
        if (problem->state[i] == MQC_FIT_OUTLIER)
            work->data.left_out[problem->rows[i].from] = MEMQC_DEVICE_LEFT_OUT_OUTLIER;
}

/* Levels one by one are fitted to all devices together. */
static memqc_status combine_levels(struct mqc_fit_work *work) {
    const struct mqc_fit_ladder *const ladder = work->ladder;
    if (!mqc_fit_levels_settle(work->ladder))
        return mqc_fail(MEMQC_ERROR_DATA, "memqc_device_fit: the fit of the levels fails");
    for (size_t i = 0; i < work->data.n; i++)
        if (ladder->state[i] == MQC_LADDER_OUTLIER)
            work->data.left_out[work->data.rows[i].from] = MEMQC_DEVICE_LEFT_OUT_OUTLIER;
    mqc_fit_levels_tell(work);
    if (ladder->spread)
        return combine_all(work, MEMQC_DEVICE_QUANTIZED);
    memcpy(work->report.standard_error, work->error, MQC_FIT_KEYS * sizeof *work->error);
    return MEMQC_OK;
}

/* So are tables of jumps, of which nothing but the window is a parameter. */
static void combine_jumps(struct mqc_fit_work *work) {
    for (size_t i = 0; i < work->data.n; i++)
        if (work->jumps->outlier[i])
            work->data.left_out[work->data.rows[i].from] = MEMQC_DEVICE_LEFT_OUT_OUTLIER;
    mqc_fit_jumps_tell(work);
}

memqc_status mqc_fit_combine(struct mqc_fit_work *work, int index, int32_t model) {
    if (mqc_fit_candidates[index] == MEMQC_DEVICE_FIT_QUANTIZED_LEVELS)
        return combine_levels(work);
    if (mqc_fit_candidates[index] == MEMQC_DEVICE_JUMPS) {
        combine_jumps(work);
        return MEMQC_OK;
    }
    const size_t n = mqc_fit_parts(work, mqc_fit_candidates[index]);
    struct drift drift = {0, 0};
    for (size_t part = 0; part < n; part++) {
        if (!mqc_fit_part(work, index, work->noise[index], part))
            return mqc_fail(MEMQC_ERROR_DATA, "memqc_device_fit: the fit to device %d fails",
                            (int)work->problem->rows->device);
        list_outliers(work);
        read_part(work, work->value + part * MQC_FIT_KEYS, work->error + part * MQC_FIT_KEYS,
                  work->covariance + part * MQC_FIT_TOLD * MQC_FIT_TOLD);
        add_drift(work->problem, (double)n, &drift);
        /* Noise of the measurement has no memory of cycles and would hide that of the pulses. */
        if (mqc_fit_is_quantized(mqc_fit_candidates[index]) &&
            !(work->noise[index] & MQC_FIT_MEASURED))
            MQC_TRY(mqc_fit_memory_add(work));
    }
    tell_drift(&work->data, &drift);
    if (n > 1)
        MQC_TRY(combine_all(work, model));
    else
        memcpy(work->report.standard_error, work->error, MQC_FIT_KEYS * sizeof *work->error);
    mqc_fit_memory_tell(work);
    return MEMQC_OK;
}

void mqc_fit_forget(struct mqc_fit_work *work) {
    for (size_t i = 0; i < work->data.given; i++)
        if (work->data.left_out[i] == MEMQC_DEVICE_LEFT_OUT_OUTLIER)
            work->data.left_out[i] = 0;
    memset(work->memory.n, 0, sizeof work->memory.n);
    memset(work->report.memory, 0, sizeof work->report.memory);
    memset(work->report.standard_error, 0, sizeof work->report.standard_error);
    memset(work->value, 0, work->data.devices * MQC_FIT_KEYS * sizeof *work->value);
    memset(work->error, 0, work->data.devices * MQC_FIT_KEYS * sizeof *work->error);
}
