/* SPDX-License-Identifier: BSD-3-Clause */
/* Each cycle is compared with the typical one, the median over the cycles of every pulse: its scale
 * is the mean of the ratios, by weights that are the inverse variances of the ratios of each pulse.
 * So rows with little noise decide where there are some: where a course has settled. A straight line
 * through the scales over the cycles' places is the drift, and their scatter about it gives its
 * error. Where cycles end on a bound of the window, stops.c knows better. What is left of a drift
 * with an error is a parameter of the pulsed candidates: MQC_FIT_DRIFT. */
#include "fit/drift.h"
#include "fit/stops.h"

#include <math.h>

enum { FEWEST_CYCLES = 5, FEWEST_ROWS = 4, AROUND = 2 };

/* Clean data of 10 000 devices have one that is taken to drift. */
static const double significant = 1e-4;
/* Readings are floats: what is smaller cannot be told. */
static const double resolution = 1e-7, least_change = 1e-5;
/* So many standard errors from what the ratios say, a drift is another one. */
static const double errors_apart = 8;

/* Abramowitz and Stegun, 26.7.3 and 26.7.4. */
double mqc_fit_beyond_t(double t, size_t n) {
    const double angle = atan(fabs(t) / sqrt((double)n)), c = cos(angle), s = sin(angle);
    double term = n % 2 ? c : 1, sum = n == 1 ? 0 : term;
    for (size_t k = n % 2 ? 3 : 2; k + 2 <= n; k += 2) {
        term *= c * c * (double)(k - 1) / (double)k;
        sum += term;
    }
    const double within = n % 2 ? (angle + s * sum) * 0.63661977236758134 : s * sum;
    return fmax(1 - within, 0);
}

/* Scale of the cycle first .. end - 1, by the variances in middle[]; NaN where few of its pulses have
 * others to compare with. */
static double scale_of(const struct mqc_fit_bench *bench, size_t first, size_t end) {
    double sum = 0, weights = 0;
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        if (isnan(bench->middle[i]))
            continue;
        const double weight = 1 / (bench->middle[i] + resolution * resolution);
        sum += weight * bench->data->rows[i].g / bench->typical[i];
        weights += weight;
        n++;
    }
    return n >= FEWEST_ROWS ? sum / weights : NAN;
}

struct line {
    double centre, mean, slope, error, variance;
};

/* Least squares; at[] are not all equal. */
static struct line line_through(size_t n, const double *at, const double *scale) {
    struct line line = {0, 0, 0, 0, 0};
    double squares = 0, mixed = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        line.centre += at[i] / (double)n;
        line.mean += scale[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        squares += (at[i] - line.centre) * (at[i] - line.centre);
        mixed += (at[i] - line.centre) * (scale[i] - line.mean);
    }
    line.slope = mixed / squares;
    for (size_t i = 0; i < n; i++) {
        const double r = scale[i] - line.mean - line.slope * (at[i] - line.centre);
        rest += r * r;
    }
    line.variance = rest / (double)(n - 2);
    line.error = sqrt((line.variance + resolution * resolution) / squares);
    return line;
}

/* Variance of the ratios of a pulse about a line of its own, for its rows in places first .. end - 1. */
static void find_variance(struct mqc_fit_bench *bench, size_t first, size_t end) {
    const size_t n = end - first;
    for (size_t i = 0; i < n; i++) {
        const size_t row = bench->places[first + i];
        bench->values[first + i] = bench->data->rows[row].g / bench->typical[row];
        bench->at[first + i] = bench->off[row];
    }
    double variance = NAN;
    if (n >= FEWEST_CYCLES && bench->typical[bench->places[first]] > 0)
        variance = line_through(n, bench->at + first, bench->values + first).variance;
    for (size_t i = first; i < end; i++)
        bench->middle[bench->places[i]] = variance;
}

/* Variances from few cycles scatter: each becomes the median of those around it. */
static void smooth(struct mqc_fit_bench *bench) {
    const struct mqc_fit_data *data = bench->data;
    for (size_t i = 0; i < data->n; i++) {
        double near[2 * AROUND + 1];
        size_t n = 0;
        for (size_t j = i > AROUND ? i - AROUND : 0; j <= i + AROUND && j < data->n; j++)
            if (data->rows[j].device == data->rows[i].device &&
                data->rows[j].cycle == data->rows[i].cycle && !isnan(bench->middle[j]))
                near[n++] = bench->middle[j];
        bench->values[i] = isnan(bench->middle[i]) ? NAN : mqc_fit_median(n, near);
    }
    for (size_t i = 0; i < data->n; i++)
        bench->middle[i] = bench->values[i];
}

/* Fills middle[] with the variances; places[] are in the order of mqc_fit_compare_cycles(). */
static void find_variances(struct mqc_fit_bench *bench) {
    const struct mqc_fit_data *data = bench->data;
    for (size_t first = 0, end; first < data->n; first = end) {
        double place = 0;
        end = mqc_fit_end_of_device(data, first);
        for (size_t from = first, to; from < end; from = to, place++) {
            to = mqc_fit_end_of_cycle(data, from);
            for (size_t i = from; i < to; i++)
                bench->off[i] = place;
        }
    }
    for (size_t first = 0, end; first < data->n; first = end) {
        end = first + 1;
        while (end < data->n && mqc_fit_same_pulse(&data->rows[bench->places[first]],
                                                   &data->rows[bench->places[end]]))
            end++;
        find_variance(bench, first, end);
    }
    smooth(bench);
}

static void set_places(struct mqc_fit_bench *bench, size_t first, size_t end, double centre) {
    double place = -centre;
    for (size_t from = first, to; from < end; from = to, place++) {
        to = mqc_fit_end_of_cycle(bench->data, from);
        for (size_t i = from; i < to; i++)
            bench->data->rows[i].place = place;
    }
}

static void take_out(struct mqc_fit_bench *bench, size_t first, size_t end,
                     const struct line *line) {
    double place = 0;
    for (size_t from = first, to; from < end; from = to, place++) {
        to = mqc_fit_end_of_cycle(bench->data, from);
        const double factor = 1 + line->slope / line->mean * (place - line->centre);
        for (size_t i = from; i < to && factor > 0; i++)
            bench->data->rows[i].g /= factor;
    }
}

/* Scale and place of each cycle of a device that can be compared, in off[] and values[]; how many. */
static size_t find_scales(struct mqc_fit_bench *bench, size_t first, size_t end) {
    size_t n = 0;
    double place = 0;
    for (size_t from = first, to; from < end; from = to, place++) {
        to = mqc_fit_end_of_cycle(bench->data, from);
        const double scale = scale_of(bench, from, to);
        if (!(scale > 0))
            continue;
        bench->values[n] = place;
        bench->off[n++] = scale;
    }
    return n;
}

static int is_significant(const struct line *line, size_t n) {
    const double change = fabs(line->slope / line->mean) * (double)n;
    return change > least_change &&
           mqc_fit_beyond_t(line->slope / line->error, n - 2) < significant;
}

/* Where cycles end on bounds, these tell the drift, as long as it is one that the ratios allow. */
static int use_stops(struct mqc_fit_bench *bench, size_t first, size_t end, struct line *line) {
    const double slope = line->slope / line->mean, error = line->error / line->mean;
    const double most = errors_apart * error + least_change;
    struct mqc_fit_stops stops = {first, end, line->centre, 0, 0};
    if (!mqc_fit_find_stops(bench, &stops, slope - most, slope + most))
        return 0;
    line->mean = 1;
    line->slope = stops.slope;
    line->error = stops.error;
    return 1;
}

void mqc_fit_remove_drift(struct mqc_fit_bench *bench) {
    struct mqc_fit_data *data = bench->data;
    double sum = 0, squares = 0, devices = 0, taken = 0;
    find_variances(bench);
    for (size_t first = 0, end; first < data->n; first = end) {
        end = mqc_fit_end_of_device(data, first);
        const size_t n = find_scales(bench, first, end);
        if (n < FEWEST_CYCLES)
            continue;
        struct line line = line_through(n, bench->values, bench->off);
        const int on_bounds = use_stops(bench, first, end, &line);
        if (!on_bounds)
            set_places(bench, first, end, line.centre);
        sum += line.slope / line.mean;
        squares += line.error / line.mean * (line.error / line.mean);
        devices++;
        if (is_significant(&line, n)) {
            take_out(bench, first, end, &line);
            data->drifts |= !on_bounds;
            taken += line.slope / line.mean;
        }
    }
    data->drift = devices > 0 ? sum / devices : 0;
    data->drift_taken = devices > 0 ? taken / devices : 0;
    data->drift_error = devices > 0 ? sqrt(squares) / devices : 0;
}
