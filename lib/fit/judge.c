/* SPDX-License-Identifier: BSD-3-Clause */
/* Every candidate on every device, judged by Bayes' information criterion. Called by fit.c. */
#include "fit/judge.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "fit/jumps.h"
#include "fit/levels.h"
#include "fit/parts.h"
#include "fit/posterior.h"
#include "fit/report.h"
#include "fit/robust.h"
#include "fit/spread.h"

#include <math.h>
#include <string.h>

/* A difference in BIC: Kass and Raftery, J. Am. Stat. Assoc. 90 (1995) 773. */
static const double strong_evidence = 6;
/* A candidate whose BIC is within this of the best is worth another look. */
static const double near = 30;
/* Residuals that alternate by less than so many standard errors do not tell of noise of the
 * measurement: to be worth its parameter it needs some three. */
static const double telling = 1, evident = 5;

memqc_status mqc_fit_work_make(struct mqc_fit_work *work) {
    const size_t n = work->data.n, devices = work->data.devices;
    work->problem = mqc_alloc(1, sizeof *work->problem);
    work->reals = mqc_alloc(n, (MQC_FIT_REALS + 2 * MQC_FIT_MOST_FREE) * sizeof *work->reals);
    work->residuals = mqc_alloc(n, sizeof *work->residuals);
    work->kept = mqc_alloc(n, MQC_FIT_CANDIDATES * sizeof *work->kept);
    work->steps = mqc_alloc(n, sizeof *work->steps);
    work->states = mqc_alloc(n, sizeof *work->states);
    work->value = mqc_alloc(devices, MQC_FIT_KEYS * sizeof *work->value);
    work->error = mqc_alloc(devices, MQC_FIT_KEYS * sizeof *work->error);
    work->influence = mqc_alloc(devices, MQC_FIT_KEYS * sizeof *work->influence);
    work->covariance = mqc_alloc(devices, MQC_FIT_TOLD * MQC_FIT_TOLD * sizeof(double));
    work->trial = mqc_alloc(devices, MQC_FIT_THETA * sizeof *work->trial);
    work->found = mqc_alloc(devices, MQC_FIT_CANDIDATES * MQC_FIT_THETA * sizeof *work->found);
    const int has_starts = work->trial && work->found;
    const int has_work = has_starts && work->problem && work->reals && work->steps && work->states;
    const int has_results = work->residuals && work->kept && work->value && work->error &&
                            work->influence && work->covariance;
    if (!has_work || !has_results)
        return MEMQC_ERROR_NOMEM;
    if (work->data.levels < 3 || work->data.levels > 4096)
        return MEMQC_OK;
    return mqc_fit_ladder_make(&work->data, &work->ladder);
}

void mqc_fit_work_free(struct mqc_fit_work *work) {
    void *const all[] = {work->problem,
                         work->reals,
                         work->residuals,
                         work->kept,
                         work->steps,
                         work->states,
                         work->value,
                         work->error,
                         work->influence,
                         work->covariance,
                         work->trial,
                         work->found,
                         work->memory.of[MQC_FIT_BETWEEN],
                         work->memory.of[MQC_FIT_WITHIN]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mqc_free(all[i]);
    mqc_fit_ladder_free(&work->ladder);
    mqc_fit_jumps_free(&work->jumps);
    mqc_fit_data_free(&work->data);
}

/* The window counts, whether it is free or read off the data; a drift does not that was taken out of
 * the data of the quantized candidates too. */
static double count_parameters(const struct mqc_fit_problem *problem) {
    int window = mqc_fit_is_quantized(problem->candidate) ? 0 : 2;
    for (int j = 0; j < problem->n_free && window > 0; j++) {
        const int which = problem->fitted[j];
        window -= which == MQC_FIT_HIGH || which == MQC_FIT_LOW || which == MQC_FIT_CLIP_HIGH ||
                  which == MQC_FIT_CLIP_LOW;
    }
    const int taken = (problem->noise & MQC_FIT_WITH_DRIFT) != 0 && problem->data->drift_taken != 0;
    return problem->n_free - taken + window;
}

/* What the n residuals say of a candidate, by the probability of a distance KS of so many. */
static struct mqc_fit_quality judge_residuals(struct mqc_fit_work *work, size_t n,
                                              double (*probability)(double, double),
                                              struct mqc_fit_quality quality) {
    const struct mqc_fit_quality none = {0};
    if (n == 0)
        return none;
    quality.fitted = 1;
    work->n_residuals = n;
    work->alternation = mqc_fit_alternation(n, work->residuals);
    mqc_sort_values(n, work->residuals);
    quality.ks = mqc_fit_distance(n, work->residuals);
    quality.ks_p = probability(quality.ks, (double)n);
    return quality;
}

/* Levels that may as well be even are left to the laws of even ones, unless they are asked for.
 * Ladders are many kinds, so the difference in BIC must be strong evidence; and since one ladder
 * stands for all devices, of which the others are fitted one by one, it is compared with even
 * ladders of the same devices. */
static struct mqc_fit_quality judge_levels(struct mqc_fit_work *work) {
    struct mqc_fit_quality quality = {0}, none = {0};
    size_t n = 0;
    /* Repeated readings of one pulse are not independent of each other. */
    if (work->ladder && !work->data.repeated)
        quality = mqc_fit_levels_judge(work->ladder, work->residuals, &n);
    if (n > 0 && work->model != MEMQC_DEVICE_FIT_QUANTIZED_LEVELS &&
        !(work->ladder->bic < work->ladder->even_bic - strong_evidence))
        return none;
    if (n == 0 || !work->ladder->shaped)
        return judge_residuals(work, n, mqc_fit_lilliefors, quality);
    work->n_residuals = n; /* of held-out cycles, which have judged it */
    work->alternation = 0;
    return quality;
}

/* Held-out residuals, of which nothing was fitted. */
static struct mqc_fit_quality judge_jumps(struct mqc_fit_work *work) {
    struct mqc_fit_quality quality = {0};
    size_t n = 0;
    if (!work->jumps)
        return quality;
    quality = mqc_fit_jumps_judge(work->jumps, work->residuals, &n);
    return judge_residuals(work, n, mqc_fit_kolmogorov, quality);
}

static struct mqc_fit_quality judge_one(struct mqc_fit_work *work, int index, int noise) {
    const int32_t candidate = mqc_fit_candidates[index];
    struct mqc_fit_quality quality = {0}, none = {0};
    size_t n = 0;
    if (candidate == MEMQC_DEVICE_FIT_QUANTIZED_LEVELS)
        return judge_levels(work);
    if (candidate == MEMQC_DEVICE_JUMPS)
        return judge_jumps(work);
    for (size_t part = 0; part < mqc_fit_parts(work, candidate); part++) {
        if (!mqc_fit_part(work, index, noise, part))
            return none;
        quality.log_likelihood += work->problem->log_likelihood;
        quality.parameters += count_parameters(work->problem);
        quality.outliers += (double)work->problem->outliers;
        quality.at_bounds += (double)work->problem->censored;
        n += mqc_fit_residuals(work->problem, work->residuals + n);
    }
    return judge_residuals(work, n, mqc_fit_lilliefors, quality);
}

/* The residuals of the last fit are those of the candidate in a place. */
static void keep_residuals(struct mqc_fit_work *work, int index) {
    float *const kept = work->kept + (size_t)index * work->data.n;
    for (size_t i = 0; i < work->n_residuals; i++)
        kept[i] = (float)work->residuals[i];
    work->n_kept[index] = work->n_residuals;
}

static double bic(const struct mqc_fit_work *work, const struct mqc_fit_quality *quality) {
    return mqc_fit_bic((double)work->data.points, quality);
}

static void try_noise(struct mqc_fit_work *work, int index, int noise) {
    const struct mqc_fit_quality quality = judge_one(work, index, noise);
    const int measured = (noise & MQC_FIT_MEASURED) != 0;
    if (quality.fitted && !work->found_noise[index])
        mqc_fit_keep(work, index, noise);
    if (quality.fitted && bic(work, &quality) < work->bic[index][measured]) {
        work->bic[index][measured] = bic(work, &quality);
        if (!measured)
            work->alternations[index] = work->alternation;
    }
    if (bic(work, &quality) < bic(work, &work->report.of[index]) - 1e-3) {
        work->report.of[index] = quality;
        work->noise[index] = noise;
        work->best_alternation = work->alternation;
        keep_residuals(work, index);
        mqc_fit_keep(work, index, noise);
    }
}

static int asked_for(int32_t model, int index) {
    return model == MEMQC_DEVICE_FIT_BEST || model == mqc_fit_candidates[index] ||
           (model == MEMQC_DEVICE_QUANTIZED && index >= MQC_FIT_LAW_CONSTANT);
}

static memqc_status tell(const struct mqc_fit_work *work, double done, double total) {
    const double at[] = {
        [MEMQC_PROGRESS_PHASE] = MEMQC_PHASE_FIT,
        [MEMQC_PROGRESS_DONE] = done,
        [MEMQC_PROGRESS_TOTAL] = total,
        [MEMQC_PROGRESS_EPOCH] = 0,
        [MEMQC_PROGRESS_LOSS] = NAN,
        [MEMQC_PROGRESS_ACCURACY] = NAN,
    };
    if (!work->progress || work->progress(work->user, at, sizeof at / sizeof *at) == 0)
        return MEMQC_OK;
    return mqc_fail(MEMQC_STOPPED,
                    "memqc_device_fit: stopped by the progress function after %g of %g candidates",
                    done, total);
}

/* Repeated readings: every candidate has noise of the measurement. Which of its kinds, the BIC
 * tells. */
static void try_repeated(struct mqc_fit_work *work, int index) {
    const int read = MQC_FIT_WITH_READ, relative = MQC_FIT_WITH_READ_RELATIVE;
    if (index >= MQC_FIT_LAW_CONSTANT)
        try_noise(work, index, read);
    for (int kind = 1; kind <= MQC_FIT_WITH_STEPWISE && index < MQC_FIT_LAW_CONSTANT; kind *= 2)
        try_noise(work, index, kind | read);
    const int pulse = work->noise[index] & ~MQC_FIT_MEASURED;
    try_noise(work, index, pulse | relative);
    try_noise(work, index, pulse | read | relative);
    try_noise(work, index, work->noise[index] | MQC_FIT_WITH_SLOW);
}

/* Noise of the measurement, with its slow part and with other kinds of pulse noise where it is
 * there at all. Each must be worth its parameters. Where it is evident the slow part comes first, since
 * without it the noise of the pulses would take its place, and with that the course would be lost. */
static void try_measured(struct mqc_fit_work *work, int index) {
    const int plain = MQC_FIT_WITH_ABSOLUTE | MQC_FIT_WITH_READ, read = MQC_FIT_WITH_READ;
    const int is_evident = work->best_alternation > evident;
    if (!is_evident)
        try_noise(work, index, plain);
    if (!is_evident && !(work->noise[index] & read))
        return;
    try_noise(work, index, plain | MQC_FIT_WITH_SLOW);
    if (is_evident)
        try_noise(work, index, plain);
    if (!(work->noise[index] & read))
        return;
    const int slow = work->noise[index] & MQC_FIT_WITH_SLOW;
    try_noise(work, index, MQC_FIT_WITH_RELATIVE | read | slow);
    try_noise(work, index, MQC_FIT_WITH_STEPWISE | read | slow);
    if (mqc_fit_candidates[index] == MEMQC_DEVICE_TABLE && mqc_fit_is_coarse(work, index))
        try_noise(work, index, work->noise[index] | MQC_FIT_FEW_NODES);
}

/* One reading a pulse. */
static void try_once(struct mqc_fit_work *work, int index) {
    if (index >= MQC_FIT_LAW_CONSTANT)
        try_noise(work, index, 0);
    for (int kind = 1; kind <= MQC_FIT_WITH_STEPWISE && index < MQC_FIT_LAW_CONSTANT; kind *= 2)
        try_noise(work, index, kind);
    if (index < MQC_FIT_LAW_CONSTANT && work->best_alternation > telling)
        try_measured(work, index);
}

/* Repeated readings of one pulse are not independent of each other, as of levels. */
static memqc_status try_jumps(struct mqc_fit_work *work) {
    mqc_fit_jumps_free(&work->jumps);
    if (work->data.repeated)
        return MEMQC_OK;
    MQC_TRY(mqc_fit_jumps_make(&work->data, &work->jumps));
    try_noise(work, MQC_FIT_JUMPS, 0);
    return MEMQC_OK;
}

/* Candidates that are near the best of all try each other kind of noise, which must be worth its
 * parameter. */
static void try_more_noise(struct mqc_fit_work *work, int32_t model, double least) {
    for (int i = 0; i < MQC_FIT_LAW_CONSTANT; i++) {
        if (!asked_for(model, i) || i == MQC_FIT_JUMPS ||
            bic(work, &work->report.of[i]) > least + near)
            continue;
        for (int kind = 1; kind <= MQC_FIT_WITH_STEPWISE; kind *= 2)
            if (!(work->noise[i] & kind))
                try_noise(work, i, work->noise[i] | kind);
        if (work->noise[i] & MQC_FIT_WITH_READ)
            try_noise(work, i, work->noise[i] | MQC_FIT_WITH_READ_RELATIVE);
    }
}

/* Does a pulsed candidate say that the conductances drift, whatever its noise is? Twice the gain in
 * log-likelihood is chi-squared of a degree of freedom a device: the limit is exceeded with a probability
 * below 1e-4 (Laurent and Massart, Ann. Stat. 28 (2000) 1302, lemma 1). */
static int says_drift(struct mqc_fit_work *work, int index) {
    const double d = (double)work->data.devices, limit = d + 2 * sqrt(d * 9.21) + 2 * 9.21;
    const int measured = work->noise[index] & MQC_FIT_MEASURED;
    for (int kind = 0; kind <= MQC_FIT_WITH_STEPWISE; kind = kind ? 2 * kind : 1) {
        const int noise = kind ? kind | measured : work->noise[index];
        const struct mqc_fit_quality quality = judge_one(work, index, noise | MQC_FIT_WITH_DRIFT);
        const double gain = quality.log_likelihood - work->report.of[index].log_likelihood;
        if (quality.fitted && 2 * gain > limit)
            return 1;
    }
    return 0;
}

/* A drift that the ratios of the readings did not tell for certain. */
static int finds_drift(struct mqc_fit_work *work, double least) {
    int any = 0;
    for (size_t i = 0; i < work->data.n; i++)
        any |= work->data.rows[i].place != 0;
    if (!any || work->data.drifts)
        return 0;
    for (int i = 0; i < MQC_FIT_LAW_CONSTANT; i++)
        if (work->report.of[i].fitted && i != MQC_FIT_JUMPS &&
            bic(work, &work->report.of[i]) <= least + near && says_drift(work, i))
            return 1;
    return 0;
}

/* A pulsed candidate takes the best of the three kinds of pulse noise, with or without noise of the
 * measurement. */
static memqc_status judge_all(struct mqc_fit_work *work, int32_t model, double *least) {
    double done = 0, total = 0;
    *least = INFINITY;
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        const struct mqc_fit_quality none = {0};
        total += asked_for(model, i);
        work->bic[i][0] = work->bic[i][1] = INFINITY;
        work->report.of[i] = none;
        work->found_noise[i] = 0;
    }
    for (int i = 0; i < MQC_FIT_CANDIDATES; i++) {
        if (!asked_for(model, i))
            continue;
        if (i == MQC_FIT_JUMPS)
            MQC_TRY(try_jumps(work));
        else if (work->data.repeated)
            try_repeated(work, i);
        else
            try_once(work, i);
        *least = fmin(*least, bic(work, &work->report.of[i]));
        MQC_TRY(tell(work, ++done, total));
    }
    try_more_noise(work, model, *least);
    return MEMQC_OK;
}

memqc_status mqc_fit_judge(struct mqc_fit_work *work, int32_t model) {
    double least;
    work->model = model;
    MQC_TRY(judge_all(work, model, &least));
    if (!finds_drift(work, least))
        return MEMQC_OK;
    work->data.drifts = 1;
    return judge_all(work, model, &least);
}
