/* SPDX-License-Identifier: BSD-3-Clause */
/* Quantiles at a node are those of the pairs near it, weighted by the tricube of their distance
 * (Cleveland, J. Am. Stat. Assoc. 74 (1979) 829) over that of the last of them. A pair is first
 * moved along the straight line that fits the changes of all of them, so that a step which depends
 * on the conductance is no scatter; one that ended exactly on a bound stays there. A further pair is
 * less than the least of n, or more than the largest, with the probability 1 / (n + 1) each: the
 * quantiles go on so far, by the distance that the outer pairs have from each other. */
#include "fit/jump_cloud.h"
#include "core/order.h"

#include <math.h>

/* How many nodes a neighbourhood spans. */
static const double overlap = 2;

static double weight_of(const struct mqc_jump_cloud *cloud, size_t i) {
    return cloud->weight ? (double)cloud->weight[i] : 1;
}

/* --- nodes --- */

size_t mqc_jump_nodes(const struct mqc_jump_cloud *cloud, size_t most, float *g) {
    const double wanted = rint(overlap * (double)cloud->n / cloud->near);
    const double spaces = fmin(fmax(wanted, 1), (double)most - 1);
    size_t n = 0;
    for (double i = 0; i <= spaces; i++) {
        const float at = cloud->before[(size_t)rint(i * (double)(cloud->n - 1) / spaces)];
        if (n == 0 || at > g[n - 1])
            g[n++] = at;
    }
    return n;
}

/* --- a node --- */

/* The neighbourhood of g: pairs first .. end - 1, none of them further than `reach`. */
struct near {
    size_t first, end;
    double reach;
};

/* First pair whose conductance before is g or more. */
static size_t find(const struct mqc_jump_cloud *cloud, double g) {
    size_t low = 0, high = cloud->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if ((double)cloud->before[middle] < g)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct near find_near(const struct mqc_jump_cloud *cloud, double g) {
    struct near near = {0, 0, 0};
    double count = 0;
    near.first = near.end = find(cloud, g);
    for (;;) {
        const double below = near.first > 0 ? g - (double)cloud->before[near.first - 1] : INFINITY,
                     above = near.end < cloud->n ? (double)cloud->before[near.end] - g : INFINITY,
                     next = fmin(below, above);
        /* All that are as far as the last one belong to it. */
        if (next == INFINITY || (count >= cloud->near && next > near.reach))
            break;
        near.reach = fmax(near.reach, next);
        count += weight_of(cloud, below <= above ? --near.first : near.end++);
    }
    return near;
}

static int ends_low(const struct mqc_jump_cloud *cloud, size_t i) {
    return cloud->low >= 0 && (double)cloud->after[i] <= cloud->low;
}

static int ends_high(const struct mqc_jump_cloud *cloud, size_t i) {
    return cloud->high >= 0 && (double)cloud->after[i] >= cloud->high;
}

static double change_of(const struct mqc_jump_cloud *cloud, size_t i) {
    return (double)cloud->after[i] - (double)cloud->before[i];
}

/* Shares of the pairs; a little beyond the last one, which would have none. */
static void share_out(const struct mqc_jump_cloud *cloud, double g, const struct near *near) {
    const double reach = near->reach * (1 + 1e-4);
    for (size_t i = near->first; i < near->end; i++) {
        const double off = fabs((double)cloud->before[i] - g), part = reach > 0 ? off / reach : 0,
                     rest = 1 - part * part * part;
        cloud->share[i] = weight_of(cloud, i) * rest * rest * rest;
    }
}

/* Slope of the change along the conductance, of pairs that no bound has stopped. */
static double find_slope(const struct mqc_jump_cloud *cloud, double g, const struct near *near) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = near->first; i < near->end; i++) {
        const double share = cloud->share[i], at = (double)cloud->before[i] - g;
        if (ends_low(cloud, i) || ends_high(cloud, i))
            continue;
        w += share;
        x += share * at;
        y += share * change_of(cloud, i);
        xx += share * at * at;
        xy += share * at * change_of(cloud, i);
    }
    const double spread = w > 0 ? xx - x * x / w : 0;
    return spread > 1e-9 * xx ? (xy - x * y / w) / spread : 0;
}

static double bounded(const struct mqc_jump_cloud *cloud, double change, double g) {
    if (cloud->low >= 0)
        change = fmax(change, cloud->low - g);
    return cloud->high >= 0 ? fmin(change, cloud->high - g) : change;
}

/* The changes as pulses at g would have made them. */
static void move(const struct mqc_jump_cloud *cloud, double g, const struct near *near) {
    const double slope = find_slope(cloud, g, near);
    for (size_t i = near->first; i < near->end; i++) {
        double change = change_of(cloud, i) - slope * ((double)cloud->before[i] - g);
        if (ends_low(cloud, i))
            change = cloud->low - g;
        else if (ends_high(cloud, i))
            change = cloud->high - g;
        cloud->change[i] = bounded(cloud, change, g);
    }
}

static int is_less(const void *context, size_t a, size_t b) {
    const double *change = context;
    return change[a] < change[b] || (change[a] <= change[b] && a < b);
}

/* A place on the quantile function: the part of the changes that are less, and a change. */
struct corner {
    double part, change;
};

/* Writes the quantiles from number j on that are not beyond `to`, along the line from `from`. Returns
 * the number of the next one. */
static size_t draw_line(struct corner from, struct corner to, size_t j, size_t n_q,
                        float *quantiles) {
    for (; j < n_q && (double)j / (double)(n_q - 1) <= to.part; j++) {
        const double part = (double)j / (double)(n_q - 1) - from.part, all = to.part - from.part;
        const double change =
            all > 0 ? from.change + part / all * (to.change - from.change) : to.change;
        quantiles[j] = (float)change;
        /* Rounding must not make them fall. */
        if (j > 0)
            quantiles[j] = fmaxf(quantiles[j], quantiles[j - 1]);
    }
    return j;
}

/* Change number k of the sorted n; before the first and after the last, the distance from it that
 * the next ones have from each other in the mean. */
static double change_at(const struct mqc_jump_cloud *cloud, size_t n, int beyond, size_t k) {
    enum { OUTER = 3 };
    const size_t few = n > OUTER ? OUTER : n - 1, inner = beyond < 0 ? few : n - 1 - few;
    const double change = cloud->change[cloud->order[k]];
    if (beyond == 0 || n < 2)
        return change;
    return change + (change - cloud->change[cloud->order[inner]]) / (double)few;
}

void mqc_jump_quantiles(const struct mqc_jump_cloud *cloud, double g, size_t n_q,
                        float *quantiles) {
    const struct near near = find_near(cloud, g);
    double all = 0, squares = 0;
    size_t n = 0, j = 0;
    share_out(cloud, g, &near);
    move(cloud, g, &near);
    for (size_t i = near.first; i < near.end; i++) {
        if (!(cloud->share[i] > 0))
            continue;
        cloud->order[n++] = i;
        all += cloud->share[i];
        squares += cloud->share[i] * cloud->share[i];
    }
    mqc_sort_places(n, cloud->order, is_less, cloud->change);
    const double typical = squares / all;
    double below = 0.5 * typical;
    struct corner last = {0, bounded(cloud, change_at(cloud, n, -1, 0), g)};
    for (size_t k = 0; k < n; k++) {
        const double share = cloud->share[cloud->order[k]];
        const struct corner next = {(below + 0.5 * share) / (all + typical),
                                    change_at(cloud, n, 0, k)};
        below += share;
        j = draw_line(last, next, j, n_q, quantiles);
        last = next;
    }
    const struct corner end = {1, bounded(cloud, change_at(cloud, n, 1, n - 1), g)};
    draw_line(last, end, j, n_q, quantiles);
}

/* --- a table --- */

void mqc_jump_curve_at(const struct mqc_jump_curve *curve, double g, double *quantiles) {
    size_t i = 0, high = curve->n_g;
    while (i < high) {
        const size_t middle = i + (high - i) / 2;
        if ((double)curve->g[middle] <= g)
            i = middle + 1;
        else
            high = middle;
    }
    const size_t above = i < curve->n_g ? i : curve->n_g - 1, under = i > 0 ? i - 1 : 0;
    const double from = (double)curve->g[under], to = (double)curve->g[above];
    const double part = to > from ? fmin(fmax((g - from) / (to - from), 0), 1) : 0;
    const float *a = curve->quantiles + under * curve->n_q,
                *b = curve->quantiles + above * curve->n_q;
    for (size_t j = 0; j < curve->n_q; j++)
        quantiles[j] = (double)a[j] + part * ((double)b[j] - (double)a[j]);
}
