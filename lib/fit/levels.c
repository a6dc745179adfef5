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
#include "fit/ladder_rows.h"
#include "fit/ladder_solve.h"
#include "fit/levels_shape.h"
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

/* By what outliers lie further out than those of normal noise, where noise is not normal. */
static const double wide = 3;

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
    const double limit = 2 * ladder->tail * mqc_fit_cut(data->n);
    for (size_t i = 0; i < data->n; i++) {
        const struct mqc_fit_row *row = &data->rows[i];
        const size_t level = (size_t)row->level - 1;
        const int far = fabs(row->g - ladder->centre[level]) > limit * ladder->sd[level];
        const int in_use = mqc_fit_is_cut_off(data, i) ? MQC_LADDER_AT_ZERO : MQC_LADDER_USED;
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
        const size_t found = mqc_fit_ladder_classify(ladder);
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

/* BIC of a ladder, with a likelihood that counts as what independent cycles would tell. */
static double bic_of(const struct mqc_fit_ladder *ladder, double parameters,
                     double log_likelihood) {
    const double dilution = fmax(ladder->dilution[0], ladder->dilution[1]);
    return log((double)ladder->data->points) * parameters - 2 * log_likelihood / dilution;
}

static double count_parameters(const struct mqc_fit_ladder *ladder) {
    const double of_devices = ladder->spread ? 3 * ((double)ladder->devices - 1) : 0;
    return ladder->free_means + mqc_fit_ladder_noise_parameters(ladder) + of_devices;
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
    mqc_fit_ladder_measure(ladder);
    ladder->parameters = count_parameters(ladder);
    return bic_of(ladder, ladder->parameters, ladder->log_likelihood);
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

/* Puts the kind with the lowest BIC into best[]; that of even levels with a law in common is noted,
 * and taken where `any` is. Returns the BIC. */
static double choose_kind(struct mqc_fit_ladder *ladder, int any, struct mqc_fit_quality *quality) {
    double least = INFINITY;
    ladder->even_bic = INFINITY;
    for (int spread = 0; spread < (ladder->devices > 1 ? 2 : 1); spread++)
        for (int scatter = MQC_SCATTER_CONSTANT; scatter <= MQC_SCATTER_EACH; scatter++)
            for (int means = MQC_MEANS_EACH; means >= MQC_MEANS_EVEN; means--) {
                const double bic = try_kind(ladder, means, scatter, spread);
                if (is_other(means, scatter))
                    ladder->even_bic = fmin(ladder->even_bic, bic);
                if ((is_other(means, scatter) && !any) || !(bic < least - 1e-6))
                    continue;
                least = bic;
                ladder->best[0] = means;
                ladder->best[1] = scatter;
                ladder->best[2] = spread;
                quality->log_likelihood = ladder->log_likelihood;
                quality->parameters = ladder->parameters;
                quality->outliers = ladder->outliers;
                quality->at_bounds = ladder->at_zero;
            }
    return least;
}

/* Noise that is not normal: the ladder may then be any kind, even levels included, since no other
 * candidate has such noise. The variances of the levels scatter by more than those of normal noise
 * do. */
static size_t find_shape(struct mqc_fit_ladder *ladder, size_t n, double *residuals,
                         struct mqc_fit_quality *quality) {
    const double even_bic = ladder->even_bic, of_deviations = ladder->dilution[1];
    ladder->tail = wide;
    if (mqc_fit_levels_settle(ladder)) {
        n = mqc_fit_ladder_residuals(ladder, residuals);
        ladder->dilution[1] *= fmax(mqc_fit_levels_excess(n, residuals), 1);
    }
    const double least = choose_kind(ladder, 1, quality);
    ladder->even_bic = even_bic;
    ladder->dilution[1] = of_deviations;
    if (!(least < INFINITY) || !mqc_fit_levels_settle(ladder))
        return 0;
    n = mqc_fit_levels_shape(ladder, residuals, quality);
    if (n == 0)
        return 0;
    quality->parameters += count_parameters(ladder);
    ladder->bic = bic_of(ladder, quality->parameters, quality->log_likelihood);
    return n;
}

struct mqc_fit_quality mqc_fit_levels_judge(struct mqc_fit_ladder *ladder, double *residuals,
                                            size_t *n) {
    struct mqc_fit_quality quality = {0}, shaped = {0};
    *n = 0;
    ladder->tail = 1;
    ladder->shaped = 0;
    dilute(ladder);
    ladder->bic = choose_kind(ladder, 0, &quality);
    if (!(ladder->bic < INFINITY) || !mqc_fit_levels_settle(ladder))
        return quality;
    const int best[] = {ladder->best[0], ladder->best[1], ladder->best[2]};
    quality.fitted = shaped.fitted = 1;
    *n = mqc_fit_ladder_residuals(ladder, residuals);
    if (!mqc_fit_levels_unlike_normal(ladder, *n, residuals))
        return quality;
    const size_t held_out = find_shape(ladder, *n, residuals, &shaped);
    if (held_out > 0) {
        *n = held_out;
        return shaped;
    }
    ladder->tail = 1;
    for (size_t i = 0; i < 3; i++)
        ladder->best[i] = best[i];
    if (mqc_fit_levels_settle(ladder))
        *n = mqc_fit_ladder_residuals(ladder, residuals);
    return quality;
}
