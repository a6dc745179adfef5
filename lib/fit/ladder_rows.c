/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of a ladder: what is expected of each, how far off it is, and whether it counts. */
#include "fit/ladder_rows.h"
#include "fit/ladder_noise.h"
#include "fit/problem.h"
#include "fit/robust.h"

#include <math.h>

static const double log_root_2pi = 0.91893853320467274;
static const double outliers_expected = 0.01;
static const double most_outliers = 0.2; /* part of the rows */

void mqc_fit_ladder_predict(const struct mqc_fit_ladder *ladder, size_t device, size_t i,
                            double *mean, double *sd) {
    const size_t level = (size_t)ladder->data->rows[i].level - 1;
    *mean = mqc_fit_ladder_mean(ladder, device, level);
    *sd = ladder->noise[device] * ladder->sd[level];
}

/* What a row in use contributes to the squares of its deviation, in terms of them. */
static double own_square(const struct mqc_fit_ladder *ladder, size_t device, size_t i, double t) {
    const size_t level = (size_t)ladder->data->rows[i].level - 1;
    if (ladder->scatter != MQC_SCATTER_EACH)
        return t * t;
    const double mean = ladder->shift[device] + ladder->scale[device] * ladder->target[level];
    const double r = (ladder->data->rows[i].g - mean) / (ladder->noise[device] * ladder->sd[level]);
    return r * r / fmax(1 - 1 / ladder->rows[level], 1e-3);
}

/* A row in use has pulled
 * mean and sd towards itself; with its own share taken out, its residual is a Student's t, which
 * Wallace, Ann. Math. Stat. 30 (1959) 1121, turns into a normal number. */
double mqc_fit_ladder_residual(const struct mqc_fit_ladder *ladder, size_t device, size_t i) {
    const size_t level = (size_t)ladder->data->rows[i].level - 1;
    const double share = ladder->leverage[level] / fmax(ladder->rows[level], 1);
    double mean, sd, freedom = fmax(mqc_fit_ladder_freedom(ladder, level), 1.5);
    mqc_fit_ladder_predict(ladder, device, i, &mean, &sd);
    double t = (ladder->data->rows[i].g - mean) / sd;
    if (ladder->state[i] == MQC_LADDER_USED) {
        t /= sqrt(fmax(1 - share, 1e-3));
        const double rest = freedom - own_square(ladder, device, i, t);
        t *= sqrt((freedom - 1) / fmax(rest, 1e-9 * freedom));
        freedom -= 1;
    } else {
        t /= sqrt(1 + share);
    }
    const double size =
        (8 * freedom + 1) / (8 * freedom + 3) * sqrt(freedom * log1p(t * t / freedom));
    return t < 0 ? -size : size;
}

/* Marks the rows beyond limit standard deviations; returns how many. */
static size_t classify_beyond(struct mqc_fit_ladder *ladder, double limit) {
    const struct mqc_fit_data *data = ladder->data;
    size_t outliers = 0;
    for (size_t d = 0; d < data->devices; d++) {
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            const double r = mqc_fit_ladder_residual(ladder, ladder->devices > 1 ? d : 0, i);
            const int at_zero = mqc_fit_is_cut_off(data, i);
            const int is_outlier = at_zero ? r < -limit : !(fabs(r) < limit);
            const int in_use = at_zero ? MQC_LADDER_AT_ZERO : MQC_LADDER_USED;
            ladder->state[i] = (unsigned char)(is_outlier ? MQC_LADDER_OUTLIER : in_use);
            outliers += (size_t)is_outlier;
        }
    }
    return outliers;
}

size_t mqc_fit_ladder_classify(struct mqc_fit_ladder *ladder) {
    const double n = (double)ladder->data->n;
    double limit = ladder->tail * mqc_fit_cut(ladder->data->n);
    size_t outliers = classify_beyond(ladder, limit);
    while ((double)outliers > most_outliers * n && limit < 1e6) {
        limit *= 1.5;
        outliers = classify_beyond(ladder, limit);
    }
    return outliers;
}

double mqc_fit_ladder_price(const struct mqc_fit_ladder *ladder) {
    return log(outliers_expected / ladder->data->range);
}

double mqc_fit_ladder_below(const struct mqc_fit_ladder *ladder, double r) {
    const double part = fmax(0.5 * erfc(-r * 0.70710678118654752), 1e-300);
    return log(part) - log(MQC_FIT_SLACK * ladder->data->range);
}

void mqc_fit_ladder_measure(struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_data *data = ladder->data;
    double sum = 0;
    ladder->outliers = ladder->at_zero = 0;
    for (size_t d = 0; d < data->devices; d++) {
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            double mean, sd;
            if (data->rows[i].gap == 0)
                continue;
            mqc_fit_ladder_predict(ladder, ladder->devices > 1 ? d : 0, i, &mean, &sd);
            const double r = (data->rows[i].g - mean) / sd;
            ladder->outliers += ladder->state[i] == MQC_LADDER_OUTLIER;
            ladder->at_zero += ladder->state[i] == MQC_LADDER_AT_ZERO;
            if (ladder->state[i] == MQC_LADDER_USED)
                sum -= log(sd) + log_root_2pi + 0.5 * r * r;
            else if (ladder->state[i] == MQC_LADDER_AT_ZERO)
                sum += mqc_fit_ladder_below(ladder, r);
        }
    }
    ladder->log_likelihood = sum + ladder->outliers * mqc_fit_ladder_price(ladder);
}

/* Brings n values to the mean 0 and the variance 1. The test of the residuals takes both for
 * fitted, which those of levels with weights of their own need not be. */
static void standardize(size_t n, double *values) {
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean) / (double)n;
    for (size_t i = 0; i < n && squares > 0; i++)
        values[i] = (values[i] - mean) / sqrt(squares);
}

size_t mqc_fit_ladder_residuals(const struct mqc_fit_ladder *ladder, double *residuals) {
    const struct mqc_fit_data *data = ladder->data;
    size_t n = 0;
    for (size_t d = 0; d < data->devices; d++) {
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            if (data->rows[i].gap == 0 || ladder->state[i] == MQC_LADDER_OUTLIER)
                continue;
            const double r = mqc_fit_ladder_residual(ladder, ladder->devices > 1 ? d : 0, i);
            residuals[n++] =
                ladder->state[i] == MQC_LADDER_USED ? r : mqc_fit_residual_beyond(i, -1, r);
        }
    }
    standardize(n, residuals);
    return n;
}
