/* SPDX-License-Identifier: BSD-3-Clause */
/* A pulse cannot lead beyond a bound of the window, so that cycles which reach one have the bound itself
 * as their largest or smallest reading. Where all conductances drift, the bound does too: the
 * readings that stand on it lie on the line of the drift exactly, and no reading lies beyond.
 *
 * Two cycles that reach a bound say what the drift is. Every pair proposes one, and the proposal
 * is taken under which most cycles stand on the bounds, if there are more of them than chance
 * brings there. */
#include "fit/stops.h"

#include "core/order.h"

#include <math.h>

enum { MOST_PAIRED = 64, BOUNDS = 2 };

/* Of a reading. Floats have 6e-8, and the drift itself may have been rounded. */
static const double equal = 5e-7;
/* Coincidences beyond those that any line has, from which on it is that of the bounds. */
static const int convincing = 2;

/* Largest and smallest reading of each cycle, and its place from the middle. */
struct cycles {
    size_t n;
    double *place, *end[BOUNDS];
};

static struct cycles find_cycles(const struct mqc_fit_bench *bench,
                                 const struct mqc_fit_stops *stops) {
    const struct mqc_fit_data *data = bench->data;
    struct cycles cycles = {0, bench->at, {bench->values, bench->off}};
    double place = -stops->centre;
    for (size_t from = stops->first, to; from < stops->end; from = to, place++) {
        to = mqc_fit_end_of_cycle(data, from);
        double low = data->rows[from].g, high = low;
        for (size_t i = from; i < to; i++) {
            low = fmin(low, data->rows[i].g);
            high = fmax(high, data->rows[i].g);
        }
        cycles.place[cycles.n] = place;
        cycles.end[0][cycles.n] = high;
        cycles.end[1][cycles.n++] = low;
    }
    return cycles;
}

/* The bound where the drift is taken out: nothing lies beyond it. */
static double bound_of(const struct cycles *cycles, int lower, double slope) {
    double bound = lower ? INFINITY : -INFINITY;
    for (size_t c = 0; c < cycles->n; c++) {
        const double at = cycles->end[lower][c] / (1 + slope * cycles->place[c]);
        bound = lower ? fmin(bound, at) : fmax(bound, at);
    }
    return bound;
}

static int stands_on(const struct cycles *cycles, size_t c, int lower, double slope, double bound) {
    const double at = cycles->end[lower][c] / (1 + slope * cycles->place[c]);
    return fabs(at - bound) <= equal * bound;
}

/* How many cycles stand on each bound under a drift. */
static void count(const struct cycles *cycles, double slope, size_t *on) {
    for (int lower = 0; lower < BOUNDS; lower++) {
        const double bound = bound_of(cycles, lower, slope);
        on[lower] = 0;
        for (size_t c = 0; c < cycles->n && bound > 0; c++)
            on[lower] += (size_t)stands_on(cycles, c, lower, slope, bound);
    }
}

/* Coincidences beyond those that any line has: one cycle on each bound is its place, and one more its
 * slope. */
static int surplus(const size_t *on) {
    int more = -1;
    for (int lower = 0; lower < BOUNDS; lower++)
        more += on[lower] > 1 ? (int)on[lower] - 1 : 0;
    return more;
}

/* Rows that stand where the row before stands: on a bound that the cycle has reached. */
static int stays(const struct mqc_fit_bench *bench, const struct mqc_fit_stops *stops,
                 const struct cycles *cycles, const size_t *on) {
    const struct mqc_fit_data *data = bench->data;
    double bound[BOUNDS];
    int rows = 0;
    for (int lower = 0; lower < BOUNDS; lower++)
        bound[lower] = on[lower] > 1 ? bound_of(cycles, lower, stops->slope) : 0;
    size_t c = 0;
    for (size_t from = stops->first, to; from < stops->end; from = to, c++) {
        to = mqc_fit_end_of_cycle(data, from);
        for (int lower = 0; lower < BOUNDS; lower++) {
            if (!(bound[lower] > 0) || !stands_on(cycles, c, lower, stops->slope, bound[lower]))
                continue;
            int here = -1;
            for (size_t i = from; i < to; i++)
                here +=
                    fabs(data->rows[i].g - cycles->end[lower][c]) <= equal * cycles->end[lower][c];
            rows += here > 0;
        }
    }
    return rows;
}

/* In coarse data, where many readings are equal, coincidences mean nothing. */
static int is_coarse(const struct mqc_fit_bench *bench, const struct mqc_fit_stops *stops) {
    const struct mqc_fit_data *data = bench->data;
    const size_t n = stops->end - stops->first;
    size_t distinct = 1, at_ends = 0;
    for (size_t i = 0; i < n; i++)
        bench->values[i] = data->rows[stops->first + i].g;
    mqc_sort_values(n, bench->values);
    const double low = bench->values[0], high = bench->values[n - 1];
    for (size_t i = 1; i < n; i++) {
        const double here = bench->values[i];
        distinct += here > bench->values[i - 1] + MQC_FIT_SLACK * (high - low);
        at_ends += here <= low + 0.02 * (high - low) || here >= high - 0.02 * (high - low);
    }
    return distinct + at_ends <= n / 2;
}

/* The best drift within low .. high, and how many cycles stand on each bound under it. */
struct best {
    double slope, apart;
    size_t on[BOUNDS];
};

/* What a pair of cycles that both stand on a bound would say; the longest line tells the most. */
static void propose(const struct cycles *cycles, int lower, size_t a, size_t b, struct best *best,
                    double low, double high) {
    const double *const y = cycles->end[lower], *const x = cycles->place;
    const double slope = (y[b] - y[a]) / (y[a] * x[b] - y[b] * x[a]), apart = fabs(x[b] - x[a]);
    size_t on[BOUNDS];
    if (!(slope >= low && slope <= high))
        return;
    count(cycles, slope, on);
    const int more = surplus(on) - surplus(best->on);
    if (more < 0 || (more == 0 && apart <= best->apart))
        return;
    best->slope = slope;
    best->apart = apart;
    for (int bound = 0; bound < BOUNDS; bound++)
        best->on[bound] = on[bound];
}

int mqc_fit_find_stops(struct mqc_fit_bench *bench, struct mqc_fit_stops *stops, double low,
                       double high) {
    if (is_coarse(bench, stops))
        return 0;
    const struct cycles cycles = find_cycles(bench, stops);
    const size_t stride = (cycles.n + MOST_PAIRED - 1) / MOST_PAIRED;
    struct best best = {0, 0, {0, 0}};
    for (int lower = 0; lower < BOUNDS; lower++)
        for (size_t a = 0; a < cycles.n; a += stride)
            for (size_t b = a + stride; b < cycles.n; b += stride)
                propose(&cycles, lower, a, b, &best, low, high);
    stops->slope = best.slope;
    stops->error = best.apart > 0 ? equal / best.apart : 0;
    return surplus(best.on) + stays(bench, stops, &cycles, best.on) >= convincing;
}
