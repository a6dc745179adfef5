/* SPDX-License-Identifier: BSD-3-Clause */
/* How many pairs a node takes in, by cross-validation: groups are predicted by tables of the
 * others, and the loss is the pinball loss over evenly spaced quantiles, which makes the continuous
 * ranked probability score (Gneiting and Raftery, J. Am. Stat. Assoc. 102 (2007) 359). What is
 * judged is the table as a device draws from it, linear between its nodes. Then, with what was
 * chosen, the places of held-out pairs and their densities. */
#include "fit/jumps.h"
#include "fit/problem.h"
#include "fit/robust.h"

#include <math.h>
#include <string.h>

enum { FOLDS = 10, COARSE = 33, BINS = 16, MOST_LEVELS = 257 };

static const double narrower = 0.7; /* from one number of near pairs to the next */
static const double far_off = 4;    /* widths of the middle eight tenths of the changes */

size_t mqc_jump_levels(size_t near) {
    size_t spaces = 64;
    while (spaces < near / 2 && spaces + 1 < MOST_LEVELS)
        spaces *= 2;
    return spaces + 1;
}

static size_t count_folds(const struct mqc_fit_jumps *jumps, size_t k) {
    const size_t groups = jumps->pairs->groups[k / 2];
    return groups < FOLDS ? groups : FOLDS;
}

static int is_held_out(const struct mqc_fit_jumps *jumps, size_t k, size_t fold, size_t i) {
    const size_t p = jumps->pairs->first[k] + i;
    return jumps->pairs->group[p] % count_folds(jumps, k) == fold;
}

/* The table of direction k from the pairs that are not held out; near counts those of all. */
static void learn(struct mqc_fit_jumps *jumps, size_t k, size_t fold, double near, size_t n_q) {
    const struct mqc_jump_cloud all = mqc_jump_cloud_of(jumps, k);
    struct mqc_jump_cloud rest = all;
    struct mqc_jump_curve *const curve = &jumps->curve;
    rest.n = 0;
    rest.before = jumps->before;
    rest.after = jumps->after;
    for (size_t i = 0; i < all.n; i++) {
        if (is_held_out(jumps, k, fold, i))
            continue;
        jumps->before[rest.n] = all.before[i];
        jumps->after[rest.n++] = all.after[i];
    }
    rest.near = fmax(near * (double)rest.n / (double)all.n, 1);
    curve->n_q = n_q;
    curve->n_g = mqc_jump_nodes(&rest, MEMQC_DEVICE_TABLE_NODES, curve->g);
    for (size_t i = 0; i < curve->n_g; i++)
        mqc_jump_quantiles(&rest, (double)curve->g[i], n_q, curve->quantiles + i * n_q);
}

/* --- choice --- */

static double pinball(size_t n_q, const double *quantiles, double change) {
    double sum = 0;
    for (size_t j = 1; j + 1 < n_q; j++) {
        const double p = (double)j / (double)(n_q - 1), off = change - quantiles[j];
        sum += off > 0 ? p * off : (p - 1) * off;
    }
    return sum / (double)(n_q - 2);
}

static double change_of(const struct mqc_jump_cloud *cloud, size_t i) {
    return (double)cloud->after[i] - (double)cloud->before[i];
}

/* Sum of the losses of direction k. */
static double loss(struct mqc_fit_jumps *jumps, size_t k, double near) {
    const struct mqc_jump_cloud all = mqc_jump_cloud_of(jumps, k);
    double quantiles[COARSE], sum = 0;
    for (size_t fold = 0; fold < count_folds(jumps, k); fold++) {
        learn(jumps, k, fold, near, COARSE);
        for (size_t i = 0; i < all.n; i++) {
            if (!is_held_out(jumps, k, fold, i))
                continue;
            mqc_jump_curve_at(&jumps->curve, (double)all.before[i], quantiles);
            sum += pinball(COARSE, quantiles, change_of(&all, i));
        }
    }
    return sum;
}

void mqc_jump_choose(struct mqc_fit_jumps *jumps) {
    struct mqc_jump_pairs *const pairs = jumps->pairs;
    jumps->score = 0;
    for (size_t k = 0; k < 2 * pairs->tables; k++) {
        const double n = (double)(pairs->first[k + 1] - pairs->first[k]);
        double least = INFINITY;
        pairs->near[k] = 0;
        for (double near = n; near >= MQC_JUMP_NEAREST; near *= narrower) {
            const double here = loss(jumps, k, rint(near));
            if (here < least) {
                least = here;
                pairs->near[k] = (size_t)rint(near);
            }
        }
        jumps->score += n > 0 ? least : 0;
    }
}

/* --- prediction --- */

/* First of the quantiles that is above x, or, not above, at least x. */
static size_t first_beyond(size_t n_q, const double *quantiles, double x, int above) {
    size_t low = 0, high = n_q;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (quantiles[middle] < x || (above && quantiles[middle] <= x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What is predicted of a pair. */
struct prediction {
    const double *quantiles;
    size_t n_q;
    double near, slack, finest, range;
};

/* The probability of a smaller change. Where several quantiles are equal, any of theirs; beyond all
 * of them, what half a pair of the neighbourhood stands for. */
static double place_of(const struct prediction *told, double change, double uniform) {
    const double *const q = told->quantiles, spaces = (double)(told->n_q - 1);
    const size_t from = first_beyond(told->n_q, q, change - told->slack, 0),
                 to = first_beyond(told->n_q, q, change + told->slack, 1);
    const double beyond = 0.5 / told->near;
    if (to > from)
        return ((double)from + uniform * (double)(to - 1 - from)) / spaces;
    if (from == 0)
        return beyond * uniform;
    if (from == told->n_q)
        return 1 - beyond * uniform;
    const double part = (change - q[from - 1]) / (q[from] - q[from - 1]);
    return ((double)(from - 1) + part) / spaces;
}

/* Part of the changes within half a width of one. */
static double part_within(const struct prediction *told, double change, double width) {
    const size_t from = first_beyond(told->n_q, told->quantiles, change - 0.5 * width, 0),
                 to = first_beyond(told->n_q, told->quantiles, change + 0.5 * width, 1);
    return (double)(to - from) / (double)told->n_q;
}

/* Density of the change: a histogram of bins that are equally probable, tails beyond the least and
 * the largest quantile, and what is spread evenly over the range. */
static double density_of(const struct prediction *told, double change) {
    const double in_bins = 0.97, in_tails = 0.02, spread_out = 0.01;
    const double *const q = told->quantiles;
    const size_t each = (told->n_q - 1) / BINS;
    const double whole = q[told->n_q - 1] - q[0];
    const double off = fmax(q[0] - change, change - q[told->n_q - 1]);
    double density = spread_out / told->range;
    if (off > 0) {
        const double scale = whole / BINS + told->finest;
        return density + 0.5 * in_tails / scale * exp(-off / scale);
    }
    size_t bin = 0;
    while (bin < BINS - 1 && q[(bin + 1) * each] <= change)
        bin++;
    const double width = q[(bin + 1) * each] - q[bin * each];
    if (width > told->finest)
        return density + in_bins / BINS / width;
    return density + in_bins * part_within(told, change, told->finest) / told->finest;
}

/* On a bound, the probability of going there over the width within which values are equal. */
static double density_at_bound(const struct prediction *told, double change, int high) {
    const double *const q = told->quantiles, least = 0.5 / told->near;
    const size_t from = first_beyond(told->n_q, q, change - told->slack, 0),
                 to = first_beyond(told->n_q, q, change + told->slack, 1);
    const double part = (double)(high ? told->n_q - from : to) / (double)told->n_q;
    return 0.99 * fmax(part, least) / told->slack;
}

/* Is a change further from the bulk than the bulk is wide, many times? Its sign, or 0. */
static int side_of(const struct prediction *told, double change) {
    const size_t tenth = (told->n_q - 1) / 10;
    const double low = told->quantiles[tenth], high = told->quantiles[told->n_q - 1 - tenth];
    const double most = far_off * (high - low) + told->finest;
    return (change > high + most) - (change < low - most);
}

static void predict_fold(struct mqc_fit_jumps *jumps, size_t k, size_t fold, size_t n_q) {
    const struct mqc_jump_cloud all = mqc_jump_cloud_of(jumps, k);
    double quantiles[MOST_LEVELS];
    const double range = jumps->data->range;
    const struct prediction told = {quantiles,     n_q,  all.near, MQC_FIT_SLACK * range,
                                    jumps->finest, range};
    learn(jumps, k, fold, all.near, n_q);
    for (size_t i = 0; i < all.n; i++) {
        const size_t p = jumps->pairs->first[k] + i;
        const double change = change_of(&all, i);
        if (!is_held_out(jumps, k, fold, i))
            continue;
        mqc_jump_curve_at(&jumps->curve, (double)all.before[i], quantiles);
        const int low = all.low >= 0 && (double)all.after[i] <= all.low,
                  high = all.high >= 0 && (double)all.after[i] >= all.high;
        jumps->place[p] = place_of(&told, change, mqc_fit_uniform(jumps->row[p]));
        jumps->log_density[p] =
            log(low || high ? density_at_bound(&told, change, high) : density_of(&told, change));
        jumps->at_bounds += (size_t)(low || high);
        jumps->side[jumps->row[p]] = (signed char)side_of(&told, change);
    }
}

/* Marks misread rows: the change to each is far off, and the next row is back by more than half of
 * it. A state that went there would go on from there. */
static size_t mark_misread(struct mqc_fit_jumps *jumps) {
    const struct mqc_fit_row *row = jumps->data->rows;
    const double back = 0.5;
    size_t marked = 0;
    for (size_t i = 1; i + 1 < jumps->data->n; i++) {
        const double there = row[i].g - row[i - 1].g, after = row[i + 1].g - row[i - 1].g;
        if (!jumps->side[i] || row[i + 1].gap != 1 || !(fabs(after) < back * fabs(there)))
            continue;
        jumps->outlier[i] = 1;
        marked++;
    }
    return marked;
}

size_t mqc_jump_predict(struct mqc_fit_jumps *jumps) {
    jumps->at_bounds = 0;
    memset(jumps->side, 0, jumps->data->n * sizeof *jumps->side);
    for (size_t k = 0; k < 2 * jumps->pairs->tables; k++) {
        const size_t near = jumps->pairs->near[k], n_q = mqc_jump_levels(near);
        for (size_t fold = 0; near > 0 && fold < count_folds(jumps, k); fold++)
            predict_fold(jumps, k, fold, n_q);
    }
    return mark_misread(jumps);
}
