/* SPDX-License-Identifier: BSD-3-Clause */
/* Each train of pulses is cut into blocks, through each of which a straight line is laid. The slopes
 * of the lines over their middles are the steps as a function of the conductance; what is left of
 * the readings is their noise. */
#include "fit/trend.h"

#include <math.h>

enum { BLOCKS = 8, SHORTEST = 12 }; /* blocks of a train; rows of a block */

/* Least squares of a line through the rows first .. end - 1 that are no outliers. */
struct line {
    size_t n;
    double x, y, slope; /* middle, in pulses and S, and S a pulse */
    double weight;      /* sum of the squared distances from the middle */
};

static int counts(const struct mqc_fit_problem *problem, size_t i) {
    return problem->state[i] != MQC_FIT_OUTLIER;
}

static struct line line_through(const struct mqc_fit_problem *problem, size_t first, size_t end) {
    struct line line = {0, 0, 0, 0, 0};
    double mixed = 0;
    for (size_t i = first; i < end; i++) {
        if (!counts(problem, i))
            continue;
        line.n++;
        line.x += problem->rows[i].pulse;
        line.y += problem->rows[i].g;
    }
    if (line.n == 0)
        return line;
    line.x /= (double)line.n;
    line.y /= (double)line.n;
    for (size_t i = first; i < end; i++) {
        if (!counts(problem, i))
            continue;
        const double x = problem->rows[i].pulse - line.x;
        line.weight += x * x;
        mixed += x * (problem->rows[i].g - line.y);
    }
    line.slope = line.weight > 0 ? mixed / line.weight : 0;
    return line;
}

/* Sums over the blocks of one direction: the weighted line of slope over conductance. */
struct sums {
    double w, g, f, gg, gf;
};

struct totals {
    struct sums of[2];
    double low, high; /* of the ends of the lines */
    double squares, products[2], n, pairs[2];
};

static double off(const struct mqc_fit_problem *problem, const struct line *line, size_t i) {
    return problem->rows[i].g - line->y - line->slope * (problem->rows[i].pulse - line->x);
}

static void add_noise(const struct mqc_fit_problem *problem, const struct line *line, size_t first,
                      size_t end, struct totals *totals) {
    for (size_t i = first; i < end; i++) {
        if (!counts(problem, i))
            continue;
        const double here = off(problem, line, i);
        totals->squares += here * here;
        for (size_t lag = 1; lag <= 2; lag++) {
            if (i < first + lag || !counts(problem, i - lag))
                continue;
            totals->products[lag - 1] += here * off(problem, line, i - lag);
            totals->pairs[lag - 1]++;
        }
    }
    totals->n += (double)line->n - 2;
}

static void add_block(const struct mqc_fit_problem *problem, size_t first, size_t end,
                      struct totals *totals) {
    const int down = problem->rows[end - 1].direction < 0;
    const struct line line = line_through(problem, first, end);
    struct sums *sums = &totals->of[down];
    if (line.n < 3 || !(line.weight > 0))
        return;
    const double f = down ? -line.slope : line.slope;
    for (int side = 0; side < 2; side++) {
        const double at =
            line.y + line.slope * (problem->rows[side ? end - 1 : first].pulse - line.x);
        totals->low = fmin(totals->low, at);
        totals->high = fmax(totals->high, at);
    }
    sums->w += line.weight;
    sums->g += line.weight * line.y;
    sums->f += line.weight * f;
    sums->gg += line.weight * line.y * line.y;
    sums->gf += line.weight * line.y * f;
    add_noise(problem, &line, first, end, totals);
}

static void add_train(const struct mqc_fit_problem *problem, size_t first, size_t end,
                      struct totals *totals) {
    const size_t n = end - first, fit = n / SHORTEST;
    const size_t most = fit > BLOCKS ? BLOCKS : fit, blocks = most < 1 ? 1 : most;
    for (size_t b = 0; b < blocks; b++)
        add_block(problem, first + n * b / blocks, first + n * (b + 1) / blocks, totals);
}

/* f at the two ends of a direction. */
static void end_steps(const struct sums *sums, int down, struct mqc_fit_trend *trend) {
    const double range = trend->top - trend->bottom, mean = sums->f / sums->w,
                 centre = sums->g / sums->w;
    const double spread = sums->gg / sums->w - centre * centre;
    const double slope =
        spread > 1e-4 * range * range ? (sums->gf / sums->w - centre * mean) / spread : 0;
    const double least = fmax(0.02 * fabs(mean), 1e-6 * range);
    const double at_low = mean + slope * (trend->bottom - centre),
                 at_high = mean + slope * (trend->top - centre);
    trend->first[down] = fmax(down ? at_high : at_low, least);
    trend->last[down] = fmax(down ? at_low : at_high, least);
}

int mqc_fit_trend(const struct mqc_fit_problem *problem, struct mqc_fit_trend *trend) {
    struct totals totals = {{{0}}, INFINITY, -INFINITY, 0, {0}, 0, {0}};
    size_t first = 0;
    trend->rows[0] = trend->rows[1] = 0;
    for (size_t i = 1; i <= problem->n; i++) {
        const struct mqc_fit_row *row = &problem->rows[i];
        if (i < problem->n && row->gap > 0)
            trend->rows[row->direction < 0]++;
        if (i < problem->n && !mqc_fit_begins(row) &&
            (row->direction == row[-1].direction || mqc_fit_begins(&row[-1])))
            continue;
        if (i - first >= 3)
            add_train(problem, first, i, &totals);
        /* A train starts from the last row of the one before. */
        first = i < problem->n && !mqc_fit_begins(row) ? i - 1 : i;
    }
    trend->top = totals.high;
    trend->bottom = fmax(totals.low, 0);
    if (!(trend->top > trend->bottom) || !(totals.n > 0) || !(totals.squares > 0))
        return 0;
    for (int down = 0; down < 2; down++) {
        trend->first[down] = trend->last[down] = 0;
        if (totals.of[down].w > 0)
            end_steps(&totals.of[down], down, trend);
        else
            trend->rows[down] = 0;
    }
    const double variance = totals.squares / totals.n;
    trend->noise = sqrt(variance);
    trend->lag_one = totals.pairs[0] > 0 ? totals.products[0] / totals.pairs[0] / variance : 0;
    trend->lag_two = totals.pairs[1] > 0 ? totals.products[1] / totals.pairs[1] / variance : 0;
    return 1;
}
