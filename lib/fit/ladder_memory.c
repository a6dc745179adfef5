/* SPDX-License-Identifier: BSD-3-Clause */
/* Readings of a level in cycles that follow each other may depend on each other. Then the mean of a
 * level scatters by more than its readings let expect, which looks like uneven levels. Let the
 * readings of each device be a first-order autoregression, with the correlation c from one cycle to
 * the next, S the matrix of the correlations of all n readings of a level, and M what takes their
 * mean off. In terms of their own variance, tr(M S) / (n - 1), the squared errors of means are
 * larger by
 *
 *     (1' S 1 / n) (n - 1) / tr(M S)
 *
 * and those of a variance by (n - 1) tr(M S M S) / tr(M S)^2. Likelihoods count as if there were
 * fewer readings by the larger of the two, as those of overdispersed counts do (Lebreton et al.,
 * Ecol. Monogr. 62 (1992) 67). */
#include "fit/ladder_memory.h"

#include <math.h>

enum { FEWEST_RUN = 3 }; /* cycles */

/* One-sided normal quantile: white noise dilutes evidence in one fit of a hundred, and the
 * correlation is higher than it is taken for as often. */
static const double significant = 2.3263;
static const double most = 0.99; /* correlation */

struct traces {
    double whole;  /* 1' S 1 */
    double first;  /* tr(M S) */
    double square; /* tr(M S M S) */
    double next;   /* the same as first, of M S M, one off the diagonal */
};

static double sum_of_row(double c, size_t n, size_t i) {
    return (1 + c - pow(c, (double)i + 1) - pow(c, (double)(n - i))) / (1 - c);
}

/* For so many devices of n readings of the correlation c. */
static struct traces traces_of(double c, size_t n, double devices) {
    const double all = devices * (double)n;
    struct traces t = {0, 0, all, 0};
    double squares = 0, neighbours = 0, power = 1;
    for (size_t i = 0; i < n; i++) {
        const double row = sum_of_row(c, n, i);
        t.whole += devices * row;
        squares += devices * row * row;
        neighbours += i > 0 ? devices * (row + sum_of_row(c, n, i - 1)) : 0;
        t.square += i > 0 ? 2 * devices * (double)(n - i) * power * power : 0; /* c^(2 i) */
        power *= c;
    }
    t.first = all - t.whole / all;
    t.square += t.whole * t.whole / (all * all) - 2 * squares / all;
    t.next = devices * (double)(n - 1) * (c + t.whole / (all * all)) - neighbours / all;
    return t;
}

/* Products of neighbours over squares, of readings less the mean of their run. */
struct runs {
    double products, squares, rows, pairs, n;
};

static void add_run(const struct mqc_fit_ladder *ladder, const size_t *order, size_t n,
                    struct runs *runs) {
    const struct mqc_fit_row *rows = ladder->data->rows;
    const double sd = ladder->sd[rows[order[0]].level - 1];
    double mean = 0, used = 0, before = 0;
    int32_t cycle = 0;
    for (size_t i = 0; i < n; i++)
        if (ladder->state[order[i]] == MQC_LADDER_USED) {
            mean += rows[order[i]].g;
            used++;
        }
    if (used < FEWEST_RUN)
        return;
    mean /= used;
    for (size_t i = 0; i < n; i++) {
        if (ladder->state[order[i]] != MQC_LADDER_USED)
            continue;
        const double z = (rows[order[i]].g - mean) / sd;
        runs->squares += z * z;
        if (before != 0 && rows[order[i]].cycle == cycle + 1) {
            runs->products += before * z;
            runs->pairs++;
        }
        cycle = rows[order[i]].cycle;
        before = z;
    }
    runs->rows += used;
    runs->n++;
}

static struct runs sum_runs(const struct mqc_fit_ladder *ladder) {
    const struct mqc_fit_row *rows = ladder->data->rows;
    const size_t n = ladder->data->n, *order = ladder->order;
    struct runs runs = {0, 0, 0, 0, 0};
    for (size_t first = 0, end; first < n; first = end) {
        const struct mqc_fit_row *row = &rows[order[first]];
        end = first + 1;
        while (end < n && rows[order[end]].level == row->level &&
               rows[order[end]].device == row->device)
            end++;
        add_run(ladder, order + first, end - first, &runs);
    }
    return runs;
}

/* The highest correlation whose traces may well give the sums, by bisection: they take the means
 * off too. 0 where white noise may give them. */
static double correlation_of(const struct runs *runs, size_t n) {
    const double share = runs->pairs / (runs->rows - runs->n); /* of neighbours that are there */
    const double found = runs->products / (runs->squares * share),
                 error = significant / sqrt(runs->pairs);
    const struct traces white = traces_of(0, n, 1);
    double low = 0, high = most;
    if (found < white.next / white.first + error)
        return 0;
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (low + high);
        const struct traces t = traces_of(middle, n, 1);
        if (t.next / t.first < found + error)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void mqc_fit_ladder_dilute(struct mqc_fit_ladder *ladder) {
    const struct runs runs = sum_runs(ladder);
    ladder->dilution[0] = ladder->dilution[1] = 1;
    ladder->memory = 0;
    if (!(runs.pairs > 0) || !(runs.squares > 0))
        return;
    const size_t n = (size_t)(runs.rows / runs.n + 0.5);
    const double devices = fmax(runs.n / (double)ladder->levels, 1);
    const double c = correlation_of(&runs, n), freedom = devices * (double)n - 1;
    const struct traces t = traces_of(c, n, devices);
    ladder->memory = c;
    ladder->dilution[0] = fmax(t.whole / (devices * (double)n) * freedom / t.first, 1);
    ladder->dilution[1] = fmax(freedom * t.square / (t.first * t.first), 1);
}
