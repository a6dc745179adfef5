/* SPDX-License-Identifier: BSD-3-Clause */
/* Readings of the same pulse, over the cycles of a device. */
#include "fit/peers.h"
#include "core/alloc.h"
#include "core/order.h"

#include <math.h>

enum { FEWEST = 3 }; /* readings of one pulse that have a median to speak of */
enum { AROUND = 3 }; /* rows before and after */
/* Noise is at most so many times as far from the median as two thirds of the readings are: 4 standard
 * deviations of normal noise. Beside a row of its own cycle it is the course that scatters, too. */
static const double most_apart = 4.2, most_apart_around = 3, two_thirds = 0.66;

memqc_status mqc_fit_bench_make(struct mqc_fit_bench *bench, struct mqc_fit_data *data) {
    bench->data = data;
    bench->places = mqc_alloc(data->n, sizeof *bench->places);
    bench->typical = mqc_alloc(data->n, 7 * sizeof *bench->typical);
    if (!bench->places || !bench->typical)
        return MEMQC_ERROR_NOMEM;
    bench->off = bench->typical + data->n;
    bench->middle = bench->typical + 2 * data->n;
    bench->at = bench->typical + 3 * data->n;
    bench->values = bench->typical + 4 * data->n;
    bench->expected = bench->typical + 5 * data->n;
    bench->apart = bench->typical + 6 * data->n;
    return MEMQC_OK;
}

void mqc_fit_bench_free(struct mqc_fit_bench *bench) {
    mqc_free(bench->places);
    mqc_free(bench->typical);
}

int mqc_fit_same_pulse(const struct mqc_fit_row *a, const struct mqc_fit_row *b) {
    return a->device == b->device && a->pulse == b->pulse && a->direction == b->direction;
}

static int pulse_before(const void *context, size_t a, size_t b) {
    const struct mqc_fit_row *rows = context, *x = &rows[a], *y = &rows[b];
    if (x->device != y->device)
        return x->device < y->device;
    if (x->pulse != y->pulse)
        return x->pulse < y->pulse;
    if (x->direction != y->direction)
        return x->direction < y->direction;
    return x->g < y->g || (!(y->g < x->g) && a < b);
}

void mqc_fit_compare_cycles(struct mqc_fit_bench *bench) {
    const struct mqc_fit_row *rows = bench->data->rows;
    const size_t n = bench->data->n;
    size_t *places = bench->places;
    for (size_t i = 0; i < n; i++)
        places[i] = i;
    mqc_sort_places(n, places, pulse_before, rows);
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && mqc_fit_same_pulse(&rows[places[first]], &rows[places[end]]))
            end++;
        const size_t count = end - first;
        const double high = rows[places[first + count / 2]].g,
                     low = rows[places[first + (count - 1) / 2]].g;
        for (size_t i = first; i < end; i++)
            bench->typical[places[i]] = count < FEWEST ? NAN : 0.5 * (low + high);
    }
}

size_t mqc_fit_end_of_device(const struct mqc_fit_data *data, size_t first) {
    size_t end = first;
    while (end < data->n && data->rows[end].device == data->rows[first].device)
        end++;
    return end;
}

size_t mqc_fit_end_of_cycle(const struct mqc_fit_data *data, size_t first) {
    size_t end = first;
    while (end < data->n && data->rows[end].device == data->rows[first].device &&
           data->rows[end].cycle == data->rows[first].cycle)
        end++;
    return end;
}

double mqc_fit_median(size_t n, double *values) {
    if (n == 0)
        return 0;
    mqc_sort_values(n, values);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* How far two thirds of the readings of each pulse are from the typical one, in off[]: of those that are
 * cut off at 0 S half may be equal. */
static void find_scatter(struct mqc_fit_bench *bench) {
    const struct mqc_fit_row *rows = bench->data->rows;
    const size_t n = bench->data->n, *const places = bench->places;
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && mqc_fit_same_pulse(&rows[places[first]], &rows[places[end]]))
            end++;
        const size_t count = end - first;
        for (size_t i = first; i < end; i++)
            bench->values[i - first] = fabs(rows[places[i]].g - bench->typical[places[i]]);
        mqc_sort_values(count, bench->values);
        const double scatter =
            count < FEWEST ? NAN : bench->values[(size_t)(two_thirds * (double)(count - 1) + 0.5)];
        for (size_t i = first; i < end; i++)
            bench->off[places[i]] = scatter;
    }
}

static int one_cycle(const struct mqc_fit_row *a, const struct mqc_fit_row *b) {
    return a->device == b->device && a->cycle == b->cycle;
}

/* What the rows of the cycle at most AROUND away say of row i, which has no typical one. */
static void expect_course(struct mqc_fit_bench *bench, size_t i) {
    const struct mqc_fit_data *data = bench->data;
    const struct mqc_fit_row *last = NULL;
    double near[2 * AROUND], steps[2 * AROUND];
    size_t n = 0, n_steps = 0;
    for (size_t j = i > AROUND ? i - AROUND : 0; j <= i + AROUND && j < data->n; j++) {
        const struct mqc_fit_row *other = &data->rows[j];
        if (j == i || !one_cycle(other, &data->rows[i]))
            continue;
        near[n++] = other->g;
        if (last)
            steps[n_steps++] = fabs(other->g - last->g);
        last = other;
    }
    bench->expected[i] = n >= 2 ? mqc_fit_median(n, near) : NAN;
    for (size_t k = 0; k < n; k++)
        near[k] = fabs(near[k] - bench->expected[i]);
    bench->apart[i] =
        most_apart_around * fmax(mqc_fit_median(n, near), mqc_fit_median(n_steps, steps));
}

/* The scatter of few readings scatters itself: it is at least that of the pulses around. */
static void expect_typical(struct mqc_fit_bench *bench, size_t i) {
    const struct mqc_fit_data *data = bench->data;
    double near[2 * AROUND + 1];
    size_t n = 0;
    for (size_t j = i > AROUND ? i - AROUND : 0; j <= i + AROUND && j < data->n; j++)
        if (one_cycle(&data->rows[j], &data->rows[i]) && !isnan(bench->off[j]))
            near[n++] = bench->off[j];
    bench->expected[i] = bench->typical[i];
    bench->apart[i] = most_apart * fmax(bench->off[i], mqc_fit_median(n, near));
}

void mqc_fit_expect(struct mqc_fit_bench *bench) {
    find_scatter(bench);
    for (size_t i = 0; i < bench->data->n; i++) {
        if (isnan(bench->typical[i]))
            expect_course(bench, i);
        else
            expect_typical(bench, i);
    }
}
