/* SPDX-License-Identifier: BSD-3-Clause */
/* Measured rows: checked, sorted by device, cycle and pulse, counted. */
#include "fit/data.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "fit/clean.h"

#include <math.h>

static int32_t number(const int32_t *column, size_t i) {
    return column ? column[i] : 0;
}

static int row_before(const void *context, size_t a, size_t b) {
    const struct mqc_fit_columns *columns = context;
    if (number(columns->device, a) != number(columns->device, b))
        return number(columns->device, a) < number(columns->device, b);
    if (number(columns->cycle, a) != number(columns->cycle, b))
        return number(columns->cycle, a) < number(columns->cycle, b);
    if (columns->pulse[a] != columns->pulse[b])
        return columns->pulse[a] < columns->pulse[b];
    if (number(columns->read, a) != number(columns->read, b))
        return number(columns->read, a) < number(columns->read, b);
    return a < b;
}

static memqc_status check(size_t n, const struct mqc_fit_columns *columns) {
    const int32_t *pulse = columns->pulse, *direction = columns->direction;
    const int32_t *read = columns->read;
    for (size_t i = 0; i < n; i++) {
        if (read && read[i] < 0)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_fit: read[%zu] = %d; readings of a pulse are numbered "
                            "from 0 or 1 on",
                            i, (int)read[i]);
        if (pulse[i] < 0)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_fit: pulse[%zu] = %d; pulses are numbered from 0 or 1 on",
                            i, (int)pulse[i]);
        if (direction && direction[i] != 1 && direction[i] != -1)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_fit: direction[%zu] = %d; allowed is 1 (potentiation) or "
                            "-1 (depression)",
                            i, (int)direction[i]);
    }
    return MEMQC_OK;
}

/* A row and the one before it, of the same pulse: two readings? */
static memqc_status check_pulse(const struct mqc_fit_row *row, int has_reads) {
    const struct mqc_fit_row *last = row - 1;
    if (!has_reads)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "memqc_device_fit: device %d, cycle %d has pulse %d twice, in rows %zu "
                        "and %zu; number the pulses of a cycle "
                        "through, both directions together",
                        (int)row->device, (int)row->cycle, (int)row->pulse, last->from, row->from);
    if (last->read == row->read)
        return mqc_fail(
            MEMQC_ERROR_DATA,
            "memqc_device_fit: device %d, cycle %d, pulse %d has read %d twice, in rows "
            "%zu and %zu; number the readings of a pulse through",
            (int)row->device, (int)row->cycle, (int)row->pulse, (int)row->read, last->from,
            row->from);
    if (last->direction != row->direction)
        return mqc_fail(
            MEMQC_ERROR_DATA,
            "memqc_device_fit: device %d, cycle %d, pulse %d has the direction %d in row "
            "%zu and %d in row %zu; all readings of a pulse have that of the pulse",
            (int)row->device, (int)row->cycle, (int)row->pulse, (int)last->direction, last->from,
            (int)row->direction, row->from);
    return MEMQC_OK;
}

/* Fills the rows in their order; the first of two with the same numbers is named. */
static memqc_status fill(struct mqc_fit_data *data, const struct mqc_fit_columns *columns,
                         const float *g, const size_t *order) {
    for (size_t i = 0; i < data->n; i++) {
        const size_t from = order[i];
        struct mqc_fit_row *row = &data->rows[i], *last = i ? row - 1 : NULL;
        row->device = number(columns->device, from);
        row->cycle = number(columns->cycle, from);
        row->pulse = columns->pulse[from];
        row->direction = columns->direction ? columns->direction[from] : -1;
        row->g = (double)g[from];
        row->from = from;
        row->read = number(columns->read, from);
        data->left_out[from] = mqc_fit_flaw(row->g);
        if (last && mqc_fit_one_pulse(last, row))
            MQC_TRY(check_pulse(row, columns->read != NULL));
    }
    return MEMQC_OK;
}

/* Pulses and readings between the rows that are kept. */
static void find_gaps(struct mqc_fit_data *data) {
    for (size_t i = 1; i < data->n; i++) {
        struct mqc_fit_row *row = &data->rows[i];
        const int64_t gap = (int64_t)row->pulse - row[-1].pulse;
        if (row[-1].device != row->device || row[-1].cycle != row->cycle || row->torn)
            continue;
        row->gap = gap <= MQC_FIT_LONGEST_GAP ? (int32_t)gap : 0;
        if (gap == 0)
            row->repeat = row->read - row[-1].read;
    }
}

/* Readings of a pulse that are all equal say no more than one: an instrument without noise. */
static void join_readings(struct mqc_fit_data *data) {
    double low = data->rows[0].g, high = low, apart = 0;
    size_t kept = 0, repeats = 0;
    for (size_t i = 0; i < data->n; i++) {
        const struct mqc_fit_row *row = &data->rows[i];
        low = fmin(low, row->g);
        high = fmax(high, row->g);
        repeats += row->repeat > 0;
        apart = row->repeat > 0 ? fmax(apart, fabs(row->g - row[-1].g)) : apart;
    }
    data->repeated = repeats > 0 && apart > MQC_FIT_SLACK * (high - low);
    data->agreed = repeats > 0 && !data->repeated;
    for (size_t i = 0; i < data->n && data->agreed; i++)
        if (data->rows[i].repeat == 0)
            data->rows[kept++] = data->rows[i];
    data->n = data->agreed ? kept : data->n;
}

/* Levels of the quantized model: pulses since the last SET of the cycle, or the pulse's number. */
static void number_levels(struct mqc_fit_data *data) {
    int32_t set = 0, first_pulse = data->rows[0].pulse;
    for (size_t i = 0; i < data->n; i++)
        first_pulse = data->rows[i].pulse < first_pulse ? data->rows[i].pulse : first_pulse;
    for (size_t i = 0; i < data->n; i++) {
        struct mqc_fit_row *row = &data->rows[i];
        const int new_cycle =
            i == 0 || row->device != row[-1].device || row->cycle != row[-1].cycle;
        if (new_cycle)
            set = first_pulse == 0 ? 0 : 1;
        if (row->direction > 0)
            set = row->pulse;
        row->level = row->pulse - set < INT32_MAX ? row->pulse - set + 1 : INT32_MAX;
        if (row->level > data->levels)
            data->levels = row->level;
    }
}

static void count(struct mqc_fit_data *data) {
    double low = data->rows[0].g, high = low;
    int32_t train = 0;
    data->longest = 1;
    for (size_t i = 0; i < data->n; i++) {
        const struct mqc_fit_row *row = &data->rows[i];
        const int new_device = i == 0 || row->device != row[-1].device,
                  new_cycle = new_device || row->cycle != row[-1].cycle;
        if (new_device)
            data->start[data->devices++] = i;
        data->cycles += (size_t)new_cycle;
        data->points += !mqc_fit_begins(row);
        data->moves[row->direction < 0] += row->gap > 0;
        data->longest = row->gap > data->longest ? row->gap : data->longest;
        train = new_cycle || row->direction != row[-1].direction ? 0 : train;
        train += new_cycle ? row->pulse > 0 : row->gap; /* pulse 0: how it was found */
        if (train > data->pulses[row->direction < 0])
            data->pulses[row->direction < 0] = train;
        low = fmin(low, row->g);
        high = fmax(high, row->g);
    }
    data->start[data->devices] = data->n;
    data->range = high - low;
    data->resolution = high * 1e-7; /* of a float */
}

static memqc_status judge(const struct mqc_fit_data *data) {
    for (size_t d = 0; d < data->devices; d++) {
        const struct mqc_fit_row *rows = data->rows + data->start[d];
        size_t points = 0;
        double low = rows->g, high = rows->g;
        for (size_t i = 0; i < data->start[d + 1] - data->start[d]; i++) {
            points += !mqc_fit_begins(&rows[i]);
            low = fmin(low, rows[i].g);
            high = fmax(high, rows[i].g);
        }
        if (points < MQC_FIT_LEAST)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_fit: device %d has %zu points that follow another one of "
                            "their cycle; a fit needs %d or more "
                            "for each device",
                            (int)rows->device, points, (int)MQC_FIT_LEAST);
        if (!(high > low * (1 + 1e-6)))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_fit: all %zu conductances of device %d are %g S; "
                            "constant data describe no device",
                            data->start[d + 1] - data->start[d], (int)rows->device, high);
    }
    return MEMQC_OK;
}

memqc_status mqc_fit_data_make(struct mqc_fit_data *data, size_t n,
                               const struct mqc_fit_columns *columns, const float *g) {
    const struct mqc_fit_data none = {0};
    *data = none;
    MQC_TRY(check(n, columns));
    if (n <= MQC_FIT_LEAST)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "memqc_device_fit: n = %zu rows; a fit needs more than %d", n,
                        (int)MQC_FIT_LEAST);
    data->n = data->given = n;
    size_t *order = mqc_alloc(n, sizeof *order);
    data->rows = mqc_alloc(n, sizeof *data->rows);
    data->start = mqc_alloc(n + 1, sizeof *data->start);
    data->left_out = mqc_alloc(n, sizeof *data->left_out);
    const int has_rows = data->rows && data->left_out;
    memqc_status status = order && has_rows && data->start ? MEMQC_OK : MEMQC_ERROR_NOMEM;
    if (status == MEMQC_OK) {
        for (size_t i = 0; i < n; i++)
            order[i] = i;
        mqc_sort_places(n, order, row_before, columns);
        status = fill(data, columns, g, order);
    }
    mqc_free(order);
    if (status == MEMQC_OK) {
        number_levels(data);
        status = mqc_fit_clean(data);
    }
    if (status == MEMQC_OK) {
        find_gaps(data);
        join_readings(data);
        count(data);
        status = judge(data);
    }
    return status;
}

void mqc_fit_data_free(struct mqc_fit_data *data) {
    mqc_free(data->rows);
    mqc_free(data->start);
    mqc_free(data->left_out);
    data->rows = NULL;
    data->start = NULL;
    data->left_out = NULL;
}
