/* SPDX-License-Identifier: BSD-3-Clause */
/* Outliers. A first fit with the heavy tails of Student's t finds parameters that gross errors do
 * not move; points beyond c standard deviations of those are then left out, and the rest is fitted
 * by maximum likelihood, until nothing changes. c is such that in 19 of 20 clean sets of data no
 * point is left out at all, so that estimates and errors of clean data are those of maximum
 * likelihood. */
#include "fit/robust.h"
#include "core/order.h"
#include "fit/filter.h"
#include "fit/models.h"
#include "fit/solve.h"
#include "fit/spread.h"
#include "fit/start.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 10 };

/* In log-likelihood: a difference in BIC of 6. */
static const double strong_evidence = 3;
static const double most_outliers = 0.2; /* part of the points */

double mqc_fit_cut(size_t n) {
    double low = 2, high = 10;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        if ((double)n * erfc(middle * 0.70710678118654752) > 0.05)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double residual(const struct mqc_fit_problem *problem, size_t i, double before,
                       int32_t steps) {
    double mean, sd;
    mqc_fit_predict(problem, problem->theta, i, before, steps, &mean, &sd);
    return (problem->rows[i].g - mean) / sd;
}

/* Does a row that does not fit look misread, rather than jumped to? The next row tells: it goes on
 * from this one, or from the one before. */
static int misread(const struct mqc_fit_problem *problem, size_t i) {
    const struct mqc_fit_row *next = &problem->rows[i + 1];
    if (i + 1 >= problem->n || next->gap == 0 || next->direction != problem->rows[i].direction ||
        problem->steps[i] + next->gap > MQC_FIT_LONGEST_GAP)
        return 0;
    return fabs(residual(problem, i + 1, problem->before[i], problem->steps[i] + next->gap)) <
           fabs(residual(problem, i + 1, problem->rows[i].g, next->gap));
}

/* Points beyond limit standard deviations; returns how many. */
static size_t classify_beyond(struct mqc_fit_problem *problem, double limit) {
    const int quantized = mqc_fit_is_quantized(problem->candidate);
    const double slack = MQC_FIT_SLACK * problem->data->range;
    size_t count = 0, skip = 0; /* skip: this row goes on from before the last one */
    for (size_t i = 0; i < problem->n; i++) {
        const struct mqc_fit_row *row = &problem->rows[i];
        if (row->gap == 0) {
            problem->state[i] = MQC_FIT_FIRST;
            problem->before[i] = row->g;
            problem->steps[i] = 0;
            skip = 0;
            continue;
        }
        problem->before[i] = skip ? problem->before[i - 1] : row[-1].g;
        problem->steps[i] = skip ? problem->steps[i - 1] + row->gap : row->gap;
        skip = 0;
        const double r = residual(problem, i, problem->before[i], problem->steps[i]),
                     g = mqc_fit_steady(problem, i);
        const int low = quantized ? g <= 0 && !problem->data->goes_below
                                  : problem->pinned[1] && g <= problem->bottom + slack;
        const int high = !quantized && problem->pinned[0] && g >= problem->top - slack;
        problem->state[i] = (unsigned char)(low ? MQC_FIT_AT_LOW : MQC_FIT_USED);
        int is_outlier = !(fabs(r) < limit);
        if (low) { /* a prediction beyond a bound is no surprise there */
            is_outlier = r < -limit;
        } else if (high) {
            problem->state[i] = MQC_FIT_AT_HIGH;
            is_outlier = r > limit;
        }
        if (is_outlier) {
            problem->state[i] = MQC_FIT_OUTLIER;
            count++;
            skip = !quantized && misread(problem, i);
        }
    }
    return count;
}

static void classify(struct mqc_fit_problem *problem) {
    double limit = mqc_fit_cut(problem->n);
    while (problem->outliers = mqc_fit_is_filtered(problem)
                                   ? mqc_fit_filter_classify(problem, limit)
                                   : classify_beyond(problem, limit),
           (double)problem->outliers > most_outliers * (double)problem->n && limit < 1e6)
        limit *= 1.5;
    problem->censored = 0;
    for (size_t i = 0; i < problem->n; i++)
        problem->censored +=
            problem->state[i] == MQC_FIT_AT_LOW || problem->state[i] == MQC_FIT_AT_HIGH;
}

/* Is it a first row from which the next one does not go on? One of the two is misread. */
static int is_lost(const struct mqc_fit_problem *problem, size_t i) {
    return problem->state[i] == MQC_FIT_FIRST && i + 1 < problem->n &&
           problem->state[i + 1] == MQC_FIT_OUTLIER;
}

/* Range of the rows that are no outliers, and whether several of them stand exactly at its ends:
 * then those are the bounds of the device. In coarse data, where many values are equal, that means
 * nothing. */
static void find_window(struct mqc_fit_problem *problem) {
    size_t n = 0, distinct = 1, top = 0, bottom = 0;
    for (size_t i = 0; i < problem->n; i++)
        if (problem->state[i] != MQC_FIT_OUTLIER && !is_lost(problem, i))
            problem->values[n++] = mqc_fit_steady(problem, i);
    mqc_sort_values(n, problem->values);
    problem->bottom = fmax(problem->values[0], 0);
    problem->top = problem->values[n - 1];
    const double slack = MQC_FIT_SLACK * problem->data->range;
    for (size_t i = 0; i < n; i++) {
        top += problem->values[i] >= problem->top - slack;
        bottom += fabs(problem->values[i] - problem->bottom) <= slack;
        distinct += i > 0 && problem->values[i] > problem->values[i - 1] + slack;
    }
    /* Repeated readings that differ come from an instrument that is not at a stop. */
    const int fine = !problem->data->repeated && distinct + top + bottom > n / 2;
    problem->pinned[0] = fine && top >= 4;
    problem->pinned[1] = fine && bottom >= 4;
}

static double middle_of(double a, double b, double c) {
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Before any model: single rows that stand out from both of their neighbours. */
static void find_spikes(struct mqc_fit_problem *problem) {
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        double typical = 0;
        if (pass) {
            mqc_sort_values(n, problem->values);
            typical = n ? problem->values[n / 2] : 0;
        }
        for (size_t i = 0; i < problem->n; i++) {
            const struct mqc_fit_row *row = &problem->rows[i];
            const int begins = mqc_fit_begins(row);
            const int inner = !begins && i + 1 < problem->n && !mqc_fit_begins(&row[1]);
            const double off = inner ? fabs(row->g - middle_of(row[-1].g, row->g, row[1].g)) : 0;
            if (!pass) {
                problem->before[i] = begins ? row->g : row[-1].g;
                problem->steps[i] = row->gap;
                problem->state[i] = (unsigned char)(begins ? MQC_FIT_FIRST : MQC_FIT_USED);
                if (off > 0)
                    problem->values[n++] = off;
            } else if (!begins && typical > 0 && n > problem->n / 20 && off > 15 * typical)
                problem->state[i] = MQC_FIT_OUTLIER;
        }
    }
}

static void set_edge(struct mqc_fit_problem *problem, int upper, double edge) {
    const int which = upper ? MQC_FIT_HIGH : MQC_FIT_LOW;
    double *limit = upper ? &problem->least[which] : &problem->most[which];
    const int is_fixed = problem->least[which] == problem->most[which];
    *limit = edge;
    if (is_fixed)
        problem->least[which] = problem->most[which] = edge;
    problem->theta[which] =
        fmin(fmax(problem->theta[which], problem->least[which]), problem->most[which]);
}

/* The window of the rows that are no outliers. Is it another one than before? */
static int find_other_window(struct mqc_fit_problem *problem) {
    const double top = problem->top, bottom = problem->bottom;
    find_window(problem);
    if (top == problem->top && bottom == problem->bottom)
        return 0;
    set_edge(problem, 1, problem->top);
    set_edge(problem, 0, problem->bottom);
    return 1;
}

/* Noisy readings go beyond the window: a bound that the likelihood does not tell is that of the
 * states. Has it moved? */
static int move_window(struct mqc_fit_problem *problem) {
    double low, high;
    mqc_fit_filter_reach(problem, &low, &high);
    if (!(high > low))
        return 0;
    int moved = 0;
    for (int upper = 0; upper < 2; upper++) {
        const int which = upper ? MQC_FIT_HIGH : MQC_FIT_LOW;
        if (problem->least[which] != problem->most[which])
            continue;
        set_edge(problem, upper, upper ? high : low);
        moved = 1;
    }
    return moved;
}

/* Solves and classifies in turn. */
static int settle(struct mqc_fit_problem *problem) {
    for (int round = 0; round < ROUNDS; round++) {
        const size_t outliers = problem->outliers;
        classify(problem);
        const int moved = round == 1 && mqc_fit_is_filtered(problem) &&
                          !mqc_fit_is_quantized(problem->candidate) && move_window(problem);
        if (round > 0 && problem->outliers == outliers && !moved)
            break;
        if (!mqc_fit_is_filtered(problem) && !mqc_fit_is_quantized(problem->candidate) &&
            find_other_window(problem))
            classify(problem);
        mqc_fit_solve(problem);
    }
    problem->log_likelihood = mqc_fit_log_likelihood(problem, problem->theta);
    return isfinite(problem->log_likelihood);
}

/* Rows on a bound say little of steps: starting values come from the others. */
static void set_aside(struct mqc_fit_problem *problem) {
    const double slack = MQC_FIT_SLACK * problem->data->range;
    for (size_t i = 0; i < problem->n && !mqc_fit_is_quantized(problem->candidate); i++) {
        if (problem->state[i] == MQC_FIT_USED && problem->pinned[0] &&
            problem->rows[i].g >= problem->top - slack)
            problem->state[i] = MQC_FIT_AT_HIGH;
        if (problem->state[i] == MQC_FIT_USED && problem->pinned[1] &&
            problem->rows[i].g <= problem->bottom + slack)
            problem->state[i] = MQC_FIT_AT_LOW;
    }
}

/* Goes on from another fit of the candidate, with other kinds of noise. */
static int run_from(struct mqc_fit_problem *problem) {
    find_spikes(problem);
    find_window(problem);
    set_aside(problem);
    if (!mqc_fit_start(problem, 0))
        return 0;
    mqc_fit_start_from(problem);
    return settle(problem);
}

static int run(struct mqc_fit_problem *problem, int attempt) {
    static const int scales[] = {MQC_FIT_ABSOLUTE, MQC_FIT_RELATIVE,      MQC_FIT_STEPWISE,
                                 MQC_FIT_READ,     MQC_FIT_READ_RELATIVE, MQC_FIT_SLOW};
    enum { PULSE = 3, SCALES = sizeof scales / sizeof *scales };
    /* From the scale of t with 4 degrees of freedom to the sd of normal data. */
    const double wider = 1.2;
    find_spikes(problem);
    find_window(problem);
    set_aside(problem);
    if (!mqc_fit_start(problem, attempt))
        return 0;
    problem->robust = 1;
    mqc_fit_solve(problem);
    problem->robust = 0;
    if (mqc_fit_is_quantized(problem->candidate))
        problem->theta[MQC_FIT_SIGMA] *= wider;
    /* The first three are other parameters of the quantized candidates. */
    for (int s = mqc_fit_is_quantized(problem->candidate) ? PULSE : 0; s < SCALES; s++)
        problem->theta[scales[s]] *= wider;
    return settle(problem);
}

/* Noisy readings hide the shape of a course where many parameters would follow the noise: they begin from
 * a straight line, which cannot. */
static void find_line(struct mqc_fit_problem *problem) {
    const int32_t candidate = problem->candidate;
    const int has_line = mqc_fit_is_quantized(candidate) || candidate == MEMQC_DEVICE_CONSTANT ||
                         candidate == MEMQC_DEVICE_LINEAR || candidate == MEMQC_DEVICE_SOFT_BOUNDS;
    if (has_line || problem->line || !mqc_fit_is_filtered(problem))
        return;
    problem->candidate = MEMQC_DEVICE_LINEAR;
    const int found = run(problem, 0);
    problem->candidate = candidate;
    if (!found)
        return;
    memcpy(problem->line_found, problem->theta, sizeof problem->line_found);
    problem->line = problem->line_found;
}

/* A slow part that would wander for longer than mqc_fit_most_correlation() lets it needs strong
 * evidence. */
static void lengthen(struct mqc_fit_problem *problem) {
    const double cap = problem->most[MQC_FIT_CORRELATION];
    if (!(problem->noise & MQC_FIT_WITH_SLOW) || problem->theta[MQC_FIT_CORRELATION] < cap ||
        cap >= MQC_FIT_LONGEST_CORRELATION)
        return;
    const struct mqc_fit_problem before = *problem;
    problem->most[MQC_FIT_CORRELATION] = MQC_FIT_LONGEST_CORRELATION;
    problem->theta[MQC_FIT_CORRELATION] = 0.5 * (cap + MQC_FIT_LONGEST_CORRELATION);
    if (settle(problem) && problem->log_likelihood > before.log_likelihood + strong_evidence)
        return;
    *problem = before;
    classify(problem);
}

static int run_best(struct mqc_fit_problem *problem) {
    const int attempts = mqc_fit_attempts(problem->candidate);
    double best = -INFINITY;
    int best_attempt = -1;
    find_line(problem);
    for (int attempt = 0; attempt < attempts; attempt++) {
        if (run(problem, attempt) && problem->log_likelihood > best) {
            best = problem->log_likelihood;
            best_attempt = attempt;
        }
    }
    if (best_attempt >= 0 && best_attempt != attempts - 1)
        run(problem, best_attempt);
    return best_attempt >= 0;
}

int mqc_fit_run(struct mqc_fit_problem *problem) {
    problem->rough = mqc_fit_is_filtered(problem) && !mqc_fit_is_quantized(problem->candidate);
    const int found = problem->from ? run_from(problem) : run_best(problem);
    if (found)
        lengthen(problem);
    problem->rough = 0;
    return found;
}

double mqc_fit_uniform(size_t row) {
    const struct mqc_rng rng = mqc_rng_make(0, MQC_STREAM_RESIDUAL);
    float uniform;
    mqc_rng_kernels()->uniform(&rng, (uint64_t)row, 0, 1, &uniform);
    return (double)uniform;
}

double mqc_fit_residual_beyond(size_t row, double sign, double r) {
    const double beyond = 0.5 * erfc(sign * r * 0.70710678118654752);
    return sign * mqc_fit_exceeded(beyond * (1 - mqc_fit_uniform(row)));
}

static double residual_beyond(const struct mqc_fit_problem *problem, size_t i, double r) {
    const double sign = problem->state[i] == MQC_FIT_AT_HIGH ? 1 : -1;
    return mqc_fit_residual_beyond((size_t)(problem->rows - problem->data->rows) + i, sign, r);
}

size_t mqc_fit_residuals(struct mqc_fit_problem *problem, double *values) {
    size_t n = 0;
    const int filtered = mqc_fit_is_filtered(problem);
    if (filtered)
        mqc_fit_filter(problem, problem->theta, problem->mean, problem->log_sd);
    for (size_t i = 0; i < problem->n; i++) {
        if (problem->state[i] == MQC_FIT_FIRST || problem->state[i] == MQC_FIT_OUTLIER)
            continue;
        if (filtered) {
            values[n++] = (problem->rows[i].g - problem->mean[i]) * exp(-problem->log_sd[i]);
            continue;
        }
        const double r = residual(problem, i, problem->before[i], problem->steps[i]);
        values[n++] = problem->state[i] == MQC_FIT_USED ? r : residual_beyond(problem, i, r);
    }
    return n;
}
