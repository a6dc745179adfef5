/* SPDX-License-Identifier: BSD-3-Clause */
/* Outliers. A first fit with the heavy tails of Student's t finds parameters that gross errors do
 * not move; points beyond c standard deviations of those are then left out, and the rest is fitted
 * by maximum likelihood, until nothing changes. c is such that in 19 of 20 clean sets of data no
 * point is left out at all, so that estimates and errors of clean data are those of maximum
 * likelihood. */
#include "fit/robust.h"
#include "core/order.h"
#include "fit/models.h"
#include "fit/solve.h"
#include "fit/start.h"

#include <math.h>

enum { ROUNDS = 10 };

static const double most_outliers = 0.2; /* part of the points */

/* c of n points: n erfc(c / sqrt(2)) = 0.05. */
static double cut(size_t n) {
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

static double residual(const struct mqc_fit_problem *p, size_t i, double before, int32_t steps) {
    double mean, sd;
    mqc_fit_predict(p, p->theta, i, before, steps, &mean, &sd);
    return (p->rows[i].g - mean) / sd;
}

/* Does a row that does not fit look misread, rather than jumped to? The next row tells: it goes on
 * from this one, or from the one before. */
static int misread(const struct mqc_fit_problem *p, size_t i) {
    const struct mqc_fit_row *next = &p->rows[i + 1];
    if (i + 1 >= p->n || next->gap == 0 || next->direction != p->rows[i].direction ||
        p->steps[i] + next->gap > MQC_FIT_LONGEST_GAP)
        return 0;
    return fabs(residual(p, i + 1, p->before[i], p->steps[i] + next->gap)) <
           fabs(residual(p, i + 1, p->rows[i].g, next->gap));
}

/* Points beyond limit standard deviations; returns how many. */
static size_t classify_beyond(struct mqc_fit_problem *p, double limit) {
    const int quantized = mqc_fit_is_quantized(p->candidate);
    const double slack = MQC_FIT_SLACK * p->data->range;
    size_t count = 0, skip = 0; /* skip: this row goes on from before the last one */
    for (size_t i = 0; i < p->n; i++) {
        const struct mqc_fit_row *row = &p->rows[i];
        if (row->gap == 0) {
            p->state[i] = MQC_FIT_FIRST;
            p->before[i] = row->g;
            p->steps[i] = 0;
            skip = 0;
            continue;
        }
        p->before[i] = skip ? p->before[i - 1] : row[-1].g;
        p->steps[i] = skip ? p->steps[i - 1] + row->gap : row->gap;
        skip = 0;
        const double r = residual(p, i, p->before[i], p->steps[i]);
        const int low = quantized ? row->g <= 0 : p->pinned[1] && row->g <= p->bottom + slack;
        const int high = !quantized && p->pinned[0] && row->g >= p->top - slack;
        p->state[i] = (unsigned char)(low ? MQC_FIT_AT_LOW : MQC_FIT_USED);
        int is_outlier = !(fabs(r) < limit);
        if (low) { /* a prediction beyond a bound is no surprise there */
            is_outlier = r < -limit;
        } else if (high) {
            p->state[i] = MQC_FIT_AT_HIGH;
            is_outlier = r > limit;
        }
        if (is_outlier) {
            p->state[i] = MQC_FIT_OUTLIER;
            count++;
            skip = !quantized && misread(p, i);
        }
    }
    return count;
}

static void classify(struct mqc_fit_problem *p) {
    double limit = cut(p->n);
    while (p->outliers = classify_beyond(p, limit),
           (double)p->outliers > most_outliers * (double)p->n && limit < 1e6)
        limit *= 1.5;
    p->censored = 0;
    for (size_t i = 0; i < p->n; i++)
        p->censored += p->state[i] == MQC_FIT_AT_LOW || p->state[i] == MQC_FIT_AT_HIGH;
}

/* Range of the rows that are no outliers, and whether several of them stand exactly at its ends:
 * then those are the bounds of the device. In coarse data, where many values are equal, that means
 * nothing. */
static void find_window(struct mqc_fit_problem *p) {
    size_t n = 0, distinct = 1, top = 0, bottom = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->state[i] != MQC_FIT_OUTLIER)
            p->values[n++] = p->rows[i].g;
    mqc_sort_values(n, p->values);
    p->bottom = p->values[0];
    p->top = p->values[n - 1];
    const double slack = MQC_FIT_SLACK * p->data->range;
    for (size_t i = 0; i < n; i++) {
        top += p->values[i] >= p->top - slack;
        bottom += p->values[i] <= p->bottom + slack;
        distinct += i > 0 && p->values[i] > p->values[i - 1] + slack;
    }
    const int fine = distinct + top + bottom > n / 2;
    p->pinned[0] = fine && top >= 4;
    p->pinned[1] = fine && bottom >= 4;
}

static double middle_of(double a, double b, double c) {
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Before any model: single rows that stand out from both of their neighbours. */
static void find_spikes(struct mqc_fit_problem *p) {
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        double typical = 0;
        if (pass) {
            mqc_sort_values(n, p->values);
            typical = n ? p->values[n / 2] : 0;
        }
        for (size_t i = 0; i < p->n; i++) {
            const struct mqc_fit_row *row = &p->rows[i];
            const int inner = row->gap > 0 && i + 1 < p->n && row[1].gap > 0;
            const double off = inner ? fabs(row->g - middle_of(row[-1].g, row->g, row[1].g)) : 0;
            if (!pass) {
                p->before[i] = row->gap > 0 ? row[-1].g : row->g;
                p->steps[i] = row->gap;
                p->state[i] = (unsigned char)(row->gap > 0 ? MQC_FIT_USED : MQC_FIT_FIRST);
                if (off > 0)
                    p->values[n++] = off;
            } else if (row->gap > 0 && typical > 0 && n > p->n / 20 && off > 15 * typical)
                p->state[i] = MQC_FIT_OUTLIER;
        }
    }
}

/* Solves and classifies in turn. */
static int settle(struct mqc_fit_problem *p) {
    for (int round = 0; round < ROUNDS; round++) {
        const size_t outliers = p->outliers;
        classify(p);
        if (round > 0 && p->outliers == outliers)
            break;
        if (!mqc_fit_is_quantized(p->candidate)) {
            const double top = p->top, bottom = p->bottom;
            find_window(p);
            if (top != p->top || bottom != p->bottom) {
                for (int j = 0; j < 2; j++) {
                    const int which = j ? MQC_FIT_LOW : MQC_FIT_HIGH;
                    const double edge = j ? p->bottom : p->top;
                    const int is_fixed = p->least[which] == p->most[which];
                    *(j ? &p->most[which] : &p->least[which]) = edge;
                    if (is_fixed)
                        p->least[which] = p->most[which] = edge;
                    p->theta[which] = fmin(fmax(p->theta[which], p->least[which]), p->most[which]);
                }
                classify(p);
            }
        }
        mqc_fit_solve(p);
    }
    p->log_likelihood = mqc_fit_log_likelihood(p, p->theta);
    return isfinite(p->log_likelihood);
}

/* Rows on a bound say little of steps: starting values come from the others. */
static void set_aside(struct mqc_fit_problem *p) {
    const double slack = MQC_FIT_SLACK * p->data->range;
    for (size_t i = 0; i < p->n && !mqc_fit_is_quantized(p->candidate); i++) {
        if (p->state[i] == MQC_FIT_USED && p->pinned[0] && p->rows[i].g >= p->top - slack)
            p->state[i] = MQC_FIT_AT_HIGH;
        if (p->state[i] == MQC_FIT_USED && p->pinned[1] && p->rows[i].g <= p->bottom + slack)
            p->state[i] = MQC_FIT_AT_LOW;
    }
}

static int run(struct mqc_fit_problem *p, int attempt) {
    static const int scales[] = {MQC_FIT_ABSOLUTE, MQC_FIT_RELATIVE, MQC_FIT_STEPWISE};
    /* From the scale of t with 4 degrees of freedom to the sd of normal data. */
    const double wider = 1.2;
    find_spikes(p);
    find_window(p);
    set_aside(p);
    if (!mqc_fit_start(p, attempt))
        return 0;
    p->robust = 1;
    mqc_fit_solve(p);
    p->robust = 0;
    if (mqc_fit_is_quantized(p->candidate))
        p->theta[MQC_FIT_SIGMA] *= wider;
    for (int s = 0; s < 3 && !mqc_fit_is_quantized(p->candidate); s++)
        p->theta[scales[s]] *= wider;
    return settle(p);
}

int mqc_fit_run(struct mqc_fit_problem *p) {
    const int attempts = mqc_fit_attempts(p->candidate);
    double best = -INFINITY;
    int best_attempt = -1;
    for (int attempt = 0; attempt < attempts; attempt++) {
        if (run(p, attempt) && p->log_likelihood > best) {
            best = p->log_likelihood;
            best_attempt = attempt;
        }
    }
    if (best_attempt >= 0 && best_attempt != attempts - 1)
        run(p, best_attempt);
    return best_attempt >= 0;
}

size_t mqc_fit_residuals(struct mqc_fit_problem *p, double *values) {
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->state[i] == MQC_FIT_USED)
            values[n++] = residual(p, i, p->before[i], p->steps[i]);
    return n;
}
