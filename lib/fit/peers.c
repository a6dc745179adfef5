/* SPDX-License-Identifier: BSD-3-Clause */
/* Readings of the same pulse, over the cycles of a device. */
#include "fit/peers.h"
#include "core/alloc.h"
#include "core/order.h"

#include <math.h>

enum { FEWEST = 3 }; /* readings of one pulse that have a median to speak of */

memqc_status mqc_fit_bench_make(struct mqc_fit_bench *bench, struct mqc_fit_data *data) {
    bench->data = data;
    bench->places = mqc_alloc(data->n, sizeof *bench->places);
    bench->typical = mqc_alloc(data->n, 5 * sizeof *bench->typical);
    if (!bench->places || !bench->typical)
        return MEMQC_ERROR_NOMEM;
    bench->off = bench->typical + data->n;
    bench->middle = bench->typical + 2 * data->n;
    bench->at = bench->typical + 3 * data->n;
    bench->values = bench->typical + 4 * data->n;
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
