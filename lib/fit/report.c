/* SPDX-License-Identifier: BSD-3-Clause */
/* The candidates of a fit, and memqc_device_fit_value(), which reads what a fitted device keeps of
 * each. */
#include "fit/report.h"
#include "core/constants.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

const int32_t mqc_fit_candidates[MQC_FIT_CANDIDATES] = {
    MEMQC_DEVICE_CONSTANT,
    MEMQC_DEVICE_LINEAR,
    MEMQC_DEVICE_SOFT_BOUNDS,
    MEMQC_DEVICE_EXPONENTIAL,
    MEMQC_DEVICE_POWER,
    MEMQC_DEVICE_NEUROSIM,
    MEMQC_DEVICE_TABLE,
    MEMQC_DEVICE_JUMPS,
    MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT,
    MEMQC_DEVICE_FIT_QUANTIZED_LINEAR,
    MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL,
    MEMQC_DEVICE_FIT_QUANTIZED_LEVELS,
};

double mqc_fit_bic(double points, const struct mqc_fit_quality *q) {
    return q->fitted ? log(points) * q->parameters - 2 * q->log_likelihood : INFINITY;
}

/* A value of a candidate. */
static double quality(const struct mqc_fit_report *report, const struct mqc_fit_quality *q,
                      int32_t what) {
    switch (what) {
    case MEMQC_DEVICE_FIT_LOG_LIKELIHOOD:
        return q->log_likelihood;
    case MEMQC_DEVICE_FIT_PARAMETERS:
        return q->parameters;
    case MEMQC_DEVICE_FIT_AIC:
        return 2 * q->parameters - 2 * q->log_likelihood;
    case MEMQC_DEVICE_FIT_BIC:
        return mqc_fit_bic(report->points, q);
    case MEMQC_DEVICE_FIT_KS:
        return q->ks;
    case MEMQC_DEVICE_FIT_KS_P:
        return q->ks_p;
    case MEMQC_DEVICE_FIT_OUTLIERS:
        return q->outliers;
    default:
        return q->at_bounds;
    }
}

/* Residuals pass at this probability or more. */
static const double passing = 0.01;
/* A smaller difference in BIC tells nothing: Kass and Raftery, J. Am. Stat. Assoc. 90 (1995) 773. */
static const double bare_mention = 2;

static int passes(const struct mqc_fit_quality *q) {
    return q->fitted && q->ks_p >= passing;
}

static int has_formula(int32_t candidate) {
    return candidate != MEMQC_DEVICE_TABLE && candidate != MEMQC_DEVICE_JUMPS &&
           candidate != MEMQC_DEVICE_FIT_QUANTIZED_LEVELS;
}

/* Levels one by one contain the laws of even ones: only with a lower BIC do they say more. */
static int says_no_more(const struct mqc_fit_report *report, int i, int taken) {
    const int is_even = taken >= MQC_FIT_LAW_CONSTANT && taken <= MQC_FIT_LAW_PROPORTIONAL;
    return i == MQC_FIT_LAW_LEVELS && is_even && passes(&report->of[taken]) &&
           mqc_fit_bic(report->points, &report->of[i]) >=
               mqc_fit_bic(report->points, &report->of[taken]);
}

/* A verdict, and place in of[] of the runner-up, or -1. */
static int32_t judge(const struct mqc_fit_report *report, int *runner_up) {
    const int taken = report->taken - 1;
    int next = -1, formulas = 0;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        const struct mqc_fit_quality *q = &report->of[i];
        if (!passes(q))
            continue;
        formulas += has_formula(mqc_fit_candidates[i]);
        if (i == taken || says_no_more(report, i, taken))
            continue;
        if (next < 0 ||
            mqc_fit_bic(report->points, q) < mqc_fit_bic(report->points, &report->of[next]))
            next = i;
    }
    *runner_up = next;
    if (!passes(&report->of[taken]))
        return MEMQC_DEVICE_FIT_VERDICT_NOTHING;
    if (next >= 0 && mqc_fit_bic(report->points, &report->of[next]) <
                         mqc_fit_bic(report->points, &report->of[taken]) + bare_mention)
        return MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS;
    *runner_up = -1;
    if (!has_formula(mqc_fit_candidates[taken]) && formulas == 0)
        return MEMQC_DEVICE_FIT_VERDICT_TABLE;
    return MEMQC_DEVICE_FIT_VERDICT_DESCRIBED;
}

/* A value of the fit as a whole. */
static double whole_value(const struct mqc_fit_report *report, int32_t what) {
    int runner_up;
    const int32_t verdict = judge(report, &runner_up);
    switch (what) {
    case MEMQC_DEVICE_FIT_CANDIDATE:
        return mqc_fit_candidates[report->taken - 1];
    case MEMQC_DEVICE_FIT_POINTS:
        return report->points;
    case MEMQC_DEVICE_FIT_CYCLES:
        return report->cycles;
    case MEMQC_DEVICE_FIT_DEVICES:
        return report->devices;
    case MEMQC_DEVICE_FIT_DRIFT:
        return report->drift;
    case MEMQC_DEVICE_FIT_DRIFT_ERROR:
        return report->drift_error;
    case MEMQC_DEVICE_FIT_NOISE:
        return report->noise;
    case MEMQC_DEVICE_FIT_CYCLE_CORRELATION:
        return report->memory[0];
    case MEMQC_DEVICE_FIT_SET_RESET_CORRELATION:
        return report->memory[1];
    case MEMQC_DEVICE_FIT_VERDICT:
        return verdict;
    default:
        return runner_up < 0 ? 0 : mqc_fit_candidates[runner_up];
    }
}

static int is_whole(int32_t what) {
    return what == MEMQC_DEVICE_FIT_CANDIDATE ||
           (what >= MEMQC_DEVICE_FIT_POINTS && what <= MEMQC_DEVICE_FIT_CYCLE_CORRELATION) ||
           what == MEMQC_DEVICE_FIT_VERDICT || what == MEMQC_DEVICE_FIT_RUNNER_UP ||
           what == MEMQC_DEVICE_FIT_SET_RESET_CORRELATION;
}

static const char value_function[] = "memqc_device_fit_value";

/* A value of the candidate `which`. */
static memqc_status candidate_value(const struct mqc_fit_report *report, int32_t what,
                                    int32_t which, double *value) {
    const int32_t wanted =
        which == MEMQC_DEVICE_FIT_BEST ? mqc_fit_candidates[report->taken - 1] : which;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        if (mqc_fit_candidates[i] != wanted)
            continue;
        if (!report->of[i].fitted && wanted == MEMQC_DEVICE_JUMPS)
            return mqc_fail(MEMQC_ERROR_STATE,
                            "%s: the device was not fitted with tables of jumps, or the data have "
                            "too few pairs of rows for them: 100 single pulses of each direction, "
                            "half of the points or more, and no repeated readings are wanted",
                            value_function);
        if (!report->of[i].fitted)
            return mqc_fail(MEMQC_ERROR_STATE,
                            "%s: the device was not fitted with candidate %d, or the data allow no "
                            "such fit",
                            value_function, (int)which);
        *value = quality(report, &report->of[i], what);
        return MEMQC_OK;
    }
    return mqc_refuse_constant(value_function, "which", which,
                               "a pulsed model or another candidate of a fit is wanted");
}

memqc_status memqc_device_fit_value(const memqc_device *device, int32_t what, int32_t which,
                                    double *value) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(value);
    const struct mqc_fit_report *report = &device->fit;
    const int of_candidate =
        what >= MEMQC_DEVICE_FIT_STANDARD_ERROR && what <= MEMQC_DEVICE_FIT_AT_BOUNDS;
    if (!of_candidate && !is_whole(what))
        return mqc_refuse_constant(__func__, "what", what, "a value of a fit is wanted");
    if (report->taken == 0)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the device was not made by memqc_device_fit()",
                        __func__);
    if (what == MEMQC_DEVICE_FIT_STANDARD_ERROR) {
        MQC_TRY(mqc_keys_known(&mqc_device_keys, __func__, which));
        *value = report->standard_error[which - MEMQC_DEVICE_MODEL];
        return MEMQC_OK;
    }
    if (is_whole(what)) {
        if (which != MEMQC_DEVICE_FIT_BEST)
            return mqc_refuse_constant(__func__, "which", which,
                                       "MEMQC_DEVICE_FIT_BEST is wanted with this value");
        *value = whole_value(report, what);
        return MEMQC_OK;
    }
    return candidate_value(report, what, which, value);
}

memqc_status memqc_device_fit_left_out(const memqc_device *device, size_t room, size_t *rows,
                                       float *values, int32_t *reasons, size_t *n) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    *n = device->n_left_out;
    if (device->fit.taken == 0)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the device was not made by memqc_device_fit()",
                        __func__);
    if (room == 0 && !rows && !values && !reasons)
        return MEMQC_OK;
    MQC_NOT_NULL(rows);
    MQC_NOT_NULL(values);
    MQC_NOT_NULL(reasons);
    if (room < *n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the fit left out %zu rows", __func__,
                        room, *n);
    for (size_t i = 0; i < *n; i++) {
        rows[i] = (size_t)device->left_out[i].row;
        values[i] = device->left_out[i].value;
        reasons[i] = (int32_t)device->left_out[i].reason;
    }
    return MEMQC_OK;
}

memqc_status memqc_device_fit_residuals(const memqc_device *device, size_t room, float *residuals,
                                        size_t *n) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    *n = device->n_residuals;
    if (*n == 0)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the device was not made by memqc_device_fit(), or came from a file",
                        __func__);
    if (room == 0 && !residuals)
        return MEMQC_OK;
    MQC_NOT_NULL(residuals);
    if (room < *n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the fit has %zu residuals", __func__,
                        room, *n);
    memcpy(residuals, device->residuals, *n * sizeof *residuals);
    return MEMQC_OK;
}

_Static_assert((int)MQC_LEFT_OUT_FIRST == (int)MEMQC_DEVICE_LEFT_OUT_NOT_FINITE &&
                   (int)MQC_LEFT_OUT_LAST == (int)MEMQC_DEVICE_LEFT_OUT_OUTLIER,
               "reasons in files");
_Static_assert((int)MQC_FIT_NOISE_FIRST == (int)MEMQC_DEVICE_FIT_NOISE_READS &&
                   (int)MQC_FIT_NOISE_LAST == (int)MEMQC_DEVICE_FIT_NOISE_UNKNOWN,
               "what tells noises apart, in files");

const char *memqc_device_fit_reason(int32_t reason) {
    static const char *const texts[] = {
        "not a finite number",
        "overflow of the instrument",
        "below 0 S",
        "0 S among readings that are not",
        "off by a power of 1000",
        "far from its neighbours",
        "its cycle is unlike the others",
        "an outlier of the model",
    };
    const int64_t place = (int64_t)reason - MQC_LEFT_OUT_FIRST;
    if (place < 0 || place >= (int64_t)(sizeof texts / sizeof *texts))
        return NULL;
    return texts[place];
}
