/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one as a candidate. What means have in common, and what deviations, is a choice of
 * its own among kinds of ladders: the lowest BIC of those that the data cannot tell from levels
 * each of its own. For few parameters, BIC alone would forgive a curve that is clearly not that of
 * the levels. Rows that are no points, the first of each cycle, tell of their level too; the
 * likelihood is that of the points alone. */
#include "fit/levels.h"
#include "core/order.h"
#include "fit/ladder_memory.h"
#include "fit/ladder_noise.h"
#include "fit/ladder_solve.h"
#include "fit/peers.h"
#include "fit/problem.h"
#include "fit/robust.h"
#include "fit/spread.h"

#include <math.h>

/* Levels are what comes back in every cycle, which two readings of each do not show. */
enum { FEWEST_READINGS = 3 };
/* Five readings give an sd to 35 %, four to 41 %. */
enum { FEWEST_FOR_DEVIATIONS = 5 };
enum { ROUNDS = 10 };

static const double log_root_2pi = 0.91893853320467274, outliers_expected = 0.01;
static const double most_outliers = 0.2; /* part of the rows */

/* --- rows --- */

static void predict(const struct mqc_fit_ladder *ladder, size_t device, size_t i, double *mean,
                    double *sd) {
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

/* The residual of a row as a standard normal, by restricted deviations. A row in use has pulled
 * mean and sd towards itself; with its own share taken out, its residual is a Student's t, which
 * Wallace, Ann. Math. Stat. 30 (1959) 1121, turns into a normal number. */
static double residual(const struct mqc_fit_ladder *ladder, size_t device, size_t i) {
    const size_t level = (size_t)ladder->data->rows[i].level - 1;
    const double share = ladder->leverage[level] / fmax(ladder->rows[level], 1);
    double mean, sd, freedom = fmax(mqc_fit_ladder_freedom(ladder, level), 1.5);
    predict(ladder, device, i, &mean, &sd);
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
            const double r = residual(ladder, ladder->devices > 1 ? d : 0, i);
            const int at_zero = data->rows[i].g <= 0 && !data->goes_below;
            const int is_outlier = at_zero ? r < -limit : !(fabs(r) < limit);
            const int in_use = at_zero ? MQC_LADDER_AT_ZERO : MQC_LADDER_USED;
            ladder->state[i] = (unsigned char)(is_outlier ? MQC_LADDER_OUTLIER : in_use);
            outliers += (size_t)is_outlier;
        }
    }
    return outliers;
}

static size_t classify(struct mqc_fit_ladder *ladder) {
    const double n = (double)ladder->data->n;
    double limit = mqc_fit_cut(ladder->data->n);
    size_t outliers = classify_beyond(ladder, limit);
    while ((double)outliers > most_outliers * n && limit < 1e6) {
        limit *= 1.5;
        outliers = classify_beyond(ladder, limit);
    }
    return outliers;
}

/* Log-likelihood of the points, and how many of them stand at zero or apart. */
static void measure(struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_data *data = ladder->data;
    const double of_outlier = log(outliers_expected / data->range);
    double sum = 0;
    ladder->outliers = ladder->at_zero = 0;
    for (size_t d = 0; d < data->devices; d++) {
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            double mean, sd;
            if (data->rows[i].gap == 0)
                continue;
            predict(ladder, ladder->devices > 1 ? d : 0, i, &mean, &sd);
            const double r = (data->rows[i].g - mean) / sd;
            ladder->outliers += ladder->state[i] == MQC_LADDER_OUTLIER;
            ladder->at_zero += ladder->state[i] == MQC_LADDER_AT_ZERO;
            if (ladder->state[i] == MQC_LADDER_USED)
                sum -= log(sd) + log_root_2pi + 0.5 * r * r;
            else if (ladder->state[i] == MQC_LADDER_AT_ZERO)
                sum += log(fmax(0.5 * erfc(-r * 0.70710678118654752), 1e-300)) -
                       log(MQC_FIT_SLACK * data->range);
        }
    }
    ladder->log_likelihood = sum + ladder->outliers * of_outlier;
}

/* --- start --- */

/* Finest step of the readings, by sorted values: an instrument does not tell less noise. */
static double finest(struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_data *data = ladder->data;
    double least = data->range;
    for (size_t i = 0; i < data->n; i++)
        ladder->values[i] = data->rows[i].g;
    mqc_sort_values(data->n, ladder->values);
    for (size_t i = 1; i < data->n; i++) {
        const double step = ladder->values[i] - ladder->values[i - 1];
        if (step > 0.5 * data->resolution)
            least = fmin(least, step);
    }
    return fmax(data->resolution, least / sqrt(12));
}

/* Medians of the levels, and deviations that are typical of those around each: 1.4826 times the
 * median distance from the medians. */
static void start(struct mqc_fit_ladder *ladder) {
    enum { BINS = 16 };
    const struct mqc_fit_data *data = ladder->data;
    const size_t bins = ladder->levels < BINS ? ladder->levels : BINS;
    size_t next = 0;
    ladder->floor = finest(ladder);
    for (size_t level = 0; level < ladder->levels; level++) {
        size_t n = 0;
        while (next + n < data->n &&
               (size_t)data->rows[ladder->order[next + n]].level == level + 1) {
            ladder->values[n] = data->rows[ladder->order[next + n]].g;
            n++;
        }
        ladder->centre[level] = level > 0 ? ladder->centre[level - 1] : 0;
        if (n > 0)
            ladder->centre[level] = mqc_fit_median(n, ladder->values);
        next += n;
    }
    next = 0;
    for (size_t bin = 0; bin < bins; bin++) {
        const size_t first = bin * ladder->levels / bins, end = (bin + 1) * ladder->levels / bins;
        size_t n = 0;
        for (; next < data->n; next++) {
            const struct mqc_fit_row *row = &data->rows[ladder->order[next]];
            if ((size_t)row->level > end)
                break;
            ladder->values[n++] = fabs(row->g - ladder->centre[row->level - 1]);
        }
        const double sd = n > 0 ? 1.4826 * mqc_fit_median(n, ladder->values) : data->range;
        for (size_t level = first; level < end; level++)
            ladder->sd[level] = fmax(sd, ladder->floor);
    }
}

/* Rows that are far beyond the typical deviation are left out of the first fit. */
static void set_apart(struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_data *data = ladder->data;
    const double limit = 2 * mqc_fit_cut(data->n);
    for (size_t i = 0; i < data->n; i++) {
        const struct mqc_fit_row *row = &data->rows[i];
        const size_t level = (size_t)row->level - 1;
        const int far = fabs(row->g - ladder->centre[level]) > limit * ladder->sd[level];
        const int at_zero = row->g <= 0 && !data->goes_below;
        const int in_use = at_zero ? MQC_LADDER_AT_ZERO : MQC_LADDER_USED;
        ladder->state[i] = (unsigned char)(far ? MQC_LADDER_OUTLIER : in_use);
    }
}

/* Least and mean number of readings of the levels that have some. */
static void count_readings(const struct mqc_fit_ladder *ladder, double *least, double *mean) {
    const struct mqc_fit_data *data = ladder->data;
    double levels = 0;
    *least = (double)data->n;
    for (size_t first = 0, end; first < data->n; first = end) {
        const int32_t level = data->rows[ladder->order[first]].level;
        end = first + 1;
        while (end < data->n && data->rows[ladder->order[end]].level == level)
            end++;
        *least = fmin(*least, (double)(end - first));
        levels++;
    }
    *mean = (double)data->n / levels;
}

/* --- what levels have in common --- */

/* Does a sum of squares tell that they do not? */
static int tells(double squares, double freedom) {
    const double significant = 0.001;
    return freedom > 0 && 1 - mqc_fit_chi_below(squares / freedom, freedom) < significant;
}

/* The means of the rows about a curve, by the errors that each has by itself. Those of few readings
 * are Student's t, whose square is larger by freedom / (freedom - 2). */
static int misses_means(const struct mqc_fit_ladder *ladder) {
    double squares = 0, freedom = -ladder->free_means;
    for (size_t i = 0; i < ladder->levels; i++) {
        const double off = ladder->target[i] - ladder->mean[i];
        if (!(ladder->rows[i] > 0) || !(ladder->reference[i] > 0))
            continue;
        squares += ladder->reference[i] * off * off;
        freedom++;
    }
    return tells(squares / ladder->dilution[0], freedom);
}

/* Bartlett, Proc. R. Soc. A 160 (1937) 268, for deviations that follow a law. */
static int misses_deviations(const struct mqc_fit_ladder *ladder) {
    double squares = 0, inverse = 0, freedom = -mqc_fit_ladder_noise_parameters(ladder);
    for (size_t i = 0; i < ladder->levels; i++) {
        const double n = ladder->rows[i] - ladder->leverage[i];
        if (!(n > 0))
            continue;
        const double part = fmax(ladder->rest[i] / (n * ladder->sd[i] * ladder->sd[i]), 1e-12);
        squares += n * (part - 1 - log(part));
        inverse += 1 / n;
        freedom++;
    }
    return freedom > 0 &&
           tells(squares / ladder->dilution[1] / (1 + inverse / (3 * freedom)), freedom);
}

static void note_reference(struct mqc_fit_ladder *ladder, int fitted) {
    for (size_t i = 0; i < ladder->levels; i++) {
        const double freedom = fitted ? mqc_fit_ladder_freedom(ladder, i) : 0;
        ladder->reference[i] = freedom > 2 ? ladder->weight[i] * (freedom - 2) / freedom : 0;
    }
}

/* --- kinds --- */

/* Is the kind worth a try? */
static int is_kind(const struct mqc_fit_ladder *ladder, int means, int scatter, double least,
                   double mean) {
    if (mean < FEWEST_READINGS || (means == MQC_MEANS_EACH && least < FEWEST_READINGS - 1))
        return 0;
    if (scatter == MQC_SCATTER_EACH && least < FEWEST_FOR_DEVIATIONS)
        return 0;
    if (means <= MQC_MEANS_DEGREE_5 && ladder->levels < (size_t)means + 2)
        return 0;
    return 1;
}

/* Even levels whose deviations have a law in common are other candidates. */
static int is_other(int means, int scatter) {
    return means == MQC_MEANS_EVEN && scatter != MQC_SCATTER_EACH;
}

/* Solves and classifies in turn, by restricted likelihood. */
static int settle(struct mqc_fit_ladder *ladder) {
    size_t outliers = 0;
    ladder->restricted = 1;
    start(ladder);
    set_apart(ladder);
    for (int round = 0; round < ROUNDS; round++) {
        mqc_fit_ladder_sum(ladder);
        if (!mqc_fit_ladder_solve(ladder))
            return 0;
        const size_t found = classify(ladder);
        if (round > 0 && found == outliers)
            break;
        outliers = found;
    }
    mqc_fit_ladder_sum(ladder);
    return mqc_fit_ladder_solve(ladder);
}

int mqc_fit_levels_settle(struct mqc_fit_ladder *ladder) {
    ladder->means = ladder->best[0];
    ladder->scatter = ladder->best[1];
    ladder->spread = ladder->best[2];
    return settle(ladder);
}

double mqc_fit_levels_bic(const struct mqc_fit_ladder *ladder, double parameters,
                          double log_likelihood) {
    const double dilution = fmax(ladder->dilution[0], ladder->dilution[1]);
    return log((double)ladder->data->points) * parameters - 2 * log_likelihood / dilution;
}

/* BIC of a kind, by maximum likelihood; infinite where it does not fit. Of those with the same
 * scatter, levels one by one come first. */
static double try_kind(struct mqc_fit_ladder *ladder, int means, int scatter, int spread) {
    double least, mean;
    ladder->means = means;
    ladder->scatter = scatter;
    ladder->spread = spread;
    count_readings(ladder, &least, &mean);
    const int fitted = is_kind(ladder, means, scatter, least, mean) && settle(ladder);
    if (means == MQC_MEANS_EACH)
        note_reference(ladder, fitted);
    if (!fitted || (means != MQC_MEANS_EACH && misses_means(ladder)))
        return INFINITY;
    if (scatter != MQC_SCATTER_EACH && least >= FEWEST_FOR_DEVIATIONS && misses_deviations(ladder))
        return INFINITY;
    ladder->restricted = 0;
    if (!mqc_fit_ladder_solve(ladder))
        return INFINITY;
    measure(ladder);
    ladder->parameters = ladder->free_means + mqc_fit_ladder_noise_parameters(ladder);
    if (spread)
        ladder->parameters += 3 * ((double)ladder->devices - 1);
    return mqc_fit_levels_bic(ladder, ladder->parameters, ladder->log_likelihood);
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

/* Residuals of the points that are no outliers; how many. */
static size_t list_residuals(const struct mqc_fit_ladder *ladder, double *residuals) {
    const struct mqc_fit_data *data = ladder->data;
    size_t n = 0;
    for (size_t d = 0; d < data->devices; d++) {
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            if (data->rows[i].gap == 0 || ladder->state[i] == MQC_LADDER_OUTLIER)
                continue;
            const double r = residual(ladder, ladder->devices > 1 ? d : 0, i);
            residuals[n++] =
                ladder->state[i] == MQC_LADDER_USED ? r : mqc_fit_residual_beyond(i, -1, r);
        }
    }
    standardize(n, residuals);
    return n;
}

/* What dilutes the evidence, by residuals of levels each of its own. */
static void dilute(struct mqc_fit_ladder *ladder) {
    ladder->means = MQC_MEANS_EACH;
    ladder->scatter = MQC_SCATTER_LINEAR;
    ladder->spread = ladder->devices > 1;
    if (!settle(ladder)) {
        start(ladder);
        set_apart(ladder);
    }
    mqc_fit_ladder_dilute(ladder);
}

struct mqc_fit_quality mqc_fit_levels_judge(struct mqc_fit_ladder *ladder, double *residuals,
                                            size_t *n) {
    struct mqc_fit_quality quality = {0};
    double least = INFINITY;
    *n = 0;
    ladder->even_bic = INFINITY;
    dilute(ladder);
    for (int spread = 0; spread < (ladder->devices > 1 ? 2 : 1); spread++)
        for (int scatter = MQC_SCATTER_CONSTANT; scatter <= MQC_SCATTER_EACH; scatter++)
            for (int means = MQC_MEANS_EACH; means >= MQC_MEANS_EVEN; means--) {
                const double bic = try_kind(ladder, means, scatter, spread);
                if (is_other(means, scatter))
                    ladder->even_bic = fmin(ladder->even_bic, bic);
                if (is_other(means, scatter) || !(bic < least - 1e-6))
                    continue;
                least = bic;
                ladder->best[0] = means;
                ladder->best[1] = scatter;
                ladder->best[2] = spread;
                quality.log_likelihood = ladder->log_likelihood;
                quality.parameters = ladder->parameters;
                quality.outliers = ladder->outliers;
                quality.at_bounds = ladder->at_zero;
            }
    if (!(least < INFINITY) || !mqc_fit_levels_settle(ladder))
        return quality;
    quality.fitted = 1;
    ladder->bic = least;
    *n = list_residuals(ladder, residuals);
    return quality;
}
