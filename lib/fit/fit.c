/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_fit(): every candidate to every device, the best by Bayes' information criterion,
 * and the report. */
#include "fit/fit.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* In the order of their reports; of equal ones the first is taken. */
static const int32_t candidates[MQC_FIT_CANDIDATES] = {
    MEMQC_DEVICE_CONSTANT,
    MEMQC_DEVICE_LINEAR,
    MEMQC_DEVICE_SOFT_BOUNDS,
    MEMQC_DEVICE_EXPONENTIAL,
    MEMQC_DEVICE_POWER,
    MEMQC_DEVICE_NEUROSIM,
    MEMQC_DEVICE_TABLE,
    MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT,
    MEMQC_DEVICE_FIT_QUANTIZED_LINEAR,
    MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL,
};
enum { LAW_CONSTANT = 7, LAW_LINEAR, LAW_PROPORTIONAL };

static const double strong_evidence = 6; /* difference in BIC: Kass and Raftery, J. Am. Stat. Assoc.
                                            90 (1995) 773 */
static const double near = 30;           /* of the best: worth another look */

struct fit {
    struct mqc_fit_data data;
    struct mqc_fit_problem *problem;
    double *reals, *residuals;
    int32_t *steps;
    unsigned char *states;
    double *value, *error; /* by device and key */
    int noise[MQC_FIT_CANDIDATES];
    struct mqc_fit_report report;
};

enum { KEYS = MQC_DEVICE_KEYS + 1, REALS = 4 };

static memqc_status make_room(struct fit *f) {
    const size_t n = f->data.n, devices = f->data.devices;
    f->problem = mqc_alloc(1, sizeof *f->problem);
    f->reals = mqc_alloc(n, (REALS + 2 * MQC_FIT_MOST_FREE) * sizeof *f->reals);
    f->residuals = mqc_alloc(n, sizeof *f->residuals);
    f->steps = mqc_alloc(n, sizeof *f->steps);
    f->states = mqc_alloc(n, sizeof *f->states);
    f->value = mqc_alloc(devices, KEYS * sizeof *f->value);
    f->error = mqc_alloc(devices, KEYS * sizeof *f->error);
    return f->problem && f->reals && f->residuals && f->steps && f->states && f->value && f->error
               ? MEMQC_OK
               : MEMQC_ERROR_NOMEM;
}

static void release(struct fit *f) {
    void *const all[] = {f->problem, f->reals, f->residuals, f->steps,
                         f->states,  f->value, f->error};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mqc_free(all[i]);
    mqc_fit_data_free(&f->data);
}

/* --- one candidate --- */

/* TABLE has too many parameters to be fitted to each device. */
static size_t parts(const struct fit *f, int32_t candidate) {
    return candidate == MEMQC_DEVICE_TABLE ? 1 : f->data.devices;
}

static int run_part(struct fit *f, int32_t candidate, int noise, size_t part) {
    struct mqc_fit_problem *p = f->problem;
    const int pooled = candidate == MEMQC_DEVICE_TABLE;
    const size_t first = pooled ? 0 : f->data.start[part],
                 n = pooled ? f->data.n : f->data.start[part + 1] - first;
    memset(p, 0, sizeof *p);
    p->candidate = candidate;
    p->noise = noise;
    p->data = &f->data;
    p->rows = f->data.rows + first;
    p->n = n;
    p->state = f->states;
    p->steps = f->steps;
    p->before = f->reals;
    p->mean = f->reals + n;
    p->log_sd = f->reals + 2 * n;
    p->values = f->reals + 3 * n;
    p->slopes = f->reals + REALS * n;
    return mqc_fit_run(p);
}

static double count_parameters(const struct mqc_fit_problem *p) {
    int window = mqc_fit_is_quantized(p->candidate) ? 0 : 2;
    for (int j = 0; j < p->n_free && window > 0; j++)
        window -= p->fitted[j] == MQC_FIT_HIGH || p->fitted[j] == MQC_FIT_LOW;
    return p->n_free + window;
}

static struct mqc_fit_quality judge(struct fit *f, int32_t candidate, int noise) {
    struct mqc_fit_quality q = {0}, none = {0};
    size_t n = 0;
    for (size_t part = 0; part < parts(f, candidate); part++) {
        if (!run_part(f, candidate, noise, part))
            return none;
        q.log_likelihood += f->problem->log_likelihood;
        q.parameters += count_parameters(f->problem);
        q.outliers += (double)f->problem->outliers;
        q.at_bounds += (double)f->problem->censored;
        n += mqc_fit_residuals(f->problem, f->residuals + n);
    }
    if (n == 0)
        return none;
    q.fitted = 1;
    mqc_sort_values(n, f->residuals);
    mqc_fit_kolmogorov(n, f->residuals, &q.ks, &q.ks_p);
    return q;
}

static double bic(const struct fit *f, const struct mqc_fit_quality *q) {
    return q->fitted ? log((double)f->data.points) * q->parameters - 2 * q->log_likelihood
                     : INFINITY;
}

static void try_noise(struct fit *f, int index, int noise) {
    const struct mqc_fit_quality q = judge(f, candidates[index], noise);
    if (bic(f, &q) < bic(f, &f->report.of[index]) - 1e-3) {
        f->report.of[index] = q;
        f->noise[index] = noise;
    }
}

static int asked_for(int32_t model, int index) {
    return model == 0 || model == candidates[index] ||
           (model == MEMQC_DEVICE_QUANTIZED && index >= LAW_CONSTANT);
}

/* The best of those that could be fitted; -1 for none. */
static int choose(const struct fit *f) {
    const struct mqc_fit_quality *of = f->report.of;
    int law = LAW_LINEAR, best = -1;
    const double linear = bic(f, &of[LAW_LINEAR]), proportional = bic(f, &of[LAW_PROPORTIONAL]);
    if (bic(f, &of[LAW_CONSTANT]) < linear)
        law = LAW_CONSTANT;
    if (proportional < bic(f, &of[law]) && !(proportional >= linear - strong_evidence))
        law = LAW_PROPORTIONAL;
    for (int i = 0; i < LAW_CONSTANT; i++)
        if (of[i].fitted && (best < 0 || bic(f, &of[i]) < bic(f, &of[best]) - 1e-6))
            best = i;
    if (of[law].fitted && (best < 0 || bic(f, &of[law]) < bic(f, &of[best])))
        best = law;
    return best;
}

/* A pulsed candidate takes the best of the three kinds of noise; those that are near the best of
 * all then try each other kind, which must be worth its parameter. */
static void judge_all(struct fit *f, int32_t model) {
    double least = INFINITY;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        if (!asked_for(model, i))
            continue;
        if (i >= LAW_CONSTANT)
            try_noise(f, i, 0);
        for (int kind = 1; kind <= 4 && i < LAW_CONSTANT; kind *= 2)
            try_noise(f, i, kind);
        least = fmin(least, bic(f, &f->report.of[i]));
    }
    for (int i = 0; i < LAW_CONSTANT; i++) {
        if (!asked_for(model, i) || bic(f, &f->report.of[i]) > least + near)
            continue;
        for (int kind = 1; kind <= 4; kind *= 2)
            if (!(f->noise[i] & kind))
                try_noise(f, i, f->noise[i] | kind);
    }
}

/* --- parameters of the device --- */

/* Values of keys of a part and, by linear propagation, their standard errors. */
static void read_part(struct fit *f, double *value, double *error) {
    struct mqc_fit_problem *p = f->problem;
    double moved[MQC_FIT_THETA], slope[MQC_FIT_MOST_FREE][KEYS] = {{0}}, other[KEYS] = {0};
    p->restricted = mqc_fit_is_quantized(p->candidate);
    if (p->restricted)
        mqc_fit_solve(p);
    mqc_fit_covariance(p);
    mqc_fit_keys(p, p->theta, value);
    for (int j = 0; j < p->n_free; j++) {
        const double h = 0.01 * sqrt(fmax(p->covariance[j][j], 0));
        memcpy(moved, p->theta, sizeof moved);
        moved[p->fitted[j]] += h;
        mqc_fit_keys(p, moved, other);
        for (int key = 0; key < KEYS && h > 0; key++)
            slope[j][key] = (other[key] - value[key]) / h;
    }
    for (int key = 0; key < KEYS; key++) {
        double variance = 0;
        for (int j = 0; j < p->n_free; j++)
            for (int k = 0; k < p->n_free; k++)
                variance += slope[j][key] * p->covariance[j][k] * slope[k][key];
        error[key] = sqrt(fmax(variance, 0));
    }
}

/* Conductances, steps and noise vary by log-normal factors: their spread is that of the logarithm.
 * */
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

/* One key over the devices; x and se are room for them. */
static void combine_key(struct fit *f, int32_t key, int32_t spread_key, double *x, double *se) {
    const size_t n = f->data.devices;
    int logs = spread_key != 0;
    double least = INFINITY;
    for (size_t d = 0; d < n; d++) {
        x[d] = f->value[d * KEYS + (size_t)key];
        se[d] = f->error[d * KEYS + (size_t)key];
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
    double *value = &f->value[key], *error = f->report.standard_error;
    *value = logs ? exp(s.mean + 0.5 * s.spread * s.spread) : s.mean;
    error[key] = logs ? *value * hypot(s.mean_se, s.spread * s.spread_se) : s.mean_se;
    if (!spread_key || !(*value > 0))
        return;
    double *spread = &f->value[spread_key];
    *spread = logs ? sqrt(expm1(s.spread * s.spread)) : s.spread / *value;
    error[spread_key] =
        logs ? (*spread > 0 ? exp(s.spread * s.spread) * s.spread / *spread : 1) * s.spread_se
             : s.spread_se / *value;
}

static memqc_status combine(struct fit *f, int32_t model) {
    const size_t n = f->data.devices;
    double *room = mqc_alloc(2 * n, sizeof *room);
    if (!room)
        return MEMQC_ERROR_NOMEM;
    for (int32_t key = 1; key < KEYS; key++) {
        int32_t spread = 0;
        int any = 0;
        for (size_t d = 0; d < n; d++)
            any |= f->value[d * KEYS + (size_t)key] != 0;
        if (!any || (key >= MEMQC_DEVICE_D2D_G_MAX && key <= MEMQC_DEVICE_D2D_NOISE))
            continue;
        for (size_t i = 0; i < sizeof varying / sizeof *varying; i++)
            if (varying[i].key == key && mqc_device_uses(model, varying[i].spread) &&
                !(key == MEMQC_DEVICE_STEP && model == MEMQC_DEVICE_QUANTIZED))
                spread = varying[i].spread;
        combine_key(f, key, spread, room, room + n);
    }
    mqc_free(room);
    return MEMQC_OK;
}

static memqc_status read_all(struct fit *f, int index, int32_t model) {
    const size_t n = parts(f, candidates[index]);
    for (size_t part = 0; part < n; part++) {
        if (!run_part(f, candidates[index], f->noise[index], part))
            return mqc_fail(MEMQC_ERROR_DATA, "memqc_device_fit: the fit to device %d fails",
                            (int)f->problem->rows->device);
        read_part(f, f->value + part * KEYS, f->error + part * KEYS);
    }
    if (n > 1)
        return combine(f, model);
    memcpy(f->report.standard_error, f->error, KEYS * sizeof *f->error);
    return MEMQC_OK;
}

/* Pulse numbers of the ramp and of the measured widths, for another number of levels than 32. */
static void scale_pulses(memqc_device *d, double levels) {
    double *v = d->value;
    v[MEMQC_DEVICE_STATES] = v[MEMQC_DEVICE_PULSES] = levels;
    v[MEMQC_DEVICE_PULSE_EARLY] = fmax(1, floor(v[MEMQC_DEVICE_PULSE_EARLY] * levels / 32));
    v[MEMQC_DEVICE_PULSE_LATE] = fmin(levels, ceil(v[MEMQC_DEVICE_PULSE_LATE] * levels / 32));
    v[MEMQC_DEVICE_RAMP_KNEE_PULSE] =
        fmin(fmax(2, rint(v[MEMQC_DEVICE_RAMP_KNEE_PULSE] * levels / 32)), levels - 1);
    v[MEMQC_DEVICE_K] = fmin(v[MEMQC_DEVICE_K], 1 / levels);
}

static void set_table(const struct fit *f, memqc_device *d) {
    const struct mqc_fit_problem *p = f->problem;
    for (int down = 0; down < 2; down++) {
        const int from = p->n_nodes[down] > 0 ? down : !down;
        d->table[down].n = p->n_nodes[from];
        for (int i = 0; i < p->n_nodes[from]; i++) {
            d->table[down].g[i] = (float)p->node_g[from][i];
            d->table[down].step[i] =
                (float)p->theta[MQC_FIT_NODES + from * MQC_FIT_TABLE_NODES + i];
        }
    }
}

/* Puts the fitted values into a device of the model, cut at the bounds of their table. */
static memqc_status build(const struct fit *f, memqc_device *d) {
    double *v = d->value;
    const int up = f->data.pulses[0] < 4, down = f->data.pulses[1] >= 4;
    for (int32_t key = 1; key < KEYS; key++) {
        const struct mqc_param *param = &mqc_device_params.param[key - 1];
        if (key != MEMQC_DEVICE_STEP && f->value[key] != 0)
            v[key] = fmin(fmax(f->value[key], param->min), param->max);
    }
    v[MEMQC_DEVICE_G_MIN] = fmax(f->value[MEMQC_DEVICE_G_MIN], 0);
    v[MEMQC_DEVICE_K] = f->value[MEMQC_DEVICE_K];
    if (d->ops->model == MEMQC_DEVICE_QUANTIZED) {
        scale_pulses(d, f->data.levels);
    } else if (d->ops->model == MEMQC_DEVICE_TABLE || d->ops->model == MEMQC_DEVICE_NEUROSIM) {
        v[MEMQC_DEVICE_PULSES_UP] = f->data.pulses[up];
        v[MEMQC_DEVICE_PULSES_DOWN] = f->data.pulses[down];
        v[MEMQC_DEVICE_STATES] = fmin(fmax(2, f->data.pulses[up] + 1), 4096);
    } else {
        const double states =
            (v[MEMQC_DEVICE_G_MAX] - v[MEMQC_DEVICE_G_MIN]) / f->value[MEMQC_DEVICE_STEP] + 1;
        v[MEMQC_DEVICE_STATES] = fmin(fmax(2, states), 4096);
    }
    if (d->ops->model == MEMQC_DEVICE_TABLE)
        set_table(f, d);
    return d->ops->prepare(d);
}

/* --- the public functions --- */

static int32_t model_of(int32_t candidate) {
    return mqc_fit_is_quantized(candidate) ? MEMQC_DEVICE_QUANTIZED : candidate;
}

static memqc_status fit_all(struct fit *f, int32_t model, memqc_device **device) {
    MQC_TRY(make_room(f));
    judge_all(f, model);
    const int best = choose(f);
    if (best < 0)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "memqc_device_fit: no model asked for describes these data: the quantized "
                        "one wants 3 .. 4096 levels along which the "
                        "conductance falls, a pulsed one 4 pulses of one direction");
    const int32_t chosen = model_of(candidates[best]);
    MQC_TRY(read_all(f, best, chosen));
    f->report.candidate = candidates[best];
    f->report.points = (double)f->data.points;
    f->report.cycles = (double)f->data.cycles;
    f->report.devices = (double)f->data.devices;
    MQC_TRY(memqc_device_create(chosen, device));
    MQC_TRY(build(f, *device));
    (*device)->fit = f->report;
    return MEMQC_OK;
}

static memqc_status check_model(int32_t model) {
    if (model == 0 || model == MEMQC_DEVICE_QUANTIZED)
        return MEMQC_OK;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++)
        if (model == candidates[i])
            return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "memqc_device_fit: model = %d; allowed is 0 (the best of all), %d .. %d, or %d "
                    ".. %d (the laws "
                    "of the quantized one)",
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
    struct fit fit;
    memqc_device *fitted = NULL;
    memset(&fit, 0, sizeof fit);
    memqc_status status = mqc_fit_data_make(&fit.data, n, device, cycle, pulse, direction, g);
    if (status == MEMQC_OK)
        status = fit_all(&fit, model, &fitted);
    release(&fit);
    if (status != MEMQC_OK)
        memqc_device_destroy(&fitted);
    *out = fitted;
    return status;
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
        return log(report->points) * q->parameters - 2 * q->log_likelihood;
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

memqc_status memqc_device_fit_value(const memqc_device *device, int32_t what, int32_t which,
                                    double *value) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(value);
    const struct mqc_fit_report *report = &device->fit;
    const double whole[] = {report->points, report->cycles, report->devices};
    if (what < MEMQC_DEVICE_FIT_STANDARD_ERROR || what > MEMQC_DEVICE_FIT_DEVICES)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: what = %d; allowed is %d .. %d", __func__,
                        (int)what, (int)MEMQC_DEVICE_FIT_STANDARD_ERROR,
                        (int)MEMQC_DEVICE_FIT_DEVICES);
    if (report->candidate == 0)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the device was not made by memqc_device_fit()",
                        __func__);
    if (what == MEMQC_DEVICE_FIT_STANDARD_ERROR) {
        MQC_TRY(mqc_params_known(&mqc_device_params, which));
        *value = report->standard_error[which];
        return MEMQC_OK;
    }
    if (what == MEMQC_DEVICE_FIT_CANDIDATE || what >= MEMQC_DEVICE_FIT_POINTS) {
        if (which != 0)
            return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: which = %d; with what = %d allowed is 0",
                            __func__, (int)which, (int)what);
        *value = what == MEMQC_DEVICE_FIT_CANDIDATE ? report->candidate
                                                    : whole[what - MEMQC_DEVICE_FIT_POINTS];
        return MEMQC_OK;
    }
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        if (candidates[i] != (which ? which : report->candidate))
            continue;
        if (!report->of[i].fitted)
            return mqc_fail(
                MEMQC_ERROR_STATE,
                "%s: the device was not fitted with candidate %d, or the data allow no such fit",
                __func__, (int)which);
        *value = quality(report, &report->of[i], what);
        return MEMQC_OK;
    }
    return mqc_fail(
        MEMQC_ERROR_ARGUMENT, "%s: which = %d is no candidate; allowed is 0, %d .. %d or %d .. %d",
        __func__, (int)which, (int)MEMQC_DEVICE_CONSTANT, (int)MEMQC_DEVICE_TABLE,
        (int)MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT, (int)MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL);
}
