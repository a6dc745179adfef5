/* SPDX-License-Identifier: BSD-3-Clause */
/* Each cycle is compared with the typical one, the median over the cycles of every pulse: its scale
 * is that of least squares. A straight line through the scales over the cycles' places is the
 * drift, and their scatter about it gives its error. */
#include "fit/drift.h"

#include <math.h>

enum { FEWEST_CYCLES = 5, FEWEST_ROWS = 4 };

/* Clean data of 10 000 devices have one that is taken to drift. */
static const double significant = 1e-4;

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

/* Scale of the cycle first .. end - 1; NaN where few of its pulses have others to compare with. */
static double scale_of(const struct mqc_fit_bench *bench, size_t first, size_t end) {
    double mixed = 0, squares = 0;
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        const double typical = bench->typical[i];
        if (!(typical > 0))
            continue;
        mixed += bench->data->rows[i].g * typical;
        squares += typical * typical;
        n++;
    }
    return n >= FEWEST_ROWS && squares > 0 ? mixed / squares : NAN;
}

struct line {
    size_t n;
    double centre, mean, slope, error;
};

/* Scales of a device's cycles over their places, which values[] and off[] hold. */
static struct line line_through(size_t n, const double *at, const double *scale) {
    struct line line = {n, 0, 0, 0, 0};
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
    line.error = sqrt(rest / (double)(n - 2) / squares);
    return line;
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

void mqc_fit_remove_drift(struct mqc_fit_bench *bench) {
    struct mqc_fit_data *data = bench->data;
    double sum = 0, squares = 0, devices = 0;
    for (size_t first = 0, end; first < data->n; first = end) {
        size_t n = 0;
        double place = 0;
        end = mqc_fit_end_of_device(data, first);
        for (size_t from = first, to; from < end; from = to, place++) {
            to = mqc_fit_end_of_cycle(data, from);
            const double scale = scale_of(bench, from, to);
            if (!(scale > 0))
                continue;
            bench->values[n] = place;
            bench->off[n++] = scale;
        }
        if (n < FEWEST_CYCLES)
            continue;
        const struct line line = line_through(n, bench->values, bench->off);
        sum += line.slope / line.mean;
        squares += line.error / line.mean * (line.error / line.mean);
        devices++;
        if (line.error > 0 && mqc_fit_beyond_t(line.slope / line.error, n - 2) < significant)
            take_out(bench, first, end, &line);
    }
    data->drift = devices > 0 ? sum / devices : 0;
    data->drift_error = devices > 0 ? sqrt(squares) / devices : 0;
}
