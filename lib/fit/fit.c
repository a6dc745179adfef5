/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_fit(): fits every candidate to every device, chooses by the lowest BIC, and makes a
 * device of it. */
#include "core/alloc.h"
#include "core/constants.h"
#include "core/error.h"
#include "device/valid.h"
#include "fit/build.h"
#include "fit/combine.h"
#include "fit/judge.h"
#include "fit/posterior.h"
#include "fit/report.h"

#include <string.h>

enum { MQC_FIT_COLUMNS = MEMQC_DEVICE_COLUMN_READ + 1 };

static int32_t model_of(int32_t candidate) {
    const int is_ladder = candidate == MEMQC_DEVICE_FIT_QUANTIZED_LEVELS;
    return mqc_fit_is_quantized(candidate) || is_ladder ? MEMQC_DEVICE_QUANTIZED : candidate;
}

/* Hands the list of the rows that were left out to the device. */
static memqc_status keep_left_out(const struct mqc_fit_data *data, const float *g,
                                  memqc_device *device) {
    size_t n = 0;
    for (size_t i = 0; i < data->given; i++)
        n += data->left_out[i] != 0;
    if (n == 0)
        return MEMQC_OK;
    device->left_out = mqc_alloc(n, sizeof *device->left_out);
    if (!device->left_out)
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < data->given; i++) {
        if (data->left_out[i] == 0)
            continue;
        const struct mqc_left_out row = {i, (uint32_t)data->left_out[i], g[i]};
        device->left_out[device->n_left_out++] = row;
    }
    return MEMQC_OK;
}

/* Copies the residuals of the candidate in a place to the device. */
static memqc_status keep_residuals(const struct mqc_fit_work *work, int index,
                                   memqc_device *device) {
    const size_t n = work->n_kept[index];
    device->residuals = mqc_alloc(n, sizeof *device->residuals);
    if (!device->residuals)
        return MEMQC_ERROR_NOMEM;
    memcpy(device->residuals, work->kept + (size_t)index * work->data.n,
           n * sizeof *device->residuals);
    device->n_residuals = n;
    return MEMQC_OK;
}

/* A device from the candidate in a place. DATA where it would be none, such as one whose levels rise or
 * whose first step single precision does not hold. */
static memqc_status make_device(struct mqc_fit_work *work, int index, memqc_device **device) {
    const int32_t chosen = model_of(mqc_fit_candidates[index]);
    MQC_TRY(memqc_device_create(chosen, device));
    MQC_TRY(keep_residuals(work, index, *device));
    MQC_TRY(mqc_fit_combine(work, index, chosen));
    work->report.taken = index + 1;
    work->report.points = (double)work->data.points;
    work->report.cycles = (double)work->data.cycles;
    work->report.devices = (double)work->data.devices;
    work->report.noise = mqc_fit_noise(work, index);
    work->report.drift = work->data.drift;
    work->report.drift_error = work->data.drift_error;
    const memqc_status status = mqc_fit_build(work, *device);
    if (status == MEMQC_ERROR_ARGUMENT)
        return MEMQC_ERROR_DATA;
    MQC_TRY(status);
    mqc_fit_posterior(work, *device);
    (*device)->fit = work->report;
    return mqc_device_flaw(*device) ? MEMQC_ERROR_DATA : MEMQC_OK;
}

/* The best candidate; what makes no device is none. */
static memqc_status fit_all(struct mqc_fit_work *work, int32_t model, memqc_device **device) {
    int best;
    MQC_TRY(mqc_fit_work_make(work));
    MQC_TRY(mqc_fit_judge(work, model));
    const double drift[] = {work->data.drift, work->data.drift_error};
    while ((best = mqc_fit_choose(work)) >= 0) {
        const struct mqc_fit_quality none = {0};
        const memqc_status status = make_device(work, best, device);
        if (status != MEMQC_ERROR_DATA)
            return status;
        memqc_device_destroy(device);
        mqc_fit_forget(work);
        work->data.drift = drift[0];
        work->data.drift_error = drift[1];
        work->report.of[best] = none;
    }
    if (model == MEMQC_DEVICE_JUMPS)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "memqc_device_fit: too few pairs of rows for tables of jumps: rows that "
                        "follow another one by one pulse, 100 or more of each direction and half "
                        "of the points or more, without repeated readings, are wanted");
    return mqc_fail(MEMQC_ERROR_DATA,
                    "memqc_device_fit: no model asked for describes these data: the quantized "
                    "one wants 3 .. 4096 levels along which the conductance falls, a pulsed "
                    "one 4 pulses of one direction");
}

static memqc_status check_model(int32_t model) {
    if (model == MEMQC_DEVICE_FIT_BEST || model == MEMQC_DEVICE_QUANTIZED)
        return MEMQC_OK;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++)
        if (model == mqc_fit_candidates[i])
            return MEMQC_OK;
    return mqc_refuse_constant("memqc_device_fit", "model", model,
                               "a model or a candidate of a fit is wanted");
}

/* The columns that this library knows, NULL where the caller has none. */
static memqc_status check_columns(size_t n_columns, const int32_t *const *columns,
                                  struct mqc_fit_columns *known) {
    const int32_t *column[MQC_FIT_COLUMNS] = {NULL};
    for (size_t i = 0; i < n_columns; i++) {
        if (i < MQC_FIT_COLUMNS)
            column[i] = columns[i];
        else if (columns[i])
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "memqc_device_fit: columns[%zu] is not NULL; this library knows "
                            "columns 0 .. %d",
                            i, MQC_FIT_COLUMNS - 1);
    }
    if (!column[MEMQC_DEVICE_COLUMN_PULSE])
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_device_fit: columns[%d], the pulse numbers, is missing",
                        MEMQC_DEVICE_COLUMN_PULSE);
    known->device = column[MEMQC_DEVICE_COLUMN_DEVICE];
    known->cycle = column[MEMQC_DEVICE_COLUMN_CYCLE];
    known->pulse = column[MEMQC_DEVICE_COLUMN_PULSE];
    known->direction = column[MEMQC_DEVICE_COLUMN_DIRECTION];
    known->read = column[MEMQC_DEVICE_COLUMN_READ];
    return MEMQC_OK;
}

memqc_status memqc_device_fit(int32_t model, size_t n, size_t n_columns,
                              const int32_t *const *columns, const float *g,
                              memqc_progress progress, void *user, memqc_device **out) {
    struct mqc_fit_columns known;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(columns);
    MQC_NOT_NULL(g);
    MQC_TRY(check_model(model));
    MQC_TRY(check_columns(n_columns, columns, &known));
    struct mqc_fit_work fit;
    memqc_device *fitted = NULL;
    memset(&fit, 0, sizeof fit);
    fit.progress = progress;
    fit.user = user;
    memqc_status status = mqc_fit_data_make(&fit.data, n, &known, g);
    if (status == MEMQC_OK)
        status = fit_all(&fit, model, &fitted);
    if (status == MEMQC_OK)
        status = keep_left_out(&fit.data, g, fitted);
    mqc_fit_work_free(&fit);
    if (status != MEMQC_OK)
        memqc_device_destroy(&fitted);
    *out = fitted;
    return status;
}
