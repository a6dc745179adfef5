/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean of x[g, i, j], where groups g (devices that data allow) have rows i of their own
 * (networks that were trained on them), and all rows share the columns j (images). What is wanted
 * is the mean of a further group, over all rows and columns that it might have: the true device is
 * one more of those that the data allow. With K groups of r rows, and the mean squares of the row
 * means, B between groups and W within them,
 *
 *     tau^2 = max(B - W, 0) / r,
 *     var = tau^2 (1 + 1 / K) + W / (K r) + columns,
 *
 * where columns is the part that core/crossed.c finds for all K r rows. The three terms are the
 * parts of groups, rows and columns.
 *
 * With few groups B and W are themselves uncertain, and where B happens to be below W the formula
 * forgets the groups: such intervals are too short. So B and W are not taken as they are, but with
 * the confidence distributions B (K - 1) / chi^2 and W K (r - 1) / chi^2 of their expectations
 * (Weerahandi 1993; Nagashima, Noma and Furukawa 2019), over which the normal distribution of the
 * distance is averaged. The interval holds 95 % of that mixture. Where W is small it is that of
 * Student's t with K - 1 degrees of freedom. The columns, which are many, count as known.
 *
 * Of a single group, there is no part of groups; of a single row in each, its part cannot be told
 * from that of the groups and counts there. */
#include "core/nested.h"
#include "core/crossed.h"

#include <math.h>

static double mean_of(size_t columns, const uint8_t *row) {
    uint64_t ones = 0;
    for (size_t k = 0; k < mqc_crossed_stride(columns); k++)
        for (unsigned byte = row[k]; byte; byte &= byte - 1)
            ones++;
    return (double)ones / (double)columns;
}

static struct mqc_nested_squares squares_of(size_t groups, size_t rows, size_t columns,
                                            const uint8_t *hits, const struct mqc_crossed *all) {
    const size_t stride = mqc_crossed_stride(columns);
    struct mqc_nested_squares found = {(double)groups, (double)rows, 0, 0, all->columns};
    for (size_t g = 0; g < groups; g++) {
        const uint8_t *const first = hits + g * rows * stride;
        double group = 0;
        for (size_t i = 0; i < rows; i++)
            group += mean_of(columns, first + i * stride) / (double)rows;
        for (size_t i = 0; i < rows; i++) {
            const double apart = mean_of(columns, first + i * stride) - group;
            found.within += apart * apart;
        }
        found.between += (double)rows * (group - all->mean) * (group - all->mean);
    }
    if (groups > 1)
        found.between /= found.groups - 1;
    if (rows > 1)
        found.within /= found.groups * (found.rows - 1);
    return found;
}

/* --- the interval --- */

/* Points of the logarithm of a chi-squared number, with the probabilities that belong to them. */
enum { POINTS = 64, HALVINGS = 40 };
struct points {
    int n;
    double scale[POINTS]; /* freedom over the number */
    double weight[POINTS];
};

/* The trapezoidal rule in the logarithm, in which the density falls off fast on both sides. Without
 * degrees of freedom there is nothing to be uncertain about. */
static struct points points_of(double freedom) {
    struct points points = {1, {1}, {1}};
    double sum = 0;
    if (freedom <= 0)
        return points;
    const double low = -36 / freedom - 8 / sqrt(freedom), high = 8 / sqrt(freedom);
    points.n = POINTS;
    for (int i = 0; i < POINTS; i++) {
        const double t = low + (high - low) * i / (POINTS - 1);
        points.scale[i] = exp(-t);
        points.weight[i] = exp(freedom / 2 * (t - exp(t) + 1));
        sum += points.weight[i];
    }
    for (int i = 0; i < POINTS; i++)
        points.weight[i] /= sum;
    return points;
}

/* The probability that a normal number of an uncertain variance is within +-half. */
static double probability(const struct mqc_nested_squares *s, const struct points *between,
                          const struct points *within, double half) {
    double sum = 0;
    for (int i = 0; i < between->n; i++)
        for (int j = 0; j < within->n; j++) {
            const double variance = mqc_nested_variance(s, s->between * between->scale[i],
                                                        s->within * within->scale[j]);
            const double inside = variance > 0 ? erf(half / sqrt(2 * variance)) : 1;
            sum += between->weight[i] * within->weight[j] * inside;
        }
    return sum;
}

double mqc_nested_half(const struct mqc_nested_squares *s) {
    const struct points between = points_of(s->groups > 1 ? s->groups - 1 : 0),
                        within = points_of(s->groups * (s->rows - 1));
    double low = 0, high = 1;
    if (s->groups * s->rows < 2)
        return 1.9599639845400545 * sqrt(s->columns);
    if (probability(s, &between, &within, high) < 0.95)
        return INFINITY; /* no accuracy is further away */
    for (int i = 0; i < HALVINGS; i++) {
        const double half = 0.5 * (low + high);
        if (probability(s, &between, &within, half) < 0.95)
            low = half;
        else
            high = half;
    }
    return high;
}

double mqc_nested_variance(const struct mqc_nested_squares *s, double between, double within) {
    const double tau2 = s->groups > 1 ? fmax(between - within, 0) / s->rows : 0;
    return tau2 * (1 + 1 / s->groups) + within / (s->groups * s->rows) + s->columns;
}

struct mqc_nested mqc_nested(size_t groups, size_t rows, size_t columns, const uint8_t *hits) {
    const struct mqc_crossed all = mqc_crossed(groups * rows, columns, hits, NULL);
    const struct mqc_nested_squares s = squares_of(groups, rows, columns, hits, &all);
    const double within = s.within / (s.groups * s.rows);
    const struct mqc_nested found = {
        .mean = all.mean,
        .groups = fmax(mqc_nested_variance(&s, s.between, s.within) - within - s.columns, 0),
        .rows = within,
        .columns = s.columns,
        .half = columns > 1 || groups * rows > 1 ? mqc_nested_half(&s) : INFINITY};
    return found;
}
