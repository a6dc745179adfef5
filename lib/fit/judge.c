/* SPDX-License-Identifier: BSD-3-Clause */
/* Every candidate on every device, judged by Bayes' information criterion. Called by fit.c. */
#include "fit/judge.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "fit/report.h"
#include "fit/robust.h"
#include "fit/spread.h"

#include <math.h>
#include <string.h>

/* A difference in BIC: Kass and Raftery, J. Am. Stat. Assoc. 90 (1995) 773. */
static const double strong_evidence = 6;
/* A candidate whose BIC is within this of the best is worth another look. */
static const double near = 30;

enum { REALS = 4 }; /* arrays of n reals that a problem wants, beside its slopes */

memqc_status mqc_fit_work_make(struct mqc_fit_work *f) {
    const size_t n = f->data.n, devices = f->data.devices;
    f->problem = mqc_alloc(1, sizeof *f->problem);
    f->reals = mqc_alloc(n, (REALS + 2 * MQC_FIT_MOST_FREE) * sizeof *f->reals);
    f->residuals = mqc_alloc(n, sizeof *f->residuals);
    f->steps = mqc_alloc(n, sizeof *f->steps);
    f->states = mqc_alloc(n, sizeof *f->states);
    f->value = mqc_alloc(devices, MQC_FIT_KEYS * sizeof *f->value);
    f->error = mqc_alloc(devices, MQC_FIT_KEYS * sizeof *f->error);
    const int has_work = f->problem && f->reals && f->steps && f->states;
    const int has_results = f->residuals && f->value && f->error;
    return has_work && has_results ? MEMQC_OK : MEMQC_ERROR_NOMEM;
}

void mqc_fit_work_free(struct mqc_fit_work *f) {
    void *const all[] = {f->problem, f->reals, f->residuals, f->steps,
                         f->states,  f->value, f->error};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mqc_free(all[i]);
    mqc_fit_data_free(&f->data);
}

/* TABLE has too many parameters to be fitted to each device. */
size_t mqc_fit_parts(const struct mqc_fit_work *f, int32_t candidate) {
    return candidate == MEMQC_DEVICE_TABLE ? 1 : f->data.devices;
}

int mqc_fit_part(struct mqc_fit_work *f, int32_t candidate, int noise, size_t part) {
    struct mqc_fit_problem *p = f->problem;
    const int pooled = candidate == MEMQC_DEVICE_TABLE;
    const size_t first = pooled ? 0 : f->data.start[part];
    const size_t n = pooled ? f->data.n : f->data.start[part + 1] - first;
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

static struct mqc_fit_quality judge_one(struct mqc_fit_work *f, int32_t candidate, int noise) {
    struct mqc_fit_quality q = {0}, none = {0};
    size_t n = 0;
    for (size_t part = 0; part < mqc_fit_parts(f, candidate); part++) {
        if (!mqc_fit_part(f, candidate, noise, part))
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

static double bic(const struct mqc_fit_work *f, const struct mqc_fit_quality *q) {
    return mqc_fit_bic((double)f->data.points, q);
}

static void try_noise(struct mqc_fit_work *f, int index, int noise) {
    const struct mqc_fit_quality q = judge_one(f, mqc_fit_candidates[index], noise);
    if (bic(f, &q) < bic(f, &f->report.of[index]) - 1e-3) {
        f->report.of[index] = q;
        f->noise[index] = noise;
    }
}

static int asked_for(int32_t model, int index) {
    return model == MEMQC_DEVICE_FIT_BEST || model == mqc_fit_candidates[index] ||
           (model == MEMQC_DEVICE_QUANTIZED && index >= MQC_FIT_LAW_CONSTANT);
}

int mqc_fit_choose(const struct mqc_fit_work *f) {
    const struct mqc_fit_quality *of = f->report.of;
    int law = MQC_FIT_LAW_LINEAR, best = -1;
    const double linear = bic(f, &of[MQC_FIT_LAW_LINEAR]);
    const double proportional = bic(f, &of[MQC_FIT_LAW_PROPORTIONAL]);
    if (bic(f, &of[MQC_FIT_LAW_CONSTANT]) < linear)
        law = MQC_FIT_LAW_CONSTANT;
    if (proportional < bic(f, &of[law]) && !(proportional >= linear - strong_evidence))
        law = MQC_FIT_LAW_PROPORTIONAL;
    for (int i = 0; i < MQC_FIT_LAW_CONSTANT; i++)
        if (of[i].fitted && (best < 0 || bic(f, &of[i]) < bic(f, &of[best]) - 1e-6))
            best = i;
    if (of[law].fitted && (best < 0 || bic(f, &of[law]) < bic(f, &of[best])))
        best = law;
    return best;
}

static memqc_status tell(const struct mqc_fit_work *f, double done, double total) {
    const double at[] = {
        [MEMQC_PROGRESS_PHASE] = MEMQC_PHASE_FIT,
        [MEMQC_PROGRESS_DONE] = done,
        [MEMQC_PROGRESS_TOTAL] = total,
        [MEMQC_PROGRESS_EPOCH] = 0,
        [MEMQC_PROGRESS_LOSS] = NAN,
        [MEMQC_PROGRESS_ACCURACY] = NAN,
    };
    if (!f->progress || f->progress(f->user, at, sizeof at / sizeof *at) == 0)
        return MEMQC_OK;
    return mqc_fail(MEMQC_STOPPED,
                    "memqc_device_fit: stopped by the progress function after %g of %g candidates",
                    done, total);
}

/* A pulsed candidate takes the best of the three kinds of noise; those that are near the best of
 * all then try each other kind, which must be worth its parameter. */
memqc_status mqc_fit_judge(struct mqc_fit_work *f, int32_t model) {
    double least = INFINITY, done = 0, total = 0;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++)
        total += asked_for(model, i);
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        if (!asked_for(model, i))
            continue;
        if (i >= MQC_FIT_LAW_CONSTANT)
            try_noise(f, i, 0);
        for (int kind = 1; kind <= 4 && i < MQC_FIT_LAW_CONSTANT; kind *= 2)
            try_noise(f, i, kind);
        least = fmin(least, bic(f, &f->report.of[i]));
        MQC_TRY(tell(f, ++done, total));
    }
    for (int i = 0; i < MQC_FIT_LAW_CONSTANT; i++) {
        if (!asked_for(model, i) || bic(f, &f->report.of[i]) > least + near)
            continue;
        for (int kind = 1; kind <= 4; kind *= 2)
            if (!(f->noise[i] & kind))
                try_noise(f, i, f->noise[i] | kind);
    }
    return MEMQC_OK;
}
