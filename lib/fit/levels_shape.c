/* SPDX-License-Identifier: BSD-3-Clause */
/* The shape of the noise of levels, by their standard residuals: one for all levels, but for those
 * that have clearly another one. Means, deviations and shapes from one half of the cycles are judged
 * by the density that they give the readings of the other half, both ways. The first half ends where
 * the second begins, so that noise with a memory does not foretell itself. */
#include "fit/levels_shape.h"
#include "core/order.h"
#include "fit/curve.h"
#include "fit/data.h"
#include "fit/ladder_rows.h"
#include "fit/ladder_solve.h"
#include "fit/peers.h"
#include "fit/robust.h"
#include "fit/spread.h"

#include <math.h>

/* Knots of the shape that all levels share, and of that of one. */
static const int choices[MQC_SHAPES] = {5, 9, 17, 33, 65, MQC_CURVE_NORMAL, 5, 9, 13};

enum { SHARED = 5 };        /* how many of them are of all levels */
enum { FEWEST_CYCLES = 4 }; /* of a device */

/* Normal noise is taken for another one in one fit of a thousand at most. */
static const double significant = 0.001;
/* A difference in log-likelihood: half of one in BIC that is strong evidence. */
static const double strong_evidence = 3;

/* --- normal? --- */

/* By how much fewer readings tell of the shape where they have a memory. Their means and deviations
 * are taken off, so that what is left goes with the third power of their correlation and higher
 * ones. */
static double worth(const struct mqc_fit_ladder *ladder, double n) {
    const double third = pow(ladder->memory, 3);
    return n * (1 - third) / (1 + third);
}

static int has_cycles(const struct mqc_fit_data *data) {
    for (size_t first = 0, end; first < data->n; first = end) {
        const size_t last = mqc_fit_end_of_device(data, first);
        int cycles = 0;
        for (end = first; end < last; cycles++)
            end = mqc_fit_end_of_cycle(data, end);
        if (cycles < FEWEST_CYCLES)
            return 0;
    }
    return 1;
}

int mqc_fit_levels_unlike_normal(struct mqc_fit_ladder *ladder, size_t n, const double *residuals) {
    if (!ladder->curve || n < 2 || !has_cycles(ladder->data))
        return 0;
    for (size_t i = 0; i < n; i++)
        ladder->values[i] = residuals[i];
    mqc_sort_values(n, ladder->values);
    const double distance = mqc_fit_distance(n, ladder->values);
    return mqc_fit_lilliefors(distance, worth(ladder, (double)n)) < significant;
}

double mqc_fit_levels_excess(size_t n, const double *residuals) {
    double square = 0, fourth = 0;
    for (size_t i = 0; i < n; i++) {
        const double squared = residuals[i] * residuals[i];
        square += squared / (double)n;
        fourth += squared * squared / (double)n;
    }
    return fmax(0.5 * (fourth / (square * square) - 1), 0.1);
}

/* --- halves --- */

static void give_back(struct mqc_fit_ladder *ladder) {
    for (size_t i = 0; i < ladder->data->n; i++)
        if (ladder->state[i] == MQC_LADDER_HELD)
            ladder->state[i] =
                (unsigned char)(mqc_fit_is_cut_off(ladder->data, i) ? MQC_LADDER_AT_ZERO
                                                                    : MQC_LADDER_USED);
}

/* Holds back one half of the cycles of each device. */
static void hold(struct mqc_fit_ladder *ladder, int half) {
    const struct mqc_fit_data *data = ladder->data;
    size_t end;
    for (size_t first = 0; first < data->n; first = end) {
        const size_t last = mqc_fit_end_of_device(data, first);
        size_t cycles = 0, cycle = 0;
        for (size_t i = first; i < last; cycles++)
            i = mqc_fit_end_of_cycle(data, i);
        for (end = first; end < last; cycle++) {
            const size_t next = mqc_fit_end_of_cycle(data, end);
            for (; end < next; end++)
                if ((cycle < cycles / 2) == half && ladder->state[end] != MQC_LADDER_OUTLIER)
                    ladder->state[end] = MQC_LADDER_HELD;
        }
    }
}

/* Numbers of the rows, spread evenly over the step of the instrument: equal readings would have a
 * density without end. */
static double spread_out(const struct mqc_fit_ladder *ladder, size_t i) {
    return sqrt(12) * ladder->floor * (mqc_fit_uniform(i) - 0.5);
}

/* Fills z[] and price[]. Readings at 0 S say nothing of the shape. */
static void list(struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_data *data = ladder->data;
    const double price = mqc_fit_ladder_price(ladder);
    for (size_t d = 0; d < data->devices; d++) {
        const size_t device = ladder->devices > 1 ? d : 0;
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            double mean, sd;
            mqc_fit_ladder_predict(ladder, device, i, &mean, &sd);
            ladder->price[i] = price + log(sd);
            ladder->z[i] = mqc_fit_ladder_residual(ladder, device, i) + spread_out(ladder, i) / sd;
            if (!(data->rows[i].g > 0) || ladder->state[i] == MQC_LADDER_OUTLIER)
                ladder->z[i] = NAN;
        }
    }
}

static int refit(struct mqc_fit_ladder *ladder) {
    mqc_fit_ladder_sum(ladder);
    if (!mqc_fit_ladder_solve(ladder))
        return 0;
    list(ladder);
    return 1;
}

/* --- curves --- */

/* The rows of a level, in order[]: from *first to the end that is returned. */
static size_t end_of_level(const struct mqc_fit_ladder *ladder, size_t level, size_t first) {
    const struct mqc_fit_row *rows = ladder->data->rows;
    while (first < ladder->data->n && (size_t)rows[ladder->order[first]].level == level + 1)
        first++;
    return first;
}

/* A curve by the rows in use among those from first to end. 0 where they are too few. */
static int make_curve(struct mqc_fit_ladder *ladder, size_t first, size_t end,
                      struct mqc_fit_curve *curve) {
    size_t n = 0;
    for (size_t k = first; k < end; k++) {
        const size_t i = ladder->order[k];
        if (ladder->state[i] == MQC_LADDER_USED && !isnan(ladder->z[i]))
            ladder->values[n++] = ladder->z[i];
    }
    if (n < MQC_LADDER_SHAPED_FROM / 2)
        return 0;
    mqc_sort_values(n, ladder->values);
    mqc_fit_curve_make(n, ladder->values, curve);
    return 1;
}

/* The curves of all levels, whose kinds are known. 0 where there are too few readings. */
static int make_curves(struct mqc_fit_ladder *ladder) {
    struct mqc_fit_curve shared = {0, ladder->shared, 0, {0}};
    if (!make_curve(ladder, 0, ladder->data->n, &shared))
        return 0;
    for (size_t level = 0, first = 0, end; level < ladder->levels; level++, first = end) {
        end = end_of_level(ladder, level, first);
        if (!ladder->curve[level].own)
            ladder->curve[level] = shared;
        else if (!make_curve(ladder, first, end, &ladder->curve[level]))
            return 0;
    }
    return 1;
}

/* Log-density of the rows that were held back; none costs more than an outlier. */
static double foretell(const struct mqc_fit_ladder *ladder, size_t first, size_t end,
                       const struct mqc_fit_curve *curve) {
    double sum = 0;
    for (size_t k = first; k < end; k++) {
        const size_t i = ladder->order[k];
        if (ladder->state[i] == MQC_LADDER_HELD && !isnan(ladder->z[i]))
            sum += fmax(mqc_fit_curve_density(curve, ladder->z[i]), ladder->price[i]);
    }
    return sum;
}

/* --- the choice --- */

/* What each choice foretells of the rows of each level beyond the normal law: adds to gain[]. */
static void add_gains(struct mqc_fit_ladder *ladder) {
    struct mqc_fit_curve normal = {0, MQC_CURVE_NORMAL, 0, {0}};
    mqc_fit_curve_make(0, NULL, &normal);
    for (size_t c = 0; c < MQC_SHAPES; c++) {
        struct mqc_fit_curve curve = {c >= SHARED, choices[c], 0, {0}};
        int made = !curve.own && make_curve(ladder, 0, ladder->data->n, &curve);
        for (size_t level = 0, first = 0, end; level < ladder->levels; level++, first = end) {
            end = end_of_level(ladder, level, first);
            if (curve.own)
                made = make_curve(ladder, first, end, &curve);
            ladder->gain[level * MQC_SHAPES + c] +=
                made ? foretell(ladder, first, end, &curve) - foretell(ladder, first, end, &normal)
                     : -INFINITY;
        }
    }
}

/* 0 where a half has no fit. */
static int compare(struct mqc_fit_ladder *ladder) {
    int good = 1;
    for (size_t i = 0; i < ladder->levels * MQC_SHAPES; i++)
        ladder->gain[i] = 0;
    for (int half = 0; half < 2 && good; half++) {
        hold(ladder, half);
        good = refit(ladder);
        if (good)
            add_gains(ladder);
        give_back(ladder);
    }
    return good;
}

static double gain_of(const struct mqc_fit_ladder *ladder, size_t choice) {
    double sum = 0;
    for (size_t level = 0; level < ladder->levels; level++)
        sum += ladder->gain[level * MQC_SHAPES + choice];
    return sum;
}

/* The kind of curve of each level. A shape of its own must be worth more than that of all by strong
 * evidence, of one level among many. Returns the gain over the normal law. */
static double choose(struct mqc_fit_ladder *ladder) {
    const double evidence = strong_evidence + log((double)ladder->levels);
    size_t shared = 0;
    double all = 0;
    for (size_t c = 1; c < SHARED; c++)
        if (gain_of(ladder, c) > gain_of(ladder, shared))
            shared = c;
    ladder->shared = choices[shared];
    for (size_t level = 0; level < ladder->levels; level++) {
        const double *gain = ladder->gain + level * MQC_SHAPES;
        size_t own = SHARED;
        for (size_t c = SHARED; c < MQC_SHAPES; c++)
            own = gain[c] > gain[own] ? c : own;
        ladder->curve[level].own = gain[own] > gain[shared] + evidence;
        ladder->curve[level].knots = choices[own];
        all += gain[ladder->curve[level].own ? own : shared];
    }
    return all;
}

/* Those of curves: mean and variance are not theirs. */
static double count_parameters(const struct mqc_fit_ladder *ladder) {
    double own = 0, shared = 0;
    for (size_t level = 0; level < ladder->levels; level++) {
        if (ladder->curve[level].own)
            own += ladder->curve[level].knots - 2;
        else
            shared = ladder->shared - 2;
    }
    return own + shared;
}

/* Normal scores of the rows that count, sorted, into values[]; how many. */
static size_t score(struct mqc_fit_ladder *ladder, int state) {
    size_t n = 0;
    for (size_t i = 0; i < ladder->data->n; i++) {
        double slope;
        const size_t level = (size_t)ladder->data->rows[i].level - 1;
        if (ladder->state[i] == state && !isnan(ladder->z[i]))
            ladder->values[n++] = mqc_fit_curve_score(&ladder->curve[level], ladder->z[i], &slope);
    }
    mqc_sort_values(n, ladder->values);
    return n;
}

/* How far the later half of the cycles is from what the earlier one foretells, whose own
 * distribution is known no better. Its normal scores, sorted, become the residuals. */
static size_t test(struct mqc_fit_ladder *ladder, double *residuals,
                   struct mqc_fit_quality *quality) {
    size_t n = 0;
    hold(ladder, 0);
    if (refit(ladder) && make_curves(ladder)) {
        const double used = (double)score(ladder, MQC_LADDER_USED);
        n = score(ladder, MQC_LADDER_HELD);
        for (size_t i = 0; i < n; i++)
            residuals[i] = ladder->values[i];
        quality->ks = mqc_fit_distance(n, residuals);
        quality->ks_p = mqc_fit_kolmogorov(
            quality->ks, worth(ladder, used * (double)n / fmax(used + (double)n, 1)));
    }
    give_back(ladder);
    return n;
}

/* Log-likelihood of the points. */
static void measure(const struct mqc_fit_ladder *ladder, struct mqc_fit_quality *quality) {
    const struct mqc_fit_data *data = ladder->data;
    quality->log_likelihood = quality->outliers = quality->at_bounds = 0;
    for (size_t d = 0; d < data->devices; d++) {
        for (size_t i = data->start[d]; i < data->start[d + 1]; i++) {
            double mean, sd, slope;
            const size_t level = (size_t)data->rows[i].level - 1;
            const struct mqc_fit_curve *curve = &ladder->curve[level];
            if (data->rows[i].gap == 0)
                continue;
            mqc_fit_ladder_predict(ladder, ladder->devices > 1 ? d : 0, i, &mean, &sd);
            const double z = (data->rows[i].g - mean) / sd;
            quality->outliers += ladder->state[i] == MQC_LADDER_OUTLIER;
            quality->at_bounds += ladder->state[i] == MQC_LADDER_AT_ZERO;
            if (ladder->state[i] == MQC_LADDER_USED)
                quality->log_likelihood += mqc_fit_curve_density(curve, z) - log(sd);
            else if (ladder->state[i] == MQC_LADDER_AT_ZERO)
                quality->log_likelihood +=
                    mqc_fit_ladder_below(ladder, mqc_fit_curve_score(curve, z, &slope));
        }
    }
    quality->log_likelihood += quality->outliers * mqc_fit_ladder_price(ladder);
}

size_t mqc_fit_levels_shape(struct mqc_fit_ladder *ladder, double *residuals,
                            struct mqc_fit_quality *quality) {
    size_t n = 0;
    if (compare(ladder) && choose(ladder) > strong_evidence)
        n = test(ladder, residuals, quality);
    ladder->shaped = refit(ladder) && n > 0 && make_curves(ladder);
    if (!ladder->shaped)
        return 0;
    measure(ladder, quality);
    quality->parameters = count_parameters(ladder);
    return n;
}
