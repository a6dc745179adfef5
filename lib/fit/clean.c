/* SPDX-License-Identifier: BSD-3-Clause */
/* Dirty data. What no device can do is left out before any model is fitted: overflows, open contacts,
 * misreads, failed cycles. The thresholds are wide: of clean data no row is left out, and a doubtful
 * one is left to the outliers of each candidate, in robust.c. */
#include "fit/clean.h"
#include "core/error.h"
#include "core/order.h"
#include "fit/drift.h"
#include "fit/peers.h"
#include "fit/units.h"

#include <float.h>
#include <math.h>

/* S. Instruments answer 9.9e37 where a range is exceeded, in whatever unit; of a resistance, that is a
 * conductance of 1e-38 S. */
static const double most_plausible = 1e20, least_plausible = 1e-30;
static const double least_kept = 0.75; /* part of the rows */

enum { BINS = 8, REACH = 2, ROUNDS = 4, FEWEST = 10 };
/* Distances from the neighbours: in usual ones, and in ranges of the data. */
static const double spike = 6, least_spike = 0.35, edge_spike = 0.5, lone_edge_spike = 1;
/* Between 0 S and the smallest reading there is nothing: it is farther from 0 than so many times the
 * distance to the one LOWEST places above. Of readings that reach 0, one set in 16 000 is like that. */
static const double above_zero = 3;
enum { LOWEST = 8 };
/* Misreads beside each other, and how near the rows around are to what is expected, in ranges. */
enum { LONGEST_RUN = 4 };
static const double agreeing = 0.05, least_fall = 0.1, far_apart = 1.5;
/* A failed cycle: distances from the typical cycle in those of the median cycle, and in ranges. */
static const double failed = 10, least_failed = 0.25, most_failed = 0.25;

int32_t mqc_fit_flaw(double g) {
    if (!isfinite(g))
        return MEMQC_DEVICE_LEFT_OUT_NOT_FINITE;
    if (fabs(g) > most_plausible || (g > 0 && g < least_plausible))
        return MEMQC_DEVICE_LEFT_OUT_OVERFLOW;
    return 0;
}

static int same_cycle(const struct mqc_fit_row *a, const struct mqc_fit_row *b) {
    return a->device == b->device && a->cycle == b->cycle;
}

/* Takes the rows that are left out from among the others. Where a pulse of another direction is
 * missing, nobody knows what the cell did in between: its cycle begins anew. */
static void drop(struct mqc_fit_data *data) {
    size_t kept = 0;
    const struct mqc_fit_row *gone = NULL;
    int torn = 0;
    for (size_t i = 0; i < data->n; i++) {
        struct mqc_fit_row row = data->rows[i];
        if (gone && same_cycle(gone, &row))
            row.torn |= torn || gone->direction != row.direction;
        if (data->left_out[row.from] != 0) {
            gone = &data->rows[i];
            torn = row.torn;
            continue;
        }
        gone = NULL;
        torn = 0;
        data->rows[kept++] = row;
    }
    data->n = kept;
}

/* The readings at most REACH rows before and after, in order; returns how many. */
static size_t neighbours(const struct mqc_fit_data *data, size_t i, double *near) {
    size_t n = 0;
    for (size_t j = i > REACH ? i - REACH : 0; j <= i + REACH && j < data->n; j++) {
        if (j == i || !same_cycle(&data->rows[j], &data->rows[i]))
            continue;
        size_t at = n++;
        for (; at > 0 && near[at - 1] > data->rows[j].g; at--)
            near[at] = near[at - 1];
        near[at] = data->rows[j].g;
    }
    return n;
}

/* How far a reading is from the range of its neighbours, of which one may be a misread itself. */
static double distance(const struct mqc_fit_data *data, size_t i) {
    double near[2 * REACH];
    const size_t n = neighbours(data, i, near), spare = n >= 3;
    if (n < 2)
        return 0;
    return fmax(fmax(data->rows[i].g - near[n - 1 - spare], near[spare] - data->rows[i].g), 0);
}

/* How far the neighbours are from each other, of which one may be a misread: a course that falls by half
 * at each pulse ends far from the row before its end. */
static double spread_beside(const struct mqc_fit_data *data, size_t i) {
    double near[2 * REACH], least = INFINITY;
    const size_t n = neighbours(data, i, near);
    for (size_t k = 1; k < n; k++)
        least = fmin(least, near[k] - near[k - 1]);
    return n > 1 ? least : 0;
}

/* Are all the neighbours there, and of its own direction? */
static int is_inner(const struct mqc_fit_data *data, size_t i) {
    if (i < REACH || i + REACH >= data->n)
        return 0;
    for (size_t j = i - REACH; j <= i + REACH; j++)
        if (!same_cycle(&data->rows[j], &data->rows[i]) ||
            data->rows[j].direction != data->rows[i].direction)
            return 0;
    return 1;
}

/* How far n inner rows usually are from what is around them: the 80 % quantile of their distances,
 * beyond which there are few but misreads, or the median step where courses are so smooth that most
 * distances are 0. */
static double usual_distance(struct mqc_fit_bench *bench, const size_t *places, size_t n) {
    for (size_t i = 0; i < n; i++)
        bench->values[i] = bench->off[places[i]];
    mqc_sort_values(n, bench->values);
    const double distance_of_most = bench->values[n - 1 - n / 5];
    for (size_t i = 0; i < n; i++) {
        const struct mqc_fit_row *row = &bench->data->rows[places[i]];
        bench->values[i] = fabs(row->g - row[-1].g);
    }
    return fmax(distance_of_most, mqc_fit_median(n, bench->values));
}

/* Median of the neighbours of an inner row. */
static double middle_of(const struct mqc_fit_data *data, size_t i) {
    double near[2 * REACH];
    neighbours(data, i, near);
    return 0.5 * (near[REACH - 1] + near[REACH]);
}

static int lower_middle(const void *context, size_t a, size_t b) {
    const double *middle = context;
    return middle[a] < middle[b] || (!(middle[b] < middle[a]) && a < b);
}

static int32_t reason_of(double g) {
    if (g < 0)
        return MEMQC_DEVICE_LEFT_OUT_NEGATIVE;
    return g > 0 ? MEMQC_DEVICE_LEFT_OUT_ISOLATED : MEMQC_DEVICE_LEFT_OUT_ZERO;
}

static void flag(struct mqc_fit_bench *bench, size_t i, double limit) {
    const struct mqc_fit_row *row = &bench->data->rows[i];
    const double typical = bench->typical[i], off = distance(bench->data, i);
    const double from_typical = isnan(typical) ? off : fabs(row->g - typical);
    if (fmin(off, from_typical) > limit)
        bench->data->left_out[row->from] = reason_of(row->g);
}

/* Inner rows of one direction, by the conductance around them in BINS: the noise may depend on
 * both. */
static void flag_inner(struct mqc_fit_bench *bench, size_t first, size_t end, int32_t direction,
                       double range) {
    const struct mqc_fit_data *data = bench->data;
    size_t *places = bench->places, n = 0;
    for (size_t i = first; i < end; i++) {
        bench->off[i] = distance(data, i);
        if (data->rows[i].direction != direction || !is_inner(data, i))
            continue;
        bench->middle[i] = middle_of(data, i);
        places[n++] = i;
    }
    mqc_sort_places(n, places, lower_middle, bench->middle);
    const size_t bins = n < FEWEST * BINS ? 1 : BINS;
    for (size_t b = 0; b < bins && n > 0; b++) {
        const size_t from = n * b / bins, to = n * (b + 1) / bins;
        const double usual = usual_distance(bench, places + from, to - from);
        for (size_t i = from; i < to; i++)
            flag(bench, places[i], fmax(spike * usual, least_spike * range));
    }
}

/* The smallest of n readings, sorted, where none reaches 0; else infinity. */
static double lowest_above(size_t n, const double *values) {
    size_t zeros = 0;
    while (zeros < n && values[zeros] <= 0)
        zeros++;
    if (zeros == 0 || zeros + LOWEST > n)
        return INFINITY;
    const double low = values[zeros], spread = values[zeros + LOWEST - 1] - low;
    return low > above_zero * spread ? low : INFINITY;
}

/* Is a reading of 0 S where the cell may well stand at 0? Nobody knows of turning points that have
 * no other to compare with, nor of a course that stays there. */
static int may_be_zero(const struct mqc_fit_bench *bench, size_t i, double low) {
    const struct mqc_fit_row *row = &bench->data->rows[i];
    if (!isnan(bench->typical[i]))
        return bench->typical[i] < 0.5 * low;
    if (!is_inner(bench->data, i))
        return 1;
    return (row[-1].g <= 0 && (row[1].g <= 0 || row[-2].g <= 0)) ||
           (row[1].g <= 0 && row[2].g <= 0);
}

static void flag_zeros(struct mqc_fit_bench *bench, size_t first, size_t end, double range) {
    struct mqc_fit_data *data = bench->data;
    const double low =
        lowest_above(end - first, bench->values); /* where middle_range() left them */
    (void)range;
    for (size_t i = first; i < end && low < INFINITY; i++)
        if (data->rows[i].g <= 0 && !may_be_zero(bench, i, low))
            data->left_out[data->rows[i].from] = MEMQC_DEVICE_LEFT_OUT_ZERO;
}

/* Rows of a device that are far from their neighbours, and from the same pulse of other cycles. */
static void flag_spikes(struct mqc_fit_bench *bench, size_t first, size_t end, double range) {
    flag_inner(bench, first, end, 1, range);
    flag_inner(bench, first, end, -1, range);
    for (size_t i = first; i < end; i++) {
        if (is_inner(bench->data, i))
            continue;
        if (isnan(bench->typical[i]))
            flag(bench, i, fmax(lone_edge_spike * range, spike * spread_beside(bench->data, i)));
        else
            flag(bench, i, fmax(edge_spike * range, bench->apart[i]));
    }
}

/* On which side of what is expected a row lies that noise does not explain: 1 above, -1 below, 0 on
 * none. It must also be far in terms of the range; 0 S, at which instruments fail, less so. */
static int side_of(const struct mqc_fit_bench *bench, size_t i, double range) {
    const double g = bench->data->rows[i].g, off = g - bench->expected[i];
    const double limit = g > 0 ? fmax(far_apart * bench->apart[i], least_spike * range)
                               : fmax(bench->apart[i], least_fall * range);
    if (isnan(bench->typical[i]) || !(fabs(off) > limit))
        return 0;
    return off > 0 ? 1 : -1;
}

/* Is a row of the same cycle where it is expected? */
static int agrees(const struct mqc_fit_bench *bench, size_t i, size_t other, double range) {
    return same_cycle(&bench->data->rows[i], &bench->data->rows[other]) &&
           fabs(bench->data->rows[other].g - bench->expected[other]) <=
               bench->apart[other] + agreeing * range;
}

/* Misreads beside each other: a few rows off on one side between rows where they are expected, or at an end
 * of the cycle. A cell that jumps does not come back within a few pulses. */
static void flag_runs(struct mqc_fit_bench *bench, size_t first, size_t end, double range) {
    for (size_t from = first, to; from < end; from = to) {
        const int side = side_of(bench, from, range);
        to = from + 1;
        while (side != 0 && to < end &&
               same_cycle(&bench->data->rows[from], &bench->data->rows[to]) &&
               side_of(bench, to, range) == side)
            to++;
        const int opens =
            from == first || !same_cycle(&bench->data->rows[from - 1], &bench->data->rows[from]);
        const int closes =
            to == end || !same_cycle(&bench->data->rows[from], &bench->data->rows[to]);
        if (side == 0 || to - from > LONGEST_RUN || (opens && closes) ||
            !(opens || agrees(bench, from, from - 1, range)) ||
            !(closes || agrees(bench, from, to, range)))
            continue;
        for (size_t i = from; i < to; i++)
            bench->data->left_out[bench->data->rows[i].from] = reason_of(bench->data->rows[i].g);
    }
}

/* Median distance of a cycle from the typical one; 0 where it cannot be compared. */
static double unlike(struct mqc_fit_bench *bench, size_t first, size_t end) {
    size_t n = 0;
    for (size_t i = first; i < end; i++)
        if (!isnan(bench->typical[i]))
            bench->values[n++] = fabs(bench->data->rows[i].g - bench->typical[i]);
    return 2 * n < end - first ? 0 : mqc_fit_median(n, bench->values);
}

static void flag_cycles(struct mqc_fit_bench *bench, size_t first, size_t end, double range) {
    struct mqc_fit_data *data = bench->data;
    size_t cycles = 0, bad = 0;
    for (size_t from = first, to; from < end; from = to) {
        to = mqc_fit_end_of_cycle(data, from);
        bench->off[cycles++] = unlike(bench, from, to);
    }
    const double usual = mqc_fit_median(cycles, bench->off);
    const double limit = fmax(failed * usual, least_failed * range);
    for (size_t i = 0; i < cycles; i++)
        bad += bench->off[i] > limit;
    if (cycles < 4 || bad == 0 || (double)bad > most_failed * (double)cycles)
        return;
    for (size_t from = first, to; from < end; from = to) {
        to = mqc_fit_end_of_cycle(data, from);
        for (size_t i = from; i < to && unlike(bench, from, to) > limit; i++)
            data->left_out[data->rows[i].from] = MEMQC_DEVICE_LEFT_OUT_CYCLE;
    }
}

/* From the 10 % quantile to the 90 % one, between which there are few misreads. */
static double middle_range(struct mqc_fit_bench *bench, size_t first, size_t end) {
    const size_t n = end - first;
    for (size_t i = 0; i < n; i++)
        bench->values[i] = bench->data->rows[first + i].g;
    mqc_sort_values(n, bench->values);
    return bench->values[n - 1 - n / 10] - bench->values[n / 10];
}

typedef void flagger(struct mqc_fit_bench *bench, size_t first, size_t end, double range);

static void flag_devices(struct mqc_fit_bench *bench, flagger *function) {
    mqc_fit_compare_cycles(bench);
    mqc_fit_expect(bench);
    for (size_t first = 0, end; first < bench->data->n; first = end) {
        end = mqc_fit_end_of_device(bench->data, first);
        const double range = middle_range(bench, first, end);
        if (range > 0)
            function(bench, first, end, range);
    }
    drop(bench->data);
}

static memqc_status check_rest(const struct mqc_fit_data *data) {
    if ((double)data->n >= least_kept * (double)data->given)
        return MEMQC_OK;
    size_t first = 0;
    while (data->left_out[first] == 0)
        first++;
    return mqc_fail(
        MEMQC_ERROR_DATA,
        "memqc_device_fit: %zu of %zu rows are no measurements of the device, the first "
        "is row %zu (%s); a fit needs three quarters of them",
        data->given - data->n, data->given, first, memqc_device_fit_reason(data->left_out[first]));
}

/* Readings below 0 S where noise does not lead: from what is expected, which is far from 0 S itself, or from
 * 0 S. They are of a wrong sign. The others say that the instrument has noise, and shows it beside 0 S. */
static void flag_negatives(struct mqc_fit_bench *bench) {
    struct mqc_fit_data *data = bench->data;
    for (size_t i = 0; i < data->n; i++) {
        const double g = data->rows[i].g, expected = bench->expected[i], apart = bench->apart[i];
        const int is_far = expected - g > apart && 2 * expected > apart;
        if (g < 0 && (is_far || -expected > 2 * apart))
            data->left_out[data->rows[i].from] = MEMQC_DEVICE_LEFT_OUT_NEGATIVE;
    }
}

static void note_signs(struct mqc_fit_data *data) {
    for (size_t i = 0; i < data->n; i++)
        data->goes_below |= data->rows[i].g < 0;
}

static memqc_status clean(struct mqc_fit_bench *bench) {
    drop(bench->data);
    mqc_fit_compare_cycles(bench);
    mqc_fit_expect(bench);
    flag_negatives(bench);
    MQC_TRY(mqc_fit_check_units(bench));
    drop(bench->data);
    flag_devices(bench, flag_zeros);
    flag_devices(bench, flag_runs);
    size_t before = 0;
    for (int round = 0; round < ROUNDS && bench->data->n != before; round++) {
        before = bench->data->n; /* a misread hides behind those beside it */
        flag_devices(bench, flag_spikes);
    }
    flag_devices(bench, flag_cycles);
    MQC_TRY(check_rest(bench->data));
    note_signs(bench->data);
    mqc_fit_compare_cycles(bench);
    mqc_fit_remove_drift(bench);
    return MEMQC_OK;
}

memqc_status mqc_fit_clean(struct mqc_fit_data *data) {
    struct mqc_fit_bench bench;
    memqc_status status = mqc_fit_bench_make(&bench, data);
    if (status == MEMQC_OK)
        status = clean(&bench);
    mqc_fit_bench_free(&bench);
    return status;
}
