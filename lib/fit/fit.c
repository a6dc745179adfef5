/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_fit(): every candidate to every device, the best by Bayes' information criterion, and
 * a device of it. */
#include "core/error.h"
#include "fit/build.h"
#include "fit/combine.h"
#include "fit/judge.h"
#include "fit/report.h"

#include <string.h>

static int32_t model_of(int32_t candidate) {
    return mqc_fit_is_quantized(candidate) ? MEMQC_DEVICE_QUANTIZED : candidate;
}

static memqc_status fit_all(struct mqc_fit_work *f, int32_t model, memqc_device **device) {
    MQC_TRY(mqc_fit_work_make(f));
    mqc_fit_judge(f, model);
    const int best = mqc_fit_choose(f);
    if (best < 0)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "memqc_device_fit: no model asked for describes these data: the quantized "
                        "one wants 3 .. 4096 levels along which the conductance falls, a pulsed "
                        "one 4 pulses of one direction");
    const int32_t chosen = model_of(mqc_fit_candidates[best]);
    MQC_TRY(mqc_fit_combine(f, best, chosen));
    f->report.candidate = mqc_fit_candidates[best];
    f->report.points = (double)f->data.points;
    f->report.cycles = (double)f->data.cycles;
    f->report.devices = (double)f->data.devices;
    MQC_TRY(memqc_device_create(chosen, device));
    MQC_TRY(mqc_fit_build(f, *device));
    (*device)->fit = f->report;
    return MEMQC_OK;
}

static memqc_status check_model(int32_t model) {
    if (model == 0 || model == MEMQC_DEVICE_QUANTIZED)
        return MEMQC_OK;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++)
        if (model == mqc_fit_candidates[i])
            return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "memqc_device_fit: model = %d; allowed is 0 (the best of all), %d .. %d, or %d "
                    ".. %d (the laws of the quantized one)",
                    (int)model, (int)MEMQC_DEVICE_QUANTIZED, (int)MEMQC_DEVICE_TABLE,
                    (int)MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT,
                    (int)MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL);
}

memqc_status memqc_device_fit(int32_t model, size_t n, const int32_t *device, const int32_t *cycle,
                              const int32_t *pulse, const int32_t *direction, const float *g,
                              memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(pulse);
    MQC_NOT_NULL(g);
    MQC_TRY(check_model(model));
    struct mqc_fit_work fit;
    memqc_device *fitted = NULL;
    memset(&fit, 0, sizeof fit);
    memqc_status status = mqc_fit_data_make(&fit.data, n, device, cycle, pulse, direction, g);
    if (status == MEMQC_OK)
        status = fit_all(&fit, model, &fitted);
    mqc_fit_work_free(&fit);
    if (status != MEMQC_OK)
        memqc_device_destroy(&fitted);
    *out = fitted;
    return status;
}
